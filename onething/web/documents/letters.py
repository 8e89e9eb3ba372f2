"""A letter of a case, as its applicant reads it; reading it is noted, as the law counts from it."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from onething.edge.dependencies import By, CaseNoPath, InContext, LetterNo
from onething.services.documents import delivery
from onething.web.core.headers import FILE
from onething.web.core.routes import SignedInPageRoute
from onething.web.core.templating import render

router = APIRouter(prefix="/my/cases/{case_no}/documents", route_class=SignedInPageRoute, include_in_schema=False)


@router.get("/{letter}.pdf", response_class=Response)
async def pdf(case_no: CaseNoPath, letter: LetterNo, context: InContext, by: By) -> Response:
    made = await delivery.pdf(context, by, case_no, letter)
    headers = {**FILE, "Content-Disposition": f'attachment; filename="{case_no}-{letter}.pdf"'}
    return Response(made, headers=headers, media_type="application/pdf")


@router.get("/{letter}", response_class=Response)
async def show(request: Request, case_no: CaseNoPath, letter: LetterNo, context: InContext, by: By) -> Response:
    found = await delivery.show(context, by, case_no, letter)
    return render(request, "documents/page_letter.html", {"letter": found, "case_no": case_no})
