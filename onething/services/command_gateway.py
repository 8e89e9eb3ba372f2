"""The record as effects see it (`activities.ports.CommandGateway`): what a command asks for, and what came of it."""

from collections import deque
from collections.abc import Callable, Collection, Container, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from functools import partial

from activities.ports import DispatchWork, FetchWork, LeftToFetch, NoticeWork, ReleaseWork, RevokeWork
from definitions.loader import Catalog
from onething.domain.calendar.days import local_date
from onething.domain.calendar.time_source import TimeSource
from onething.domain.definition.bundle import DeliveryMethod
from onething.domain.engine.snapshot import Assignment, CaseSnapshot, JointAssignment
from onething.domain.events.outcomes import (
    DispatchRefused,
    EffectUndone,
    NoticesSent,
)
from onething.domain.events.tasks import ItemDecided
from onething.domain.events.union import CommandOutcome
from onething.domain.form.look_up_params import look_up_values
from onething.domain.kernel.certificate_no import ENDING
from onething.domain.kernel.commands import Command, CommandKind, CommandStatus
from onething.domain.kernel.custody import system_of, undoer
from onething.domain.kernel.sealed_name import SealedKind
from onething.domain.lookups.answers import DepartmentDecision, Done, Fetched, Refused
from onething.domain.materials import decides_on
from onething.domain.plan.plan import Plan
from onething.domain.reissue.rules import to_make_out
from onething.security import codes
from onething.security.blind_index import BlindIndex
from onething.security.sealing import Sealer
from onething.security.signing import CertificateSigner
from onething.services.application import sealed_values
from onething.services.application.sealed_values import SealedValues
from onething.services.core.task_access import item_of
from onething.services.decisions import outputs
from onething.services.dispatch import orders
from onething.services.documents import certificates as documents_certificates
from onething.services.documents import contents
from onething.services.lookups import outcome as lookups_outcome
from onething.services.lookups import pending
from onething.store.connection.actor import Actor
from onething.store.connection.database import Database, Transaction
from onething.store.record.case_writer import CaseWriter, Recorded, Took
from onething.store.record.commands import CommandStanding, key_of, standing, standings
from onething.store.record.issued_numbers import IssuedNumber
from onething.store.record.plan_cache import PlanCache
from onething.store.record.rows import SealedValue
from onething.store.tables import certificates, notices, outbound
from onething.store.tables.notices import Notice

_WORKER = Actor.worker()


