"""Months of a case in seconds: what time alone brings, by kind of clock and by what an end of time means."""

import pytest

from onething.domain.calendar.limits import ExtensionRank, Limit
from onething.domain.definition.items import OnRefusal, UndoHow
from onething.domain.definition.time_rules import ClockRules, OverdueHow, SupplementSilence
from onething.domain.events.deadlines import ClockExtended
from onething.domain.events.intake import Accepted, CorrectionsAsked, Supplemented
from onething.domain.events.tasks import ItemDecided
from onething.domain.kernel.commands import CommandKind
from onething.domain.kernel.state import CaseStatus, ItemState
from onething.domain.plan.plan import Plan
from tests.domain.builders import LADDER, item, make_plan, record
from tests.workflows.by_the_writer import DEAD, House, WrittenCase
from tests.workflows.weeks import FRI, MON, SAT, SUN, THU, TUE, WED

YELLOW = ClockRules(ladder=(LADDER[1],))  # a card as a promise is broken, and no warning before


def approve(code: str) -> ItemDecided:
    return ItemDecided(item=code, round=1, outcome="approve")


async def test_all_are_silent_for_a_quarter(house: House) -> None:
    """Nobody at the counter, nobody at the department: accepted by law, then every clock runs out by itself."""
    case = await WrittenCase.begin(house, make_plan(item("a", certificate=True), clocks=ClockRules()))
    await case.until(11, MON, "09:00")
    at = case.weeks.at
    assert await case.moments() == [
        ("deemed_accepted", at(0, SAT)),  # five working days, the last of them a Saturday that is worked
        ("clock_warned item:a", at(2, WED, "09:00")),
        ("clock_overdue item:a", at(2, WED)),
        ("clock_warned case", at(2, SAT, "09:00")),
        ("clock_overdue case", at(2, SAT)),  # counted from receipt
        ("clock_overdue item:a:statutory", at(5, FRI)),
        ("clock_overdue case:statutory", at(10, THU)),
    ]
    assert await case.item("a") is ItemState.OPEN  # it only escalates
    await case.say(approve("a"))
    await case.closes_well()
    assert await case.certificates() == 1


async def test_every_rung_once_whoever_looks_again(house: House) -> None:
    case = await WrittenCase.begin(house, make_plan(item("a", days=5, law=10), clocks=ClockRules(ladder=LADDER)))
    await case.say(Accepted())
    for week, day in ((0, SAT), (2, THU), (2, SUN), (3, TUE)):
        await case.until(week, day, "20:00")
        await house.sender.send(await house.look_at(case.case_no), first=False)  # told again
        await house.tick(case.case_no)
    await case.until(11, MON, "09:00")
    at = case.weeks.at
    moments = await case.moments()
    assert moments == [
        ("rung_fired item:a soon", at(0, FRI)),
        ("clock_overdue item:a", at(0, SAT)),
        ("rung_fired item:a yellow", at(0, SAT)),
        ("rung_fired case soon", at(2, THU)),
        ("rung_fired item:a:statutory before", at(2, THU)),
        ("clock_overdue case", at(2, SAT)),
        ("clock_overdue item:a:statutory", at(2, SAT)),
        ("rung_fired case yellow", at(2, SAT)),
        ("rung_fired item:a:statutory red", at(3, MON)),
        ("rung_fired case:statutory before", at(10, TUE)),
        ("clock_overdue case:statutory", at(10, THU)),
        ("rung_fired case:statutory red", at(10, FRI)),
    ]
    claimed = await house.stage.look("select clock, rung, at from rungs where case_no = $1", case.case_no)
    told = sorted((f"rung_fired {row['clock']} {row['rung']}", row["at"]) for row in claimed)
    assert told == sorted(one for one in moments if one[0].startswith("rung_fired"))
    await case.say(approve("a"))
    await case.closes_well()


@pytest.mark.parametrize("silence", SupplementSilence)
async def test_the_applicant_does_not_supply(house: House, silence: SupplementSilence) -> None:
    basis = "《测试条例》第一条" if silence is SupplementSilence.WITHDRAWN else None
    rules = ClockRules(
        supplement=Limit(amount=3), supplement_silence=silence, silence_basis=basis, ladder=YELLOW.ladder
    )
    plan = make_plan(item("a", data=["x"], materials=["deed"]), data=[record("x", releasable=True)], clocks=rules)
    case = await WrittenCase.begin(house, plan, materials=["deed"])
    await case.until(0, TUE, "10:00")
    await case.say(CorrectionsAsked(fields=("name",), notice="notice:1"))
    await case.until(2, SUN, "10:00")
    at = case.weeks.at
    moments = await case.moments()
    assert [what for what, _ in moments].index("clock_warned supplement") < len(moments) - 1, "they are reminded first"
    if silence is not SupplementSilence.GO_ON:
        assert moments[1:] == [("supplement_time_ended", at(0, FRI))]
        ends = {SupplementSilence.WITHDRAWN: CaseStatus.WITHDRAWN, SupplementSilence.NOT_ACCEPTED: CaseStatus.REJECTED}
        await case.closes_well(ends[silence])
        assert case.undos() == ["release src-x"]
        return
    assert moments[1:] == [
        ("supplement_time_ended", at(0, FRI)),
        ("deemed_accepted", at(2, FRI)),  # the counter had five days of its own
    ]
    await case.say(approve("a"))
    await case.closes_well()
    assert case.undos() == []


