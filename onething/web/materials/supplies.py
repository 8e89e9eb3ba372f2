"""材料 of what was submitted: each that was asked for comes by itself."""

from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.exceptions import RequestValidationError
from starlette.requests import Request
from starlette.responses import Response

from onething.domain.errors import FailureCode, FieldProblem, InvalidInput, OneThingError
from onething.domain.kernel.case_no import CaseNo
from onething.domain.principal import Principal
from onething.edge.dependencies import By, CaseNoPath, InContext, MaterialCode
from onething.services import bundles
from onething.services.cases import search as cases_search
from onething.services.core.context import AppContext
from onething.services.intake import supplement
from onething.services.intake.schemas import SupplementRequest
from onething.services.materials import files
from onething.web.core.forms import as_request
from onething.web.core.problems import Mistakes, mistakes_of
from onething.web.core.routes import Sent, Session, SignedInPageRoute, see_other
from onething.web.core.templating import render
from onething.web.core.uploads import UploadPageRoute, read_file
from onething.web.materials.office_files import FileQuery, file_response

_AT = "/my/cases/{case_no}/materials/{code}"
router = APIRouter(prefix=_AT, route_class=SignedInPageRoute, include_in_schema=False)
uploads = APIRouter(prefix=_AT, route_class=UploadPageRoute, include_in_schema=False)


@router.get("", response_class=Response)
async def show(request: Request, case_no: CaseNoPath, code: MaterialCode, context: InContext, by: By) -> Response:
    return await _page(request, context, by, case_no, code)


@router.post("", response_class=Response)
async def choose(
    request: Request, case_no: CaseNoPath, code: MaterialCode, context: InContext, by: By, sent: Sent
) -> Response:
    try:
        wanted = as_request(SupplementRequest, _request(code, sent.value("/how")))
        await supplement.supplement(context, by, sent.key, case_no, wanted)
    except (OneThingError, RequestValidationError) as refused:
        return await _page(request, context, by, case_no, code, mistakes_of(refused))
    return see_other(f"/my/cases/{case_no}/supplement")


@uploads.post("/file", response_class=Response)
async def upload(
    request: Request, case_no: CaseNoPath, code: MaterialCode, context: InContext, by: By, session: Session
) -> Response:
    try:
        material = await files.may_upload(context, by, case_no, code)
        sent = await read_file(request, session, by, files.LIMITS, material)
        await files.keep(context, by, case_no, code, sent.files)
    except OneThingError as refused:
        return await _page(request, context, by, case_no, code, mistakes_of(refused))
    return see_other(f"/my/cases/{case_no}/supplement")


@router.get("/file", response_class=Response)
async def download(
    case_no: CaseNoPath, code: MaterialCode, context: InContext, by: By, query: Annotated[FileQuery, Query()]
) -> Response:
    return file_response(await files.fetch(context, by, case_no, code, query.version))


def _request(code: str, how: str) -> dict[str, object]:
    """Raises InvalidInput."""
    match how:
        case "paper":
            return {"materials": [{"code": code, "form": "paper"}]}
        case "promise":
            return {"commitments": [code]}
    raise InvalidInput([FieldProblem("/how", FailureCode.MISSING_VALUE, "请选择怎样交这份材料，或上传文件。")])


async def _page(
    request: Request,
    context: AppContext,
    by: Principal,
    case_no: CaseNo,
    code: str,
    mistakes: Mistakes | None = None,
) -> Response:
    """Raises OneThingError NOT_FOUND for a material that this case does not ask for."""
    view, _ = await cases_search.show(context, by, case_no)
    material = next((one for one in view.materials or () if one.code == code), None)
    definition = next((one for one in bundles.show(context, view.bundle).materials if one.code == code), None)
    if material is None or definition is None:
        raise OneThingError(FailureCode.NOT_FOUND, "这个办件没有这份材料，请从办件进入。")
    ways = [("paper", "到窗口交纸质件（窗口收到才算交齐）")]
    if material.may_promise:
        ways.append(("promise", "以承诺代替：我有符合要求的材料，所述情况属实，承诺不实的依法承担责任"))
    values = {"case": view, "material": material, "definition": definition, "ways": ways, "limits": files.LIMITS}
    return render(
        request,
        "materials/page_supply.html",
        {**values, "mistakes": mistakes},
        status=mistakes.status if mistakes else 200,
    )
