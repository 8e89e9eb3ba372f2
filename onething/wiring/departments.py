"""An operator's act on the record, as a worker does it: move what a department has open to its successor."""

from onething.domain.timing import SystemClock
from onething.services import reassignments
from onething.services.reassignments import Duties, Moved, Told
from onething.settings import Settings
from onething.store.door import Door
from onething.store.shelf import Shelf
from onething.wiring.common import database_of, needed


async def move_duties(settings: Settings, duties: Duties, *, dry_run: bool, batch: int, told: Told) -> Moved:
    """Safe to repeat: what is done stays done. Raises `SettingMissing`, and OneThingError as the service does."""
    database, shelf = database_of(settings, needed(settings, "database_worker_url")), Shelf()
    door = Door(SystemClock(), shelf)
    await database.open()
    try:
        return await reassignments.move(database, door, shelf, duties, dry_run=dry_run, batch=batch, told=told)
    finally:
        await database.close()
