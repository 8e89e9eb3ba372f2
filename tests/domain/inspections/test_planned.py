"""Inspections of the plan: days, parts, who did not come, the one list, looking again at failed points alone."""

from datetime import date, timedelta

import pytest

from onething.domain.calendar.countdown import PauseBasis
from onething.domain.calendar.days import local_date
from onething.domain.deadlines.clock_kinds import (
    CASE_CLOCK,
    item_clock,
    item_statutory,
    joint_clock,
    mend_clock,
)
from onething.domain.definition.items import OnRefusal
from onething.domain.definition.periods import InspectionState, PartState, WhenAbsent
from onething.domain.definition.time_rules import ClockRules, OverdueHow, Recipient
from onething.domain.errors import NotAllowed
from onething.domain.events.consults import (
    DayChosen,
    DaySet,
    DaysOffered,
    InspectionClosed,
    PartRecorded,
    PointsRectified,
)
from onething.domain.events.intake import Withdrawn
from onething.domain.events.items import CaseReopened
from onething.domain.kernel.commands import CommandKind
from onething.domain.kernel.custody import at_work
from onething.domain.kernel.state import CaseStatus, ClockState, ItemState, PlannedProgress
from onething.domain.plan.plan import PlanInspection, PlanItem
from tests.domain.builders import DAY, Case, inspection, item, make_plan
from tests.domain.stories import finish

S, P = InspectionState, PartState
WEDNESDAY, THURSDAY = date(2026, 3, 4), date(2026, 3, 5)  # the case begins on a Monday
GOES_ON = OnRefusal.GO_ON


def begun(*items: PlanItem, planned: PlanInspection) -> Case:
    case = Case(make_plan(*items, inspections=(planned,), clocks=ClockRules()))
    case.accept()
    return case


def building(planned: PlanInspection | None = None) -> Case:
    """Fire and air defence look together; the record of completion comes after that."""
    fire, defence = item("fire", refusal=GOES_ON, law=40), item("defence", refusal=GOES_ON, law=40)
    record = item("record", needs=["fire", "defence"], inspections=["site"])
    return begun(fire, defence, record, planned=planned or inspection("site", "fire", "defence"))


def site(case: Case) -> PlannedProgress:
    return case.state.planned["site"]


def parts(case: Case) -> dict[str, PartState]:
    return {code: part.state for code, part in site(case).parts.items()}


def offer(case: Case, *days: date) -> None:
    case.say(DaysOffered(inspection="site", round=site(case).round, days=days or (WEDNESDAY, THURSDAY)))


def held_on(case: Case, on: date = WEDNESDAY) -> None:
    """Offered, chosen, and the day has come."""
    offer(case, on, on + DAY) if site(case).round == 1 else offer(case, on)
    case.say(DayChosen(inspection="site", on=on))
    case.wait(timedelta(days=(on - local_date(case.now)).days))


def found(case: Case, code: str, *points: str, officers: int = 2) -> None:
    event = PartRecorded(
        inspection="site", item=code, round=site(case).round, officers=officers, points=points, record="r"
    )
    case.say(event)


def close(case: Case) -> None:
    case.say(InspectionClosed(inspection="site", round=site(case).round, points="l"))


def rectified(case: Case) -> None:
    case.say(PointsRectified(inspection="site", round=site(case).round, report="m"))


def test_the_applicant_chooses_of_the_days_that_the_lead_offers() -> None:
    case = building()
    assert (site(case).state, set(parts(case).values())) == (S.READY, {P.DUE})
    assert case.state.clocks[joint_clock("site")].state is ClockState.RUNNING
    with pytest.raises(NotAllowed, match="至少提供 2 个日期"):
        offer(case, WEDNESDAY)
    with pytest.raises(NotAllowed, match="同一天写了两次"):
        offer(case, WEDNESDAY, WEDNESDAY)
    offer(case)
    assert "days_offered" in case.targets(CommandKind.SEND_NOTICES)
    with pytest.raises(NotAllowed, match="请在提供的日期中选择"):
        case.say(DayChosen(inspection="site", on=date(2026, 3, 6)))
    case.say(DayChosen(inspection="site", on=THURSDAY))
    assert (site(case).state, site(case).on) == (S.SET, THURSDAY)
    with pytest.raises(NotAllowed, match="已定日期，不能选日期"):
        case.say(DayChosen(inspection="site", on=WEDNESDAY))


