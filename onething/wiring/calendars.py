"""An operator's act on the record, as a worker does it: load a calendar and bring the open cases to it."""

from collections.abc import Callable
from dataclasses import dataclass

from onething.domain.calendar.days import Calendar
from onething.domain.calendar.time_source import SystemClock, TimeSource
from onething.services.deadlines import calendars
from onething.services.deadlines.calendars import CalendarLoadReport, Report
from onething.settings import Settings
from onething.store.record.case_writer import CaseWriter
from onething.store.record.plan_cache import PlanCache
from onething.wiring.common import database_of, needed

LoadProgress = Callable[[int, int, int], None]
"""Called with how many open cases there are, how many have been looked at, and how many changed."""


@dataclass(frozen=True)
class Loaded:
    """`new`: whether the record had it already."""

    new: bool
    moved: CalendarLoadReport


async def load_calendar(
    settings: Settings,
    calendar: Calendar,
    progress: LoadProgress,
    report: Report,
    *,
    batch: int,
    clock: TimeSource | None = None,
) -> Loaded:
    """Safe to repeat: what is done stays done. Raises `SettingMissing`, and OneThingError as the services do."""
    database = database_of(settings, needed(settings, "database_worker_url"))
    writer = CaseWriter(clock or SystemClock(), PlanCache())
    await database.open()
    try:
        new = bool(await calendars.publish(database, [calendar]))
        before = await calendars.standing(database, calendar)
        progress(before.total, 0, 0)
        change = calendars.recount_by(database, writer, before)
        moved = await calendars.move(
            database,
            before,
            change,
            batch=batch,
            on_progress=lambda *seen: progress(before.total, *seen),
            report=report,
        )
        return Loaded(new, moved)
    finally:
        await database.close()
