"""文书和证照 of a case."""

from fastapi import APIRouter
from starlette.responses import Response

from api.http.dependencies import (
    By,
    CaseNoPath,
    InContext,
    LetterNo,
    view_response,
)
from api.http.problems import READ_PROBLEMS, documented
from api.http.query import LongPaged
from api.http.routes import SignedInRoute
from onething.services.documents import delivery
from onething.services.documents import list as documents_list
from onething.services.documents.schemas import DocumentList, LetterView

router = APIRouter(prefix="/api/cases", tags=["办件"], route_class=SignedInRoute)


@router.get("/{case_no}/documents", summary="证照和文书", response_model=DocumentList, responses=READ_PROBLEMS)
async def case_documents(case_no: CaseNoPath, context: InContext, by: By, page: LongPaged) -> Response:
    return view_response(await documents_list.documents(context, by, case_no, page.limit, page.after))


@router.get(
    "/{case_no}/documents/{letter}.pdf",
    summary="一份文书的 PDF",
    response_class=Response,
    responses={200: {"content": {"application/pdf": {}}}, **documented(401, 403, 404, 422, 503)},
)
async def case_letter_pdf(case_no: CaseNoPath, letter: LetterNo, context: InContext, by: By) -> Response:
    made = await delivery.pdf(context, by, case_no, letter)
    headers = {"Content-Disposition": f'attachment; filename="{case_no}-{letter}.pdf"'}
    return Response(made, headers=headers, media_type="application/pdf")


@router.get("/{case_no}/documents/{letter}", summary="一份文书", response_model=LetterView, responses=READ_PROBLEMS)
async def case_letter(case_no: CaseNoPath, letter: LetterNo, context: InContext, by: By) -> Response:
    return view_response(await delivery.show(context, by, case_no, letter))
