"""An operator's act on the record, as a worker does it: move what a department has open to its successor."""

from onething.domain.calendar.time_source import SystemClock
from onething.services.items import reassign
from onething.services.items.reassign import Duties, Moved, Told
from onething.settings import Settings
from onething.store.record.case_writer import Door
from onething.store.record.plan_cache import Shelf
from onething.wiring.common import database_of, needed


async def move_duties(settings: Settings, duties: Duties, *, dry_run: bool, batch: int, told: Told) -> Moved:
    """Safe to repeat: what is done stays done. Raises `SettingMissing`, and OneThingError as the service does."""
    database, shelf = database_of(settings, needed(settings, "database_worker_url")), Shelf()
    door = Door(SystemClock(), shelf)
    await database.open()
    try:
        return await reassign.move(database, door, shelf, duties, dry_run=dry_run, batch=batch, told=told)
    finally:
        await database.close()
