"""Drafts that a clerk is asked to look at before somebody travels. Who reaches which row is decided by row-level
security: the draft's people theirs, a counter those of its region or outlets, as long as it may see them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from onething.domain.errors import FailureCode, OneThingError
from onething.store.connection.database import Transaction
from onething.store.connection.sql_files import load

_sql = load("tables/prechecks")


@dataclass(frozen=True, slots=True)
class NewPrecheck:
    """A new one. `outlet`: which is asked, if one is; `bundle`: its code."""

    case_no: str
    region: str
    outlet: str | None
    bundle: str
    asked_by: str
    asked_at: datetime
    promised_at: datetime


@dataclass(frozen=True, slots=True)
class Precheck:
    """One as it stands; times UTC. `body`: the answer, sealed; in no list."""

    case_no: str
    region: str
    outlet: str | None
    bundle: str
    asked_at: datetime
    promised_at: datetime
    answered_at: datetime | None
    visit_on: date | None
    visit_outlet: str | None
    body: bytes | None = field(repr=False)

    @property
    def cursor(self) -> tuple[datetime, str]:
        """Where the page after this row begins."""
        return (self.asked_at, self.case_no)


@dataclass(frozen=True, slots=True)
class PrecheckAnswer:
    """What a clerk says. `seen_until`: so long the counter sees it; `code_hash`: of what is shown at the counter."""

    at: datetime
    by: str
    visit_on: date
    visit_outlet: str
    seen_until: datetime
    code_hash: bytes = field(repr=False)
    body: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class AnsweredPrecheck:
    """For whose draft it was."""

    case_no: str
    region: str
    bundle: str
    answered_at: datetime
    visit_on: date
    visit_outlet: str


async def ask(tx: Transaction, new: NewPrecheck) -> bool:
    """False where one of the draft waits already."""
    values = {name: getattr(new, name) for name in new.__slots__}
    return await tx.value(_sql.ask, **values) is not None


async def get(tx: Transaction, case_no: str, *, lock: bool = False) -> Precheck | None:
    """None also for what the actor may not see."""
    row = await tx.row(_sql.lock if lock else _sql.get, case_no=case_no)
    return Precheck(**dict(row)) if row is not None else None


async def need(tx: Transaction, case_no: str, *, lock: bool = False) -> Precheck:
    """Raises OneThingError NOT_FOUND, also for what the actor may not see."""
    found = await get(tx, case_no, lock=lock)
    if found is None:
        raise OneThingError(FailureCode.NOT_FOUND, "没有请窗口看过的这份草稿：可能没有请过、已取消、已提交或已过期。")
    return found


async def page(tx: Transaction, region: str, *, after: tuple[datetime, str], limit: int) -> Sequence[Precheck]:
    """Those that wait, the longest first, as far as they are the actor's to see."""
    rows = await tx.rows(_sql.open, region=region, after_at=after[0], after_no=after[1], limit=limit)
    return [Precheck(**dict(row)) for row in rows]


async def waiting(tx: Transaction, region: str) -> int:
    """How many `page` has, up to 1,001, which stands for "over 1,000"."""
    return int(await tx.value(_sql.count_open, region=region))


async def answered_of(tx: Transaction, identity_index: bytes, limit: int) -> Sequence[AnsweredPrecheck]:
    """Of drafts in the name of this person, the newest first, as far as they are the actor's to see."""
    rows = await tx.rows(_sql.answered_of, identity_index=identity_index, limit=limit)
    return [AnsweredPrecheck(**dict(row)) for row in rows]


async def answer(tx: Transaction, case_no: str, given: PrecheckAnswer) -> None:
    """Raises OneThingError CONCURRENT_CHANGE where somebody was first."""
    values = {name: getattr(given, name) for name in given.__slots__}
    if await tx.value(_sql.answer, case_no=case_no, **values) is None:
        raise OneThingError(FailureCode.CONCURRENT_CHANGE, "刚刚有同事答复了，请刷新后查看。")


async def take_back(tx: Transaction, case_no: str) -> bool:
    """With the answer, if there is one. False where there is none."""
    return await tx.value(_sql.take_back, case_no=case_no) is not None


async def hand_over(tx: Transaction, case_no: str, code_hash: bytes, outlet: str | None) -> bool:
    """Whether the draft is the clerk's from here on: see `hand_over_draft.sql`."""
    return bool(await tx.value(_sql.hand_over, case_no=case_no, code_hash=code_hash, outlet=outlet))
