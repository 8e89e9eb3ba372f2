"""人工核查: people of the department that owns the data look for a record that its source did not give."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from onething.domain.caller import Caller
from onething.domain.compare_moves import disagreeing
from onething.domain.errors import FailureCode, FieldProblem, InvalidInput, NotAllowed
from onething.domain.events import LookedByHand
from onething.domain.outcome import TaskKind
from onething.domain.source import FieldType, SourceDefinition, SourceField
from onething.domain.source_shapes import fits
from onething.security.policy import Act
from onething.services import compared, papers
from onething.services.answers import Answer, Shown, WholeView, answer
from onething.services.look_ups import readers
from onething.services.office import Office
from onething.services.officers_requests import LookedUp
from onething.services.once import Request, once
from onething.services.standing import locked
from onething.services.tasks import task_for, telling_who_was_first
from onething.store import tasks
from onething.store.database import Transaction
from onething.store.door import Recorded
from onething.store.writing import SealedValue


class LookedByHandView(WholeView):
    task_id: str
    case_no: str
    data: str
    found: bool
    seq: int
    at: Shown


async def look_up(office: Office, caller: Caller, key: str, task_id: str, sent: LookedUp) -> Answer:
    """Raises InvalidInput for a record that is not as its source defines it, DecidedAlready, NotAllowed where it is no
    such task, or is over."""

    async def work(tx: Transaction) -> Answer:
        task = await task_for(tx, caller, Act.LOOK_BY_HAND, task_id)
        if task.kind != TaskKind.MANUAL_CHECK:
            raise NotAllowed(FailureCode.NOT_ALLOWED_NOW, "这不是人工核查数据的待办，请用 decide 或其他动作办理。")
        before = await locked(office, tx, task.case_no)
        event, sealed = _said(office, before, task, sent)
        recorded = await office.door.record(tx, task.case_no, event, values=sealed)
        view = LookedByHandView(
            task_id=task_id, case_no=task.case_no, data=task.item, found=sent.found, seq=recorded.seq, at=recorded.at
        )
        return answer(view)

    case_no = task_id.partition("-")[0]
    request = Request(caller, Act.LOOK_BY_HAND, f"POST /api/tasks/{task_id}/look-up", key, sent, case_no, task_id)
    async with telling_who_was_first(office, caller, task_id):
        return await once(office, request, work)


def _said(office: Office, before: Recorded, task: tasks.Task, sent: LookedUp) -> tuple[LookedByHand, list[SealedValue]]:
    data, plan, state = task.item, before.plan, before.state
    note, kept, concerned = papers.looked(data, task.round), office.papers(task.case_no), readers(plan, data)
    event = LookedByHand(data=data, round=task.round, note=note)
    told = kept.seal(note, {"note": sent.note, "found": sent.found})
    sealed = [SealedValue(note, told, (*concerned, task.department))]
    if not sent.found:
        _refuse(_of_nothing(sent))
        return event, sealed
    now = office.clock.now()
    source = office.catalog.sources[plan.data_by_key[data].source]
    _refuse([*_of_record(source, sent.record), *_of_time(sent.as_of, now)])
    record = {field.id: (sent.record or {}).get(field.id) for field in source.fields}
    as_of = sent.as_of or now
    name = papers.record(data)
    sealed.append(SealedValue(name, kept.seal(name, {"record": record, "as_of": as_of.isoformat()}), concerned))
    says = compared.recorded(office.index, task.case_no, plan, data, record)
    comparing: dict[str, Any] = {}
    if says:
        comparing = {"compared": says, "disagrees": disagreeing(plan, state.compared | says, says)}
    return event.model_copy(update={"record": name, "as_of": as_of, **comparing}), sealed


def _of_nothing(sent: LookedUp) -> list[FieldProblem]:
    if sent.record is None and sent.as_of is None:
        return []
    detail = "found 为 false 是查无此记录，请不要再填写记录；查到了的，found 写 true。"
    return [FieldProblem("/found", FailureCode.INVALID_VALUE, detail)]


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


_SHAPES: Mapping[FieldType | None, str] = {
    FieldType.TEXT: "文字",
    FieldType.INTEGER: "整数",
    FieldType.NUMBER: "数",
    FieldType.BOOLEAN: "真假（true 或 false）",
    FieldType.DATE: "日期，如 2026-03-02",
}


def _of_time(as_of: datetime | None, now: datetime) -> Iterator[FieldProblem]:
    if as_of is not None and as_of > now:
        yield FieldProblem("/as_of", FailureCode.INVALID_VALUE, "数据的时点不能晚于现在。")


def _refuse(problems: list[FieldProblem]) -> None:
    if problems:
        raise InvalidInput(problems)
