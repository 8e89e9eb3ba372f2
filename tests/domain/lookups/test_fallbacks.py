"""What takes the place of a record: people who look, a promise, or nothing but waiting."""

from datetime import datetime, timedelta

import pytest

from onething.domain.deadlines.clock_kinds import by_hand_clock, wait_reminder
from onething.domain.deadlines.rules import next_wake_at
from onething.domain.definition.materials import FallbackKind
from onething.domain.errors import NotAllowed
from onething.domain.events.commitments import CommitmentChecked
from onething.domain.events.deadlines import CalendarChanged
from onething.domain.events.intake import CorrectionsAsked, Supplemented, Withdrawn
from onething.domain.events.items import ItemReassigned
from onething.domain.events.lookups import LookedByHand, LookUpRetried
from onething.domain.items.rules import missing_materials
from onething.domain.kernel.commands import CommandKind
from onething.domain.kernel.state import CaseStatus, Commitment, DataState, ItemState
from onething.domain.kernel.step_result import TaskOpened
from onething.domain.kernel.task_ref import (
    TaskKind,
)
from onething.domain.plan.plan import Plan, PlanData
from tests.domain.builders import CALENDAR, DAY, HOUR, LATER, MINUTE, MONDAY, Case, fetched, item, make_plan, record
from tests.support.record import Taken

FETCH = CommandKind.FETCH_RECORD


def plan_with(kind: FallbackKind, *, paper: bool | None = None, patience: int = 60, releasable: bool = False) -> Plan:
    data = record("deed", kind=kind, paper=paper, patience=patience, releasable=releasable)
    return make_plan(item("permit", data=["deed"], days=20), data=[data])


def case_with(kind: FallbackKind, *, paper: bool | None = None, patience: int = 60, releasable: bool = False) -> Case:
    case = Case(plan_with(kind, paper=paper, patience=patience, releasable=releasable))
    case.accept()
    return case


def looking(case: Case) -> list[TaskOpened]:
    return [task for task in case.record.open_tasks() if task.kind is TaskKind.MANUAL_CHECK]


def closed_as(case: Case) -> list[str | None]:
    rows = case.record.tasks.values()
    return [row.result for row in rows if row.opened.kind is TaskKind.MANUAL_CHECK and row.state == "closed"]


@pytest.mark.parametrize("refused", [True, False])
def test_people_look_beside_the_source(refused: bool) -> None:
    case = case_with(FallbackKind.MANUAL_CHECK, paper=True)
    if refused:
        case.source_refuses("deed")
    else:
        case.wait(HOUR)
    (task,) = looking(case)
    assert (task.name, task.item, task.department, task.round) == ("deed.by-hand", "deed", "owner-deed", 1)
    assert task.due_at == case.state.clocks[by_hand_clock("deed")].due_at
    assert case.state.data["deed"] is DataState.CHECKING
    assert missing_materials(case.record.plan, case.state) == ()
    assert case.targets(CommandKind.SEND_NOTICES) == ["accepted"]
    assert case.targets(FETCH) == ([] if refused else ["deed"])
    case.wait(2 * HOUR)
    assert case.targets(FETCH) == ["deed"]
    case.looks("deed")
    assert (case.state.data["deed"], case.at("permit")) == (DataState.IN_HAND, ItemState.OPEN)
    assert (closed_as(case), case.targets(FETCH), case.state.waits) == (["found"], [], {})
    assert by_hand_clock("deed") not in case.state.clocks


def test_to_the_source_it_is_the_same_request_for_as_long_as_it_lasts() -> None:
    case = case_with(FallbackKind.WAIT)
    first = case.command(FETCH)
    for _ in range(4):
        case.wait(round_ends(case) - case.now)
        command = case.state.commands[case.command(FETCH).id]
        assert (command.asked_as, command.begun_at) == (first.id, MONDAY)
    assert case.fetch("deed") is Taken.RECORDED
    assert case.at("permit") is ItemState.OPEN


def round_ends(case: Case) -> datetime:
    at = case.state.commands[case.command(FETCH).id].patience_at
    assert at is not None
    return at


