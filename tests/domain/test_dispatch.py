"""Items that departments' own systems decide, and what happens when they do not."""

import pytest

from onething.domain.definition.items import Handling, UndoHow
from onething.domain.definition.time_rules import ClockRules, OverdueHow
from onething.domain.errors import FailureCode, NotAllowed
from onething.domain.events.deadlines import CalendarChanged
from onething.domain.events.intake import Supplemented, Withdrawn
from onething.domain.events.outcomes import DispatchRefused
from onething.domain.events.tasks import ItemDecided
from onething.domain.events.undo import RevocationDecided
from onething.domain.kernel.commands import Command, CommandKind
from onething.domain.kernel.state import CaseStatus, ItemState
from onething.domain.kernel.task_ref import TaskKind
from onething.domain.plan.plan import PlanItem
from tests.domain.builders import CALENDAR, DAY, HOUR, LATER, Case, item, make_plan, material, may_wait, success
from tests.support.record import Taken

DISPATCH = CommandKind.DISPATCH_ITEM


def by_system(code: str, undo: UndoHow = UndoHow.STANDS, overdue: OverdueHow = OverdueHow.ESCALATE) -> PlanItem:
    return item(code, handling=Handling.SYSTEM, undo=undo, overdue=overdue, law=1, days=5)


def opened(*items: PlanItem) -> Case:
    case = Case(make_plan(*(items or (by_system("tax"),)), clocks=ClockRules()))
    case.accept()
    return case


def test_the_system_has_it_and_nobody_a_task() -> None:
    case = opened()
    assert case.at("tax") is ItemState.OPEN
    assert case.command(DISPATCH).patience_at == case.now + DAY
    assert not case.record.open_tasks()
    with pytest.raises(NotAllowed, match="部门业务系统"):
        case.refuse("tax")
    case.say(CalendarChanged(old=CALENDAR.digest, new=LATER.digest))  # moves the due date of no task


def test_its_decision_is_the_answer_to_the_command_and_goes_on() -> None:
    case = opened(by_system("tax"), item("seal", needs=["tax"]))
    command = case.command(DISPATCH)
    decided = case.system_decides("tax")
    assert decided.done == command.id
    assert case.at("tax") is ItemState.APPROVED
    assert case.at("seal") is ItemState.OPEN
    assert [effect.id for effect in case.state.effects] == [command.id]


@pytest.mark.parametrize("refused", [True, False])
def test_refused_or_out_of_patience_its_people_decide(refused: bool) -> None:
    case = opened()
    command = case.command(DISPATCH)
    if refused:
        case.comes(DispatchRefused(command=command.id, item="tax", reason="unknown_district"))
    else:
        case.wait(DAY)
    (task,) = case.record.open_tasks()
    assert (task.name, task.department, task.due_at) == ("tax", "dep-tax", case.state.clocks["item:tax"].due_at)
    case.refuse("tax")
    assert case.status is CaseStatus.TERMINATED


def test_an_answer_after_patience_is_kept_and_decides_nothing() -> None:
    case = opened()
    late = success(case.command(DISPATCH))
    case.wait(DAY)
    before = case.state
    assert case.comes(late) is Taken.LATE
    assert case.state == before
    assert case.comes(late) is Taken.REPEATED


@pytest.mark.parametrize("how", UndoHow)
def test_an_order_of_an_ended_case_is_called_off_at_its_system(how: UndoHow) -> None:
    """What is undecided stops, whatever the item is about."""
    case = opened(by_system("tax", undo=how))
    command = case.command(DISPATCH)
    told = case.command(CommandKind.SEND_NOTICES, "accepted")
    withdrawn = case.say(Withdrawn())
    assert withdrawn.voided == (told.id, command.id)
    assert case.targets(CommandKind.UNDO_EFFECT) == [command.id]
    case.undo()
    case.comes(ItemDecided(item="tax", round=1, outcome="refuse", command=command.id))
    assert case.at("tax") is ItemState.LAPSED
    assert (case.state.may_come, case.state.undo_queue, case.state.undo_tasks) == ((), (), ())
    assert not case.state.revocations


