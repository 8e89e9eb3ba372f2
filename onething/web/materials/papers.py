"""收取纸质件 at the counter."""

from fastapi import APIRouter
from fastapi.exceptions import RequestValidationError
from starlette.requests import Request
from starlette.responses import Response

from onething.domain.errors import OneThingError
from onething.edge.dependencies import By, CaseNoPath, InContext
from onething.services.materials import receipts
from onething.services.materials.schemas import ReceiptRequest
from onething.web.cases.counter_case import case_page, counter_address
from onething.web.core.forms import as_request
from onething.web.core.problems import mistakes_of
from onething.web.core.routes import Sent, SignedInPageRoute, see_other

router = APIRouter(prefix="/counter/cases/{case_no}/papers", route_class=SignedInPageRoute, include_in_schema=False)


@router.post("", response_class=Response)
async def receive(case_no: CaseNoPath, request: Request, context: InContext, by: By, sent: Sent) -> Response:
    try:
        wanted = {"materials": list(sent.values("/materials")), "how": sent.value("/how") or "hand"}
        await receipts.receive(context, by, sent.key, case_no, as_request(ReceiptRequest, wanted))
    except (OneThingError, RequestValidationError) as refused:
        return await case_page(request, context, by, case_no, mistakes=mistakes_of(refused), sent=sent)
    return see_other(counter_address(case_no, done="papers"))
