"""Items that departments' own systems decide, and what happens when they do not."""

import pytest

from onething.domain.definition.bundle import Handling, UndoHow
from onething.domain.definition.time_rules import ClockRules, OverdueHow
from onething.domain.errors import FailureCode, NotAllowed
from onething.domain.events.deadlines import CalendarChanged
from onething.domain.events.intake import Supplemented, Withdrawn
from onething.domain.events.outcomes import DispatchRefused
from onething.domain.events.tasks import ItemDecided
from onething.domain.kernel.commands import Command, CommandKind
from onething.domain.kernel.state import CaseStatus, ItemState
from onething.domain.plan.plan import PlanItem
from tests.domain.builders import CALENDAR, DAY, HOUR, LATER, Case, item, make_plan, material, may_wait, success
from tests.support.record import Taken

DISPATCH = CommandKind.DISPATCH_ITEM


def by_system(code: str, undo: UndoHow = UndoHow.SYSTEM, overdue: OverdueHow = OverdueHow.ESCALATE) -> PlanItem:
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


@pytest.mark.parametrize("outcome", ["approve", "refuse"])
@pytest.mark.parametrize("when", ["before", "after"])
def test_an_order_of_an_ended_case_is_called_off_and_what_it_approves_meanwhile_is_undone(
    outcome: str, when: str
) -> None:
    """The order may have been carried out unknown to us. An approval that comes while that is being undone, or
    afterwards, may be younger than the undoing."""
    case = opened()
    command = case.command(DISPATCH)
    told = case.command(CommandKind.SEND_NOTICES, "accepted")
    withdrawn = case.say(Withdrawn())
    assert withdrawn.voided == (told.id, command.id)
    assert case.targets(CommandKind.UNDO_EFFECT) == [command.id]
    if when == "after":
        case.undo()
    case.comes(ItemDecided.model_validate({"item": "tax", "round": 1, "outcome": outcome, "command": command.id}))
    if when == "before":
        case.undo()
    assert case.targets(CommandKind.UNDO_EFFECT) == ([command.id] if outcome == "approve" else [])
    if outcome == "approve":
        case.undo()
    assert case.at("tax") is ItemState.LAPSED
    assert not case.state.may_come


@pytest.mark.parametrize("how", [UndoHow.TASK, UndoHow.NONE])
def test_people_are_not_asked_to_undo_what_may_never_have_been_done(how: UndoHow) -> None:
    case = opened(by_system("tax", undo=how))
    case.say(Withdrawn())
    assert not case.targets(CommandKind.UNDO_EFFECT)
    assert not case.state.undo_tasks
    assert not case.state.not_undone


def silenced(how: OverdueHow, undo: UndoHow = UndoHow.SYSTEM) -> tuple[Case, Command]:
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
        (OverdueHow.DEEM_APPROVED, ItemState.APPROVED),
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


@pytest.mark.parametrize("undo", [UndoHow.TASK, UndoHow.NONE])
def test_what_no_system_undoes_is_seen_to_once_an_approval_has_come(undo: UndoHow) -> None:
    case, command = silenced(OverdueHow.DEEM_APPROVED, undo)
    assert (case.state.undo_queue, case.state.undo_tasks, case.state.not_undone) == ((), (), ())
    case.comes(success(command))
    told = case.state.undo_tasks if undo is UndoHow.TASK else case.state.not_undone
    assert [effect.id for effect in told] == [command.id]
    assert case.at("tax") is ItemState.APPROVED


def test_it_may_not_decide_what_people_may_not() -> None:
    plan = make_plan(
        item("tax", handling=Handling.SYSTEM, materials=["lease"]),
        materials=[material("lease", defer=may_wait())],
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
