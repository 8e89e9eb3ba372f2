"""待办: a department's queue."""

from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query
from pydantic import Field
from starlette.responses import Response

from onething.domain.base import Code
from onething.domain.engine.task_flags import TaskFlag
from onething.edge.dependencies import By, IdempotencyKey, InContext, TaskIdPath, reply, view_response
from onething.edge.problems import ACT_PROBLEMS, LIST_PROBLEMS, READ_PROBLEMS, documented
from onething.edge.query import SEVERAL, LongPaged, PageQuery, several
from onething.edge.routes import SignedInRoute
from onething.services.application.base import EmptyRequest
from onething.services.decisions.schemas import TaskStanding
from onething.services.tasks import claim, notes, queue, saved_views, search
from onething.services.tasks.schemas import (
    Due,
    Holder,
    NoteRequest,
    NoteView,
    QueueFilter,
    SavedView,
    SavedViewList,
    SavedViewRequest,
    TaskPage,
    TaskSearchRequest,
    TaskView,
    TransferRequest,
    queue_filter,
)

router = APIRouter(prefix="/api/tasks", tags=["部门"], route_class=SignedInRoute)


class DepartmentQuery(PageQuery):
    department: Code | None = Field(None, description="缺省为本部门")


_FLAGS = "、".join(TaskFlag)


class QueueQuery(DepartmentQuery):
    state: Literal["open", "closed"] = "open"
    order: Literal["due"] = Field("due", description="按到期时间")
    bundle: Code | None = Field(None, description="一件事的代码")
    item: Code | None = Field(None, description="事项的代码；须同时写 bundle")
    holder: Holder | None = Field(
        None, description="mine：本人认领的，已办的（state=closed）是本人办结的；unclaimed：未认领的"
    )
    due: Due | None = Field(None, description="overdue：已超期；today：今天还要到期的；week：本周（到周日）还要到期的")
    flags: str | None = Field(
        None, pattern=SEVERAL, max_length=200, description=f"带有这些标记的，几个用逗号分隔：{_FLAGS}"
    )

    def chosen(self) -> QueueFilter:
        """Raises InvalidInput for a flag that there is not."""
        plain = self.model_dump(include={"state", "bundle", "item", "holder", "due"})
        return queue_filter(plain, several(self.flags))


@router.get("", summary="待办列表，到期早的在前", response_model=TaskPage, responses=LIST_PROBLEMS)
async def list_tasks(context: InContext, by: By, query: Annotated[QueueQuery, Query()]) -> Response:
    return view_response(await queue.queue(context, by, query.department, query.chosen(), query.limit, query.after))


@router.post(
    "/search",
    summary="在本部门的待办里查找：按办件编号、申请人姓名、企业名称或证件号码；找人须写明理由（reason）",
    response_model=TaskPage,
    responses=documented(400, 401, 403, 404, 413, 415, 422),
)
async def search_tasks(request: TaskSearchRequest, context: InContext, by: By, page: LongPaged) -> Response:
    return view_response(await search.search(context, by, request, page.limit, page.after))


@router.get("/{task_id}", summary="一件待办", response_model=TaskView, responses=READ_PROBLEMS)
async def task(task_id: TaskIdPath, context: InContext, by: By) -> Response:
    return view_response(await queue.show(context, by, task_id))


@router.post("/{task_id}/claim", summary="认领", response_model=TaskStanding, responses=ACT_PROBLEMS)
async def claim_task(
    task_id: TaskIdPath, context: InContext, by: By, key: IdempotencyKey, _: EmptyRequest | None = None
) -> Response:
    return reply(await claim.claim(context, by, key, task_id))


@router.post("/{task_id}/release", summary="放回", response_model=TaskStanding, responses=ACT_PROBLEMS)
async def release_task(
    task_id: TaskIdPath, context: InContext, by: By, key: IdempotencyKey, _: EmptyRequest | None = None
) -> Response:
    return reply(await claim.release(context, by, key, task_id))


@router.post("/{task_id}/transfer", summary="转交本部门其他人员", response_model=TaskStanding, responses=ACT_PROBLEMS)
async def transfer_task(
    task_id: TaskIdPath, request: TransferRequest, context: InContext, by: By, key: IdempotencyKey
) -> Response:
    return reply(await claim.transfer(context, by, key, task_id, request))


@router.get("/{task_id}/note", summary="本部门对这个事项的内部备注", response_model=NoteView, responses=READ_PROBLEMS)
async def read_note(task_id: TaskIdPath, context: InContext, by: By) -> Response:
    return view_response(await notes.note(context, by, task_id))


@router.put(
    "/{task_id}/note",
    summary="写内部备注，代替原来的；同事在此之间改过的答 412",
    response_model=NoteView,
    responses=documented(400, 401, 403, 404, 412, 413, 415, 422),
)
async def write_note(task_id: TaskIdPath, request: NoteRequest, context: InContext, by: By) -> Response:
    return view_response(await notes.write(context, by, task_id, request))


views = APIRouter(prefix="/api/views", tags=["部门"], route_class=SignedInRoute)


@views.get("", summary="本人保存的待办视图", response_model=SavedViewList, responses=LIST_PROBLEMS)
async def saved(context: InContext, by: By) -> Response:
    return view_response(await saved_views.everything(context, by))


@views.post(
    "",
    status_code=201,
    summary="保存一个视图，至多 20 个；同名的被代替",
    response_model=SavedView,
    responses=documented(400, 401, 403, 409, 413, 415, 422),
)
async def save_view(request: SavedViewRequest, context: InContext, by: By, key: IdempotencyKey) -> Response:
    return reply(await saved_views.save(context, by, key, request))


@views.delete("/{view}", status_code=204, summary="删去一个视图", responses=READ_PROBLEMS)
async def remove_view(
    view: Annotated[int, Path(ge=1, le=99, description="视图的 id")], context: InContext, by: By
) -> Response:
    await saved_views.remove(context, by, view)
    return Response(status_code=204)
