"""来前请窗口看一眼: asked for on a draft, answered by a counter, and shown when its person comes."""

from typing import Annotated

from fastapi import APIRouter, Path
from starlette.responses import Response

from onething.edge.dependencies import (
    By,
    CaseNoPath,
    IdempotencyKey,
    InContext,
    MaterialCode,
    reply,
    view_response,
)
from onething.edge.problems import ACT_PROBLEMS, LIST_PROBLEMS, READ_PROBLEMS, documented
from onething.edge.query import Paged
from onething.edge.routes import SignedInRoute
from onething.services.prechecks import answers, ask, handover, papers, read
from onething.services.prechecks.schemas import (
    DraftTakenOver,
    PrecheckAnswerRequest,
    PrecheckDraftView,
    PrecheckPage,
    PrecheckRequest,
    PrecheckStanding,
    PrecheckView,
    TakeOverRequest,
)

case_router = APIRouter(prefix="/api/cases/{case_no}/precheck", tags=["来前预看"], route_class=SignedInRoute)
router = APIRouter(prefix="/api/prechecks", tags=["来前预看"], route_class=SignedInRoute)


@case_router.post(
    "",
    status_code=201,
    summary="来前请窗口看一眼：不是收件，不产生法律效力，也不查询任何人",
    response_model=PrecheckStanding,
    responses=ACT_PROBLEMS,
)
async def ask_precheck(
    case_no: CaseNoPath, context: InContext, by: By, key: IdempotencyKey, request: PrecheckRequest | None = None
) -> Response:
    return reply(await ask.ask(context, by, key, case_no, request or PrecheckRequest()))


@case_router.get(
    "",
    summary="窗口的答复：带什么、哪天、去哪里，和到窗口出示的凭证码",
    response_model=PrecheckView,
    responses=READ_PROBLEMS,
)
async def own_precheck(case_no: CaseNoPath, context: InContext, by: By) -> Response:
    return view_response(await read.own(context, by, case_no))


@case_router.delete(
    "",
    status_code=204,
    summary="不用看了：窗口此后看不到这份草稿",
    responses=documented(401, 403, 404, 409),
)
async def take_back_precheck(case_no: CaseNoPath, context: InContext, by: By) -> Response:
    await ask.take_back(context, by, case_no)
    return Response(status_code=204)


@router.get(
    "",
    summary="等窗口看的草稿，等得最久的在前",
    response_model=PrecheckPage,
    responses=LIST_PROBLEMS,
)
async def list_prechecks(context: InContext, by: By, page: Paged) -> Response:
    return view_response(await read.page(context, by, page.limit, page.after))


@router.get(
    "/{case_no}",
    summary="打开一份：要带的材料和照片，查看会告诉申请人",
    response_model=PrecheckDraftView,
    responses=documented(401, 403, 404, 409),
)
async def show_precheck(case_no: CaseNoPath, context: InContext, by: By) -> Response:
    return view_response(await read.show(context, by, case_no))


@router.get(
    "/{case_no}/materials/{code}",
    summary="一份材料最新的照片或文件",
    response_class=Response,
    responses={200: {"content": {"application/octet-stream": {}}}, **READ_PROBLEMS},
)
async def get_photo(case_no: CaseNoPath, code: MaterialCode, context: InContext, by: By) -> Response:
    file = await papers.fetch(context, by, case_no, code)
    headers = {"Content-Disposition": f'attachment; filename="{file.name}"', "ETag": f'"{file.digest}"'}
    return Response(file.content, headers=headers, media_type=file.media_type)


@router.get(
    "/{case_no}/materials/{code}/pages/{page}",
    summary="它的一页，转成图片（JPEG）；Page-Count 是共几页",
    response_class=Response,
    responses={200: {"content": {"image/jpeg": {}}}, **READ_PROBLEMS, **documented(415)},
)
async def get_photo_page(
    case_no: CaseNoPath,
    code: MaterialCode,
    page: Annotated[int, Path(ge=1, le=10_000, description="第几页")],
    context: InContext,
    by: By,
) -> Response:
    file, picture = await papers.page(context, by, case_no, code, page)
    headers = {"ETag": f'"{file.digest}-{page}"', "Page-Count": str(picture.pages)}
    return Response(picture.content, headers=headers, media_type="image/jpeg")


@router.post(
    "/{case_no}/answer",
    summary="答复：每份材料可以、换一张或还缺，定哪天去哪里",
    response_model=PrecheckStanding,
    responses=ACT_PROBLEMS,
)
async def answer_precheck(
    case_no: CaseNoPath, request: PrecheckAnswerRequest, context: InContext, by: By, key: IdempotencyKey
) -> Response:
    return reply(await answers.answer_precheck(context, by, key, case_no, request))


@router.post(
    "/{case_no}/take-over",
    summary="申请人到了窗口，出示凭证码：草稿转给这位窗口人员接着收件",
    response_model=DraftTakenOver,
    responses=ACT_PROBLEMS,
)
async def take_over_draft(
    case_no: CaseNoPath, request: TakeOverRequest, context: InContext, by: By, key: IdempotencyKey
) -> Response:
    return reply(await handover.take_over(context, by, key, case_no, request))
