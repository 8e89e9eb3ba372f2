"""Who is locked out: tokens by their id until they end anyway, and subjects until it is lifted."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from onething.store.connection.database import Transaction
from onething.store.connection.sql_files import load

_sql = load("tables/lockouts")
CHANNEL = "onething_lockouts"
"""Rung at every change."""


@dataclass(frozen=True, slots=True)
class Lockout:
    id: int
    kind: str
    value: str
    at: datetime
    by_subject: str
    reason: str


async def standing(tx: Transaction, now: datetime) -> Sequence[tuple[str, str]]:
    """(kind, value) of all that stands."""
    return [(row["kind"], row["value"]) for row in await tx.rows(_sql.standing, now=now)]


async def subjects(tx: Transaction) -> Sequence[Lockout]:
    """Those of subjects that stand, the last first."""
    return [Lockout(**row) for row in await tx.rows(_sql.subjects)]


async def add(tx: Transaction, kind: str, value: str, at: datetime, *, reason: str, until: datetime | None) -> None:
    """By the actor. What stands already stays as it is."""
    by = tx.actor.subject
    await tx.rows(_sql.add, kind=kind, value=value, at=at, by_subject=by, reason=reason, until=until)
    await tx.rows(_sql.ring)


async def lift(tx: Transaction, subject: str, at: datetime) -> bool:
    """Whether there was one."""
    lifted = await tx.rows(_sql.lift, value=subject, at=at, by_subject=tx.actor.subject)
    await tx.rows(_sql.ring)
    return bool(lifted)