def test_days_are_not_past_not_too_late_and_no_days_off_unless_it_is_said() -> None:
    case = building()
    for days, why in (
        ((date(2026, 3, 1), WEDNESDAY), "已经过去"),
        ((WEDNESDAY, date(2026, 3, 10)), "太晚"),
        ((WEDNESDAY, date(2026, 3, 7)), "是休息日"),
    ):
        with pytest.raises(NotAllowed, match=why):
            offer(case, *days)
    case.say(DaysOffered(inspection="site", round=1, days=(WEDNESDAY, date(2026, 3, 7)), on_day_off=True))


def test_where_no_day_fits_the_lead_sets_one_and_may_move_it() -> None:
    case = building()
    with pytest.raises(NotAllowed, match="请先为“查验 site”提供几个日期"):
        case.say(DaySet(inspection="site", on=WEDNESDAY))
    offer(case)
    case.say(DayChosen(inspection="site"))
    assert site(case).state is S.READY
    case.say(DaySet(inspection="site", on=THURSDAY))
    assert "day_set" in case.targets(CommandKind.SEND_NOTICES)
    with pytest.raises(NotAllowed, match="刚刚有人改动"):
        case.say(DaySet(inspection="site", on=WEDNESDAY))
    with pytest.raises(NotAllowed, match="原定就是"):
        case.say(DaySet(inspection="site", before=THURSDAY, on=THURSDAY))
    case.say(DaySet(inspection="site", before=THURSDAY, on=date(2026, 3, 20)))
    assert site(case).on == date(2026, 3, 20)


def test_each_department_records_its_own_part_and_decides_when_it_has() -> None:
    case = building()
    held_on(case)
    with pytest.raises(NotAllowed, match="还没有登记本部门的查验结果"):
        case.approve("fire")
    with pytest.raises(NotAllowed, match="至少 2 人签字，现在只有 1 人"):
        found(case, "fire", officers=1)
    found(case, "fire")
    case.approve("fire")
    with pytest.raises(NotAllowed, match="已经办结"):
        found(case, "fire")
    found(case, "defence")
    assert site(case).state is S.CLOSED  # nothing is to be mended
    assert case.at("record") is ItemState.WAITING
    case.approve("defence")
    case.approve("record")
    finish(case)
    assert case.status is CaseStatus.CLOSED


def test_nothing_is_recorded_before_the_day() -> None:
    case = building()
    offer(case)
    with pytest.raises(NotAllowed, match="不能登记查验结果"):
        found(case, "fire")
    case.say(DayChosen(inspection="site", on=WEDNESDAY))
    with pytest.raises(NotAllowed, match="定于 2026-03-04"):
        found(case, "fire")


def test_what_is_to_be_mended_stands_in_one_list_and_only_that_is_looked_at_again() -> None:
    case = building()
    held_on(case)
    found(case, "fire", "f1", "f2")
    with pytest.raises(NotAllowed, match="还没有登记结果：事项 defence"):
        close(case)
    found(case, "defence")
    assert parts(case) == {"fire": P.POINTS, "defence": P.PASSED}
    for say in (case.approve, case.refuse):
        with pytest.raises(NotAllowed, match="f1、f2）还没有复验通过"):
            say("fire")
    close(case)
    assert site(case).state is S.RECTIFYING
    assert "inspection_list" in case.targets(CommandKind.SEND_NOTICES)
    case.approve("defence")
    assert case.at("record") is ItemState.WAITING
    rectified(case)
    assert (site(case).state, site(case).round, parts(case)["fire"]) == (S.READY, 2, P.DUE)
    held_on(case, date(2026, 3, 6))
    with pytest.raises(NotAllowed, match="不能提出新的：f3"):
        found(case, "fire", "f2", "f3")
    with pytest.raises(NotAllowed, match="已经办结"):
        found(case, "defence")
    found(case, "fire")
    case.approve("fire")
    assert (site(case).state, case.at("record")) == (S.CLOSED, ItemState.OPEN)


