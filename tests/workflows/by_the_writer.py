"""Cases by the real case writer and the real relay, on PostgreSQL, with the real workflow on a server that skips time.

One clock for all: the server's. Only what is outside, and the sealed values, are played.
"""

import asyncio
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import get_args
from uuid import uuid4

from temporalio.exceptions import ApplicationError
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Worker

from activities.deadlines import ClockActivities
from activities.dispatch import DepartmentActivities
from activities.documents import CertificateActivities
from activities.failures import Discreet
from activities.heartbeat import Alive
from activities.lookups import SourceActivities
from activities.notifications import NoticeActivities
from activities.ports import DispatchWork, FetchWork, NoticeWork, ReleaseWork, RevokeWork
from activities.quick_effects import QuickEffects
from activities.together import JointActivities
from onething.domain.calendar.days import Calendar
from onething.domain.engine.snapshot import Assignment, CaseSnapshot, JointAssignment, snapshot_of
from onething.domain.engine.step import fold
from onething.domain.events.deadlines import CalendarChanged, Moment
from onething.domain.events.intake import Submitted
from onething.domain.events.outcomes import (
    CertificatesIssued,
    EffectUndone,
    NoticesSent,
    RecordFetched,
)
from onething.domain.events.union import EVENT, CommandOutcome, Event, Fact
from onething.domain.kernel.commands import Command, CommandKind, CommandStatus, idempotency_key
from onething.domain.kernel.state import CaseState, CaseStatus, EffectKind, ItemState
from onething.domain.lookups.answers import Cause, DepartmentDecision, Done, Fetched, Refused, SourceUnavailable
from onething.domain.plan.plan import Plan
from onething.relay.outbox_relay import Relay
from onething.relay.temporal_sender import TemporalSender
from onething.store.record import journal, outbox
from onething.store.record.commands import standing
from onething.store.record.plan_cache import PlanCache
from onething.store.tables import calendars, cases
from tests.store.stage import CITIZEN, WORKER, Stage
from tests.support.patience import PATIENCE_S
from tests.workflows.weeks import Weeks, next_monday
from tests.workflows.world import source
from workflows.case import CaseWorkflow

DEAD = "dead"  # data whose source never answers
_LATE_AT_MOST = timedelta(minutes=12)  # the workflow's is the second look; here it is the only one


