"""A material's file, as departments open it."""

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import Field
from starlette.responses import Response

from onething.edge.dependencies import By, CaseNoPath, InContext, MaterialCode
from onething.edge.query import QueryModel
from onething.services.materials import files
from onething.web.core.headers import FILE
from onething.web.core.routes import SignedInPageRoute

router = APIRouter(route_class=SignedInPageRoute, include_in_schema=False)


class FileQuery(QueryModel):
    version: int | None = Field(None, ge=0, le=1_000_000)


@router.get("/work/cases/{case_no}/materials/{code}", response_class=Response)
async def material(
    case_no: CaseNoPath, code: MaterialCode, context: InContext, by: By, query: Annotated[FileQuery, Query()]
) -> Response:
    return file_response(await files.fetch(context, by, case_no, code, query.version))


def file_response(file: files.FileOut) -> Response:
    """To be kept and opened there: nothing that somebody sent us runs as a page of ours."""
    headers = {**FILE, "Content-Disposition": f'attachment; filename="{file.name}"'}
    return Response(file.content, headers=headers, media_type=file.media_type)
