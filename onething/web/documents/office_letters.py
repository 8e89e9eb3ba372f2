"""文书, as departments read them."""

from fastapi import APIRouter
from starlette.responses import Response

from onething.edge.dependencies import By, CaseNoPath, InContext, LetterNo
from onething.services.documents import delivery
from onething.web.core.headers import FILE
from onething.web.core.routes import SignedInPageRoute

router = APIRouter(route_class=SignedInPageRoute, include_in_schema=False)


@router.get("/work/cases/{case_no}/documents/{letter}.pdf", response_class=Response)
async def letter_pdf(case_no: CaseNoPath, letter: LetterNo, context: InContext, by: By) -> Response:
    made = await delivery.pdf(context, by, case_no, letter)
    headers = {**FILE, "Content-Disposition": f'inline; filename="{case_no}-{letter}.pdf"'}
    return Response(made, headers=headers, media_type="application/pdf")
