"""材料: files sent and read."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from api.http.dependencies import (
    By,
    CaseNoPath,
    InContext,
    MaterialCode,
    reply,
)
from api.http.problems import ACT_PROBLEMS, READ_PROBLEMS
from api.http.routes import SignedInRoute
from api.http.uploads import UPLOAD, UploadGate, read_upload
from onething.services.materials import files
from onething.services.summaries.case_summary import MaterialKept

router = APIRouter(prefix="/api/cases", tags=["办件"], route_class=SignedInRoute)


@router.put(
    "/{case_no}/materials/{code}",
    summary="上传材料文件（PDF、JPEG、PNG、OFD，至多 20 MB）",
    response_model=MaterialKept,
    responses=ACT_PROBLEMS,
    openapi_extra=UPLOAD,
)
async def put_material(
    case_no: CaseNoPath, code: MaterialCode, request: Request, context: InContext, by: By
) -> Response:
    await files.may_upload(context, by, case_no, code)
    gate: UploadGate = request.app.state.uploads
    async with gate.place(by.subject):
        upload = await read_upload(request, files.MAX_BYTES)
        return reply(await files.keep(context, by, case_no, code, upload.media_type, upload.content))


@router.get(
    "/{case_no}/materials/{code}",
    summary="下载材料文件",
    response_class=Response,
    responses={200: {"content": {"application/octet-stream": {}}}, **READ_PROBLEMS},
)
async def get_material(case_no: CaseNoPath, code: MaterialCode, context: InContext, by: By) -> Response:
    file = await files.fetch(context, by, case_no, code)
    headers = {"Content-Disposition": f'attachment; filename="{file.name}"', "ETag": f'"{file.digest}"'}
    return Response(file.content, headers=headers, media_type=file.media_type)
