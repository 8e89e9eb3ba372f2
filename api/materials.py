"""材料: files sent and read."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request
from pydantic import Field
from starlette.responses import Response

from onething.edge.dependencies import (
    By,
    CaseNoPath,
    IdempotencyKey,
    InContext,
    MaterialCode,
    reply,
)
from onething.edge.problems import ACT_PROBLEMS, READ_PROBLEMS, documented
from onething.edge.query import QueryModel
from onething.edge.routes import SignedInRoute
from onething.edge.uploads import UPLOAD, UploadGate, read_upload
from onething.services.materials import files, pages, receipts
from onething.services.materials.schemas import ReceiptRequest
from onething.services.summaries.case_summary import CaseStanding, MaterialKept


class VersionQuery(QueryModel):
    version: int | None = Field(None, ge=0, le=1_000_000, description="哪一版；不写则为最新的")


router = APIRouter(prefix="/api/cases", tags=["办件"], route_class=SignedInRoute)


@router.put(
    "/{case_no}/materials/{code}",
    summary=f"上传材料文件（PDF、JPEG、PNG、OFD、HEIC，至多 {files.MOST_MB} MB），或几张照片合成 PDF",
    response_model=MaterialKept,
    responses=ACT_PROBLEMS,
    openapi_extra=UPLOAD,
)
async def put_material(
    case_no: CaseNoPath, code: MaterialCode, request: Request, context: InContext, by: By
) -> Response:
    material = await files.may_upload(context, by, case_no, code)
    gate: UploadGate = request.app.state.uploads
    async with gate.place(by.subject):
        upload = await read_upload(request, files.LIMITS, material)
        return reply(await files.keep(context, by, case_no, code, upload.files))


@router.post(
    "/{case_no}/papers",
    summary="收取纸质件（窗口或需要它的部门）",
    response_model=CaseStanding,
    responses=ACT_PROBLEMS,
)
async def receive_papers(
    case_no: CaseNoPath, request: ReceiptRequest, context: InContext, by: By, key: IdempotencyKey
) -> Response:
    return reply(await receipts.receive(context, by, key, case_no, request))


@router.get(
    "/{case_no}/materials/{code}",
    summary="下载材料文件：最新的，或指定的一版",
    response_class=Response,
    responses={200: {"content": {"application/octet-stream": {}}}, **READ_PROBLEMS},
)
async def get_material(
    case_no: CaseNoPath, code: MaterialCode, context: InContext, by: By, query: Annotated[VersionQuery, Query()]
) -> Response:
    file = await files.fetch(context, by, case_no, code, query.version)
    headers = {"Content-Disposition": f'attachment; filename="{file.name}"', "ETag": f'"{file.digest}"'}
    return Response(file.content, headers=headers, media_type=file.media_type)


@router.get(
    "/{case_no}/materials/{code}/pages/{page}",
    summary="材料文件的一页，转成图片（JPEG）；Page-Count 是共几页",
    response_class=Response,
    responses={200: {"content": {"image/jpeg": {}}}, **READ_PROBLEMS, **documented(415)},
)
async def get_page(
    case_no: CaseNoPath,
    code: MaterialCode,
    page: Annotated[int, Path(ge=1, le=10_000, description="第几页")],
    context: InContext,
    by: By,
    query: Annotated[VersionQuery, Query()],
) -> Response:
    file, picture = await pages.page(context, by, case_no, code, page, query.version)
    headers = {"ETag": f'"{file.digest}-{page}"', "Page-Count": str(picture.pages)}
    return Response(picture.content, headers=headers, media_type="image/jpeg")
