"""填写一部分: questions of a section, saved as they stand; what is wrong is told, and nothing typed is lost."""

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query
from fastapi.exceptions import RequestValidationError
from pydantic import Field
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from onething.domain.definition.form_fields import FormField, FormFieldType
from onething.domain.errors import FailureCode, NotAllowed, OneThingError, how_many
from onething.domain.kernel.case_no import CaseNo
from onething.domain.principal import Principal
from onething.edge.dependencies import By, CaseNoPath, InContext
from onething.edge.query import QueryModel
from onething.services import bundles
from onething.services.cases.schemas import CaseView
from onething.services.core.context import AppContext
from onething.web.core.definition_fields import FieldValues, answer_words
from onething.web.core.forms import Form
from onething.web.core.headers import PAGE
from onething.web.core.problems import Mistakes, mistakes_of
from onething.web.core.routes import Sent, SignedInPageRoute, see_other
from onething.web.core.templating import render, time_of_day
from onething.web.intake import fields as field_words
from onething.web.intake.contents import DELIVERY, SITUATION, FilledDraft, Section, read_draft
from onething.web.intake.saves import (
    RenderedValues,
    SavedSection,
    chosen_values,
    own_values,
    remembered,
    rendered_by,
    save,
    values_of,
)

router = APIRouter(
    prefix="/my/drafts/{case_no}/sections/{code}", route_class=SignedInPageRoute, include_in_schema=False
)
SectionCode = Annotated[str, Path(pattern=r"^[a-z][a-z0-9-]{0,59}$")]
_TEMPLATE = "intake/page_section.html"
_CLASHED, _UNCHOSEN = 412, 422


class SectionQuery(QueryModel):
    """`back`: where to go on from it. `wrong`: what is wrong with what was kept is to be told; on a page of its own, so
    that Back finds it again."""

    back: str = Field("", pattern="^(|check)$")
    wrong: bool = False


@router.get("", response_class=Response)
async def form(
    request: Request,
    case_no: CaseNoPath,
    code: SectionCode,
    context: InContext,
    by: By,
    query: Annotated[SectionQuery, Query()],
) -> Response:
    try:
        draft = await read_draft(context, by, case_no)
    except NotAllowed:
        return see_other(f"/my/cases/{case_no}")
    section = draft.section(code)
    mistakes = _mistakes(draft, section) if query.wrong else None
    return _page(request, draft, section, values_of(draft.view, section.part), query.back, mistakes)


@router.post("", response_class=Response)
async def keep(
    request: Request, case_no: CaseNoPath, code: SectionCode, context: InContext, by: By, sent: Sent
) -> Response:
    draft = await read_draft(context, by, case_no)
    section = draft.section(code)
    own = own_values(sent)
    typed = await _typed(context, draft, section, sent) if own is None else chosen_values(own, sent)
    if typed is None:
        rendered = rendered_by(sent)
        both = {name: (value, rendered.values.get(name)) for name, value in (own or {}).items()}
        return clash_page(request, draft, section, SavedSection(draft.view, both), sent.value("back"), again=True)
    try:
        saved = await _saved(context, by, case_no, section, sent, typed)
    except (OneThingError, RequestValidationError) as refused:
        typed_over = {**values_of(draft.view, section.part), **typed}
        return _page(request, draft, section, typed_over, sent.value("back"), mistakes_of(refused), rendered_by(sent))
    if saved.clashes:
        return clash_page(request, draft, section, saved, sent.value("back"))
    if field_words.row_place(section.fields, sent.value("row")):
        return see_other(f"{draft.path}/sections/{code}/{sent.value('row')}")
    draft = await read_draft(context, by, case_no)
    section = draft.section(code)
    if section.code == SITUATION and _more_questions(draft, sent):
        return see_other(f"{draft.path}/sections/{code}")  # what was answered asks for more
    if draft.wrong_in(section) and not sent.has("later"):
        back = "&back=check" if sent.value("back") else ""
        return see_other(f"{draft.path}/sections/{code}?wrong=true{back}")
    return see_other(f"{draft.path}/check" if sent.value("back") else draft.after(code))


@router.post("/autosave", response_class=Response)
async def autosave(case_no: CaseNoPath, code: SectionCode, context: InContext, by: By, sent: Sent) -> Response:
    """What a script sends while somebody types in a section or in a row (`_row`): kept, and not yet judged."""
    draft = await read_draft(context, by, case_no)
    section = draft.section(code)
    shown = rendered_by(sent)
    place = field_words.row_place(section.fields, sent.value("_row"))
    typed = _typed_row(*place, shown, sent) if place else await _typed(context, draft, section, sent)
    saved = await save(context, by, case_no, section.part, shown, typed)
    if saved.clashes:
        told: dict[str, Any] = {"clash": "这份草稿在另一处改过。请按“保存并继续”，看一看保留哪一个。"}
    else:
        now_there = values_of(saved.view, section.part)
        rendered = {place[0].id: now_there.get(place[0].id) or []} if place else _of_section(section, now_there)
        now = f"已保存 {time_of_day(context.clock.now())}"
        told = {"version": str(saved.view.version), "was": remembered(rendered), "saved": now}
    return JSONResponse(told, headers=dict(PAGE))


def _more_questions(draft: FilledDraft, sent: Form) -> bool:
    return any(not sent.has(f"/answers/{one.id}/shown") for one in draft.so_far.questions)


