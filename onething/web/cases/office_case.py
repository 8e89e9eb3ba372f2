"""办件, as a department reads it: all its items, who waits for what, and what the department may do with it."""

from typing import Annotated

from fastapi.exceptions import RequestValidationError
from pydantic import BeforeValidator, Field
from starlette.requests import Request
from starlette.responses import Response

from onething.domain.definition.bundle import BundleDefinition
from onething.domain.errors import OneThingError
from onething.domain.principal import Principal
from onething.edge.query import QueryModel
from onething.services.cases import search, timeline
from onething.services.cases.schemas import CaseView
from onething.services.core.context import AppContext
from onething.services.deadlines import clocks
from onething.web.core.definition_fields import read_fields
from onething.web.core.forms import Form
from onething.web.core.problems import mistakes_of
from onething.web.core.routes import with_query
from onething.web.core.templating import render
from onething.web.reissue.fields import correctable
from onething.web.tasks import wording
from onething.web.tasks.acts import CASE_ACTS
from onething.web.tasks.filters import filter_of
from onething.web.tasks.task_page import OfferedAct

TEMPLATE = "cases/page_office_case.html"
_MOST = 200
_BLANK_IS_NONE = BeforeValidator(lambda value: value or None)


class OfficeCaseQuery(QueryModel):
    """`back`: words of the queue's query. `subject`: which item or material an act is about."""

    back: str = Field("", max_length=2_000)
    done: Annotated[str | None, Field(max_length=40), _BLANK_IS_NONE] = None
    subject: Annotated[str | None, Field(max_length=60), _BLANK_IS_NONE] = None


def case_address(case_no: str, path: str = "", **query: str | None) -> str:
    return with_query(f"/work/cases/{case_no}{f'/{path}' if path else ''}", query)


async def show_case(
    request: Request,
    context: AppContext,
    by: Principal,
    case_no: str,
    query: OfficeCaseQuery,
    *,
    act: str | None = None,
    sent: Form | None = None,
    refused: OneThingError | RequestValidationError | None = None,
) -> Response:
    """The page, with the form of `act` if one is asked for. Raises NotPermitted, NOT_FOUND."""
    case, _ = await search.show(context, by, case_no)
    told = {one.act: one for one in case.available_actions or ()}
    offered = tuple(OfferedAct(words, told[name]) for name, words in CASE_ACTS.items() if name in told)
    chosen = next((one for one in offered if one.words.act == act), None)
    mistakes = mistakes_of(refused) if refused is not None else None
    definition = context.applications.definition(case.bundle)
    values = {
        "case": case,
        "definition": definition,
        **_subject(by, case, definition, query, sent),
        "chosen": chosen,
        "offered": [one for one in offered if one is not chosen],
        "said": sent or Form(),
        "mistakes": mistakes,
        "done": CASE_ACTS.get(query.done or ""),
        "query": query,
        "queue_address": filter_of(query.back).address(),
        "case_address": case_address,
        "words": wording,
        "department": context.department,
        "timeline": await timeline.timeline(context, by, case_no, _MOST, 0),
        "clocks": await clocks.clocks(context, by, case_no, _MOST, None),
        "correctable": correctable,
    }
    return render(request, TEMPLATE, values, status=mistakes.status if mistakes else 200)


def _subject(
    by: Principal, case: CaseView, definition: BundleDefinition, query: OfficeCaseQuery, sent: Form | None
) -> dict[str, object]:
    """Which of the department's granted items an act is about, of those to choose from; and what was typed of it."""
    granted = [
        (one.code, one.name) for one in case.items if one.department == by.department and one.state == "approved"
    ]
    said = (sent.value("subject") if sent else "") or query.subject or (granted[0][0] if len(granted) == 1 else "")
    shown = correctable(definition, said)
    return {
        "granted": granted,
        "subject": said,
        "typed_outputs": read_fields(shown.decided, sent, "/outputs") if sent else {},
        "typed_form": read_fields(shown.applied, sent) if sent else {},
    }
