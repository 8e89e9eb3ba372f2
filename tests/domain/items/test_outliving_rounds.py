"""What others have said on an item outlives its round: a return wipes out nobody's objection, hearing or demand."""

from datetime import date

import pytest

from onething.domain.calendar.countdown import PauseBasis
from onething.domain.calendar.limits import Limit
from onething.domain.consults.guards import NotSigned
from onething.domain.definition.items import OnRefusal
from onething.domain.definition.time_rules import ClockRules
from onething.domain.events.consults import ConsultAnswered, ConsultAsked, InspectionAppointed, InspectionConcluded
from onething.domain.events.deadlines import ClockResumed, ClockSuspended
from onething.domain.events.followup import Supervised, SupervisionAnswered
from onething.domain.events.intake import ItemCorrectionsAsked, Supplemented, Withdrawn
from onething.domain.items.rules import missing_materials
from onething.domain.kernel.clock_id import ClockId, ClockKind
from onething.domain.kernel.commands import CommandKind
from onething.domain.kernel.state import ALIVE, ClockState, CountersignRule, ItemState
from tests.domain.builders import DAY, MONDAY, Case, item, make_plan

AWAY = ItemState.WAITING


def licensed() -> Case:
    """The licence is approved; seal and tax need it, and are open."""
    case = Case(
        make_plan(
            item("licence"),
            item("seal", needs=["licence"], materials=["lease"], pauses=[PauseBasis.HEARING], days=5),
            item("tax", needs=["licence"], materials=["ledger"], pauses=[PauseBasis.HEARING], days=5),
            item("stamp", needs=["seal"], refusal=OnRefusal.GO_ON),
            clocks=ClockRules(),
        )
    )
    case.accept()
    case.approve("licence")
    return case


def sent_back_and_approved(case: Case) -> None:
    case.send_back("seal", "licence")
    case.approve("licence")


def ask(case: Case, *departments: str, rule: CountersignRule | None = CountersignRule.ALL) -> None:
    n = case.state.consulted.get("tax", 0) + 1
    case.say(ConsultAsked(item="tax", n=n, departments=departments, rule=rule, limit=Limit(amount=2), question="q"))


def answer(case: Case, n: int, round_no: int = 1, *, agrees: bool | None) -> None:
    case.say(ConsultAnswered(item="tax", round=round_no, n=n, agrees=agrees, opinion="o"))


def test_an_objection_stands_until_its_department_agrees() -> None:
    case = licensed()
    ask(case, "dep-x")
    answer(case, 1, agrees=False)
    sent_back_and_approved(case)
    with pytest.raises(NotSigned, match="dep-x"):
        case.approve("tax")
    ask(case, "dep-x")
    answer(case, 2, 2, agrees=True)
    case.approve("tax")


def test_an_agreement_lapses() -> None:
    """It was given to what was sent back since."""
    case = licensed()
    ask(case, "dep-x", "dep-y")
    answer(case, 1, agrees=True)
    answer(case, 2, agrees=True)
    sent_back_and_approved(case)
    with pytest.raises(NotSigned, match="dep-x、dep-y"):
        case.approve("tax")


def test_what_was_said_stands_when_the_item_itself_comes_back() -> None:
    case = licensed()
    asked = ConsultAsked(
        item="seal", n=1, departments=("dep-x",), rule=CountersignRule.ALL, limit=Limit(amount=1), question="q"
    )
    case.say(asked)
    case.say(ConsultAnswered(item="seal", round=1, n=1, agrees=True, opinion="o"))
    case.approve("seal")
    case.send_back("stamp", "seal")
    with pytest.raises(NotSigned, match="dep-x"):
        case.approve("seal")


def test_a_question_that_nobody_answered_is_still_to_be_answered() -> None:
    case = licensed()
    ask(case, "dep-x", rule=None)
    case.send_back("seal", "licence")
    task = case.record.tasks["tax.c1", 1]
    assert (task.state, case.at("tax")) == ("open", AWAY)
    assert case.state.clocks[ClockId.of(ClockKind.CONSULT, "tax", 1)].state in ALIVE
    answer(case, 1, agrees=None)
    assert (task.state, task.result) == ("closed", "answered")


def test_numbers_go_on_over_rounds() -> None:
    case = licensed()
    ask(case, "dep-x", rule=None)
    answer(case, 1, agrees=None)
    sent_back_and_approved(case)
    ask(case, "dep-x", rule=None)
    assert {(name, round_no) for name, round_no in case.record.tasks if ".c" in name} == {("tax.c1", 1), ("tax.c2", 2)}