async def _saved(
    context: AppContext, by: Principal, case_no: CaseNo, section: Section, sent: Form, typed: FieldValues
) -> SavedSection:
    saved = await save(context, by, case_no, section.part, rendered_by(sent), typed)
    if section.code == SITUATION and not saved.clashes:
        await _drop_what_no_longer_applies(context, by, case_no, saved.view)
    return saved


async def _drop_what_no_longer_applies(context: AppContext, by: Principal, case_no: CaseNo, view: CaseView) -> None:
    """Fields that other answers asked for can't be sent with these."""
    plan = (await bundles.plan_so_far(context, view.bundle, view.answers or {})).plan
    if plan is None:
        return
    apply = {one.id for one in plan.form}
    gone = {name: None for name in view.form or {} if name not in apply}
    await save(context, by, case_no, "form", RenderedValues(view.version, view.form or {}), gone)


async def _typed(context: AppContext, draft: FilledDraft, section: Section, sent: Form) -> FieldValues:
    match section.part:
        case "answers":
            given = field_words.sent_answers(draft.bundle.questions, sent)
            known = {name: value for name, value in given.items() if value is not None}
            usable = (await bundles.plan_so_far(context, draft.view.bundle, known)).answers
            return {name: usable.get(name) if value is not None else None for name, value in given.items()}
        case "form":
            return field_words.sent_values(section.fields, sent, "/form")
    names = ("method", "address") if section.code == DELIVERY else ("type", "name", "id_type", "id_number", "phone")
    return {name: sent.value(f"/{section.part}/{name}") or _empty(name) for name in names}


def _typed_row(column: FormField, number: int, rendered: RenderedValues, sent: Form) -> FieldValues:
    """The list with this row; nothing to change while a row that is to be added is still empty."""
    before = rendered.values.get(column.id)
    row = field_words.sent_row(column, number, sent)
    is_there = isinstance(before, list) and number < len(before)
    return {column.id: field_words.with_row(before, number, row)} if row or is_there else {}


def _empty(name: str) -> str | None:
    """Of a party that is to be named, an empty name stays one: what is missing is told."""
    return "" if name in ("name", "id_number") else None


def _of_section(section: Section, values: Mapping[str, Any]) -> FieldValues:
    if section.part != "form":
        return dict(values)
    plain = [one.id for one in section.fields if one.type is not FormFieldType.LIST]
    return {name: values[name] for name in plain if name in values}


def _mistakes(draft: FilledDraft, section: Section) -> Mistakes | None:
    wrong = draft.wrong_in(section)
    if not wrong:
        return None
    found = field_words.at_inputs(section.fields, wrong)
    return Mistakes(how_many(len(found), more=False), 422, FailureCode.INVALID_REQUEST, found)


def _page(
    request: Request,
    draft: FilledDraft,
    section: Section,
    values: Mapping[str, Any],
    back: str,
    mistakes: Mistakes | None = None,
    rendered: RenderedValues | None = None,
) -> Response:
    """`rendered`: by the page from which this was sent, where nothing of it was saved."""
    told = {
        "draft": draft,
        "section": section,
        "values": values,
        "version": rendered.version if rendered else draft.view.version,
        "was": remembered(rendered.values if rendered else _of_section(section, values)),
        "back": back,
        "mistakes": mistakes,
        "words": field_words,
        "fields": [one for one in _told(draft, section) if one.type is not FormFieldType.LIST],
    }
    return render(request, _TEMPLATE, told, status=mistakes.status if mistakes and request.method == "POST" else 200)


def _told(draft: FilledDraft, section: Section) -> list[FormField]:
    """Its fields, each that was filled in by somebody else with where that came from, until it is changed."""
    origin = draft.view.prefilled
    given = {one.pointer for one in origin.values if not one.changed} if origin else set()
    words = f"来自{origin.name}，请核对。" if origin else ""
    return [
        one.model_copy(update={"help": f"{one.help or ''}{words}"}) if f"/form/{one.id}" in given else one
        for one in section.fields
    ]


def clash_page(
    request: Request, draft: FilledDraft, section: Section, saved: SavedSection, back: str, *, again: bool = False
) -> Response:
    """Both values of each, to choose from; `again`: not all were chosen."""
    theirs = {name: other for name, (_, other) in saved.clashes.items()}
    values = {
        "draft": draft,
        "section": section,
        "version": saved.view.version,
        "was": remembered(theirs),
        "mine": remembered({name: own for name, (own, _) in saved.clashes.items()}),
        "back": back,
        "again": again,
        "clashes": [_clash(draft, section, name, *both) for name, both in saved.clashes.items()],
    }
    return render(request, "intake/page_clashes.html", values, status=_UNCHOSEN if again else _CLASHED)


def _clash(draft: FilledDraft, section: Section, name: str, mine: Any, theirs: Any) -> dict[str, str]:
    field = next((one for one in section.fields if one.id == name), None)
    question = next((one for one in draft.bundle.questions if one.id == name), None)
    if section.part == "answers" and question is not None:
        both = [answer_words(question, one) for one in (mine, theirs)]
        label = question.question
    elif field is not None:
        both, label = [field_words.words_of(field, one) for one in (mine, theirs)], field.label
    else:
        both, label = [str(one or "") for one in (mine, theirs)], _LABELS.get(name, name)
    return {"name": name, "label": label, "mine": both[0] or "（空）", "theirs": both[1] or "（空）"}


_LABELS = {
    "type": "申请人是",
    "name": "姓名或名称",
    "id_type": "证件种类",
    "id_number": "证件号码",
    "phone": "联系电话",
    "method": "送达方式",
    "address": "收件地址",
}
