"""The access log: only auditors read it, by any filter from an index, page by page; a line goes with the commit."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from onething.security.origin import ORIGIN, RequestOrigin
from onething.store.connection.actor import Actor
from onething.store.connection.database import Transaction
from onething.store.connection.sql_files import Query, load
from onething.store.record import access_log
from onething.store.record.access_log import AccessFilter, NumberSearch, Summed
from tests.store.stage import ADMIN, AGENT, AUDITOR, CITIZEN, COUNTER, SUPERVISOR, WORKER, Stage, leader, officer

WANG = NumberSearch(b"w" * 16, b"sealed")


async def _lines(stage: Stage, where: AccessFilter | None = None) -> list[access_log.Access]:
    async with stage.api.transaction(AUDITOR) as tx:
        return list(await access_log.page(tx, where or AccessFilter()))


async def test_a_line_says_who_what_whom_why_and_from_where(stage: Stage) -> None:
    now = stage.clock.now()
    outside = ORIGIN.set(RequestOrigin("203.0.113.9", "f00d"))
    try:
        async with stage.api.transaction(COUNTER) as tx:
            access_log.add(tx, "search_cases", now, search=WANG, found=2, case_no="c1", detail="d")
    finally:
        ORIGIN.reset(outside)
    async with stage.api.transaction(CITIZEN) as tx:
        access_log.add(tx, "view_case", now, outcome="not_found")
    assert [
        (one.subject, one.role, one.act, one.case_no, one.whose, one.found, one.reason, one.outcome, one.address,
         one.request_id, one.times, one.detail)
        for one in await _lines(stage)
    ] == [
        ("citizen", "citizen", "view_case", None, None, None, None, "not_found", None, None, 1, None),
        ("counter", "counter", "search_cases", "c1", b"w" * 16, 2, b"sealed", "done", "203.0.113.9", "f00d", 1, "d"),
    ]  # fmt: skip


async def test_a_sum_says_how_often(stage: Stage) -> None:
    nobody = Actor.anybody()
    summed = Summed("authenticate", "not_signed_in", nobody.subject, nobody.role, "203.0.113.9", None, None)
    async with stage.api.transaction(nobody) as tx:
        access_log.add_sum(tx, summed, stage.clock.now(), 500)
    (line,) = await _lines(stage)
    assert (line.times, line.address, line.subject, line.role) == (500, "203.0.113.9", "", "public")


@pytest.mark.parametrize(
    "actor",
    [CITIZEN, AGENT, COUNTER, officer("dep-a"), leader("dep-a"), SUPERVISOR, ADMIN, Actor.anybody()],
    ids=lambda actor: actor.role,
)
async def test_nobody_but_auditors_reads_it(stage: Stage, actor: Actor) -> None:
    async with stage.api.transaction(actor) as tx:
        access_log.add(tx, "view_case", stage.clock.now())
    async with stage.api.transaction(actor) as tx:
        assert await access_log.page(tx, AccessFilter()) == []
    assert len(await _lines(stage)) == 1


async def test_what_is_rolled_back_leaves_no_line(stage: Stage) -> None:
    async def look_and_fail() -> None:
        async with stage.api.transaction(CITIZEN) as tx:
            access_log.add(tx, "view_case", stage.clock.now())
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await look_and_fail()
    assert await _lines(stage) == []


async def test_every_filter_and_all_of_them(stage: Stage) -> None:
    begun = stage.clock.now()
    for n in range(8):
        async with stage.api.transaction((CITIZEN, COUNTER)[n & 1]) as tx:
            search = WANG if n & 2 else None
            access_log.add(tx, ("a", "b")[n >> 2 & 1], stage.clock.now(), case_no=f"c{n & 1}", search=search)
        stage.clock.pass_time(minutes=1)
    assert len(await _lines(stage)) == 8
    for where in (
        AccessFilter(subject="citizen"), AccessFilter(act="b"), AccessFilter(case_no="c1"),
        AccessFilter(whose=WANG.whose), AccessFilter(since=begun + timedelta(minutes=4)),
        AccessFilter(until=begun + timedelta(minutes=4)),
    ):  # fmt: skip
        assert len(await _lines(stage, where)) == 4, where
    every = AccessFilter("counter", "b", "c1", WANG.whose, begun + timedelta(minutes=7), begun + timedelta(minutes=8))
    assert [line.at for line in await _lines(stage, every)] == [begun + timedelta(minutes=7)]


async def test_page_by_page_through_lines_of_one_moment(stage: Stage) -> None:
    async with stage.api.transaction(CITIZEN) as tx:
        for n in range(10):
            access_log.add(tx, "view_case", stage.clock.now(), detail=str(n))
    seen, before = [], access_log.NEWEST
    async with stage.api.transaction(AUDITOR) as tx:
        while lines := await access_log.page(tx, AccessFilter(), before=before, limit=3):
            seen += [line.detail for line in lines]
            before = (lines[-1].at, lines[-1].id)
    assert seen == [str(n) for n in reversed(range(10))]


_MANY = """
    insert into access_log (at, subject, role, act, case_no, whose, outcome)
    select $1::timestamptz + n * interval '1 second', case when n % 20000 = 7 then 'rare' else 'usual' || n % 50 end,
           'citizen', case when n % 20000 = 8 then 'rare' else 'view_case' end,
           case when n % 3 > 0 then case when n % 20000 = 10 then 'rare' else 'c' || n % 5000 end end,
           case when n % 20000 = 9 then '\\x01'::bytea when n % 10 = 0 then sha256(n::text::bytea) end,
           case when n % 20000 = 11 then 'alarm' else 'done' end
    from generate_series(1, 60000) n
