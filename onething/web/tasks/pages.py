"""待办: a department's queue, one task, the next one; claiming, giving back, handing on."""

from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.exceptions import RequestValidationError
from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from onething.domain.errors import OneThingError
from onething.domain.kernel.task_ref import TaskKind
from onething.edge.dependencies import By, InContext, TaskIdPath
from onething.edge.query import QueryModel
from onething.services.core.context import AppContext
from onething.services.tasks import claim, queue, saved_views
from onething.services.tasks.schemas import QueueCounts, TaskRow, TransferRequest
from onething.web.core.routes import Sent, see_other
from onething.web.core.stream import UnusedPageRoute
from onething.web.core.templating import pointer_id, render
from onething.web.tasks import filters, notes, own_views, views, wording
from onething.web.tasks.act_pages import act_router, task_act
from onething.web.tasks.filters import WorkQuery, filter_of
from onething.web.tasks.task_page import TaskQuery, show_task, task_address

router = act_router()
unused = APIRouter(route_class=UnusedPageRoute, include_in_schema=False)
_ROWS = 50
_TEMPLATE = "tasks/page_queue.html"
_BLOCKS = {"queue": "queue"}
_MORE_THAN_COUNTED = 1000


class NextQuery(QueryModel):
    back: str = Field("", max_length=2_000)
    past: str = Field("", max_length=120)


@router.get("/work", response_class=Response)
async def work(request: Request, context: InContext, by: By, query: Annotated[WorkQuery, Query()]) -> Response:
    page = await queue.queue(context, by, None, query.chosen(), query.limit or _ROWS, query.after)
    here = {one.task_id for one in page.items}
    values = {
        "rows": [views.row_of(context, one) for one in page.items],
        "page": page,
        "query": query,
        "views": _views(query, page.counts),
        "parts": filters.parts(query, _names(context, by.region, query)),
        "bundles": [(one.code, one.name) for one in context.catalog.latest.values()],
        "items": _items(context, by.region, query),
        "own_views": [
            (one.id, one.name, own_views.address_of(one.filter))
            for one in (await saved_views.everything(context, by)).items
        ],
        "elsewhere": (elsewhere := [one for one in query.ticks if one not in here]),
        "approvable": bool(elsewhere) or any(_approvable(context, one) for one in page.items),
        "filters": filters,
        "words": wording,
        "task_address": task_address,
        "count": _count,
        "now": context.clock.now(),
    }
    return render(request, _TEMPLATE, values, blocks=_BLOCKS)


@unused.get("/work/live", response_class=Response)
async def live(request: Request, context: InContext, by: By, query: Annotated[WorkQuery, Query()]) -> Response:
    """The same, asked for by the page itself."""
    return await work(request, context, by, query)


@router.post("/work/ticks", response_class=Response)
async def ticks(sent: Sent) -> Response:
    """Another page of the queue, with what was ticked on this one: nothing is recorded."""
    query = filter_of(sent.value("back"))
    return see_other(query.address(after=sent.value("after"), ticked=",".join(filters.ticked_in(sent))))


@router.get("/work/next", response_class=Response)
async def following(context: InContext, by: By, query: Annotated[NextQuery, Query()]) -> Response:
    """下一件: the first of the same filter that nobody else has in hand."""
    back = filter_of(query.back)
    page = await queue.queue(context, by, None, back.chosen(), _ROWS, None)
    free = (
        one
        for one in page.items
        if one.state == "open" and one.task_id != query.past and one.claimed_by in (None, by.subject)
    )
    found = next(free, None)
    return see_other(task_address(found.task_id, back=query.back) if found else back.address(after=None))


@router.get("/work/tasks/{task_id}", response_class=Response)
async def task(
    task_id: TaskIdPath, request: Request, context: InContext, by: By, query: Annotated[TaskQuery, Query()]
) -> Response:
    return await show_task(request, context, by, task_id, query)


@router.post("/work/tasks/{task_id}/note", response_class=Response)
async def note(task_id: TaskIdPath, request: Request, context: InContext, by: By, sent: Sent) -> Response:
    """By itself, or pinned to something. What else was typed beside it is still there."""
    try:
        if sent.has(notes.PIN):
            await notes.pin(context, by, task_id, sent)
            at = pointer_id(f"/pin/{sent.value(notes.PIN)}")
            return see_other(f"{task_address(task_id, back=filters.back_of(sent))}#{at}")
        await notes.keep(context, by, task_id, sent)
    except (OneThingError, RequestValidationError) as refused:
        return await show_task(
            request, context, by, task_id, TaskQuery(back=filters.back_of(sent)), sent=sent, refused=refused
        )
    return await show_task(request, context, by, task_id, TaskQuery(back=filters.back_of(sent)), sent=sent)


task_act(router, "claim", claim.claim)
task_act(router, "release", claim.release)
task_act(router, "transfer", claim.transfer, TransferRequest)


def _approvable(context: AppContext, task: TaskRow) -> bool:
    """Together with others: with nothing to say but that."""
    return task.kind == TaskKind.DECIDE and not views.results_needed(context, task)


def _views(query: WorkQuery, counts: QueueCounts) -> list[tuple[str, str, str | None, bool]]:
    """Words, address, count, whether it is the one at hand. What is chosen beside stays chosen."""
    plain: dict[str, str | None] = {"holder": None, "due": None, "flags": None, "state": None}
    found: list[tuple[str, dict[str, str], str | None]] = [
        ("全部", {}, "everything"),
        ("我的", {"holder": "mine"}, "mine"),
        ("今天到期", {"due": "today"}, "due_today"),
        ("已超期", {"due": "overdue"}, "overdue"),
        ("未认领", {"holder": "unclaimed"}, "unclaimed"),
        ("被催办", {"flags": "urged"}, "urged"),
        ("已中止", {"flags": "suspended"}, "suspended"),
        ("我办过的", {"state": "closed", "holder": "mine"}, None),
    ]
    now = {name: value for name in plain if (value := getattr(query, name)) is not None}
    return [
        (words, query.address(**{**plain, **change}), _count(getattr(counts, name)) if name else None, now == change)
        for words, change, name in found
    ]


def _count(number: int) -> str:
    return f"{_MORE_THAN_COUNTED}+" if number > _MORE_THAN_COUNTED else str(number)


def _names(context: AppContext, region: str, query: WorkQuery) -> dict[str, str]:
    names = {one.code: one.name for one in context.catalog.latest.values()}
    return names | dict(_items(context, region, query))


def _items(context: AppContext, region: str, query: WorkQuery) -> list[tuple[str, str]]:
    definition = context.catalog.at(query.bundle or "", region)
    return [(one.code, one.name) for one in definition.items] if definition else []
