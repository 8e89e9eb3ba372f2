"""Phrases that people use in opinions, kept by each for themselves."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from onething.store.connection.database import Transaction
from onething.store.connection.sql_files import load

_sql = load("tables/phrases")
MOST = 30


@dataclass(frozen=True, slots=True)
class SealedPhrase:
    """Number `n` of its owner's, from 1."""

    n: int
    body: bytes = field(repr=False)


async def mine(tx: Transaction) -> Sequence[SealedPhrase]:
    return [SealedPhrase(**row) for row in await tx.rows(_sql.mine, subject=tx.actor.subject)]


async def add(tx: Transaction, n: int, body: bytes, at: datetime) -> None:
    await tx.rows(_sql.add, subject=tx.actor.subject, n=n, body=body, at=at)


async def remove(tx: Transaction, n: int) -> bool:
    """False if there was none."""
    return await tx.value(_sql.remove, subject=tx.actor.subject, n=n) is not None
