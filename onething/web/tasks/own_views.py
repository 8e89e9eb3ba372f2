"""视图: filters that people have saved for themselves."""

from fastapi.exceptions import RequestValidationError
from starlette.requests import Request
from starlette.responses import Response

from onething.domain.errors import OneThingError
from onething.edge.dependencies import By, InContext
from onething.services.tasks import saved_views
from onething.services.tasks.schemas import QueueFilter, SavedViewRequest
from onething.web.core.forms import as_request
from onething.web.core.problems import mistakes_of
from onething.web.core.routes import Sent, see_other
from onething.web.core.templating import render
from onething.web.tasks.act_pages import act_router
from onething.web.tasks.filters import WorkQuery, filter_of

router = act_router()


@router.post("/work/views", response_class=Response)
async def save(request: Request, context: InContext, by: By, sent: Sent) -> Response:
    """The filter at hand, under a name."""
    back = filter_of(sent.value("back"))
    try:
        wanted = as_request(SavedViewRequest, {"name": sent.value("/name"), "filter": back.chosen()})
        await saved_views.save(context, by, sent.key, wanted)
    except (OneThingError, RequestValidationError) as refused:
        mistakes = mistakes_of(refused)
        values = {"name": sent.value("/name"), "back": back, "mistakes": mistakes}
        return render(request, "tasks/page_view.html", values, status=mistakes.status)
    return see_other(back.address())


@router.post("/work/views/remove", response_class=Response)
async def remove(context: InContext, by: By, sent: Sent) -> Response:
    number = sent.value("view")
    if number.isascii() and number.isdigit() and len(number) < 4:
        await saved_views.remove(context, by, int(number))
    return see_other(filter_of(sent.value("back")).address())


def address_of(chosen: QueueFilter) -> str:
    """Where the queue is filtered so."""
    plain = chosen.model_dump(mode="json", exclude={"flags", "state"}, exclude_none=True)
    state = {"state": "closed"} if chosen.state == "closed" else {}
    flags = {"flags": ",".join(chosen.flags)} if chosen.flags else {}
    return WorkQuery.model_validate({**plain, **state, **flags}).address()