class House:
    """All cases of a test session: gateway, sources, departments and notices of the activities, and the relay."""

    def __init__(self, env: WorkflowEnvironment, stage: Stage) -> None:
        self.env = env
        self.stage = stage
        self._plan_cache = PlanCache()
        self.queue = f"deadlines-{uuid4().hex[:8]}"
        self.sender = TemporalSender(env.client, self.queue)
        effects = QuickEffects(self, NoticeActivities(self, self))
        self.relay = Relay(stage.worker, stage.clock, self.sender, effects, asyncio.Event())
        self.broken: set[str] = set()  # cases whose certificates can't be made
        self.unheard: dict[str, str] = {}  # case → how the next notice does not get through: "away" or "slow"
        self.effects: Counter[str] = Counter()  # by idempotency key
        self.undos: list[tuple[str, str]] = []
        self.looks: list[tuple[str, datetime, int, int]] = []  # case, moment, its last line before and after

    def worker(self) -> Worker:
        notices, look_ups = NoticeActivities(self, self), SourceActivities(self, self)
        departments = DepartmentActivities(self, self, self)
        return Worker(
            self.env.client,
            task_queue=self.queue,
            workflows=[CaseWorkflow],
            activities=[
                look_ups.fetch_record,
                JointActivities(self, look_ups, notices).begin_together,
                departments.dispatch_item,
                departments.undo_effect,
                CertificateActivities(self, notices).issue_certificates,
                notices.send_notices,
                ClockActivities(self).tick,
            ],
            interceptors=[Discreet(), Alive()],
            max_cached_workflows=0,  # every task replays
        )

    async def now(self) -> datetime:
        """The case writer's clock is set to it, too."""
        self.stage.clock.at = max(self.stage.clock.at, await self.env.get_current_time())
        return self.stage.clock.at

    async def tell(self) -> None:
        """The relay hands over what waits."""
        await self.now()
        while await self.relay.drain_once():
            await self.now()

    async def look_at(self, case_no: str) -> CaseSnapshot:
        """What a workflow is to know of the case, as it stands."""
        async with self.stage.worker.transaction(WORKER) as tx:
            found = await cases.state(tx, case_no)
        assert found is not None
        return snapshot_of(case_no, 1, found[0], found[1])

    async def until_gathered(self, case_no: str) -> None:
        """Wait, in real time, until nothing is outstanding."""
        async with asyncio.timeout(PATIENCE_S):
            while (await self.look_at(case_no)).commands:  # noqa: ASYNC110  recorded by activities of another loop's pace
                await asyncio.sleep(0.02)

    # -- the gateway

    async def joint_work(self, joint: JointAssignment) -> Mapping[str, FetchWork | NoticeWork | CaseSnapshot]:
        works: dict[str, FetchWork | NoticeWork | CaseSnapshot] = {}
        for command in joint.commands:
            assignment = Assignment(case_no=joint.case_no, epoch=joint.epoch, command=command)
            found = await self._standing(assignment)
            if isinstance(found, CaseSnapshot):
                works[command.id] = found
            elif command.kind == CommandKind.SEND_NOTICES:
                works[command.id] = NoticeWork(_key(assignment), command.target)
            else:
                sources = (await self._plan(found)).data_by_key
                works[command.id] = FetchWork(_key(assignment), source(sources[command.target].source), {})
        return works

    async def answered(self, joint: JointAssignment, answers: Mapping[str, Fetched | Refused | Done]) -> CaseSnapshot:
        snapshot: CaseSnapshot | None = None
        for command in joint.commands:
            if command.id in answers:
                assignment = Assignment(case_no=joint.case_no, epoch=joint.epoch, command=command)
                snapshot = await self._comes(assignment, _outcome(command))
        return snapshot or await self.look_at(joint.case_no)

    async def undo_work(self, assignment: Assignment) -> ReleaseWork | RevokeWork | CaseSnapshot:
        found = await self._standing(assignment)
        if isinstance(found, CaseSnapshot):
            return found
        effect = found.undo_queue[0]
        if effect.kind is EffectKind.LOOKUP:
            assert effect.hold is not None
            return ReleaseWork(_key(assignment), effect.id, source(effect.hold.source), effect.id)
        item = (await self._plan(found)).item_by_code[effect.target]
        return RevokeWork(_key(assignment), effect.id, item.department, item.code, effect.id)

    async def undone(self, assignment: Assignment, effect: str) -> CaseSnapshot:
        return await self._comes(assignment, EffectUndone(command=assignment.command.id, effect=effect))

    async def dispatch_work(self, assignment: Assignment) -> DispatchWork | CaseSnapshot:
        raise AssertionError("no item is a system's here")

    async def dispatched(self, assignment: Assignment, answer: DepartmentDecision | Refused) -> CaseSnapshot:
        raise AssertionError("no system answers here")

    async def issue_certificates(self, assignment: Assignment) -> CaseSnapshot:
        found = await self._standing(assignment)
        if isinstance(found, CaseSnapshot):
            return found
        if assignment.case_no in self.broken:
            raise ApplicationError("the seal is being repaired", non_retryable=True)
        self.effects[_key(assignment)] += 1
        return await self._comes(
            assignment, CertificatesIssued(command=assignment.command.id, numbers=("N1",), items=())
        )

    async def tick(self, case_no: str) -> CaseSnapshot:
        now = await self.now()
        async with self.stage.worker.transaction(WORKER, of_case=case_no) as tx:
            before = len(await journal.lines(tx, case_no))
            recorded = await self.stage.writer.tick(tx, case_no, reply_carries=True)
        self.looks.append((case_no, now, before, recorded.seq))
        return recorded.snapshot

    async def _standing(self, assignment: Assignment) -> CaseState | CaseSnapshot:
        """The state while the command is open, else what is new."""
        async with self.stage.worker.reading(WORKER) as tx:
            found = await standing(tx, assignment.case_no, assignment.epoch, assignment.command.id)
        return found.state if found.status is CommandStatus.OPEN else found.snapshot

    async def _plan(self, state: CaseState) -> Plan:
        async with self.stage.worker.reading(WORKER) as tx:
            return await self._plan_cache.plan(tx, state.plan)

    async def _comes(self, assignment: Assignment, outcome: CommandOutcome) -> CaseSnapshot:
        """It steps what has come due before it, as a look does."""
        now = await self.now()
        before = (await self.look_at(assignment.case_no)).seq
        recorded = await self.stage.come_of(assignment.case_no, outcome, epoch=assignment.epoch, reply_carries=True)
        self.looks.append((assignment.case_no, now, before, recorded.seq))
        return recorded.snapshot

    # -- the outside world

    async def fetch(self, source_code: str, params: Mapping[str, str], key: str) -> Fetched | Refused:
        if source_code == f"src-{DEAD}":
            raise SourceUnavailable(source_code, Cause.SERVER_ERROR)
        self.effects[key] += 1
        return Fetched({}, await self.now())

    async def decide(self, department: str, order: Mapping[str, object], key: str) -> DepartmentDecision | Refused:
        raise AssertionError("no system is asked here")

    async def release(self, source_code: str, of_key: str, key: str) -> Done | Refused:
        return self._undo(f"release {source_code}", key)

    async def revoke(self, department: str, case_no: str, item: str, undo_of: str, key: str) -> Done | Refused:
        return self._undo(f"revoke {item}", key)

    async def send(self, channel: str, template: str, to_ref: str, case_no: str, key: str) -> Done | Refused:
        match self.unheard.pop(case_no, None):
            case "away":
                raise SourceUnavailable("notices", Cause.SERVER_ERROR)
            case "slow":
                await asyncio.Event().wait()
        self.effects[key] += 1
        return Done()

    def _undo(self, what: str, key: str) -> Done:
        self.effects[key] += 1
        self.undos.append((key.split("/", 1)[0], what))
        return Done()


