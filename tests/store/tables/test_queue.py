"""A department's queue: filters, views and their counts, from one read, which closed tasks make no dearer."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from onething.domain.engine.task_flags import TaskFlag
from onething.store.connection.database import Database
from onething.store.connection.sql_files import Query, load
from onething.store.tables import tasks
from onething.store.tables.tasks import ANY_TASK, OVER_MOST, QueueFigures, TaskFilter, TaskRows
from tests.domain.builders import DAY, HOUR, MONDAY
from tests.store.stage import COUNTER, REGION, SUPERVISOR, TODAY, Stage, leader, officer

ME = "officer.dep-a"


async def _add(stage: Stage, number: int, **parts: Any) -> str:
    """One task of dep-a, as the case writer would leave it."""
    known = {
        "task_id": f"{number:021d}-a-1",
        "case_no": f"{number:021d}",
        "kind": "decide",
        "item": "a",
        "name": "a",
        "department": "dep-a",
        "region": REGION,
        "bundle": "test@1",
        "round": 1,
        "state": "open",
        "due_at": MONDAY + DAY,
        "opened_at": MONDAY,
        **parts,
    }
    places = ", ".join(f"${place}" for place in range(1, len(known) + 1))
    await stage.look(f"insert into tasks ({', '.join(known)}) values ({places})", *known.values())
    return str(known["task_id"])


async def _queue(stage: Stage, where: TaskFilter = ANY_TASK, **page: Any) -> TaskRows:
    async with stage.api.transaction(officer("dep-a")) as tx:
        return await tasks.queue(tx, "dep-a", REGION, TODAY, where, **page)


async def _found(stage: Stage, **where: Any) -> list[int]:
    rows = await _queue(stage, TaskFilter(**where))
    assert rows.figures.total == len(rows.tasks)
    return [int(task.case_no) for task in rows.tasks]


async def _different(stage: Stage) -> None:
    """Eight that differ in what people look for."""
    await _add(stage, 1, due_at=MONDAY - HOUR)
    await _add(stage, 2, due_at=MONDAY + HOUR, claimed_by=ME, claimed_at=MONDAY)
    await _add(stage, 3, due_at=MONDAY + HOUR, flags=["urged", "returned"])
    await _add(stage, 4, due_at=None, flags=["suspended"], claimed_by=ME, claimed_at=MONDAY)
    await _add(stage, 5, bundle="other@2", item="b")
    await _add(stage, 6, claimed_by="officer2", claimed_at=MONDAY, flags=["urged"])
    await _add(stage, 7, department="dep-b")
    await _add(stage, 8, state="done", closed_at=MONDAY, closed_by=ME, result="approve", flags=["urged"])


async def test_filters_narrow_and_combine(stage: Stage) -> None:
    await _different(stage)
    assert await _found(stage) == [1, 2, 3, 5, 6, 4]  # undated last
    assert await _found(stage, holder=ME) == [2, 4]
    assert await _found(stage, unclaimed=True) == [1, 3, 5]
    assert await _found(stage, bundle="other") == [5]
    assert await _found(stage, bundle="test", item="a", holder="officer2") == [6]
    assert await _found(stage, bundle="other", item="a") == []
    assert await _found(stage, flags=(TaskFlag.URGED,)) == [3, 6]
    assert await _found(stage, flags=(TaskFlag.URGED, TaskFlag.RETURNED)) == [3]
    assert await _found(stage, flags=(TaskFlag.SUSPENDED,), holder=ME) == [4]
    assert await _found(stage, due_until=MONDAY) == [1]
    assert await _found(stage, due_from=MONDAY, due_until=TODAY.tomorrow) == [2, 3]
    assert await _found(stage, due_from=MONDAY, due_until=TODAY.tomorrow, unclaimed=True) == [3]
    assert await _found(stage, cases=(f"{5:021d}", f"{7:021d}")) == [5]
    assert await _found(stage, cases=()) == []


async def test_counts_are_of_the_views_whatever_the_filter(stage: Stage) -> None:
    await _different(stage)
    views = QueueFigures(total=6, mine=2, due_today=2, unclaimed=3, urged=2, suspended=1, overdue=1, everything=6)
    assert (await _queue(stage)).figures == views
    nothing = await _queue(stage, TaskFilter(bundle="no-such"))
    assert nothing == TaskRows([], replace(views, total=0))
    async with stage.api.transaction(leader("dep-a")) as tx:
        assert (await tasks.queue(tx, "dep-a", REGION, TODAY)).figures == replace(views, mine=0)
    outsiders = (officer("dep-b"), officer("dep-a", region="440100"), COUNTER, SUPERVISOR)
    for actor in outsiders:
        async with stage.api.transaction(actor) as tx:
            assert await tasks.queue(tx, "dep-a", REGION, TODAY) == TaskRows([], QueueFigures(*[0] * 8)), actor


async def test_what_one_has_done_oneself(stage: Stage) -> None:
    await _different(stage)
    await _add(stage, 9, state="lapsed", closed_at=MONDAY + HOUR, result="lapsed")
    await _add(stage, 10, state="done", closed_at=MONDAY - HOUR, closed_by=ME, bundle="other@1", result="refuse")
    async with stage.api.transaction(officer("dep-a")) as tx:

        async def closed(**where: Any) -> list[int]:
            rows = await tasks.closed(tx, "dep-a", REGION, TODAY, TaskFilter(**where))
            assert (rows.figures.total, rows.figures.everything) == (len(rows.tasks), 6)
            return [int(task.case_no) for task in rows.tasks]

        assert await closed() == [9, 8, 10]
        assert await closed(holder=ME) == [8, 10]
        assert await closed(holder=ME, bundle="other") == [10]
        assert await closed(bundle="test", item="a") == [9, 8]


async def _many(stage: Stage, first: int, count: int, state: str) -> None:
    """Of four departments, an hour apart; one in fifty is marked."""
    await stage.look(
        """
        insert into tasks (task_id, case_no, kind, item, name, department, region, bundle, round, state, due_at,
                           opened_at, closed_at, closed_by, claimed_by, flags)
        select lpad(n::text, 21, '0') || '-a-1', lpad(n::text, 21, '0'), 'decide', 'a', 'a',
               (array['dep-a', 'dep-b', 'dep-c', 'dep-d'])[1 + n % 4], $4, 'b' || n % 7 || '@1', 1, $3,
               case when n % 9 > 0 then $5::timestamptz + n * interval '1 hour' end, $5,
               case when $3 <> 'open' then $5::timestamptz + n * interval '1 minute' end,
               case when $3 <> 'open' then 'officer' || n % 3 end,
               case when $3 = 'open' and n % 3 = 0 then 'officer' || n % 2 end,
               case when n % 50 = 0 then '{urged}'::text[] when n % 49 = 0 then '{suspended}' else '{}' end
        from generate_series($1::int, $1 + $2 - 1) n
        """,
        first,
        count,
        state,
        REGION,
        MONDAY,
    )
    await stage.look("analyze tasks")


VIEWS: dict[str, tuple[TaskFilter, str]] = {
    "all": (ANY_TASK, "tasks_queue"),
    "mine": (TaskFilter(holder="officer1"), "tasks_held"),
    "unclaimed": (TaskFilter(unclaimed=True), "tasks_queue"),
    "urged": (TaskFilter(flags=(TaskFlag.URGED,)), "tasks_flagged"),
    "overdue": (TaskFilter(due_until=MONDAY), "tasks_queue"),
    "today": (TaskFilter(due_from=MONDAY, due_until=TODAY.tomorrow), "tasks_queue"),
    "found": (TaskFilter(cases=(f"{4:021d}", f"{8:021d}")), "tasks_of_case"),
}


@pytest.mark.parametrize("view", VIEWS)
async def test_views_come_from_indexes(stage: Stage, view: str) -> None:
    await _many(stage, 1, 6000, "open")
    await _many(stage, 10_001, 6000, "done")
    where, index = VIEWS[view]
    async with stage.api.transaction(officer("dep-a")) as tx:
        asked: list[tuple[Query, dict[str, Any]]] = []
        told = tx.rows

        async def explained(query: Query, **values: Any) -> Any:
            asked.append((query, values))
            return await told(query, **values)

        tx.rows = explained  # type: ignore[method-assign]
        await tasks.queue(tx, "dep-a", REGION, TODAY, where)
        query, values = asked[-1]
        rows = await told(Query(query.name, "explain " + query.text, query.parameters), **values)
    plan = "\n".join(row[0] for row in rows)
    assert [query.name for query, _ in asked] == ["plan_anew", "queue"]  # one statement: of one moment
    assert f" {index} " in plan, plan
    assert "Seq Scan on tasks" not in plan, plan


async def _read(stage: Stage, where: TaskFilter, *, closed: bool) -> tuple[int, int]:
    """Rows of tasks that a page reads, by scan and by index."""
    told = (
        "select coalesce(seq_tup_read, 0) as by_scan, idx_tup_fetch as by_index"
        " from pg_stat_xact_user_tables where relname = 'tasks'"
    )
    async with stage.api.transaction(officer("dep-a", "officer1")) as tx:
        before = await tx._connection.fetchrow(told)
        listed = tasks.closed if closed else tasks.queue
        await listed(tx, "dep-a", REGION, TODAY, where)
        after = await tx._connection.fetchrow(told)
    return after["by_scan"] - before["by_scan"], after["by_index"] - before["by_index"]


async def test_closed_tasks_make_it_no_dearer(stage: Stage) -> None:
    pages = [(where, False) for where, _ in VIEWS.values()]
    pages += [(where, True) for where in (ANY_TASK, TaskFilter(holder="officer1"), TaskFilter(bundle="b3", item="a"))]
    await _many(stage, 1, 4000, "open")
    await _many(stage, 10_001, 40_000, "done")
    before = [await _read(stage, where, closed=closed) for where, closed in pages]
    await _many(stage, 100_001, 40_000, "done")
    after = [await _read(stage, where, closed=closed) for where, closed in pages]
    assert after == before
    assert {by_scan for by_scan, _ in after} == {0}
    assert max(by_index for _, by_index in after) < 9 * OVER_MOST  # seven views, the total, the page


async def test_a_view_is_counted_to_a_thousand(stage: Stage) -> None:
    await _many(stage, 1, 4800, "open")
    figures = (await _queue(stage)).figures
    assert (figures.total, figures.everything) == (OVER_MOST, OVER_MOST)
    assert 0 < figures.urged < figures.unclaimed < OVER_MOST


async def test_pages_go_on_where_the_filter_does(stage: Stage) -> None:
    await _many(stage, 1, 1200, "open")
    where = TaskFilter(unclaimed=True, due_until=MONDAY + timedelta(days=3650))
    rows, seen = await _queue(stage, where, limit=17), list[tuple[datetime, str]]()
    while rows.tasks:
        assert rows.figures.total == 200
        seen += [task.cursor for task in rows.tasks]
        rows = await _queue(stage, where, after=seen[-1], limit=17)
    assert seen == sorted(set(seen))
    assert len(seen) == 200
    assert seen[-1][0] == MONDAY + timedelta(hours=1196)


async def test_the_figures_take_one_message(stage: Stage) -> None:
    """With the settings that keep a filter from being planned as another."""
    asked: list[str] = []
    crowd, stage.api = stage.api, Database(stage.api._url, pool_size=1)
    await stage.api.open()
    await _different(stage)
    await _queue(stage)
    connection = await stage.api._pool.acquire()
    connection.add_query_logger(lambda record: asked.append(record.query))
    await stage.api._pool.release(connection)
    await _queue(stage, TaskFilter(flags=(TaskFlag.URGED,)))
    await stage.api.close()
    await crowd.close()
    assert [query.split()[0] for query in asked] == ["begin;", "select", "with", "commit"]


def test_every_query_of_tasks_is_read() -> None:
    assert {query.name for query in load("tables/tasks")} == {
        *("plan_anew", "queue", "closed", "get", "of_case"),
        "holders",  # tests/api/test_pressing.py
    }
