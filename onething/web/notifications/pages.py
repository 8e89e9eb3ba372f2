"""告知我的事项."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from onething.edge.dependencies import By, InContext
from onething.services.identity import personal_notices
from onething.web.core.routes import SignedInPageRoute
from onething.web.core.templating import render

router = APIRouter(prefix="/my/notices", route_class=SignedInPageRoute, include_in_schema=False)


@router.get("", response_class=Response)
async def listed(request: Request, context: InContext, by: By) -> Response:
    found = await personal_notices.everything(context, by)
    return render(request, "notifications/page_notices.html", {"notices": found.items})
