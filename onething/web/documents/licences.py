"""电子证照 that this system issued: 我的证照 of who has signed in; at offices with the holder's consent and a reason.
One's own are found by the identity that one has proved, another's by their number, which is typed."""

from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.exceptions import RequestValidationError
from starlette.requests import Request
from starlette.responses import Response

from onething.domain.errors import OneThingError
from onething.edge.dependencies import By, InContext
from onething.edge.query import PageQuery
from onething.services.documents import licences
from onething.services.documents.licences import LicencePage
from onething.services.documents.schemas import LicenceSearchRequest
from onething.web.core.audience import place_of
from onething.web.core.forms import Form, as_request
from onething.web.core.problems import Mistakes, mistakes_of
from onething.web.core.routes import Sent, SignedInPageRoute
from onething.web.core.templating import render
from onething.web.documents.certificate_files import CertificatePath, certificate_file, verified_at
from onething.web.intake.fields import ALL_KINDS

router = APIRouter(route_class=SignedInPageRoute, include_in_schema=False)
_MOST = 200


@router.get("/my/licences", response_class=Response)
async def own(request: Request, context: InContext, by: By, query: Annotated[PageQuery, Query()]) -> Response:
    """Of who has proved their identity, without asking for anything; of others a form."""
    mine = await licences.own(context, by, query.limit, query.after) if by.identity else None
    return _page(request, Form(), None, mine=mine)


@router.get("/my/licences/{number}.pdf", response_class=Response)
async def own_pdf(number: CertificatePath, request: Request, context: InContext, by: By) -> Response:
    return certificate_file(number, await licences.own_pdf(context, by, number, verified_at(request, number)))


@router.get("/counter/licences", response_class=Response)
@router.get("/work/licences", response_class=Response)
async def form(request: Request, by: By) -> Response:
    return _page(request, Form(), None)


@router.post("/my/licences", response_class=Response)
@router.post("/counter/licences", response_class=Response)
@router.post("/work/licences", response_class=Response)
async def find(request: Request, context: InContext, by: By, sent: Sent) -> Response:
    """Numbers are in no address: they are posted."""
    try:
        found = await licences.search(context, by, as_request(LicenceSearchRequest, sent.tree()), _MOST, None)
    except (OneThingError, RequestValidationError) as refused:
        return _page(request, sent, None, mistakes_of(refused))
    return _page(request, sent, found)


def _page(
    request: Request,
    sent: Form,
    found: LicencePage | None,
    mistakes: Mistakes | None = None,
    mine: LicencePage | None = None,
) -> Response:
    values = {
        "kind": sent.value("/id_type", "resident_id"),
        "number": sent.value("/id_number"),
        "kinds": ALL_KINDS,
        "found": found,
        "mine": mine,
        "reason": sent.value("/reason"),
        "place": place_of(request.url.path),
        "mistakes": mistakes,
    }
    return render(request, "documents/page_licences.html", values, status=mistakes.status if mistakes else 200)
