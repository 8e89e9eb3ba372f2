"""The one writer through which the record of a case changes.

A unit of work: see the case under the caller's policies, take the writer's role and the case's lock, step every moment
that has come due, check the event, step it, and write everything with the commit: BEGIN, one read, and one message that
writes.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Protocol, TypeVar

import orjson

from onething.domain.base import Strict
from onething.domain.calendar.time_source import TimeSource
from onething.domain.engine import guards as engine_guards
from onething.domain.engine.snapshot import CaseSnapshot, snapshot_of
from onething.domain.errors import FailureCode, InvalidInput, NotAllowed, OneThingError, refuse
from onething.domain.events.consults import ConsultAnswered
from onething.domain.events.deadlines import CalendarChanged
from onething.domain.events.intake import PapersReceived, Submitted, Supplemented
from onething.domain.events.items import CertificateReissued, ItemReturned
from onething.domain.events.tasks import ItemDecided, TaskClaimed, TaskReleased, TaskTransferred
from onething.domain.events.undo import UndoneByHand
from onething.domain.events.union import CommandOutcome, Fact, late
from onething.domain.items.guards import guard_claim
from onething.domain.kernel.state import CaseState
from onething.domain.kernel.task_ref import (
    TaskRef,
    consult_task,
    item_task,
    undo_task,
)
from onething.domain.plan.plan import Plan
from onething.domain.reservations import rules as reservations_rules
from onething.store.connection.actor import Actor
from onething.store.connection.database import Transaction
from onething.store.connection.notifier import ListChange
from onething.store.connection.sql_files import load
from onething.store.record import issued_numbers, reservations
from onething.store.record.issued_numbers import IssuedNumber
from onething.store.record.plan_cache import PlanCache
from onething.store.record.reservations import ShareDigests
from onething.store.record.rows import SealedValue
from onething.store.record.unit_of_work import UnitOfWork
from onething.store.tables import cases

_sql = load("record/case_writer")


class CommitListener(Protocol):
    """Who is told after the commit: a hint that may get lost. See `notifier.Notifier`."""

    def case_changed(self, case_no: str, seq: int, lists: ListChange | None = None) -> None: ...

    def handover_waits(self) -> None: ...


class Took(StrEnum):
    """How the case writer took what it was given."""

    RECORDED = "recorded"
    REPEATED = "repeated"  # it stood in the record already
    LATE = "late"  # its command is void: journalled as `CameTooLate`


@dataclass(frozen=True, slots=True)
class Recorded:
    """The case after a unit of work. `seq` and `at` are those of its last line."""

    took: Took
    case_no: str
    epoch: int
    seq: int
    at: datetime
    state: CaseState
    plan: Plan

    @property
    def snapshot(self) -> CaseSnapshot:
        """What the case's workflow is to know."""
        return snapshot_of(self.case_no, self.epoch, self.seq, self.state)


