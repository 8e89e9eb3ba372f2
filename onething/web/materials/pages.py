"""材料 of a draft: a photo or file, a paper to be handed in, a promise, or one of an earlier case."""

from typing import Annotated

from fastapi import APIRouter, Path, Query
from fastapi.exceptions import RequestValidationError
from starlette.requests import Request
from starlette.responses import Response

from onething.domain.errors import FailureCode, FieldProblem, InvalidInput, NotAllowed, OneThingError
from onething.domain.kernel.case_no import CaseNo
from onething.domain.principal import Principal
from onething.edge.dependencies import By, CaseNoPath, InContext, MaterialCode
from onething.edge.limits import take
from onething.security.limits import Allowance
from onething.services import bundles
from onething.services.bundles import PlanRequest
from onething.services.cases import search as cases_search
from onething.services.core.context import AppContext
from onething.services.intake import drafts
from onething.services.intake.draft_content import ReadVersions
from onething.services.intake.schemas import DraftChangeRequest
from onething.services.materials import files, pages
from onething.web.core.forms import as_request
from onething.web.core.headers import FILE
from onething.web.core.problems import Mistakes, mistakes_of
from onething.web.core.routes import Sent, Session, SignedInPageRoute, see_other
from onething.web.core.templating import render
from onething.web.core.uploads import UploadPageRoute, read_file
from onething.web.intake.contents import FilledDraft, read_draft
from onething.web.materials.office_files import FileQuery, file_response
from onething.web.materials.views import MaterialRow, material_rows

_AT = "/my/drafts/{case_no}/materials/{code}"
router = APIRouter(prefix=_AT, route_class=SignedInPageRoute, include_in_schema=False)
uploads = APIRouter(prefix=_AT, route_class=UploadPageRoute, include_in_schema=False)
PageNumber = Annotated[int, Path(ge=1, le=10_000)]
_TRIES = 4


@router.get("", response_class=Response)
async def show(request: Request, case_no: CaseNoPath, code: MaterialCode, context: InContext, by: By) -> Response:
    try:
        draft = await read_draft(context, by, case_no)
    except NotAllowed:
        return see_other(f"/my/cases/{case_no}")
    return _page(request, draft, _row(draft, code))


@router.post("", response_class=Response)
async def choose(
    request: Request, case_no: CaseNoPath, code: MaterialCode, context: InContext, by: By, sent: Sent
) -> Response:
    """How it is to come, if not as a file; what can't be is said (InvalidInput)."""
    draft = await read_draft(context, by, case_no)
    row, how = _row(draft, code), sent.value("/how")
    try:
        if how not in ("paper", "promise", "reuse", "none"):
            problem = FieldProblem("/how", FailureCode.MISSING_VALUE, "请选择怎样交这份材料，或上传文件。")
            raise InvalidInput([problem])
        if how == "reuse":
            await _require_earlier(request, context, by, draft, row)
        if row.file is not None and how != "none":
            await files.remove(context, by, case_no, code)
        await _set(context, by, case_no, code, how)
    except (OneThingError, RequestValidationError) as refused:
        return _page(request, draft, row, mistakes_of(refused))
    return see_other(f"{draft.path}#materials")


@uploads.post("/file", response_class=Response)
async def upload(
    request: Request, case_no: CaseNoPath, code: MaterialCode, context: InContext, by: By, session: Session
) -> Response:
    """In place of whatever was said before of how it is to come."""
    draft = await read_draft(context, by, case_no)
    row = _row(draft, code)
    try:
        material = await files.may_upload(context, by, case_no, code)
        sent = await read_file(request, session, by, files.LIMITS, material)
        await files.keep(context, by, case_no, code, sent.files)
        if row.how not in ("", "file"):
            await _set(context, by, case_no, code, "none")
    except OneThingError as refused:
        return _page(request, draft, row, mistakes_of(refused))
    return see_other(f"{draft.path}/materials/{code}")


