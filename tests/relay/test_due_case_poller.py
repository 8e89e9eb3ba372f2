"""The due-case poller: what has come due is looked at as it comes, once; the workflow is told what it must know."""

import asyncio
from contextlib import AbstractAsyncContextManager
from datetime import timedelta
from typing import Any

from onething.domain.definition.time_rules import ClockRules, OverdueHow
from onething.relay.due_case_poller import DueCasePoller
from onething.store.connection.database import Database
from onething.store.connection.leader_lock import only_due_case_poller, only_reconciler
from onething.store.record.case_writer import CaseWriter, Recorded
from tests.domain.builders import LADDER, item, make_plan
from tests.store.stage import Stage
from tests.support.patience import PATIENCE_S

YELLOW = ClockRules(ladder=(LADDER[1],))
PROMISED = make_plan(item("a", days=1), clocks=YELLOW)  # due on Tuesday at 17:00
SILENT = make_plan(item("a", law=1, days=3, overdue=OverdueHow.LAPSE), item("b"), clocks=YELLOW)


def poller(
    stage: Stage, database: Database | None = None, writer: CaseWriter | None = None, **how: Any
) -> DueCasePoller:
    def one() -> AbstractAsyncContextManager[Any]:
        return only_due_case_poller(stage.worker_url)

    return DueCasePoller(database or stage.worker, writer or stage.writer, stage.clock, one, **how)


async def accepted(stage: Stage, plan: Any = PROMISED) -> Recorded:
    """Its workflow knows it."""
    case = await stage.submit(plan)
    recorded = await stage.accept(case.case_no)
    await stage.look("delete from handovers")
    return recorded


async def waiting(stage: Stage) -> list[str]:
    return [row["case_no"] for row in await stage.look("select case_no from handovers order by case_no")]


async def fired(stage: Stage) -> dict[str, int]:
    rows = await stage.look("select case_no, count(*) from journal where kind = 'clock_overdue' group by case_no")
    return {row["case_no"]: row["count"] for row in rows}


async def test_never_early_then_all_in_batches_once(stage: Stage) -> None:
    cases = [await accepted(stage) for _ in range(5)]
    (head, *_) = await stage.look("select next_wake_at from cases")
    works = poller(stage, batch=2)
    stage.clock.at = head["next_wake_at"] - timedelta(milliseconds=300)
    assert 0 < await works.look_once() <= 0.3  # it looks again as the moment comes
    assert await fired(stage) == {}
    stage.clock.at = head["next_wake_at"]
    assert [await works.look_once() for _ in range(3)] == [0.0, 0.0, 1.0]
    stage.clock.pass_time(minutes=5)
    await works.look_once()
    assert await fired(stage) == {case.case_no: 1 for case in cases}
    stamped = await stage.look("select distinct at from journal where kind in ('clock_overdue', 'rung_fired')")
    assert [row["at"] for row in stamped] == [head["next_wake_at"]]


async def test_the_workflow_finds_out_by_itself_what_comes_next(stage: Stage) -> None:
    case = await accepted(stage)
    stage.clock.pass_time(days=1, hours=9)
    await poller(stage).look_once()
    assert await fired(stage) == {case.case_no: 1}
    assert await waiting(stage) == []
    woke = await stage.tick(case.case_no, reply_carries=True)  # its timer, a little later
    assert woke.snapshot.next_wake_at is not None
    assert woke.snapshot.next_wake_at > stage.clock.at


async def test_what_gives_it_something_to_do_is_handed_over(stage: Stage) -> None:
    case = await accepted(stage, SILENT)
    await stage.decide(case.case_no, "b")
    stage.clock.pass_time(days=1, hours=9)
    await poller(stage).look_once()
    assert (await stage.kinds(case.case_no))[-1] == "decided_by_silence"
    assert await waiting(stage) == [case.case_no]  # the notice of the result


async def test_one_that_can_not_be_read_holds_up_nobody(stage: Stage) -> None:
    broken, sound = await accepted(stage), await accepted(stage)
    await stage.look("update case_state set schema = 999 where case_no = $1", broken.case_no)
    await stage.look("update case_state set body = '{\"schema\": 999}' where case_no = $1", broken.case_no)
    stage.clock.pass_time(days=1, hours=9)
    works = poller(stage, batch=1)
    await works.look_once()
    await works.look_once()
    assert await fired(stage) == {sound.case_no: 1}
    stage.clock.pass_time(minutes=2)
    await works.look_once()  # tried again now and then
    assert await fired(stage) == {sound.case_no: 1}


async def test_it_runs_in_one_process_whoever_mends(stage: Stage) -> None:
    case = await accepted(stage)
    stage.clock.pass_time(days=1, hours=9)
    async with only_reconciler(stage.worker_url), only_due_case_poller(stage.worker_url) as first:
        assert first()
        waits = asyncio.create_task(poller(stage, floor_s=0.02, take_over_s=0.02).run())
        await asyncio.sleep(0.2)
        assert await fired(stage) == {}
    async with asyncio.timeout(PATIENCE_S):
        while not await fired(stage):  # noqa: ASYNC110  the record is all that tells
            await asyncio.sleep(0.02)
    waits.cancel()
    await asyncio.gather(waits, return_exceptions=True)
    assert await fired(stage) == {case.case_no: 1}