class CaseWriter:
    """Safe to share between tasks: holds the clock, the cache of plans and the notifier, and nothing of any case."""

    def __init__(self, clock: TimeSource, plan_cache: PlanCache, notifier: CommitListener | None = None) -> None:
        self._clock = clock
        self._plan_cache = plan_cache
        self._notifier = notifier

    async def open_case(
        self,
        tx: Transaction,
        head: cases.NewCase,
        plan: Plan,
        event: Submitted,
        *,
        values: Sequence[SealedValue] = (),
        shares: ShareDigests = MappingProxyType({}),
    ) -> Recorded:
        """Record the first line of a case, or of the draft that has this number already. `shares`: what it shares with
        others.

        The event's calendar must be in the record. Raises NotAllowed NOT_ALLOWED_NOW if it was submitted before,
        OneThingError NOT_FOUND if the number belongs to somebody else.
        """
        _require_plan(event, plan)
        await cases.begin(tx, head)
        unit = await self._enter(tx, head.case_no)
        if not unit.is_draft:
            raise NotAllowed(FailureCode.NOT_ALLOWED_NOW, "该办件已经提交，不能重复提交。")
        self._plan_cache.keep(plan.digest, plan)
        unit.begin(plan, await self._plan_cache.calendar(tx, event.calendar))
        now = self._clock.now()
        await reservations.keep(tx, head.case_no, shares)
        event = await _reserving(tx, plan, unit, event, now)
        unit.take(event, now, tx.actor)
        unit.step_moments(now)  # papers may have been received long before
        return await self._leave(tx, unit, Took.RECORDED, values)

    async def record(
        self,
        tx: Transaction,
        case_no: str,
        event: Fact,
        *,
        values: Sequence[SealedValue] = (),
        plan: Plan | None = None,
        numbers: Sequence[IssuedNumber] = (),
        shares: ShareDigests = MappingProxyType({}),
        reply_carries: bool = False,
    ) -> Recorded:
        """Record what the transaction's actor says. `plan`: the new one, if the event names one. `numbers`: that the
        decision, or its correction, gives out. `shares`: what the case shares with others, as it says now.

        `values` are written with the event. `reply_carries`: the recorder is the case's own workflow and learns from
        the reply. Raises OneThingError NOT_FOUND (not visible to the actor), BUSY, NEWER_STATE, NotAllowed, and
        InvalidInput for numbers that are another's: moments that had come due are then recorded all the same, right
        after the rollback.
        """
        _require_plan(event, plan)
        task = _task_of(case_no, event)
        unit = await self._enter(tx, case_no, task=task)
        now, seen = self._clock.now(), unit.writing.head_seq
        unit.step_moments(now)
        with self._keeping_moments(tx, unit, seen):
            await reservations.keep(tx, case_no, shares)
            event = await _reserving(tx, plan or unit.plan, unit, event, now)
            engine_guards.check(plan or unit.plan, unit.state, event, now)
            unit.check_time(event, now)
            refuse(guard_claim(event, tx.actor.subject, tx.actor.role, unit.claimed_by))
            said_before = _said_before(event, tx.actor.subject, unit.claimed_by)
            if isinstance(event, ItemDecided | CertificateReissued):
                await issued_numbers.take(tx, case_no, event.item, numbers)
        if said_before:
            return await self._leave(tx, unit, Took.REPEATED, reply_carries=reply_carries)
        if plan is not None:
            unit.change_plan(plan)
        if isinstance(event, CalendarChanged):
            unit.change_calendar(await self._plan_cache.calendar(tx, event.new))
        unit.take(event, now, tx.actor)
        if task is not None and isinstance(event, TaskClaimed | TaskReleased | TaskTransferred):
            unit.claim(task, event, tx.actor)
        if isinstance(event, PapersReceived):
            unit.step_moments(now)  # they may have been received long before
        return await self._leave(tx, unit, Took.RECORDED, values, reply_carries=reply_carries)

    async def record_outcome(
        self,
        tx: Transaction,
        case_no: str,
        epoch: int | None,
        outcome: CommandOutcome | ItemDecided,
        *,
        values: Callable[[Plan], Sequence[SealedValue]] = lambda _: (),
        judged: Callable[[Plan, CaseState], CommandOutcome] | None = None,
        numbers: Sequence[IssuedNumber] = (),
        said_by: Actor | None = None,
        reply_carries: bool = False,
    ) -> Recorded:
        """Record what came of a command, once. A repeat changes nothing; of a void command it is journalled as late,
        and the workflow is told in any case. What `values` makes of the case's plan is written unless it is a repeat;
        what comes late takes the place of nothing. `epoch` None: the command was found in the record by its key.
        `judged`: the outcome with what only plan and state say about it; asked for before `values`. `said_by`: whose
        word it is, if not the transaction's actor's.

        Raises NotAllowed COMMAND_VOID if the command is of another epoch, or not in the record; and as `record` for a
        decision, which has to be allowed even as an answer; the `numbers` of one that comes late are nobody's.
        """
        unit = await self._enter(tx, case_no, command=outcome.command)
        wrong_epoch = epoch is not None and epoch != unit.epoch
        if wrong_epoch or (unit.command_status is None and outcome.command not in unit.state.commands):
            raise NotAllowed(FailureCode.COMMAND_VOID, "该指令不属于当前记录，结果不予登记。")
        now, seen = self._clock.now(), unit.writing.head_seq
        actor = said_by or tx.actor
        unit.step_moments(now)
        outcome = outcome if judged is None else judged(unit.plan, unit.state)
        if outcome.command in unit.state.commands:
            if isinstance(outcome, ItemDecided):
                with self._keeping_moments(tx, unit, seen):
                    outcome = await _reserving(tx, unit.plan, unit, outcome, now)
                    engine_guards.check(unit.plan, unit.state, outcome, now)
                    await issued_numbers.take(tx, case_no, outcome.item, numbers)
            unit.take(outcome, now, actor)
            return await self._leave(tx, unit, Took.RECORDED, values(unit.plan), reply_carries=reply_carries)
        if unit.outcome_seq is not None:
            return await self._leave(tx, unit, Took.REPEATED, reply_carries=reply_carries)
        unit.take(late(outcome), now, actor)
        kept = () if isinstance(outcome, ItemDecided) else values(unit.plan)  # nobody is to take it for the decision
        return await self._leave(tx, unit, Took.LATE, kept, reply_carries=reply_carries)

    async def tick(
        self, tx: Transaction, case_no: str, *, reply_carries: bool = False, workflow_wakes: bool = False
    ) -> Recorded:
        """Step what has come due; REPEATED if nothing had. `workflow_wakes`: the workflow's own timer for what has come
        due is still to wake it, so that it finds out by itself what comes after."""
        unit = await self._enter(tx, case_no)
        unit.workflow_wakes = workflow_wakes
        unit.step_moments(self._clock.now())
        took = Took.RECORDED if unit.writing else Took.REPEATED
        return await self._leave(tx, unit, took, reply_carries=reply_carries)

    @contextmanager
    def _keeping_moments(self, tx: Transaction, unit: UnitOfWork, seen: int) -> Iterator[None]:
        """What is refused takes nothing back of what had come due by then."""
        try:
            yield
        except (NotAllowed, InvalidInput):
            if unit.writing.head_seq > seen:
                tx.on_rollback(lambda again: self.tick(again, unit.case_no))
            raise

    async def _enter(
        self, tx: Transaction, case_no: str, *, task: str | None = None, command: str | None = None
    ) -> UnitOfWork:
        if tx.unit is not None:
            return _going_on(tx.unit, case_no, task, command)
        row = await tx.enter(_sql.enter, case_no=case_no, task_id=task, command_id=command)
        if row is None:
            raise OneThingError(FailureCode.NOT_FOUND, "没有这个办件或待办，或者您无权查看。")
        if row["state"] is None:
            return UnitOfWork(case_no, row, None, None, None)
        state = CaseState.from_json(row["state"])
        plan, calendar = (
            await self._plan_cache.plan(tx, state.plan),
            await self._plan_cache.calendar(tx, state.calendar),
        )
        return UnitOfWork(case_no, row, state, plan, calendar)

    async def _leave(
        self,
        tx: Transaction,
        unit: UnitOfWork,
        took: Took,
        values: Sequence[SealedValue] = (),
        *,
        reply_carries: bool = False,
    ) -> Recorded:
        if unit.writing:
            unit.end(self._clock.now(), values, reply_carries=reply_carries, late=took is Took.LATE)
            if tx.unit is None:
                tx.unit = unit
                tx.with_commit_as_writer(_sql.record, lambda: {"unit": _spelled(unit)})
                self._ring_after(tx, unit)
        if unit.last_at is None:
            raise AssertionError("a case that was entered has a line")
        seq = unit.writing.head_seq
        return Recorded(took, unit.case_no, unit.epoch, seq, unit.last_at, unit.state, unit.plan)

    def _ring_after(self, tx: Transaction, unit: UnitOfWork) -> None:
        notifier = self._notifier
        if notifier is None:
            return

        def ring() -> None:
            notifier.case_changed(unit.case_no, unit.writing.head_seq, unit.lists())
            if unit.hands_over:
                notifier.handover_waits()

        tx.on_commit(ring)


