"""Opinions, agreements and joint inspections: who is asked, until when, what approval waits for, what ends it."""

from datetime import date
from typing import Any

import pytest

from onething.domain.calendar.countdown import PauseBasis
from onething.domain.calendar.limits import Limit
from onething.domain.consults.guards import MOST_CONSULTS, NotSigned
from onething.domain.definition.time_rules import ClockRules, OverdueHow
from onething.domain.errors import FailureCode, NotAllowed
from onething.domain.events.consults import InspectionAppointed, InspectionConcluded, InspectionMoved
from onething.domain.events.deadlines import CalendarChanged, ClockResumed, ClockSuspended
from onething.domain.events.intake import Withdrawn
from onething.domain.kernel.commands import CommandKind
from onething.domain.kernel.state import ClockState, CountersignRule, ItemState
from onething.domain.kernel.step_result import TaskOpened
from onething.domain.kernel.task_ref import (
    TaskKind,
)
from tests.domain.builders import CALENDAR, DAY, LATER, MONDAY, Case, item, make_plan
from tests.domain.deadlines.test_rules import local, whats
from tests.domain.stories import answer, ask

ALL, ANY = CountersignRule.ALL, CountersignRule.ANY


def running(*, law: int = 20, clocks: ClockRules | None = ClockRules()) -> Case:  # noqa: B008
    """Items a and b at their departments since Monday 2 March at nine."""
    inspection = [PauseBasis.INSPECTION]
    case = Case(make_plan(item("a", law=law, pauses=inspection), item("b", law=law), clocks=clocks))
    case.accept()
    return case


def inspect(*items: str, n: int = 1, on: date = date(2026, 3, 4), days: int = 5) -> InspectionAppointed:
    return InspectionAppointed(n=n, items=items, on=on, limit=Limit(amount=days))


def conclude(code: str, *, n: int = 1, passed: bool = True) -> InspectionConcluded:
    return InspectionConcluded(n=n, item=code, passed=passed, conclusion=f"conclusion:{code}:{n}")


def consulting(case: Case) -> list[str]:
    return [task.name for task in case.record.open_tasks() if task.kind is TaskKind.CONSULT]


def test_who_is_asked_has_a_task_and_a_clock_and_the_items_time_goes_on() -> None:
    case = running()
    effected = case.say(ask("a", "dep-x", "dep-y", days=3))
    due = local(5, 17)  # 3, 4, 5 March
    assert effected.tasks == (
        TaskOpened(TaskKind.CONSULT, "a.c1", "a", "dep-x", 1, due),
        TaskOpened(TaskKind.CONSULT, "a.c2", "a", "dep-y", 1, due),
    )
    assert {name: case.state.clocks[name].due_at for name in ("step:a:1", "step:a:2")} == {
        "step:a:1": due, "step:a:2": due
    }  # fmt: skip
    assert case.state.clocks["item:a"].state is ClockState.RUNNING
    case.say(answer("a", 2))
    assert consulting(case) == ["a.c1"]
    assert whats(case, "step:a:2") == ["started", "met"]
    with pytest.raises(NotAllowed) as refused:
        case.say(answer("a", 2))
    assert refused.value.code is FailureCode.ALREADY_DECIDED


def test_a_clock_that_runs_out_is_recorded_and_the_answer_is_still_taken() -> None:
    case = running()
    case.say(ask("a", "dep-x", days=1))
    case.wait(3 * DAY)
    assert "step:a:1" in {line.event.clock for line in case.record.events("clock_overdue")}  # type: ignore[union-attr]
    case.say(answer("a", 1))
    assert case.state.clocks["step:a:1"].state is ClockState.MISSED


def test_a_new_calendar_moves_the_task_too() -> None:
    case = running()
    case.say(ask("a", "dep-x", days=3))
    effected = case.say(CalendarChanged(old=CALENDAR.digest, new=LATER.digest))  # 3 March is off
    assert ("a.c1", local(6, 17)) in {(due.name, due.due_at) for due in effected.dues}


@pytest.mark.parametrize("clocks", [ClockRules(), None])
def test_no_longer_than_the_law_s_time_has_left(clocks: ClockRules | None) -> None:
    """Also in a plan that keeps no clock of it."""
    case = running(law=4, clocks=clocks)  # until Friday 6 March
    case.wait(DAY)
    with pytest.raises(NotAllowed, match="不超过 3 个工作日") as refused:
        case.say(ask("a", "dep-x", days=4))
    assert refused.value.code is FailureCode.INVALID_VALUE
    case.say(ask("a", "dep-x", days=3))
    case.wait(4 * DAY)
    with pytest.raises(NotAllowed, match="来不及"):
        case.say(ask("a", "dep-y", days=1, n=2))


