"""告知承诺: a promise counts as the material, and what was taken on trust is checked after the decision."""

import pytest
from pydantic import ValidationError

from onething.domain.deadlines.rules import next_wake_at
from onething.domain.definition.items import UndoHow
from onething.domain.definition.time_rules import CheckHow, CommitmentRule
from onething.domain.errors import NotAllowed
from onething.domain.events.commitments import CommitmentChecked
from onething.domain.events.intake import (
    CorrectionsAsked,
    ItemCorrectionsAsked,
    Supplemented,
    Withdrawn,
)
from onething.domain.items.rules import missing_materials
from onething.domain.kernel.commands import CommandKind
from onething.domain.kernel.state import CaseStatus, ClockState, Commitment, ItemState
from onething.domain.kernel.step_result import TaskClosed, TaskOpened
from onething.domain.kernel.task_ref import (
    TaskKind,
)
from tests.domain.builders import DAY, Case, decides, item, make_plan, material, may_be_promised
from tests.domain.deadlines.test_rules import local, whats
from tests.domain.stories import finish, promising

LEASE = "check:lease"


def promised(*checked: str) -> Case:
    case = Case(promising(), materials=["photo"], commitments=["lease"], checked=checked)
    case.accept()
    return case


def found(*, kept: bool) -> CommitmentChecked:
    return CommitmentChecked(material="lease", kept=kept, finding="finding:lease")


def test_it_counts_as_the_material() -> None:
    case = promised()
    assert case.at("licence") is ItemState.OPEN
    assert missing_materials(case.record.plan, case.state) == ()
    case.approve("licence")
    assert (case.status, LEASE in case.state.clocks) == (CaseStatus.DELIVERED, False)
    with pytest.raises(NotAllowed, match="没有等待核查的这项承诺"):
        case.say(found(kept=True))


def test_its_check_is_due_so_many_days_after_the_decision() -> None:
    case = promised("lease")
    assert LEASE not in case.state.clocks
    case.approve("licence")
    assert case.state.clocks[LEASE].due_at == local(16, 17)
    case.wait(DAY)
    case.say(found(kept=True))
    assert case.state.commitments == {"lease": Commitment.KEPT}
    assert (LEASE in case.state.clocks, whats(case, LEASE)) == (False, ["started", "met"])


def test_it_goes_on_when_the_case_has_closed_and_is_recorded_as_late() -> None:
    case = promised("lease")
    case.approve("licence")
    finish(case)
    assert case.status is CaseStatus.CLOSED
    assert next_wake_at(case.state) == local(16, 17)
    case.wait(20 * DAY)
    assert case.record.events("clock_overdue")[-1].at == local(16, 17)
    case.say(found(kept=False))
    assert case.state.commitments == {"lease": Commitment.BROKEN}
    assert case.state.clocks[LEASE].state is ClockState.MISSED
    assert case.targets(CommandKind.SEND_NOTICES) == ["commitment_broken"]
    finish(case)
    assert (case.status, next_wake_at(case.state)) == (CaseStatus.CLOSED, case.state.clocks["revoke:licence"].due_at)


def test_the_check_is_a_task_as_long_as_it_is_due() -> None:
    case = promised("lease")
    case.approve("licence")
    (task,) = (one for one in case.record.open_tasks() if one.kind is TaskKind.CHECK)
    department = case.record.plan.item_by_code["licence"].department
    assert task == TaskOpened(TaskKind.CHECK, "lease.check", "licence", department, 1, local(16, 17))
    taken = case.say(found(kept=False))
    assert taken.tasks[0] == TaskClosed("lease.check", 1, "broken")


def test_what_was_refused_is_not_checked() -> None:
    case = promised("lease")
    case.refuse("licence")
    assert (case.state.commitments, LEASE in case.state.clocks) == ({"lease": Commitment.GIVEN}, False)


def test_what_falls_with_the_case_is_not_checked() -> None:
    plan = make_plan(
        item("a", materials=["lease"], undo=UndoHow.RELEASE),
        item("b"),
        materials=[material("lease", commitment=may_be_promised())],
    )
    case = Case(plan, materials=[], commitments=["lease"], checked=["lease"])
    case.accept()
    case.approve("a")
    case.say(Withdrawn())
    assert whats(case, LEASE) == ["started", "cancelled"]
    with pytest.raises(NotAllowed):
        case.say(found(kept=True))


