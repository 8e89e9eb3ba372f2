"""What recording costs: round trips, a big case, and pages that come from indexes with row-level security on."""

import asyncio
import hashlib
from datetime import timedelta
from typing import Any

import pytest

from onething.domain.events.outcomes import RecordFetched
from onething.domain.kernel.state import CaseStatus
from onething.security.policy import Act
from onething.store.connection.actor import Actor
from onething.store.connection.database import Database
from onething.store.connection.sql_files import Query, load
from onething.store.record import journal, prefetch
from onething.store.record.idempotency import IdempotencyScope
from onething.store.tables import cases, tasks
from tests.domain.builders import MONDAY, item, make_plan, record
from tests.store.stage import AGENT, CITIZEN, COUNTER, REGION, TODAY, WORKER, Stage, officer
from tests.support import people

PLAN = make_plan(item("a"), item("b", needs=["a"]))


async def test_a_decision_takes_three_round_trips(stage: Stage) -> None:
    plan = make_plan(item("a"), item("b"), item("c", needs=["b"]))
    case = await stage.submit(plan)
    await stage.accept(case.case_no)
    asked: list[str] = []
    crowd, stage.api = stage.api, Database(stage.api._url, pool_size=1)
    await stage.api.open()
    await stage.decide(case.case_no, "a")  # a connection's first use prepares the queries and reads their types
    connection = await stage.api._pool.acquire()
    connection.add_query_logger(lambda record: asked.append(record.query))
    await stage.api._pool.release(connection)
    await stage.decide(case.case_no, "b")
    await stage.api.close()
    await crowd.close()
    assert [query.split()[0] for query in asked] == ["begin;", "select", "select"]
    assert asked[-1].endswith("; commit")


async def test_an_act_asks_the_policies_once(stage: Stage) -> None:
    """What the caller sees of case and task is read with the answer of before; entering reads each again as the writer
    alone, once to lock the case and once for what the last holder of the lock left."""
    case = await stage.submit(PLAN)
    await stage.accept(case.case_no)
    scans = "select relname, idx_scan from pg_stat_xact_user_tables where relname in ('cases', 'tasks')"
    scope = IdempotencyScope(Act.DECIDE, f"{case.case_no}-a-1")
    async with stage.api.transaction(officer("dep-a")) as tx:

        async def counted() -> dict[str, int]:
            """With what this connection has not told anybody yet of its earlier transactions."""
            return {row["relname"]: row["idx_scan"] for row in await tx._connection.fetch(scans)}

        before = await counted()
        await prefetch.look(tx, scope, "key", case.case_no, f"{case.case_no}-a-1")
        entered = await tx.enter(load("record/case_writer").enter, **_entry(case.case_no))
        read = {table: scans - before.get(table, 0) for table, scans in (await counted()).items()}
    assert entered is not None
    assert read == {"cases": 3, "tasks": 2}


@pytest.mark.parametrize(("department", "task"), [("dep-b", "a"), ("nobody", "a"), ("dep-a", "nothing")])
async def test_who_does_not_see_the_task_enters_nothing(stage: Stage, department: str, task: str) -> None:
    case = await stage.submit(PLAN)
    await stage.accept(case.case_no)
    task_id = f"{case.case_no}-{task}-1"
    async with stage.api.transaction(officer(department)) as tx:
        await prefetch.look(tx, IdempotencyScope(Act.DECIDE, task_id), "key", case.case_no, task_id)
        assert await tx._connection.fetchval("select current_user") == "onething_api"
        assert await tx.enter(load("record/case_writer").enter, **_entry(case.case_no, task)) is None


def _entry(case_no: str, task: str = "a") -> dict[str, str | None]:
    return {"case_no": case_no, "task_id": f"{case_no}-{task}-1", "command_id": None}


