"""换日历: put a new version of a calendar in the record and bring every open case to it, one short transaction a case.

Bounded, resumable and safe to repeat: nothing is remembered but what stands in the cases themselves.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, field

from onething.domain.calendar import Calendar
from onething.domain.errors import FailureCode, OneThingError
from onething.domain.events import CalendarChanged
from onething.store import calendars, cases
from onething.store.actor import Actor
from onething.store.database import Database
from onething.store.door import Door

log = logging.getLogger(__name__)

Change = Callable[[str], Awaitable[bool]]
"""Brings the case of that number to the new calendar in a transaction of its own; False if there was nothing to do.
Must be safe to repeat: the case may have ended, or been changed by somebody else, since it was looked at."""

Told = Callable[[int, int], None]
"""Called after each page with how many open cases have been looked at, and how many changed."""

_TRIES = 3


@dataclass(frozen=True)
class Standing:
    """Before a load. `older`: digests of the versions before this one. `open_cases` by region, drafts included."""

    calendar: Calendar
    older: tuple[str, ...]
    open_cases: dict[str, int]

    @property
    def total(self) -> int:
        return sum(self.open_cases.values())


@dataclass
class Moved:
    """What came of a load. `refused`: cases that could not be changed, with why; a repetition tries them again."""

    looked_at: int = 0
    changed: int = 0
    refused: dict[str, FailureCode] = field(default_factory=dict)


async def publish(database: Database, wanted: Iterable[Calendar]) -> Sequence[Calendar]:
    """Put in the record those that are not there yet, and give these. Open cases stay with the calendar they have.

    Raises OneThingError NOT_ALLOWED_NOW when the record holds a later version, or another content under that version.
    """
    wanted = list(wanted)
    async with database.transaction(Actor.worker()) as tx:
        for calendar in wanted:
            _refuse_conflict(calendar, await calendars.versions(tx, calendar.code))
        return await calendars.publish(tx, wanted)


async def standing(database: Database, calendar: Calendar) -> Standing:
    """What a load of that calendar has before it. Raises as `publish`."""
    async with database.transaction(Actor.worker()) as tx:
        known = await calendars.versions(tx, calendar.code)
        _refuse_conflict(calendar, known)
        older = tuple(digest for version, digest in known if version < calendar.version)
        return Standing(calendar, older, await calendars.under_way(tx) if older else {})


def at_the_door(database: Database, door: Door, before: Standing) -> Change:
    """Changes a case by recording `CalendarChanged`, unless it has ended or been changed meanwhile."""

    async def change(case_no: str) -> bool:
        async with database.transaction(Actor.worker(), of_case=case_no) as tx:
            found = await cases.state(tx, case_no)
            if found is None or found[1].ended or found[1].calendar not in before.older:
                return False
            event = CalendarChanged(old=found[1].calendar, new=before.calendar.digest, tells=True)
            await door.record(tx, case_no, event)
            return True

    return change


async def move(
    database: Database,
    before: Standing,
    change: Change,
    *,
    batch: int = 200,
    at_once: int = 4,
    told: Told = lambda looked_at, changed: None,
) -> Moved:
    """Change every open case that counts by an older version.

    At most `at_once` cases at a time, so that people at work are not held up. A case that somebody has in hand is tried
    again. Raises OneThingError UNAVAILABLE when the database is gone: what was changed stays, a repetition goes on.
    """
    moved = Moved()
    pages = calendars.open_cases(database, Actor.worker(), before.open_cases, before.older, batch=batch)
    async for page in pages:
        for begin in range(0, len(page.outdated), at_once):
            some = page.outdated[begin : begin + at_once]
            # each ends by itself: none is cut off in the middle of a commit because of another
            ends = await asyncio.gather(*(_change_one(one, change, moved) for one in some), return_exceptions=True)
            for end in ends:
                if end is not None:
                    raise end
        moved.looked_at += page.looked_at
        told(moved.looked_at, moved.changed)
    return moved


async def _change_one(case_no: str, change: Change, moved: Moved) -> None:
    for attempt in range(1, _TRIES + 1):
        try:
            if await change(case_no):
                moved.changed += 1
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
