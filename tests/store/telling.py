"""Stories of the rules, told to the writer line by line."""

from collections.abc import AsyncIterator
from typing import get_args

from onething.domain.events.deadlines import Moment
from onething.domain.events.intake import Submitted, Supplemented
from onething.domain.events.outcomes import (
    CameTooLate,
    CertificatesIssued,
    DispatchRefused,
    EffectUndone,
    NoticesSent,
    RecordFetched,
    RecordRefused,
)
from onething.domain.events.tasks import ItemDecided
from onething.domain.events.union import CommandOutcome, Event, Fact
from onething.store.connection.actor import Actor
from onething.store.tables import calendars
from tests.domain.builders import CALENDAR, LATER, Case
from tests.store.stage import WORKER, Stage


class Telling:
    """One story as it is told to the case writer."""

    def __init__(self, stage: Stage, case: Case) -> None:
        self.stage = stage
        self.record = case.record
        self.case_no = ""

    async def tell(self) -> None:
        async for _ in self.line_by_line():
            pass

    async def line_by_line(self) -> AsyncIterator[int]:
        async with self.stage.api.transaction(Actor.anybody()) as tx:
            await calendars.publish(tx, [CALENDAR, LATER])
        for line in self.record.journal:
            # one look sees all that falls on one moment
            looks = (getattr(other.event, "seen_at", None) for other in self.record.journal if other.at == line.at)
            self.stage.clock.at = max(filter(None, looks), default=line.at)
            await self._say(line.event)
            yield line.seq

    async def _say(self, event: Event) -> None:
        if isinstance(event, Submitted):
            plan = self.record.plans[event.plan]
            self.case_no = (await self.stage.submit(plan, materials=event.materials, said=event)).case_no
        elif isinstance(event, get_args(Moment)):
            await self.stage.tick(self.case_no)
        elif isinstance(event, ItemDecided) and event.command is not None:
            await self.stage.come_of(self.case_no, event)
        elif isinstance(event, get_args(Fact)):
            plan = self.record.plans[event.plan] if isinstance(event, Supplemented) and event.plan else None
            async with self.stage.worker.transaction(WORKER) as tx:
                await self.stage.writer.record(tx, self.case_no, event, plan=plan)
        else:
            await self.stage.come_of(self.case_no, _in_time(event) if isinstance(event, CameTooLate) else event)


def _in_time(event: CameTooLate) -> CommandOutcome | ItemDecided:
    """What came, as it would have been recorded in time."""
    match event.of:
        case "record_fetched":
            said = {"compared": event.compared, "disagrees": event.disagrees}
            return RecordFetched(command=event.command, data=event.data or "", record=event.record or "", **said)
        case "record_refused":
            return RecordRefused(command=event.command, data=event.data or "", reason="no_record")
        case "dispatch_refused":
            return DispatchRefused(command=event.command, item=event.item or "", reason="unknown")
        case "item_decided":
            outcome = event.decided or "refuse"
            return ItemDecided(item=event.item or "", round=1, outcome=outcome, command=event.command)
        case "effect_undone":
            return EffectUndone(command=event.command, effect=event.effect or "")
        case "certificates_issued":
            return CertificatesIssued(command=event.command, numbers=(), items=())
    return NoticesSent(command=event.command, template=event.template or "")
