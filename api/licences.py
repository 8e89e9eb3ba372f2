"""电子证照: looking up what this system issued."""

from fastapi import APIRouter
from starlette.responses import Response

from api.deps import By, InOffice, shown
from api.problems import documented
from api.query import Paged
from api.strict import SignedInRoute
from onething.services import licences
from onething.services.requests import LicenceSearch

router = APIRouter(prefix="/api/licences", tags=["电子证照"], route_class=SignedInRoute)


@router.post(
    "/search",
    summary="按持证人查询电子证照：本人，或经持证人授权",
    response_model=licences.LicencePage,
    responses=documented(400, 401, 403, 413, 415, 422),
)
async def search(sent: LicenceSearch, office: InOffice, by: By, page: Paged) -> Response:
    return shown(await licences.search(office, by, sent, page.limit, page.after))
