"""电子证照: looking up what this system issued."""

from fastapi import APIRouter
from starlette.responses import Response

from api.deps import After, By, InOffice, Limit, shown
from api.problems import documented
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
async def search(sent: LicenceSearch, office: InOffice, by: By, limit: Limit = 50, after: After = None) -> Response:
    return shown(await licences.search(office, by, sent, limit, after))
