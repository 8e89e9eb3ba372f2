"""Every story of the rules, told to the writer: PostgreSQL holds what the record in memory holds, line for line."""

from collections.abc import AsyncIterator
from datetime import datetime
from typing import get_args

import pytest

from onething.domain.engine.task_flags import flags_of
from onething.domain.events.deadlines import Moment
from onething.domain.events.intake import Submitted, Supplemented
from onething.domain.events.outcomes import (
    CameTooLate,
    CertificatesIssued,
    DispatchRefused,
    EffectUndone,
    NoticesSent,
    RecordFetched,
    RecordRefused,
)
from onething.domain.events.tasks import ItemDecided
from onething.domain.events.union import EVENT, CommandOutcome, Event, Fact
from onething.domain.kernel.state import CaseState
from onething.domain.kernel.task_ref import TaskRef
from onething.store.connection.actor import Actor
from onething.store.record import journal
from onething.store.tables import calendars, cases
from tests.domain.builders import CALENDAR, LATER, Case
from tests.domain.stories import STORIES
from tests.store.stage import WORKER, Stage

Marked = tuple[list[str], datetime | None, datetime | None]
"""Flags of a task, when a supervisor is to be answered, and the law's date."""
FLAGGED = {
    "asked_anew_by_two_departments": {"correction_open", "correction_answered"},
    "urged_and_supervised": {"urged", "supervised"},
    "sent_back": {"returned", "suspended", "urged"},
    "registers_disagree": {"discrepancy"},
}
"""Story → the marks that its tasks get."""


class Telling:
    """One story as it is told to the case writer."""

    def __init__(self, stage: Stage, case: Case) -> None:
        self.stage = stage
        self.record = case.record
        self.case_no = ""

    async def tell(self) -> None:
        async for _ in self.line_by_line():
            pass

    async def line_by_line(self) -> AsyncIterator[int]:
        async with self.stage.api.transaction(Actor.anybody()) as tx:
            await calendars.publish(tx, [CALENDAR, LATER])
        for line in self.record.journal:
            # one look sees all that falls on one moment
            looks = (getattr(other.event, "seen_at", None) for other in self.record.journal if other.at == line.at)
            self.stage.clock.at = max(filter(None, looks), default=line.at)
            await self._say(line.event)
            yield line.seq

    async def _say(self, event: Event) -> None:
        if isinstance(event, Submitted):
            plan = self.record.plans[event.plan]
            self.case_no = (await self.stage.submit(plan, materials=event.materials, said=event)).case_no
        elif isinstance(event, get_args(Moment)):
            await self.stage.tick(self.case_no)
        elif isinstance(event, ItemDecided) and event.command is not None:
            await self.stage.come_of(self.case_no, event)
        elif isinstance(event, get_args(Fact)):
            plan = self.record.plans[event.plan] if isinstance(event, Supplemented) and event.plan else None
            async with self.stage.worker.transaction(WORKER) as tx:
                await self.stage.writer.record(tx, self.case_no, event, plan=plan)
        else:
            await self.stage.come_of(self.case_no, _in_time(event) if isinstance(event, CameTooLate) else event)


def _in_time(event: CameTooLate) -> CommandOutcome | ItemDecided:
    """What came, as it would have been recorded in time."""
    match event.of:
        case "record_fetched":
            said = {"compared": event.compared, "disagrees": event.disagrees}
            return RecordFetched(command=event.command, data=event.data or "", record=event.record or "", **said)
        case "record_refused":
            return RecordRefused(command=event.command, data=event.data or "", reason="no_record")
        case "dispatch_refused":
            return DispatchRefused(command=event.command, item=event.item or "", reason="unknown")
        case "item_decided":
            outcome = event.decided or "refuse"
            return ItemDecided(item=event.item or "", round=1, outcome=outcome, command=event.command)
        case "effect_undone":
            return EffectUndone(command=event.command, effect=event.effect or "")
        case "certificates_issued":
            return CertificatesIssued(command=event.command, numbers=(), items=())
    return NoticesSent(command=event.command, template=event.template or "")


