"""Cases that really went through the writer, of every bundle and stage: what the many are copied from."""

from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random

from definitions.loader import Catalog
from onething.domain.calendar.days import LOCAL
from onething.domain.definition.outcomes import OutcomeEffect
from onething.domain.events.followup import Rated
from onething.domain.events.intake import Accepted, CorrectionsAsked, Rejected, Submitted, Withdrawn
from onething.domain.events.outcomes import CertificatesIssued, NoticesSent, RecordFetched
from onething.domain.events.tasks import ItemDecided
from onething.domain.events.union import CommandOutcome, Fact
from onething.domain.identity import IdType
from onething.domain.kernel.commands import Command, CommandKind
from onething.domain.kernel.sealed_name import SealedName
from onething.domain.kernel.state import CaseState
from onething.domain.materials import decides_on
from onething.security.blind_index import BlindIndex
from onething.security.codes import QueryCodes
from onething.security.sealing import Sealer
from onething.services.application import sealed_values
from onething.services.application.sealed_values import SealedValues
from onething.store.connection.actor import Actor
from onething.store.connection.database import Database
from onething.store.record.case_writer import CaseWriter, Recorded
from onething.store.record.plan_cache import PlanCache
from onething.store.record.rows import SealedValue
from onething.store.tables import calendars, cases
from tests.api.catalogue import Situation, situations
from tests.support import people

QUERY_CODE = "ABCD2345"
"""That of every case."""
_CHANNELS = ("online", "online", "phone", "counter", "agent")
_WORKER = Actor.worker()


@dataclass
class SetClock:
    """Says what it was set to."""

    at: datetime

    def now(self) -> datetime:
        return self.at


@dataclass(frozen=True)
class Told:
    """One case as it stands. `ended`: nothing is left to do; `with_journal`: lists or pages read its lines."""

    case_no: str
    story: str
    ended: bool
    with_journal: bool
    weight: int


@dataclass(frozen=True)
class Story:
    """`weight`: how many of them there are among those that have ended, or have not."""

    name: str
    tell: "Callable[[Teller], Awaitable[None]]"
    ended: bool = False
    with_journal: bool = True
    weight: int = 1


