"""One path per act on a task: the task's page with the act's form in it, and what is recorded when that is sent.

A concern's `pages.py` says what its act takes: `task_act(router, "suspend", suspend.suspend, _suspension)`. Refused, it
is the same page again, with what is wrong, what stands by now, and all that was typed.
"""

from collections.abc import Awaitable, Callable, Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Query
from fastapi.exceptions import RequestValidationError
from starlette.requests import Request
from starlette.responses import Response

from onething.domain.errors import OneThingError
from onething.edge.dependencies import By, InContext, TaskIdPath
from onething.services.application.base import RequestModel
from onething.services.summaries.responses import StoredResponse
from onething.web.core.forms import Form, as_request
from onething.web.core.routes import Sent, SignedInPageRoute, see_other
from onething.web.tasks import notes
from onething.web.tasks.acts import TASK_ACTS
from onething.web.tasks.filters import back_of, filter_of
from onething.web.tasks.task_page import TaskQuery, show_task, task_address

Perform = Callable[..., Awaitable[StoredResponse]]
"""An act of the services: `(context, principal, key, task id, request)`, or without the last."""
Reading = Callable[[Form], Mapping[str, Any]]
"""What a form says, as its request's model takes it."""


def act_router() -> APIRouter:
    return APIRouter(route_class=SignedInPageRoute, include_in_schema=False)


def task_act(
    router: APIRouter,
    act: str,
    perform: Perform,
    model: type[RequestModel] | None = None,
    reading: Reading = Form.tree,
) -> None:
    """Puts the act's page into the router. `model` None: it takes nothing."""
    words = TASK_ACTS[act]
    path = f"/work/tasks/{{task_id}}/{words.path}"

    @router.get(path, response_class=Response)
    async def form(
        task_id: TaskIdPath, request: Request, context: InContext, by: By, query: Annotated[TaskQuery, Query()]
    ) -> Response:
        return await show_task(request, context, by, task_id, query, act=act)

    @router.post(path, response_class=Response)
    async def record(task_id: TaskIdPath, request: Request, context: InContext, by: By, sent: Sent) -> Response:
        try:
            await notes.keep(context, by, task_id, sent)
            said = () if model is None else (as_request(model, reading(sent)),)
            await perform(context, by, sent.key, task_id, *said)
        except (OneThingError, RequestValidationError) as refused:
            query = TaskQuery(back=back_of(sent))
            return await show_task(request, context, by, task_id, query, act=act, sent=sent, refused=refused)
        if sent.value("then") == "queue":
            return see_other(f"{filter_of(sent.value('back')).address()}#row-{task_id}")
        return see_other(task_address(task_id, back=back_of(sent), done=act))