class RecordCommandGateway:
    """One transaction for each question and each outcome; none is open while something outside is asked."""

    def __init__(
        self,
        database: Database,
        writer: CaseWriter,
        plan_cache: PlanCache,
        catalog: Catalog,
        clock: TimeSource,
        sealer: Sealer,
        index: BlindIndex,
        signer: CertificateSigner,
        fetching: Collection[str] = (),
    ) -> None:
        """`fetching`: departments that fetch what they are to do, and are not called."""
        self._database = database
        self._writer = writer
        self._plan_cache = plan_cache
        self._catalog = catalog
        self._clock = clock
        self._sealer = sealer
        self._index = index
        self._signer = signer
        self._fetching = fetching

    async def joint_work(self, joint: JointAssignment) -> Mapping[str, FetchWork | NoticeWork | CaseSnapshot]:
        look_ups = any(command.kind != CommandKind.SEND_NOTICES for command in joint.commands)
        async with self._database.reading(_WORKER) as tx:
            ids = [command.id for command in joint.commands]
            wanted = [SealedKind.FORM] if look_ups else []
            now = await standings(tx, joint.case_no, joint.epoch, ids, values=wanted)
            one = now[ids[0]]
            needs = (await self._plan(tx, one)).data_by_key if look_ups else {}
            keys = {command: await _key(tx, joint.case_no, command, now[command]) for command in ids}
        form = SealedValues(self._sealer, joint.case_no, one.sealed).get(sealed_values.FORM) or {}

        def work(one_id: str, current: CommandStanding) -> FetchWork | NoticeWork | CaseSnapshot:
            if current.status is not CommandStatus.OPEN:
                return current.snapshot
            if current.kind == CommandKind.SEND_NOTICES:
                return NoticeWork(keys[one_id], current.target)
            need = needs[current.target]
            asked = look_up_values(need.params, form["form"], form["answers"])
            params = {name: str(value) for name, value in asked.items() if value is not None}
            source, command = self._catalog.sources[need.source], current.state.commands[one_id]
            return FetchWork(keys[one_id], source, params, pending.since(command, need), command.patience_at)

        return {command: work(command, one) for command, one in now.items()}

    async def answered(self, joint: JointAssignment, answers: Mapping[str, Fetched | Refused | Done]) -> CaseSnapshot:
        """In one transaction, as far as each is still wanted after the one before."""
        came = deque(command for command in joint.commands if command.id in answers)
        while True:
            async with self._database.transaction(_WORKER, of_case=joint.case_no) as tx:
                recorded: Recorded | None = None
                while came and (recorded is None or came[0].id in _still_open(recorded)):
                    command = came.popleft()
                    recorded = await self._came(tx, joint, command, answers[command.id])
            if recorded is None:
                raise ValueError("none of the answers is to one of the commands")
            if not came:
                return recorded.snapshot

    async def _came(
        self, tx: Transaction, joint: JointAssignment, command: Command, answer: Fetched | Refused | Done
    ) -> Recorded:
        case_no, epoch = joint.case_no, joint.epoch
        if isinstance(answer, Done):
            event = NoticesSent(command=command.id, template=command.target)
            recorded = await self._writer.record_outcome(tx, case_no, epoch, event, reply_carries=True)
            reaches = recorded.state.delivery is DeliveryMethod.ELECTRONIC
            notices.sent(tx, case_no, Notice(command.id, command.target, "applicant", self._clock.now(), reaches))
            return recorded
        one = lookups_outcome.LookupOutcome(self._sealer, self._index, case_no, command.id, command.target, answer)
        return await self._writer.record_outcome(
            tx, case_no, epoch, one.outcome, values=one.values, judged=one.judged, reply_carries=True
        )

    async def undo_work(self, assignment: Assignment) -> ReleaseWork | RevokeWork | LeftToFetch | CaseSnapshot:
        async with self._database.reading(_WORKER) as tx:
            now = await _standing(tx, assignment)
            effect = next((one for one in now.state.undo_queue if one.id == now.target), None)
            if now.status is not CommandStatus.OPEN or effect is None:
                return now.snapshot
            if effect.hold is not None:
                of_key = await key_of(tx, assignment.case_no, effect.hold.asked_as or effect.id)
                return ReleaseWork(now.key, effect.id, self._catalog.sources[effect.hold.source], of_key)
            department = undoer(await self._plan(tx, now), now.state, effect)
            if department not in self._fetching:
                told = await orders.revocation(tx, assignment.case_no, effect)
                return RevokeWork(now.key, effect.id, department, effect.target, told["undo_of"])
        return await self._left(assignment, department)

    async def undone(self, assignment: Assignment, effect: str) -> CaseSnapshot:
        async with self._transaction(assignment) as tx:
            event = EffectUndone(command=assignment.command.id, effect=effect)
            return (await self._record(tx, assignment, event)).snapshot

    async def dispatch_work(self, assignment: Assignment) -> DispatchWork | LeftToFetch | CaseSnapshot:
        async with self._database.reading(_WORKER) as tx:
            now = await _standing(tx, assignment, orders.VALUES)
            if now.status is not CommandStatus.OPEN:
                return now.snapshot
            plan = await self._plan(tx, now)
        department = plan.item_by_code[now.target].department
        if department in self._fetching:
            return await self._left(assignment, department)
        values = SealedValues(self._sealer, assignment.case_no, now.sealed)
        definition = self._catalog.bundles[plan.bundle]
        told = orders.order(assignment.case_no, definition, plan, now.state, values, now.target)
        return DispatchWork(now.key, department, told)

    async def dispatched(self, assignment: Assignment, answer: DepartmentDecision | Refused) -> CaseSnapshot:
        """A decision is the word of the department's system."""
        command = assignment.command
        if isinstance(answer, Refused):
            event = DispatchRefused(command=command.id, item=command.target, reason=answer.reason)
            async with self._transaction(assignment) as tx:
                return (await self._record(tx, assignment, event)).snapshot
        async with self._database.reading(_WORKER) as tx:
            now = await _standing(tx, assignment, [SealedKind.FORM])
            plan = await self._plan(tx, now)
        definition, round_no = self._catalog.bundles[plan.bundle], now.state.items[now.target].round
        held = {"department": system_of(plan, now.state, command.id, now.target)}
        item = item_of(definition, now.target).model_copy(update=held)
        stored_values = SealedValues(self._sealer, assignment.case_no, now.sealed)
        applied = stored_values.get(sealed_values.FORM) or {}
        seen, today = decides_on(plan, now.state, command.target), local_date(self._clock.now())
        said = outputs.sealed(
            stored_values,
            self._index,
            definition,
            item,
            round_no,
            answer,
            command.id,
            seen=seen,
            applied=applied,
            today=today,
        )
        by = orders.spoken_by(item.department, now.region)
        async with self._transaction(assignment) as tx:
            recorded = await self._record(tx, assignment, said.event, lambda _: said.values, by, said.numbers)
        return recorded.snapshot

    async def issue_certificates(self, assignment: Assignment) -> CaseSnapshot:
        command = assignment.command.id
        async with self._database.reading(_WORKER) as tx:
            now = await _standing(tx, assignment, contents.VALUES)
            if now.status is not CommandStatus.OPEN:
                return now.snapshot
            plan = await self._plan(tx, now)
            due = to_make_out(plan, now.state.effects, now.state.editions, now.state.materials, now.target)
            before = await contents.predecessors(tx, self._sealer, assignment.case_no, due)
        opened = SealedValues(self._sealer, assignment.case_no, now.sealed)
        definition = self._catalog.bundles[plan.bundle]
        issued = list(
            documents_certificates.certificates(
                opened,
                self._signer,
                definition,
                self._catalog.departments,
                due,
                partial(contents.made_of, definition, plan, now.state, opened),
                self._clock.now(),
                before,
                partial(codes.ending, self._index, now.key, length=ENDING),
            )
        )
        async with self._transaction(assignment) as tx:
            recorded = await self._record(tx, assignment, contents.outcome_of(command, issued, before, due))
            if recorded.took is Took.RECORDED:
                for certificate in issued:
                    certificates.issue(tx, certificate)
        return recorded.snapshot

    async def tick(self, case_no: str) -> CaseSnapshot:
        async with self._database.transaction(_WORKER, of_case=case_no) as tx:
            return (await self._writer.tick(tx, case_no, reply_carries=True)).snapshot

    async def _left(self, assignment: Assignment, department: str) -> LeftToFetch:
        async with self._database.transaction(_WORKER) as tx:
            await outbound.offer(tx, assignment.case_no, assignment.command.id, department, self._clock.now())
        return LeftToFetch(department)

    async def _record(
        self,
        tx: Transaction,
        assignment: Assignment,
        outcome: CommandOutcome | ItemDecided,
        sealed: Callable[[Plan], Sequence[SealedValue]] = lambda _: (),
        said_by: Actor | None = None,
        numbers: Sequence[IssuedNumber] = (),
    ) -> Recorded:
        return await self._writer.record_outcome(
            tx,
            assignment.case_no,
            assignment.epoch,
            outcome,
            values=sealed,
            numbers=numbers,
            said_by=said_by,
            reply_carries=True,
        )

    def _transaction(self, assignment: Assignment) -> AbstractAsyncContextManager[Transaction]:
        return self._database.transaction(_WORKER, of_case=assignment.case_no)

    async def _plan(self, tx: Transaction, now: CommandStanding) -> Plan:
        return await self._plan_cache.plan_of(tx, now.state)


async def _standing(tx: Transaction, assignment: Assignment, values: Sequence[SealedKind] = ()) -> CommandStanding:
    return await standing(tx, assignment.case_no, assignment.epoch, assignment.command.id, values=values)


async def _key(tx: Transaction, case_no: str, command: str, now: CommandStanding) -> str:
    """What the source knows a look-up by: one that was asked anew goes on as the first."""
    open_command = now.state.commands.get(command)
    first = open_command.asked_as if open_command else None
    return now.key if first is None else await key_of(tx, case_no, first)


def _still_open(recorded: Recorded) -> Container[str]:
    """The commands that the same transaction may go on with."""
    return recorded.state.commands if recorded.took is Took.RECORDED else ()
