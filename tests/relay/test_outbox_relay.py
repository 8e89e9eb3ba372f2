"""The outbox relay: what is tried before a case is handed over, and that it is never in another's way."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

import pytest

from onething.domain.engine.snapshot import CaseSnapshot
from onething.domain.events.outcomes import RecordFetched
from onething.domain.kernel.commands import CommandKind
from onething.relay.outbox_relay import Relay
from onething.store.record.case_writer import Recorded
from tests.domain.builders import item, make_plan, record
from tests.store.stage import Stage
from tests.support.patience import PATIENCE_S

WITH_DATA = make_plan(item("a", data=["deed"]), data=[record("deed")])


@dataclass
class Sent:
    """The sender: what was handed over, in this order. Those of `refuses` aren't taken."""

    snapshots: list[CaseSnapshot] = field(default_factory=list)
    refuses: set[str] = field(default_factory=set)
    more: asyncio.Event = field(default_factory=asyncio.Event)

    async def send(self, snapshot: CaseSnapshot, *, first: bool) -> None:
        if snapshot.case_no in self.refuses:
            raise ConnectionError
        self.snapshots.append(snapshot)
        self.more.set()

    async def until(self, *case_nos: str) -> None:
        async with asyncio.timeout(PATIENCE_S):
            while not set(case_nos) <= {one.case_no for one in self.snapshots}:
                self.more.clear()
                await self.more.wait()


@dataclass
class Tries:
    """Effects that try every command of a case that is new, as `does` says."""

    does: Callable[[CaseSnapshot], object]
    asked: list[str] = field(default_factory=list)

    def any_in(self, snapshot: CaseSnapshot, told_seq: int) -> bool:
        return any(command.seq > told_seq for command in snapshot.commands)

    async def attempt(self, snapshot: CaseSnapshot) -> CaseSnapshot:
        self.asked.append(snapshot.case_no)
        came = self.does(snapshot)
        if asyncio.iscoroutine(came):
            came = await came
        assert isinstance(came, CaseSnapshot)
        return came


def relay(stage: Stage, sent: Sent, tries: Tries, **how: int) -> Relay:
    return Relay(stage.worker, stage.clock, sent, tries, asyncio.Event(), **how)


@asynccontextmanager
async def running(one: Relay) -> AsyncIterator[None]:
    task = asyncio.create_task(one.run())
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


def fetch_of(snapshot: CaseSnapshot) -> str:
    return next(one.id for one in snapshot.commands if one.kind == CommandKind.FETCH_RECORD)


async def comes(stage: Stage, case_no: str, command: str) -> Recorded:
    return await stage.come_of(
        case_no, RecordFetched(command=command, data="deed", record="record:deed"), reply_carries=True
    )


async def test_what_got_through_first_is_not_left_to_the_workflow(stage: Stage) -> None:
    sent, case = Sent(), await stage.submit(WITH_DATA)

    async def through(snapshot: CaseSnapshot) -> CaseSnapshot:
        return (await comes(stage, snapshot.case_no, fetch_of(snapshot))).snapshot

    assert await relay(stage, sent, Tries(through)).drain_once() == 1
    (told,) = sent.snapshots
    assert told.seq > case.seq
    assert CommandKind.FETCH_RECORD not in {one.kind for one in told.commands}
    assert await stage.look("select from handovers") == []


async def test_what_did_not_get_through_goes_as_it_is(stage: Stage) -> None:
    def fails(snapshot: CaseSnapshot) -> CaseSnapshot:
        raise ConnectionError

    sent, case = Sent(), await stage.submit(WITH_DATA)
    await relay(stage, sent, Tries(fails)).drain_once()
    assert sent.snapshots == [case.snapshot]
    assert await stage.look("select from handovers") == []


async def test_a_slow_one_holds_up_nobody_else(stage: Stage) -> None:
    """Nor does it keep the relay from stopping; what it was at is handed over when the lease has ended."""
    slow, sent, never = await stage.submit(WITH_DATA), Sent(), asyncio.Event()

    async def waits(snapshot: CaseSnapshot) -> CaseSnapshot:
        if snapshot.case_no == slow.case_no:
            await never.wait()
        return snapshot

    one = relay(stage, sent, Tries(waits))
    async with running(one):
        other = await stage.submit(WITH_DATA)
        one._woken.set()
        await sent.until(other.case_no)
        assert slow.case_no not in {snapshot.case_no for snapshot in sent.snapshots}
    stage.clock.pass_time(seconds=31)
    await relay(stage, sent, Tries(waits)).drain_once()
    assert slow.case_no in {snapshot.case_no for snapshot in sent.snapshots}, "the second time it is not tried first"


@pytest.mark.parametrize("slots", [0, 1])
async def test_when_all_slots_are_taken_a_case_goes_as_it_is(stage: Stage, slots: int) -> None:
    sent, tries, never = Sent(), Tries(lambda _: never.wait()), asyncio.Event()
    cases = [await stage.submit(WITH_DATA) for _ in range(3)]
    async with running(relay(stage, sent, tries, slots=slots)):
        async with asyncio.timeout(PATIENCE_S):
            while len(sent.snapshots) < 3 - slots:
                sent.more.clear()
                await sent.more.wait()
    assert len(tries.asked) == slots
    assert {one.case_no for one in sent.snapshots} == {case.case_no for case in cases} - set(tries.asked)


async def test_a_row_tells_up_to_which_line_the_workflow_may_know_the_case(stage: Stage) -> None:
    """Whatever else is written before it is leased: what follows that line, nobody has tried."""
    case = await stage.submit(WITH_DATA)
    (row,) = await stage.look("select told_seq from handovers")
    assert row["told_seq"] == 0
    await relay(stage, Sent(), Tries(lambda snapshot: snapshot)).drain_once()
    await stage.accept(case.case_no)
    await comes(stage, case.case_no, fetch_of(case.snapshot))
    (row,) = await stage.look("select told_seq from handovers")
    assert row["told_seq"] == case.seq


async def test_what_temporal_does_not_take_is_put_off_and_tried_no_more(stage: Stage) -> None:
    sent, tries = Sent(), Tries(lambda snapshot: snapshot)
    case = await stage.submit(WITH_DATA)
    sent.refuses.add(case.case_no)
    one = relay(stage, sent, tries)
    await one.drain_once()
    assert (sent.snapshots, len(tries.asked)) == ([], 1)
    sent.refuses.clear()
    stage.clock.pass_time(seconds=3)
    await one.drain_once()
    assert (sent.snapshots, len(tries.asked)) == ([case.snapshot], 1)
