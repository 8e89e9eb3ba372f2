"""电子证照: looking up what this system issued."""

from fastapi import APIRouter
from starlette.responses import Response

from api.http.dependencies import By, InOffice, shown
from api.http.problems import documented
from api.http.query import Paged
from api.http.strict import SignedInRoute
from onething.services.application.schemas import LicenceSearch
from onething.services.documents import licences

router = APIRouter(prefix="/api/licences", tags=["电子证照"], route_class=SignedInRoute)


@router.post(
    "/search",
    summary="按持证人查询电子证照：本人，或经持证人授权",
    response_model=licences.LicencePage,
    responses=documented(400, 401, 403, 413, 415, 422),
)
async def search(sent: LicenceSearch, office: InOffice, by: By, page: Paged) -> Response:
    return shown(await licences.search(office, by, sent, page.limit, page.after))
