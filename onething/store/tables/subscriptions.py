"""Who is told what happens to cases, how far each has been told, and what could not be told."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import orjson

from onething.domain.errors import FailureCode, OneThingError
from onething.store.connection.database import Transaction
from onething.store.connection.sql_files import load

_sql = load("tables/subscriptions")


@dataclass(frozen=True, slots=True)
class Subscription:
    """`types`: exact ones, or `onething.case.*`. The line after (landed, case_no, seq) is the next. Times UTC."""

    id: str
    url: str
    types: tuple[str, ...]
    bundle: str | None
    region: str | None
    secrets: bytes = field(repr=False)
    created_at: datetime
    disabled_at: datetime | None
    disabled_why: str | None
    landed: int
    case_no: str
    seq: int
    rewind_to: datetime | None
    attempts: int
    next_at: datetime | None
    failing_since: datetime | None
    last_failure: str | None
    delivered: int
    delivered_at: datetime | None


@dataclass(frozen=True, slots=True)
class NewsLine:
    """One line of the journal in the order in which it is told."""

    landed: int
    case_no: str
    seq: int
    at: datetime
    kind: str
    event: Mapping[str, Any]
    bundle: str
    region: str


@dataclass(frozen=True, slots=True)
class DeadLetter:
    case_no: str
    seq: int
    type: str
    at: datetime
    attempts: int
    failure: str
    given_up_at: datetime


async def add(
    tx: Transaction,
    id_: str,
    *,
    url: str,
    types: Sequence[str],
    bundle: str | None,
    region: str | None,
    secrets: bytes,
    at: datetime,
) -> None:
    """It is told what happens from now on."""
    await tx.rows(
        _sql.add,
        id=id_,
        url=url,
        types=list(types),
        bundle=bundle,
        region=region,
        secrets=secrets,
        at=at,
        by=tx.actor.subject,
    )


async def everything(tx: Transaction) -> Sequence[Subscription]:
    """All of them, the oldest first."""
    return [_subscription(row) for row in await tx.rows(_sql.everything)]


async def get(tx: Transaction, id_: str) -> Subscription:
    """One, locked. Raises OneThingError NOT_FOUND."""
    row = await tx.row(_sql.one, id=id_)
    if row is None:
        raise OneThingError(FailureCode.NOT_FOUND, "没有这个订阅，请核对编号。")
    return _subscription(row)


async def remove(tx: Transaction, id_: str) -> None:
    """Raises OneThingError NOT_FOUND."""
    if await tx.value(_sql.remove, id=id_) is None:
        raise OneThingError(FailureCode.NOT_FOUND, "没有这个订阅，请核对编号。")


async def change_secrets(tx: Transaction, id_: str, secrets: bytes) -> None:
    await tx.rows(_sql.change_secrets, id=id_, secrets=secrets)


async def again_from(tx: Transaction, id_: str, moment: datetime) -> None:
    """Everything since then is told anew, also to one that was disabled."""
    await tx.rows(_sql.again_from, id=id_, moment=moment)


async def dead(tx: Transaction, id_: str, *, limit: int) -> Sequence[DeadLetter]:
    """What was given up, the last first."""
    return [DeadLetter(**dict(row)) for row in await tx.rows(_sql.dead, id=id_, limit=limit)]


async def news(tx: Transaction, after: Subscription, *, limit: int) -> Sequence[NewsLine]:
    """The next lines, none of which another that is not committed yet could come before."""
    rows = await tx.rows(_sql.news, landed=after.landed, case_no=after.case_no, seq=after.seq, limit=limit)
    return [NewsLine(**{**dict(row), "event": orjson.loads(row["event"])}) for row in rows]


async def rewind(tx: Transaction) -> None:
    """Back to where they are to be told anew from."""
    await tx.rows(_sql.rewind)


async def reached(tx: Transaction, id_: str, line: NewsLine, *, delivered: bool, at: datetime) -> None:
    """This line is behind it: told, or none of its business, or given up."""
    await tx.rows(_sql.reached, id=id_, landed=line.landed, case_no=line.case_no, seq=line.seq, told=delivered, at=at)


async def failed(tx: Transaction, id_: str, failure: str, *, at: datetime, next_at: datetime) -> None:
    await tx.rows(_sql.failed, id=id_, failure=failure, at=at, next_at=next_at)


async def bury(
    tx: Transaction, id_: str, line: NewsLine, type_: str, *, attempts: int, failure: str, at: datetime
) -> int:
    """Given up; returns how many of this subscription are."""
    await tx.rows(
        _sql.bury,
        id=id_,
        case_no=line.case_no,
        seq=line.seq,
        type=type_,
        at=line.at,
        attempts=attempts,
        failure=failure,
        given_up_at=at,
    )
    return int(await tx.value(_sql.how_many_dead, id=id_))


async def disable(tx: Transaction, id_: str, why: str, at: datetime) -> None:
    await tx.rows(_sql.disable, id=id_, at=at, why=why)


def _subscription(row: Any) -> Subscription:
    return Subscription(**{**dict(row), "types": tuple(row["types"])})
