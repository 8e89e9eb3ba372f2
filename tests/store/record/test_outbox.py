"""The outbox: when a workflow is told, what it is told, and what happens to what gets lost."""

import asyncio
from datetime import timedelta

from onething.domain.deadlines.rules import next_wake_at
from onething.domain.engine.snapshot import CaseSnapshot
from onething.domain.events.intake import Withdrawn
from onething.domain.events.outcomes import NoticesSent, RecordFetched
from onething.domain.events.tasks import TaskClaimed
from onething.domain.kernel.commands import CommandKind
from onething.store.record import outbox
from onething.store.record.case_writer import Recorded, Took
from onething.store.record.outbox import LeasedSnapshot
from tests.domain.builders import item, make_plan, record
from tests.store.stage import CITIZEN, WORKER, Stage, officer

PLAIN = make_plan(item("a", days=2), item("b", days=2, needs=["a"]))
WITH_DATA = make_plan(item("a", data=["deed"]), item("c"), data=[record("deed")])


async def _lease(stage: Stage, **more: float) -> list[LeasedSnapshot]:
    async with stage.worker.transaction(WORKER) as tx:
        return list(await outbox.lease(tx, stage.clock.now(), **more))


async def _confirm(stage: Stage, *sent: CaseSnapshot) -> None:
    async with stage.worker.transaction(WORKER) as tx:
        await outbox.confirm(tx, sent, stage.clock.now())


async def _deliver(stage: Stage) -> list[CaseSnapshot]:
    leased = [each.snapshot for each in await _lease(stage)]
    await _confirm(stage, *leased)
    return leased


async def _mend(stage: Stage) -> int:
    async with stage.worker.transaction(WORKER) as tx:
        return await outbox.mend(tx, stage.clock.now())


def _fetch(recorded: Recorded) -> str:
    return next(c.id for c in recorded.snapshot.commands if c.kind == CommandKind.FETCH_RECORD)


async def _accept_and_tell(stage: Stage, case_no: str) -> None:
    """The notice of the acceptance has been sent: what is awaited since is no command."""
    accepted = await stage.accept(case_no)
    notice = next(c for c in accepted.snapshot.commands if c.kind == CommandKind.SEND_NOTICES)
    await stage.come_of(case_no, NoticesSent(command=notice.id, template=notice.target))


async def test_new_commands_are_handed_over_as_one_snapshot(stage: Stage) -> None:
    case = await stage.submit(WITH_DATA)
    (told,) = await _deliver(stage)
    assert told == case.snapshot
    assert (told.epoch, told.seq, [c.kind for c in told.commands]) == (1, 1, ["fetch_record"])
    assert told.next_wake_at is not None
    patience_at = case.state.commands[_fetch(case)].patience_at
    assert patience_at is not None
    assert timedelta(seconds=20) <= told.next_wake_at - patience_at <= timedelta(seconds=620)
    assert told.items == {"a": "gathering", "c": "gathering"}
    assert await _deliver(stage) == []


async def test_what_gives_the_workflow_nothing_to_do_is_not_handed_over(stage: Stage) -> None:
    case = await stage.submit(PLAIN)
    assert await _deliver(stage) == []  # no command, no moment
    await stage.accept(case.case_no)
    assert len(await _deliver(stage)) == 1  # the first deadline
    await stage.say(case.case_no, TaskClaimed(item="a", round=1), officer("dep-a"))
    assert await _deliver(stage) == []
    stage.clock.pass_time(days=1)
    decided = await stage.decide(case.case_no, "a")
    assert decided.snapshot.next_wake_at is not None
    assert await _deliver(stage) == []  # the next deadline is later: found out on waking


async def test_an_earlier_wake_moment_is_handed_over(stage: Stage) -> None:
    plan = make_plan(item("a", days=9), item("b", days=1, needs=["a"]))
    case = await stage.submit(plan)
    await stage.accept(case.case_no)
    (first,) = await _deliver(stage)
    decided = await stage.decide(case.case_no, "a")
    (second,) = await _deliver(stage)
    assert second == decided.snapshot
    assert second.next_wake_at is not None
    assert first.next_wake_at is not None
    assert second.next_wake_at < first.next_wake_at


async def test_what_the_reply_carries_is_not_sent_as_well(stage: Stage) -> None:
    case = await stage.submit(WITH_DATA)
    await _deliver(stage)
    stage.clock.pass_time(minutes=60)
    ticked = await stage.tick(case.case_no, reply_carries=True)
    assert "send_notices" in [c.kind for c in ticked.snapshot.commands]
    assert await _deliver(stage) == []
    (head,) = await stage.look("select next_wake_at, told_wake_at from cases")
    assert head["told_wake_at"] == head["next_wake_at"] == next_wake_at(ticked.state)


async def test_a_wake_moment_that_moved_later_while_a_hand_over_waited_and_then_back(stage: Stage) -> None:
    """The snapshot that was sent said the later moment, so the earlier one must be told."""
    plan = make_plan(item("a", days=1), item("b", days=3, needs=["a"], data=["deed"]), data=[record("deed")])
    case = await stage.submit(plan)  # patience: in an hour
    fetched = RecordFetched(command=_fetch(case), data="deed", record="record:deed")
    await stage.come_of(case.case_no, fetched)  # nothing to wake for
    (sent,) = await _deliver(stage)
    assert sent.next_wake_at is None
    accepted = await stage.accept(case.case_no)
    assert await _deliver(stage) == [accepted.snapshot]


