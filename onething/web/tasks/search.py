"""查找待办: by case, name or number. What is looked for is in no address: it is sent, and the answer shown to it."""

from collections.abc import Mapping
from typing import Any

from fastapi.exceptions import RequestValidationError
from starlette.requests import Request
from starlette.responses import Response

from onething.domain.errors import OneThingError
from onething.domain.identity import ID_NAMES
from onething.edge.dependencies import By, InContext
from onething.services.core.context import AppContext
from onething.services.tasks import search
from onething.services.tasks.schemas import TaskPage, TaskSearchRequest
from onething.web.core.forms import Form, as_request
from onething.web.core.problems import Mistakes, mistakes_of
from onething.web.core.routes import Sent
from onething.web.core.templating import render
from onething.web.tasks import views, wording
from onething.web.tasks.act_pages import act_router
from onething.web.tasks.task_page import task_address

router = act_router()
_MOST = 50
_OF_NUMBERS = "id_type"


@router.get("/work/search", response_class=Response)
async def form(request: Request, context: InContext, by: By) -> Response:
    return _shown(request, context, Form())


@router.post("/work/search", response_class=Response)
async def found(request: Request, context: InContext, by: By, sent: Sent) -> Response:
    try:
        page = await search.search(context, by, as_request(TaskSearchRequest, _wanted(sent)), _MOST, None)
    except (OneThingError, RequestValidationError) as refused:
        return _shown(request, context, sent, mistakes=mistakes_of(refused))
    return _shown(request, context, sent, page=page)


def _wanted(sent: Form) -> Mapping[str, Any]:
    """Of which kind a number is does not matter where none is given."""
    tree = sent.tree()
    return {name: value for name, value in tree.items() if name != _OF_NUMBERS or "id_number" in tree}


def _shown(
    request: Request, context: AppContext, sent: Form, *, page: TaskPage | None = None, mistakes: Mistakes | None = None
) -> Response:
    values = {
        "said": sent,
        "rows": [views.row_of(context, one) for one in page.items] if page else None,
        "mistakes": mistakes,
        "kinds": [(kind.value, name) for kind, name in ID_NAMES.items()],
        "words": wording,
        "task_address": task_address,
    }
    return render(request, "tasks/page_search.html", values, status=mistakes.status if mistakes else 200)
