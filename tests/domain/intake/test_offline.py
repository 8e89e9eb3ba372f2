"""Papers taken in where there is no network: the five days of Art. 32 run from the slip, not from when it is told."""

from datetime import datetime, timedelta

from onething.domain.deadlines.clock_kinds import CASE_CLOCK, CASE_STATUTORY, NOTICE_CLOCK, item_clock
from onething.domain.definition.time_rules import ClockRules
from onething.domain.events.intake import CorrectionsAsked, PapersReceived, ReceivedOffline
from onething.domain.kernel.state import CaseStatus
from tests.domain.builders import DAY, MONDAY, Case, item, make_plan
from tests.domain.deadlines.test_rules import local


def received(at: datetime) -> ReceivedOffline:
    return ReceivedOffline(at=at, device_contact_at=at - timedelta(hours=1))


def told_on(day: int, at: datetime = MONDAY) -> Case:
    """Taken in on Monday 2 March at nine; the record hears of it so many days later."""
    plan = make_plan(item("a"), clocks=ClockRules())
    return Case(plan, now=MONDAY + day * DAY, received=received(at))


def test_the_five_days_run_from_the_slip() -> None:
    case = told_on(2)
    assert case.state.clocks[NOTICE_CLOCK].due_at == local(9, 17)
    assert (case.state.received_at, case.state.submitted_at) == (MONDAY, MONDAY + 2 * DAY)
    case.accept()
    assert case.state.accepted_at == MONDAY + 2 * DAY  # accepting is the counter's act of today


def test_told_after_they_were_over_it_is_accepted_from_the_day_of_receipt() -> None:
    case = told_on(10)
    assert "deemed_accepted" in case.kinds()
    assert (case.state.accepted_at, case.status) == (MONDAY, CaseStatus.PROCESSING)
    assert case.state.clocks[CASE_STATUTORY].started_at == case.state.clocks[CASE_CLOCK].started_at == MONDAY
    assert case.state.clocks[item_clock("a")].started_at == MONDAY + 10 * DAY  # nobody could have begun before
    times = [line.at for line in case.record.journal]
    assert times == sorted(times)


def test_what_answers_a_demand_counts_from_the_slip_too() -> None:
    case = Case(make_plan(item("a", materials=["deed"]), clocks=ClockRules()), materials=["deed"])
    case.say(CorrectionsAsked(materials=("deed",), notice="n"))
    taken = case.now + DAY
    case.wait(3 * DAY)
    case.say(PapersReceived(materials=("deed",), received=received(taken)))
    assert case.state.clocks[NOTICE_CLOCK].started_at == taken
    late = Case(make_plan(item("a", materials=["deed"]), clocks=ClockRules()), materials=["deed"])
    late.say(CorrectionsAsked(materials=("deed",), notice="n"))
    late.wait(10 * DAY)
    late.say(PapersReceived(materials=("deed",), received=received(MONDAY + DAY)))
    assert (late.status, late.state.accepted_at) == (CaseStatus.PROCESSING, MONDAY + DAY)


def test_what_was_asked_for_has_come_when_the_last_of_it_has() -> None:
    """Told later with an earlier slip, one paper does not take the days from the other."""
    case = Case(make_plan(item("a", materials=["x", "y"]), clocks=ClockRules()), materials=["x", "y"])
    case.say(CorrectionsAsked(materials=("x", "y"), notice="n"))
    case.wait(4 * DAY)
    friday = case.now
    case.say(PapersReceived(materials=("x",)))
    case.wait(3 * DAY)
    case.say(PapersReceived(materials=("y",), received=received(MONDAY + DAY)))
    assert case.state.clocks[NOTICE_CLOCK].started_at == friday
    assert case.state.answered_at is None
