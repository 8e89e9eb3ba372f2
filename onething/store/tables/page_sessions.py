"""Sessions of the pages: who is signed in with which browser."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from onething.store.connection.database import Transaction
from onething.store.connection.sql_files import load

_sql = load("tables/page_sessions")


@dataclass(frozen=True, slots=True)
class PageSessionRow:
    """`issuer`: the code of whom it was begun with, who gives a new token for `refresh`; none under trial."""

    subject: str
    token: bytes
    issuer: str | None
    refresh: bytes | None
    shared: bool
    browser: str
    began_at: datetime
    seen_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class PageSessionHead:
    """One row of a list, without what signs in. `seen_at`: to the minute."""

    digest: bytes
    subject: str
    shared: bool
    browser: str
    began_at: datetime
    seen_at: datetime
    ends_at: datetime


async def add(tx: Transaction, digest: bytes, row: PageSessionRow) -> None:
    """Those whose time is over go at the same time."""
    await tx.rows(_sql.forget, at=row.began_at)
    await tx.rows(_sql.add, digest=digest, **asdict(row))


async def get(tx: Transaction, digest: bytes) -> PageSessionRow | None:
    row = await tx.row(_sql.get, digest=digest)
    return PageSessionRow(**row) if row else None


async def get_alone(tx: Transaction, digest: bytes) -> PageSessionRow | None:
    """Others who want to renew it wait until the transaction ends."""
    row = await tx.row(_sql.get_alone, digest=digest)
    return PageSessionRow(**row) if row else None


async def renewed(tx: Transaction, digest: bytes, *, token: bytes, refresh: bytes | None, at: datetime) -> None:
    await tx.rows(_sql.renewed, digest=digest, token=token, refresh=refresh, at=at)


async def seen(tx: Transaction, digest: bytes, at: datetime) -> None:
    await tx.rows(_sql.seen, digest=digest, at=at)


async def end(tx: Transaction, digest: bytes) -> None:
    await tx.rows(_sql.end, digest=digest)


async def in_force(
    tx: Transaction, *, subject: str | None, now: datetime, seen_after: datetime, limit: int
) -> Sequence[PageSessionHead]:
    """The last used first; `subject` None: of everybody whose the caller may see."""
    rows = await tx.rows(_sql.in_force, subject=subject, now=now, seen_after=seen_after, limit=limit)
    return [PageSessionHead(**row) for row in rows]
