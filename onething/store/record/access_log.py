"""Views, refusals and sign-ins: an append-only log of its own, read by administrators."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from onething.store.connection.database import Transaction
from onething.store.connection.sql_files import load

_sql = load("record/access_log")
NEWEST = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Access:
    id: int
    at: datetime
    subject: str
    role: str
    act: str
    case_no: str | None
    detail: str | None


async def add(
    tx: Transaction, act: str, at: datetime, *, case_no: str | None = None, detail: str | None = None
) -> None:
    """What the actor did or was refused. `detail` is a code, never a text."""
    actor = tx.actor
    await tx.rows(_sql.add, at=at, subject=actor.subject, role=str(actor.role), act=act, case_no=case_no, detail=detail)


async def newest(
    tx: Transaction, *, before: int = NEWEST, case_no: str | None = None, limit: int = 50
) -> Sequence[Access]:
    return [Access(**row) for row in await tx.rows(_sql.newest, before=before, case_no=case_no, limit=limit)]
