"""督办: cards that were given, what waits for an answer, ratings; and what supervisors do about a case."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

from onething.domain.base import Code
from onething.domain.errors import OneThingError
from onething.edge.dependencies import By, InContext
from onething.edge.query import PageQuery
from onething.services.followup import ratings, supervision, urges
from onething.services.followup.schemas import RatingFollowUpRequest, SupervisionRequest, UrgeRequest
from onething.web.cases.supervised_acts import supervised_act, supervision_router
from onething.web.core.forms import Form
from onething.web.core.problems import mistakes_of
from onething.web.core.routes import SignedInPageRoute
from onething.web.core.templating import render
from onething.web.core.typed_values import with_numbers
from onething.web.followup import grades
from onething.web.reporting.pages import BoardQuery

router = APIRouter(prefix="/supervise", route_class=SignedInPageRoute, include_in_schema=False)
acts = supervision_router()


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
    values = {"found": found, "query": query, "now": context.clock.now(), "words": grades.WORDS}
    return render(request, "followup/page_ratings.html", values)


def _with_days(sent: Form) -> Mapping[str, Any]:
    return with_numbers(sent.tree(), "days")


supervised_act(acts, "urge", urges.urge, UrgeRequest)
supervised_act(acts, "supervise", urges.supervise, SupervisionRequest, _with_days)
supervised_act(acts, "contact_after_rating", ratings.contact, RatingFollowUpRequest)
supervised_act(acts, "rectify_after_rating", ratings.rectify, RatingFollowUpRequest)
