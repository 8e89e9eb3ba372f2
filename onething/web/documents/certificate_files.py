"""A certificate on paper: as its holder, or who applied for it, takes it home."""

from typing import Annotated

from fastapi import APIRouter, Path
from starlette.requests import Request
from starlette.responses import Response

from onething.edge.dependencies import By, CaseNoPath, InContext
from onething.services.documents import list as documents_list
from onething.web.core.headers import FILE
from onething.web.core.routes import SignedInPageRoute
from onething.web.core.templating import Pages

router = APIRouter(prefix="/my/cases/{case_no}/certificates", route_class=SignedInPageRoute, include_in_schema=False)
CertificatePath = Annotated[str, Path(pattern=r"^[A-Za-z0-9-]{1,80}$")]


@router.get("/{number}.pdf", response_class=Response)
async def pdf(case_no: CaseNoPath, number: CertificatePath, request: Request, context: InContext, by: By) -> Response:
    made = await documents_list.certificate_pdf(context, by, case_no, number, verified_at(request, number))
    return certificate_file(number, made)


def verified_at(request: Request, number: str) -> str:
    """Where anybody finds out whether it is genuine and in force."""
    pages: Pages = request.app.state.pages
    return f"{pages.public_url}/verify/{number}"


def certificate_file(number: str, made: bytes) -> Response:
    headers = {**FILE, "Content-Disposition": f'attachment; filename="{number}.pdf"'}
    return Response(made, headers=headers, media_type="application/pdf")
