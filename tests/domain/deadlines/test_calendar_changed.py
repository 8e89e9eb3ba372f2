"""A new version of the calendar comes while cases run: every clock is counted again from its start."""

from datetime import date, timedelta

import pytest

from onething.domain.calendar.countdown import PauseBasis
from onething.domain.calendar.limits import Limit
from onething.domain.deadlines.clock_kinds import concerns_applicant
from onething.domain.errors import NotAllowed
from onething.domain.events.deadlines import CalendarChanged
from onething.domain.events.followup import Rated, Supervised
from onething.domain.events.inspections import InspectionAppointed
from onething.domain.events.intake import Withdrawn
from onething.domain.kernel.state import ClockState
from tests.domain.builders import CALENDAR, DAY, LATER, MONDAY, Case, item, make_plan
from tests.domain.deadlines.test_rules import local
from tests.domain.stories import ask

NEW = CalendarChanged(old=CALENDAR.digest, new=LATER.digest)  # 3 and 11 March are days off now


def running(days: int = 2) -> Case:
    """Accepted on Monday 2 March at nine."""
    case = Case(make_plan(item("a", days=days), days=5))
    case.accept()
    return case


def test_due_dates_move_with_the_task_and_the_ledger_says_from_when_to_when() -> None:
    case = running()
    effected = case.say(NEW)
    assert case.state.calendar == LATER.digest
    assert case.state.clocks["item:a"].due_at == local(5, 17)
    assert case.state.clocks["item:a"].warn_at == local(5, 9)
    assert case.state.clocks["case"].due_at == local(10, 17)
    assert [(line.clock, line.what, line.due_before, line.due_at) for line in effected.ledger] == [
        ("case", "recounted", local(9, 17), local(10, 17)),
        ("item:a", "recounted", local(4, 17), local(5, 17)),
    ]
    assert [(due.name, due.due_at) for due in effected.dues] == [("a", local(5, 17))]
    assert case.record.open_tasks()[0].due_at == local(5, 17)


def test_a_day_that_had_counted_counts_no_more() -> None:
    case = running()
    case.wait(timedelta(days=1, hours=12))  # Tuesday evening: Tuesday is used up
    case.say(NEW)
    assert case.state.clocks["item:a"].due_at == local(5, 17)


def test_what_was_overdue_has_time_again() -> None:
    case = running(days=1)
    case.wait(timedelta(days=1, hours=12))
    assert case.state.clocks["item:a"].state is ClockState.OVERDUE
    case.say(NEW)
    clock = case.state.clocks["item:a"]
    assert (clock.state, clock.due_at) == (ClockState.RUNNING, local(4, 17))
    case.wait(DAY)
    assert case.state.clocks["item:a"].state is ClockState.OVERDUE


def test_what_stays_overdue_is_not_so_twice() -> None:
    case = running(days=1)
    case.wait(3 * DAY)
    case.say(NEW)
    assert case.state.clocks["item:a"].state is ClockState.OVERDUE
    case.wait(3 * DAY)
    assert [line.event.clock for line in case.record.events("clock_overdue")] == ["item:a"]  # type: ignore[union-attr]


def test_a_day_off_taken_back_may_make_it_overdue_at_once() -> None:
    case = running(days=1)
    case.say(NEW)
    case.wait(timedelta(days=1, hours=12))
    effected = case.say(CalendarChanged(old=LATER.digest, new=CALENDAR.digest))
    assert effected.state.clocks["item:a"].due_at == local(3, 17)
    case.wait(timedelta(0))
    assert case.kinds()[-1] == "clock_overdue"
    assert case.state.clocks["item:a"].state is ClockState.OVERDUE


def test_stopped_clocks_keep_their_dates() -> None:
    case = running()
    case.approve("a")
    before = case.state.clocks
    case.say(NEW)
    assert case.state.clocks == before


def test_from_another_calendar_than_the_case_has_it_is_refused() -> None:
    case = running()
    with pytest.raises(NotAllowed, match="已经换了日历"):
        case.say(CalendarChanged(old=LATER.digest, new=CALENDAR.digest))


def test_one_notice_for_all_dates_that_moved() -> None:
    case = running()
    effected = case.say(NEW)
    assert [command.target for command in effected.commands] == ["date_moved"]


def test_whose_dates_stay_is_not_told() -> None:
    case = Case(make_plan(item("a", days=2), days=3), now=MONDAY + 2 * DAY)  # between the two new days off
    case.accept()
    effected = case.say(NEW)
    assert (effected.commands, effected.ledger) == ((), ())


@pytest.mark.parametrize(("days", "notices"), [(2, []), (6, ["date_moved"])])
def test_what_only_offices_owe_each_other_is_not_told(days: int, notices: list[str]) -> None:
    """Opinions, a joint inspection and a supervision move; the applicant hears of it if a promise moves too."""
    plan = make_plan(item("a", days=days, pauses=[PauseBasis.INSPECTION]), days=4)
    case = Case(plan, now=MONDAY + 2 * DAY)  # the case is due on Tuesday 10 March, the 11th is a day off
    case.accept()
    case.say(ask("a", "dep-x", days=6))
    case.say(InspectionAppointed(n=1, items=("a",), on=date(2026, 3, 9), limit=Limit(amount=6)))
    case.wait(4 * DAY)
    case.say(Supervised(item="a", days=4, notice="supervision:6"))
    effected = case.say(NEW)
    moved = {line.clock for line in effected.ledger if line.what == "recounted"}
    assert moved >= {"step:a:1", "inspection:1", f"supervise:{case.record.journal[-2].seq}"}
    assert {name for name in moved if concerns_applicant(name)} == ({"item:a"} if notices else set())
    assert [command.target for command in effected.commands] == notices


def test_of_a_case_that_ended_what_still_ticks_is_counted_again() -> None:
    case = running()
    case.say(Withdrawn())
    with pytest.raises(NotAllowed, match="没有仍在计时的时限"):
        case.say(NEW)
    case.say(Rated(grade=1))
    due = case.state.clocks["rating:rectify"].due_at
    assert due is not None
    effected = case.say(NEW)
    assert case.state.clocks["rating:rectify"].due_at == due + DAY
    assert effected.commands == (), "when a rating is answered is no date of the applicant's"
    assert case.state.calendar == LATER.digest