async def test_after_the_workflow_woke_for_nothing_a_new_moment_is_told(stage: Stage) -> None:
    """It holds the case's own deadline since, of which nothing is written; the new moment comes before that."""
    later = item("b", days=2, needs=["a"], data=["deed"])
    plan = make_plan(item("a", days=2), later, days=20, data=[record("deed", patience=60 * 24 * 60)])
    case = await stage.submit(plan)
    await _accept_and_tell(stage, case.case_no)
    (told,) = await _deliver(stage)
    assert told.next_wake_at is not None
    await stage.decide(case.case_no, "a")
    stage.clock.at = told.next_wake_at
    woke = await stage.tick(case.case_no, reply_carries=True)
    assert woke.took is Took.REPEATED
    fetched = RecordFetched(command=_fetch(case), data="deed", record="record:deed")
    opened = await stage.come_of(case.case_no, fetched)
    assert told.next_wake_at < opened.snapshot.next_wake_at < woke.snapshot.next_wake_at  # type: ignore[operator]
    assert await _deliver(stage) == [opened.snapshot]


async def test_voided_commands_are_handed_over(stage: Stage) -> None:
    case = await stage.submit(WITH_DATA)
    await _deliver(stage)
    await stage.say(case.case_no, Withdrawn(), CITIZEN)
    (told,) = await _deliver(stage)
    assert _fetch(case) not in [c.id for c in told.commands]


async def test_what_changed_while_it_was_sent_is_sent_again(stage: Stage) -> None:
    case = await stage.submit(WITH_DATA)
    (leased,) = await _lease(stage)
    await stage.say(case.case_no, Withdrawn(), CITIZEN)
    await _confirm(stage, leased.snapshot)
    (again,) = await _lease(stage)
    assert (again.snapshot.seq, again.attempts) == (2, 2)


async def test_a_lease_is_one_relay_s_until_it_ends(stage: Stage) -> None:
    for _ in range(30):
        await stage.submit(WITH_DATA)
    batches = await asyncio.gather(*(_lease(stage, limit=10, for_s=30) for _ in range(5)))
    leased = [each.snapshot.case_no for batch in batches for each in batch]
    assert len(leased) == len(set(leased)) == 30
    assert await _lease(stage) == []
    stage.clock.pass_time(seconds=31)
    assert len(await _lease(stage)) == 30


async def test_what_could_not_be_sent_is_put_off(stage: Stage) -> None:
    case = await stage.submit(WITH_DATA)
    await _lease(stage)
    stage.clock.pass_time(seconds=1)
    async with stage.worker.transaction(WORKER) as tx:
        until = stage.clock.now().replace(minute=5)
        await outbox.put_off(tx, [case.case_no], until)
        assert await outbox.next_due(tx) == until
    assert await _lease(stage) == []
    stage.clock.pass_time(minutes=5)
    assert len(await _lease(stage)) == 1


async def test_a_state_from_newer_code_is_left_to_newer_code(stage: Stage) -> None:
    await stage.submit(WITH_DATA)
    await stage.look("update case_state set schema = 2")
    assert await _lease(stage) == []
    assert len(await stage.look("select from handovers")) == 1


async def test_a_state_that_can_t_be_read_does_not_hold_up_the_others(stage: Stage) -> None:
    broken, sound = await stage.submit(WITH_DATA), await stage.submit(WITH_DATA)
    await stage.look('update case_state set body = \'{"schema": 1, "x": 1}\' where case_no = $1', broken.case_no)
    assert [leased.snapshot.case_no for leased in await _lease(stage)] == [sound.case_no]


async def test_the_reconciler_finds_open_commands_and_spaces_its_tries(stage: Stage) -> None:
    await stage.submit(WITH_DATA)
    assert await _mend(stage) == 0  # waits in the outbox
    await _deliver(stage)
    assert await _mend(stage) == 0  # under a minute
    mended = []
    for minute in range(1, 40):
        stage.clock.pass_time(minutes=1)
        if await _mend(stage):
            mended.append(minute)
            assert len(await _deliver(stage)) == 1
    assert mended == [2, 3, 8, 33]


async def test_the_reconciler_begins_anew_when_the_case_has_moved(stage: Stage) -> None:
    case = await stage.submit(WITH_DATA)
    for _ in range(3):
        await _deliver(stage)
        stage.clock.pass_time(minutes=6)
        assert await _mend(stage) == 1
    await _deliver(stage)
    await stage.accept(case.case_no)
    await _deliver(stage)
    stage.clock.pass_time(minutes=2)
    assert await _mend(stage) == 1


async def test_the_reconciler_finds_moments_that_nobody_woke_for(stage: Stage) -> None:
    case = await stage.submit(PLAIN)
    await _accept_and_tell(stage, case.case_no)
    await _deliver(stage)
    stage.clock.pass_time(hours=2)
    assert await _mend(stage) == 0
    stage.clock.pass_time(days=9)
    assert await _mend(stage) == 1
    await stage.tick(case.case_no, reply_carries=True)
    await _deliver(stage)
    stage.clock.pass_time(hours=1)
    assert await _mend(stage) == 0


async def test_the_reconciler_does_not_wait_for_its_spacing_when_a_moment_passes(stage: Stage) -> None:
    """A workflow that was lost while a source was away: what is to follow its patience comes in time all the same."""
    await stage.submit(make_plan(item("a", data=["deed"]), data=[record("deed", patience=60 * 24)]))
    await _deliver(stage)
    mended = []
    for minute in range(1, 60 * 24 + 10):
        stage.clock.pass_time(minutes=1)
        if await _mend(stage):
            mended.append(minute)
            await _deliver(stage)
    assert mended[:6] == [2, 3, 8, 33, 93, 153]
    assert 60 * 24 + 2 in mended
