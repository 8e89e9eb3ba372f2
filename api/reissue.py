"""更正、补发、换发: certificates made out once more."""

from fastapi import APIRouter
from starlette.responses import Response

from onething.edge.dependencies import By, CaseNoPath, IdempotencyKey, InContext, ItemCode, reply
from onething.edge.problems import ACT_PROBLEMS
from onething.edge.routes import SignedInRoute
from onething.services.reissue import reissue
from onething.services.reissue.schemas import ReissueRequest, ReissueView

router = APIRouter(prefix="/api/cases", tags=["部门"], route_class=SignedInRoute)


@router.post(
    "/{case_no}/items/{item}/reissue",
    summary="更正、补发、换发该事项的证照，原证照作废；办结以后也可以",
    response_model=ReissueView,
    responses=ACT_PROBLEMS,
)
async def reissue_certificates(
    case_no: CaseNoPath, item: ItemCode, request: ReissueRequest, context: InContext, by: By, key: IdempotencyKey
) -> Response:
    return reply(await reissue.reissue(context, by, key, case_no, item, request))
