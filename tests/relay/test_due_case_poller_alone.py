"""The poller when others fail it: Temporal is away, a case is in somebody's hand, PostgreSQL is not to be had."""

import asyncio
import base64
from collections import Counter
from typing import Any

import pytest

from bench.deadlines.looking import Record
from bench.deadlines.seeding import Seeder, in_seconds
from onething import worker
from onething.domain.errors import FailureCode, OneThingError
from onething.embedded import ports
from onething.settings import Settings
from onething.store.connection.database import Database, Transaction
from onething.store.record.case_writer import CaseWriter, Recorded
from onething.store.record.plan_cache import PlanCache
from tests.relay.test_due_case_poller import accepted, fired, poller, waiting
from tests.store.stage import REGION, WORKER, Stage
from tests.support.patience import PATIENCE_S
from tests.workflows.world import until

_OF_POLLER = """
select l.pid from pg_locks l join pg_database d on d.oid = l.database
where l.locktype = 'advisory' and d.datname = current_database()
"""
_CUT_OFF = """
select pg_terminate_backend(pid) from pg_stat_activity
where datname = current_database() and usename = 'onething_worker'
"""


class Aborted(Exception):
    pass


class SlipperyWriter(CaseWriter):
    """Fails in the ways that it is told, one look after the other; counts who is looked at."""

    def __init__(self, stage: Stage, *fails: FailureCode) -> None:
        super().__init__(stage.clock, PlanCache())
        self._fails = list(fails)
        self.looks: Counter[str] = Counter()

    async def tick(self, tx: Transaction, case_no: str, **how: Any) -> Recorded:
        self.looks[case_no] += 1
        if self._fails:
            raise OneThingError(self._fails.pop(0), "试验")
        return await super().tick(tx, case_no, **how)


async def test_with_temporal_away_it_rings_from_the_record(stage: Stage) -> None:
    """The worker process as it is deployed, in vain looking for its Temporal."""
    cases = await Seeder(stage.api, REGION).spread([in_seconds(1)] * 3, lambda: None)
    nowhere = f"127.0.0.1:{ports.any_free()}"
    keys = f"k1:{base64.b64encode(bytes(32)).decode()}"
    settings = Settings(database_worker_url=stage.worker_url, temporal_address=nowhere, sealing_keys=keys)  # type: ignore[arg-type]
    stop, record = asyncio.Event(), Record(stage.superuser_url)
    working = asyncio.create_task(worker.run(settings, stop))
    try:
        await record.until_none_behind(cases, within_s=PATIENCE_S)
        assert await fired(stage) == dict.fromkeys(cases, 1)
        rows = await stage.look("select case_no, at from journal where kind = 'clock_overdue'")
        assert {row["case_no"]: row["at"] for row in rows} == cases
        assert await waiting(stage) == sorted(cases)  # kept for the day when it is back
        assert not working.done()
    finally:
        stop.set()
        await working


async def test_one_in_hand_is_put_off_and_not_lost(stage: Stage) -> None:
    held, free = await accepted(stage), await accepted(stage)
    stage.clock.pass_time(days=1, hours=9)
    impatient = Database(stage.worker_url, pool_size=3, lock_timeout_ms=50)
    await impatient.open()
    slippery = SlipperyWriter(stage)
    works = poller(stage, impatient, slippery)
    in_hand, done = asyncio.Event(), asyncio.Event()

    async def hold() -> None:
        async with stage.worker.transaction(WORKER) as tx:
            await stage.writer.tick(tx, held.case_no)
            in_hand.set()
            await done.wait()
            raise Aborted  # rolled back: what it saw to is due again

    holding = asyncio.create_task(hold())
    try:
        await in_hand.wait()
        for _ in range(20):
            await works.look_once()
        assert await fired(stage) == {free.case_no: 1}  # nobody waits for it
        assert slippery.looks == {held.case_no: 1, free.case_no: 1}
        for _ in range(4):
            stage.clock.pass_time(seconds=1)
            await works.look_once()
        assert slippery.looks[held.case_no] == 1
        stage.clock.pass_time(seconds=1)
        await works.look_once()
        assert slippery.looks[held.case_no] == 2
    finally:
        done.set()
        await asyncio.gather(holding, return_exceptions=True)
    stage.clock.pass_time(seconds=5)
    await works.look_once()
    await works.look_once()
    assert await fired(stage) == {free.case_no: 1, held.case_no: 1}
    assert slippery.looks[held.case_no] == 3
    await impatient.close()


@pytest.mark.parametrize(("code", "seconds"), [(FailureCode.BUSY, 5), (FailureCode.NEWER_STATE, 60)])
async def test_how_long_it_is_put_off(stage: Stage, code: FailureCode, seconds: int) -> None:
    case = await accepted(stage)
    stage.clock.pass_time(days=1, hours=9)
    slippery = SlipperyWriter(stage, code, code)
    works = poller(stage, writer=slippery)
    for passed in range(2 * seconds):
        assert await works.look_once() == 1.0  # a full floor: not at once again
        assert slippery.looks[case.case_no] == 1 + passed // seconds
        stage.clock.pass_time(seconds=1)
    await works.look_once()
    assert await fired(stage) == {case.case_no: 1}


async def test_with_postgresql_away_nothing_is_put_off_and_it_waits_a_floor_each_time(stage: Stage) -> None:
    cases = [await accepted(stage) for _ in range(3)]
    stage.clock.pass_time(days=1, hours=9)
    slippery = SlipperyWriter(stage, *[FailureCode.UNAVAILABLE] * 4)
    floor_s = 0.2
    ringing = asyncio.create_task(poller(stage, writer=slippery, floor_s=floor_s, at_once=1).run())
    now = asyncio.get_running_loop().time
    began = now()
    try:
        await until(lambda: _fired(stage, len(cases)))
    finally:
        ringing.cancel()
        await asyncio.gather(ringing, return_exceptions=True)
    assert now() - began >= 4 * floor_s
    assert sum(slippery.looks.values()) == 4 + 3  # one look a floor while it was away, all at the first one after it
    assert await fired(stage) == {case.case_no: 1 for case in cases}


async def test_a_server_that_cuts_it_off_and_lets_it_in_again(stage: Stage) -> None:
    case = await accepted(stage)
    ringing = asyncio.create_task(poller(stage, floor_s=0.05, take_over_s=0.05).run())
    try:
        await until(lambda: _chosen(stage))
        await stage.look("alter role onething_worker connection limit 0")
        await stage.look(_CUT_OFF)
        stage.clock.pass_time(days=1, hours=9)
        await asyncio.sleep(0.3)
        assert await fired(stage) == {}
        assert not ringing.done()
        await stage.look("alter role onething_worker connection limit -1")
        await until(lambda: _fired(stage, 1))
    finally:
        await stage.look("alter role onething_worker connection limit -1")
        ringing.cancel()
        await asyncio.gather(ringing, return_exceptions=True)
    assert await fired(stage) == {case.case_no: 1}


async def _chosen(stage: Stage) -> bool:
    return bool(await stage.look(_OF_POLLER))


async def _fired(stage: Stage, many: int) -> bool:
    return len(await fired(stage)) == many
