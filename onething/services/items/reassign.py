"""职责划转: what a department has open, in every case, goes to the one that took over its duties, each case in a short
transaction of its own.

Bounded, resumable and safe to repeat: nothing is remembered but what stands in the cases themselves.
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from onething.domain.errors import FailureCode, OneThingError
from onething.domain.events.items import ItemReassigned
from onething.domain.kernel.custody import Custody, held_by
from onething.domain.kernel.state import CaseState
from onething.domain.plan.plan import Plan
from onething.store.connection.actor import Actor
from onething.store.connection.database import Database
from onething.store.record.case_writer import CaseWriter
from onething.store.record.plan_cache import PlanCache
from onething.store.tables import cases, reassignments

log = logging.getLogger(__name__)
_TRIES = 3


@dataclass(frozen=True)
class Duties:
    """What moves: all that `before` holds, or only items of one bundle, or one item of it. `basis` says why."""

    before: str
    department: str
    basis: str
    bundle: str | None = None  # code
    item: str | None = None

    def of(self, plan: Plan, state: CaseState) -> Sequence[Custody]:
        """What of this case is to move."""
        if self.bundle not in (None, plan.bundle.partition("@")[0]):
            return ()
        return [one for one in held_by(plan, state, self.before) if self.item in (None, one.item)]


@dataclass
class ReassignmentReport:
    """What came of it. `refused`: cases in which it could not be done, with why: a repetition tries them again."""

    looked_at: int = 0
    cases: int = 0
    moved: int = 0  # items, data keys and opinions
    refused: dict[str, FailureCode] = field(default_factory=dict)


ReassignmentProgress = Callable[[ReassignmentReport], None]
"""Called after each page of cases."""


async def move(
    database: Database,
    writer: CaseWriter,
    plan_cache: PlanCache,
    duties: Duties,
    *,
    dry_run: bool = False,
    batch: int = 200,
    on_progress: ReassignmentProgress = lambda moved: None,
) -> ReassignmentReport:
    """Record `ItemReassigned` for all that the department holds; with `dry_run` only count it.

    One case at a time, so that people at work are not held up. Raises OneThingError UNAVAILABLE when the database is
    gone: what was moved stays, a repetition goes on.
    """
    moved, actor = ReassignmentReport(), Actor.worker()
    async for page in reassignments.pages(database, actor, duties.before, batch=batch):
        for case_no in page:
            moved.looked_at += 1
            if dry_run:
                count = await _count(database, plan_cache, duties, case_no)
            else:
                count = await _move_one(database, writer, duties, case_no, moved)
            moved.cases += count > 0
            moved.moved += count
        on_progress(moved)
    return moved


async def _count(database: Database, plan_cache: PlanCache, duties: Duties, case_no: str) -> int:
    async with database.reading(Actor.worker()) as tx:
        found = await cases.state(tx, case_no)
        return len(duties.of(await plan_cache.plan(tx, found[1].plan), found[1])) if found else 0


async def _move_one(
    database: Database, writer: CaseWriter, duties: Duties, case_no: str, moved: ReassignmentReport
) -> int:
    for attempt in range(1, _TRIES + 1):
        try:
            async with database.transaction(Actor.worker(), of_case=case_no) as tx:
                now = await writer.tick(tx, case_no)
                what = duties.of(now.plan, now.state)
                for one in what:
                    event = ItemReassigned(
                        item=one.item,
                        before=duties.before,
                        department=duties.department,
                        basis=duties.basis,
                        consult=one.consult,
                    )
                    await writer.record(tx, case_no, event)
            return len(what)
        except OneThingError as error:
            if error.code is FailureCode.UNAVAILABLE:
                raise
            if error.code is FailureCode.BUSY and attempt < _TRIES:
                continue
            log.warning("duties not moved", extra={"case_no": case_no, "reason": error.code})
            moved.refused[case_no] = error.code
            return 0
    raise AssertionError("every try ends")