def test_a_sibling_s_hearing_goes_on() -> None:
    case = licensed()
    case.say(ClockSuspended(item="tax", basis=PauseBasis.HEARING, expected_days=5, notice="n"))
    case.send_back("seal", "licence")
    case.wait(DAY)
    assert case.at("tax") is AWAY
    case.approve("licence")
    assert case.at("tax") is ItemState.SUSPENDED
    pauses = case.state.clocks[ClockId.of(ClockKind.ITEM_STATUTORY, "tax")].pauses
    assert [(one.basis, one.until is None) for one in pauses] == [
        (PauseBasis.HEARING, True),
        (PauseBasis.RETURNED, False),
    ]
    case.say(ClockResumed(item="tax"))
    case.approve("tax")


def test_a_hearing_that_ends_by_itself_brings_nobody_back_who_was_sent_away() -> None:
    """90 working days at most: they are over while the licence is still thought over."""
    case = licensed()
    case.say(ClockSuspended(item="tax", basis=PauseBasis.HEARING, expected_days=5, notice="n"))
    case.send_back("seal", "licence")
    case.wait(140 * DAY)
    assert len(case.record.events("pause_time_ended")) == 1
    assert (case.at("licence"), case.at("tax")) == (ItemState.OPEN, AWAY)
    assert "resumed" not in case.targets(CommandKind.SEND_NOTICES)  # its time does not run before it is back
    case.approve("licence")
    assert (case.at("tax"), case.round("tax")) == (ItemState.OPEN, 2)
    law = case.state.clocks[ClockId.of(ClockKind.ITEM_STATUTORY, "tax")]
    assert law.due_at is not None
    assert all(pause.until is not None for pause in law.pauses)
    case.approve("tax")


def test_a_hearing_goes_on_that_stops_the_law_s_time_only_the_promise_being_over() -> None:
    case = licensed()
    case.wait(8 * DAY)
    assert case.state.clocks[ClockId.of(ClockKind.ITEM, "tax")].state is ClockState.OVERDUE
    case.say(ClockSuspended(item="tax", basis=PauseBasis.HEARING, expected_days=5, notice="n"))
    case.send_back("seal", "licence")
    case.approve("licence")
    assert case.at("tax") is ItemState.SUSPENDED
    case.say(ClockResumed(item="tax"))
    assert case.state.clocks[ClockId.of(ClockKind.ITEM_STATUTORY, "tax")].state is ClockState.RUNNING


def test_what_the_applicant_was_asked_for_is_still_to_come() -> None:
    for meanwhile in (True, False):
        case = licensed()
        case.say(ItemCorrectionsAsked(item="tax", materials=("ledger",), notice="n"))
        case.send_back("seal", "licence")
        assert (case.at("tax"), missing_materials(case.record.plan, case.state)) == (AWAY, ("ledger",))
        if meanwhile:
            case.say(Supplemented(materials=("ledger",)))
            assert case.at("tax") is AWAY
        case.approve("licence")
        assert case.at("tax") is (ItemState.OPEN if meanwhile else ItemState.CORRECTION)
        if not meanwhile:
            case.say(Supplemented(materials=("ledger",)))
        case.approve("tax")


def test_a_supervisor_and_those_who_look_together_are_still_answered() -> None:
    case = licensed()
    case.say(Supervised(item="tax", days=3, notice="n"))
    clock = ClockId.of(ClockKind.SUPERVISION, number=len(case.record.journal))
    case.say(InspectionAppointed(n=1, items=("seal", "tax"), on=MONDAY.date(), limit=Limit(amount=5)))
    case.send_back("seal", "licence")
    assert case.state.inspections[1].waiting == ("seal", "tax")
    case.say(SupervisionAnswered(clock=clock, notice="n"))
    case.approve("licence")
    case.say(InspectionConcluded(n=1, item="tax", passed=True, conclusion="c"))
    case.say(InspectionConcluded(n=1, item="seal", passed=True, conclusion="c"))
    assert case.state.inspections == {}


def test_nothing_is_left_of_it_when_the_case_ends() -> None:
    case = licensed()
    ask(case, "dep-x")
    case.say(InspectionAppointed(n=1, items=("seal", "tax"), on=date(2026, 3, 4), limit=Limit(amount=5)))
    case.say(ItemCorrectionsAsked(item="tax", materials=("ledger",), notice="n"))
    case.send_back("seal", "licence")
    case.say(Withdrawn())
    assert [task.kind for task in case.record.open_tasks() if task.kind != "undo"] == []
    assert (case.state.consults, case.state.inspections, case.state.asked) == ({}, {}, {})
    assert [clock for clock in case.state.clocks.values() if clock.state in ALIVE] == []
