"""The breaker by its rules, whatever the order of attempts, answers and time."""

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from onething.connectors.breaker import Breaker, BreakerPolicy, BreakerState, Permit, Wait
from tests.connectors.support import MovedClock

POLICY = BreakerPolicy(threshold=3, cool_off_s=10)


def permit_of(breaker: Breaker, clock: MovedClock) -> Permit:
    admitted = breaker.admit(clock.now())
    assert isinstance(admitted, Permit)
    return admitted


def state_of(breaker: Breaker) -> BreakerState:
    return breaker.state


def opened(clock: MovedClock) -> Breaker:
    breaker = Breaker(POLICY)
    for _ in range(POLICY.threshold):
        breaker.failed(permit_of(breaker, clock), clock.now())
    assert state_of(breaker) is BreakerState.OPEN
    return breaker


def test_it_opens_at_the_threshold_and_not_before() -> None:
    clock, breaker = MovedClock(), Breaker(POLICY)
    for _ in range(2):
        breaker.failed(permit_of(breaker, clock), clock.now())
    assert state_of(breaker) is BreakerState.CLOSED
    breaker.succeeded(permit_of(breaker, clock))
    for _ in range(2):
        breaker.failed(permit_of(breaker, clock), clock.now())
    assert state_of(breaker) is BreakerState.CLOSED
    breaker.failed(permit_of(breaker, clock), clock.now())
    assert state_of(breaker) is BreakerState.OPEN


def test_an_open_one_says_how_long_to_wait() -> None:
    clock = MovedClock()
    breaker = opened(clock)
    clock.move(4)
    assert breaker.admit(clock.now()) == Wait(6)


def test_after_the_cool_off_one_tries_and_the_others_wait() -> None:
    clock = MovedClock()
    breaker = opened(clock)
    clock.move(10)
    trial = permit_of(breaker, clock)
    assert isinstance(breaker.admit(clock.now()), Wait)
    breaker.succeeded(trial)
    assert state_of(breaker) is BreakerState.CLOSED


def test_a_failed_trial_opens_it_anew() -> None:
    clock = MovedClock()
    breaker = opened(clock)
    clock.move(10)
    breaker.failed(permit_of(breaker, clock), clock.now())
    assert breaker.admit(clock.now()) == Wait(10)


def test_an_abandoned_trial_is_tried_by_the_next() -> None:
    clock = MovedClock()
    breaker = opened(clock)
    clock.move(10)
    breaker.abandoned(permit_of(breaker, clock))
    assert isinstance(breaker.admit(clock.now()), Permit)


def test_an_old_answer_neither_closes_nor_opens_it() -> None:
    clock, breaker = MovedClock(), Breaker(POLICY)
    old = [permit_of(breaker, clock) for _ in range(5)]
    for permit in old[:3]:
        breaker.failed(permit, clock.now())
    clock.move(10)
    trial = permit_of(breaker, clock)
    breaker.succeeded(old[3])
    breaker.failed(old[4], clock.now())
    assert state_of(breaker) is BreakerState.HALF_OPEN
    breaker.succeeded(trial)
    assert state_of(breaker) is BreakerState.CLOSED


def test_a_clock_set_back_does_not_lock_it() -> None:
    clock = MovedClock()
    breaker = opened(clock)
    clock.move(-3600)
    assert isinstance(breaker.admit(clock.now()), Permit)


class BreakerMachine(RuleBasedStateMachine):
    """Any interleaving of attempts: never two trials out, never a wait beyond the cool-off, never locked for good."""

    def __init__(self) -> None:
        super().__init__()
        self.clock = MovedClock()
        self.breaker = Breaker(POLICY)
        self.out: list[tuple[Permit, bool]] = []  # permit, is it a trial

    @rule()
    def admit(self) -> None:
        before = self.breaker.state
        admitted = self.breaker.admit(self.clock.now())
        if isinstance(admitted, Wait):
            assert before is not BreakerState.CLOSED
            assert 0 < admitted.seconds <= POLICY.cool_off_s
        else:
            self.out.append((admitted, before is BreakerState.OPEN))

    @precondition(lambda self: bool(self.out))
    @rule(data=st.data(), how=st.sampled_from(("succeeded", "failed", "abandoned")))
    def report(self, data: st.DataObject, how: str) -> None:
        permit, trial = self.out.pop(data.draw(st.integers(0, len(self.out) - 1)))
        before = self.breaker.state
        match how:
            case "succeeded":
                self.breaker.succeeded(permit)
            case "failed":
                self.breaker.failed(permit, self.clock.now())
            case _:
                self.breaker.abandoned(permit)
        if trial:
            assert self.breaker.state is (BreakerState.CLOSED if how == "succeeded" else BreakerState.OPEN)
        elif before is not BreakerState.CLOSED:
            assert self.breaker.state is before

    @rule(seconds=st.floats(0, 30))
    def time_passes(self, seconds: float) -> None:
        self.clock.move(seconds)

    @invariant()
    def half_open_means_one_trial_is_out(self) -> None:
        trials = sum(trial for _, trial in self.out)
        assert trials == (1 if self.breaker.state is BreakerState.HALF_OPEN else 0)

    def teardown(self) -> None:
        while self.out:
            permit, _ = self.out.pop()
            self.breaker.abandoned(permit)
        self.clock.move(POLICY.cool_off_s)
        assert isinstance(self.breaker.admit(self.clock.now()), Permit), "locked for good"


TestBreakerMachine = BreakerMachine.TestCase
TestBreakerMachine.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)
