"""An operator's act on the record, as a worker does it: load a calendar and bring the open cases to it."""

from collections.abc import Callable
from dataclasses import dataclass

from onething.domain.calendar.days import Calendar
from onething.domain.calendar.time_source import Clock, SystemClock
from onething.services.deadlines import calendars
from onething.services.deadlines.calendars import Moved, Report
from onething.settings import Settings
from onething.store.record.case_writer import Door
from onething.store.record.plan_cache import Shelf
from onething.wiring.common import database_of, needed

Progress = Callable[[int, int, int], None]
"""Called with how many open cases there are, how many have been looked at, and how many changed."""


@dataclass(frozen=True)
class Loaded:
    """`new`: whether the record had it already."""

    new: bool
    moved: Moved


async def load_calendar(
    settings: Settings,
    calendar: Calendar,
    progress: Progress,
    report: Report,
    *,
    batch: int,
    clock: Clock | None = None,
) -> Loaded:
    """Safe to repeat: what is done stays done. Raises `SettingMissing`, and OneThingError as the services do."""
    database = database_of(settings, needed(settings, "database_worker_url"))
    door = Door(clock or SystemClock(), Shelf())
    await database.open()
    try:
        new = bool(await calendars.publish(database, [calendar]))
        before = await calendars.standing(database, calendar)
        progress(before.total, 0, 0)
        change = calendars.at_the_door(database, door, before)
        moved = await calendars.move(
            database, before, change, batch=batch, told=lambda *seen: progress(before.total, *seen), report=report
        )
        return Loaded(new, moved)
    finally:
        await database.close()
