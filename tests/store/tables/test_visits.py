"""Visits in the database: who recorded one sees that it was, and the region's supervisor alone what became of it."""

from datetime import timedelta

import asyncpg
import pytest

from onething.store.connection.actor import Actor
from onething.store.tables import visits
from onething.store.tables.visits import NewVisit
from tests.domain.builders import item, make_plan
from tests.store.stage import AGENT, CITIZEN, COUNTER, REGION, SUPERVISOR, Stage, officer
from tests.support import people

HASH = b"h" * 32
OWE = {"contact_by": None, "rectify_by": None}


async def noted(stage: Stage, actor: Actor = COUNTER, code_hash: bytes = HASH, case_no: str | None = None) -> str:
    case_no = case_no or (await stage.submit(make_plan(item("a")))).case_no
    now = stage.clock.now()
    new = NewVisit(case_no, None, "counter", now.date(), now, code_hash, now + timedelta(days=30))
    async with stage.api.transaction(actor) as tx:
        visits.note(tx, new)
    return case_no


async def rate(stage: Stage, grade: int = 1) -> bool:
    async with stage.api.transaction(Actor.anybody()) as tx:
        return await visits.rate(tx, HASH, stage.clock.now(), grade, ["slow"], **OWE)


async def test_who_recorded_it_sees_that_and_nobody_else_does(stage: Stage) -> None:
    case_no = await noted(stage)
    async with stage.api.transaction(COUNTER) as tx:
        assert (await visits.latest_of(tx, case_no)) is not None
    others = (
        officer("amr"),
        CITIZEN,
        AGENT,
        SUPERVISOR,
        Actor.anybody(),
        people.actor(people.counter(subject="other")),
    )
    for actor in others:
        async with stage.api.transaction(actor) as tx:
            assert await visits.latest_of(tx, case_no) is None, actor.role


@pytest.mark.parametrize("column", ["grade", "tags", "rated_at", "code_hash", "contact_note"])
async def test_what_became_of_it_is_no_column_of_theirs(stage: Stage, column: str) -> None:
    await noted(stage)
    await rate(stage)
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with stage.api.transaction(COUNTER) as tx:
            await tx._connection.fetch(f"select {column} from visits")


async def test_nobody_but_staff_notes_one_and_one_a_day_is_enough(stage: Stage) -> None:
    case_no = await noted(stage)
    for actor in (CITIZEN, SUPERVISOR, Actor.anybody()):
        await noted(stage, actor, b"x" * 32, (await stage.submit(make_plan(item("a")))).case_no)
    await noted(stage, COUNTER, b"y" * 32, case_no)
    [(count,)] = await stage.look("select count(*) from visits")
    assert count == 1


async def test_the_supervisor_of_the_region_alone_sees_it_and_answers_in_order(stage: Stage) -> None:
    await noted(stage)
    at = stage.clock.now()
    async with stage.api.transaction(Actor.anybody()) as tx:
        assert await visits.rate(tx, HASH, at, 1, [], contact_by=at, rectify_by=at)
    [(id_,)] = await stage.look("select id from visits")
    elsewhere = people.actor(people.supervisor(region=people.ELSEWHERE))
    for actor in (elsewhere, COUNTER, officer("amr"), Actor.anybody()):
        async with stage.api.transaction(actor) as tx:
            assert await visits.rated(tx, id_) is None
            assert not await visits.answer(tx, id_, "contact", at, b"n")
    async with stage.api.transaction(SUPERVISOR) as tx:
        assert not await visits.answer(tx, id_, "rectify", at, b"n")
        assert await visits.answer(tx, id_, "contact", at, b"n")
        assert not await visits.answer(tx, id_, "contact", at, b"n")
        assert await visits.answer(tx, id_, "rectify", at, b"n")
        found = await visits.rated(tx, id_)
    assert found is not None
    assert (found.contact_note, found.rectify_note, found.region) == (b"n", b"n", REGION)


async def test_sums_equal_a_full_count_and_are_the_region_s(stage: Stage) -> None:
    await noted(stage)
    await noted(stage, COUNTER, b"o" * 32)
    assert await rate(stage, 2)
    assert await rate(stage, 2), "the same once more"
    assert not await rate(stage, 5)
    today = stage.clock.now().date()
    async with stage.api.transaction(SUPERVISOR) as tx:
        told = await visits.sums(tx, REGION, today, today)
        assert (told.visits, told.rated, told.badly_rated) == (2, 1, 1)
        [(full,)] = await stage.look(
            "select row(count(*), count(grade), count(*) filter (where grade < 3)) from visits"
        )
        assert full == (2, 1, 1)
    async with stage.api.transaction(people.actor(people.supervisor(region=people.ELSEWHERE))) as tx:
        assert (await visits.sums(tx, REGION, today, today)).visits == 0