@dataclass
class Teller:
    """Tells one case to the writer, with a clock of its own."""

    api: Database
    worker: Database
    sealer: Sealer
    index: BlindIndex
    catalog: Catalog
    region: str
    plan_cache: PlanCache
    situation: Situation
    chance: Random
    clock: SetClock
    case_no: str = ""
    _state: CaseState | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        self._writer = CaseWriter(self.clock, self.plan_cache)

    @property
    def state(self) -> CaseState:
        if self._state is None:
            raise AssertionError("nothing was submitted")
        return self._state

    @property
    def ended(self) -> bool:
        return self.state.ended

    def wait(self, **at_most: float) -> None:
        """Some part of it."""
        self.clock.at += timedelta(**at_most) * (0.2 + 0.8 * self.chance.random())

    async def submit(self) -> None:
        plan, now = self.situation.plan, self.clock.at
        citizen = people.citizen(region=self.region)
        person = self.index.of_identity(IdType.RESIDENT_ID, people.ZHANG.id_number)
        actor = people.actor(citizen, identity=person, at=now)
        calendar = self.catalog.calendars[plan.calendar]
        application = self.situation.application(people.ZHANG, {})
        async with self.api.transaction(actor) as tx:
            await calendars.publish(tx, [calendar])
            self.case_no = await cases.next_case_no(tx, self.region, now)
            head = cases.NewCase(
                case_no=self.case_no,
                region=self.region,
                bundle=plan.bundle,
                channel=self.chance.choice(_CHANNELS),
                created_by=actor.subject,
                created_at=now,
                query_hash=QueryCodes(self.index).hash(self.case_no, QUERY_CODE),
                identity_index=person,
                departments=plan.departments,
                identity_only=not any(one.required for one in plan.asked_materials),
            )
            event = Submitted(
                plan=plan.digest, calendar=calendar.digest, channel=head.channel, materials=self.situation.papers
            )
            form = {name: application[name] for name in ("answers", "form", "delivery")}
            values = (
                self._sealed(sealed_values.FORM, form),
                self._sealed(sealed_values.APPLICANT, application["applicant"]),
            )
            self._keep(await self._writer.open_case(tx, head, plan, event, values=values))

    async def accept(self) -> None:
        await self._say(Accepted(), people.actor(people.counter(region=self.region)))

    async def records_come(self) -> None:
        """Every open look-up gets its record."""
        for command in self._open(CommandKind.FETCH_RECORD):
            name = sealed_values.record(command.target)
            kept = {"record": {"name": people.WANG.name}, "as_of": self.clock.at.isoformat()}
            event = RecordFetched(command=command.id, data=command.target, record=name)
            await self._come_of(event, (self._sealed(name, kept),))

    async def decide(self, at_most: int | None = None, effect: OutcomeEffect = OutcomeEffect.WELL) -> None:
        """Items that can be decided, one after the other with time between them, until none is left."""
        made = 0
        while at_most is None or made < at_most:
            await self.settle()
            item = self._next_item()
            if item is None:
                return
            self.wait(hours=30)
            code, round_no, department = item
            opinion = sealed_values.opinion(code, round_no)
            seen = decides_on(self.situation.plan, self.state, code)
            outcome = self.situation.plan.item_by_code[code].usual(effect).id
            said = {"item": code, "round": round_no, "outcome": outcome, "opinion": opinion, "seen": seen}
            event = ItemDecided.model_validate(said)
            officer = people.actor(people.officer(department, region=self.region))
            await self._say(event, officer, self._sealed(opinion, {"opinion": "符合条件"}))
            made += 1

    async def settle(self) -> None:
        """Everything that the systems have to do is done: records, decisions of departments' systems, papers."""
        while True:
            if self._open(CommandKind.FETCH_RECORD):
                await self.records_come()
            elif ordered := self._open(CommandKind.DISPATCH_ITEM):
                self.wait(minutes=40)
                code = ordered[0].target
                well = self.situation.plan.item_by_code[code].usual(OutcomeEffect.WELL)
                round_no = self.state.items[code].round
                await self._come_of(ItemDecided(item=code, round=round_no, outcome=well.id, command=ordered[0].id))
            elif told := self._open(CommandKind.SEND_NOTICES):
                await self._come_of(NoticesSent(command=told[0].id, template=told[0].target))
            elif issued := self._open(CommandKind.ISSUE_CERTIFICATES):
                await self._come_of(CertificatesIssued(command=issued[0].id, numbers=(), items=()))
            else:
                return

    async def corrections(self) -> None:
        notice = sealed_values.new_notice()
        first = self.situation.form[0].id
        told = {"items": [{"pointer": f"/form/{first}", "what": "与证件不一致"}]}
        counter = people.actor(people.counter(region=self.region))
        event = CorrectionsAsked(fields=(f"/form/{first}",), notice=notice)
        await self._say(event, counter, self._sealed(notice, told, ()))

    async def reject(self) -> None:
        notice = sealed_values.new_notice()
        counter = people.actor(people.counter(region=self.region))
        told = {"reason": "不属于本机关职权范围", "basis": "行政许可法第三十二条"}
        await self._say(Rejected(notice=notice), counter, self._sealed(notice, told, ()))

    async def withdraw(self) -> None:
        await self._say(Withdrawn(), self._citizen())

    async def rate(self, grade: int) -> None:
        await self._say(Rated(grade=grade), self._citizen())

    async def catch_up(self, now: datetime) -> None:
        """Whatever has come due by now has happened."""
        self.clock.at = max(now, self.clock.at)
        async with self.worker.transaction(_WORKER) as tx:
            self._keep(await self._writer.tick(tx, self.case_no))
        await self.settle()

    def _next_item(self) -> tuple[str, int, str] | None:
        by_code = self.situation.plan.item_by_code
        for code, item in self.state.items.items():
            if item.state == "open" and not any(c.target == code for c in self._open(CommandKind.DISPATCH_ITEM)):
                return code, item.round, by_code[code].department
        return None

    def _citizen(self) -> Actor:
        person = self.index.of_identity(IdType.RESIDENT_ID, people.ZHANG.id_number)
        return people.actor(people.citizen(region=self.region), identity=person, at=self.clock.at)

    def _open(self, kind: CommandKind) -> Sequence[Command]:
        return [
            Command(id=name, kind=one.kind, target=one.target)
            for name, one in self.state.commands.items()
            if one.kind == kind
        ]

    def _sealed(self, name: SealedName, value: object, departments: tuple[str, ...] | None = None) -> SealedValue:
        return SealedValue(name, SealedValues(self.sealer, self.case_no).seal(name, value), departments)

    async def _say(self, event: Fact, actor: Actor, *values: SealedValue) -> None:
        async with self.api.transaction(actor) as tx:
            self._keep(await self._writer.record(tx, self.case_no, event, values=values))

    async def _come_of(self, event: CommandOutcome | ItemDecided, values: Sequence[SealedValue] = ()) -> None:
        async with self.worker.transaction(_WORKER) as tx:
            self._keep(await self._writer.record_outcome(tx, self.case_no, 1, event, values=lambda _: values))

    def _keep(self, recorded: Recorded) -> None:
        self._state = recorded.state


