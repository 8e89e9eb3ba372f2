"""An operator's act on the record, as a worker does it: move what a department has open to its successor."""

from onething.domain.calendar.time_source import SystemClock
from onething.services.items import reassign
from onething.services.items.reassign import Duties, ReassignmentProgress, ReassignmentReport
from onething.settings import Settings
from onething.store.record.case_writer import CaseWriter
from onething.store.record.plan_cache import PlanCache
from onething.wiring.common import database_of, needed


async def move_duties(
    settings: Settings, duties: Duties, *, dry_run: bool, batch: int, on_progress: ReassignmentProgress
) -> ReassignmentReport:
    """Safe to repeat: what is done stays done. Raises `SettingMissing`, and OneThingError as the service does."""
    database, plan_cache = database_of(settings, needed(settings, "database_worker_url")), PlanCache()
    writer = CaseWriter(SystemClock(), plan_cache)
    await database.open()
    try:
        return await reassign.move(
            database, writer, plan_cache, duties, dry_run=dry_run, batch=batch, on_progress=on_progress
        )
    finally:
        await database.close()