def test_an_approval_waits_for_every_agreement() -> None:
    case = running()
    case.say(ask("a", "dep-x", "dep-y", rule=ALL))
    case.say(answer("a", 1, agrees=True))
    with pytest.raises(NotSigned, match="dep-y") as refused:
        case.approve("a")
    assert refused.value.departments == ("dep-y",)
    case.say(answer("a", 2, agrees=False))
    with pytest.raises(NotSigned):
        case.approve("a")
    case.say(ask("a", "dep-y", rule=ALL, n=3))  # asked again, its last answer counts
    with pytest.raises(NotSigned):
        case.approve("a")
    case.say(answer("a", 3, agrees=True))
    case.approve("a")
    assert case.at("a") is ItemState.APPROVED


def test_any_agreement_is_enough_where_that_is_the_rule() -> None:
    case = running()
    case.say(ask("a", "dep-x", "dep-y", rule=ANY))
    with pytest.raises(NotSigned, match="dep-x、dep-y"):
        case.approve("a")
    case.say(answer("a", 2, agrees=True))
    effected = case.approve("a")
    assert [(task.name, task.result) for task in effected.tasks if task.name == "a.c1"] == [("a.c1", "lapsed")]  # type: ignore[union-attr]
    assert not consulting(case)
    assert [one.n for one in case.state.consults["a"]] == [2], "should it come back, that counts no more"


def test_an_opinion_binds_nobody_and_a_refusal_needs_no_agreement() -> None:
    case = running()
    case.say(ask("a", "dep-x"))
    case.say(ask("b", "dep-x", rule=ALL))
    case.approve("a")
    case.refuse("b")
    assert not consulting(case)
    assert whats(case, "step:a:1") == ["started", "cancelled"]
    assert not [name for name in case.state.clocks if name.startswith("step:")]
    with pytest.raises(NotAllowed, match="已终止"):
        case.say(answer("b", 1, agrees=True))


@pytest.mark.parametrize("end", ["withdrawn", "silence"])
def test_an_end_without_a_decision_calls_everything_off(end: str) -> None:
    plan = make_plan(item("a", law=3, overdue=OverdueHow.LAPSE), item("b"), clocks=ClockRules())
    case = Case(plan)
    case.accept()
    case.say(ask("a", "dep-x", days=3))
    case.say(inspect("a"))
    if end == "withdrawn":
        case.say(Withdrawn())
    else:
        case.wait(5 * DAY)
    assert case.at("a") is ItemState.LAPSED
    assert not consulting(case)
    assert (case.state.consults, case.state.inspections) == ({}, {})
    assert whats(case, "inspection:1")[-1] == "cancelled"
    with pytest.raises(NotAllowed):
        case.say(answer("a", 1))


def test_what_is_refused_of_asking_and_why() -> None:
    case = running()
    for wrong, why in (
        (ask("none", "dep-x"), "没有这个事项"),
        (ask("a", "dep-a"), "承办部门自己"),
        (ask("a", "dep-x", "dep-x"), "只能写一次"),
        (ask("a", "dep-x", n=2), "重新读取"),
        (ask("a", "dep-x", days=0), "至少 1 个"),
        (ask("a", *(f"dep-{n}" for n in range(MOST_CONSULTS + 1))), "至多"),
    ):
        with pytest.raises(NotAllowed, match=why):
            case.say(wrong)
    case.say(ask("a", "dep-x"))
    with pytest.raises(NotAllowed, match="尚未答复"):
        case.say(ask("a", "dep-x", n=2))
    with pytest.raises(NotAllowed, match="不写是否同意"):
        case.say(answer("a", 1, agrees=True))
    case.say(ask("a", "dep-y", n=2, rule=ALL))
    with pytest.raises(NotAllowed, match="写明是否同意"):
        case.say(answer("a", 2))
    case.approve("b")
    with pytest.raises(NotAllowed, match="不在办理中"):
        case.say(ask("b", "dep-x"))
    with pytest.raises(NotAllowed, match="不需要意见"):
        case.say(answer("b", 1))


def test_an_inspection_s_clock_runs_until_all_conclusions_are_in() -> None:
    case = running()
    case.say(inspect("a", "b"))
    assert case.state.clocks["inspection:1"].due_at == local(9, 17)
    with pytest.raises(NotAllowed, match="定于 2026-03-04 进行，此前不能作出结论"):
        case.say(conclude("a"))  # it has not taken place
    case.wait(2 * DAY)
    case.say(conclude("a", passed=False))
    assert case.state.clocks["inspection:1"].state is ClockState.RUNNING
    with pytest.raises(NotAllowed, match="没有等待结论"):
        case.say(conclude("a"))
    case.say(conclude("b"))
    assert whats(case, "inspection:1") == ["started", "met"]
    case.approve("a")  # what was found is the department's to weigh
    case.say(inspect("b", n=2, on=date(2026, 3, 7)).model_copy(update={"on_day_off": True}))  # with a word
    case.wait(8 * DAY)
    assert "inspection:2" in {line.event.clock for line in case.record.events("clock_overdue")}  # type: ignore[union-attr]
    case.approve("b")
    assert whats(case, "inspection:2") == ["started", "overdue", "cancelled"]


