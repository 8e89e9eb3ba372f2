"""One row of a list in an application, on a page of its own: a shareholder, a child, a driver."""

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query
from fastapi.exceptions import RequestValidationError
from starlette.requests import Request
from starlette.responses import Response

from onething.domain.definition.form_fields import FormField, FormFieldType
from onething.domain.errors import FailureCode, NotAllowed, OneThingError, how_many
from onething.edge.dependencies import By, CaseNoPath, InContext
from onething.edge.query import QueryModel
from onething.web.core.problems import Mistakes, mistakes_of
from onething.web.core.routes import Sent, SignedInPageRoute, see_other
from onething.web.core.templating import render
from onething.web.intake import fields as field_words
from onething.web.intake.contents import FilledDraft, Section, read_draft
from onething.web.intake.saves import remembered, rendered_by, save
from onething.web.intake.sections import SectionCode, clash_page

router = APIRouter(
    prefix="/my/drafts/{case_no}/sections/{code}/{field}/{number}",
    route_class=SignedInPageRoute,
    include_in_schema=False,
)
FieldName = Annotated[str, Path(pattern=r"^[a-z][a-z0-9_]{0,59}$")]
RowNumber = Annotated[int, Path(ge=0, le=199)]
_TEMPLATE = "intake/page_row.html"


class RowQuery(QueryModel):
    """`wrong`: what is wrong with what was kept is to be told."""

    wrong: bool = False


@router.get("", response_class=Response)
async def form(
    request: Request,
    case_no: CaseNoPath,
    code: SectionCode,
    field: FieldName,
    number: RowNumber,
    context: InContext,
    by: By,
    query: Annotated[RowQuery, Query()],
) -> Response:
    try:
        draft = await read_draft(context, by, case_no)
    except NotAllowed:
        return see_other(f"/my/cases/{case_no}")
    section = draft.section(code)
    column, rows = _list(draft, section, field)
    row = rows[number] if number < len(rows) else {}
    mistakes = _mistakes(draft, column, number) if query.wrong else None
    number = min(number, len(rows))
    return _page(request, draft, section, column, number, row, {field: rows}, draft.view.version, mistakes)


@router.post("", response_class=Response)
async def keep(
    request: Request,
    case_no: CaseNoPath,
    code: SectionCode,
    field: FieldName,
    number: RowNumber,
    context: InContext,
    by: By,
    sent: Sent,
) -> Response:
    draft = await read_draft(context, by, case_no)
    section = draft.section(code)
    column, _ = _list(draft, section, field)
    rendered = rendered_by(sent)
    row = field_words.sent_row(column, number, sent)
    rows = field_words.with_row(rendered.values.get(field), number, None if sent.has("remove") else row)
    try:
        saved = await save(context, by, case_no, section.part, rendered, {field: rows})
    except (OneThingError, RequestValidationError) as refused:
        mistakes = mistakes_of(refused)
        return _page(request, draft, section, column, number, row, rendered.values, rendered.version, mistakes)
    if saved.clashes:
        return clash_page(request, draft, section, saved, "")
    draft = await read_draft(context, by, case_no)
    if _mistakes(draft, column, number) and not sent.has("remove") and not sent.has("later"):
        return see_other(f"{draft.path}/sections/{code}/{field}/{number}?wrong=true")
    return see_other(f"{draft.path}/sections/{code}")


def _mistakes(draft: FilledDraft, column: FormField, number: int) -> Mistakes | None:
    at = f"/form/{column.id}/{number}"
    found = field_words.at_inputs(
        column.fields, [one for one in draft.problems if one.pointer.startswith(f"{at}/")], at
    )
    return Mistakes(how_many(len(found), more=False), 422, FailureCode.INVALID_REQUEST, found) if found else None


def _list(draft: FilledDraft, section: Section, name: str) -> tuple[FormField, list[Any]]:
    """Raises OneThingError NOT_FOUND for what is no list of this section."""
    for one in section.fields:
        if one.id == name and one.type is FormFieldType.LIST:
            rows = (draft.view.form or {}).get(name)
            return one, list(rows) if isinstance(rows, list) else []
    raise OneThingError(FailureCode.NOT_FOUND, "这份申请没有这一项，请从清单进入。")


def _page(
    request: Request,
    draft: FilledDraft,
    section: Section,
    column: FormField,
    number: int,
    row: Any,
    rendered: Mapping[str, Any],
    version: int,
    mistakes: Mistakes | None = None,
) -> Response:
    values = {
        "draft": draft,
        "section": section,
        "column": column,
        "number": number,
        "row": row if isinstance(row, dict) else {},
        "is_there": number < len(rendered.get(column.id) or ()),
        "version": version,
        "was": remembered(rendered),
        "mistakes": mistakes,
        "words": field_words,
    }
    return render(request, _TEMPLATE, values, status=mistakes.status if mistakes and request.method == "POST" else 200)
