"""Acts: what people do to cases, one coroutine each, all through one pipeline. Start here to add one.

Authorise (role, relation, mandate; a refusal leaves a line in the access log), find out whether it was answered before,
perform, keep the answer: in one transaction. An act is a member of `policy.Act` with its row in the table, and a
coroutine under one of the three decorators below; callers pass `(context, principal, key, …)` in place of its run:

    @act_on_task(Act.RESUME)
    async def resume(run: TaskRun) -> StoredResponse:
        return item_time(await run.record(ClockResumed(item=run.task.item)), run.task)

What it takes beside the run is either the request's model, which a repetition must repeat, or names what the act is
about. Not to be confused with reads, which have no key and open their transaction themselves.
"""

from collections.abc import Awaitable, Callable, Coroutine, Sequence
from dataclasses import dataclass
from functools import update_wrapper
from typing import Any, Concatenate, Generic, ParamSpec, TypeVar

from onething.domain.errors import refuse
from onething.domain.events.union import Fact
from onething.domain.kernel.case_no import CaseNo
from onething.domain.kernel.sealed_name import SealedName
from onething.domain.plan.plan import Plan
from onething.domain.principal import Principal
from onething.security.policy import Act, Facts, require
from onething.services.application.base import RequestModel
from onething.services.available.task_windows import guard_item_task
from onething.services.core.access import head_for, locked
from onething.services.core.context import AppContext
from onething.services.core.idempotency import CommandRequest, execute_once
from onething.services.core.task_access import naming_the_decision, task_for, task_ref
from onething.services.summaries.responses import StoredResponse
from onething.store.connection.database import Transaction
from onething.store.record.case_writer import Recorded
from onething.store.record.idempotency import IdempotencyScope
from onething.store.record.issued_numbers import IssuedNumber
from onething.store.record.rows import SealedValue
from onething.store.tables import cases, tasks

_EMPTY = "{}"  # an empty body is as good as none

P = ParamSpec("P")
R = TypeVar("R", bound="ActRun")
ActResult = Coroutine[Any, Any, StoredResponse]


@dataclass(frozen=True, slots=True)
class ActRun:
    """One attempt at an act: what it has at hand, in whose name, in which transaction."""

    context: AppContext
    tx: Transaction
    principal: Principal
    act: Act


@dataclass(frozen=True, slots=True)
class _InCase(ActRun):
    case_no: CaseNo

    async def locked(self) -> Recorded:
        """The case as it stands, locked until the transaction ends."""
        return await locked(self.context, self.tx, self.case_no)

    def sealed(self, name: str, content: object, departments: tuple[str, ...] | None = None) -> SealedValue:
        """A value to be recorded with an event, which names it; `departments` None: every department of the case may
        open it."""
        known = SealedName.parse(name)
        return SealedValue(known, self.context.values(self.case_no).seal(known, content), departments)

    async def record(
        self, event: Fact, *values: SealedValue, plan: Plan | None = None, numbers: Sequence[IssuedNumber] = ()
    ) -> Recorded:
        """The caller says it. Raises as `CaseWriter.record`."""
        return await self.context.writer.record(self.tx, self.case_no, event, values=values, plan=plan, numbers=numbers)


@dataclass(frozen=True, slots=True)
class CaseRun(_InCase):
    head: cases.CaseHead


@dataclass(frozen=True, slots=True)
class TaskRun(_InCase):
    task: tasks.Task


Recheck = Callable[..., Awaitable[None]]
"""Judges, on a repetition, what else of the caller's right the act itself judges; takes what the act takes."""


async def _nothing_else(_: ActRun, *__: object, **___: object) -> None:
    """The policy table and the mandate say it all."""


def act_on_case(act: Act, *, recheck: Recheck = _nothing_else) -> "_Decorator[CaseRun]":
    """On a case: `(context, principal, key, case_no, …)`. Raises NotPermitted, NOT_FOUND and what the act raises."""
    return _Decorator(act, _on_case, recheck)


def act_on_task(act: Act, *, recheck: Recheck = _nothing_else) -> "_Decorator[TaskRun]":
    """On a task: `(context, principal, key, task_id, …)`. As `act_on_case`; NotAllowed also for a task of a kind that
    is not there for it, and where it is done with the task's item, unless that is open (`task_windows.py`). A refusal
    tells which decision stands, if one does (DecidedAlready)."""
    return _Decorator(act, _on_task, recheck, window=_of_task)


