"""Promised deadlines: started, warned, overdue, met, missed, cancelled, provisional; and the order of moments."""

from datetime import UTC, datetime, timedelta

import pytest

from onething.domain.deadlines.rules import next_due, next_wake_at
from onething.domain.errors import NotAllowed
from onething.domain.events.deadlines import ClockWarned
from onething.domain.events.intake import Accepted, Withdrawn
from onething.domain.kernel.state import ClockState
from tests.domain.builders import DAY, MINUTE, MONDAY, Case, item, make_plan, record


def local(day: int, hour: int) -> datetime:
    """That hour on the wall, in March 2026."""
    return datetime(2026, 3, day, hour, tzinfo=UTC) - timedelta(hours=8)


def two_days() -> Case:
    """One item promised in 2 working days, in a case promised in 5, accepted on Monday morning."""
    case = Case(make_plan(item("a", days=2), days=5))
    case.accept()
    case.notify("accepted")
    return case


def whats(case: Case, clock: str) -> list[str]:
    return [line.what for _, line in case.record.ledger if line.clock == clock]


def test_acceptance_starts_the_case_and_opening_the_item() -> None:
    case = two_days()
    assert case.state.clocks["case"].due_at == local(9, 17)
    assert case.state.clocks["item:a"].due_at == local(4, 17)
    assert case.state.clocks["item:a"].started_at == MONDAY
    assert whats(case, "item:a") == ["started"]


def test_nothing_runs_before_acceptance() -> None:
    case = Case(make_plan(item("a")))
    assert next_wake_at(case.state) is None


def test_a_promise_kept() -> None:
    case = two_days()
    case.wait(DAY)
    case.approve("a")
    assert case.state.clocks["item:a"].state is ClockState.MET
    assert case.state.clocks["case"].state is ClockState.MET
    assert whats(case, "item:a") == ["started", "met"]
    assert "clock_warned" not in case.kinds()


def test_warned_on_the_morning_of_the_last_day_and_still_kept() -> None:
    case = two_days()
    assert next_wake_at(case.state) == local(4, 9)
    case.wait(2 * DAY)
    (line,) = case.record.events("clock_warned")
    assert line.at == local(4, 9)
    assert next_wake_at(case.state) == local(4, 17)
    case.approve("a")
    assert whats(case, "item:a") == ["started", "warned", "met"]


def test_overdue_at_the_close_of_the_last_day_then_missed() -> None:
    case = two_days()
    case.wait(3 * DAY)
    assert [line.at for line in case.record.events("clock_overdue")] == [local(4, 17)]
    assert case.state.clocks["item:a"].state is ClockState.OVERDUE
    case.approve("a")
    assert case.state.clocks["item:a"].state is ClockState.MISSED
    assert case.state.clocks["case"].state is ClockState.MET
    assert whats(case, "item:a") == ["started", "warned", "overdue", "missed"]


def test_a_decision_after_the_deadline_is_judged_after_it() -> None:
    """Though nobody looked in between."""
    case = two_days()
    case.now += 3 * DAY
    case.approve("a")
    assert case.kinds()[-3:] == ["clock_warned", "clock_overdue", "item_decided"]
    assert case.state.clocks["item:a"].state is ClockState.MISSED


def test_moments_stay_on_record_when_the_fact_is_refused() -> None:
    case = two_days()
    case.now += 3 * DAY
    with pytest.raises(NotAllowed):
        case.accept()
    assert case.kinds()[-2:] == ["clock_warned", "clock_overdue"]


def test_a_fact_from_a_clock_that_lags_is_not_before_the_last_line() -> None:
    case = two_days()
    case.wait(3 * DAY)
    case.now = MONDAY
    case.approve("a")
    assert case.record.journal[-1].at == local(4, 17)  # the moment stepped last


def test_an_early_end_cancels_what_runs() -> None:
    case = two_days()
    case.wait(3 * DAY)
    case.say(Withdrawn())
    assert {clock.state for clock in case.state.clocks.values()} == {ClockState.CANCELLED}
    case.wait(30 * DAY)
    assert case.kinds().count("clock_overdue") == 1


def test_on_the_spot_is_due_the_same_day_and_warned_halfway() -> None:
    case = Case(make_plan(item("a", days=0)))
    case.accept()
    clock = case.state.clocks["item:a"]
    assert (clock.warn_at, clock.due_at) == (local(2, 13), local(2, 17))


def test_a_date_beyond_the_calendar_is_provisional() -> None:
    case = Case(make_plan(item("a", days=1), days=30), now=datetime(2026, 12, 14, 1, tzinfo=UTC))
    case.accept()
    assert case.state.clocks["case"].provisional
    assert not case.state.clocks["item:a"].provisional


def test_the_earliest_moment_is_next_whatever_it_is_of() -> None:
    case = Case(make_plan(item("a"), item("b", data=["x"]), data=[record("x", patience=5)]))
    case.accept()
    due = next_due(case.state)
    assert due is not None
    assert (due[0], due[1].kind) == (MONDAY + 5 * MINUTE, "patience_ended")
    case.fetch("x")
    due = next_due(case.state)
    assert due == (local(4, 9), ClockWarned(clock="item:a"))


def test_acceptance_at_the_very_moment_patience_ends_comes_after_it() -> None:
    case = Case(make_plan(item("a", data=["x"]), data=[record("x", patience=5)]))
    case.now += 5 * MINUTE
    case.say(Accepted())
    assert case.kinds() == ["submitted", "patience_ended", "accepted"]
