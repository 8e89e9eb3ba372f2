"""Ticked tasks as a spreadsheet, for departments that type in a system of their own, and its results back: looked at
before, a result for each afterwards. Officers type once.

Each task that is exported is read as on its page, and leaves the same line in the access log.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Annotated
from urllib.parse import urlencode

import orjson
from fastapi import APIRouter, Query
from fastapi.exceptions import RequestValidationError
from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from onething.domain.definition.outcomes import OutcomeEffect
from onething.domain.errors import FailureCode, FieldProblem, InvalidInput, OneThingError
from onething.domain.principal import Principal
from onething.edge.dependencies import By, InContext
from onething.edge.query import QueryModel, several
from onething.services.core.context import AppContext
from onething.services.decisions import decide
from onething.services.decisions.schemas import DecisionRequest
from onething.services.materials.photos import UploadLimits
from onething.services.tasks import queue
from onething.services.tasks.schemas import TaskView
from onething.web.core.definition_fields import FieldValues
from onething.web.core.forms import MAX_FORM_BYTES, as_request
from onething.web.core.headers import FILE
from onething.web.core.problems import Mistakes, mistakes_of
from onething.web.core.routes import Sent, Session, SignedInPageRoute
from onething.web.core.spreadsheets import read_sheets
from onething.web.core.templating import render
from onething.web.core.uploads import UploadPageRoute, read_file
from onething.web.dispatch.task_sheet import SheetRow, results, rows_of, workbook
from onething.web.tasks.filters import LONGEST_TICKS, MOST_TICKED
from onething.web.tasks.task_page import task_address

router = APIRouter(route_class=SignedInPageRoute, include_in_schema=False)
uploads = APIRouter(route_class=UploadPageRoute, include_in_schema=False)
LIMITS = UploadLimits(each=5 * 2**20, together=5 * 2**20, files=1)
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_CANT_SEE = frozenset({FailureCode.NOT_FOUND, FailureCode.NOT_PERMITTED})
_ROW = "row/"
_BESIDE = 1_000  # bytes of a form for its secrets
_COLUMNS = {"/opinion": "意见", "/outcome": "决定"}


class SheetQuery(QueryModel):
    ticked: str = Field(min_length=1, max_length=LONGEST_TICKS)


@dataclass(frozen=True)
class ReadRow:
    """What a row says is to be decided. `why_not`: all reasons why it is not, `decision` being none then."""

    task_id: str
    who: str
    outcome: str
    told: tuple[tuple[str, str], ...] = ()
    decision: str = field(default="", repr=False)
    why_not: tuple[str, ...] = ()
    ends_well: bool = False


@dataclass(frozen=True)
class RowResult:
    """`failures`: why it was not decided; none where it was."""

    task_id: str
    name: str
    failures: tuple[str, ...] = ()


@router.get("/work/sheet.xlsx", response_class=Response)
async def export(context: InContext, by: By, query: Annotated[SheetQuery, Query()]) -> Response:
    """Those that may be decided now. Raises InvalidInput where none may."""
    found = [await _task(context, by, one) for one in several(query.ticked)[:MOST_TICKED]]
    tasks = [one for one in found if one is not None and _why_not(one) is None]
    if not tasks:
        detail = "勾选的待办里没有现在可以决定的，没有导出。"
        raise InvalidInput([FieldProblem("/ticked", FailureCode.INVALID_VALUE, detail)])
    name = f"onething-{context.today():%Y%m%d}-{len(tasks)}.xlsx"
    headers = {**FILE, "Content-Disposition": f'attachment; filename="{name}"'}
    return Response(workbook(context, by, tasks), headers=headers, media_type=_XLSX)


@router.get("/work/sheet", response_class=Response)
async def choose(request: Request) -> Response:
    return _form(request, None)


@uploads.post("/work/sheet", response_class=Response)
async def look(request: Request, context: InContext, by: By, session: Session) -> Response:
    """Nothing is recorded yet."""
    try:
        sent = await read_file(request, session, by, LIMITS, "办理结果")
        sheets = await asyncio.to_thread(read_sheets, sent.files[0].content)
        rows = list(rows_of(context, by, sheets))
    except OneThingError as refused:
        return _form(request, mistakes_of(refused))
    read = [one async for one in _read(context, by, rows)]
    ready = [one for one in read if one.decision]
    values = {
        "ready": ready,
        "now": ready[: _at_once(ready)],
        "not_ready": [one for one in read if not one.decision],
        "row": _ROW,
        "task_address": task_address,
    }
    return render(request, "dispatch/page_sheet_preview.html", values)


@router.post("/work/sheet/run", response_class=Response)
async def run(request: Request, context: InContext, by: By, sent: Sent) -> Response:
    """Each is an act of its own: one that fails keeps none of the others from being done."""
    key = sent.key
    decisions = [(name.removeprefix(_ROW), value) for name, value in sent.fields if name.startswith(_ROW)]
    found = [
        await _one(context, by, key, task_id, value, sent.value(f"name/{task_id}", task_id))
        for task_id, value in decisions[:MOST_TICKED]
    ]
    values = {
        "results": found,
        "failed": [one for one in found if one.failures],
        "task_address": task_address,
    }
    return render(request, "dispatch/page_sheet_results.html", values)


def _at_once(ready: Sequence[ReadRow]) -> int:
    """How many of them, from the first on, one form can send: each with its opinion."""
    sizes = (len(urlencode({_ROW + one.task_id: one.decision, f"name/{one.task_id}": one.who})) + 1 for one in ready)
    room = MAX_FORM_BYTES - _BESIDE
    return min(MOST_TICKED, sum(together <= room for together in accumulate(sizes)))


def _form(request: Request, mistakes: Mistakes | None) -> Response:
    values = {"mistakes": mistakes, "limits": LIMITS}
    return render(request, "dispatch/page_sheet.html", values, status=mistakes.status if mistakes else 200)


async def _read(context: AppContext, by: Principal, rows: list[SheetRow]) -> AsyncIterator[ReadRow]:
    """Of the rows of a sheet, in their order."""
    known: set[str] = set()
    for row in rows:
        yield await _read_row(context, by, row, again=row.task_id in known)
        known.add(row.task_id)


async def _read_row(context: AppContext, by: Principal, row: SheetRow, *, again: bool) -> ReadRow:
    def refused(*why: str, who: str = "") -> ReadRow:
        return ReadRow(row.task_id, who, row.outcome, why_not=why)

    if not row.unchanged:
        return refused("这一行不是给本部门导出的，或者左边的内容改动过。请重新导出，在新的一份里填写。")
    if again:
        return refused("同一件在表格里出现了两次，只按前面的一行办。")
    task = await _task(context, by, row.task_id)
    if task is None:
        return refused("没有这件待办，或者它不归本部门办理。")
    who = _who(task)
    if (why := _why_not(task)) is not None:
        return refused(why, who=who)
    outcome = next((one for one in task.outcomes if one.name == row.outcome), None)
    if outcome is None:
        return refused(f"“决定”请填{'或'.join(one.name for one in task.outcomes)}。", who=who)
    found, problems = results(task, row.filled)
    if problems:
        return refused(*problems, who=who)
    ends_well = outcome.effect is OutcomeEffect.WELL
    said: FieldValues = {"outcome": outcome.code, "seen": row.seen}
    said |= {"opinion": row.opinion} if row.opinion else {}
    met = {"符合": True, "不符合": False}
    answered = {one.id: met.get(str(row.filled.get(one.says, ""))) for one in task.conditions}
    said |= {"conditions": {code: one for code, one in answered.items() if one is not None}} if answered else {}
    said |= {"outputs": found} if ends_well else {}
    try:
        as_request(DecisionRequest, said)
    except RequestValidationError as wrong:
        fields = mistakes_of(wrong).fields
        return refused(*(f"“{_COLUMNS.get(one.pointer, '结果')}”{one.detail}" for one in fields), who=who)
    told = tuple(_told(task, row, found if ends_well else {}))
    return ReadRow(row.task_id, who, row.outcome, told, orjson.dumps(said).decode(), ends_well=ends_well)


def _told(task: TaskView, row: SheetRow, found: FieldValues) -> Iterator[tuple[str, str]]:
    labels = {one["id"]: one["label"] for one in task.decision_form}
    for name, value in found.items():
        yield labels[name], "、".join(value) if isinstance(value, list) else str(value)
    if row.opinion:
        yield "意见", row.opinion


async def _one(context: AppContext, by: Principal, key: str, task_id: str, value: str, name: str) -> RowResult:
    try:
        said = as_request(DecisionRequest, _decision(value))
        await decide.decide(context, by, key, task_id, said)
    except (OneThingError, RequestValidationError) as refused:
        return RowResult(task_id, name, mistakes_of(refused).reasons)
    return RowResult(task_id, name)


def _decision(value: str) -> FieldValues:
    """Raises OneThingError INVALID_REQUEST for what is not as the page before had it."""
    try:
        said = orjson.loads(value)
    except orjson.JSONDecodeError:
        said = None
    if not isinstance(said, dict):
        raise OneThingError(FailureCode.INVALID_REQUEST, "表单无法读取，请重新导入。")
    return said


async def _task(context: AppContext, by: Principal, task_id: str) -> TaskView | None:
    """None for what is none of theirs."""
    try:
        return await queue.show(context, by, task_id)
    except OneThingError as refused:
        if refused.code not in _CANT_SEE:
            raise
        return None


def _why_not(task: TaskView) -> str | None:
    """Why it is not decided by a sheet, if so."""
    told = next((one for one in task.available_actions if one.act == "decide"), None)
    if task.kind != "decide" or told is None:
        return "这件待办不是审批，请在网页上办理。"
    return None if told.allowed else told.why


def _who(task: TaskView) -> str:
    applicant = task.case.applicant.name if task.case.applicant else None
    return f"{task.enterprise_name or applicant or '申请人'} · {task.item_name}"
