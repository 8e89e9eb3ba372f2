"""人工核查: people of the department that owns the data look for a record that its source did not give."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from itertools import chain
from typing import Any

from onething.domain.discrepancies.guards import disagreeing
from onething.domain.errors import FailureCode, FieldProblem, require_valid
from onething.domain.events.lookups import LookedByHand
from onething.domain.form.field_values import long_text
from onething.domain.lookups.source_schema import fits
from onething.domain.sources.source import SourceDefinition, SourceField, SourceFieldType
from onething.security.policy import Act
from onething.services.application import comparison_digests, sealed_values
from onething.services.core.acts import TaskRun, act_on_task
from onething.services.lookups.outcome import readers
from onething.services.lookups.schemas import ManualCheckRequest
from onething.services.summaries.responses import CompleteResponseModel, LocalDateTime, StoredResponse, answer
from onething.store.record.case_writer import Recorded
from onething.store.record.rows import SealedValue


class LookedByHandView(CompleteResponseModel):
    task_id: str
    case_no: str
    data: str
    found: bool
    seq: int
    at: LocalDateTime


@act_on_task(Act.LOOK_BY_HAND)
async def look_up(run: TaskRun, request: ManualCheckRequest) -> StoredResponse:
    """Raises InvalidInput for a record that is not as its source defines it, NotAllowed where it is no such task, or is
    over."""
    task = run.task
    event, values = _said(run, await run.locked(), request)
    recorded = await run.record(event, *values)
    view = LookedByHandView(
        task_id=task.task_id,
        case_no=run.case_no,
        data=task.item,
        found=request.found,
        seq=recorded.seq,
        at=recorded.at,
    )
    return answer(view)


def _said(run: TaskRun, before: Recorded, request: ManualCheckRequest) -> tuple[LookedByHand, list[SealedValue]]:
    context, data, plan, state = run.context, run.task.item, before.plan, before.state
    note, concerned = sealed_values.looked(data, run.task.round), readers(plan, data)
    event = LookedByHand(data=data, round=run.task.round, note=note)
    told = {"note": request.note, "found": request.found}
    values = [run.sealed(note, told, (*concerned, run.task.department))]
    if not request.found:
        require_valid(_of_nothing(request))
        return event, values
    now = context.clock.now()
    source = context.catalog.sources[plan.data_by_key[data].source]
    typed = None if request.record is None else _in_one_form(request.record)
    require_valid(chain(_of_record(source, typed), _of_time(request.as_of, now)))
    record = {field.id: (typed or {}).get(field.id) for field in source.fields}
    as_of = request.as_of or now
    name = sealed_values.record(data)
    values.append(run.sealed(name, {"record": record, "as_of": as_of.isoformat()}, concerned))
    says = comparison_digests.recorded(context.index, run.case_no, plan, data, record)
    comparing: dict[str, Any] = {}
    if says:
        comparing = {"compared": says, "disagrees": disagreeing(plan, state.compared | says, says)}
    return event.model_copy(update={"record": name, "as_of": as_of, **comparing}), values


def _of_nothing(request: ManualCheckRequest) -> list[FieldProblem]:
    if request.record is None and request.as_of is None:
        return []
    detail = "found 为 false 是查无此记录，请不要再填写记录；查到了的，found 写 true。"
    return [FieldProblem("/found", FailureCode.INVALID_VALUE, detail)]


def _in_one_form(record: Mapping[str, Any]) -> Mapping[str, Any]:
    """As what is typed into a form; a register's own words, when it answers itself, are left as they are."""
    texts = {name: long_text(value) for name, value in record.items() if isinstance(value, str)}
    return {name: texts.get(name, value) or None if isinstance(value, str) else value for name, value in record.items()}


def _of_record(source: SourceDefinition, record: Mapping[str, Any] | None) -> Iterator[FieldProblem]:
    if record is None:
        detail = "请按 look_up.fields 填写查到的记录；查无此记录的，found 写 false。"
        yield FieldProblem("/record", FailureCode.MISSING_VALUE, detail)
        return
    known = {field.id for field in source.fields}
    for name in record.keys() - known:
        yield FieldProblem(f"/record/{name}", FailureCode.UNKNOWN_FIELD, "记录没有这个字段，请删去。")
    for field in source.fields:
        value = record.get(field.id)
        if value is None and field.required:
            yield FieldProblem(f"/record/{field.id}", FailureCode.MISSING_VALUE, f"请填写“{field.label}”。")
        elif not fits(field, value):
            detail = f"“{field.label}”须是{_shape(field)}。"
            yield FieldProblem(f"/record/{field.id}", FailureCode.INVALID_VALUE, detail)


def _shape(field: SourceField) -> str:
    return _SHAPES.get(field.type, "文字、数字或真假")


_SHAPES: Mapping[SourceFieldType | None, str] = {
    SourceFieldType.TEXT: "文字",
    SourceFieldType.INTEGER: "整数",
    SourceFieldType.NUMBER: "数",
    SourceFieldType.BOOLEAN: "真假（true 或 false）",
    SourceFieldType.DATE: "日期，如 2026-03-02",
}


def _of_time(as_of: datetime | None, now: datetime) -> Iterator[FieldProblem]:
    if as_of is not None and as_of > now:
        yield FieldProblem("/as_of", FailureCode.INVALID_VALUE, "数据的时点不能晚于现在。")
