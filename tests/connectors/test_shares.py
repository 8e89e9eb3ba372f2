"""Slots shared out among workers, whatever they ask for, in whatever order, whoever is gone."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from onething.connectors.shares import SHARES, Ask, Share, shared_out

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
Shares = dict[str, Share]


def asked(
    shares: Shares, worker: str, wanted: int, total: int, *, busy: int = 0, at: float = 0, lasts: float = 5
) -> tuple[Shares, int]:
    now = NOW + timedelta(seconds=at)
    until, remembered = now + timedelta(seconds=lasts), now + timedelta(seconds=3)
    return shared_out(shares, Ask(worker, min(wanted, total), busy, until, remembered), total, now)


def test_whoever_is_alone_gets_all_it_wants() -> None:
    assert asked({}, "a", 7, 10)[1] == 7
    assert asked({}, "a", 70, 10)[1] == 10


def test_who_has_too_much_gives_it_up_as_it_can() -> None:
    shares, usable = asked({}, "a", 10, 10)
    shares, usable = asked(shares, "b", 10, 10)
    assert usable == 0
    shares, usable = asked(shares, "a", 10, 10, busy=8)
    assert (usable, shares["a"].slots) == (5, 8)
    shares, usable = asked(shares, "b", 10, 10)
    assert usable == 2
    shares, usable = asked(shares, "a", 10, 10, busy=3)
    assert (usable, shares["a"].slots) == (5, 5)
    assert asked(shares, "b", 10, 10, busy=2)[1] == 5


def test_a_modest_worker_is_not_held_up_by_a_greedy_one() -> None:
    shares, _ = asked({}, "greedy", 10, 10)
    shares, _ = asked(shares, "modest", 2, 10)
    shares, usable = asked(shares, "greedy", 10, 10)
    assert usable == 8
    assert asked(shares, "modest", 2, 10)[1] == 2


def test_what_a_dead_worker_held_is_free_in_time_and_not_before() -> None:
    shares, _ = asked({}, "dead", 10, 10, lasts=5)
    shares, usable = asked(shares, "b", 10, 10, at=4.9)
    assert usable == 0
    shares, usable = asked(shares, "b", 10, 10, at=5)
    assert (usable, set(shares)) == (10, {"b"})


def test_of_many_workers_and_one_slot_everybody_has_a_turn() -> None:
    shares, had = Shares(), dict.fromkeys("abcd", 0)
    for second in range(40):
        for worker in had:
            shares, usable = asked(shares, worker, 1, 1, at=second)
            had[worker] += usable
    assert min(had.values()) >= 5, had


worker_asks = st.tuples(st.sampled_from("abcd"), st.integers(0, 12), st.floats(0, 4), st.booleans())


@given(st.integers(1, 9), st.lists(worker_asks, max_size=60))
def test_never_more_than_there_are(total: int, asks: list[tuple[str, int, float, bool]]) -> None:
    """A worker keeps busy what it may use, sometimes for long; each is taken at its word that its calls end in time."""
    shares, at, busy, ends = Shares(), 0.0, dict.fromkeys("abcd", 0), dict.fromkeys("abcd", 0.0)
    for worker, wanted, passes, keeps_on in asks:
        at += passes
        busy = {one: 0 if at >= ends[one] else count for one, count in busy.items()}
        still = busy[worker] if keeps_on else 0
        shares, usable = asked(shares, worker, wanted, total, busy=still, at=at)
        busy[worker], ends[worker] = max(still, usable), at + 5
        assert sum(busy.values()) <= total
        assert sum(share.slots for share in shares.values()) <= total
        assert SHARES.validate_json(SHARES.dump_json(shares)) == shares


@given(st.integers(1, 9), st.dictionaries(st.sampled_from("abcd"), st.integers(1, 12), min_size=1))
def test_shares_come_to_be_fair_and_nothing_lies_idle(total: int, wants: dict[str, int]) -> None:
    shares, had = Shares(), dict[str, int]()
    for second in range(10):
        for worker, wanted in wants.items():
            shares, had[worker] = asked(shares, worker, wanted, total, at=second)
    wanted_at_most = {one: min(wanted, total) for one, wanted in wants.items()}
    if len(wants) <= total:
        assert sum(had.values()) == min(total, sum(wanted_at_most.values()))
    for one, count in had.items():
        fair = total // len(wants)
        assert count >= min(wanted_at_most[one], fair)
