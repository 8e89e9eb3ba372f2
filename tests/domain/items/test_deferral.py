"""容缺: accepted without a material, decided with it, terminated when it does not come."""

from typing import Any

import pytest

from onething.domain.calendar.countdown import PauseBasis
from onething.domain.definition.items import OnRefusal
from onething.domain.definition.time_rules import ClockRules, Missed, OverdueHow
from onething.domain.errors import FailureCode, NotAllowed
from onething.domain.events.deadlines import CalendarChanged, ClockResumed, ClockSuspended
from onething.domain.events.intake import (
    CorrectionsAsked,
    ItemCorrectionsAsked,
    Supplemented,
    Withdrawn,
)
from onething.domain.items.rules import missing_materials
from onething.domain.kernel.commands import CommandKind
from onething.domain.kernel.state import CaseStatus, ClockState, ItemState
from tests.domain.builders import CALENDAR, DAY, LATER, Case, item, make_plan, material, may_wait, record
from tests.domain.deadlines.test_rules import local, whats
from tests.domain.stories import deferring

LEASE = "deferred:lease"


def leased(*others: Any, days: int = 10, wait: int = 20, before: int = 2, **more: Any) -> Case:
    plan = make_plan(
        item("a", materials=["deed", "lease"], days=days, pauses=[PauseBasis.HEARING]),
        *others,
        materials=[material("lease", due=may_wait(wait, before))],
        clocks=ClockRules(),
        **more,
    )
    return Case(plan, materials=["deed"])


def test_an_item_opens_as_if_it_were_there_and_the_applicant_is_told() -> None:
    case = leased()
    case.accept("lease")
    assert (case.at("a"), case.status) == (ItemState.OPEN, CaseStatus.PROCESSING)
    assert case.state.deferred == missing_materials(case.record.plan, case.state) == ("lease",)
    assert case.targets(CommandKind.SEND_NOTICES) == ["accepted"]


def test_its_time_ends_two_working_days_before_the_promise() -> None:
    case = leased()  # promised by Monday 16 March
    case.accept("lease")
    assert case.state.clocks["item:a"].due_at == local(16, 17)
    assert case.state.clocks[LEASE].due_at == local(12, 17)
    assert whats(case, LEASE) == ["started", "recounted"]


def test_or_with_its_own_time_whichever_comes_first() -> None:
    case = leased(wait=3)
    case.accept("lease")
    assert case.state.clocks[LEASE].due_at == local(5, 17)
    assert whats(case, LEASE) == ["started"]


def test_of_several_promises_the_first_counts_once_it_has_begun() -> None:
    later = item("b", needs=["c"], materials=["lease"], days=3)
    case = leased(item("c"), later, days=20)
    case.accept("lease")
    assert case.state.clocks[LEASE].due_at == local(26, 17)
    case.approve("c")  # Monday 2; b is promised by Thursday 5
    assert case.state.clocks[LEASE].due_at == local(3, 17)


def test_a_promise_too_short_to_leave_two_days_gives_until_it_begins() -> None:
    case = leased(item("c"), item("b", needs=["c"], materials=["lease"], days=1))
    case.accept("lease")
    case.wait(DAY)
    case.approve("c")
    assert case.state.clocks[LEASE].due_at == case.now
    case.record.tick(case.now)
    assert case.status is CaseStatus.TERMINATED


def test_it_can_be_refused_but_not_approved_without() -> None:
    case = leased()
    case.accept("lease")
    with pytest.raises(NotAllowed, match="“材料 lease”（lease）还没有补交，不能准予") as refused:
        case.approve("a")
    assert refused.value.code is FailureCode.NOT_ALLOWED_NOW
    case.refuse("a")
    assert (case.status, case.state.deferred) == (CaseStatus.TERMINATED, ())


def test_supplying_it_meets_its_time_and_frees_the_decision() -> None:
    case = leased()
    case.accept("lease")
    case.wait(DAY)
    case.say(Supplemented(materials=("lease",)))
    assert (case.state.deferred, case.state.clocks.get(LEASE)) == ((), None)
    assert whats(case, LEASE)[-1] == "met"
    case.approve("a")
    assert case.status is CaseStatus.DELIVERED


def test_what_does_not_come_in_time_terminates_what_is_undecided() -> None:
    case = Case(deferring(), materials=["charter", "lease"])
    case.accept("photo")
    case.approve("licence")  # the card is promised in two days, and leaves no time before
    case.wait(DAY / 2)
    (ended,) = case.record.events("deferred_time_ended")
    assert ended.at == local(2, 17)
    assert case.status is CaseStatus.TERMINATED
    assert case.state.clocks["deferred:photo"].state is ClockState.MISSED
    assert (case.at("licence"), case.state.undo_queue) == (ItemState.APPROVED, ())
    assert case.targets(CommandKind.SEND_NOTICES) == ["terminated"]


