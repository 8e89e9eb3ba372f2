"""电子证照: looking up what this system issued."""

from fastapi import APIRouter
from starlette.responses import Response

from onething.edge.dependencies import By, InContext, view_response
from onething.edge.problems import documented
from onething.edge.query import Paged
from onething.edge.routes import SignedInRoute
from onething.services.documents import licences
from onething.services.documents.schemas import LicenceSearchRequest

router = APIRouter(prefix="/api/licences", tags=["电子证照"], route_class=SignedInRoute)


@router.post(
    "/search",
    summary="按持证人查询电子证照：本人，或经持证人授权",
    response_model=licences.LicencePage,
    responses=documented(400, 401, 403, 413, 415, 422),
)
async def search(request: LicenceSearchRequest, context: InContext, by: By, page: Paged) -> Response:
    return view_response(await licences.search(context, by, request, page.limit, page.after))