def test_rounds_grow_to_a_day_and_fill_no_journal() -> None:
    case = case_with(FallbackKind.WAIT)
    ends = []
    for _ in range(9):
        ends.append(round_ends(case) - MONDAY)
        case.wait(round_ends(case) - case.now)
    assert ends[:8] == [timedelta(hours=n) for n in (1, 2, 4, 8, 16, 32, 56, 80)]
    size, lines = len(case.state.to_json()), len(case.record.journal)
    case.wait(40 * DAY)
    assert len(case.record.journal) - lines <= 45
    assert len(case.state.to_json()) <= size + 400  # clocks of the case that went by


def test_patience_longer_than_a_day_stays_as_long() -> None:
    case = case_with(FallbackKind.WAIT, patience=3 * 24 * 60)
    case.wait(3 * DAY)
    assert case.state.commands[case.command(FETCH).id].patience_at == MONDAY + 6 * DAY


def test_whoever_owns_the_data_and_supervisors_have_a_reminder_until_it_is_there() -> None:
    case = case_with(FallbackKind.WAIT)
    assert case.record.reminders == {}
    case.wait(HOUR)
    (reminder,) = case.record.reminders.values()
    assert (reminder.clock, reminder.item, reminder.departments) == (wait_reminder("deed", 3), None, ("owner-deed",))
    assert (reminder.since, reminder.due_at, reminder.result) == (MONDAY, MONDAY + 2 * HOUR, None)
    case.wait(HOUR)
    case.say(ItemReassigned(item="deed", before="owner-deed", department="dep-new", basis="令"))
    (reminder,) = case.record.reminders.values()
    assert (reminder.departments, reminder.due_at) == (("dep-new",), MONDAY + 4 * HOUR)
    case.fetch("deed")
    assert [one.result for one in case.record.reminders.values()] == ["met"]


def test_a_source_that_refused_is_asked_anew_and_not_at_once() -> None:
    case = case_with(FallbackKind.WAIT, releasable=True)
    case.wait(30 * MINUTE)
    case.source_refuses("deed")
    assert (case.targets(FETCH), case.state.data["deed"]) == ([], DataState.PENDING)
    assert case.state.waits["deed"].again_at == MONDAY + 90 * MINUTE
    assert next_wake_at(case.state) is not None
    case.wait(HOUR)
    assert case.record.journal[-1].event.kind == "look_up_due"
    again = case.state.commands[case.command(FETCH).id]
    assert (again.asked_as, again.begun_at, again.hold is not None) == (None, MONDAY, True)
    case.source_refuses("deed")
    case.say(LookUpRetried(data="deed"))
    assert (case.targets(FETCH), case.state.waits["deed"].again_at) == (["deed"], None)


def test_the_source_answers_first_and_nobody_looks_any_more() -> None:
    case = case_with(FallbackKind.MANUAL_CHECK, paper=True)
    case.wait(HOUR)
    assert case.fetch("deed") is Taken.RECORDED
    assert (looking(case), closed_as(case)) == ([], ["lapsed"])
    assert case.at("permit") is ItemState.OPEN
    with pytest.raises(NotAllowed, match="没有等待人工核查"):
        case.say(LookedByHand(data="deed", round=1, note="n", record="record:deed"))


def test_what_the_source_says_after_they_have_found_it_is_late() -> None:
    case = case_with(FallbackKind.MANUAL_CHECK)
    case.wait(HOUR)
    command = case.command(FETCH)
    case.looks("deed")
    assert case.comes(fetched(command)) is Taken.LATE
    assert case.state.data["deed"] is DataState.IN_HAND


def test_the_paper_is_asked_for_when_nobody_has_found_it() -> None:
    case = case_with(FallbackKind.MANUAL_CHECK, paper=True)
    case.wait(HOUR)
    case.looks("deed", found=False)
    assert missing_materials(case.record.plan, case.state) == ("paper-deed",)
    assert (case.state.data["deed"], case.targets(FETCH), closed_as(case)) == (DataState.ASKED, [], ["not_found"])
    assert case.targets(CommandKind.SEND_NOTICES) == ["accepted", "supply_needed"]
    case.say(LookUpRetried(data="deed"))
    case.wait(HOUR)
    assert (looking(case), case.state.data["deed"], case.targets(FETCH)) == ([], DataState.ASKED, [])
    case.say(Supplemented(materials=("paper-deed",)))
    assert case.at("permit") is ItemState.OPEN


