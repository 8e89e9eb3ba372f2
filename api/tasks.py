"""待办: a department's queue."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query
from pydantic import Field
from starlette.responses import Response

from onething.domain.base import Code
from onething.domain.engine.task_flags import TaskFlag
from onething.edge.dependencies import By, IdempotencyKey, InContext, TaskIdPath, reply, view_response
from onething.edge.problems import ACT_PROBLEMS, LIST_PROBLEMS, READ_PROBLEMS
from onething.edge.query import SEVERAL, PageQuery, several
from onething.edge.routes import SignedInRoute
from onething.services.application.base import EmptyRequest
from onething.services.decisions.schemas import TaskStanding
from onething.services.tasks import claim, queue
from onething.services.tasks.schemas import Due, Holder, QueueFilter, TaskPage, TaskView, TransferRequest, queue_filter

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
