"""核验证照: whether a certificate that somebody shows is genuine and in force. For anybody; least data."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from onething.domain.errors import FailureCode, OneThingError
from onething.edge.dependencies import InContext
from onething.security.codes import as_issued
from onething.services.documents import verification
from onething.web.core.routes import PageRoute, Sent, see_other
from onething.web.core.templating import render

router = APIRouter(prefix="/verify", route_class=PageRoute, include_in_schema=False)
_LONGEST = 80


@router.get("", response_class=Response)
async def form(request: Request) -> Response:
    return render(request, "documents/page_verify.html", {"number": "", "found": None, "asked": False})


@router.post("", response_class=Response)
async def find(sent: Sent) -> Response:
    """To the certificate's own page, whose address the code on it has, too."""
    number = as_issued(sent.value("number"))
    usable = 0 < len(number) <= _LONGEST and all(char.isascii() and (char.isalnum() or char == "-") for char in number)
    return see_other(f"/verify/{number}" if usable else "/verify/-")


@router.get("/{number}", response_class=Response)
async def view(number: str, request: Request, context: InContext) -> Response:
    try:
        found = await verification.verify(context, number[:_LONGEST])
    except OneThingError as unknown:
        if unknown.code is not FailureCode.NOT_FOUND:
            raise
        unknown_one = {"number": "" if number == "-" else number, "found": None, "asked": True}
        return render(request, "documents/page_verify.html", unknown_one, status=404)
    values = {"number": number, "found": found, "asked": True, "now": context.clock.now()}
    return render(request, "documents/page_verify.html", values)
