"""材料的扫描件 at the counter: of a draft that is being taken in, or of a case to which something may still come."""

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

from onething.domain.definition.materials import Material
from onething.domain.errors import FailureCode, OneThingError
from onething.domain.kernel.case_no import CaseNo
from onething.domain.kernel.state import CaseStatus
from onething.domain.principal import Principal
from onething.edge.dependencies import By, CaseNoPath, InContext, MaterialCode
from onething.services import bundles
from onething.services.cases import search as cases_search
from onething.services.cases.schemas import CaseView
from onething.services.core.context import AppContext
from onething.services.materials import files
from onething.web.cases.counter_case import counter_address
from onething.web.core.problems import Mistakes, mistakes_of
from onething.web.core.routes import Session, SignedInPageRoute, see_other
from onething.web.core.templating import render
from onething.web.core.uploads import UploadPageRoute, read_file
from onething.web.materials.office_files import FileQuery, file_response

_AT = "/counter/cases/{case_no}/materials/{code}"
router = APIRouter(prefix=_AT, route_class=SignedInPageRoute, include_in_schema=False)
uploads = APIRouter(prefix=_AT, route_class=UploadPageRoute, include_in_schema=False)


@router.get("", response_class=Response)
async def show(request: Request, case_no: CaseNoPath, code: MaterialCode, context: InContext, by: By) -> Response:
    return await _page(request, context, by, case_no, code)


@router.get("/file", response_class=Response)
async def file(
    case_no: CaseNoPath, code: MaterialCode, context: InContext, by: By, query: Annotated[FileQuery, Query()]
) -> Response:
    return file_response(await files.fetch(context, by, case_no, code, query.version))


@uploads.post("/file", response_class=Response)
async def upload(
    request: Request, case_no: CaseNoPath, code: MaterialCode, context: InContext, by: By, session: Session
) -> Response:
    await _found(context, by, case_no, code)
    try:
        material = await files.may_upload(context, by, case_no, code)
        sent = await read_file(request, session, by, files.LIMITS, material)
        await files.keep(context, by, case_no, code, sent.files)
    except OneThingError as refused:
        return await _page(request, context, by, case_no, code, mistakes_of(refused))
    return see_other(counter_address(case_no, done="file"))


async def _found(context: AppContext, by: Principal, case_no: CaseNo, code: str) -> tuple[CaseView, Material]:
    """Raises OneThingError NOT_FOUND for a material that the case does not need."""
    view, _ = await cases_search.show(context, by, case_no)
    named = {one.code: one for one in bundles.show(context, view.bundle).materials}
    needed = named.keys() if view.status == CaseStatus.DRAFT else {one.code for one in view.materials or ()}
    if code not in named or code not in needed:
        raise OneThingError(FailureCode.NOT_FOUND, "这个办件没有这种材料。")
    return view, named[code]


async def _page(
    request: Request,
    context: AppContext,
    by: Principal,
    case_no: CaseNo,
    code: str,
    mistakes: Mistakes | None = None,
) -> Response:
    view, definition = await _found(context, by, case_no, code)
    values = {
        "case": view,
        "definition": definition,
        "material": next((one for one in view.materials or () if one.code == code), None),
        "may": next((one for one in view.available_actions or () if one.act == "upload_material"), None),
        "limits": files.LIMITS,
        "mistakes": mistakes,
    }
    return render(request, "materials/page_counter_file.html", values, status=mistakes.status if mistakes else 200)
