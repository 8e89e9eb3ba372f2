"""Data sources and departments' systems call back: what they say is recorded by the writer, as if our own attempt had
been told."""

from datetime import datetime
from typing import Literal

from onething.connectors.http_client import reason_word
from onething.connectors.sources import read_answer
from onething.connectors.tally import AttemptTally
from onething.domain.definition.source import SourceDefinition
from onething.domain.errors import FailureCode, FieldProblem, InvalidInput, NotAllowed, OneThingError
from onething.domain.events.outcomes import DispatchRefused, EffectUndone
from onething.domain.kernel.case_no import CaseNo
from onething.domain.kernel.commands import CommandKind, CommandStatus, parts_of_key
from onething.domain.kernel.custody import system_of, undoer
from onething.domain.kernel.task_ref import TaskRef, item_task
from onething.domain.lookups.answers import DepartmentDecision, Fetched, Refused, SourceAnswerMalformed
from onething.domain.materials import decides_on
from onething.domain.plan.plan import Plan
from onething.services.core.context import AppContext
from onething.services.core.task_access import DecidedAlready, item_of, standing_decision
from onething.services.decisions import outputs
from onething.services.dispatch import orders
from onething.services.dispatch.schemas import ItemAnswerRequest, SourceAnswerRequest
from onething.services.lookups import outcome, pending
from onething.services.summaries.responses import ResponseModel, StoredResponse, answer
from onething.store.connection.actor import Actor
from onething.store.connection.database import Transaction
from onething.store.record import commands
from onething.store.record.case_writer import Took
from onething.store.sources import figures


class Taken(ResponseModel):
    """`late`: nobody waits for it any more. It is kept, and what it holds is released."""

    took: Literal["recorded", "repeated", "late"]


async def source_answered(context: AppContext, code: str, request: SourceAnswerRequest) -> StoredResponse:
    """200, or 202 if it was known already. The caller has checked the signature.

    Raises OneThingError NOT_FOUND for a key that is no look-up at this source, InvalidInput for a record that is not as
    its definition says.
    """
    source = context.catalog.sources.get(code)
    if source is None:
        raise _unknown_key()
    told = _read(source, request)
    case_no, made_in, command = parts_of_key(request.key)
    async with context.database.transaction(Actor.source(code, case_no), of_case=case_no) as tx:
        asked = await commands.called_back(tx, case_no, made_in, command, CommandKind.FETCH_RECORD)
        if asked is None:
            raise _unknown_key()
        need = (await context.plan_cache.plan(tx, asked.state.plan)).data_by_key.get(asked.target)
        if need is not None and need.source != code:
            raise _unknown_key()
        command = next((name for name, one in asked.state.commands.items() if one.asked_as == command), command)
        came = outcome.LookupOutcome(context.sealer, context.index, case_no, command, asked.target, told)
        recorded = await context.writer.record_outcome(
            tx, case_no, asked.epoch, came.outcome, values=came.values, judged=came.judged
        )
        took = recorded.took
    if took is Took.RECORDED and need is not None:
        await _count(context, code, case_no, told, pending.since(asked.state.commands[command], need))
    return answer(Taken(took=took.value), 202 if took is Took.REPEATED else 200)


async def _count(
    context: AppContext, code: str, case_no: CaseNo, outcome: Fetched | Refused, asked_at: datetime | None
) -> None:
    tally = AttemptTally(context.clock)
    if isinstance(outcome, Refused):
        tally.refused(code, asked_at)
    else:
        tally.answered(code, asked_at, outcome.as_of)
    async with context.database.transaction(Actor.source(code, case_no), durable=False) as tx:
        await figures.add(tx, context.clock.now(), tally.taken())


async def item_answered(context: AppContext, department: str, request: ItemAnswerRequest) -> StoredResponse:
    """200, or 202 if it was known already. The caller has checked the signature.

    Raises OneThingError NOT_FOUND for a key that is no order to this department, InvalidInput for a decision that does
    not fit its item, NotAllowed where it may not be decided now; and, when it has been journalled as late, NotAllowed
    or DecidedAlready with the standing decision.
    """
    case_no, made_in, command = parts_of_key(request.key)
    actor = orders.spoken_by(department, case_no.region)
    if orders.is_revocation(command):
        return await _undone(context, actor, request)
    async with context.database.transaction(actor, of_case=case_no) as tx:
        asked = await commands.called_back(tx, case_no, made_in, command, CommandKind.DISPATCH_ITEM)
        if asked is None:
            raise _unknown_order()
        plan = await context.plan_cache.plan_of(tx, asked.state)
        told = {system_of(plan, asked.state, command, asked.target)}
        if command not in asked.state.commands:  # called off, maybe since the item is another department's now
            told.add((await context.plan_cache.plan(tx, asked.state.plan)).item_by_code[asked.target].department)
        if department not in told:
            raise _unknown_order()
        said = await _answered(context, tx, case_no, plan, asked, command, request)
        if isinstance(said, DispatchRefused):
            recorded = await context.writer.record_outcome(tx, case_no, asked.epoch, said)
        else:
            recorded = await context.writer.record_outcome(
                tx, case_no, asked.epoch, said.event, values=lambda _: said.values, numbers=said.numbers
            )
    if recorded.took is Took.LATE:
        deciding = recorded.state.revocations.get(asked.target)
        if deciding is not None and deciding.revoked is None:
            detail = "办件已经结束，这次的答复已记入流水；其结果是否继续有效，由经办人决定（待办的 kind 为 revoke）。"
            raise NotAllowed(FailureCode.NOT_ALLOWED_NOW, detail)
        await _refuse_late(
            context, actor, TaskRef.of(case_no, item_task(asked.target), asked.state.items[asked.target].round)
        )
    return answer(Taken(took=recorded.took.value), 202 if recorded.took is Took.REPEATED else 200)