async def test_a_hundred_items_and_thirty_outcomes_at_once(stage: Stage) -> None:
    keys = [f"d{n}" for n in range(30)]
    plan = make_plan(
        *(item(f"item-number-{n}", data=[keys[n % 30]]) for n in range(100)), data=[record(key) for key in keys]
    )
    case = await stage.submit(plan)
    await stage.accept(case.case_no)
    fetches = {command.target: command.id for command in case.snapshot.commands}
    await asyncio.gather(
        *(
            stage.come_of(case.case_no, RecordFetched(command=fetches[key], data=key, record=f"record:{key}"))
            for key in keys
        )
    )
    async with stage.worker.transaction(WORKER) as tx:
        found = await cases.state(tx, case.case_no)
        assert await journal.verify_chain(tx, case.case_no) is None
    assert found is not None
    seq, state = found
    assert seq == 32
    assert len(await stage.look("select from tasks where state = 'open'")) == 100
    assert len(state.to_json()) <= 100 * 300


async def _many_rows(stage: Stage) -> None:
    """Some thousand cases of many people and departments, as the case writer would leave them."""
    await stage.look(
        """
        insert into cases (case_no, region, bundle, channel, status, created_by, created_at, departments,
                           query_hash, identity_index)
        select '33010020260302' || lpad(n::text, 6, '0'),
               (array['330100','440100','110000'])[1 + n % 3], 'b@1', 'online', 'processing',
               'citizen' || n % 200,
               $1::timestamptz + n * interval '1 minute', array['dep-' || n % 4], sha256(n::text::bytea),
               substring(sha256((n % 200)::text::bytea) for 16)
        from generate_series(1, 12000) n
        """,
        MONDAY,
    )
    await stage.look(
        """
        insert into tasks (task_id, case_no, kind, item, name, department, region, bundle, round, state, due_at,
                           opened_at, closed_at)
        select c.case_no || '-a-1', c.case_no, 'decide', 'a', 'a', c.departments[1], c.region, c.bundle, 1,
               case when n % 2 = 0 then 'done' else 'open' end,
               case when n % 9 > 0 then c.created_at + interval '3 days' end, c.created_at,
               case when n % 2 = 0 then c.created_at + interval '1 day' end
        from (select *, row_number() over () as n from cases) c
        """
    )
    await stage.look("analyze cases")
    await stage.look("analyze tasks")


def _person(number: int) -> bytes:
    """The blind index of one of those who have the many cases."""
    return hashlib.sha256(str(number).encode()).digest()[:16]


async def _plan_of(stage: Stage, actor: Actor, query: Query, **values: Any) -> str:
    async with stage.api.transaction(actor) as tx:
        explain = Query(query.name, "explain " + query.text, query.parameters)
        return "\n".join(row[0] for row in await tx.rows(explain, **values))


async def test_a_decision_reads_no_tasks_of_other_cases(stage: Stage) -> None:
    await _many_rows(stage)
    case = await stage.submit(PLAN)
    await stage.accept(case.case_no)
    read = "select coalesce(seq_tup_read, 0) as rows, idx_scan from pg_stat_user_tables where relname = 'tasks'"

    async def counted() -> tuple[int, int]:
        row = (await stage.look(read))[0]
        return row["rows"], row["idx_scan"]

    rows_before, scans_before = await counted()
    await stage.decide(case.case_no, "a")
    while (await counted())[1] == scans_before:  # noqa: ASYNC110 (sessions tell what they did within a second or so)
        await asyncio.sleep(0.2)
    assert (await counted())[0] == rows_before


async def test_pages_come_from_indexes_in_order(stage: Stage) -> None:
    await _many_rows(stage)
    newest = {"before_at": cases.LATEST[0], "before_no": "", "statuses": None, "bundle": None, "limit": 50}
    heads = load("tables/cases")
    await stage.give_mandate(giver=_person(7))
    me = people.actor(people.citizen("citizen5"), identity=_person(5))
    applying = {**newest, "subject": me.subject, "identity": _person(5)}
    for_others = {**newest, "subject": AGENT.subject, "identity": b""}
    clerk = people.actor(people.counter("clerk", outlets=("330109115",)))
    await stage.look("update cases set outlet = '330109115' where right(case_no, 1) in ('3', '7')")
    await stage.look("analyze cases")
    identity = {"identity_index": b"\x00" * 16, "before_at": cases.LATEST[0], "before_no": "", "limit": 50}
    pages = {
        "cases_drafts": (me, heads.of_applying, applying),
        "mandates_between": (AGENT, heads.of_applying, for_others),
        "cases_region": (COUNTER, heads.of_region, {**newest, "region": REGION}),
        "cases_outlet": (clerk, heads.of_outlets, {**newest, "outlets": ["330109115"]}),
        "cases_identity": (COUNTER, heads.of_identity, identity),
    }
    for index, (actor, query, values) in pages.items():
        plan = await _plan_of(stage, actor, query, **values)
        assert f" {index} " in plan, plan
        assert "Seq Scan on" not in plan, plan
        assert "Sort" not in plan or index != "cases_region", plan  # in the index's order, not gathered and sorted


