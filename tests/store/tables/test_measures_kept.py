"""The sums that workers keep: equal to a count of everything, whatever was recorded and whenever they were taken up."""

import asyncio
from datetime import date
from random import Random

import asyncpg
import pytest

from onething.domain.definition.time_rules import ClockRules
from onething.domain.events.followup import Rated
from onething.domain.events.intake import Accepted, CorrectionsAsked, ItemCorrectionsAsked, Rejected, Supplemented
from onething.relay.figures_rollup import FiguresRollup
from onething.store.record.hash_chain import line_text
from onething.store.tables import measures
from onething.store.tables.measures import ItemKey, Measured, ReportingPeriod
from tests.domain.builders import DAY, MONDAY, item, make_plan, material
from tests.domain.stories import STORIES
from tests.store.stage import CITIZEN, COUNTER, REGION, SUPERVISOR, Stage, officer
from tests.store.tables.full_count import full_count, periods
from tests.store.telling import Telling
from tests.support.whole import sampled

_LOCAL_DAYS = """
select distinct (at at time zone 'Asia/Shanghai')::date as day from (
    select closed_at as at from tasks where state = 'done' union all select at from rungs
    union all select at from journal where kind ~ '(returned|corrections_asked)$'
) t order by 1
"""


async def _shown(stage: Stage, first: date, last: date) -> Measured:
    everybody = [row["department"] for row in await stage.look("select distinct department from tasks")]
    async with stage.api.transaction(SUPERVISOR) as tx:
        return await measures.measure(tx, ReportingPeriod(REGION, everybody, first, last))


async def _kept_of(stage: Stage) -> list[tuple[object, ...]]:
    """The sums, but for those that have become nothing."""
    rows = [*await stage.look("select * from daily_figures"), *await stage.look("select * from daily_demands")]
    kept = [tuple(row.values()) for row in rows]
    return sorted((row for row in kept if any(value for value in row if isinstance(value, int))), key=str)


@pytest.mark.parametrize("seed", sampled(range(2), 1))
async def test_sums_equal_a_full_count_whenever_they_are_taken_up(stage: Stage, seed: int) -> None:
    random = Random(seed)
    rollup = FiguresRollup(stage.worker)

    stories = random.sample(list(STORIES), len(STORIES))
    for name in stories:
        async for _ in Telling(stage, STORIES[name]()).line_by_line():
            if random.random() < 0.15:
                while await rollup.fold_once():
                    pass
    asked = periods([row["day"] for row in await stage.look(_LOCAL_DAYS)])
    counted = {period: await full_count(stage, *period) for period in asked}
    whole = counted[asked[0]]
    assert sum(one.returned + one.extensions + one.corrected_again for one in whole.items.values()) > 3
    assert whole.whole_cases.yellow + whole.whole_cases.corrected > 1
    for period in asked:
        assert await _shown(stage, *period) == counted[period], period
    while await rollup.fold_once():
        pass
    for period in asked:
        assert await _shown(stage, *period) == counted[period], period
    assert (await stage.look("select count(*) from daily_figures"))[0][0] > 20


async def test_sums_taken_up_bit_by_bit_are_those_taken_up_at_once(stage: Stage) -> None:
    rollup = FiguresRollup(stage.worker)

    for name in ("duties_moved", "sent_back_by_steps", "calendar_changed", "asked_anew_after_acceptance"):
        async for _ in Telling(stage, STORIES[name]()).line_by_line():
            await rollup.fold_once()
    while await rollup.fold_once():
        pass
    bit_by_bit = await _kept_of(stage)
    for table in ("daily_figures", "daily_demands", "figured_cases"):
        await stage.look(f"delete from {table}")
    await stage.look("update figures_position set landed = 0")
    while await rollup.fold_once():
        pass
    assert await _kept_of(stage) == bit_by_bit
    assert len(bit_by_bit) > 5


async def test_first_visits_equal_a_full_count(stage: Stage) -> None:
    """Of what came over a counter, with a clerk's look before and without; in every way that it may go on."""
    rollup = FiguresRollup(stage.worker)
    looked_at = (
        "insert into prechecks (case_no, region, bundle, asked_by, asked_at, promised_at, answered_at, answered_by,"
        " visit_on, visit_outlet) select case_no, region, bundle_code, 'citizen', $2, $2, $2, 'counter', $3, 'x'"
        " from cases where case_no = $1"
    )
    rejected, asked = Rejected(notice="notice:1"), CorrectionsAsked(fields=("/form/a",), notice="notice:2")
    for day in range(2):
        for channel in ("counter", "online"):
            for before in (True, False):
                for said in (
                    (Accepted(),),
                    (asked,),
                    (rejected,),
                    (asked, Supplemented(fields=True, answered=("/form/a",))),
                    (),
                ):
                    case_no = (await stage.submit(make_plan(item("a")), channel=channel)).case_no
                    if before:
                        await stage.look(looked_at, case_no, stage.clock.now(), stage.clock.now().date())
                    for event in said:
                        await stage.say(case_no, event, CITIZEN if isinstance(event, Supplemented) else COUNTER)
                    if len(said) == 2:  # what came late is accepted after all, and was a second visit
                        await stage.accept(case_no)
        if day == 0:
            await rollup.fold_once()
            stage.clock.pass_time(days=1)
    for period in periods([MONDAY.date(), (MONDAY + DAY).date()]):
        assert await _shown(stage, *period) == await full_count(stage, *period), period
    whole = (await _shown(stage, MONDAY.date(), (MONDAY + DAY).date())).whole_cases
    assert (whole.first_visits, whole.first_accepted) == (16, 4)
    assert (whole.prechecked_visits, whole.prechecked_accepted) == (8, 2)
    while await rollup.fold_once():
        pass
    assert (await _shown(stage, MONDAY.date(), (MONDAY + DAY).date())).whole_cases == whole