def test_the_counter_may_ask_for_the_material_all_the_same() -> None:
    case = Case(promising(), materials=["photo"], commitments=["lease"])
    case.say(CorrectionsAsked(materials=("lease",), notice="n"))
    assert (case.state.commitments, missing_materials(case.record.plan, case.state)) == ({}, ("lease",))
    case.say(Supplemented(materials=("lease",)))
    assert case.status is CaseStatus.SUBMITTED


def test_with_the_material_in_hand_nothing_is_taken_on_trust() -> None:
    case = promised("lease")
    case.say(ItemCorrectionsAsked(item="licence", materials=("lease",), notice="n"))
    case.say(Supplemented(materials=("lease",)))
    case.approve("licence")
    assert (case.state.commitments, LEASE in case.state.clocks) == ({}, False)


@pytest.mark.parametrize(
    "said", [{"check": "all"}, {"check": "none", "check_days": 3}, {"check": "random", "check_days": 3}]
)
def test_a_rule_says_all_that_its_check_needs(said: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        CommitmentRule.model_validate(said)
    assert CommitmentRule(check=CheckHow.RANDOM, check_days=3, share_percent=20)


PROMISE, RECTIFY = "place-promise", "rectify:place-promise"


def decided_on_a_statement(*, on_paper: bool = False, rectify: int | None = 5) -> Case:
    plan = make_plan(item("place", materials=[PROMISE]), materials=[material(PROMISE, commitment=decides(rectify))])
    said = {"commitments": [] if on_paper else [PROMISE], "checked": [] if on_paper else [PROMISE]}
    case = Case(plan, materials=[PROMISE] if on_paper else [], **said)
    case.accept()
    case.approve("place")
    return case


def looked(*, kept: bool, rectify: bool = False) -> CommitmentChecked:
    return CommitmentChecked(material=PROMISE, kept=kept, finding="f", rectify=rectify)


def checks(case: Case) -> list[TaskOpened]:
    return [one for one in case.record.open_tasks() if one.kind is TaskKind.CHECK]


@pytest.mark.parametrize("on_paper", [True, False])
def test_what_an_item_was_decided_on_is_looked_at_however_it_was_said(on_paper: bool) -> None:
    case = decided_on_a_statement(on_paper=on_paper)
    assert case.state.commitments == {PROMISE: Commitment.CHECKING}
    [task] = checks(case)
    assert (task.round, task.due_at) == (1, case.state.clocks[f"check:{PROMISE}"].due_at)


def test_what_is_not_so_may_be_put_right_before_anything_follows() -> None:
    case = decided_on_a_statement()
    with pytest.raises(NotAllowed, match="刚刚有了变化"):
        case.say(looked(kept=False))
    case.say(looked(kept=False, rectify=True))
    assert case.state.commitments == {PROMISE: Commitment.RECTIFYING}
    assert case.state.revocations == {}
    [task] = checks(case)
    assert (task.round, task.due_at) == (2, None)
    with pytest.raises(NotAllowed, match="届满以前，只能登记已经改正"):
        case.say(looked(kept=False))
    case.say(looked(kept=True))
    assert (case.state.commitments, checks(case)) == ({PROMISE: Commitment.KEPT}, [])
    assert whats(case, RECTIFY) == ["started", "met"]


def test_when_its_time_is_over_it_is_looked_at_once_more_and_then_revoked() -> None:
    case = decided_on_a_statement()
    case.say(looked(kept=False, rectify=True))
    until = case.state.clocks[RECTIFY].due_at
    assert until is not None
    case.wait(until - case.now)
    assert case.record.events("rectify_time_ended")[-1].at == until
    assert case.state.commitments == {PROMISE: Commitment.RECHECKING}
    [task] = checks(case)
    assert task.due_at == case.state.clocks[f"check:{PROMISE}"].due_at > until
    case.say(looked(kept=False))
    assert case.state.commitments == {PROMISE: Commitment.BROKEN}
    assert case.state.revocations["place"].material == PROMISE


def test_where_nothing_may_be_put_right_the_approval_is_in_question_at_once() -> None:
    case = decided_on_a_statement(rectify=None)
    case.say(looked(kept=False))
    assert case.state.revocations["place"].material == PROMISE
