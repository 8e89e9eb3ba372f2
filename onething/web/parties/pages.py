"""谁问到我."""

from collections.abc import Awaitable, Callable
from typing import Annotated

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

from onething.domain.errors import OneThingError
from onething.domain.principal import Principal
from onething.edge.dependencies import By, CaseNoPath, InContext, ItemCode
from onething.edge.query import PageQuery
from onething.services.core.context import AppContext
from onething.services.parties import about_me, answers
from onething.services.summaries.responses import StoredResponse
from onething.web.core.problems import Mistakes, mistakes_of
from onething.web.core.routes import Sent, SignedInPageRoute, see_other
from onething.web.core.templating import render

router = APIRouter(prefix="/my/asked", route_class=SignedInPageRoute, include_in_schema=False)


Answering = Callable[[AppContext, Principal, str, str, str], Awaitable[StoredResponse]]


class AskedQuery(PageQuery):
    done: str | None = None


@router.get("", response_class=Response)
async def listed(request: Request, context: InContext, by: By, query: Annotated[AskedQuery, Query()]) -> Response:
    return await _page(request, context, by, query)


def _answering(path: str, perform: Answering) -> None:
    @router.post(f"/{{case_no}}/{{party}}/{path}", response_class=Response)
    async def record(
        case_no: CaseNoPath, party: ItemCode, request: Request, context: InContext, by: By, sent: Sent
    ) -> Response:
        try:
            await perform(context, by, sent.key, case_no, party)
        except OneThingError as refused:
            return await _page(request, context, by, AskedQuery(), mistakes_of(refused))
        return see_other(f"/my/asked?done={path}")


_answering("confirm", answers.confirm)
_answering("decline", answers.decline)


async def _page(
    request: Request, context: AppContext, by: Principal, query: AskedQuery, mistakes: Mistakes | None = None
) -> Response:
    found = await about_me.page(context, by, query.limit, query.after)
    values = {"found": found, "done": query.done, "mistakes": mistakes}
    return render(request, "parties/page_asked.html", values, status=mistakes.status if mistakes else 200)
