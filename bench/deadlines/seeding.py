"""Cases whose clocks run out at moments that the measurement chooses.

A promise of working days or hours can't be made to end in three minutes, so these were made in the past: by the writer,
with its clock set back, and with a calendar that closes when the measurement wants it to.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import count

from onething.domain.calendar.days import LOCAL, Calendar
from onething.domain.calendar.limits import Limit, Unit
from onething.domain.deadlines.clock_kinds import item_clock
from onething.domain.definition.items import OnRefusal, OutputKind
from onething.domain.definition.time_rules import Card, LegalEffect, Recipient, Rung
from onething.domain.events.intake import Accepted, Submitted
from onething.domain.plan.plan import Plan, PlanClocks, PlanItem, PlanOutput
from onething.store.connection.actor import Actor
from onething.store.connection.database import Database
from onething.store.record.case_writer import CaseWriter
from onething.store.record.plan_cache import PlanCache
from onething.store.tables import calendars, cases
from tests.support import people

ITEM = "promised"
CLOCK = item_clock(ITEM)
MOMENTS = 2  # of each case: the promise is broken, and the yellow card

_DAY = timedelta(days=1)
_HOUR = timedelta(hours=1)
_LAST = time(23, 59, 59)
_AT_ONCE = 8
_versions = count(1)


@dataclass
class SetClock:
    """Says what it was set to."""

    at: datetime

    def now(self) -> datetime:
        return self.at


class Seeder:
    """Uses the API's role, as those who apply and accept do."""

    def __init__(self, database: Database, region: str) -> None:
        self._database = database
        self._citizen = people.actor(people.citizen(region=region))
        self._counter = people.actor(people.counter(region=region))
        self._plan_cache = PlanCache()

    async def end_of_day(self, many: int, due_at: datetime, ended: Callable[[], None]) -> dict[str, datetime]:
        """A promise of a working day each, all of which end when business does: at `due_at`. Case → due moment."""
        calendar = _open_every_day(due_at, closes=due_at.astimezone(LOCAL).time())
        plan = _plan(calendar, Limit(amount=1))
        return await self._cases(plan, calendar, [due_at - _DAY] * many, ended)

    async def spread(self, dues: Sequence[datetime], ended: Callable[[], None]) -> dict[str, datetime]:
        """A promise of one hour each, that ends at these moments. Case → due moment: over midnight
        a second later, as no business is done in the last one of a day."""
        calendar = _open_every_day(dues[0], closes=_LAST)
        plan = _plan(calendar, Limit(amount=1, unit=Unit.WORKING_HOUR))
        return await self._cases(plan, calendar, [due - _HOUR for due in dues], ended)

    async def _cases(
        self, plan: Plan, calendar: Calendar, moments: Sequence[datetime], ended: Callable[[], None]
    ) -> dict[str, datetime]:
        async with self._database.transaction(Actor.anybody()) as tx:
            await calendars.publish(tx, [calendar])
        left, made = iter(moments), dict[str, datetime]()

        async def lane() -> None:
            for began in left:
                case_no, due = await self._case(plan, calendar, began)
                made[case_no] = due
                ended()

        async with asyncio.TaskGroup() as lanes:
            for _ in range(_AT_ONCE):
                lanes.create_task(lane())
        return made

    async def _case(self, plan: Plan, calendar: Calendar, began: datetime) -> tuple[str, datetime]:
        writer = CaseWriter(SetClock(began), self._plan_cache)
        async with self._database.transaction(self._citizen) as tx:
            case_no = await cases.next_case_no(tx, self._citizen.region, began)
            head = cases.NewCase(
                case_no=case_no,
                region=self._citizen.region,
                bundle=plan.bundle,
                channel="online",
                created_by=self._citizen.subject,
                created_at=began,
                query_hash=case_no.encode(),
                identity_index=case_no.encode(),
                departments=plan.departments,
            )
            event = Submitted(plan=plan.digest, calendar=calendar.digest, channel="online")
            await writer.open_case(tx, head, plan, event)
        async with self._database.transaction(self._counter) as tx:
            recorded = await writer.record(tx, case_no, Accepted())
        due = recorded.state.clocks[CLOCK].due_at
        if due is None:
            raise AssertionError("nothing stops the clock")
        return case_no, due


def _plan(calendar: Calendar, promised: Limit) -> Plan:
    item = PlanItem(
        code=ITEM,
        name="到期的事项",
        department="water",
        promised=promised,
        statutory=Limit(amount=20),
        outputs=(PlanOutput(id="result", name="结果", kind=OutputKind.RESULT),),
        on_refusal=OnRefusal.GO_ON,
    )
    card = Rung(code="yellow", of=LegalEffect.PROMISE, days_left=0, tells=(Recipient.HANDLER,), card=Card.YELLOW)
    return Plan(
        bundle="bench-deadlines@1",
        definition_digest="0" * 64,
        name="测速：到期",
        calendar=calendar.code,
        promised=Limit(amount=10),
        statutory=Limit(amount=20),
        items=(item,),
        clocks=PlanClocks(ladder=(card,), critical=(ITEM,)),
    )


def _open_every_day(around: datetime, *, closes: time) -> Calendar:
    """From midnight on. A case begins within a day before, weekends are worked."""
    today = around.astimezone(LOCAL).date()
    near = [today + number * _DAY for number in range(-3, 4)]
    return Calendar(
        code="bench-deadlines",
        version=next(_versions),
        name="测速用日历",
        covered_from=date(today.year - 1, 1, 1),
        covered_until=date(today.year + 1, 12, 31),
        holidays={},
        workdays={day: "测速" for day in near if day.weekday() >= 5},
        office_hours=((time(0), closes),),
    )


def in_seconds(seconds: float) -> datetime:
    """That much from now, at a full second."""
    return (datetime.now(UTC) + timedelta(seconds=seconds)).replace(microsecond=0)
