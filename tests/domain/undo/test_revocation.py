"""撤销: what follows a broken promise is decided by who approved, item by item, also when the case has closed."""

import pytest

from onething.domain.errors import NotAllowed
from onething.domain.events.commitments import CommitmentChecked
from onething.domain.events.intake import Withdrawn
from onething.domain.events.items import ItemReassigned
from onething.domain.kernel.commands import CommandKind
from onething.domain.kernel.state import CaseStatus, Commitment, EffectKind, ItemState
from onething.domain.kernel.step_result import TaskClosed, TaskOpened
from onething.domain.kernel.task_ref import (
    TaskKind,
)
from tests.domain.builders import Case, undone
from tests.domain.stories import approved_on_promises, built_on_promises, finish, promising, withdrawing


def broken(case: Case, material: str = "lease") -> None:
    case.say(CommitmentChecked(material=material, kept=False, finding=f"finding:{material}"))


def deciding(case: Case) -> list[TaskOpened]:
    return [task for task in case.record.open_tasks() if task.kind is TaskKind.REVOKE]


def test_whoever_approved_on_it_is_asked() -> None:
    case = approved_on_promises()
    broken(case)
    (task,) = deciding(case)
    assert (task.name, task.item, task.department, task.round) == ("licence.revoke", "licence", "dep-licence", 1)
    broken(case, "photo")
    assert deciding(case) == [task], "one answer is enough for all that is known"


def test_what_is_taken_back_is_undone_and_who_needed_it_decides() -> None:
    case = approved_on_promises()
    broken(case)
    broken(case, "photo")
    taken = case.say(withdrawing("licence", "lease", revoke=True))
    assert TaskClosed("licence.revoke", 1, "revoked") in taken.tasks
    assert (case.at("licence"), case.at("seal"), case.status) == (
        ItemState.UNDONE,
        ItemState.APPROVED,
        CaseStatus.CLOSED,
    )
    assert [task.item for task in deciding(case)] == ["seal", "bank"]
    assert "approval_revoked" in case.targets(CommandKind.SEND_NOTICES)
    case.comes(undone(case.command(CommandKind.UNDO_EFFECT)))
    case.say(withdrawing("seal", None, revoke=True))
    assert [effect.target for effect in case.state.undo_tasks] == ["seal"]
    case.say(withdrawing("bank", None, revoke=True))
    assert not [one for one in case.state.effects if one.kind is EffectKind.APPROVAL]
    finish(case)
    assert (case.status, deciding(case)) == (CaseStatus.CLOSED, [])


def test_what_stands_may_be_asked_about_anew() -> None:
    case = approved_on_promises()
    broken(case)
    taken = case.say(withdrawing("licence", "lease", revoke=False))
    assert taken.tasks == (TaskClosed("licence.revoke", 1, "upheld"),)
    assert (case.at("licence"), taken.commands) == (ItemState.APPROVED, ())
    with pytest.raises(NotAllowed, match="没有等待决定"):
        case.say(withdrawing("licence", "lease", revoke=True))
    broken(case, "photo")
    assert [task.round for task in deciding(case)] == [2]


def test_its_other_promises_are_checked_before() -> None:
    case = approved_on_promises()
    broken(case)
    with pytest.raises(NotAllowed, match="还没有核查"):
        case.say(withdrawing("licence", "lease", revoke=True))
    case.say(CommitmentChecked(material="photo", kept=True, finding="f"))
    case.say(withdrawing("licence", "lease", revoke=True))
    assert case.at("licence") is ItemState.UNDONE


def test_what_stands_after_an_early_end_is_decided_on_all_the_same() -> None:
    case = Case(built_on_promises(), materials=[], commitments=["lease", "photo"], checked=["lease"])
    case.accept()
    case.approve("licence")
    broken(case)
    case.say(Withdrawn())
    finish(case)
    assert (case.status, case.at("licence")) == (CaseStatus.WITHDRAWN, ItemState.APPROVED)
    assert [task.item for task in deciding(case)] == ["licence"]
    case.say(withdrawing("licence", "lease", revoke=True))
    assert (case.at("licence"), len(case.targets(CommandKind.UNDO_EFFECT))) == (ItemState.UNDONE, 1)


def test_taken_back_while_others_still_decide() -> None:
    case = Case(built_on_promises(), materials=[], commitments=["lease", "photo"], checked=["lease"])
    case.accept()
    case.approve("licence")
    broken(case)
    case.say(withdrawing("licence", "lease", revoke=True))
    assert (case.status, case.at("seal"), deciding(case)) == (CaseStatus.PROCESSING, ItemState.OPEN, [])
    case.approve("seal")
    case.refuse("bank")
    finish(case)
    assert case.status is CaseStatus.TERMINATED
    assert [one.event.effect for one in case.record.events("effect_undone")] == ["3.approval"]  # type: ignore[union-attr]


def test_before_the_applicant_has_the_result() -> None:
    case = Case(promising(), materials=["photo"], commitments=["lease"], checked=["lease"])
    case.accept()
    case.approve("licence")
    assert case.state.commitments == {"lease": Commitment.CHECKING}
    broken(case)
    assert case.status is CaseStatus.DELIVERED
    case.say(withdrawing("licence", "lease", revoke=True))
    finish(case)
    assert case.status is CaseStatus.CLOSED


def test_it_goes_along_when_duties_move() -> None:
    case = approved_on_promises()
    broken(case)
    case.say(ItemReassigned(item="licence", before="dep-licence", department="dep-new", basis="令"))
    assert [task.department for task in deciding(case)] == ["dep-new"]
