"""Where somebody is signed in: each person's own, to be ended one by one or all others at once; everybody's for who
runs the system. Also where the latter begins."""

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from onething.edge.dependencies import By, InContext
from onething.edge.query import QueryModel
from onething.services.identity import session_list
from onething.web.core.audience import Audience, entries_of
from onething.web.core.routes import Sent, Session, SignedInPageRoute, see_other
from onething.web.core.templating import render

router = APIRouter(route_class=SignedInPageRoute, include_in_schema=False)
_OWN, _ALL = "/sessions", "/admin/sessions"


class AccountQuery(QueryModel):
    account: str = Field("", max_length=280)


@router.get(_OWN, response_class=Response)
async def own(request: Request, context: InContext, session: Session) -> Response:
    found = await session_list.own(context, session)
    return render(request, "identity/page_sessions.html", {"found": found})


@router.post(f"{_OWN}/end", response_class=Response)
async def end(context: InContext, session: Session, sent: Sent) -> Response:
    await session_list.end_own(context, session, sent.value("id"))
    return see_other(_OWN)


@router.post(f"{_OWN}/end-others", response_class=Response)
async def end_others(context: InContext, session: Session) -> Response:
    await session_list.end_others(context, session)
    return see_other(_OWN)


@router.get("/admin", response_class=Response)
async def admin(request: Request, by: By) -> Response:
    _, *entries = entries_of(Audience.ADMIN, by)
    return render(request, "identity/page_admin.html", {"entries": entries})


@router.get(_ALL, response_class=Response)
async def everybodys(
    request: Request, context: InContext, session: Session, query: Annotated[AccountQuery, Query()]
) -> Response:
    found = await session_list.everybodys(context, session, query.account.strip() or None)
    values = {"found": found, "account": query.account, "most": session_list.MOST}
    return render(request, "identity/page_all_sessions.html", values)


@router.post(f"{_ALL}/end", response_class=Response)
async def end_anybodys(context: InContext, by: By, sent: Sent) -> Response:
    await session_list.end_anybodys(context, by, sent.value("id"))
    return see_other(_ALL)
