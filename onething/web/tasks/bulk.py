"""批量: the tasks that were ticked, and no others; looked at before, and a result for each afterwards.

Looking records nothing. Each task is an act of its own, under a key of its own: what is sent twice is done once, and
one that fails keeps none of the others from being done.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from fastapi import Query
from fastapi.exceptions import RequestValidationError
from pydantic import BeforeValidator, Field
from starlette.requests import Request
from starlette.responses import Response

from onething.domain.definition.outcomes import OutcomeEffect
from onething.domain.errors import FailureCode, OneThingError
from onething.domain.principal import Principal
from onething.edge.dependencies import By, InContext
from onething.edge.query import QueryModel, several
from onething.services.core.context import AppContext
from onething.services.decisions import decide
from onething.services.decisions.schemas import DecisionRequest
from onething.services.tasks import claim, queue
from onething.services.tasks.schemas import TaskView, TransferRequest
from onething.web.core.forms import Form, as_request
from onething.web.core.problems import mistakes_of
from onething.web.core.routes import Sent, see_other, with_query
from onething.web.core.templating import render
from onething.web.core.typed_values import all_numbers
from onething.web.tasks import views, wording
from onething.web.tasks.act_pages import act_router
from onething.web.tasks.filters import LONGEST_TICKS, MOST_TICKED, back_of, filter_of, ticked_in
from onething.web.tasks.task_page import task_address

router = act_router()
_BLANK_IS_NONE = BeforeValidator(lambda value: value or None)
BulkName = Literal["claim", "transfer", "approve"]
ACT_OF: Mapping[str, str] = {"claim": "claim", "transfer": "transfer", "approve": "decide"}
VERBS: Mapping[str, str] = {"claim": "认领", "transfer": "转交", "approve": "通过"}
_EFFECTS: Mapping[str, str] = {
    "claim": "认领后由您办理，同事不能决定；期限照常计算。",
    "transfer": "转交后由这位同事办理；期限照常计算。",
    "approve": "每件分别作出通过的决定（准予、已备案、一致等），立即生效并通知申请人，不能在这里收回。",
}
_CANT_SEE = frozenset({FailureCode.NOT_FOUND, FailureCode.NOT_PERMITTED})


class BulkQuery(QueryModel):
    act: Annotated[BulkName | None, _BLANK_IS_NONE] = None
    ticked: str = Field("", max_length=LONGEST_TICKS)
    back: str = Field("", max_length=2_000)


@dataclass(frozen=True)
class TickedTask:
    """`why_not`: why it is not among those that the act will be done to."""

    task_id: str
    row: views.QueueRow | None
    why_not: str | None = None
    seen: str = ""
    outcome: str = ""  # with which it would end well


@dataclass(frozen=True)
class BulkResult:
    """`failures`: why it was not done; none where it was."""

    task_id: str
    name: str
    failures: tuple[str, ...] = ()


@router.post("/work/bulk", response_class=Response)
async def choose(sent: Sent) -> Response:
    """What is ticked travels in the address: to refresh it, or to go back to it, is to look at it again."""
    named = {"act": sent.value("act"), "ticked": ",".join(ticked_in(sent)), "back": back_of(sent)}
    return see_other(with_query("/work/bulk", named))


@router.get("/work/bulk", response_class=Response)
async def look(request: Request, context: InContext, by: By, query: Annotated[BulkQuery, Query()]) -> Response:
    return await _preview(request, context, by, query)


@router.post("/work/bulk/run", response_class=Response)
async def run(request: Request, context: InContext, by: By, sent: Sent) -> Response:
    query = BulkQuery(act=_act(sent), ticked=",".join(ticked_in(sent)), back=back_of(sent))
    key = sent.key
    if query.act == "transfer":  # said once for all: wrong, none is tried
        try:
            as_request(TransferRequest, {"to": sent.value("/to")})
        except RequestValidationError as refused:
            return await _preview(request, context, by, query, sent=sent, refused=refused)
    results = [await _one(context, by, query.act or "claim", one, key, sent) for one in several(query.ticked)]
    values = {
        "results": results,
        "failed": [one for one in results if one.failures],
        "query": query,
        "verb": VERBS[query.act or "claim"],
        "said": sent,
        "queue_address": filter_of(query.back).address(),
        "task_address": task_address,
    }
    return render(request, "tasks/page_bulk_results.html", values)


async def _preview(
    request: Request,
    context: AppContext,
    by: Principal,
    query: BulkQuery,
    *,
    sent: Form | None = None,
    refused: RequestValidationError | None = None,
) -> Response:
    looked = [await _ticked(context, by, query.act, one) for one in several(query.ticked)[:MOST_TICKED]]
    mistakes = mistakes_of(refused) if refused else None
    values = {
        "ready": [one for one in looked if one.why_not is None],
        "not_ready": [one for one in looked if one.why_not is not None],
        "query": query,
        "verb": VERBS.get(query.act or ""),
        "effect": _EFFECTS.get(query.act or ""),
        "said": sent or Form(),
        "mistakes": mistakes,
        "queue_address": filter_of(query.back).address(ticked=query.ticked),
        "task_address": task_address,
        "words": wording,
    }
    return render(request, "tasks/page_bulk.html", values, status=mistakes.status if mistakes else 200)


async def _ticked(context: AppContext, by: Principal, act: str | None, task_id: str) -> TickedTask:
    try:
        task = await queue.show(context, by, task_id)
    except OneThingError as refused:
        if refused.code not in _CANT_SEE:
            raise
        return TickedTask(task_id, None, "没有这件待办，或者它不归本部门办理。")
    seen = ",".join(f"{code}:{version}" for code, version in (task.decides_on or {}).items())
    outcome = next((one.code for one in task.outcomes if one.effect is OutcomeEffect.WELL), "")
    return TickedTask(task_id, views.named_row(context, task), _why_not(context, task, act), seen, outcome)


def _why_not(context: AppContext, task: TaskView, act: str | None) -> str | None:
    """Why the act is not done to it together with others, if so."""
    if act is None:
        return None
    told = next((one for one in task.available_actions if one.act == ACT_OF[act]), None)
    if told is None:
        return f"这是{wording.KIND_NAMES[task.kind]}的待办，不能批量{VERBS[act]}。"
    if not told.allowed:
        return told.why
    if act == "approve":
        if task.kind != "decide":
            return "这件待办不是审批，请逐件办理。"
        if needed := views.results_needed(context, task):
            return f"通过时要填写结果（{'、'.join(needed)}），请逐件办理。"
        if task.conditions:
            return "要逐条写明是否符合条件，请逐件办理。"
        if task.warnings:
            return task.warnings[0]
    return None


async def _one(context: AppContext, by: Principal, act: str, task_id: str, key: str, sent: Form) -> BulkResult:
    name = sent.value(f"name/{task_id}", task_id)
    try:
        if act == "claim":
            await claim.claim(context, by, key, task_id)
        elif act == "transfer":
            await claim.transfer(context, by, key, task_id, TransferRequest(to=sent.value("/to")))
        else:
            said = as_request(DecisionRequest, _approval(sent, task_id))
            await decide.decide(context, by, key, task_id, said)
    except (OneThingError, RequestValidationError) as refused:
        return BulkResult(task_id, name, mistakes_of(refused).reasons)
    return BulkResult(task_id, name)


def _approval(sent: Form, task_id: str) -> Mapping[str, Any]:
    """As it was looked at: of a material that has come since, its department is told, and nothing is decided."""
    pairs = (one.partition(":") for one in several(sent.value(f"seen/{task_id}")))
    seen = {code: version for code, _, version in pairs}
    opinion = sent.value("/opinion").strip()
    return {
        "outcome": sent.value(f"outcome/{task_id}"),
        "seen": all_numbers(seen),
        **({"opinion": opinion} if opinion else {}),
    }


def _act(sent: Form) -> BulkName:
    act = sent.value("act")
    if act == "claim":
        return "claim"
    if act == "transfer":
        return "transfer"
    if act == "approve":
        return "approve"
    raise OneThingError(FailureCode.INVALID_REQUEST, "请先选择要一起办什么。")