async def test_ratings_equal_a_full_count(stage: Stage) -> None:
    rollup = FiguresRollup(stage.worker)
    for day in range(2):
        for grade in (1, 2, 3, 5):
            case_no = (await stage.submit(make_plan(item("a")))).case_no
            await stage.say(case_no, Rejected(notice="n"), COUNTER)
            await stage.say(case_no, Rated(grade=grade), CITIZEN)
        if day == 0:
            await rollup.fold_once()
            stage.clock.pass_time(days=1)
    for period in periods([MONDAY.date(), (MONDAY + DAY).date()]):
        assert await _shown(stage, *period) == await full_count(stage, *period), period
    whole = (await _shown(stage, MONDAY.date(), (MONDAY + DAY).date())).whole_cases
    assert (whole.rated, whole.badly_rated) == (8, 4)


async def test_a_place_moves_past_gaps_and_nothing_new_writes_nothing(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(measures, "_STEP", 3)
    case_no = (await stage.submit(make_plan(item("a")))).case_no
    await stage.accept(case_no)
    for _ in range(30):
        await stage.look("select pg_current_xact_id()")  # transactions of which the journal has no line
    await stage.decide(case_no, "a")
    rollup = FiguresRollup(stage.worker)
    steps = 1
    while await rollup.fold_once():
        steps += 1
    place = await stage.look("select landed, xmin::text from figures_position")
    assert steps < 8
    assert (await stage.look("select decided from daily_figures"))[0]["decided"] == 1
    await rollup.fold_once()
    assert await stage.look("select landed, xmin::text from figures_position") == place


async def test_what_commits_after_later_ones_is_not_passed_over(stage: Stage) -> None:
    slow, quick = [(await stage.submit(make_plan(item("a")))).case_no for _ in range(2)]
    for case_no in (slow, quick):
        await stage.accept(case_no)
    rollup = FiguresRollup(stage.worker)
    connection = await asyncpg.connect(stage.superuser_url)
    try:
        async with connection.transaction():
            await connection.execute(
                "update tasks set state = 'done', closed_at = $2 where case_no = $1", slow, MONDAY + DAY
            )
            line = line_text(b"", slow, 3, MONDAY + DAY, {"kind": "item_decided"}, None)
            await connection.execute("insert into journal (line, region) values ($1, $2)", line, REGION)
            await stage.decide(quick, "a")
            await rollup.fold_once()
            (before,) = await stage.look("select coalesce(sum(decided), 0) as many from daily_figures")
    finally:
        await connection.close()
    assert before["many"] == 0, "the place stops before what is still open"
    await rollup.fold_once()
    first, last = MONDAY.date(), (MONDAY + DAY).date()
    assert (await stage.look("select sum(decided) as many from daily_figures"))[0]["many"] == 2
    assert await _shown(stage, first, last) == await full_count(stage, first, last)


async def test_many_at_once_take_each_line_up_once(stage: Stage) -> None:
    rollups = [FiguresRollup(stage.worker) for _ in range(4)]
    for _ in range(5):
        case_no = (await stage.submit(make_plan(item("a")))).case_no
        await stage.accept(case_no)
        await asyncio.gather(stage.decide(case_no, "a"), *(one.fold_once() for one in rollups))
    while await rollups[0].fold_once():
        pass
    assert (await stage.look("select sum(decided) as many from daily_figures"))[0]["many"] == 5


async def test_an_item_asked_for_twice_counts_once_in_every_period(stage: Stage) -> None:
    """On Monday, Thursday and the Monday after, each of which a period may begin or end with."""
    plan = make_plan(item("a", days=9, materials=["deed"]), materials=[material("deed")], clocks=ClockRules())
    case_no = (await stage.submit(plan, materials=["deed"])).case_no
    await stage.accept(case_no)
    asked = ItemCorrectionsAsked(item="a", materials=("deed",), notice="notice:1")
    for days in (3, 4, 0):
        await stage.say(case_no, asked, officer("dep-a"))
        await stage.say(case_no, Supplemented(materials=("deed",)), CITIZEN)
        stage.clock.pass_time(days=days)
    counted = {
        period: await full_count(stage, *period) for period in periods([MONDAY.date() + n * DAY for n in range(9)])
    }
    for taken_up in (False, True):
        if taken_up:
            await FiguresRollup(stage.worker).fold_once()
        for period, found in counted.items():
            assert await _shown(stage, *period) == found, period
    figures = (await _shown(stage, MONDAY.date(), MONDAY.date() + 9 * DAY)).items[ItemKey("dep-a", "test", "a")]
    assert (figures.corrected, figures.corrected_again) == (1, 1)
