"""The list of ratings comes from its index, in order, and shows a region no other's."""

from datetime import timedelta

from onething.domain.events.followup import Rated
from onething.domain.events.intake import Rejected
from onething.store.connection.actor import Actor
from onething.store.tables import cases, ratings
from tests.domain.builders import item, make_plan
from tests.store.stage import AGENT, CITIZEN, COUNTER, REGION, SUPERVISOR, Stage
from tests.support import people

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
    elsewhere = people.actor(people.supervisor(region=people.ELSEWHERE))
    assert await page(stage, elsewhere, people.ELSEWHERE) == await page(stage, elsewhere) == []
    assert await page(stage, AGENT) == []


async def test_it_reads_no_more_than_the_page_however_many_there_are_elsewhere(stage: Stage) -> None:
    made = [await rated(stage, 1) for _ in range(3)]
    await stage.look("insert into journal (line, region)"
                     " select jsonb_set(line::jsonb, '{case_no}', to_jsonb('440100' || n))::text, '440100'"
                     " from journal cross join generate_series(1, 3000) n where kind = 'rated' and case_no = $1",
                     made[-1])  # fmt: skip
    await stage.look("analyze")
    async with stage.api.transaction(SUPERVISOR) as tx:
        rows = await ratings.page(tx, REGION, before=cases.LATEST, worst=None, limit=2)
        read = await tx._connection.fetchrow(
            "select coalesce(seq_tup_read, 0) as by_scan, idx_tup_fetch as by_index"
            " from pg_stat_xact_user_tables where relname = 'journal'"
        )
    assert [row.case_no for row in rows] == made[:0:-1]
    assert (read["by_scan"], read["by_index"]) == (0, 2)