async def test_what_is_under_way_is_found_among_all_that_has_ended(stage: Stage) -> None:
    await _many_rows(stage)
    await stage.look("update cases set status = 'closed', ended_at = created_at where created_at > $1", MONDAY)
    waiting = await stage.submit(PLAN)
    await stage.look("analyze cases")
    values = {"region": REGION, "before_at": cases.LATEST[0], "before_no": "", "bundle": None, "limit": 50}
    waits = {"statuses": ["submitted"], "corrections_answered": False}
    plan = await _plan_of(stage, COUNTER, load("tables/cases").of_region_by_status, **values, **waits)
    async with stage.api.transaction(COUNTER) as tx:
        found = await cases.of_region(tx, REGION, cases.Filter((CaseStatus.SUBMITTED,)))
    assert " cases_status " in plan
    assert [head.case_no for head in found] == [waiting.case_no]


async def test_pages_follow_each_other_without_gap_or_repeat(stage: Stage) -> None:
    await _many_rows(stage)
    seen: list[tasks.Task] = []
    async with stage.api.transaction(officer("dep-3")) as tx:
        page = (await tasks.queue(tx, "dep-3", REGION, TODAY, limit=40)).tasks
        while page:
            seen += page
            page = (await tasks.queue(tx, "dep-3", REGION, TODAY, after=page[-1].cursor, limit=40)).tasks
    expected = await stage.look(
        "select task_id from tasks where state = 'open' and department = 'dep-3' and region = $1"
        " order by due_at nulls last, task_id",
        REGION,
    )
    assert [task.task_id for task in seen] == [row["task_id"] for row in expected]
    assert len(seen) > 100
    mine: list[cases.CaseHead] = []
    me = people.actor(people.citizen("citizen5"), identity=_person(5))
    async with stage.api.transaction(me) as tx:
        heads = list(await cases.of_applying(tx, me.subject, me.identity, limit=7))
        while heads:
            mine += heads
            heads = list(await cases.of_applying(tx, me.subject, me.identity, before=heads[-1].cursor, limit=7))
    assert len(mine) == len({head.case_no for head in mine}) == 60
    assert [head.created_at for head in mine] == sorted((head.created_at for head in mine), reverse=True)


async def test_lists_filter_and_search_finds_by_the_index_alone(stage: Stage) -> None:
    case = await stage.submit(PLAN, actor=COUNTER, identity_index=b"i" * 16)
    stage.clock.pass_time(minutes=1)
    await stage.give_mandate()
    other = await stage.submit(PLAN, actor=AGENT, mandate="m1")
    await stage.accept(other.case_no)
    async with stage.api.transaction(COUNTER) as tx:
        assert [h.case_no for h in await cases.of_identity(tx, b"i" * 16)] == [case.case_no]
        accepted = await cases.of_region(tx, REGION, cases.Filter((CaseStatus.PROCESSING,)))
        assert [h.case_no for h in accepted] == [other.case_no]
        assert await cases.of_region(tx, REGION, cases.Filter(bundle="else@1")) == []
    async with stage.api.transaction(AGENT) as tx:
        assert [h.case_no for h in await cases.of_applying(tx, "agent", None)] == [other.case_no]
    async with stage.api.transaction(CITIZEN) as tx:
        assert await cases.of_identity(tx, b"x" * 16) == []
        assert [h.case_no for h in await cases.of_applying(tx, "citizen", CITIZEN.identity)] == [other.case_no]
    async with stage.api.transaction(COUNTER) as tx:
        head = await cases.get(tx, case.case_no)
        assert (head.version, head.last_at) == (1, stage.clock.now() - timedelta(minutes=1))