@pytest.mark.parametrize("revoke", [True, False])
@pytest.mark.parametrize("when", ["before", "after"])
def test_whether_what_it_approves_meanwhile_stands_is_its_departments_decision(when: str, revoke: bool) -> None:
    """The approval may be older than the end of the case: no machine takes it back (行政许可法 Arts. 8, 69)."""
    case = opened(item("tax", handling=Handling.SYSTEM, certificate=True))
    command = case.command(DISPATCH)
    case.say(Withdrawn())
    if when == "after":
        case.undo()
    case.comes(success(command))
    (task,) = case.record.open_tasks()
    assert (task.kind, task.item, task.department) == (TaskKind.REVOKE, "tax", "dep-tax")
    assert case.targets(CommandKind.UNDO_EFFECT) == [], "nothing is taken back while they think"
    case.say(RevocationDecided(item="tax", round=1, revoke=revoke, opinion="o"))
    assert case.at("tax") is (ItemState.LAPSED if revoke else ItemState.APPROVED)
    assert case.targets(CommandKind.UNDO_EFFECT) == ([command.id] if revoke else [])
    assert case.targets(CommandKind.ISSUE_CERTIFICATES) == ([] if revoke else ["tax"])
    assert case.record.folded() == case.state


def silenced(how: OverdueHow, undo: UndoHow = UndoHow.STANDS) -> tuple[Case, Command]:
    """The law's time ends today, while the system has the item."""
    plan = make_plan(
        item("tax", handling=Handling.SYSTEM, undo=undo, overdue=how, law=0), item("seal"), clocks=ClockRules()
    )
    case = Case(plan)
    case.accept()
    command = case.command(DISPATCH)
    case.wait(DAY)
    return case, command


@pytest.mark.parametrize("approves", [True, False])
@pytest.mark.parametrize(
    ("how", "becomes"),
    [
        (OverdueHow.LAPSE, ItemState.LAPSED),
        (OverdueHow.PROCEED_WITHOUT, ItemState.LAPSED),
        (OverdueHow.REFUSE, ItemState.REFUSED),
    ],
)
def test_silence_calls_off_what_the_system_has(how: OverdueHow, becomes: ItemState, approves: bool) -> None:
    """It may have approved it unknown to us; what silence made of the item stands."""
    case, command = silenced(how)
    assert case.at("tax") is becomes
    assert not case.record.open_commands(DISPATCH)
    assert case.targets(CommandKind.UNDO_EFFECT) == [command.id]
    case.undo()
    outcome = "approve" if approves else "refuse"
    late = ItemDecided.model_validate({"item": "tax", "round": 1, "outcome": outcome, "command": command.id})
    assert case.comes(late) is Taken.LATE
    assert case.targets(CommandKind.UNDO_EFFECT) == ([command.id] if approves else [])
    if approves:
        case.undo()
    assert case.at("tax") is becomes
    assert not case.state.may_come
    assert case.record.folded() == case.state


@pytest.mark.parametrize("outcome", ["approve", "refuse"])
def test_what_silence_approved_stands_and_its_order_is_not_taken_back(outcome: str) -> None:
    case, command = silenced(OverdueHow.DEEM_APPROVED)
    assert (case.at("tax"), case.state.undo_queue, case.state.may_come) == (ItemState.APPROVED, (), ())
    late = ItemDecided.model_validate({"item": "tax", "round": 1, "outcome": outcome, "command": command.id})
    assert case.comes(late) is Taken.LATE
    assert (case.at("tax"), case.state.undo_queue, case.record.open_tasks()[0].item) == (
        ItemState.APPROVED,
        (),
        "seal",
    )


def test_it_may_not_decide_what_people_may_not() -> None:
    plan = make_plan(
        item("tax", handling=Handling.SYSTEM, materials=["lease"]),
        materials=[material("lease", due=may_wait())],
        clocks=ClockRules(),
    )
    case = Case(plan, materials=[])
    case.accept("lease")
    with pytest.raises(NotAllowed) as refusal:
        case.comes(success(case.command(DISPATCH)))
    assert refusal.value.code is FailureCode.NOT_ALLOWED_NOW
    case.wait(HOUR)
    case.say(Supplemented(materials=("lease",)))
    assert case.comes(success(case.command(DISPATCH))) is Taken.RECORDED
