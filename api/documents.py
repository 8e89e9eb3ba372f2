"""文书和证照 of a case."""

from fastapi import APIRouter
from starlette.responses import Response

from onething.edge.dependencies import (
    By,
    CaseNoPath,
    IdempotencyKey,
    InContext,
    LetterNo,
    reply,
    view_response,
)
from onething.edge.problems import ACT_PROBLEMS, LIST_PROBLEMS, READ_PROBLEMS, documented
from onething.edge.query import LongPaged, Paged
from onething.edge.routes import SignedInRoute
from onething.services.application.schemas import DeliveryChoice
from onething.services.documents import attempts, channel, delivery
from onething.services.documents import list as documents_list
from onething.services.documents.schemas import AttemptRequest, DocumentList, LetterView, UnreadPage
from onething.services.summaries.case_summary import CaseStanding

router = APIRouter(prefix="/api/cases", tags=["办件"], route_class=SignedInRoute)
delivery_router = APIRouter(prefix="/api/deliveries", tags=["综合窗口"], route_class=SignedInRoute)


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


@router.post(
    "/{case_no}/documents/{letter}/deliveries",
    summary="登记一次送达：窗口当面送交、邮寄或电话联系，及其结果（综合窗口）",
    response_model=CaseStanding,
    responses=ACT_PROBLEMS,
)
async def record_delivery(
    case_no: CaseNoPath, letter: LetterNo, request: AttemptRequest, context: InContext, by: By, key: IdempotencyKey
) -> Response:
    return reply(await attempts.record(context, by, key, case_no, letter, request))


@router.post(
    "/{case_no}/delivery",
    summary="受理后改变送达方式；受理前随补正改",
    response_model=CaseStanding,
    responses=ACT_PROBLEMS,
)
async def choose_delivery(
    case_no: CaseNoPath, request: DeliveryChoice, context: InContext, by: By, key: IdempotencyKey
) -> Response:
    return reply(await channel.choose(context, by, key, case_no, request))


@delivery_router.get(
    "",
    summary="待联系的送达：申请人还不知道的办理结果和不利决定，该打电话、邮寄或核实的",
    response_model=UnreadPage,
    responses=LIST_PROBLEMS,
)
async def unread_letters(context: InContext, by: By, page: Paged) -> Response:
    return view_response(await attempts.unread(context, by, page.limit, page.after))
