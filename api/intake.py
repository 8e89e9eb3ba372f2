"""申请与受理: applying, supplying, withdrawing; and at the counter accepting, rejecting, asking for corrections."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from onething.edge.dependencies import (
    By,
    CaseNoPath,
    IdempotencyKey,
    InContext,
    Version,
    VersionIfAny,
    reply,
)
from onething.edge.limits import counting
from onething.edge.problems import ACT_PROBLEMS, documented
from onething.edge.routes import SignedInRoute
from onething.edge.strict import MERGE_PATCH
from onething.security.limits import Allowance
from onething.services.application.base import EmptyRequest
from onething.services.application.schemas import NewApplication
from onething.services.intake import accept, demands, drafts, reject, submit, supplement, withdraw
from onething.services.intake.schemas import (
    AcceptanceRequest,
    CorrectionsRequest,
    DraftChangeRequest,
    RejectionRequest,
    SubmissionRequest,
    SupplementRequest,
)
from onething.services.summaries.case_summary import CaseStanding, DraftSaved, Opened, SubmittedResponse

router = APIRouter(prefix="/api/cases", tags=["办件"], route_class=SignedInRoute)


@router.post(
    "",
    status_code=201,
    summary="提交申请，或以 submit: false 保存草稿",
    response_model=Opened,
    responses=documented(400, 401, 403, 413, 415, 422),
)
async def open_case(
    request: NewApplication, context: InContext, by: By, key: IdempotencyKey, http: Request
) -> Response:
    act = submit.apply if request.submit else drafts.begin
    with counting(http, Allowance.SUBMIT if request.submit else Allowance.DRAFT) as counted:
        return reply(counted.of(await act(context, by, key, request)))


@router.patch(
    "/{case_no}",
    summary="修改草稿：按 JSON Merge Patch（RFC 7396）合并，写了的改，null 删去，没写的照旧",
    response_model=DraftSaved,
    responses=documented(400, 401, 403, 404, 409, 412, 413, 415, 422, 428),
)
async def change_draft(
    case_no: CaseNoPath, request: DraftChangeRequest, context: InContext, by: By, version: Version
) -> Response:
    saved = reply(await drafts.change(context, by, case_no, version, request))
    saved.headers["Accept-Patch"] = MERGE_PATCH
    return saved


@router.delete(
    "/{case_no}",
    status_code=204,
    summary="删除草稿，连同已上传的文件",
    responses=documented(401, 403, 404, 409),
)
async def delete_draft(case_no: CaseNoPath, context: InContext, by: By) -> Response:
    await drafts.delete(context, by, case_no)
    return Response(status_code=204)


@router.post(
    "/{case_no}/submit",
    summary="提交草稿；由他人填写的，确认时带 If-Match",
    response_model=SubmittedResponse,
    responses={**ACT_PROBLEMS, **documented(412, 428)},
)
async def submit_draft(
    case_no: CaseNoPath,
    context: InContext,
    by: By,
    key: IdempotencyKey,
    version: VersionIfAny,
    http: Request,
    request: SubmissionRequest | None = None,
) -> Response:
    with counting(http, Allowance.SUBMIT) as counted:
        return reply(counted.of(await submit.submit_draft(context, by, key, case_no, version, request)))


@router.post("/{case_no}/supplement", summary="补正", response_model=CaseStanding, responses=ACT_PROBLEMS)
async def supply(
    case_no: CaseNoPath, request: SupplementRequest, context: InContext, by: By, key: IdempotencyKey
) -> Response:
    return reply(await supplement.supplement(context, by, key, case_no, request))


@router.post("/{case_no}/withdraw", summary="撤回", response_model=CaseStanding, responses=ACT_PROBLEMS)
async def withdraw_case(
    case_no: CaseNoPath, context: InContext, by: By, key: IdempotencyKey, _: EmptyRequest | None = None
) -> Response:
    return reply(await withdraw.withdraw(context, by, key, case_no))


counter_router = APIRouter(prefix="/api/cases/{case_no}", tags=["综合窗口"], route_class=SignedInRoute)


@counter_router.post("/accept", summary="受理，可容缺", response_model=CaseStanding, responses=ACT_PROBLEMS)
async def accept_case(
    case_no: CaseNoPath, context: InContext, by: By, key: IdempotencyKey, request: AcceptanceRequest | None = None
) -> Response:
    return reply(await accept.accept(context, by, key, case_no, request))


@counter_router.post(
    "/take-in", summary="收件：网上的申请，窗口看过、接手办理", response_model=CaseStanding, responses=ACT_PROBLEMS
)
async def take_in_case(
    case_no: CaseNoPath, context: InContext, by: By, key: IdempotencyKey, _: EmptyRequest | None = None
) -> Response:
    return reply(await accept.take_in(context, by, key, case_no))


@counter_router.post("/reject", summary="不予受理", response_model=CaseStanding, responses=ACT_PROBLEMS)
async def reject_case(
    case_no: CaseNoPath, request: RejectionRequest, context: InContext, by: By, key: IdempotencyKey
) -> Response:
    return reply(await reject.reject(context, by, key, case_no, request))


@counter_router.post("/corrections", summary="一次性告知补正", response_model=CaseStanding, responses=ACT_PROBLEMS)
async def ask(
    case_no: CaseNoPath, request: CorrectionsRequest, context: InContext, by: By, key: IdempotencyKey
) -> Response:
    return reply(await demands.ask(context, by, key, case_no, request))
