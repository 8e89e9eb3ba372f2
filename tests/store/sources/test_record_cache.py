"""Records that may be used again: the newest of each question, for workers only, until their time is over."""

from datetime import timedelta

import asyncpg
import pytest

from onething.domain.kernel.case_no import CaseNo
from onething.store.connection.actor import Actor
from onething.store.sources import record_cache
from onething.store.sources.record_cache import RetainedRecord
from tests.store.stage import ADMIN, SUPERVISOR, Stage, leader

SOURCE, ASKED = "kept-source", b"\x07" * 16
HOUR = timedelta(hours=1)


async def test_the_newest_stays_and_is_found_while_it_is_young_enough(stage: Stage) -> None:
    now = stage.clock.now()
    newer, older = RetainedRecord(now, b"newer"), RetainedRecord(now - HOUR, b"older")
    for one in (older, newer, older):
        await record_cache.keep(stage.worker, SOURCE, ASKED, one, now + HOUR)
    assert await record_cache.found(stage.worker, SOURCE, ASKED, now - HOUR) == newer
    assert await record_cache.found(stage.worker, SOURCE, ASKED, now) is None
    assert await record_cache.found(stage.worker, SOURCE, b"\x08" * 16, now - HOUR) is None
    assert await record_cache.found(stage.worker, "other", ASKED, now - HOUR) is None
    await record_cache.drop(stage.worker, SOURCE, ASKED)
    assert await record_cache.found(stage.worker, SOURCE, ASKED, now - HOUR) is None


async def test_they_are_forgotten_when_their_time_is_over(stage: Stage) -> None:
    now = stage.clock.now()
    for asked, until in ((ASKED, now + HOUR), (b"\x09" * 16, now + 3 * HOUR)):
        await record_cache.keep(stage.worker, SOURCE, asked, RetainedRecord(now, b"x"), until)
    async with stage.worker.transaction(Actor.worker()) as tx:
        await record_cache.forget_old(tx, now + 2 * HOUR)
    left = await stage.look("select asked from kept_records where source = $1", SOURCE)
    assert [row["asked"] for row in left] == [b"\x09" * 16]


@pytest.mark.parametrize(
    "actor",
    [SUPERVISOR, ADMIN, leader("dep-a"), Actor.source(SOURCE, CaseNo.parse("1" * 20)), Actor.worker()],
    ids=lambda one: one.role,
)
async def test_nobody_reads_or_writes_them_through_the_api(stage: Stage, actor: Actor) -> None:
    """Whatever role it claims: the login of the API has no right to the table."""
    now = stage.clock.now()
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with stage.api.transaction(actor) as tx:
            await tx.row(record_cache._sql.found, source=SOURCE, asked=ASKED, since=now - HOUR)
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with stage.api.transaction(actor) as tx:
            await tx.row(
                record_cache._sql.keep, source=SOURCE, asked=ASKED, came_at=now, until=now + HOUR, body=b"forged"
            )
