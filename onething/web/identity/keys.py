"""快捷键: which keys do what, and a switch for those that act by themselves, kept with this browser."""

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from onething.edge.query import QueryModel
from onething.web.core import cookies
from onething.web.core.audience import Audience
from onething.web.core.routes import PageRoute, Sent, own_path, see_other, with_query
from onething.web.core.shortcuts import SHORTCUTS
from onething.web.core.templating import render

router = APIRouter(prefix="/keys", route_class=PageRoute, include_in_schema=False)
_PLACES = (
    (Audience.WORK, "部门工作台"),
    (Audience.COUNTER, "综合窗口"),
    (Audience.SUPERVISE, "督办"),
    (Audience.ADMIN, "管理"),
    (Audience.AUDIT, "审计"),
)


class KeysQuery(QueryModel):
    return_to: str = Field("", max_length=2_000)


@router.get("", response_class=Response)
async def listed(request: Request, query: Annotated[KeysQuery, Query()]) -> Response:
    places = [(words, SHORTCUTS[audience]) for audience, words in _PLACES]
    return render(request, "identity/page_keys.html", {"places": places, "return_to": own_path(query.return_to)})


@router.post("", response_class=Response)
async def switch(request: Request, sent: Sent) -> Response:
    """On or off, and back to where it was asked for."""
    back = own_path(sent.value("return_to"))
    answer = see_other(with_query("/keys", {"return_to": back}))
    cookies.keep_keys(request, answer, on=sent.value("keys") == "on")
    return answer