def test_who_is_decided_is_waited_for_no_more() -> None:
    case = running()
    case.say(inspect("a", "b", on=MONDAY.date()))
    case.say(conclude("a"))
    case.approve("b")
    assert whats(case, "inspection:1") == ["started", "met"]


def test_a_visit_stops_no_statutory_clock_and_a_promise_only_by_the_plan() -> None:
    """行政许可法 Art. 45 knows no site visit, joint or not."""
    visit = ClockSuspended(item="a", basis=PauseBasis.SITE_VISIT, expected_days=2, notice="notice:1")
    without = running()
    without.say(inspect("a", "b"))
    assert without.state.clocks["item:a"].state is ClockState.RUNNING  # appointing stops nothing
    with pytest.raises(NotAllowed, match="不能以"):
        without.say(visit)
    visits = item("a", pauses=[PauseBasis.SITE_VISIT])
    case = Case(make_plan(visits, item("b"), clocks=ClockRules()))
    case.accept()
    law = case.state.clocks["item:a:statutory"].due_at
    case.say(visit)
    case.say(inspect("b"))
    states = {name: clock.state for name, clock in case.state.clocks.items() if clock.state is ClockState.SUSPENDED}
    assert set(states) == {"item:a", "case"}
    case.wait(8 * DAY)
    case.say(ClockResumed(item="a"))
    assert case.state.clocks["item:a:statutory"].due_at == law


def test_what_is_refused_of_an_appointment_and_why() -> None:
    case = running()
    for wrong, why in (
        (inspect("none"), "没有这个事项"),
        (inspect("a", "a"), "只能写一次"),
        (inspect("a", n=2), "重新读取"),
        (inspect("a", on=date(2026, 3, 1)), "踏勘日期须在今天至 2026-03-09"),
        (inspect("a", on=date(2026, 3, 10)), "踏勘日期须在"),
        (inspect("a", days=0), "至少 1 个"),
        (inspect("a", on=date(2026, 3, 7)), "2026-03-07（周六）是休息日，请另选工作日；确需在休息日踏勘的，请写明"),
    ):
        with pytest.raises(NotAllowed, match=why):
            case.say(wrong)
    case.say(inspect("a"))
    with pytest.raises(NotAllowed, match="已安排"):
        case.say(inspect("a", "b", n=2))
    case.wait(2 * DAY)
    case.say(conclude("a"))
    case.approve("a")
    with pytest.raises(NotAllowed, match="不在办理中"):
        case.say(inspect("a", "b", n=2))


def test_the_state_stays_small() -> None:
    plain, case = running(), running()
    case.say(ask("a", *(f"dep-long-name-{n}" for n in range(MOST_CONSULTS)), rule=ALL))
    assert len(case.state.to_json()) - len(plain.state.to_json()) < MOST_CONSULTS * 300
    assert b"consults" not in plain.state.to_json()


def test_of_the_day_and_of_another_one_the_applicant_is_told() -> None:
    case = running()
    case.say(inspect("a", "b"))
    assert case.targets(CommandKind.SEND_NOTICES) == ["accepted", "inspection"]
    before = case.state.clocks["inspection:1"]
    case.say(InspectionMoved(n=1, items=("a", "b"), before=date(2026, 3, 4), on=date(2026, 3, 5)))
    assert case.targets(CommandKind.SEND_NOTICES) == ["accepted", "inspection", "inspection_moved"]
    assert case.state.inspections[1].on == date(2026, 3, 5)
    assert case.state.clocks["inspection:1"] == before, "time for conclusions is as it was"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"n": 2}, FailureCode.NOT_ALLOWED_NOW),
        ({"items": ("a",)}, FailureCode.NOT_ALLOWED_NOW),
        ({"before": date(2026, 3, 3)}, FailureCode.NOT_ALLOWED_NOW),
        ({"items": ("a", "none")}, FailureCode.NOT_FOUND),
        ({"on": date(2026, 3, 4)}, FailureCode.INVALID_VALUE),
        ({"on": date(2026, 3, 1)}, FailureCode.INVALID_VALUE),
        ({"on": date(2026, 3, 10)}, FailureCode.INVALID_VALUE),
    ],
)
def test_to_which_day_it_does_not_move(changes: dict[str, Any], code: FailureCode) -> None:
    case = running()
    case.say(inspect("a", "b"))
    moved = InspectionMoved(n=1, items=("a", "b"), before=date(2026, 3, 4), on=date(2026, 3, 9))
    with pytest.raises(NotAllowed) as refused:
        case.say(moved.model_copy(update=changes))
    assert refused.value.code is code
    case.say(moved)


def test_one_whose_time_is_over_moves_within_the_time_of_a_new_one() -> None:
    case = running()
    case.say(inspect("a"))
    case.wait(14 * DAY)  # Monday 16 March
    moved = InspectionMoved(n=1, items=("a",), before=date(2026, 3, 4), on=date(2026, 3, 31))
    with pytest.raises(NotAllowed):
        case.say(moved)
    case.say(moved.model_copy(update={"on": date(2026, 3, 30)}))
    assert case.state.clocks["inspection:1"].state is ClockState.OVERDUE
