"""Which cases have a moment that has come."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from onething.store.connection.database import Transaction
from onething.store.connection.sql_files import load

_sql = load("record/due_cases")


@dataclass(frozen=True, slots=True)
class DueCases:
    """`case_nos`: the longest waiting first. `following`: when the next moment comes that is still ahead."""

    case_nos: tuple[str, ...]
    following: datetime | None


async def due(tx: Transaction, now: datetime, *, limit: int, put_off: Iterable[str] = ()) -> DueCases:
    """Up to `limit` cases to be looked at now, without those put off."""
    await tx.enter(_sql.take_writer_role)
    row = await tx.leave(_sql.due, now=now, limit=limit, put_off=list(put_off))
    return DueCases(tuple(row["due"]), row["following"]) if row else DueCases((), None)
