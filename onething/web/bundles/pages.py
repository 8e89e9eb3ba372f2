"""办事: what there is to apply for."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from onething.edge.dependencies import InContext
from onething.services import bundles
from onething.web.core.routes import PageRoute
from onething.web.core.templating import render

router = APIRouter(route_class=PageRoute, include_in_schema=False)
_MOST = 200


@router.get("/", response_class=Response)
async def home(request: Request, context: InContext) -> Response:
    offered = bundles.page(context, _MOST, None)
    return render(request, "bundles/page_home.html", {"offered": offered.items})
