"""The list of ratings comes from its index, in order, and shows a region no other's."""

from datetime import timedelta

from onething.domain.events import Rated, Rejected
from onething.store import cases, ratings
from onething.store.actor import Actor
from onething.store.queries import Query, load
from tests.domain.builders import item, make_plan
from tests.store.stage import AGENT, CITIZEN, COUNTER, REGION, SUPERVISOR, Stage

PLAN = make_plan(item("a"))


async def rated(stage: Stage, grade: int) -> str:
    case_no = (await stage.submit(PLAN)).case_no
    await stage.say(case_no, Rejected(notice="n"), COUNTER)
    await stage.say(case_no, Rated(grade=grade), CITIZEN)
    stage.clock.at += timedelta(minutes=1)
    return case_no


async def page(stage: Stage, actor: Actor, region: str = REGION, worst: int | None = None) -> list[str]:
    async with stage.api.transaction(actor) as tx:
        rows = await ratings.page(tx, region, before=cases.LATEST, worst=worst, limit=10)
    return [row.case_no for row in rows]


async def test_newest_first_and_nobody_else_s(stage: Stage) -> None:
    first, second = await rated(stage, 1), await rated(stage, 4)
    assert await page(stage, SUPERVISOR) == [second, first]
    assert await page(stage, SUPERVISOR, worst=2) == [first]
    elsewhere = Actor("supervisor", "supervisor", region="440100")
    assert await page(stage, elsewhere, "440100") == await page(stage, elsewhere) == []
    assert await page(stage, AGENT) == []


async def test_it_reads_the_index_and_sorts_nothing(stage: Stage) -> None:
    await rated(stage, 1)
    await stage.look("insert into journal select case_no, seq + 1000 * n, at, 'task_claimed', event, actor, prev_hash,"
                     " hash from journal cross join generate_series(1, 3000) n where seq = 1")  # fmt: skip
    await stage.look("analyze")
    query = load("ratings").page
    explained = Query(query.name, "explain " + query.text, query.parameters)
    async with stage.api.transaction(SUPERVISOR) as tx:
        rows = await tx.rows(
            explained, region=REGION, before_at=cases.LATEST[0], before_no=cases.LATEST[1], bad=False, worst=0, limit=50
        )
    plan = "\n".join(row[0] for row in rows)
    assert "journal_ratings" in plan, plan
    assert "Sort" not in plan, plan
