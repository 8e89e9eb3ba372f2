"""A database with the schema, its two login roles, a clock to move, and short ways to bring a case somewhere."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any

import asyncpg

from onething.domain.events.intake import Accepted, Submitted
from onething.domain.events.tasks import ItemDecided
from onething.domain.events.union import CommandOutcome, Fact
from onething.domain.kernel.sealed_name import SealedName
from onething.domain.plan.plan import Plan
from onething.store.connection.actor import Actor
from onething.store.connection.database import Database
from onething.store.connection.notifier import ListChange
from onething.store.record.case_writer import CaseWriter, Recorded
from onething.store.record.plan_cache import PlanCache
from onething.store.record.rows import SealedValue
from onething.store.tables import cases, tasks
from tests.domain.builders import CALENDAR, MONDAY
from tests.support import people
from tests.support.people import REGION

TODAY = tasks.Today(MONDAY, MONDAY + timedelta(hours=15))
"""Nine in the morning, and midnight."""
PERSON, OTHER_PERSON = b"0123456789abcdef", b"somebody else..."  # blind indices of proved identities
CITIZEN = people.actor(people.citizen(), identity=PERSON)
OTHER_CITIZEN = people.actor(people.citizen("citizen2"), identity=OTHER_PERSON)
AGENT = people.actor(people.agent(), at=MONDAY)
"""Acts for nobody but by `Stage.give_mandate`."""
COUNTER = people.actor(people.counter())
SUPERVISOR = people.actor(people.supervisor())
ADMIN = people.actor(people.admin())
AUDITOR = people.actor(people.auditor())
WORKER = Actor.worker()


def officer(department: str, subject: str = "", region: str = REGION) -> Actor:
    return people.actor(people.officer(department, subject=subject, region=region))


def leader(department: str, region: str = REGION) -> Actor:
    return people.actor(people.leader(department, region=region))


@dataclass
class MovableClock:
    at: datetime = MONDAY

    def now(self) -> datetime:
        return self.at

    def pass_time(self, **length: float) -> None:
        self.at += timedelta(**length)


@dataclass
class Notified:
    """Remembers what was rung."""

    cases: list[tuple[str, int]] = field(default_factory=list)
    lists: list[ListChange | None] = field(default_factory=list)
    handovers: int = 0

    def case_changed(self, case_no: str, seq: int, lists: ListChange | None = None) -> None:
        self.cases.append((case_no, seq))
        self.lists.append(lists)

    def handover_waits(self) -> None:
        self.handovers += 1


def sealed(name: str, body: bytes, departments: tuple[str, ...] | None = None) -> SealedValue:
    return SealedValue(SealedName.parse(name), body, departments)


@dataclass
class Stage:
    api: Database
    worker: Database
    superuser_url: str
    worker_url: str
    clock: MovableClock = field(default_factory=MovableClock)
    notifier: Notified = field(default_factory=Notified)

    def __post_init__(self) -> None:
        self.writer = CaseWriter(self.clock, PlanCache(), self.notifier)

    def another_writer(self) -> CaseWriter:
        """As another process has it: with an empty plan cache."""
        return CaseWriter(self.clock, PlanCache())

    async def submit(
        self,
        plan: Plan,
        *,
        actor: Actor = CITIZEN,
        materials: Sequence[str] = (),
        values: Sequence[SealedValue] = (),
        said: Submitted | None = None,
        shares: Mapping[str, bytes] = MappingProxyType({}),
        **head: Any,
    ) -> Recorded:
        async with self.api.transaction(actor) as tx:
            new = await self.new_case(tx, plan, actor, **head)
            event = said or Submitted(
                plan=plan.digest, calendar=CALENDAR.digest, channel=new.channel, materials=tuple(materials)
            )
            return await self.writer.open_case(tx, new, plan, event, values=values, shares=shares)

    async def new_case(self, tx: Any, plan: Plan, actor: Actor, **head: Any) -> cases.NewCase:
        now = self.clock.now()
        case_no = await cases.next_case_no(tx, actor.region, now)
        return cases.NewCase(
            **{
                "case_no": case_no,
                "region": actor.region,
                "bundle": plan.bundle,
                "channel": "online",
                "created_by": actor.subject,
                "created_at": now,
                "query_hash": b"query:" + case_no.encode(),
                "identity_index": bytes.fromhex(actor.identity) or PERSON,
                "departments": plan.departments,
                **head,
            }
        )

    async def give_mandate(self, id_: str = "m1", giver: bytes = PERSON) -> None:
        """To the agent, for all bundles, for a year."""
        await self.look(
            "insert into mandates (id, giver_index, agent, kind, bundles, acts, region, recorded_by, paper, given_at,"
            " expires_at, body) values ($1, $2, 'agent', 'helper', '{}', '{apply}', $3, 'citizen', false, $4, $5, '')",
            id_,
            giver,
            REGION,
            MONDAY,
            MONDAY + timedelta(days=365),
        )

    async def say(self, case_no: str, event: Fact, actor: Actor, **more: Any) -> Recorded:
        async with self.api.transaction(actor) as tx:
            return await self.writer.record(tx, case_no, event, **more)

    async def accept(self, case_no: str) -> Recorded:
        return await self.say(case_no, Accepted(), COUNTER)

    async def decide(self, case_no: str, item: str, outcome: str = "approve", **more: Any) -> Recorded:
        event = ItemDecided.model_validate({"item": item, "round": 1, "outcome": outcome})
        return await self.say(case_no, event, officer(f"dep-{item}"), **more)

    async def come_of(
        self, case_no: str, outcome: CommandOutcome | ItemDecided, *, epoch: int = 1, **more: Any
    ) -> Recorded:
        async with self.worker.transaction(WORKER) as tx:
            return await self.writer.record_outcome(tx, case_no, epoch, outcome, **more)

    async def tick(self, case_no: str, **more: Any) -> Recorded:
        async with self.worker.transaction(WORKER) as tx:
            return await self.writer.tick(tx, case_no, **more)

    async def look(self, statement: str, *arguments: Any) -> list[Any]:
        """What is in the tables, past all policies: for looking after the act, never part of it."""
        connection = await asyncpg.connect(self.superuser_url)
        try:
            rows: list[Any] = await connection.fetch(statement, *arguments)
            return rows
        finally:
            await connection.close()

    async def many_cases(self, status: str) -> None:
        """Twelve thousand of three regions and four departments, an hour apart: what makes PostgreSQL want indexes."""
        await self.look(
            """
            insert into cases (case_no, region, bundle, channel, status, created_by, created_at, departments,
                               query_hash, identity_index)
            select 'c' || n, (array['330100','440100','110000'])[1 + n % 3], 'test@1', 'online', $2, 'citizen',
                   $1::timestamptz + n * interval '1 hour', array['dep-' || n % 4], '', ''
            from generate_series(1, 12000) n
            """,
            MONDAY,
            status,
        )

    async def kinds(self, case_no: str) -> list[str]:
        rows = await self.look("select kind from journal where case_no = $1 order by seq", case_no)
        return [row["kind"] for row in rows]


async def as_role(database: Database, actor: Actor, act: Callable[[Any], Awaitable[Any]]) -> Any:
    """What `act` gives on the raw connection of a transaction of `actor`."""
    async with database.transaction(actor) as tx:
        return await act(tx._connection)
