"""Every story of the rules, told to the writer: PostgreSQL holds what the record in memory holds, line for line."""

from datetime import datetime

import pytest

from onething.domain.engine.task_flags import flags_of
from onething.domain.events.union import EVENT
from onething.domain.kernel.state import CaseState
from onething.domain.kernel.task_ref import TaskRef
from onething.store.record import journal
from onething.store.tables import cases
from tests.domain.stories import STORIES
from tests.store.stage import WORKER, Stage
from tests.store.telling import Telling
from tests.support.whole import sampled

Marked = tuple[list[str], datetime | None, datetime | None]
"""Flags of a task, when a supervisor is to be answered, and the law's date."""
FLAGGED = {
    "asked_anew_by_two_departments": {"correction_open", "correction_answered"},
    "urged_and_supervised": {"urged", "supervised"},
    "sent_back": {"returned", "suspended", "urged"},
    "registers_disagree": {"discrepancy"},
}
"""Story → the marks that its tasks get."""


@pytest.mark.parametrize("name", sampled(list(STORIES), 10))
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