@router.post("/delete", response_class=Response)
async def delete(case_no: CaseNoPath, code: MaterialCode, context: InContext, by: By) -> Response:
    await files.remove(context, by, case_no, code)
    return see_other(f"/my/drafts/{case_no}/materials/{code}")


def _row(draft: FilledDraft, code: str) -> MaterialRow:
    """Raises OneThingError NOT_FOUND."""
    for one in material_rows(draft):
        if one.code == code:
            return one
    raise OneThingError(FailureCode.NOT_FOUND, "按您的情形不用交这份材料，请从清单进入。")


async def _require_earlier(
    request: Request, context: AppContext, by: Principal, draft: FilledDraft, row: MaterialRow
) -> None:
    """Raises InvalidInput where the applicant has no file of an earlier case."""
    take(request, Allowance.SEARCH)
    party = draft.view.applicant
    wanted = {"answers": dict(draft.so_far.answers), "id_type": party and party.id_type}
    plan = await bundles.plan(
        context, by, draft.view.bundle, as_request(PlanRequest, {**wanted, "id_number": party and party.id_number})
    )
    if row.code not in {one.code for one in plan.reusable or ()}:
        detail = f"没有找到您以前交过、还能沿用的“{row.name}”，请上传文件或到窗口交纸质件。"
        raise InvalidInput([FieldProblem("/how", FailureCode.MISSING_MATERIAL, detail)])


async def _set(context: AppContext, by: Principal, case_no: CaseNo, code: str, how: str) -> None:
    """Tells only of this material: what others say meanwhile of other ones stays."""
    for left in reversed(range(_TRIES)):
        view, _ = await cases_search.show(context, by, case_no)
        choices = view.choices
        papers = [one.code for one in view.materials or () if one.digest is None]
        lists = {
            "materials": papers,
            "commitments": choices.commitments if choices else [],
            "reuse": choices.reuse if choices else [],
        }
        chosen = {"paper": "materials", "promise": "commitments", "reuse": "reuse"}.get(how)
        after = {name: [one for one in codes if one != code] for name, codes in lists.items()}
        if chosen is not None:
            after[chosen].append(code)
        change = {**after, "materials": [{"code": one, "form": "paper"} for one in after["materials"]]}
        try:
            read = ReadVersions(frozenset({view.version}))
            await drafts.change(context, by, case_no, read, as_request(DraftChangeRequest, change))
        except OneThingError as refused:
            if refused.code is not FailureCode.STALE_VERSION or not left:
                raise
        else:
            return


def _page(request: Request, draft: FilledDraft, row: MaterialRow, mistakes: Mistakes | None = None) -> Response:
    definition = next(one for one in draft.bundle.materials if one.code == row.code)
    ways = [("paper", "到窗口交纸质件（窗口收到才算交齐）")]
    if row.guide.may_promise:
        online = "在线作出承诺" if row.guide.promises else "以承诺代替"
        ways.append(("promise", f"{online}（提交前逐项确认）"))
    if definition.reusable_days:
        ways.append(("reuse", f"沿用我 {definition.reusable_days} 天内在别的办件中交过的"))
    if row.how:
        ways.append(("none", "先不交"))
    values = {
        "draft": draft,
        "row": row,
        "definition": definition,
        "ways": ways,
        "mistakes": mistakes,
        "limits": files.LIMITS,
    }
    return render(request, "materials/page_material.html", values, status=mistakes.status if mistakes else 200)


@router.get("/pages/{number}", response_class=Response)
async def preview(case_no: CaseNoPath, code: MaterialCode, number: PageNumber, context: InContext, by: By) -> Response:
    """A page of the newest file, as a picture."""
    _, picture = await pages.page(context, by, case_no, code, number)
    return Response(picture.content, headers=dict(FILE), media_type="image/jpeg")


@router.get("/file", response_class=Response)
async def download(
    case_no: CaseNoPath, code: MaterialCode, context: InContext, by: By, query: Annotated[FileQuery, Query()]
) -> Response:
    return file_response(await files.fetch(context, by, case_no, code, query.version))
