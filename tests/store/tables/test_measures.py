"""Figures and forecasts from cases that went through the writer: what is counted, who sees it, and what it costs."""

from datetime import timedelta

import pytest

from onething.domain.calendar.countdown import PauseBasis
from onething.domain.calendar.limits import ExtensionRank
from onething.domain.calendar.statistics import DecidedItem
from onething.domain.definition.time_rules import ClockRules
from onething.domain.events.deadlines import ClockExtended, ClockResumed, ClockSuspended
from onething.domain.events.items import ItemReturned
from onething.store.connection.actor import Actor
from onething.store.record.hash_chain import line_text
from onething.store.tables import measures
from onething.store.tables.measures import ItemFigures, ItemKey, Measured, ReportingPeriod
from tests.domain.builders import DAY, LADDER, MONDAY, item, make_plan
from tests.store.stage import ADMIN, CITIZEN, COUNTER, REGION, SUPERVISOR, WORKER, Stage, leader, officer
from tests.support import people

PLAN = make_plan(
    item("a", days=3, pauses=tuple(PauseBasis)), item("b", days=1), days=3, clocks=ClockRules(ladder=LADDER)
)
FIRST = MONDAY.date()
MARCH = ReportingPeriod(REGION, ("dep-a", "dep-b"), FIRST, FIRST + 30 * DAY)
A, B = ItemKey("dep-a", "test", "a"), ItemKey("dep-b", "test", "b")
NOTHING = Measured({}, ItemFigures())


async def _measured(stage: Stage, actor: Actor, period: ReportingPeriod = MARCH) -> Measured:
    async with stage.api.transaction(actor) as tx:
        return await measures.measure(tx, period)


async def _play(stage: Stage) -> None:
    """One case at the counter and one online; of each item one is decided in time, and of b one too late."""
    online = (await stage.submit(PLAN)).case_no
    counter = (await stage.submit(PLAN, channel="counter")).case_no
    for case_no in (online, counter):
        await stage.accept(case_no)
    stage.clock.pass_time(days=1)  # Tuesday: b is due
    await stage.decide(online, "b")
    hearing = ClockSuspended(item="a", basis=PauseBasis.HEARING, expected_days=5, notice="notice:1")
    await stage.say(online, hearing, officer("dep-a"))
    more = ClockExtended(item="a", amount=5, rank=ExtensionRank.AGENCY_HEAD, notice="notice:2")
    await stage.say(counter, more, leader("dep-a"))
    stage.clock.pass_time(days=6)  # Monday: b has been due for long
    await stage.say(online, ClockResumed(item="a"), officer("dep-a"))
    await stage.decide(counter, "b")
    await stage.decide(counter, "a")
    stage.clock.pass_time(days=1)  # Tuesday: a is due on Wednesday
    await stage.decide(online, "a", "refuse")


async def test_what_is_counted(stage: Stage) -> None:
    await _play(stage)
    one_each = {"online": 1, "counter": 1}
    found = await _measured(stage, SUPERVISOR)
    assert found.items == {
        A: ItemFigures(
            decided=2,
            dated=2,
            early=2,
            met=2,
            extensions=1,
            held=15 * DAY,
            paused=6 * DAY,
            law_paused=6 * DAY,
            channels=one_each,
        ),
        B: ItemFigures(decided=2, dated=2, early=0, met=1, missed=1, held=8 * DAY, yellow=1, channels=one_each),
    }
    assert (found.whole_cases.yellow, found.whole_cases.red) == (1, 0)  # the case at the counter, on its last day


async def test_a_return_counts_for_whom_it_goes_to(stage: Stage) -> None:
    case_no = (await stage.submit(make_plan(item("a"), item("b", needs=["a"])))).case_no
    await stage.accept(case_no)
    await stage.decide(case_no, "a")
    back = ItemReturned(item="b", round=1, earlier="a", reason="return:b:1", since=stage.clock.now())
    await stage.say(case_no, back, officer("dep-b"))
    assert {key: one.returned for key, one in (await _measured(stage, SUPERVISOR)).items.items()} == {A: 1}
    assert (await _measured(stage, leader("dep-b"))).items == {}


@pytest.mark.parametrize(
    "period",
    [
        ReportingPeriod(REGION, ("dep-a", "dep-b"), FIRST + 20 * DAY, FIRST + 30 * DAY),
        ReportingPeriod(REGION, ("dep-a", "dep-b"), FIRST - 30 * DAY, FIRST),
        ReportingPeriod("440100", ("dep-a", "dep-b"), MARCH.first, MARCH.last),
        ReportingPeriod(REGION, (), MARCH.first, MARCH.last),
    ],
)
async def test_elsewhere_and_at_other_times_there_is_nothing(stage: Stage, period: ReportingPeriod) -> None:
    await _play(stage)
    found = await _measured(stage, SUPERVISOR, period)
    assert found.items == {}
    assert (found.whole_cases.yellow > 0) == (period.departments == ())


async def test_both_days_of_a_period_count(stage: Stage) -> None:
    await _play(stage)
    tuesday = FIRST + DAY
    from_then = await _measured(stage, SUPERVISOR, ReportingPeriod(REGION, ("dep-b",), tuesday, tuesday))
    until_then = await _measured(stage, SUPERVISOR, ReportingPeriod(REGION, ("dep-b",), FIRST, FIRST))
    assert [from_then.items[B].decided, len(until_then.items)] == [1, 0]


async def test_everybody_sees_their_own_part(stage: Stage) -> None:
    await _play(stage)
    whole = await _measured(stage, SUPERVISOR)
    assert await _measured(stage, leader("dep-b")) == Measured({B: whole.items[B]}, ItemFigures())
    for actor in (
        people.actor(people.supervisor(region=people.ELSEWHERE)),
        leader("dep-b", region=people.ELSEWHERE),
        leader("dep-c"),
        CITIZEN,
        ADMIN,
        Actor.anybody(),
    ):
        assert await _measured(stage, actor) == NOTHING, actor


