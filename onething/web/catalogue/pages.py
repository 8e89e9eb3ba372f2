"""The register of definitions, one of them in words and drawn, what a version changes, trying, pages to sign."""

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from definitions import time_words
from definitions.graph import steps
from definitions.terms import limit_text
from definitions.words import AUDIENCES
from onething.domain.errors import FailureCode, OneThingError
from onething.edge.dependencies import BundleCodePath, By, DepartmentCode, InContext
from onething.edge.query import QueryModel
from onething.services.catalogue import register, revisions, signature_pages
from onething.web.bundles.pages import guide_page
from onething.web.catalogue.graph_svg import drawn
from onething.web.core.problems import mistakes_of
from onething.web.core.routes import SignedInPageRoute
from onething.web.core.templating import render

router = APIRouter(prefix="/admin/definitions", route_class=SignedInPageRoute, include_in_schema=False)
VersionText = Annotated[str, Field(max_length=10)]


class DifferenceQuery(QueryModel):
    """As texts: a version that is none is told on the page."""

    before: VersionText = Field("", alias="from")
    after: VersionText = Field("", alias="to")

    @property
    def versions(self) -> tuple[int | None, int | None]:
        """Raises OneThingError UNKNOWN_BUNDLE for what is no number."""
        return _version(self.before), _version(self.after)


@router.get("", response_class=Response)
async def listed(request: Request, context: InContext, by: By) -> Response:
    rows = await register.everything(context, by)
    return render(request, "catalogue/page_register.html", {"rows": rows, "audiences": AUDIENCES})


@router.get("/{code}", response_class=Response)
async def show(code: BundleCodePath, request: Request, context: InContext, by: By) -> Response:
    found = await register.entry(context, by, code)
    definition, sheet = found.definition, found.sheet
    values = {
        "found": found,
        "definition": definition,
        "sheet": sheet,
        "audience": AUDIENCES[definition.audience],
        "limit": limit_text,
        "graph": drawn(definition, sheet),
        "steps": [[item.code for item in step] for step in steps(definition)],
        "items": {item.code: item for item in sheet.items},
        "summary": time_words.summary(sheet.time),
        "lines": [line.strip() for line in time_words.lines(sheet.time)],
    }
    return render(request, "catalogue/page_definition.html", values)


@router.get("/{code}/difference", response_class=Response)
async def difference(
    code: BundleCodePath, request: Request, context: InContext, by: By, query: Annotated[DifferenceQuery, Query()]
) -> Response:
    bare = code.partition("@")[0]
    entry = await register.entry(context, by, bare)
    values = {"row": entry.row, "query": query, "found": None, "wrong": None}
    try:
        values["found"] = await revisions.revision(context, by, bare, *query.versions)
    except OneThingError as refused:
        if refused.code is not FailureCode.UNKNOWN_BUNDLE:
            raise
        values["wrong"] = "没有这个版本，请从下面选择。"
        return render(request, "catalogue/page_difference.html", values, status=mistakes_of(refused).status)
    return render(request, "catalogue/page_difference.html", values)


@router.get("/{code}/try", response_class=Response)
async def tried(code: BundleCodePath, request: Request, context: InContext, by: By) -> Response:
    """As the applicant's guide, of a version, marked."""
    await register.usage(context, by)  # nobody else's
    return await guide_page(request, context, code, tried=True)


@router.get("/{code}/departments/{department}", response_class=Response)
async def to_sign(
    code: BundleCodePath, department: DepartmentCode, request: Request, context: InContext, by: By
) -> Response:
    found = await signature_pages.page(context, by, code, department)
    return render(request, "catalogue/page_signature.html", {"found": found, "sheet": found.sheet})


def _version(text: str) -> int | None:
    if not text:
        return None
    if not text.isascii() or not text.isdecimal():
        raise OneThingError(FailureCode.UNKNOWN_BUNDLE, "版本是一个数。")
    return int(text)
