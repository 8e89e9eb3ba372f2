"""What several cases share, by digest: each is taken in the transaction of its act, by the case writer alone, one case
after the other."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import orjson

from onething.domain.definition.bundle import WhenFull
from onething.domain.plan.plan import PlanReservation
from onething.store.connection.database import Transaction
from onething.store.connection.sql_files import load

_sql = load("record/reservations")

ShareDigests = Mapping[str, bytes]
"""Reservation → 16 bytes, equal where two cases want the same."""


@dataclass(frozen=True, slots=True)
class TakenShares:
    held: tuple[str, ...] = ()
    full: tuple[str, ...] = ()


async def keep(tx: Transaction, case_no: str, keys: ShareDigests) -> None:
    """What the case is to share. What it had of something else is free."""
    if keys:
        said = [{"code": code, "key": key.hex()} for code, key in keys.items()]
        await tx.inside(_sql.keep, case_no=case_no, keys=orjson.dumps(said).decode())


async def take(tx: Transaction, case_no: str, requested: Sequence[PlanReservation], at: datetime) -> TakenShares:
    """Waits for whoever is just taking one of them."""
    if not requested:
        return TakenShares()
    asked = [
        {"code": one.code, "amount": one.amount, "pool": one.pool, "queues": one.full is WhenFull.QUEUE}
        for one in requested
    ]
    row = await tx.inside(_sql.take, case_no=case_no, asked=orjson.dumps(asked).decode(), at=at)
    if row is None:
        return TakenShares()
    return TakenShares(*(tuple((row[name] or "").split()) for name in ("held", "full")))


async def seen(tx: Transaction, case_no: str, keys: Sequence[bytes]) -> str | None:
    """Another case that has one of these, if it is one that the actor may see: of others nobody learns by trying."""
    row = await tx.row(_sql.seen, keys=list(keys), case_no=case_no) if keys else None
    return str(row["case_no"]) if row else None
