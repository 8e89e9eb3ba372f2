"""A material's file, as departments open it, or look at it page by page."""

import base64
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from onething.edge.dependencies import By, CaseNoPath, InContext, MaterialCode
from onething.edge.query import QueryModel
from onething.services.materials import files, pages
from onething.web.core.headers import FILE
from onething.web.core.routes import SignedInPageRoute
from onething.web.core.templating import render

router = APIRouter(route_class=SignedInPageRoute, include_in_schema=False)


class FileQuery(QueryModel):
    version: int | None = Field(None, ge=0, le=1_000_000)


class ViewQuery(FileQuery):
    page: int = Field(1, ge=1, le=10_000)


_BLOCKS = {"viewer": "viewer"}


@router.get("/work/cases/{case_no}/materials/{code}", response_class=Response)
async def material(
    case_no: CaseNoPath, code: MaterialCode, context: InContext, by: By, query: Annotated[FileQuery, Query()]
) -> Response:
    return file_response(await files.fetch(context, by, case_no, code, query.version))


def file_response(file: files.FileOut) -> Response:
    """To be kept and opened there: nothing that somebody sent us runs as a page of ours."""
    headers = {**FILE, "Content-Disposition": f'attachment; filename="{file.name}"'}
    return Response(file.content, headers=headers, media_type=file.media_type)


@router.get("/work/cases/{case_no}/materials/{code}/view", response_class=Response)
async def view(
    case_no: CaseNoPath,
    code: MaterialCode,
    request: Request,
    context: InContext,
    by: By,
    query: Annotated[ViewQuery, Query()],
) -> Response:
    """One page. The picture comes with it: to look at a page is one look, and one line of the access log."""
    file, picture = await pages.page(context, by, case_no, code, query.page, query.version)
    values = {
        "case_no": case_no,
        "code": code,
        "name": file.material,
        "picture": base64.b64encode(picture.content).decode(),
        "number": query.page,
        "count": picture.pages,
        "version": query.version,
    }
    return render(request, "materials/page_view.html", values, blocks=_BLOCKS)
