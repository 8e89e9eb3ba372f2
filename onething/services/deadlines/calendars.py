"""换日历: put a new version of a calendar in the record and bring every case that counts days to it, each in a short
transaction of its own.

Bounded, resumable and safe to repeat: nothing is remembered but what stands in the cases themselves.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from onething.domain.calendar.days import Calendar
from onething.domain.errors import FailureCode, OneThingError
from onething.domain.events.deadlines import CalendarChanged
from onething.domain.kernel.commands import CommandKind
from onething.domain.kernel.state import CaseState
from onething.services.core.wording import due_title
from onething.store.connection.actor import Actor
from onething.store.connection.database import Database, Transaction
from onething.store.record.case_writer import CaseWriter, Recorded
from onething.store.record.plan_cache import PlanCache
from onething.store.tables import calendars, cases

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class DueMoved:
    """A clock of a case, what people call it, and when it was due and is due (None: it stands still)."""

    case_no: str
    clock: str
    title: str
    before: datetime | None
    after: datetime | None


@dataclass(frozen=True)
class Changed:
    """A case that now counts by the new calendar. `notices`: how many wait to be sent because of it."""

    case_no: str
    dues: tuple[DueMoved, ...] = ()
    notices: int = 0


RecountCase = Callable[[str], Awaitable[Changed | None]]
"""Brings the case of that number to the new calendar in a transaction of its own; None if there was nothing to do.
Must be safe to repeat: the case may have ended, or been changed by somebody else, since it was looked at."""

Report = Callable[[Changed], None]
"""Called with each case once it has changed for good."""

PageProgress = Callable[[int, int], None]
"""Called after each page with how many open cases have been looked at, and how many changed."""

LISTED = 20
_TRIES = 3


@dataclass(frozen=True)
class LoadPreview:
    """Before a load. `older`: digests of the versions before this one. `open_cases` by region, drafts included."""

    calendar: Calendar
    older: tuple[str, ...]
    open_cases: dict[str, int]

    @property
    def total(self) -> int:
        return sum(self.open_cases.values())


@dataclass
class CalendarLoadReport:
    """What came of a load. `affected`: cases of which a due date moved; `dues`: how many dates did.

    `first`: `LISTED` of them at most. `refused`: cases that could not be changed, with why: a repetition tries
    them again.
    """

    looked_at: int = 0
    changed: int = 0
    affected: int = 0
    dues: int = 0
    notices: int = 0
    first: list[DueMoved] = field(default_factory=list)
    refused: dict[str, FailureCode] = field(default_factory=dict)

    def add(self, case: Changed) -> None:
        self.changed += 1
        self.affected += bool(case.dues)
        self.dues += len(case.dues)
        self.notices += case.notices
        self.first += case.dues[: LISTED - len(self.first)]


async def publish(database: Database, versions: Iterable[Calendar]) -> Sequence[Calendar]:
    """Put in the record those that are not there yet, and give these. Open cases stay with the calendar they have.

    Raises OneThingError NOT_ALLOWED_NOW when the record holds a later version, or another content under that version.
    """
    versions = list(versions)
    async with database.transaction(Actor.worker()) as tx:
        for calendar in versions:
            _refuse_conflict(calendar, await calendars.versions(tx, calendar.code))
        return await calendars.publish(tx, versions)


async def standing(database: Database, calendar: Calendar) -> LoadPreview:
    """What a load of that calendar has before it. Raises as `publish`."""
    async with database.transaction(Actor.worker()) as tx:
        known = await calendars.versions(tx, calendar.code)
        _refuse_conflict(calendar, known)
        older = tuple(digest for version, digest in known if version < calendar.version)
        return LoadPreview(calendar, older, await calendars.under_way(tx) if older else {})


async def newer_calendar(plan_cache: PlanCache, tx: Transaction, state: CaseState) -> CalendarChanged | None:
    """To the newest version in the record, unless the case counts by it, or counts no days at all: one that was loaded
    after the case had ended has passed it by."""
    if not state.counts_days:
        return None
    own = await plan_cache.calendar(tx, state.calendar)
    _, newest = (await calendars.versions(tx, own.code))[-1]
    return None if newest == own.digest else CalendarChanged(old=own.digest, new=newest)


def recount_by(database: Database, writer: CaseWriter, before: LoadPreview) -> RecountCase:
    """Changes a case by recording `CalendarChanged`, unless nothing of it ticks or it was changed meanwhile."""

    async def change(case_no: str) -> Changed | None:
        async with database.transaction(Actor.worker(), of_case=case_no) as tx:
            found = await cases.state(tx, case_no)
            if found is None or found[1].calendar not in before.older:
                return None
            old = await writer.tick(tx, case_no)  # what had come due is no doing of the new calendar
            if old.state.calendar not in before.older or not old.state.counts_days:
                return None
            event = CalendarChanged(old=old.state.calendar, new=before.calendar.digest)
            await writer.record(tx, case_no, event)
            return _changed(old, await writer.tick(tx, case_no))  # what it made untrue is taken back at once

    return change


def _changed(old: Recorded, new: Recorded) -> Changed:
    was, now = old.state, new.state
    dues = tuple(
        DueMoved(new.case_no, name, due_title(new.plan, name), was.clocks[name].due_at, clock.due_at)
        for name, clock in now.clocks.items()
        if name in was.clocks and was.clocks[name].due_at != clock.due_at
    )
    commands = (one for key, one in now.commands.items() if key not in was.commands)
    return Changed(new.case_no, dues, sum(one.kind == CommandKind.SEND_NOTICES for one in commands))


async def move(
    database: Database,
    before: LoadPreview,
    change: RecountCase,
    *,
    batch: int = 200,
    at_once: int = 4,
    on_progress: PageProgress = lambda looked_at, changed: None,
    report: Report = lambda changed: None,
) -> CalendarLoadReport:
    """Change every case that counts by an older version: those that are open, then those that have ended and of which a
    clock still runs.

    At most `at_once` cases at a time, so that people at work are not held up. A case that somebody has in hand is tried
    again. Raises OneThingError UNAVAILABLE when the database is gone: what was changed stays, a repetition goes on.
    """
    moved = CalendarLoadReport()
    actor = Actor.worker()
    for pages in (
        calendars.open_cases(database, actor, before.open_cases, before.older, batch=batch),
        calendars.ended_cases(database, actor, before.older, batch=batch),
    ):
        async for page in pages:
            for begin in range(0, len(page.outdated), at_once):
                await _change_some(page.outdated[begin : begin + at_once], change, moved, report)
            moved.looked_at += page.looked_at
            on_progress(moved.looked_at, moved.changed)
    return moved


async def _change_some(some: Sequence[str], change: RecountCase, moved: CalendarLoadReport, report: Report) -> None:
    # each ends by itself: none is cut off in the middle of a commit because of another
    ends = await asyncio.gather(*(_change_one(one, change, moved, report) for one in some), return_exceptions=True)
    for end in ends:
        if end is not None:
            raise end


async def _change_one(case_no: str, change: RecountCase, moved: CalendarLoadReport, report: Report) -> None:
    for attempt in range(1, _TRIES + 1):
        try:
            if (changed := await change(case_no)) is not None:
                moved.add(changed)
                report(changed)
            return
        except OneThingError as error:
            if error.code is FailureCode.UNAVAILABLE:
                raise
            if error.code is FailureCode.BUSY and attempt < _TRIES:
                continue
            log.warning("calendar not changed", extra={"case_no": case_no, "reason": error.code})
            moved.refused[case_no] = error.code
            return


def _refuse_conflict(calendar: Calendar, known: Sequence[tuple[int, str]]) -> None:
    later = [version for version, _ in known if version > calendar.version]
    if later:
        detail = f"记录里已经有 {calendar.code}@{later[-1]}，比 {calendar.ref} 新：换用最新的定义目录后重试。"
        raise OneThingError(FailureCode.NOT_ALLOWED_NOW, detail)
    if any(version == calendar.version and digest != calendar.digest for version, digest in known):
        detail = f"记录里的 {calendar.ref} 与定义目录里的内容不同：恢复原文，把改动写成下一版后重试。"
        raise OneThingError(FailureCode.NOT_ALLOWED_NOW, detail)
