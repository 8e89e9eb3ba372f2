"""The numbers as data: what is usual, what a setting makes of them, and that a counter's clerk is never stopped."""

import pytest

from onething.domain.errors import FailureCode
from onething.domain.principal import Role
from onething.security.limits import USUAL, Allowance, Counted, LimitReached, Limits, Numbers
from tests.security.clock import MovableClock

USUALLY = Numbers.from_setting("")


def calls(numbers: Numbers, name: str) -> list[tuple[int, float]]:
    """Each rate as calls, and in how many seconds."""
    return [(rate.burst, rate.burst * rate.every_s) for rate in numbers.rates[name]]


def test_every_allowance_has_a_number_and_every_name_is_one() -> None:
    assert {name.partition(".")[0] for name in USUAL} == set(Allowance)
    assert {name.partition(".")[2] for name in USUAL} - {""} <= set(Role)
    assert USUALLY.rates.keys() | USUALLY.at_once.keys() == USUAL.keys()
    assert calls(USUALLY, "search") == [(30, 60.0), (300, 86400.0)]
    assert (USUALLY.at_once, USUALLY.factor) == ({Allowance.DOWNLOAD: 4, Allowance.POLL: 1}, 1)


def test_a_setting_changes_what_it_names() -> None:
    numbers = Numbers.from_setting("search:5/h, download:8")
    assert calls(numbers, "search") == [(5, 3600.0)]
    assert calls(numbers, "plan") == calls(USUALLY, "plan")
    assert numbers.at_once[Allowance.DOWNLOAD] == 8


def test_a_factor_raises_all_the_rest() -> None:
    numbers = Numbers.from_setting("x1000,search:5/h")
    assert (calls(numbers, "search"), calls(numbers, "plan")) == ([(5, 3600.0)], [(30_000, 60.0)])
    assert (numbers.at_once[Allowance.POLL], numbers.factor) == (1000, 1000)


@pytest.mark.parametrize(
    ("setting", "named"),
    [
        ("moon:1/h", "moon"), ("search:1/week", "search"), ("search:0/h", "search"), ("search:", "search"),
        ("search:30", "search"), ("download:4/h", "download"), ("download:0", "download"), ("x0", "x0"),
        ("search.worker:1/h", "search.worker"), ("off", "off"), ("search:1/h+", "search"),
    ],
)  # fmt: skip
def test_a_setting_that_says_nothing_is_refused_by_name(setting: str, named: str) -> None:
    with pytest.raises(ValueError, match=named.replace(".", r"\.")):
        Numbers.from_setting(setting)


def test_a_caller_is_stopped_and_told_when() -> None:
    clock = MovableClock()
    limits = Limits(clock, Numbers.from_setting("submit:2/h"))
    assert {limits.take(Allowance.SUBMIT, "a", Role.CITIZEN) for _ in range(2)} == {Counted.WITHIN}
    with pytest.raises(LimitReached) as refusal:
        limits.take(Allowance.SUBMIT, "a", Role.CITIZEN)
    assert (refusal.value.code, refusal.value.retry_after) == (FailureCode.TOO_MANY_REQUESTS, 1800)
    assert refusal.value.allowance is Allowance.SUBMIT
    assert "1800秒后" in refusal.value.detail
    limits.take(Allowance.SUBMIT, "b", Role.CITIZEN)
    limits.take(Allowance.DRAFT, "a", Role.CITIZEN)
    clock.move(seconds=1800)
    limits.take(Allowance.SUBMIT, "a", Role.CITIZEN)


def test_roles_with_a_budget_of_their_own() -> None:
    limits = Limits(MovableClock(), Numbers.from_setting("submit:1/h,submit.agent:3/h"))
    assert [limits.take(Allowance.SUBMIT, "a", Role.AGENT) for _ in range(3)] == [Counted.WITHIN] * 3
    with pytest.raises(LimitReached):
        limits.take(Allowance.SUBMIT, "a", Role.AGENT)
    limits.take(Allowance.SUBMIT, "a", Role.CITIZEN)
    with pytest.raises(LimitReached):
        limits.take(Allowance.SUBMIT, "a", Role.CITIZEN)


@pytest.mark.parametrize("allowance", sorted(set(Allowance) - {Allowance.DOWNLOAD, Allowance.POLL}))
def test_a_clerk_is_never_stopped_and_somebody_is_told_once_an_hour(allowance: Allowance) -> None:
    clock = MovableClock()
    limits = Limits(clock, Numbers.from_setting(""))
    became = [limits.take(allowance, "counter", Role.COUNTER) for _ in range(2000)]
    assert set(became) == {Counted.WITHIN, Counted.ALARM, Counted.OVER}
    assert became.count(Counted.ALARM) == 1
    assert became.index(Counted.ALARM) == became.count(Counted.WITHIN)
    clock.move(hours=1)
    became = [limits.take(allowance, "counter", Role.COUNTER) for _ in range(8000)]
    assert became.count(Counted.ALARM) == 1
