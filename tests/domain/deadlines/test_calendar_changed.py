"""A new version of the calendar comes while cases run: every clock is counted again from its start."""

from datetime import date, timedelta

import pytest

from onething.domain.calendar.countdown import PauseBasis
from onething.domain.calendar.limits import Limit
from onething.domain.deadlines.clock_kinds import concerns_applicant
from onething.domain.definition.time_rules import Card, ClockRules, LegalEffect, Recipient, Rung
from onething.domain.errors import NotAllowed
from onething.domain.events.consults import InspectionAppointed
from onething.domain.events.deadlines import CalendarChanged, MarksTakenBack
from onething.domain.events.followup import Rated, Supervised
from onething.domain.events.intake import Withdrawn
from onething.domain.kernel.clock_id import ClockId
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


# -- what it made untrue is taken back -------------------------------------------------------------------------------


def clocked(days: int = 1) -> Case:
    """Due on Tuesday, which the new calendar closes: a yellow card as it is due, a red one a day later."""
    ladder = (
        Rung(code="soon", of=LegalEffect.PROMISE, share_percent=80, tells=(Recipient.HANDLER,)),
        Rung(code="yellow", of=LegalEffect.PROMISE, days_left=0, tells=(Recipient.LEADER,), card=Card.YELLOW),
        Rung(code="red", of=LegalEffect.PROMISE, days_after=1, tells=(Recipient.SUPERVISOR,), card=Card.RED),
    )
    case = Case(make_plan(item("a", days=days), days=20, clocks=ClockRules(ladder=ladder)))
    case.accept()
    return case


def told(case: Case, clock: str = "item:a") -> list[str]:
    return [line.what for _, line in case.record.ledger if line.clock == clock]


def test_the_yellow_card_and_the_overdue_line_of_a_day_that_was_closed_are_taken_back() -> None:
    case = clocked()
    case.wait(timedelta(days=1, hours=12))  # Tuesday evening
    assert told(case) == ["started", "rung:soon", "overdue", "rung:yellow"]
    case.say(NEW)
    case.wait(timedelta(0))
    [line] = case.record.events("marks_taken_back")
    assert line.event == MarksTakenBack(clock=ClockId.parse("item:a"), overdue=True, rungs=("soon", "yellow"), item="a")
    assert line.at == case.now
    assert told(case)[4:] == ["recounted", "not_overdue", "rung_back:soon", "rung_back:yellow"]
    clock = case.state.clocks["item:a"]
    assert (clock.state, clock.due_at, clock.untrue) == (ClockState.RUNNING, local(4, 17), None)
    # and come again when they are true, each once
    case.wait(timedelta(days=4))
    assert told(case)[8:] == ["rung:soon", "overdue", "rung:yellow", "rung:red"]


def test_taken_back_once_and_what_is_met_was_never_missed() -> None:
    case = clocked()
    case.wait(timedelta(days=1, hours=12))
    case.say(NEW)
    for _ in range(3):
        case.wait(timedelta(minutes=1))
    assert len(case.record.events("marks_taken_back")) == 1
    case.approve("a")
    assert told(case)[-1] == "met"


def test_what_has_come_by_now_stays() -> None:
    """The yellow card was a day early, and would have come by now."""
    case = clocked()
    case.wait(timedelta(days=3, hours=12))  # Thursday evening: red since its closing
    assert told(case)[-1] == "rung:red"
    case.say(NEW)
    case.wait(timedelta(0))
    assert not case.record.events("marks_taken_back")
    assert case.state.clocks["item:a"].state is ClockState.OVERDUE


def test_the_red_card_goes_and_the_yellow_one_stays() -> None:
    case = clocked()
    case.wait(timedelta(days=2, hours=12))  # Wednesday evening: red; by the new calendar due today, red tomorrow
    assert told(case)[-1] == "rung:red"
    case.say(NEW)
    case.wait(timedelta(0))
    [line] = case.record.events("marks_taken_back")
    assert line.event == MarksTakenBack(clock=ClockId.parse("item:a"), overdue=False, rungs=("red",), item="a")
    assert case.state.clocks["item:a"].state is ClockState.OVERDUE


def test_who_had_answered_in_time_after_all_has_no_card() -> None:
    case = clocked(days=9)
    case.say(Supervised(item="a", days=1, notice="supervision:1"))
    case.wait(timedelta(days=1, hours=12))
    assert told(case, "supervise:3") == ["started", "overdue"]
    case.say(NEW)
    case.wait(timedelta(0))
    assert told(case, "supervise:3")[2:] == ["recounted", "not_overdue", "rung_back:not_answered"]


def test_a_warning_of_a_date_that_moved_away_comes_again() -> None:
    case = running(days=1)
    case.wait(timedelta(days=1, hours=1))  # Tuesday at ten: warned as offices opened
    assert case.kinds()[-1] == "clock_warned"
    case.say(NEW)
    case.wait(DAY)
    assert [line.at for line in case.record.events("clock_warned")] == [local(3, 9), local(4, 9)]