def test_the_paper_is_asked_for_when_their_time_is_over() -> None:
    case = case_with(FallbackKind.MANUAL_CHECK, paper=True)
    case.source_refuses("deed")
    due = case.state.clocks[by_hand_clock("deed")].due_at
    assert due is not None
    case.wait(due - case.now)
    assert [line.at for line in case.record.events("manual_time_ended")] == [due]
    assert (case.state.data["deed"], closed_as(case)) == (DataState.ASKED, ["lapsed"])
    assert ("by-hand:deed", "missed") in [(line.clock, line.what) for _, line in case.record.ledger]


def test_without_a_paper_they_may_go_on_beyond_their_time() -> None:
    case = case_with(FallbackKind.MANUAL_CHECK)
    case.source_refuses("deed")
    case.wait(3 * DAY)
    assert [task.name for task in looking(case)] == ["deed.by-hand"]
    assert case.state.waits["deed"].told is not None
    case.looks("deed")
    assert case.at("permit") is ItemState.OPEN


def test_without_a_paper_nobody_looks_twice() -> None:
    case = case_with(FallbackKind.MANUAL_CHECK)
    case.source_refuses("deed")
    case.looks("deed", found=False)
    assert case.state.data["deed"] is DataState.PENDING
    case.wait(HOUR)
    case.source_refuses("deed")
    assert (looking(case), len(case.record.reminders)) == ([], 1)


def test_a_paper_that_is_brought_while_they_look_is_taken() -> None:
    case = case_with(FallbackKind.MANUAL_CHECK, paper=True)
    case.wait(HOUR)
    case.say(Supplemented(materials=("paper-deed",)))
    assert (case.state.data["deed"], closed_as(case)) == (DataState.SUPPLIED, ["lapsed"])
    assert (case.targets(FETCH), case.at("permit")) == ([], ItemState.OPEN)


def test_a_paper_that_was_brought_before_spares_them_the_search() -> None:
    case = Case(plan_with(FallbackKind.MANUAL_CHECK, paper=True), materials=["paper-deed"])
    case.wait(HOUR)
    assert (case.state.data["deed"], case.record.open_tasks()) == (DataState.SUPPLIED, [])


def test_other_answers_begin_anew() -> None:
    case = Case(plan_with(FallbackKind.MANUAL_CHECK, paper=True))
    case.wait(HOUR)
    case.say(Supplemented(fields=True, refetch=("deed",)))
    assert (case.state.data["deed"], closed_as(case), case.state.waits) == (DataState.PENDING, ["lapsed"], {})
    case.wait(HOUR)
    assert [(task.name, task.round) for task in looking(case)] == [("deed.by-hand", 2)]


def test_a_plan_that_needs_it_no_more() -> None:
    fewer = make_plan(item("permit"))
    case = Case(plan_with(FallbackKind.WAIT), other_plans=[fewer])
    case.wait(HOUR)
    case.say(Supplemented(plan=fewer.digest, fields=True))
    assert (case.state.waits, case.targets(FETCH)) == ({}, [])
    assert [one.result for one in case.record.reminders.values()] == ["cancelled"]


def test_a_calendar_and_duties_move_their_task() -> None:
    case = case_with(FallbackKind.MANUAL_CHECK)
    case.wait(HOUR)
    (before,) = looking(case)
    case.say(CalendarChanged(old=CALENDAR.digest, new=LATER.digest))
    case.say(ItemReassigned(item="deed", before="owner-deed", department="dep-new", basis="令"))
    (after,) = looking(case)
    assert before.due_at is not None
    assert after.due_at is not None
    assert (after.due_at - before.due_at, after.department) == (DAY, "dep-new")
    assert case.targets(CommandKind.SEND_NOTICES) == ["accepted", "date_moved"]  # of the case's promise