def test_what_is_still_not_mended_after_the_last_look_has_failed_for_good() -> None:
    case = building()
    held_on(case)
    found(case, "fire", "f1", "f2")
    found(case, "defence")
    close(case)
    rectified(case)
    held_on(case, date(2026, 3, 6))
    found(case, "fire", "f2")
    close(case)
    assert (site(case).state, parts(case)["fire"]) == (S.CLOSED, P.FAILED)
    with pytest.raises(NotAllowed, match="（f2）没有整改到位，不能准予"):
        case.approve("fire")
    case.refuse("fire")
    assert case.at("fire") is ItemState.REFUSED


def test_so_has_what_is_not_reported_in_time() -> None:
    case = building()
    held_on(case)
    found(case, "fire", "f1")
    found(case, "defence")
    close(case)
    case.wait(13 * DAY)  # ten days, and the last is no day off
    assert case.kinds()[-1] == "mending_time_ended"
    assert (site(case).state, parts(case)["fire"]) == (S.CLOSED, P.FAILED)
    with pytest.raises(NotAllowed, match="没有等待整改的清单"):
        rectified(case)


@pytest.mark.parametrize("stops_law", [True, False])
def test_what_the_applicant_mends_takes_none_of_the_departments_time(*, stops_law: bool) -> None:
    case = building(inspection("site", "fire", "defence", stops_law=stops_law))
    held_on(case)
    found(case, "fire", "f1")
    found(case, "defence")
    close(case)
    clocks = case.state.clocks
    assert clocks[item_clock("fire")].state is ClockState.SUSPENDED
    assert clocks[item_clock("fire")].pauses[-1].basis is PauseBasis.RECTIFYING
    assert clocks[CASE_CLOCK].state is ClockState.SUSPENDED
    assert clocks[item_clock("defence")].state is ClockState.RUNNING
    law = clocks[item_statutory("fire")].state
    assert law is (ClockState.SUSPENDED if stops_law else ClockState.RUNNING)
    assert case.at("fire") is ItemState.OPEN
    assert mend_clock("site") in clocks
    assert joint_clock("site") not in clocks
    rectified(case)
    for name in (item_clock("fire"), item_statutory("fire"), CASE_CLOCK, joint_clock("site")):
        assert case.state.clocks[name].state is ClockState.RUNNING
    assert mend_clock("site") not in case.state.clocks


def test_who_did_not_come_is_told_of_and_checks_alone() -> None:
    case = building()
    held_on(case)
    found(case, "fire", "f1")
    case.wait(DAY)
    assert "inspection_day_ended" in case.kinds()
    assert parts(case) == {"fire": P.POINTS, "defence": P.ABSENT}
    [told] = case.record.rungs
    assert (told.item, told.tells) == ("defence", (Recipient.LEADER, Recipient.SUPERVISOR))
    close(case)
    case.approve("defence")
    assert site(case).state is S.RECTIFYING


def test_who_is_late_may_still_record_until_the_list_is_out() -> None:
    case = building()
    held_on(case)
    found(case, "fire", "f1")
    case.wait(DAY)
    found(case, "defence", "d1")
    close(case)
    assert parts(case) == {"fire": P.POINTS, "defence": P.POINTS}


