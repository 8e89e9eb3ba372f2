"""Duties move: who holds what of a case, and its open tasks, go along; what was decided keeps its decider."""

import pytest

from onething.domain.definition.items import Handling, OnRefusal, UndoBy
from onething.domain.definition.periods import PeriodState
from onething.domain.errors import NotAllowed
from onething.domain.events.intake import Withdrawn
from onething.domain.events.items import ItemReassigned
from onething.domain.events.undo import RevocationDecided
from onething.domain.kernel.commands import CommandKind
from onething.domain.kernel.custody import Custody, custodian, decider, held_by, system_of, undoer, with_custodians
from onething.domain.kernel.state import ItemState
from onething.domain.kernel.task_ref import TaskKind
from tests.domain.builders import DAY, Case, item, make_plan, period, record, success
from tests.domain.stories import duties_moved, finish
from tests.support.record import Taken


def moved(code: str, before: str | None = None, to: str = "dep-new") -> ItemReassigned:
    return ItemReassigned(item=code, before=before or f"dep-{code}", department=to, basis="改革方案")


def departments(case: Case) -> dict[str, str]:
    return {task.name: task.department for task in case.record.open_tasks()}


def test_what_is_open_and_what_is_to_come_goes_to_the_other_department() -> None:
    case = Case(make_plan(item("licence"), item("seal", needs=["licence"])))
    case.accept()
    case.say(moved("licence"))
    case.say(moved("seal"))
    assert departments(case) == {"licence": "dep-new"}
    case.approve("licence")
    assert departments(case) == {"seal": "dep-new"}
    assert case.record.plan.item_by_code["seal"].department == "dep-seal", "the plan stays as it is"
    assert case.record.folded() == case.state


def test_a_notice_goes_along_with_what_its_department_had() -> None:
    licence, seal = item("licence"), item("seal", periods={"notice": PeriodState.OVER})
    notice = period("notice", needs=["licence"]).model_copy(update={"department": "dep-licence"})
    case = Case(make_plan(licence, seal, periods=(notice,)))
    case.accept()
    case.approve("licence")
    for before, to in (("dep-licence", "dep-new"), ("dep-new", "dep-newer")):
        case.say(moved("licence", before, to))
        assert with_custodians(case.record.plan, case.state.holders).period_by_code["notice"].department == to


def test_a_certificate_names_who_decided() -> None:
    case = Case(make_plan(item("licence"), item("seal", needs=["licence"]), item("tax", refusal=OnRefusal.GO_ON)))
    case.accept()
    case.approve("licence")
    for code in ("licence", "seal"):
        case.say(moved(code))
    case.say(moved("licence", "dep-new", "dep-newer"))
    case.approve("seal")
    plan, state = case.record.plan, case.state
    assert [decider(plan, state, code) for code in ("licence", "seal")] == ["dep-licence", "dep-new"]
    assert custodian(plan, state, "licence") == "dep-newer"


def test_an_order_is_called_off_where_it_was_sent_and_the_others_system_gets_its_own() -> None:
    case = Case(make_plan(item("licence", handling=Handling.SYSTEM)))
    case.accept()
    sent = case.command(CommandKind.DISPATCH_ITEM)
    case.say(moved("licence"))
    again = case.command(CommandKind.DISPATCH_ITEM)
    assert again.id != sent.id
    assert again.patience_at == case.now + DAY
    assert not case.deciding()
    plan, state = case.record.plan, case.state
    assert (system_of(plan, state, sent.id, "licence"), state.may_come[0].by) == ("dep-licence", "dep-licence")
    assert [undoer(plan, state, effect) for effect in state.undo_queue] == ["dep-licence"]
    case.undo()
    case.system_decides("licence")
    assert case.at("licence") is ItemState.APPROVED
    case.comes(success(sent))
    assert [effect.id for effect in case.state.undo_queue] == [sent.id], (
        "what the first approved meanwhile is taken back"
    )
    finish(case)
    assert case.at("licence") is ItemState.APPROVED, "and touches nothing of what the other decided"
    assert departments(case) == {}
    assert case.record.folded() == case.state


def test_both_systems_approved_what_was_withdrawn_meanwhile_and_it_stands_once() -> None:
    """Each system had been told to decide; neither had heard that it need not when its answer came."""
    case = Case(make_plan(item("licence", handling=Handling.SYSTEM)))
    case.accept()
    first = case.command(CommandKind.DISPATCH_ITEM)
    case.say(moved("licence"))
    second = case.command(CommandKind.DISPATCH_ITEM)
    case.say(Withdrawn())
    case.undo()
    for order in (first, second):
        assert case.comes(success(order)) is Taken.LATE
    (asked,) = (task for task in case.record.open_tasks() if task.kind is TaskKind.REVOKE)
    case.say(RevocationDecided(item="licence", round=asked.round, revoke=False, opinion="o"))
    assert case.at("licence") is ItemState.APPROVED
    finish(case)
    assert case.record.folded() == case.state


def test_undoing_by_hand_goes_along_also_of_what_a_look_up_holds() -> None:
    case = Case(make_plan(item("a", by=UndoBy.PEOPLE, data=["d"]), data=[record("d", releasable=True)]))
    case.fetch("d")
    case.accept()
    case.say(moved("d", "owner-d"))
    case.say(Withdrawn())
    release = case.command(CommandKind.UNDO_EFFECT)
    assert release.patience_at is not None
    case.wait(release.patience_at - case.now)
    finish(case)
    assert list(departments(case).values()) == ["dep-new"]
    (left,) = held_by(case.record.plan, case.state, "dep-new")
    assert left == Custody("d")
    case.say(moved("d", "dep-new", "dep-newer"))
    assert list(departments(case).values()) == ["dep-newer"]


@pytest.mark.parametrize(
    "event",
    [
        moved("licence", "dep-other"),
        moved("licence", to="dep-licence"),
        moved("nothing"),
        moved("licence").model_copy(update={"consult": 1}),
    ],
)
def test_nothing_is_taken_from_who_does_not_hold_it(event: ItemReassigned) -> None:
    case = Case(make_plan(item("licence")))
    case.accept()
    with pytest.raises(NotAllowed):
        case.say(event)


def test_when_all_has_moved_nothing_is_held_any_more() -> None:
    case = duties_moved()
    assert not [*held_by(case.record.plan, case.state, "dep-seal"), *held_by(case.record.plan, case.state, "dep-new")]
