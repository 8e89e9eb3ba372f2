"""The graph of items: what acceptance, decisions and refusals open, skip, end and finish."""

import pytest

from onething.domain.definition.items import OnRefusal
from onething.domain.definition.time_rules import ClockRules
from onething.domain.engine.step import plan_after, step
from onething.domain.errors import FailureCode, NotAllowed
from onething.domain.events.intake import Submitted
from onething.domain.events.outcomes import CertificatesIssued
from onething.domain.events.tasks import ItemDecided, TaskClaimed, TaskReleased
from onething.domain.kernel.commands import CommandKind
from onething.domain.kernel.state import CaseStatus, ItemState
from onething.domain.kernel.step_result import TaskClosed, TaskOpened
from onething.domain.kernel.task_ref import (
    TaskKind,
)
from tests.domain.builders import CALENDAR, DAY, MONDAY, Case, item, make_plan, material, record


def diamond(refusal: OnRefusal = OnRefusal.STOP) -> Case:
    """licence → {seal, tax} → bank"""
    return Case(
        make_plan(
            item("licence", certificate=True, refusal=refusal),
            item("seal", needs=["licence"], refusal=refusal),
            item("tax", needs=["licence"], refusal=refusal),
            item("bank", needs=["seal", "tax"], refusal=refusal),
        )
    )


def test_nothing_opens_before_acceptance() -> None:
    case = diamond()
    assert case.status is CaseStatus.SUBMITTED
    assert case.at("licence") is ItemState.GATHERING
    assert case.at("seal") is ItemState.WAITING
    assert case.submitted.tasks == ()


def test_acceptance_opens_what_needs_nothing() -> None:
    case = diamond()
    accepted = case.accept()
    assert case.status is CaseStatus.PROCESSING
    assert case.state.accepted_at == MONDAY
    due = case.state.clocks["item:licence"].due_at
    assert accepted.tasks == (TaskOpened(TaskKind.DECIDE, "licence", "licence", "dep-licence", 1, due),)
    assert case.state.items["licence"].round == 1


def test_a_decision_opens_its_dependants_in_the_same_step() -> None:
    case = diamond()
    case.accept()
    decided = case.approve("licence")
    assert decided.tasks[0] == TaskClosed("licence", 1, "approve")
    assert [task.name for task in decided.tasks[1:]] == ["seal", "tax"]


def test_an_item_waits_for_all_its_needs() -> None:
    case = diamond()
    case.accept()
    case.approve("licence")
    case.approve("tax")
    assert case.at("bank") is ItemState.WAITING
    case.approve("seal")
    assert case.at("bank") is ItemState.OPEN


def test_papers_that_nobody_asked_for_in_time_are_not_waited_for() -> None:
    """Nobody has told in time that it is missing: the case is accepted all the same."""
    plan = make_plan(item("a"), item("b", needs=["a"], materials=["deed"]), clocks=ClockRules())
    case = Case(plan, materials=[])
    with pytest.raises(NotAllowed, match="收到以后才能受理"):
        case.accept()
    case.wait(8 * DAY)
    case.approve("a")
    assert case.at("b") is ItemState.OPEN


def test_acceptance_without_anything_to_open_waits_as_accepted() -> None:
    case = Case(make_plan(item("a", data=["house"]), data=[record("house")]))
    case.accept()
    assert case.status is CaseStatus.ACCEPTED
    case.fetch("house")
    assert case.status is CaseStatus.PROCESSING
    assert case.at("a") is ItemState.OPEN


def test_the_last_decision_issues_certificates_then_tells_then_closes() -> None:
    case = diamond()
    case.accept()
    for code in ("licence", "seal", "tax", "bank"):
        case.approve(code)
    assert case.status is CaseStatus.DECIDED
    assert case.targets(CommandKind.ISSUE_CERTIFICATES) == [""]
    case.comes(CertificatesIssued(command=case.command(CommandKind.ISSUE_CERTIFICATES).id, numbers=("N1",), items=()))
    assert case.status is CaseStatus.DELIVERED
    case.notify("result")
    assert case.status is CaseStatus.CLOSED
    assert case.state.commands == {}
    assert [effect.target for effect in case.state.effects] == ["licence", "seal", "tax", "bank"]


def test_without_a_certificate_to_issue_the_result_is_told_at_once() -> None:
    case = Case(make_plan(item("a")))
    case.accept()
    case.approve("a")
    assert case.status is CaseStatus.DELIVERED
    assert case.targets(CommandKind.SEND_NOTICES) == ["result"]


def test_a_refused_item_gives_no_certificate() -> None:
    case = Case(make_plan(item("a", certificate=True, refusal=OnRefusal.GO_ON), item("b")))
    case.accept()
    case.refuse("a")
    case.approve("b")
    assert case.status is CaseStatus.DELIVERED
    assert case.targets(CommandKind.ISSUE_CERTIFICATES) == []


def test_refusal_that_goes_on_opens_its_dependants() -> None:
    case = diamond(OnRefusal.GO_ON)
    case.accept()
    case.refuse("licence")
    assert case.at("licence") is ItemState.REFUSED
    assert case.deciding() == ["seal", "tax"]


