"""Visits to a counter or on site, each of which whoever was there may rate once, by its code. What became of one is the
supervisor's to see, and not of whoever recorded it (`schema.sql`)."""

from dataclasses import dataclass, field
from datetime import date, datetime

from onething.store.connection.database import Transaction
from onething.store.connection.sql_files import load

_sql = load("tables/visits")


@dataclass(frozen=True, slots=True)
class NewVisit:
    """The actor's: who recorded it, for which department, is known of them."""

    case_no: str
    outlet: str | None
    place: str
    day: date
    at: datetime
    code_hash: bytes = field(repr=False)
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class OwnVisit:
    """As whoever recorded it sees it."""

    case_no: str
    place: str
    day: date
    at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class RatedVisit:
    """As the supervisor sees it; notes sealed."""

    id: int
    case_no: str
    region: str
    outlet: str | None
    place: str
    department: str | None
    day: date
    rated_at: datetime
    grade: int
    tags: list[str]
    contact_by: datetime | None
    contacted_at: datetime | None
    contact_note: bytes | None = field(repr=False)
    rectify_by: datetime | None
    rectified_at: datetime | None
    rectify_note: bytes | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class VisitSums:
    visits: int
    rated: int
    badly_rated: int


def note(tx: Transaction, visit: NewVisit) -> None:
    """With the commit of what was done there; one is enough, of a case, a place and a day."""
    values = {name: getattr(visit, name) for name in visit.__slots__}
    tx.with_commit(_sql.note, **values | {"day": visit.day.isoformat()})


async def latest_of(tx: Transaction, case_no: str) -> OwnVisit | None:
    """The last of this case that the actor recorded."""
    row = await tx.row(_sql.latest_of, case_no=case_no)
    return OwnVisit(**dict(row)) if row is not None else None


async def rate(
    tx: Transaction,
    code_hash: bytes,
    at: datetime,
    grade: int,
    tags: list[str],
    contact_by: datetime | None,
    rectify_by: datetime | None,
) -> bool:
    """See `rate_visit.sql`."""
    values = {"hash": code_hash, "at": at, "grade": grade, "tags": tags}
    return bool(await tx.value(_sql.rate, **values, contact_by=contact_by, rectify_by=rectify_by))


async def rated(tx: Transaction, id_: int) -> RatedVisit | None:
    """None for one of elsewhere, too."""
    row = await tx.row(_sql.rated, id=id_)
    return RatedVisit(**dict(row)) if row is not None else None


async def answer(tx: Transaction, id_: int, step: str, at: datetime, note: bytes) -> bool:
    """`step`: contact, rectify. See `answer_visit.sql`."""
    return bool(await tx.value(_sql.answer, id=id_, step=step, at=at, note=note))


async def sums(tx: Transaction, region: str, first: date, last: date) -> VisitSums:
    """By the days of the visits, both counted."""
    row = await tx.row(_sql.sums, region=region, first=first, last=last)
    if row is None:
        raise AssertionError("a sum without groups is one row")
    return VisitSums(**dict(row))