class WrittenCase:
    """One case in the house. `begin` it, then let time pass and say things."""

    def __init__(self, house: House, weeks: Weeks, plan: Plan, calendar: Calendar) -> None:
        self.house = house
        self.weeks = weeks
        self.plan = plan
        self.calendars = {calendar.digest: calendar}
        self.case_no = ""

    @classmethod
    async def begin(
        cls,
        house: House,
        plan: Plan,
        *,
        week: int = 0,
        closed: Iterable[tuple[int, int]] = (),
        materials: Iterable[str] = (),
    ) -> "WrittenCase":
        """Submitted on Monday of the week, at 9:00."""
        weeks = Weeks(next_monday(await house.now()))
        case = cls(house, weeks, plan, weeks.calendar(closed=closed))
        await case.until(week, 0, "09:00")
        await case._publish(*case.calendars.values())
        event = Submitted(
            plan=plan.digest, calendar=next(iter(case.calendars)), channel="online", materials=tuple(materials)
        )
        async with house.stage.api.transaction(CITIZEN) as tx:
            head = await house.stage.new_case(tx, plan, CITIZEN)
            case.case_no = head.case_no
            await house.stage.writer.open_case(tx, head, plan, event)
        await house.tell()
        return case

    async def until(self, week: int, day: int, wall: str) -> None:
        """Let time pass until then. Whoever has to look meanwhile has looked."""
        await self.house.env.sleep(max(self.weeks.at(week, day, wall) - await self.house.now(), timedelta(0)))
        await self.house.now()

    async def say(self, *facts: Fact) -> None:
        for fact in facts:
            await self.house.now()
            async with self.house.stage.worker.transaction(WORKER) as tx:
                await self.house.stage.writer.record(tx, self.case_no, fact)
        await self.house.tell()

    async def change_calendar(self, closed: Iterable[tuple[int, int]] = ()) -> datetime:
        """The next version has these closures, and no others; returns the moment of the change."""
        old = list(self.calendars.values())[-1]
        new = self.weeks.calendar(old.version + 1, closed)
        self.calendars[new.digest] = new
        await self._publish(new)
        await self.say(CalendarChanged(old=old.digest, new=new.digest))
        return max(at for at, event in await self.lines() if isinstance(event, CalendarChanged))

    async def state(self) -> CaseState:
        async with self.house.stage.worker.transaction(WORKER) as tx:
            found = await cases.state(tx, self.case_no)
        assert found is not None
        return found[1]

    async def item(self, code: str) -> ItemState:
        return (await self.state()).items[code].state

    async def due(self, clock: str) -> datetime | None:
        return (await self.state()).clocks[clock].due_at

    async def status(self, wanted: CaseStatus) -> None:
        """Wait, in real time, until the case has come so far and nothing is outstanding."""
        async with asyncio.timeout(PATIENCE_S):
            while (state := await self.state()).status is not wanted or state.commands:
                await self.house.tell()
                await asyncio.sleep(0.02)

    async def lines(self) -> list[tuple[datetime, Event]]:
        async with self.house.stage.worker.transaction(WORKER) as tx:
            rows = await journal.lines(tx, self.case_no)
        return [(row.at, EVENT.validate_python(row.event)) for row in rows]

    async def moments(self) -> list[tuple[str, datetime]]:
        """What time alone has brought, in order: once each, and looked at by the workflow as it came."""
        lines = await self.lines()
        found = [
            (seq, at, event) for seq, (at, event) in enumerate(lines, start=1) if isinstance(event, get_args(Moment))
        ]
        told = [(_words(event), at) for _, at, event in found]
        assert len({words for words, _ in told}) == len(told), "a moment came twice"
        for seq, at, event in found:
            looked = [
                when
                for case_no, when, before, after in self.house.looks
                if case_no == self.case_no and before < seq <= after
            ]
            assert looked, f"{_words(event)} was not seen by the workflow"
            in_time = [when for when in looked if at <= when <= at + _LATE_AT_MOST]
            assert in_time, f"{_words(event)} of {at} was seen at {looked}"
        return told

    async def closes_well(self, wanted: CaseStatus = CaseStatus.CLOSED) -> None:
        """The end: everything recorded can be folded again, every effect happened once, the chain holds."""
        await self.status(wanted)
        lines = await self.lines()
        state = await self.state()
        journalled = ((seq, at, event) for seq, (at, event) in enumerate(lines, start=1))
        assert fold({self.plan.digest: self.plan}, self.calendars, journalled) == state
        assert [at for at, _ in lines] == sorted(at for at, _ in lines)
        mine = {key: times for key, times in self.house.effects.items() if key.startswith(f"{self.case_no}/")}
        assert mine
        # a busy machine takes longer than the relay waits for a gateway: then its attempt is given up, and the workflow
        # makes one under the same key (ADR 0044), by which a gateway knows that it has done so already
        given_up = {key for key, times in mine.items() if times == 2 and f".{CommandKind.SEND_NOTICES}." in key}
        assert {times for key, times in mine.items() if key not in given_up} <= {1}, mine
        async with self.house.stage.worker.transaction(WORKER) as tx:
            assert await journal.verify_chain(tx, self.case_no) is None
            assert (await outbox.waiting(tx, await self.house.now()))[0] == 0

    def undos(self) -> list[str]:
        return [what for case_no, what in self.house.undos if case_no == self.case_no]

    async def certificates(self) -> int:
        return sum(event.kind == "certificates_issued" for _, event in await self.lines())

    async def _publish(self, *wanted: Calendar) -> None:
        async with self.house.stage.worker.transaction(WORKER) as tx:
            await calendars.publish(tx, wanted)


def _words(event: Event) -> str:
    """`overdue item:a`, `rung item:a yellow`, `decided_by_silence a`"""
    named = {"item", "data", "of", "template"} if {"clock", "command"} & type(event).model_fields.keys() else set()
    said = event.model_dump(exclude={"kind", "seen_at", "round", *named}, exclude_none=True)
    said = {"clock": said["clock"], **({"rung": said["rung"]} if "rung" in said else {})} if "clock" in said else said
    return " ".join([event.kind, *(str(value) for value in said.values() if isinstance(value, str))])


def _key(assignment: Assignment) -> str:
    return idempotency_key(assignment.case_no, assignment.epoch, assignment.command.id)


def _outcome(command: Command) -> CommandOutcome:
    if command.kind == CommandKind.SEND_NOTICES:
        return NoticesSent(command=command.id, template=command.target)
    return RecordFetched(command=command.id, data=command.target, record=f"record:{command.target}")
