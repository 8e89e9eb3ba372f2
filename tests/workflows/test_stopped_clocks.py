"""Time that stands still, is given, or is counted anew while it runs: each date is worked out by hand.

An office day has six hours, from 9 to 12 and from 14 to 17: as many paused ones are one day that does not count.
"""

from datetime import datetime, timedelta

from onething.domain.calendar.countdown import PauseBasis
from onething.domain.calendar.limits import ExtensionRank
from onething.domain.definition.items import OnRefusal
from onething.domain.definition.time_rules import OverdueHow
from onething.domain.events.deadlines import ClockExtended, ClockResumed, ClockSuspended
from onething.domain.events.intake import Accepted, ItemCorrectionsAsked, Supplemented
from onething.domain.events.tasks import ItemDecided
from onething.domain.kernel.state import ClockState, ItemState
from onething.domain.plan.plan import PlanItem
from tests.domain.builders import item, make_plan
from tests.workflows.by_the_writer import House, WrittenCase
from tests.workflows.test_deadlines import YELLOW, approve
from tests.workflows.weeks import FRI, MON, SAT, SUN, THU, TUE, WED, When


def heard(code: str = "a", *, days: int = 3) -> PlanItem:
    """An item with a hearing."""
    return item(code, days=days, law=10, pauses=[PauseBasis.HEARING])


def suspend(code: str = "a") -> ClockSuspended:
    return ClockSuspended(item=code, basis=PauseBasis.HEARING, expected_days=5, notice="notice:1")


async def begun(house: House, *items: PlanItem, week: int = 0, closed: tuple[When, ...] = ()) -> WrittenCase:
    """Accepted on Monday morning."""
    case = await WrittenCase.begin(house, make_plan(*items, clocks=YELLOW), week=week, closed=closed)
    await case.say(Accepted())
    return case


async def finish(case: WrittenCase, *codes: str) -> None:
    await case.say(*(ItemDecided(item=code, round=1, outcome="approve") for code in codes))
    await case.closes_well()


async def moments(case: WrittenCase) -> list[tuple[str, datetime]]:
    """To the nearest minute: pauses begin and end as fast as the test gets to saying so."""
    half = timedelta(seconds=30)
    return [(what, (at + half).replace(second=0, microsecond=0)) for what, at in await case.moments()]


async def test_a_pause_over_spring_festival(house: House) -> None:
    case = await begun(house, heard())
    await case.until(0, THU, "10:00")  # Tuesday and Wednesday are used up, and an hour of Thursday
    await case.say(suspend())
    await case.until(1, SUN, "12:00")
    assert await case.moments() == []
    await case.say(ClockResumed(item="a"))  # in the middle of the holiday
    at = case.weeks.at
    assert await case.due("item:a:statutory") == await case.due("case") == at(3, TUE)  # 17 hours: Friday and Saturday
    await case.until(2, WED, "10:00")
    end = at(2, TUE, "16:00")  # nothing ends in a pause: the five hours that were left of Thursday
    assert await moments(case) == [("clock_overdue item:a", end), ("rung_fired item:a yellow", end)]
    await finish(case, "a")


async def test_a_pause_over_national_day(house: House) -> None:
    case = await begun(house, heard(), week=7)
    await case.until(7, TUE, "10:00")
    await case.say(suspend())
    await case.until(8, FRI, "11:00")  # 19 hours: Wednesday, Thursday and this Friday
    await case.say(ClockResumed(item="a"))
    await case.until(9, TUE, "10:00")  # that Tuesday, the Saturday that is worked, Monday
    at = case.weeks.at
    assert await case.moments() == [("clock_overdue item:a", at(9, MON)), ("rung_fired item:a yellow", at(9, MON))]
    await finish(case, "a")


async def test_a_pause_on_the_day_it_is_due(house: House) -> None:
    case = await begun(house, heard())
    await case.until(0, THU, "16:00")  # an hour before the end
    await case.say(suspend())
    await case.until(0, SAT, "10:00")
    assert await case.moments() == []
    await case.say(ClockResumed(item="a"))
    await case.until(0, SUN, "10:00")
    at = case.weeks.at
    end = at(0, SAT, "11:00")  # the hour that was left
    assert await moments(case) == [("clock_overdue item:a", end), ("rung_fired item:a yellow", end)]
    await finish(case, "a")


async def test_resumed_after_the_day_it_was_due(house: House) -> None:
    case = await begun(house, heard())
    await case.until(0, WED, "10:00")  # one day is used up; it was due on Thursday
    await case.say(suspend())
    await case.until(2, WED, "11:00")
    assert await case.moments() == []
    await case.say(ClockResumed(item="a"))  # 31 hours: five days, the first Wednesday not among them
    await case.until(2, FRI, "10:00")
    at = case.weeks.at
    assert await case.moments() == [("clock_overdue item:a", at(2, THU)), ("rung_fired item:a yellow", at(2, THU))]
    await finish(case, "a")


async def test_extended_while_it_stands_still(house: House) -> None:
    case = await begun(house, heard())
    await case.until(0, WED, "10:00")
    await case.say(suspend())
    await case.until(0, THU, "10:00")
    await case.say(ClockExtended(item="a", amount=5, rank=ExtensionRank.AGENCY_HEAD, notice="notice:2"))
    assert await case.due("item:a") is None
    await case.until(2, TUE, "11:00")  # 25 hours: Thursday, Friday, Saturday and this Tuesday
    await case.say(ClockResumed(item="a"))
    at = case.weeks.at
    assert await case.due("item:a:statutory") == at(4, THU)  # 15 days, two used up
    await case.until(3, WED, "10:00")
    assert await case.moments() == [("clock_overdue item:a", at(3, TUE)), ("rung_fired item:a yellow", at(3, TUE))]
    await finish(case, "a")