@pytest.mark.parametrize("kind", [FallbackKind.MANUAL_CHECK, FallbackKind.WAIT])
@pytest.mark.parametrize("refused", [True, False])
def test_the_end_of_a_case_ends_it_all(kind: FallbackKind, refused: bool) -> None:
    case = case_with(kind, releasable=True)
    if refused:
        case.source_refuses("deed")
    else:
        case.wait(HOUR)
    case.say(Withdrawn())
    assert (case.state.waits, looking(case), case.targets(FETCH)) == ({}, [], [])
    assert all(one.result == "cancelled" for one in case.record.reminders.values())
    assert by_hand_clock("deed") not in case.state.clocks


def promised() -> Case:
    case = case_with(FallbackKind.COMMITMENT)
    case.source_refuses("deed")
    assert missing_materials(case.record.plan, case.state) == ("paper-deed",)
    case.say(Supplemented(commitments=("paper-deed",), checked=("paper-deed",)))
    return case


def test_a_promise_after_submission_lets_the_case_go_on_and_is_checked() -> None:
    case = promised()
    assert (case.at("permit"), case.state.data["deed"]) == (ItemState.OPEN, DataState.SUPPLIED)
    assert missing_materials(case.record.plan, case.state) == ()
    case.approve("permit")
    (check,) = [task for task in case.record.open_tasks() if task.kind is TaskKind.CHECK]
    assert (check.name, check.department) == ("paper-deed.check", "dep-permit")
    case.say(CommitmentChecked(material="paper-deed", kept=False, finding="f"))
    assert case.state.revocations["permit"].material == "paper-deed"


def test_a_record_that_came_needs_no_check_of_what_was_promised_in_its_place() -> None:
    plan = plan_with(FallbackKind.COMMITMENT)
    case = Case(plan, commitments=["paper-deed"], checked=["paper-deed"])
    case.accept()
    case.fetch("deed")
    case.approve("permit")
    assert case.state.commitments["paper-deed"] is Commitment.TO_CHECK
    assert not [task for task in case.record.open_tasks() if task.kind is TaskKind.CHECK]


def test_what_was_promised_with_the_application_stands_in_at_once() -> None:
    case = Case(plan_with(FallbackKind.COMMITMENT), commitments=["paper-deed"])
    case.accept()
    case.source_refuses("deed")
    assert (case.state.data["deed"], case.at("permit")) == (DataState.SUPPLIED, ItemState.OPEN)


def test_promised_only_what_is_asked_for_in_place_of_a_record() -> None:
    promise = Supplemented(commitments=("paper-deed",))
    for kind in (FallbackKind.MATERIAL, FallbackKind.COMMITMENT):
        with pytest.raises(NotAllowed, match="不能以承诺代替"):
            case_with(kind).say(promise)
    plain = case_with(FallbackKind.MATERIAL)
    plain.source_refuses("deed")
    with pytest.raises(NotAllowed, match="不能以承诺代替"):
        plain.say(promise)
    case = case_with(FallbackKind.COMMITMENT)
    case.source_refuses("deed")
    with pytest.raises(NotAllowed, match="不能以承诺代替"):
        case.say(Supplemented(materials=("paper-deed",), commitments=("paper-deed",)))


def test_what_a_notice_asks_for_has_to_come_itself() -> None:
    case = Case(plan_with(FallbackKind.COMMITMENT))
    case.source_refuses("deed")
    case.say(Supplemented(commitments=("paper-deed",)))
    case.say(CorrectionsAsked(materials=("paper-deed",), notice="n"))
    assert (case.state.data["deed"], case.state.commitments) == (DataState.ASKED, {})
    with pytest.raises(NotAllowed, match="不能以承诺代替"):
        case.say(Supplemented(commitments=("paper-deed",)))
    case.say(Supplemented(materials=("paper-deed",)))
    assert (case.status, case.state.data["deed"]) == (CaseStatus.SUBMITTED, DataState.SUPPLIED)


def test_a_plan_says_its_fallback_completely() -> None:
    said = record("deed").model_dump()
    for wrong in (
        {"fallback": None},
        {"fallback_kind": FallbackKind.WAIT},
        {"fallback_kind": FallbackKind.MANUAL_CHECK},
        {"check_days": 2},
        {"fallback_kind": FallbackKind.COMMITMENT, "fallback": None},
    ):
        with pytest.raises(ValueError, match="deed: "):
            PlanData.model_validate(said | wrong)
