"""Nobody is stuck for want of somebody else: demands end, questions are taken back, a wrong approval is looked at."""

import pytest

from onething.domain.calendar.limits import Limit
from onething.domain.consults.guards import NotSigned
from onething.domain.deadlines.clock_kinds import demand_clock, item_statutory
from onething.domain.definition.items import Handling
from onething.domain.definition.time_rules import ClockRules
from onething.domain.errors import NotAllowed
from onething.domain.events.consults import ConsultAnswered, ConsultAsked, ConsultTakenBack
from onething.domain.events.intake import DemandTakenBack, ItemCorrectionsAsked, Supplemented
from onething.domain.events.undo import ReviewAsked, RevocationDecided
from onething.domain.kernel.commands import CommandKind
from onething.domain.kernel.state import CaseStatus, ClockState, CountersignRule, ItemState
from onething.domain.plan.plan import PlanCorrection
from tests.domain.builders import DAY, Case, item, make_plan
from tests.domain.stories import finish

ASK = ItemCorrectionsAsked(item="a", materials=("deed",), notice="n")
BACK = DemandTakenBack(item="a", notice="n")


def asked(days: int = 4) -> Case:
    plan = make_plan(item("a", materials=["deed"], days=5), item("b"), clocks=ClockRules())
    correction = PlanCorrection(limit=Limit(amount=days), basis="测试办法第五条")
    case = Case(plan.model_copy(update={"correction": correction}))
    case.accept()
    case.say(ASK)
    return case


def test_a_demand_is_taken_back() -> None:
    case = asked()
    case.say(BACK)
    assert (case.at("a"), case.state.asked) == (ItemState.OPEN, {})
    assert demand_clock("a") not in case.state.clocks
    assert case.state.clocks[item_statutory("a")].state is ClockState.RUNNING
    assert "demand_taken_back" in case.targets(CommandKind.SEND_NOTICES)
    with pytest.raises(NotAllowed, match="没有等待申请人补正"):
        case.say(BACK)
    case.refuse("a")


def test_a_demand_has_a_time_and_then_the_office_decides_on_what_there_is() -> None:
    case = asked(days=4)
    due_at = case.state.clocks[demand_clock("a")].due_at
    assert due_at is not None
    case.wait(due_at - case.now - DAY / 24)
    assert case.at("a") is ItemState.CORRECTION
    with pytest.raises(NotAllowed, match=r"补正期限（2026-03-06）届满以前不能因此不予"):
        case.refuse("a")
    case.wait(DAY / 24)
    assert (case.kinds()[-1], case.at("a"), case.state.asked) == ("demand_time_ended", ItemState.OPEN, {})
    case.refuse("a")


def test_what_is_asked_for_in_vain_hinders_no_approval() -> None:
    case = asked()
    case.approve("a")
    assert (case.at("a"), case.state.asked) == (ItemState.APPROVED, {})
    assert demand_clock("a") not in case.state.clocks


def test_an_answer_in_time_ends_the_time() -> None:
    case = asked()
    case.say(Supplemented(materials=("deed",)))
    assert demand_clock("a") not in case.state.clocks
    case.wait(30 * DAY)
    assert "demand_time_ended" not in case.kinds()


def consulted(*departments: str) -> Case:
    case = Case(make_plan(item("a", days=9), item("b"), clocks=ClockRules()))
    case.accept()
    rule, limit = CountersignRule.ALL, Limit(amount=3)
    case.say(ConsultAsked(item="a", n=1, departments=departments, rule=rule, limit=limit, question="q"))
    return case


def test_a_question_is_taken_back_an_objection_is_not() -> None:
    case = consulted("dep-x", "dep-y", "dep-z")
    case.say(ConsultAnswered(item="a", round=1, n=2, agrees=False, opinion="o"))
    for numbers in ((2,), (1, 2), (9,)):
        with pytest.raises(NotAllowed, match="只能撤回还没有答复的"):
            case.say(ConsultTakenBack(item="a", numbers=numbers, reason="r"))
    case.say(ConsultTakenBack(item="a", numbers=(1, 3), reason="r"))
    assert case.record.tasks["a.c1", 1].result == case.record.tasks["a.c3", 1].result == "taken_back"
    with pytest.raises(NotSigned, match="dep-y") as unsigned:
        case.approve("a")
    assert unsigned.value.departments == ("dep-y",)


def test_as_many_departments_are_asked_as_there_are() -> None:
    departments = tuple(f"dep-{n}" for n in range(30))
    case = consulted(*departments)
    assert len(case.state.consults["a"]) == 30


def wrongly_licensed() -> Case:
    """The tax office's system has decided on the licence: it can't be sent back any more."""
    licence, seal = item("licence"), item("seal", needs=["licence"])
    case = Case(make_plan(licence, seal, item("tax", needs=["licence"], handling=Handling.SYSTEM), clocks=ClockRules()))
    case.accept()
    case.approve("licence")
    case.system_decides("tax")
    with pytest.raises(NotAllowed, match="review"):
        case.send_back("seal", "licence")
    return case


def test_a_wrong_approval_is_looked_at_anew_and_those_who_relied_on_it_are_told() -> None:
    case = wrongly_licensed()
    case.say(ReviewAsked(item="licence", round=1, reason="r"))
    with pytest.raises(NotAllowed, match="正在决定"):
        case.say(ReviewAsked(item="licence", round=2, reason="r"))
    assert [task.name for task in case.record.open_tasks() if task.kind == "revoke"] == ["licence.revoke"]
    case.say(RevocationDecided(item="licence", round=1, revoke=True, opinion="o", review=True))
    assert "approval_revoked" in case.targets(CommandKind.SEND_NOTICES)
    assert [task.name for task in case.record.open_tasks() if task.kind == "revoke"] == ["tax.revoke"]
    case.say(RevocationDecided(item="tax", round=1, revoke=False, opinion="o"))


def test_it_may_be_upheld_and_asked_again_and_after_the_case_has_closed() -> None:
    case = wrongly_licensed()
    case.say(ReviewAsked(item="licence", round=1, reason="r"))
    case.say(RevocationDecided(item="licence", round=1, revoke=False, opinion="o", review=True))
    case.approve("seal")
    finish(case)
    assert case.status is CaseStatus.CLOSED
    case.say(ReviewAsked(item="licence", round=2, reason="r"))
    assert case.state.revocations["licence"].revoked is None
