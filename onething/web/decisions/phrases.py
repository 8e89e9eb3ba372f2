"""常用语: put into the opinion at hand, kept from it, added and taken out by themselves. With a script putting one in
asks nobody; without one the page comes again with it, and with all that was typed."""

from dataclasses import replace

from fastapi.exceptions import RequestValidationError
from starlette.requests import Request
from starlette.responses import Response

from onething.domain.errors import OneThingError
from onething.domain.principal import Principal
from onething.edge.dependencies import By, InContext, TaskIdPath
from onething.services.core.context import AppContext
from onething.services.decisions import phrases
from onething.services.decisions.schemas import PhraseRequest
from onething.web.core.forms import Form, as_request
from onething.web.core.problems import Mistakes, mistakes_of
from onething.web.core.routes import Sent, see_other
from onething.web.core.templating import render
from onething.web.tasks.act_pages import act_router
from onething.web.tasks.filters import back_of
from onething.web.tasks.task_page import OPINION, TaskQuery, show_task

router = act_router()


@router.get("/work/phrases", response_class=Response)
async def listed(request: Request, context: InContext, by: By) -> Response:
    return await _page(request, context, by, "")


@router.post("/work/phrases", response_class=Response)
async def add(request: Request, context: InContext, by: By, sent: Sent) -> Response:
    try:
        await phrases.save(context, by, sent.key, as_request(PhraseRequest, sent.tree()))
    except (OneThingError, RequestValidationError) as refused:
        return await _page(request, context, by, sent.value("/text"), mistakes_of(refused))
    return see_other("/work/phrases")


@router.post("/work/phrases/remove", response_class=Response)
async def remove(context: InContext, by: By, sent: Sent) -> Response:
    number = sent.value("phrase")
    if number.isascii() and number.isdigit() and len(number) < 4:
        await phrases.remove(context, by, int(number))
    return see_other("/work/phrases")


@router.post("/work/tasks/{task_id}/phrase", response_class=Response)
async def use(task_id: TaskIdPath, request: Request, context: InContext, by: By, sent: Sent) -> Response:
    """Into the opinion that is being written, or kept from it. Nothing else is recorded."""
    query, act = TaskQuery(back=back_of(sent)), sent.value("_act") or None
    if sent.value("_phrase") == "keep":
        try:
            await phrases.save(context, by, sent.key, as_request(PhraseRequest, {"text": sent.value(OPINION)}))
        except (OneThingError, RequestValidationError) as refused:
            return await show_task(request, context, by, task_id, query, act=act, sent=sent, refused=refused)
    else:
        sent = _with_phrase(sent)
    return await show_task(request, context, by, task_id, query, act=act, sent=sent)


def _with_phrase(sent: Form) -> Form:
    """After what is written there, on a line of its own."""
    chosen, written = sent.value("phrase"), sent.value(OPINION).rstrip()
    text = f"{written}\n{chosen}" if written and chosen else written or chosen
    return replace(sent, fields=(*((name, value) for name, value in sent.fields if name != OPINION), (OPINION, text)))


async def _page(
    request: Request, context: AppContext, by: Principal, text: str, mistakes: Mistakes | None = None
) -> Response:
    values = {"found": await phrases.everything(context, by), "text": text, "mistakes": mistakes}
    return render(request, "decisions/page_phrases.html", values, status=mistakes.status if mistakes else 200)