async def test_only_a_pause_on_the_critical_path_stops_the_case(house: House) -> None:
    case = await begun(house, heard("long", days=6), heard("short", days=1))
    at = case.weeks.at
    assert await case.due("case") == at(2, SAT)
    await case.until(0, TUE, "10:00")
    await case.say(suspend("short"))
    assert (await case.state()).clocks["case"].state is ClockState.RUNNING
    await case.until(0, THU, "09:30")
    await case.say(ClockResumed(item="short"), suspend("long"))
    assert (await case.state()).clocks["case"].state is ClockState.SUSPENDED
    await case.until(0, FRI, "11:00")
    await case.say(ClockResumed(item="long"))
    await case.until(3, TUE, "10:00")
    assert await moments(case) == [
        ("clock_overdue item:short", at(0, THU, "16:30")),  # the five hours that were left of Tuesday
        ("rung_fired item:short yellow", at(0, THU, "16:30")),
        ("clock_overdue item:long", at(2, WED)),  # 7.5 hours: a day was lost
        ("rung_fired item:long yellow", at(2, WED)),
        ("clock_overdue case", at(3, MON)),
        ("clock_overdue item:long:statutory", at(3, MON)),
        ("clock_overdue item:short:statutory", at(3, MON)),  # 11.5 hours: a day as well
        ("rung_fired case yellow", at(3, MON)),
    ]
    await finish(case, "long", "short")


async def test_corrections_stop_the_promise_and_not_the_law(house: House) -> None:
    case = await WrittenCase.begin(
        house, make_plan(item("a", days=3, law=10, materials=["deed"]), clocks=YELLOW), materials=["deed"]
    )
    await case.say(Accepted())
    await case.until(0, TUE, "10:00")
    await case.say(ItemCorrectionsAsked(item="a", materials=("deed",), notice="notice:1"))
    await case.until(0, THU, "11:00")  # 13 hours: Wednesday and Thursday
    await case.say(Supplemented(materials=("deed",)))
    await case.until(3, MON, "10:00")
    at = case.weeks.at
    assert await case.moments() == [
        ("clock_overdue item:a", at(0, SAT)),
        ("rung_fired item:a yellow", at(0, SAT)),
        ("clock_overdue item:a:statutory", at(2, SAT)),  # nothing was taken off
    ]
    await finish(case, "a")


async def test_silence_decides_though_corrections_are_awaited(house: House) -> None:
    refused = item("a", days=3, law=5, materials=["deed"], overdue=OverdueHow.REFUSE, refusal=OnRefusal.GO_ON)
    case = await WrittenCase.begin(house, make_plan(refused, item("b"), clocks=YELLOW), materials=["deed"])
    await case.say(Accepted(), approve("b"))
    await case.until(0, TUE, "10:00")
    await case.say(ItemCorrectionsAsked(item="a", materials=("deed",), notice="notice:1"))
    await case.until(2, MON, "10:00")
    at = case.weeks.at
    assert await case.moments() == [
        ("clock_overdue item:a:statutory", at(0, SAT)),
        ("decided_by_silence a refuse", at(0, SAT)),
    ]
    assert await case.item("a") is ItemState.REFUSED
    await case.closes_well()


async def test_a_new_calendar_gives_a_day_more(house: House) -> None:
    case = await begun(house, heard())
    await case.until(0, TUE, "10:00")
    await case.change_calendar(closed=[(0, WED)])
    at = case.weeks.at
    await case.until(0, THU, "20:00")
    assert await case.moments() == []  # the timer was set for Thursday: the case writer says that it is too early
    await case.until(0, SAT, "10:00")
    assert await case.moments() == [("clock_overdue item:a", at(0, FRI)), ("rung_fired item:a yellow", at(0, FRI))]
    await finish(case, "a")


async def test_a_new_calendar_takes_a_day_away(house: House) -> None:
    case = await begun(house, heard(), closed=((0, THU),))
    assert await case.due("item:a") == case.weeks.at(0, FRI)
    await case.until(0, TUE, "10:00")
    await case.change_calendar()
    await case.until(0, FRI, "10:00")  # the workflow was told of the earlier moment
    at = case.weeks.at
    assert await case.moments() == [("clock_overdue item:a", at(0, THU)), ("rung_fired item:a yellow", at(0, THU))]
    await finish(case, "a")


async def test_a_new_calendar_makes_it_due_at_once(house: House) -> None:
    case = await begun(house, heard(), closed=((0, WED), (0, THU)))
    assert await case.due("item:a") == case.weeks.at(0, SAT)
    await case.until(0, FRI, "10:00")
    changed_at = await case.change_calendar()
    await case.until(0, FRI, "10:05")
    assert await case.due("item:a") == case.weeks.at(0, THU)  # and what follows from it comes with the change
    assert await case.moments() == [("clock_overdue item:a", changed_at), ("rung_fired item:a yellow", changed_at)]
    await finish(case, "a")


async def test_a_pause_that_a_new_calendar_makes_longer(house: House) -> None:
    """Counted anew while it stands still: nothing moves until it is resumed, then by the new calendar."""
    case = await begun(house, heard())
    await case.until(0, WED, "10:00")
    await case.say(suspend())
    await case.change_calendar(closed=[(2, TUE)])
    assert await case.due("item:a") is None
    await case.until(1, MON, "10:00")
    await case.say(ClockResumed(item="a"))
    await case.until(2, FRI, "10:00")
    at = case.weeks.at
    wednesday = at(2, WED)  # the first after the closed day; two were used up, three did not count
    assert await case.moments() == [("clock_overdue item:a", wednesday), ("rung_fired item:a yellow", wednesday)]
    await finish(case, "a")