def test_where_a_rule_says_so_who_did_not_come_has_agreed_to_the_facts() -> None:
    case = building(inspection("site", "fire", "defence", absent=WhenAbsent.FACTS_AGREED))
    held_on(case)
    found(case, "fire", "f1")
    case.wait(DAY)
    assert (parts(case)["defence"], case.record.rungs) == (P.ABSENT, [])
    with pytest.raises(NotAllowed, match="视为认可"):
        found(case, "defence")


def test_where_nobody_came_it_has_not_taken_place() -> None:
    case = building()
    held_on(case)
    case.wait(DAY)
    assert (site(case).state, site(case).on, set(parts(case).values())) == (S.READY, None, {P.DUE})
    assert {one.item for one in case.record.rungs} == {"fire", "defence"}
    case.say(DaySet(inspection="site", on=date(2026, 3, 6)))
    assert site(case).state is S.SET


def test_it_begins_after_what_it_comes_after_with_the_first_of_its_items() -> None:
    planning = item("planning")
    fire, defence = item("fire", needs=["planning"]), item("defence", materials=["map"])
    plan = make_plan(planning, fire, defence, inspections=(inspection("site", "fire", "defence", needs=["planning"]),))
    case = Case(plan)
    case.accept()
    assert "site" not in case.state.planned
    with pytest.raises(NotAllowed, match="还没有开始"):
        case.approve("defence")
    with pytest.raises(NotAllowed, match="“查验 site”还没有开始"):
        case.say(DaysOffered(inspection="site", round=1, days=(WEDNESDAY, THURSDAY)))
    case.approve("planning")
    assert parts(case) == {"fire": P.DUE, "defence": P.DUE}


def test_silence_decides_without_it_and_it_is_closed_when_all_are_decided() -> None:
    fire = item("fire", law=3, overdue=OverdueHow.DEEM_APPROVED, refusal=GOES_ON)
    defence = item("defence", law=3, overdue=OverdueHow.DEEM_APPROVED, refusal=GOES_ON)
    record = item("record", needs=["fire", "defence"], inspections=["site"])
    case = begun(fire, defence, record, planned=inspection("site", "fire", "defence"))
    case.wait(4 * DAY)
    assert (case.at("fire"), case.at("defence")) == (ItemState.APPROVED, ItemState.APPROVED)
    assert (site(case).state, case.at("record")) == (S.CLOSED, ItemState.OPEN)


def test_whoever_urges_is_heard_by_the_lead_while_it_is_its_turn() -> None:
    planning = item("planning", refusal=GOES_ON)
    lead = inspection("site", "fire", "defence").model_copy(update={"department": "dep-planning"})
    case = begun(planning, item("fire"), item("defence"), planned=lead)
    case.approve("planning")
    assert "dep-planning" in at_work(case.record.plan, case.state)
    offer(case)
    assert "dep-planning" not in at_work(case.record.plan, case.state)


def test_it_is_over_with_the_case() -> None:
    case = building()
    held_on(case)
    found(case, "fire", "f1")
    found(case, "defence")
    close(case)
    case.say(Withdrawn())
    assert site(case).state is S.CLOSED
    assert not {joint_clock("site"), mend_clock("site")} & case.state.clocks.keys()
    case.wait(40 * DAY)
    assert case.kinds()[-1] not in {"mending_time_ended", "inspection_day_ended"}


def test_what_is_decided_anew_is_looked_at_by_its_department_alone() -> None:
    case = building()
    held_on(case)
    found(case, "fire", "f1")
    found(case, "defence")
    close(case)
    case.wait(13 * DAY)
    case.refuse("fire")
    case.approve("defence")
    case.approve("record")
    finish(case)
    case.say(CaseReopened(items=("fire",), basis="令", reason="r"))
    case.approve("fire")
    assert case.at("fire") is ItemState.APPROVED


def test_an_item_that_takes_no_part_waits_for_nothing() -> None:
    case = begun(item("fire"), item("defence"), item("gas"), planned=inspection("site", "fire", "defence"))
    case.approve("gas")
    held_on(case)
    with pytest.raises(NotAllowed, match="不参加“查验 site”"):
        found(case, "gas")