def test_without_a_law_its_department_decides_on_what_there_is() -> None:
    """Neither is what was granted touched, nor does the applicant's silence refuse anything."""
    plan = make_plan(
        item("a", materials=["lease"], days=9, certificate=True),
        materials=[material("lease", due=may_wait(2, 0, Missed.GO_ON))],
        clocks=ClockRules(),
    )
    case = Case(plan, materials=[])
    case.accept("lease")
    with pytest.raises(NotAllowed, match="还没有补交"):
        case.approve("a")
    case.wait(3 * DAY)
    assert (case.status, case.at("a"), case.state.deferred) == (CaseStatus.PROCESSING, ItemState.OPEN, ())
    assert missing_materials(plan, case.state) == ("lease",)
    assert "not_supplied" in [row.command.target for row in case.record.commands.values()]
    case.approve("a")
    assert case.at("a") is ItemState.APPROVED


def test_its_time_may_end_while_nothing_is_open_yet() -> None:
    plan = make_plan(
        item("a", data=["d"], materials=["lease"]),
        data=[record("d", patience=100_000)],
        materials=[material("lease", due=may_wait(2))],
    )
    case = Case(plan, materials=[])
    case.accept("lease")
    assert case.status is CaseStatus.ACCEPTED
    case.wait(3 * DAY)
    assert case.status is CaseStatus.TERMINATED
    assert case.record.events("deferred_time_ended")[0].at == local(4, 17)


def test_a_suspended_promise_sets_no_end() -> None:
    case = leased()
    case.accept("lease")
    case.say(ClockSuspended(item="a", basis=PauseBasis.HEARING, expected_days=9, notice="n"))
    assert case.state.clocks[LEASE].due_at == local(30, 17)
    case.wait(7 * DAY)
    case.say(ClockResumed(item="a"))
    assert case.state.clocks["item:a"].due_at == local(20, 17)
    assert case.state.clocks[LEASE].due_at == local(18, 17)


def test_a_new_calendar_counts_it_again_once() -> None:
    case = leased()
    case.accept("lease")
    case.say(CalendarChanged(old=CALENDAR.digest, new=LATER.digest))  # 3 and 11 March are off
    assert case.state.clocks[LEASE].due_at == local(16, 17)  # of a promise by Wednesday 18
    assert whats(case, LEASE) == ["started", "recounted", "recounted"]


def test_what_only_a_refused_item_needed_is_not_waited_for() -> None:
    plan = make_plan(
        item("a", materials=["lease"], refusal=OnRefusal.GO_ON),
        item("b", days=9),
        materials=[material("lease", due=may_wait())],
    )
    case = Case(plan, materials=[])
    case.accept("lease")
    case.refuse("a")
    assert case.state.deferred == ()
    assert whats(case, LEASE)[-1] == "cancelled"
    case.wait(40 * DAY)
    case.approve("b")
    assert case.status is CaseStatus.DELIVERED


def test_silence_that_the_law_orders_goes_before_it() -> None:
    """The promise waits for a correction, and sets no end; the law's time goes on."""
    plan = make_plan(
        item("a", materials=["deed", "lease"], law=4, overdue=OverdueHow.DEEM_APPROVED),
        materials=[material("lease", due=may_wait())],
        clocks=ClockRules(),
    )
    case = Case(plan, materials=["deed"])
    case.accept("lease")
    case.say(ItemCorrectionsAsked(item="a", materials=("deed",), notice="n"))
    case.wait(5 * DAY)
    assert (case.at("a"), case.state.deferred) == (ItemState.APPROVED, ())


def test_a_withdrawal_waits_for_nothing() -> None:
    case = leased()
    case.accept("lease")
    case.say(Withdrawn())
    assert case.state.deferred == ()
    assert whats(case, LEASE)[-1] == "cancelled"


@pytest.mark.parametrize("codes", [("deed",), ("lease", "deed"), ("none",)])
def test_only_what_may_wait_and_is_missing_can_be_deferred(codes: tuple[str, ...]) -> None:
    with pytest.raises(NotAllowed) as refused:
        leased().accept(*codes)
    assert refused.value.code is FailureCode.UNKNOWN_MATERIAL


def test_what_may_wait_is_not_forgotten() -> None:
    case = leased()
    with pytest.raises(NotAllowed, match="还缺“材料 lease”（lease）：可以容缺受理的请列入 deferred"):
        case.accept()
    case.say(CorrectionsAsked(materials=("lease",), notice="n"))
    case.say(Supplemented(materials=("lease",)))
    case.accept()
    assert case.state.deferred == ()


def test_back_at_the_counter_it_may_still_wait() -> None:
    case = leased()
    case.say(CorrectionsAsked(materials=("deed",), notice="n"))
    case.say(Supplemented(materials=("deed",)))
    assert case.status is CaseStatus.SUBMITTED


def test_accepted_by_silence_nothing_is_deferred() -> None:
    case = leased()
    case.wait(10 * DAY)
    assert (case.status, case.at("a"), case.state.deferred) == (CaseStatus.PROCESSING, ItemState.OPEN, ())
    case.say(Supplemented(materials=("lease",)))
    assert case.at("a") is ItemState.OPEN
