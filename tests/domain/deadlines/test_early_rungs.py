"""Early warnings come early: a rung before the end is strictly before it, however short the time."""

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onething.domain.calendar.days import LOCAL
from onething.domain.calendar.limits import Limit, Unit
from onething.domain.deadlines.escalation import is_pressing
from onething.domain.definition.time_rules import Card, ClockRules, LegalEffect, Recipient, Rung
from onething.domain.events.deadlines import CalendarChanged, RungFired
from onething.domain.kernel.clock_id import ClockId
from tests.domain.builders import CALENDAR, DAY, LATER, Case, item, make_plan

SOON = Rung(code="soon", of=LegalEffect.PROMISE, share_percent=80, tells=(Recipient.HANDLER,))
TOMORROW = Rung(code="tomorrow", of=LegalEffect.PROMISE, days_left=1, tells=(Recipient.HANDLER,))
RED = Rung(code="red", of=LegalEffect.PROMISE, days_left=0, tells=(Recipient.LEADER,), card=Card.RED)


def promised(days: int, *rungs: Rung, unit: Unit = Unit.WORKING_DAY) -> Case:
    """Accepted on Monday 2 March at nine."""
    one = item("a").model_copy(update={"promised": Limit(amount=days, unit=unit)})
    case = Case(make_plan(one, days=60, clocks=ClockRules(ladder=rungs)))
    case.accept()
    return case


def fired(case: Case) -> list[str]:
    case.wait(30 * DAY)
    lines = [line for line in case.record.journal if isinstance(line.event, RungFired) and line.event.clock == "item:a"]
    return [f"{line.event.rung} {line.at.astimezone(LOCAL):%a %d %H:%M}" for line in lines]  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("days", "early", "due"),
    [
        (1, "soon Tue 03 09:00", "red Tue 03 17:00"),
        (2, "soon Wed 04 09:00", "red Wed 04 17:00"),
        (3, "soon Thu 05 09:00", "red Thu 05 17:00"),
        (4, "soon Fri 06 09:00", "red Fri 06 17:00"),
        (5, "soon Fri 06 17:00", "red Mon 09 17:00"),
        (10, "soon Thu 12 17:00", "red Mon 16 17:00"),
    ],
)
def test_four_fifths_of_a_few_days(days: int, early: str, due: str) -> None:
    assert fired(promised(days, SOON, RED)) == [early, due]


@pytest.mark.parametrize(
    ("days", "early"), [(1, "tomorrow Tue 03 09:00"), (2, "tomorrow Tue 03 17:00"), (3, "tomorrow Wed 04 17:00")]
)
def test_a_day_before_the_end(days: int, early: str) -> None:
    assert fired(promised(days, TOMORROW, RED))[0] == early


def test_on_the_spot_there_is_no_before() -> None:
    assert fired(promised(0, SOON, TOMORROW, RED)) == ["red Mon 02 17:00"]


@given(
    days=st.integers(1, 40),
    unit=st.sampled_from(Unit),
    rung=st.one_of(
        st.integers(1, 99).map(lambda share: {"share_percent": share}),
        st.integers(1, 5).map(lambda n: {"days_left": n}),
    ),
)
@settings(max_examples=80, deadline=None)
def test_an_early_rung_is_strictly_before_the_end(days: int, unit: Unit, rung: dict[str, int]) -> None:
    early = Rung.model_validate({"code": "early", "of": "promise", "tells": ["handler"]} | rung)
    case = promised(days, early, unit=unit)
    clock = case.state.clocks["item:a"]
    assert clock.due_at is not None
    if "share_percent" in rung or days > rung["days_left"]:
        assert clock.rung is not None
    if clock.rung is not None:
        assert clock.started_at < clock.rung[1] < clock.due_at


def test_where_the_end_has_come_nobody_is_warned_of_it_any_more() -> None:
    """A calendar that brings it forward: the card, and no warning beside it."""
    case = promised(2, SOON, RED)
    case.say(CalendarChanged(old=CALENDAR.digest, new=LATER.digest))  # 3 March is closed: due on Thursday
    case.wait(2 * DAY + timedelta(hours=9))  # Wednesday evening
    case.say(CalendarChanged(old=LATER.digest, new=CALENDAR.digest))  # it was not: due on Wednesday
    assert fired(case) == ["red Wed 04 18:00"]


@pytest.mark.parametrize(
    ("rungs", "pressing_from", "until"),
    [
        ((TOMORROW, RED), "Wed 04 17:00", "Thu 05 17:00"),
        ((SOON, TOMORROW), "Wed 04 17:00", "Thu 05 17:00"),  # the earlier of two
        ((RED,), "Thu 05 17:00", "Thu 05 17:00"),  # nobody warns: it is pressing as it is over
        ((), "Thu 05 09:00", "Thu 05 17:00"),  # without a ladder, the one warning on the last morning
    ],
)
def test_a_promise_is_pressing_from_its_first_warning_on(
    rungs: tuple[Rung, ...], pressing_from: str, until: str
) -> None:
    case = promised(3, *rungs)
    promise = ClockId.parse("item:a")
    seen = []
    for _ in range(24 * 5):
        seen.append((case.now, is_pressing(case.record.plan, case.state.clocks[promise])))
        case.wait(timedelta(hours=1))
    began = next(at for at, pressing in seen if pressing)
    assert f"{began.astimezone(LOCAL):%a %d %H:%M}" == pressing_from
    assert all(pressing for at, pressing in seen if at >= began), "it stays so, late too"
    assert case.state.clocks[promise].due_at == next(
        at for at, _ in seen if f"{at.astimezone(LOCAL):%a %d %H:%M}" == until
    )
    case.approve("a")
    assert not is_pressing(case.record.plan, case.state.clocks.get(promise))


def test_what_can_t_be_warned_of_is_pressing_from_the_start() -> None:
    case = promised(0, TOMORROW, RED)
    assert is_pressing(case.record.plan, case.state.clocks[ClockId.parse("item:a")])
