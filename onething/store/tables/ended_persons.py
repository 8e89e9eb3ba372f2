"""Whose death cases report, and of whom that is registered. Whoever reads it knows blind indexes, never numbers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from onething.store.connection.database import Transaction
from onething.store.connection.sql_files import load

_sql = load("tables/ended_persons")


@dataclass(frozen=True, slots=True)
class Reported:
    """One report about somebody, and what has come of it."""

    case_no: str
    item: str
    bundle: str
    reported_at: datetime
    ended_at: datetime | None
    lifted_at: datetime | None
    dropped_at: datetime | None


async def name(
    tx: Transaction, case_no: str, bundle: str, persons: Mapping[str, bytes], at: datetime, *, bears: bool
) -> None:
    """Item → whom it is about, of a case that the actor writes; in the place of whom it named before. Who is registered
    already stays. `bears`: certificates of the item are made out to them."""
    for item, person in persons.items():
        named = {"item": item, "identity_index": person, "bears": bears}
        await tx.rows(_sql.name, case_no=case_no, bundle=bundle, at=at, **named)


async def has_ended(tx: Transaction, person: bytes) -> bool:
    """Asked before something is written in that person's name: a registration waits for this transaction."""
    return bool(await tx.value(_sql.has_ended, person=person))


async def ended_at(tx: Transaction, person: bytes) -> datetime | None:
    """Since when it is registered that they are no more; None if it is not."""
    at: datetime | None = await tx.value(_sql.ended_at, person=person)
    return at


async def of_person(tx: Transaction, person: bytes, limit: int) -> Sequence[Reported]:
    """What was reported of them, the newest first."""
    return [Reported(**row) for row in await tx.rows(_sql.of_person, person=person, limit=limit)]


async def changed_since(tx: Transaction, since: datetime) -> Mapping[str, bool]:
    """Person (blind index, hex) → whether they are registered to be no more, of those of whom that has changed."""
    return {row["person"]: row["ended"] for row in await tx.rows(_sql.changed_since, since=since)}
