"""A world in memory for workflow tests: the record, the sources and departments, and the relay, driven by hand.

Time is the test server's, which skips; the record takes it from there at every call, as the writer does from its clock.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from uuid import uuid4

from temporalio.api.testservice.v1 import SleepRequest
from temporalio.client import WorkflowHandle
from temporalio.common import WorkflowIDConflictPolicy
from temporalio.service import RPCError, RPCStatusCode
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
from activities.together import JointActivities
from onething.domain.engine.snapshot import Assignment, CaseSnapshot, CaseStart, JointAssignment, snapshot_of
from onething.domain.events.outcomes import (
    CertificatesIssued,
    DispatchRefused,
    EffectUndone,
    NoticesSent,
    RecordFetched,
    RecordRefused,
)
from onething.domain.events.tasks import ItemDecided
from onething.domain.events.union import CommandOutcome, Fact
from onething.domain.kernel.commands import CommandKind, CommandStatus, idempotency_key
from onething.domain.kernel.state import EffectKind
from onething.domain.lookups.answers import Cause, DepartmentDecision, Done, Fetched, Refused, SourceUnavailable
from onething.domain.plan.plan import Plan
from onething.domain.reissue.rules import to_make_out
from onething.domain.sources.source import (
    FastRetry,
    RetrySchedule,
    SlowRetry,
    SourceDefinition,
    SourceField,
)
from tests.domain.builders import Case
from tests.support.patience import PATIENCE, PATIENCE_S
from workflows.case import CaseWorkflow

CASE_NO = "33010020260302000001"
EPOCH = 1


class World:
    """One case and everything around it. `failing`: source or department → how many attempts still fail.

    Of the materials, those are brought that may not come later; what may be promised is, and is to be checked."""

    def __init__(
        self,
        env: WorkflowEnvironment,
        plan: Plan,
        now: datetime,
        other_plans: tuple[Plan, ...] = (),
    ) -> None:
        self.env = env
        required = [one for one in plan.materials if one.required and not (one.fallback_for or one.may_wait)]
        brought = [one.code for one in required if not one.commitment]
        promised = [one.code for one in required if one.commitment]
        self.case = Case(
            plan, now=now, other_plans=other_plans, materials=brought, commitments=promised, checked=promised
        )
        self.calls: Counter[str] = Counter()
        self.effects: Counter[str] = Counter()  # by idempotency key
        self.undos: list[str] = []
        self.failing: Counter[str] = Counter()
        self.refusing: set[str] = set()
        self.calling_back: set[str] = set()  # departments whose systems accept and say that they will call
        self.held = asyncio.Event()  # cleared: fetches wait inside the attempt
        self.held.set()
        self.in_flight = asyncio.Event()
        self.broken_gateway = 0
        self.max_history_events = 4096
        self.task_queue = f"test-{uuid4().hex[:8]}"
        self.workflow_id = f"case-{uuid4().hex[:8]}"
        self.run_ids: list[str] = []  # that a snapshot started

    # -- the relay, by hand

    def snapshot(self) -> CaseSnapshot:
        return snapshot_of(CASE_NO, EPOCH, len(self.case.record.journal), self.case.state)

    async def hand_over(self, snapshot: CaseSnapshot | None = None) -> WorkflowHandle[CaseWorkflow, None]:
        while True:
            try:
                handle = await self._signal_with_start(snapshot or self.snapshot())
                self._note_run(handle.result_run_id)
                return handle
            except RPCError as failure:
                if failure.message != "Completed workflow":  # the test server's, when a run just continued as new
                    raise

    def _note_run(self, run_id: str | None) -> None:
        if run_id is not None and run_id not in self.run_ids:
            self.run_ids.append(run_id)

    async def _signal_with_start(self, snapshot: CaseSnapshot) -> WorkflowHandle[CaseWorkflow, None]:
        return await self.env.client.start_workflow(
            CaseWorkflow.run,
            CaseStart(case_no=CASE_NO, max_history_events=self.max_history_events),
            id=self.workflow_id,
            task_queue=self.task_queue,
            start_signal="hand_over",
            start_signal_args=[snapshot],
            id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
            rpc_timeout=PATIENCE,
        )

    async def say(self, *facts: Fact, tell: bool = True) -> None:
        """People and systems say something; the relay hands it over unless `tell` is false."""
        for fact in facts:
            self.case.now = await self.env.get_current_time()
            self.case.say(fact)
        if tell:
            await self.hand_over()

    async def sleep(self, time: timedelta) -> None:
        asked = SleepRequest()
        asked.duration.FromTimedelta(time)
        # what falls due meanwhile is done first: on a busy machine longer than the client waits by itself
        await self.env.client.test_service.unlock_time_skipping_with_sleep(asked, timeout=PATIENCE)

    async def until(self, holds: Callable[[], bool], *, seconds: float = PATIENCE_S) -> None:
        """Wait in real time until the record is so."""
        await until(holds, seconds=seconds)

    async def settled(self) -> None:
        """Wait until no command is open."""
        await self.until(lambda: not self.case.state.commands)

    async def ended(self) -> None:
        """Wait until the run has ended by itself."""
        async with asyncio.timeout(PATIENCE_S):
            await self.env.client.get_workflow_handle(self.workflow_id).result()

    @asynccontextmanager
    async def worker(self) -> AsyncIterator[Worker]:
        notices, look_ups = NoticeActivities(self, self), SourceActivities(self, self)
        departments = DepartmentActivities(self, self, self)
        async with Worker(
            self.env.client,
            task_queue=self.task_queue,
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
            max_cached_workflows=0,  # every task replays: a workflow that depends on its cache fails here
        ) as worker:
            try:
                yield worker
            finally:
                await self._leave()

    async def _leave(self) -> None:
        """End a run that still waits: a task of its that no worker takes any more would hold up everybody's time."""
        try:
            await self.env.client.get_workflow_handle(self.workflow_id).terminate()
        except RPCError as failure:
            if failure.status is not RPCStatusCode.NOT_FOUND:  # it has ended, or never began
                raise

    # -- the gateway

    async def _outcome(self, outcome: CommandOutcome | ItemDecided) -> CaseSnapshot:
        self.case.now = await self.env.get_current_time()
        self.case.comes(outcome)
        return self.snapshot()

    def _settled(self, assignment: Assignment) -> CaseSnapshot | None:
        if self.broken_gateway:
            self.broken_gateway -= 1
            raise ConnectionError("secret text that must not reach a history: 张三 330106199001011234")
        row = self.case.record.commands[assignment.command.id]
        return None if row.status is CommandStatus.OPEN else self.snapshot()

    async def joint_work(self, joint: JointAssignment) -> Mapping[str, FetchWork | NoticeWork | CaseSnapshot]:
        assignments = [Assignment(case_no=joint.case_no, epoch=joint.epoch, command=one) for one in joint.commands]
        return {one.command.id: self._settled(one) or self._work(one) for one in assignments}

    def _work(self, assignment: Assignment) -> FetchWork | NoticeWork:
        target = assignment.command.target
        if assignment.command.kind == CommandKind.SEND_NOTICES:
            return NoticeWork(_key(assignment), target)
        asked = self.case.record.plan.data_by_key[target].source
        return FetchWork(_key(assignment), source(asked), {"name": "张三"})

    async def answered(self, joint: JointAssignment, answers: Mapping[str, Fetched | Refused | Done]) -> CaseSnapshot:
        for command in joint.commands:
            match answers.get(command.id):
                case Done():
                    await self._outcome(NoticesSent(command=command.id, template=command.target))
                case Fetched():
                    data = command.target
                    await self._outcome(RecordFetched(command=command.id, data=data, record=f"record:{data}"))
                case Refused(reason):
                    await self._outcome(RecordRefused(command=command.id, data=command.target, reason=reason))
        return self.snapshot()

    async def undo_work(self, assignment: Assignment) -> ReleaseWork | RevokeWork | CaseSnapshot:
        if settled := self._settled(assignment):
            return settled
        effect = self.case.state.undo_queue[0]
        if effect.kind is EffectKind.LOOKUP:
            assert effect.hold is not None
            of_key = idempotency_key(CASE_NO, EPOCH, effect.id)
            return ReleaseWork(_key(assignment), effect.id, source(effect.hold.source), of_key)
        item = self.case.record.plan.item_by_code[effect.target]
        return RevokeWork(_key(assignment), effect.id, item.department, item.code, effect.id)

    async def undone(self, assignment: Assignment, effect: str) -> CaseSnapshot:
        return await self._outcome(EffectUndone(command=assignment.command.id, effect=effect))

    async def dispatch_work(self, assignment: Assignment) -> DispatchWork | CaseSnapshot:
        item = self.case.record.plan.item_by_code[assignment.command.target]
        return self._settled(assignment) or DispatchWork(_key(assignment), item.department, {"item": item.code})

    async def dispatched(self, assignment: Assignment, answer: DepartmentDecision | Refused) -> CaseSnapshot:
        command, item = assignment.command.id, assignment.command.target
        if isinstance(answer, Refused):
            return await self._outcome(DispatchRefused(command=command, item=item, reason=answer.reason))
        round_no = self.case.round(item)
        return await self._outcome(ItemDecided(item=item, round=round_no, outcome=answer.outcome, command=command))

    async def issue_certificates(self, assignment: Assignment) -> CaseSnapshot:
        if settled := self._settled(assignment):
            return settled
        self.calls["issue"] += 1
        state, target = self.case.state, assignment.command.target
        items = tuple(to_make_out(self.case.record.plan, state.effects, state.editions, target))
        numbers = tuple(f"{item}-{state.items[item].round}" for item in items)
        return await self._outcome(CertificatesIssued(command=assignment.command.id, numbers=numbers, items=items))

    async def tick(self, case_no: str) -> CaseSnapshot:
        self.calls["tick"] += 1
        self.case.now = await self.env.get_current_time()
        self.case.record.tick(self.case.now)
        return self.snapshot()

    # -- the outside world

    async def fetch(self, source_code: str, params: Mapping[str, str], key: str) -> Fetched | Refused:
        self.calls[source_code] += 1
        if source_code in self.refusing:
            return Refused("no_record")
        self._fail(source_code)
        self.in_flight.set()
        await self.held.wait()
        self.effects[key] = 1
        return Fetched({"name": "张三"}, await self.env.get_current_time())

    async def decide(self, department: str, order: Mapping[str, object], key: str) -> DepartmentDecision | Refused:
        self.calls[department] += 1
        if department in self.refusing:
            return Refused("unknown_district")
        if department in self.calling_back:
            raise SourceUnavailable(department, Cause.IN_PROGRESS)
        self._fail(department)
        self.effects[key] = 1
        return DepartmentDecision("approve")

    async def release(self, source_code: str, of_key: str, key: str) -> Done | Refused:
        return self._undo(f"release {source_code}", key)

    async def revoke(self, department: str, case_no: str, item: str, undo_of: str, key: str) -> Done | Refused:
        return self._undo(f"revoke {item}", key)

    async def send(self, channel: str, template: str, to_ref: str, case_no: str, key: str) -> Done | Refused:
        self.calls[f"notice {template}"] += 1
        self._fail("notices")
        return Done()

    def _undo(self, what: str, key: str) -> Done:
        self.calls[what] += 1
        self._fail(what)
        self.effects[key] += 1
        self.undos.append(what)
        return Done()

    def _fail(self, what: str) -> None:
        if self.failing[what] > 0:
            self.failing[what] -= 1
            raise SourceUnavailable(what, Cause.SERVER_ERROR)


def source(code: str) -> SourceDefinition:
    """A source that is tried again after 1, 2 and 4 seconds, then every ten minutes."""
    field = SourceField(id="name", label="姓名", personal=True)
    return SourceDefinition(
        code=code,
        name=code,
        department="psb",
        path=f"/sources/{code}/records",
        params=(field,),
        fields=(field,),
        timeout_s=10,
        retry=RetrySchedule(fast=FastRetry(first_s=1, factor=2, attempts=3), slow=SlowRetry(every_s=600)),
        patience_minutes=60,
    )


async def until(holds: Callable[[], bool | Awaitable[bool]], *, seconds: float = PATIENCE_S) -> None:
    """Wait in real time; TimeoutError if it does not come true."""
    async with asyncio.timeout(seconds):
        while True:
            answer = holds()
            if answer if isinstance(answer, bool) else await answer:
                return
            await asyncio.sleep(0.01)


def _key(assignment: Assignment) -> str:
    return idempotency_key(assignment.case_no, assignment.epoch, assignment.command.id)