def act_on_no_case(act: Act, *, recheck: Recheck = _nothing_else) -> "_CaselessDecorator":
    """Begins a case, or is about something else: `(context, principal, key, …)`."""
    return _CaselessDecorator(act, recheck)


async def _on_case(context: AppContext, principal: Principal, act: Act, tx: Transaction, case_no: str) -> CaseRun:
    head = await head_for(tx, principal, act, case_no)
    return CaseRun(context, tx, principal, act, head.case_no, head)


async def _on_task(context: AppContext, principal: Principal, act: Act, tx: Transaction, task_id: str) -> TaskRun:
    task = await task_for(tx, principal, act, task_id)
    return TaskRun(context, tx, principal, act, CaseNo.parse(task.case_no), task)


def _of_task(run: TaskRun) -> None:
    refuse(guard_item_task(run.principal, run.act, run.task))


def _any_time(_: ActRun) -> None:
    """The act judges by itself when it may happen."""


@dataclass(frozen=True, slots=True)
class _Decorator(Generic[R]):
    """Makes of `(run, …)` what callers call: `(context, principal, key, case number or task id, …)`."""

    act: Act
    begin: Callable[[AppContext, Principal, Act, Transaction, str], Awaitable[R]]
    recheck: Recheck
    window: Callable[[R], None] = _any_time

    def __call__(
        self, perform: Callable[Concatenate[R, P], Awaitable[StoredResponse]]
    ) -> Callable[Concatenate[AppContext, Principal, str, str, P], ActResult]:
        async def entry(
            context: AppContext, principal: Principal, key: str, target: str, /, *args: P.args, **kwargs: P.kwargs
        ) -> StoredResponse:
            async def authorised(tx: Transaction) -> R:
                return await self.begin(context, principal, self.act, tx, target)

            async def performed(run: R) -> StoredResponse:
                self.window(run)
                return await perform(run, *args, **kwargs)

            task_id = task_ref(target) if "-" in target else None
            case_no = target if task_id is None else task_id.case_no
            scope, text = _scope_and_text(self.act, target, *args, **kwargs)
            request = CommandRequest(principal, scope, key, text, case_no, task_id)
            async with naming_the_decision(context, principal, task_id):
                return await execute_once(
                    context, request, authorised, performed, lambda run: self.recheck(run, *args, **kwargs)
                )

        update_wrapper(entry, perform)
        return entry


@dataclass(frozen=True, slots=True)
class _CaselessDecorator:
    """As `_Decorator`: `(context, principal, key, …)`."""

    act: Act
    recheck: Recheck

    def __call__(
        self, perform: Callable[Concatenate[ActRun, P], Awaitable[StoredResponse]]
    ) -> Callable[Concatenate[AppContext, Principal, str, P], ActResult]:
        async def entry(
            context: AppContext, principal: Principal, key: str, /, *args: P.args, **kwargs: P.kwargs
        ) -> StoredResponse:
            async def authorised(tx: Transaction) -> ActRun:
                require(principal, self.act, Facts(at=tx.actor.at))
                return ActRun(context, tx, principal, self.act)

            scope, text = _scope_and_text(self.act, *args, **kwargs)
            request = CommandRequest(principal, scope, key, text)
            return await execute_once(
                context,
                request,
                authorised,
                lambda run: perform(run, *args, **kwargs),
                lambda run: self.recheck(run, *args, **kwargs),
            )

        update_wrapper(entry, perform)
        return entry


def _scope_and_text(act: Act, *args: object, **kwargs: object) -> tuple[IdempotencyScope, str]:
    """A request's model is what a repetition must repeat; all else names what the act is about."""
    text, about = "", []
    for value in (*args, *kwargs.values()):
        if isinstance(value, RequestModel):
            # without defaults: a field that comes with a later version does not make a repeat another request
            text = value.model_dump_json(exclude_defaults=True).removeprefix(_EMPTY)
        elif value is not None:
            about.append(str(value))
    return IdempotencyScope(act, "/".join(about)), text
