"""Prefilled applications that other systems sent, until somebody makes a draft of one. Who reaches which row is decided
by row-level security: the sender its own, a counter its region's, a person those that name them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from onething.domain.errors import FailureCode, OneThingError
from onething.store.connection.actor import Actor
from onething.store.connection.database import Transaction
from onething.store.connection.sql_files import load

_sql = load("tables/prefills")


@dataclass(frozen=True, slots=True)
class Arrived:
    """A new one. `event`: the code of its definition; `digest`: of what it says; `identity_index`: of who may apply."""

    id: str
    source: str
    event_id: str
    event: str
    system: str
    bundle: str
    region: str
    confirm: tuple[str, ...]
    identity_index: bytes | None = field(repr=False)
    digest: bytes = field(repr=False)
    received_at: datetime
    expires_at: datetime
    body: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Known:
    """What is answered to a sender, also to a repeat."""

    id: str
    digest: bytes = field(repr=False)
    bundle: str
    received_at: datetime


@dataclass(frozen=True, slots=True)
class PrefillListRow:
    """One line of a list; times UTC."""

    id: str
    event: str
    bundle: str
    region: str
    received_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Prefill:
    """One of them. `body` is gone once it was taken up, and `case_no` tells as which draft. `identity_index`: whom it
    names."""

    id: str
    event: str
    event_id: str
    source: str
    bundle: str
    region: str
    received_at: datetime
    expires_at: datetime
    body: bytes | None = field(repr=False)
    taken_at: datetime | None
    taken_role: str | None
    case_no: str | None
    identity_index: bytes | None = field(repr=False)


def sender(system: str) -> Actor:
    """The system whose signature was found good."""
    return Actor(system, "event_source")


async def add(tx: Transaction, new: Arrived) -> bool:
    """False if there is one of this source and event already."""
    values = {name: getattr(new, name) for name in new.__slots__}
    return await tx.value(_sql.add, **{**values, "confirm": list(new.confirm)}) is not None


async def known(tx: Transaction, source: str, event_id: str) -> Known | None:
    row = await tx.row(_sql.known, source=source, event_id=event_id)
    return Known(**dict(row)) if row else None


async def in_region(
    tx: Transaction, region: str, now: datetime, *, before: tuple[datetime, str], limit: int
) -> Sequence[PrefillListRow]:
    """Those that wait, newest first."""
    rows = await tx.rows(_sql.in_region, region=region, now=now, before_at=before[0], before_id=before[1], limit=limit)
    return [PrefillListRow(**dict(row)) for row in rows]


async def of_person(
    tx: Transaction, identity_index: bytes, now: datetime, *, before: tuple[datetime, str], limit: int
) -> Sequence[PrefillListRow]:
    """Those that wait for one person, newest first."""
    rows = await tx.rows(
        _sql.of_person,
        identity_index=identity_index,
        now=now,
        before_at=before[0],
        before_id=before[1],
        limit=limit,
    )
    return [PrefillListRow(**dict(row)) for row in rows]


async def get(tx: Transaction, id_: str, now: datetime, *, lock: bool = False) -> Prefill:
    """Raises OneThingError NOT_FOUND, also for what the actor may not see and what waited too long."""
    row: Any = await tx.row(_sql.lock if lock else _sql.one, id=id_, now=now)
    if row is None:
        raise OneThingError(FailureCode.NOT_FOUND, "没有这份待确认的预填申请，或者您无权查看。")
    return Prefill(**dict(row))


async def take(tx: Transaction, id_: str, *, at: datetime, role: str, case_no: str) -> None:
    """It has become a draft, which holds what it said."""
    await tx.rows(_sql.take, id=id_, at=at, role=role, case_no=case_no)


async def forget_old(tx: Transaction, now: datetime) -> int:
    """How many were dropped whose time is over; a worker's housekeeping."""
    return int(await tx.value(_sql.forget, now=now))