async def _undone(context: AppContext, actor: Actor, request: ItemAnswerRequest) -> StoredResponse:
    """Nothing but that it is done can be said: who has not undone it yet is asked again, and then a person is."""
    if not request.done or request.outcome is not None or request.refused:
        detail = "这是撤销：已撤销的写 done 为 true，其他不写；不能撤销的不必回调，逾期转给部门人员。"
        raise InvalidInput([FieldProblem("/done", FailureCode.INVALID_VALUE, detail)])
    case_no, made_in, command = parts_of_key(request.key)
    async with context.database.transaction(actor, of_case=case_no) as tx:
        asked = await commands.called_back(tx, case_no, made_in, command, CommandKind.UNDO_EFFECT)
        if asked is None:
            raise _unknown_order()
        if asked.status is CommandStatus.DONE:
            return answer(Taken(took="repeated"), 202)
        if asked.status is CommandStatus.VOID:
            detail = "该撤销已转由部门人员办理，不再等待业务系统；请告知经办人已经撤销。"
            raise NotAllowed(FailureCode.NOT_ALLOWED_NOW, detail)
        effect = next(effect for effect in asked.state.undo_queue if effect.id == asked.target)
        planned, plan = (
            await context.plan_cache.plan(tx, asked.state.plan),
            await context.plan_cache.plan_of(tx, asked.state),
        )
        if effect.hold is not None:
            raise _unknown_order()
        # duties may have moved since it was told
        if actor.department not in {undoer(one, asked.state, effect) for one in (planned, plan)}:
            raise _unknown_order()
        event = EffectUndone(command=command, effect=effect.id)
        took = (await context.writer.record_outcome(tx, case_no, asked.epoch, event)).took
    return answer(Taken(took=took.value), 202 if took is Took.REPEATED else 200)


async def _answered(
    context: AppContext,
    tx: Transaction,
    case_no: str,
    plan: Plan,
    pending: commands.CalledBack,
    command: str,
    request: ItemAnswerRequest,
) -> outputs.SealedDecision | DispatchRefused:
    if request.done or request.refused == (request.outcome is not None):
        detail = "请给出决定（outcome 为派件 outcomes 中的一个），或写明不予处理（refused 为 true），二者取其一。"
        raise InvalidInput([FieldProblem("/outcome", FailureCode.INVALID_VALUE, detail)])
    if request.outcome is None:
        return DispatchRefused(command=command, item=pending.target, reason=reason_word(request.reason))
    definition = context.applications.definition(plan.bundle)
    round_no = pending.state.items[pending.target].round
    despite = tuple(request.despite)
    said = DepartmentDecision(request.outcome, request.opinion, request.outputs, despite, request.conditions)
    item, seen = item_of(definition, pending.target), decides_on(plan, pending.state, pending.target)
    values, index, today = context.values(case_no), context.index, context.today()
    applied = await outputs.application_of(tx, values, definition, item)
    return outputs.sealed(
        values, index, definition, item, round_no, said, command, seen=seen, applied=applied, today=today
    )


async def _refuse_late(context: AppContext, actor: Actor, task: str) -> None:
    """It is in the journal; whoever was first is told, if a person was."""
    async with context.database.transaction(actor) as tx:
        standing = await standing_decision(context, tx, task)
    if standing is not None:
        raise DecidedAlready("该事项已由部门人员作出决定；这次的答复已记入流水，不再采用。", standing)
    detail = "该事项已不再等待业务系统的决定（已转由人员办理，或办件已结束）；这次的答复已记入流水，不再采用。"
    raise NotAllowed(FailureCode.NOT_ALLOWED_NOW, detail)


def _unknown_order() -> OneThingError:
    return OneThingError(FailureCode.NOT_FOUND, "没有以这个 key 派给该部门的事项：请原样带回派件时的 Idempotency-Key。")


def _read(source: SourceDefinition, request: SourceAnswerRequest) -> Fetched | Refused:
    if request.refused:
        return Refused(reason_word(request.reason))
    try:
        return read_answer(source, request.model_dump())
    except SourceAnswerMalformed as wrong:
        pointer = "/" + wrong.problem.replace(".", "/")
        detail = "缺少，或不符合数据源定义的约定：请按定义补全后，用同一个 key 重新回调。"
        raise InvalidInput([FieldProblem(pointer, FailureCode.INVALID_VALUE, detail)]) from None


def _unknown_key() -> OneThingError:
    return OneThingError(
        FailureCode.NOT_FOUND, "没有以这个 key 向该数据源提出的查询：请原样带回查询时的 Idempotency-Key。"
    )
