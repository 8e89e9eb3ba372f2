"""The outbox: what workflows have to be told. Lease, commit, send, confirm; whatever gets lost is sent again."""

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from onething.domain.engine.snapshot import CaseSnapshot, snapshot_of
from onething.domain.kernel.state import SCHEMA, CaseState
from onething.store.connection.database import Transaction
from onething.store.connection.sql_files import load

log = logging.getLogger(__name__)

_sql = load("record/outbox")
_STUCK_FOR = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class LeasedSnapshot:
    """One case to be handed over. `attempts` counts this one. `told_seq`: the last line that its workflow may have been
    told of; 0 where it has most likely not begun."""

    snapshot: CaseSnapshot
    attempts: int
    told_seq: int


async def lease(tx: Transaction, now: datetime, *, limit: int = 50, for_s: float = 30) -> Sequence[LeasedSnapshot]:
    """Rows of the outbox that are due and nobody else's until `now + for_s`, each a complete snapshot.

    A case whose state is newer than this code stays leased and is left to a process that understands it. So is one
    whose state can't be read at all: it must not hold up the others.
    """
    rows = await tx.rows(_sql.lease, now=now, until=now + timedelta(seconds=for_s), limit=limit)
    return [leased for row in rows if row["schema"] <= SCHEMA and (leased := _read(row)) is not None]


def _read(row: Any) -> LeasedSnapshot | None:
    try:
        state = CaseState.from_json(row["body"])
    except ValueError:
        log.error("state can't be read, the case is not handed over", extra={"case_no": row["case_no"]})
        return None
    return LeasedSnapshot(
        snapshot_of(row["case_no"], row["epoch"], row["head_seq"], state), row["attempts"], row["told_seq"]
    )


async def confirm(tx: Transaction, sent: Iterable[CaseSnapshot], now: datetime) -> None:
    """These reached their workflows. One that has changed since is free to be leased again at once."""
    sent = list(sent)
    case_nos = [snapshot.case_no for snapshot in sent]
    await tx.rows(_sql.confirm, case_nos=case_nos, seqs=[snapshot.seq for snapshot in sent])
    await tx.rows(_sql.release, case_nos=case_nos, not_before=now)


async def put_off(tx: Transaction, case_nos: Iterable[str], until: datetime) -> None:
    """These could not be sent; not again before `until`."""
    await tx.rows(_sql.release, case_nos=list(case_nos), not_before=until)


async def waiting(tx: Transaction, now: datetime) -> tuple[int, float]:
    """How many rows of the outbox are due and not yet confirmed, and for how many seconds the oldest has been."""
    row = await tx.row(_sql.waiting, now=now)
    if row is None or row["oldest"] is None:
        return 0, 0.0
    return row["waiting"], (now - row["oldest"]).total_seconds()


async def next_due(tx: Transaction) -> datetime | None:
    """When the next one is to be leased, maybe in the past; None if nothing waits."""
    moment: datetime | None = await tx.value(_sql.next_due)
    return moment


async def mend(tx: Transaction, now: datetime, *, limit: int = 10) -> int:
    """Queue again cases that seem forgotten; how many. The caller holds the reconciler's lock and sets the pace."""
    await tx.enter(_sql.take_writer_role)
    row = await tx.leave(_sql.mend, now=now, minute_ago=now - _STUCK_FOR, limit=limit)
    return int(row["mended"]) if row else 0
