"""督办: cards that were given, what waits for an answer, ratings; and what supervisors do about a case."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Literal

from fastapi import APIRouter, Query
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import Response

from onething.domain.base import Code
from onething.domain.errors import OneThingError
from onething.edge.dependencies import By, CaseNoPath, InContext
from onething.edge.query import PageQuery
from onething.services.followup import ratings, supervision, urges
from onething.services.followup.schemas import RatingFollowUpRequest, SupervisionRequest, UrgeRequest
from onething.services.summaries.responses import StoredResponse
from onething.web.cases.supervised_case import supervised_page
from onething.web.core.definition_fields import FieldValues
from onething.web.core.forms import Form, as_request
from onething.web.core.problems import mistakes_of
from onething.web.core.routes import Sent, SignedInPageRoute, see_other
from onething.web.core.templating import render
from onething.web.reporting.pages import BoardQuery

router = APIRouter(prefix="/supervise", route_class=SignedInPageRoute, include_in_schema=False)


class CardPageQuery(BoardQuery):
    card: Literal["yellow", "red", ""] = ""


class AwaitedQuery(PageQuery):
    department: Code | None = None


class RatingPageQuery(PageQuery):
    bad: bool = False


@router.get("/cards", response_class=Response)
async def cards(request: Request, context: InContext, by: By, query: Annotated[CardPageQuery, Query()]) -> Response:
    values = {"query": query, "all_departments": context.catalog.departments, "department": context.department}
    try:
        first, last = query.days
        days = (first, last, None, query.department, query.card or None)
        found = await supervision.cards(context, by, *days, query.limit, query.after)
    except ValueError:
        values |= {"wrong": "日期请写成 2026-01-31 这样。", "found": None}
        return render(request, "followup/page_cards.html", values, status=422)
    except OneThingError as refused:
        mistakes = mistakes_of(refused)
        values |= {"wrong": "；".join(one.detail for one in mistakes.fields) or mistakes.detail, "found": None}
        return render(request, "followup/page_cards.html", values, status=mistakes.status)
    return render(request, "followup/page_cards.html", {**values, "wrong": None, "found": found})


@router.get("/reminders", response_class=Response)
async def reminders(request: Request, context: InContext, by: By, query: Annotated[AwaitedQuery, Query()]) -> Response:
    found = await supervision.awaited(context, by, query.department, query.limit, query.after)
    values = {
        "found": found,
        "query": query,
        "all_departments": context.catalog.departments,
        "department": context.department,
    }
    return render(request, "followup/page_reminders.html", values)


@router.get("/ratings", response_class=Response)
async def rating_list(
    request: Request, context: InContext, by: By, query: Annotated[RatingPageQuery, Query()]
) -> Response:
    found = await ratings.page(context, by, bad=query.bad, limit=query.limit, after=query.after)
    values = {"found": found, "query": query, "now": context.clock.now()}
    return render(request, "followup/page_ratings.html", values)


_ActService = Callable[..., Awaitable[StoredResponse]]


def _act(name: str, act: _ActService, model: type[BaseModel]) -> None:
    """A form on the page of the case. Refused, the page comes again with what was written."""

    async def done(case_no: CaseNoPath, request: Request, context: InContext, by: By, sent: Sent) -> Response:
        try:
            await act(context, by, sent.key, case_no, as_request(model, _typed(sent)))
        except (OneThingError, RequestValidationError) as refused:
            return await supervised_page(
                request, context, by, case_no, mistakes=mistakes_of(refused), sent=sent, act=name
            )
        return see_other(f"/supervise/cases/{case_no}")

    router.add_api_route(f"/cases/{{case_no}}/{name}", done, methods=["POST"], response_class=Response, name=name)


def _typed(sent: Form) -> FieldValues:
    tree = sent.tree()
    days = tree.get("days")
    return {**tree, "days": int(days)} if isinstance(days, str) and days.isdecimal() else tree


_act("urge", urges.urge, UrgeRequest)
_act("supervise", urges.supervise, SupervisionRequest)
_act("contact", ratings.contact, RatingFollowUpRequest)
_act("rectify", ratings.rectify, RatingFollowUpRequest)