"""


@pytest.mark.parametrize(
    ("where", "found"),
    [
        (AccessFilter(), 50),
        (AccessFilter(subject="rare"), 3),
        (AccessFilter(act="rare"), 3),
        (AccessFilter(case_no="rare"), 2),
        (AccessFilter(whose=b"\x01"), 3),
        (AccessFilter(subject="usual3"), 50),
        (AccessFilter(act="view_case", subject="rare"), 3),
        (AccessFilter(outcome="alarm"), 3),
    ],
    ids=["newest", "subject", "act", "case", "number", "busy subject", "both", "alarms"],
)
async def test_a_page_comes_from_an_index_however_long_the_log_is(
    stage: Stage, where: AccessFilter, found: int
) -> None:
    await stage.look(_MANY, stage.clock.now())
    await stage.look("analyze access_log")
    explained = await _explained(stage, where)
    assert explained["rows"] == found
    assert explained["buffers"] < 60, explained["plan"]
    # and of any part of the time
    middle = stage.clock.now() + timedelta(seconds=30_000)
    explained = await _explained(stage, replace(where, until=middle))
    assert explained["buffers"] < 60, explained["plan"]


async def _explained(stage: Stage, where: AccessFilter) -> dict[str, object]:
    """What the repository's own query reads, as the auditor."""
    asked: list[tuple[Query, dict[str, object]]] = []

    class Watched(Transaction):
        async def rows(self, query: Query, **values: object) -> list[object]:
            asked.append((query, values))
            return await super().rows(query, **values)

    async with stage.api.transaction(AUDITOR) as tx:
        rows = await access_log.page(Watched(tx._connection, tx.actor), where)
        (prepared, _), (query, values) = asked
        assert prepared is load("record/access_log").plan_anew
        (line,) = await tx._connection.fetch(
            f"explain (analyze, buffers, format json) {query.text}", *query.arguments(values)
        )
    plan = json.loads(line[0])[0]["Plan"]
    assert "Seq Scan" not in str(plan)
    return {"rows": len(rows), "buffers": plan["Shared Hit Blocks"] + plan["Shared Read Blocks"], "plan": plan}


async def test_workers_write_and_read_nothing(stage: Stage) -> None:
    async with stage.worker.transaction(WORKER) as tx:
        access_log.add(tx, "view_case", stage.clock.now())
    assert [line.subject for line in await _lines(stage)] == ["worker"]