@pytest.mark.parametrize("name", STORIES)
async def test_the_writer_records_what_the_rules_say(stage: Stage, name: str) -> None:
    case = STORIES[name]()
    telling = Telling(stage, case)
    await telling.tell()
    number, record = telling.case_no, case.record
    async with stage.worker.transaction(WORKER) as tx:
        found = await cases.state(tx, number)
        lines = await journal.lines(tx, number)
        ledger = await journal.ledger(tx, number)
        assert await journal.verify_chain(tx, number) is None
    assert found is not None
    assert found[1] == case.state
    assert [(line.at, EVENT.validate_python(line.event)) for line in lines] == [
        (line.at, line.event) for line in record.journal
    ]
    kept = sorted((seq, line.clock, line.what, line.due_at, line.due_before) for seq, line in record.ledger)
    assert [(row.seq, row.clock, row.what, row.due_at, row.due_before) for row in ledger] == kept
    assert await _tasks(stage, number) == {
        TaskRef.of(number, row.opened.name, row.opened.round): (row.state == "open", row.opened.due_at)
        for row in record.tasks.values()
    }
    await _as_ruled(stage, telling, case.state)
    unread = await stage.look("select letter, channel, due_at, step from unread_letters where case_no = $1", number)
    assert {row["letter"]: tuple(row)[1:] for row in unread} == {
        one.letter: (one.channel, one.due_at, one.step) for one in record.unread.values()
    }
    statuses = await stage.look("select id, status from commands where case_no = $1", number)
    assert dict(map(tuple, statuses)) == {key: str(row.status) for key, row in record.commands.items()}


async def _tasks(stage: Stage, number: str) -> dict[str, tuple[bool, datetime | None]]:
    rows = await stage.look("select task_id, state, due_at from tasks where case_no = $1", number)
    return {row["task_id"]: (row["state"] == "open", row["due_at"]) for row in rows}


async def _as_ruled(stage: Stage, telling: Telling, state: CaseState) -> dict[str, Marked]:
    """The marks of open tasks, which are those of the state."""
    number = telling.case_no
    flags: dict[str, Marked] = {
        TaskRef.of(number, name, round_no): (list(one.flags), one.supervised_due_at, one.statutory_due_at)
        for (name, round_no), one in flags_of(telling.record.plans[state.plan], state).items()
    }
    marked = await _open_flags(stage, number)
    assert marked == {task: flags.get(task, ([], None, None)) for task in marked}
    return marked


async def _open_flags(stage: Stage, number: str) -> dict[str, Marked]:
    rows = await stage.look(
        "select task_id, flags, supervised_due_at, statutory_due_at from tasks where case_no = $1 and state = 'open'",
        number,
    )
    return {row["task_id"]: tuple(row)[1:] for row in rows}


@pytest.mark.parametrize("name", FLAGGED)
async def test_a_task_is_marked_as_it_goes(stage: Stage, name: str) -> None:
    """As `flags_of` has it of the state after each line, and not only at the end."""
    telling, seen = Telling(stage, STORIES[name]()), set[str]()
    async for _ in telling.line_by_line():
        async with stage.worker.transaction(WORKER) as tx:
            found = await cases.state(tx, telling.case_no)
        assert found is not None
        marked = await _as_ruled(stage, telling, found[1])
        seen |= {flag for flags, *_ in marked.values() for flag in flags}
    assert seen == FLAGGED[name]


async def test_a_rung_is_claimed_by_its_row(stage: Stage) -> None:
    telling = Telling(stage, STORIES["all_kinds_of_silence"]())
    await telling.tell()
    rows = await stage.look("select clock, rung, seq, at, tells, card from rungs order by seq, clock, rung")
    fired = [line for line in telling.record.journal if line.event.kind == "rung_fired"]
    assert len(rows) == len(fired) > 0
    assert {(row["seq"], row["at"]) for row in rows} == {(line.seq, line.at) for line in fired}
    assert all(row["tells"] for row in rows)