async def test_the_latest_decisions_tell_no_more_than_how_long_it_took(stage: Stage) -> None:
    await _play(stage)
    for actor in (CITIZEN, COUNTER, Actor.with_query_code(b"query", stage.clock.now()), Actor.anybody()):
        async with stage.api.transaction(actor) as tx:
            handled = (await measures.recent_of(tx, REGION, [A]))[A]
            assert await measures.recent_of(tx, people.ELSEWHERE, [A]) == {A: []}
            other = A._replace(bundle="other")
            assert await measures.recent_of(tx, REGION, [other]) == {other: []}
        assert handled == [
            DecidedItem(MONDAY, MONDAY + 8 * DAY, ((MONDAY + DAY, MONDAY + 7 * DAY),)),
            DecidedItem(MONDAY, MONDAY + 7 * DAY),
        ]
    rows = await stage.look("select prosecdef, proacl::text from pg_proc where proname = 'recent_handlings'")
    assert [row["prosecdef"] for row in rows] == [True]
    assert "onething_worker" not in rows[0]["proacl"]


async def _many_rows(stage: Stage) -> None:
    """Some thousand cases, each with a decided task, its clock, and for some a card."""
    await stage.many_cases("closed")
    await stage.look(
        """
        insert into tasks (task_id, case_no, kind, item, name, department, region, bundle, round, state, due_at,
                           opened_at, closed_at, result)
        select case_no || '-a-1', case_no, 'decide', 'a', 'a', departments[1], region, bundle, 1, 'done',
               created_at + interval '3 days', created_at, created_at + interval '1 day', 'approve'
        from cases
        """
    )
    await stage.look(
        """
        insert into clock_ledger (case_no, seq, clock, kind, subject, what, at, due_at)
        select case_no, seq, 'item:a', 'item', 'a', (array['started', 'met'])[seq],
               opened_at + (seq - 1) * interval '1 day', due_at
        from tasks, generate_series(1, 2) seq
        """
    )
    await stage.look(
        """
        insert into rungs (case_no, region, bundle, department, clock, since, rung, item, seq, at, tells, card)
        select case_no, region, bundle, department, 'item:a', opened_at, 'yellow', 'a', 2, closed_at, '{}', 'yellow'
        from tasks
        """
    )
    for table in ("cases", "tasks", "clock_ledger", "rungs"):
        await stage.look(f"analyze {table}")


@pytest.mark.parametrize("actor", [SUPERVISOR, leader("dep-3")], ids=["supervisor", "leader"])
async def test_figures_are_read_from_sums_however_much_was_decided(stage: Stage, actor: Actor) -> None:
    await _many_rows(stage)
    async with stage.worker.transaction(WORKER) as tx:
        everything = [row["case_no"] for row in await stage.look("select case_no from cases")]
        await tx._connection.execute("select take_up_figures($1)", everything)
        await tx._connection.execute("update figures_position set landed = landed_for_good()")
    await stage.look("insert into journal (line, region) values ($1, $2)", _line("c3"), REGION)
    await stage.look("analyze")
    departments = [actor.department] if actor.department else ["dep-0", "dep-1", "dep-2", "dep-3"]
    period = ReportingPeriod(REGION, departments, FIRST + 30 * DAY, FIRST + 36 * DAY)
    async with stage.api.transaction(actor) as tx:
        found = await measures.measure(tx, period)
        read = await tx._connection.fetch(
            "select relname, coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0) as many"
            " from pg_stat_xact_user_tables"
        )
    assert sum(one.decided for one in found.items.values()) == 56 / (4 if actor.department else 1)
    rows = {row["relname"]: row["many"] for row in read}
    assert rows["daily_figures"] <= 7 * 4
    assert all(rows[table] <= 10 for table in ("cases", "tasks", "clock_ledger", "rungs", "journal")), rows


def _line(case_no: str) -> str:
    return line_text(b"", case_no, 1, MONDAY, {"kind": "accepted"}, None)


async def test_a_forecast_reads_no_more_than_the_decisions_that_it_tells_of(stage: Stage) -> None:
    await _many_rows(stage)
    async with stage.api.transaction(CITIZEN) as tx:
        key = ItemKey("dep-3", "test", "a")
        handled = (await measures.recent_of(tx, REGION, [key]))[key]
        read = await tx._connection.fetch(
            "select relname, coalesce(seq_tup_read, 0) as by_scan, idx_tup_fetch as by_index"
            " from pg_stat_xact_user_tables where relname in ('tasks', 'clock_ledger')"
        )
    assert len(handled) == measures.LATEST
    assert handled[0].closed_at - handled[-1].closed_at > timedelta(days=90)
    assert [one.closed_at for one in handled] == sorted((one.closed_at for one in handled), reverse=True)
    assert {row["relname"]: row["by_scan"] for row in read} == {"tasks": 0, "clock_ledger": 0}
    assert max(row["by_index"] for row in read) <= 2 * measures.LATEST


async def test_several_items_at_once_are_each_as_by_themselves(stage: Stage) -> None:
    await _many_rows(stage)
    keys = [ItemKey("dep-3", "test", "a"), ItemKey("dep-0", "test", "a"), ItemKey("dep-3", "test", "nothing")]
    async with stage.api.transaction(CITIZEN) as tx:
        assert await measures.recent_of(tx, REGION, keys) == {
            key: (await measures.recent_of(tx, REGION, [key]))[key] for key in keys
        }
        assert await measures.recent_of(tx, REGION, []) == {}
