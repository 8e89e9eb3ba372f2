"""Who looked at what, whom they searched for, and what was refused: an append-only log of its own, read by auditors."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from onething.security.origin import ORIGIN
from onething.store.connection.database import Transaction
from onething.store.connection.sql_files import load

_sql = load("record/access_log")
DONE = "done"
_FIRST, _LAST = datetime(2000, 1, 1, tzinfo=UTC), datetime(9999, 1, 1, tzinfo=UTC)
NEWEST = (_LAST, 0)


@dataclass(frozen=True, slots=True)
class NumberSearch:
    """Somebody's identity number or name was what was searched by. `whose`: its blind index. `reason`: why, sealed."""

    whose: bytes = field(repr=False)
    reason: bytes | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Summed:
    """What happens so often that it is counted: a refusal of callers whom nobody knows, or an alarm."""

    act: str
    outcome: str
    subject: str
    role: str
    address: str | None
    case_no: str | None
    detail: str | None


@dataclass(frozen=True, slots=True)
class Access:
    """A line. `outcome`: `done`, `alarm` or a code of failure; `times`: how many of the same it sums up. `department`,
    `region`, `outlet`: for which office whoever it was worked then."""

    id: int
    at: datetime
    subject: str
    role: str
    department: str | None
    region: str | None
    outlet: str | None
    act: str
    case_no: str | None
    whose: bytes | None
    found: int | None
    reason: bytes | None
    outcome: str
    address: str | None
    request_id: str | None
    times: int
    detail: str | None


@dataclass(frozen=True, slots=True)
class OwnAccess:
    """A line about somebody, as far as they read it. `own`: it was they themselves, by the same account. `subject` is
    for opening the reason and for nothing else."""

    id: int
    at: datetime
    own: bool
    subject: str = field(repr=False)
    role: str
    department: str | None
    region: str | None
    outlet: str | None
    act: str
    case_no: str | None
    reason: bytes | None = field(repr=False)
    outcome: str
    times: int


@dataclass(frozen=True, slots=True)
class AccessFilter:
    """Which lines; None: any. `since` is counted in, `until` is not."""

    subject: str | None = None
    act: str | None = None
    case_no: str | None = None
    whose: bytes | None = field(default=None, repr=False)
    since: datetime | None = None
    until: datetime | None = None
    outcome: str | None = None


def add(
    tx: Transaction,
    act: str,
    at: datetime,
    *,
    case_no: str | None = None,
    search: NumberSearch | None = None,
    found: int | None = None,
    outcome: str = DONE,
    detail: str | None = None,
) -> None:
    """What the actor did or was refused; with the commit, so that it costs no round trip. `detail`: a code, never a
    text. `found`: how many of what was searched for."""
    origin = ORIGIN.get()
    tx.with_commit(
        _sql.add,
        at=at,
        subject=tx.actor.subject,
        role=str(tx.actor.role),
        department=tx.actor.department or None,
        region=tx.actor.region or None,
        outlet=tx.actor.sits_at,
        act=act,
        case_no=case_no,
        whose=search.whose if search else None,
        found=found,
        reason=search.reason if search else None,
        outcome=outcome,
        address=origin.address if origin else None,
        request_id=origin.request_id if origin else None,
        detail=detail,
    )


def add_sum(tx: Transaction, summed: Summed, minute: datetime, times: int) -> None:
    """So many of the same within the minute; with the commit."""
    values = {name: getattr(summed, name) for name in Summed.__slots__}
    tx.with_commit(_sql.add_sum, at=minute, times=times, **values)


async def page(
    tx: Transaction, where: AccessFilter, *, before: tuple[datetime, int] = NEWEST, limit: int = 50
) -> Sequence[Access]:
    """Newest first. For an auditor; nobody else finds any."""
    await tx.rows(_sql.plan_anew)  # one plan for all filters would walk the whole log for a rare one
    # one bound above, not two: of several PostgreSQL walks down from any
    before_at, before_id = min(before, (_within_record(where.until or _LAST), 0))
    rows = await tx.rows(
        _sql.page,
        before_at=before_at,
        before_id=before_id,
        since=_within_record(where.since or _FIRST),
        subject=where.subject,
        act=where.act,
        case_no=where.case_no,
        whose=where.whose,
        outcome=where.outcome,
        limit=limit,
    )
    return [Access(**row) for row in rows]


async def about_actor(
    tx: Transaction, *, own_too: bool, before: tuple[datetime, int] = NEWEST, limit: int = 50
) -> Sequence[OwnAccess]:
    """Lines about the number that the actor has proved, and about cases of which they are the applicant, newest
    first; without `own_too`, of others' accounts alone. None for who has proved no number."""
    rows = await tx.rows(_sql.about_actor, before_at=before[0], before_id=before[1], own_too=own_too, limit=limit)
    return [OwnAccess(**row) for row in rows]


async def opened_since(
    tx: Transaction, case_no: str, since: Sequence[datetime]
) -> Sequence[Sequence[tuple[str, datetime]]]:
    """For each of these moments, which departments' people have opened the case after it, and when first. Of a case
    that the actor does not see, none."""
    found: list[list[tuple[str, datetime]]] = [[] for _ in since]
    for row in await tx.rows(_sql.opened_since, case_no=case_no, since=list(since)):
        found[row["nth"] - 1].append((row["department"], row["at"]))
    return found


def _within_record(moment: datetime) -> datetime:
    """Moments near the ends of the calendar are none in PostgreSQL's time zone."""
    return min(max(moment, _FIRST), _LAST)
