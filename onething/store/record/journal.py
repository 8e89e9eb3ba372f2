"""Reading the journal: the timeline of a case, its clocks' ledger, and whether its chain still holds."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

import orjson

from onething.domain.kernel.clock_id import ClockId
from onething.store.connection.database import Transaction
from onething.store.connection.sql_files import load
from onething.store.record.hash_chain import Line, WrittenLine, first_fault

_sql = load("record/journal")


@dataclass(frozen=True, slots=True)
class ClockChange:
    """`what` as in `LedgerLine`; times UTC. `due_at` is None while suspended, `due_before` unless it moved."""

    seq: int
    clock: ClockId
    what: str
    at: datetime
    due_at: datetime | None
    due_before: datetime | None


async def lines(tx: Transaction, case_no: str, *, after: int = 0, limit: int = 500) -> Sequence[Line]:
    """Lines after seq `after`, oldest first; none if the actor may not see the case."""
    return [_line(row) for row in await tx.rows(_sql.lines, case_no=case_no, after=after, limit=limit)]


async def line(tx: Transaction, case_no: str, seq: int) -> Line | None:
    row = await tx.row(_sql.line, case_no=case_no, seq=seq)
    return _line(row) if row else None


async def of_kinds(tx: Transaction, case_no: str, kinds: Sequence[str], *, limit: int) -> Sequence[Line]:
    """Newest first."""
    return [_line(row) for row in await tx.rows(_sql.of_kinds, case_no=case_no, kinds=list(kinds), limit=limit)]


async def ledger(tx: Transaction, case_no: str) -> Sequence[ClockChange]:
    return [
        ClockChange(**{**row, "clock": ClockId.parse(row["clock"])})
        for row in await tx.rows(_sql.ledger, case_no=case_no)
    ]


async def verify_chain(tx: Transaction, case_no: str) -> int | None:
    """The seq of the first line that is missing or not as it was written; None if all stand. Not while being written to
    (a line between the two reads would look like one too many): a caller repeats before raising an alarm."""
    head = await tx.row(_sql.chain_head, case_no=case_no)
    if head is None:
        return None
    rows = await tx.rows(_sql.all_lines, case_no=case_no)
    return first_fault(case_no, [_written(row) for row in rows], head["head_seq"], head["head_hash"])


@dataclass(frozen=True, slots=True)
class ChainCheck:
    """A case and the `seq` of its first line that is missing or not as it was written; None if all stand."""

    case_no: str
    fault: int | None


async def how_many_cases(tx: Transaction) -> int:
    return int(await tx.value(_sql.how_many_cases))


async def check_chains(tx: Transaction, *, after: str, limit: int) -> Sequence[ChainCheck]:
    """The chains of the next cases in the order of their numbers, also while they are being written to."""
    rows = await tx.rows(_sql.chains, after=after, limit=limit)
    checked = []
    for case_no, of_case in groupby(rows, key=lambda row: row["case_no"]):
        lines = list(of_case)
        head = lines[0]
        found = [_written(row) for row in lines if row["seq"] is not None]
        checked.append(ChainCheck(case_no, first_fault(case_no, found, head["head_seq"], head["head_hash"])))
    return checked


def _line(row: Any) -> Line:
    actor = row["actor"]
    return Line(row["seq"], row["at"], row["kind"], orjson.loads(row["event"]), actor and orjson.loads(actor))


def _written(row: Any) -> WrittenLine:
    line = _line(row)
    return WrittenLine(line.seq, line.at, line.kind, line.event, line.actor, row["line"])