async def _waits(teller: Teller) -> None:
    await teller.submit()
    teller.wait(minutes=10)
    await teller.settle()


async def _asked(teller: Teller) -> None:
    await _waits(teller)
    teller.wait(hours=5)
    await teller.corrections()
    await teller.settle()


async def _looks_up(teller: Teller) -> None:
    """What is asked for at once has not come when it is accepted, and does not come."""
    await teller.submit()
    teller.wait(minutes=15)
    await teller.accept()


async def _accepted(teller: Teller) -> None:
    await _waits(teller)
    teller.wait(hours=5)
    await teller.accept()
    teller.wait(minutes=20)
    await teller.settle()


async def _first_decided(teller: Teller) -> None:
    await _accepted(teller)
    await teller.decide(1)
    await teller.settle()


async def _closed(teller: Teller) -> None:
    await _accepted(teller)
    await teller.decide()
    await teller.settle()


async def _closed_late(teller: Teller) -> None:
    await _accepted(teller)
    teller.clock.at += timedelta(days=12)
    await teller.decide()
    await teller.settle()


async def _refused(teller: Teller) -> None:
    await _accepted(teller)
    await teller.decide(1, OutcomeEffect.REFUSED)
    await teller.decide()
    await teller.settle()


async def _rejected(teller: Teller) -> None:
    await _asked(teller)
    teller.wait(days=2)
    await teller.reject()
    await teller.settle()


async def _withdrawn(teller: Teller) -> None:
    await _accepted(teller)
    await teller.withdraw()
    await teller.settle()


async def _rated(teller: Teller) -> None:
    await _closed(teller)
    if teller.ended:
        teller.wait(days=2)
        await teller.rate(teller.chance.randint(1, 5))
        await teller.settle()


STORIES = (
    Story("submitted", _waits, weight=2),
    Story("corrections", _asked),
    Story("looked_up", _looks_up),
    Story("accepted", _accepted, weight=6),
    Story("under_way", _first_decided, weight=20),
    Story("closed", _closed, ended=True, with_journal=False, weight=160),
    Story("closed_late", _closed_late, ended=True, with_journal=False, weight=12),
    Story("refused", _refused, ended=True, with_journal=False, weight=10),
    Story("rejected", _rejected, ended=True, weight=8),
    Story("withdrawn", _withdrawn, ended=True, with_journal=False, weight=6),
    Story("rated", _rated, ended=True, weight=2),
)
_ENDED_BEFORE = timedelta(days=70)
_LATELY = timedelta(days=1)


async def tell_all(
    api: Database, worker: Database, sealer: Sealer, index: BlindIndex, catalog: Catalog, region: str, now: datetime
) -> list[Told]:
    """One case of each story and situation. Those that have ended began some weeks ago, the others lately."""
    chance, plan_cache, told = Random("scale"), PlanCache(), []
    for story, situation in _each():
        age = _ENDED_BEFORE if story.ended else _LATELY
        began = _in_office_hours(now - age, chance)
        teller = Teller(api, worker, sealer, index, catalog, region, plan_cache, situation, chance, SetClock(began))
        await story.tell(teller)
        await teller.catch_up(now)
        # a story that did not come to its end, as where an item waits for something else, counts by how it stands
        told.append(
            Told(teller.case_no, story.name, teller.ended, story.with_journal or not teller.ended, story.weight)
        )
    return told


def _in_office_hours(moment: datetime, chance: Random) -> datetime:
    """On a weekday, or the one before, between nine and half past four."""
    day = moment.astimezone(LOCAL) - timedelta(days=chance.randrange(5))
    day -= timedelta(days=max(day.weekday() - 4, 0))
    return (
        day.replace(hour=9, minute=0, second=0, microsecond=0).astimezone(UTC) + timedelta(hours=7.5) * chance.random()
    )


_BUNDLES = ("death-deregistration", "enterprise-opening", "newborn", "restaurant-opening", "transport-business")
"""Always the same: what is measured must not grow with the catalogue."""


def _each() -> Iterator[tuple[Story, Situation]]:
    for code in _BUNDLES:
        for situation in situations(code):
            for story in STORIES:
                yield story, situation