def test_refusal_that_skips_skips_the_whole_branch_and_nothing_beside_it() -> None:
    skip = OnRefusal.SKIP_DEPENDANTS
    case = Case(
        make_plan(
            item("a", refusal=skip),
            item("b", needs=["a"]),
            item("c", needs=["b"]),
            item("d", needs=["c", "other"]),
            item("other"),
        )
    )
    case.accept()
    case.refuse("a")
    assert [case.at(code) for code in "bcd"] == [ItemState.SKIPPED] * 3
    assert case.at("other") is ItemState.OPEN
    assert case.status is CaseStatus.PROCESSING
    case.approve("other")
    assert case.status is CaseStatus.DELIVERED


def test_what_two_refusals_skip_is_skipped_once() -> None:
    case = diamond(OnRefusal.SKIP_DEPENDANTS)
    case.accept()
    case.approve("licence")
    case.refuse("seal")
    case.refuse("tax")
    assert case.at("bank") is ItemState.SKIPPED
    assert case.status is CaseStatus.DECIDED


def test_a_skip_that_settles_the_last_item_finishes_the_case() -> None:
    case = Case(make_plan(item("a", refusal=OnRefusal.SKIP_DEPENDANTS), item("b", needs=["a"])))
    case.accept()
    case.refuse("a")
    assert case.status is CaseStatus.DELIVERED
    assert case.state.clocks["case"].state == "met"


def test_refusal_that_stops_ends_the_case() -> None:
    case = diamond()
    case.accept()
    case.approve("licence")
    stopped = case.refuse("tax")
    assert case.status is CaseStatus.TERMINATED
    assert case.at("seal") is ItemState.LAPSED
    assert case.at("bank") is ItemState.LAPSED
    assert TaskClosed("seal", 1, "lapsed") in stopped.tasks
    assert case.deciding() == []


def test_look_ups_that_only_skipped_items_need_are_dropped() -> None:
    """Nobody is asked for the paper of a skipped item, and what its look-up holds is released."""
    case = Case(
        make_plan(
            item("a", refusal=OnRefusal.SKIP_DEPENDANTS),
            item("b", needs=["a"], data=["slow", "held", "asked", "shared"]),
            item("other", data=["shared"]),
            data=[record("slow"), record("held", releasable=True), record("asked"), record("shared", releasable=True)],
        )
    )
    case.accept()
    case.fetch("held")
    case.fetch("shared")
    case.source_refuses("asked")
    slow = case.command(CommandKind.FETCH_RECORD, "slow")
    held = case.state.effects[0]
    refused = case.refuse("a")
    assert refused.voided == (slow.id,)
    assert case.targets(CommandKind.UNDO_EFFECT) == [held.id]
    assert set(case.state.data) == {"shared"}
    assert [effect.target for effect in case.state.effects] == ["shared"]


def test_a_look_up_that_no_item_waits_for_is_called_off_at_the_finish_with_stale_notices() -> None:
    plan = make_plan(
        item("a", data=["asked"]),
        data=[record("asked"), record("extra", releasable=True, patience=10_000)],
        materials=[material("note", required=False)],
    )
    case = Case(plan, materials=["paper-asked", "note"])
    case.accept()
    case.source_refuses("asked")  # the paper is there already
    extra = case.command(CommandKind.FETCH_RECORD, "extra")
    told = case.command(CommandKind.SEND_NOTICES, "accepted")
    finished = case.approve("a")
    assert finished.voided == (extra.id, told.id)
    assert case.targets(CommandKind.UNDO_EFFECT) == [extra.id]
    case.notify("result")
    assert case.status is CaseStatus.CLOSED  # the release may outlast the closing
    case.undo()
    assert case.state.commands == {}


def test_claiming_and_releasing_change_nothing_but_the_journal() -> None:
    case = diamond()
    case.accept()
    before = case.state
    case.say(TaskClaimed(item="licence", round=1))
    case.say(TaskReleased(item="licence", round=1))
    assert case.state == before
    assert case.kinds()[-2:] == ["task_claimed", "task_released"]


@pytest.mark.parametrize(
    ("event", "code"),
    [
        (ItemDecided(item="none", round=1, outcome="approve"), FailureCode.NOT_FOUND),
        (ItemDecided(item="bank", round=1, outcome="approve"), FailureCode.NOT_FOUND),
        (ItemDecided(item="bank", round=0, outcome="approve"), FailureCode.NOT_ALLOWED_NOW),
        (ItemDecided(item="seal", round=2, outcome="approve"), FailureCode.NOT_FOUND),
        (ItemDecided(item="seal", round=0, outcome="approve"), FailureCode.ALREADY_DECIDED),
        (ItemDecided(item="licence", round=1, outcome="refuse"), FailureCode.ALREADY_DECIDED),
        (TaskClaimed(item="licence", round=1), FailureCode.ALREADY_DECIDED),
    ],
)
def test_what_may_not_be_decided(event: ItemDecided | TaskClaimed, code: FailureCode) -> None:
    case = diamond()
    case.accept()
    case.approve("licence")
    with pytest.raises(NotAllowed) as refused:
        case.say(event)
    assert refused.value.code is code


def test_a_case_is_submitted_once_and_first() -> None:
    case = diamond()
    plan = case.record.plan
    submitted = Submitted(plan=plan.digest, calendar=CALENDAR.digest, channel="online")
    with pytest.raises(ValueError, match="once"):
        step(plan, CALENDAR, case.state, submitted, 2, MONDAY)
    with pytest.raises(NotAllowed):
        case.say(submitted)
    claimed = TaskClaimed(item="licence", round=1)
    with pytest.raises(ValueError, match="begins"):
        step(plan, CALENDAR, None, claimed, 1, MONDAY)
    with pytest.raises(ValueError, match="begins"):
        plan_after(None, claimed)