Reserving = TypeVar("Reserving", bound=Strict)


async def _reserving(tx: Transaction, plan: Plan, unit: UnitOfWork, event: Reserving, now: datetime) -> Reserving:
    """The event with what it takes of what several cases share, or doesn't get. Taken back with the transaction if the
    event is refused."""
    state = None if unit.is_draft else unit.state
    if not (plan.reservations and (requested := reservations_rules.requested(plan, state, event))):
        return event
    taken = await reservations.take(tx, unit.case_no, requested, now)
    return event.model_copy(update={"held": taken.held, "full": taken.full})


def _going_on(unit: UnitOfWork, case_no: str, task: str | None, command: str | None) -> UnitOfWork:
    """What this transaction has recorded of the case is not in its rows before the commit."""
    if case_no != unit.case_no or task or (command and command not in unit.state.commands):
        raise AssertionError("one transaction enters one case, and goes on with commands that are open")
    return unit


def _spelled(unit: UnitOfWork) -> str:
    return orjson.dumps(unit.rows(), default=_as_json).decode()


def _as_json(value: object) -> str:
    if isinstance(value, bytes):
        return f"\\x{value.hex()}"
    raise TypeError(type(value).__name__)


def _require_plan(event: Fact, plan: Plan | None) -> None:
    named = event.plan if isinstance(event, Submitted | Supplemented) else None
    if named != (plan.digest if plan else None):
        raise ValueError("the event names another plan than the one that came with it")


def _task_of(case_no: str, event: Fact) -> TaskRef | None:
    if isinstance(event, TaskClaimed | TaskReleased | TaskTransferred | ItemDecided | ItemReturned):
        return TaskRef.of(case_no, item_task(event.item), event.round)
    if isinstance(event, UndoneByHand):
        return TaskRef.of(case_no, undo_task(event.effect), event.round)
    if isinstance(event, ConsultAnswered):
        return TaskRef.of(case_no, consult_task(event.item, event.n), event.round)
    return None


def _said_before(event: Fact, subject: str, claimed_by: str | None) -> bool:
    """Whether nobody's claim would change."""
    match event:
        case TaskTransferred():
            return claimed_by == event.to
        case TaskClaimed():
            return claimed_by == subject
        case TaskReleased():
            return claimed_by is None
        case _:
            return False