def policy_plan(how: OverdueHow) -> Plan:
    return make_plan(
        item("before", days=5, undo=UndoHow.RELEASE),
        item("silent", data=["x"], days=5, law=3, overdue=how, refusal=OnRefusal.STOP),
        item("after", needs=["silent"], certificate=True),
        data=[record("x", releasable=True)],
        clocks=YELLOW,
    )


@pytest.mark.parametrize("how", OverdueHow)
async def test_what_an_end_of_time_means(house: House, how: OverdueHow) -> None:
    case = await WrittenCase.begin(house, policy_plan(how))
    await case.say(Accepted())
    await house.until_gathered(case.case_no)
    await case.say(approve("before"))
    await case.until(0, FRI, "10:00")
    thursday = case.weeks.at(0, THU)
    decided = [] if how is OverdueHow.ESCALATE else [(f"decided_by_silence silent {how}", thursday)]
    assert await case.moments() == [("clock_overdue item:silent:statutory", thursday), *decided]
    items = {
        OverdueHow.ESCALATE: (ItemState.OPEN, ItemState.WAITING),
        OverdueHow.DEEM_APPROVED: (ItemState.APPROVED, ItemState.OPEN),
        OverdueHow.REFUSE: (ItemState.REFUSED, ItemState.LAPSED),
        OverdueHow.LAPSE: (ItemState.LAPSED, ItemState.SKIPPED),
        OverdueHow.PROCEED_WITHOUT: (ItemState.LAPSED, ItemState.OPEN),
    }[how]
    assert (await case.item("silent"), await case.item("after")) == items
    match how:
        case OverdueHow.REFUSE:
            await case.closes_well(CaseStatus.TERMINATED)
            assert case.undos() == ["revoke before", "release src-x"]
            return
        case OverdueHow.ESCALATE:
            await case.say(approve("silent"), approve("after"))
        case OverdueHow.DEEM_APPROVED | OverdueHow.PROCEED_WITHOUT:
            await case.say(approve("after"))
    await case.closes_well()
    assert await case.certificates() == (0 if how is OverdueHow.LAPSE else 1)
    assert case.undos() == []


async def test_jointly_handled_and_extended_by_fifteen_days(house: House) -> None:
    rules = ClockRules(joint=True, ladder=YELLOW.ladder)
    case = await WrittenCase.begin(house, make_plan(item("a", days=70, law=70), clocks=rules))
    await case.say(Accepted())
    await case.until(0, WED, "10:00")
    await case.say(ClockExtended(amount=15, rank=ExtensionRank.GOVERNMENT_HEAD, notice="notice:1"))
    at = case.weeks.at
    assert (await case.due("case"), await case.due("case:statutory")) == (at(5, FRI), at(13, THU))
    await case.until(13, FRI, "09:00")
    assert await case.moments() == [
        ("clock_overdue case", at(5, FRI)),
        ("rung_fired case yellow", at(5, FRI)),
        ("clock_overdue case:statutory", at(13, THU)),
    ]
    await case.say(approve("a"))
    await case.closes_well()


async def test_the_results_are_not_delivered_in_time(house: House) -> None:
    case = await WrittenCase.begin(house, make_plan(item("a", certificate=True), clocks=YELLOW))
    house.broken.add(case.case_no)
    await case.say(Accepted(), approve("a"))
    await case.until(2, SAT, "16:00")
    assert await case.moments() == []
    house.broken.remove(case.case_no)
    await case.until(2, SUN, "09:00")  # woken by the deadline, the workflow sets out again for what was given up
    assert await case.moments() == [("clock_overdue delivery", case.weeks.at(2, SAT))]
    await case.closes_well()
    assert await case.certificates() == 1


async def test_patience_with_a_source_ends(house: House) -> None:
    plan = make_plan(item("a", data=[DEAD, "x"]), data=[record(DEAD), record("x")], clocks=YELLOW)
    case = await WrittenCase.begin(house, plan)
    await case.say(Accepted())
    await case.until(0, MON, "11:00")
    (ended,) = await case.moments()
    submitted = (await case.lines())[0][0]
    assert (ended[1] - submitted).total_seconds() == 3600
    assert CommandKind.FETCH_RECORD in ended[0]
    assert await case.item("a") is ItemState.GATHERING
    await case.say(Supplemented(materials=(f"paper-{DEAD}",)), approve("a"))
    await case.closes_well()
