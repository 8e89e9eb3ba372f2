"""申请人、帮办和窗口: applying, supplying, withdrawing; and reading one's cases, as every party does."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from pydantic import Field
from starlette.responses import Response

from api.deps import By, CaseNo, InOffice, Key, LetterNo, MaterialCode, Version, reply, shown
from api.problems import documented
from api.query import LongPaged, PageQuery, QueryModel
from api.strict import SignedInRoute
from api.uploads import UPLOAD, UploadGate, read_upload
from onething.domain.model import Code
from onething.domain.state import CaseStatus
from onething.services import cases, documents, drafts, materials, submit, supplement, timeline, withdraw, written
from onething.services.case_views import (
    CasePage,
    CaseView,
    DraftSaved,
    MaterialKept,
    Opened,
    Standing,
    Submitted,
    TimelinePage,
)
from onething.services.document_views import DocumentList, LetterView
from onething.services.requests import DraftChange, NewApplication, Search, Supplement
from onething.services.sent import Nothing

router = APIRouter(prefix="/api/cases", tags=["办件"], route_class=SignedInRoute)
_PROBLEMS = documented(400, 401, 403, 404, 409, 413, 415, 422)
_READING = documented(401, 403, 404, 422)


class CaseListQuery(PageQuery):
    mine: bool = Field(False, description="只看本人创建或帮办的")
    status: CaseStatus | None = None
    bundle: Code | None = Field(None, description="一件事的代码")


class TimelineQuery(QueryModel):
    limit: int = Field(200, ge=1, le=200, description="每页条数")
    after: int = Field(0, ge=0, le=2_000_000_000, description="此序号之后")


@router.post(
    "",
    status_code=201,
    summary="提交申请，或以 submit: false 保存草稿",
    response_model=Opened,
    responses=documented(400, 401, 403, 413, 415, 422),
)
async def open_case(sent: NewApplication, office: InOffice, by: By, key: Key) -> Response:
    act = submit.apply if sent.submit else drafts.begin
    return reply(await act(office, by, key, sent))


@router.get("", summary="办件列表，新的在前", response_model=CasePage, responses=documented(401, 403, 422))
async def list_cases(office: InOffice, by: By, query: Annotated[CaseListQuery, Query()]) -> Response:
    found = await cases.page(
        office,
        by,
        mine=query.mine,
        status=query.status,
        bundle=query.bundle,
        limit=query.limit,
        after=query.after,
    )
    return shown(found)


@router.post(
    "/search", summary="按证件号码精确查找", response_model=CasePage, responses=documented(400, 401, 403, 413, 415, 422)
)
async def search(sent: Search, office: InOffice, by: By, page: LongPaged) -> Response:
    return shown(await cases.search(office, by, sent.id_number, limit=page.limit, after=page.after))


@router.get("/{case_no}", summary="一个办件，只含本人职责所需的内容", response_model=CaseView, responses=_READING)
async def case(case_no: CaseNo, office: InOffice, by: By) -> Response:
    view, etag = await cases.show(office, by, case_no)
    return shown(view, {"ETag": etag} if etag else None)


@router.patch(
    "/{case_no}",
    summary="修改草稿",
    response_model=DraftSaved,
    responses=documented(400, 401, 403, 404, 409, 412, 413, 415, 422, 428),
)
async def change_draft(case_no: CaseNo, sent: DraftChange, office: InOffice, by: By, version: Version) -> Response:
    return reply(await drafts.change(office, by, case_no, version, sent))


@router.post(
    "/{case_no}/submit",
    summary="提交草稿",
    response_model=Submitted,
    responses=_PROBLEMS,
)
async def submit_draft(case_no: CaseNo, office: InOffice, by: By, key: Key, _: Nothing | None = None) -> Response:
    return reply(await submit.submit_draft(office, by, key, case_no))


@router.post("/{case_no}/supplement", summary="补正", response_model=Standing, responses=_PROBLEMS)
async def supply(case_no: CaseNo, sent: Supplement, office: InOffice, by: By, key: Key) -> Response:
    return reply(await supplement.supplement(office, by, key, case_no, sent))


@router.post("/{case_no}/withdraw", summary="撤回", response_model=Standing, responses=_PROBLEMS)
async def withdraw_case(case_no: CaseNo, office: InOffice, by: By, key: Key, _: Nothing | None = None) -> Response:
    return reply(await withdraw.withdraw(office, by, key, case_no))


@router.put(
    "/{case_no}/materials/{code}",
    summary="上传材料文件（PDF、JPEG、PNG、OFD，至多 20 MB）",
    response_model=MaterialKept,
    responses=_PROBLEMS,
    openapi_extra=UPLOAD,
)
async def put_material(case_no: CaseNo, code: MaterialCode, request: Request, office: InOffice, by: By) -> Response:
    await materials.may_upload(office, by, case_no, code)
    gate: UploadGate = request.app.state.uploads
    async with gate.place(by.subject):
        upload = await read_upload(request, materials.MAX_BYTES)
        return reply(await materials.keep(office, by, case_no, code, upload.media_type, upload.content))


@router.get(
    "/{case_no}/materials/{code}",
    summary="下载材料文件",
    response_class=Response,
    responses={200: {"content": {"application/octet-stream": {}}}, **_READING},
)
async def get_material(case_no: CaseNo, code: MaterialCode, office: InOffice, by: By) -> Response:
    file = await materials.fetch(office, by, case_no, code)
    headers = {"Content-Disposition": f'attachment; filename="{file.name}"', "ETag": f'"{file.digest}"'}
    return Response(file.content, headers=headers, media_type=file.media_type)


@router.get("/{case_no}/timeline", summary="经过：谁、何时、做了什么", response_model=TimelinePage, responses=_READING)
async def case_timeline(
    case_no: CaseNo,
    office: InOffice,
    by: By,
    query: Annotated[TimelineQuery, Query()],
) -> Response:
    return shown(await timeline.timeline(office, by, case_no, query.limit, query.after))


@router.get("/{case_no}/documents", summary="证照和文书", response_model=DocumentList, responses=_READING)
async def case_documents(case_no: CaseNo, office: InOffice, by: By, page: LongPaged) -> Response:
    return shown(await documents.documents(office, by, case_no, page.limit, page.after))


@router.get(
    "/{case_no}/documents/{letter}.pdf",
    summary="一份文书的 PDF",
    response_class=Response,
    responses={200: {"content": {"application/pdf": {}}}, **documented(401, 403, 404, 422, 503)},
)
async def case_letter_pdf(case_no: CaseNo, letter: LetterNo, office: InOffice, by: By) -> Response:
    made = await written.pdf(office, by, case_no, letter)
    headers = {"Content-Disposition": f'attachment; filename="{case_no}-{letter}.pdf"'}
    return Response(made, headers=headers, media_type="application/pdf")


@router.get("/{case_no}/documents/{letter}", summary="一份文书", response_model=LetterView, responses=_READING)
async def case_letter(case_no: CaseNo, letter: LetterNo, office: InOffice, by: By) -> Response:
    return shown(await written.show(office, by, case_no, letter))
