"""补正: what was asked for, in the words of whoever asked, and nothing else; in whatever parts it comes. What will
change is shown before it is sent."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter
from fastapi.exceptions import RequestValidationError
from starlette.requests import Request
from starlette.responses import Response

from onething.domain.definition.form_fields import FormField
from onething.domain.definition.questions import Question
from onething.domain.errors import FailureCode, FieldProblem, InvalidInput, OneThingError
from onething.domain.kernel.case_no import CaseNo
from onething.domain.principal import Principal
from onething.edge.dependencies import By, CaseNoPath, InContext
from onething.services import bundles
from onething.services.bundles import BundleView
from onething.services.cases import search as cases_search
from onething.services.cases.schemas import CaseView
from onething.services.core.context import AppContext
from onething.services.intake import supplement
from onething.services.intake.schemas import SupplementRequest
from onething.web.cases.contents import form_rows
from onething.web.core.audience import place_of
from onething.web.core.definition_fields import FieldValues, answer_words, read_fields
from onething.web.core.forms import Form, as_request
from onething.web.core.problems import Mistakes, mistakes_of
from onething.web.core.routes import Sent, SignedInPageRoute, see_other
from onething.web.core.templating import render
from onething.web.intake import fields as field_words

router = APIRouter(route_class=SignedInPageRoute, include_in_schema=False)
_PATH = "/cases/{case_no}/supplement"
_PARTIES = {"name": "姓名或名称", "phone": "联系电话"}
_OF_DELIVERY = {"method": "送达方式", "address": "收件地址"}


@dataclass(frozen=True)
class DemandedField:
    """One field that was asked for. `path`: of the top-level field in the request, such as (form, address)."""

    pointer: str
    path: tuple[str, str]
    label: str
    words: tuple[str, ...]
    value: Any
    field: FormField | None = None
    question: Question | None = None

    def in_words(self, value: Any) -> str:
        if self.field is not None:
            return field_words.words_of(self.field, value)
        if self.question is not None:
            return answer_words(self.question, value)
        return field_words.DELIVERY_NAMES.get(value, value) if isinstance(value, str) else ""


@router.get("/my" + _PATH, response_class=Response)
@router.get("/counter" + _PATH, response_class=Response)
async def form(request: Request, case_no: CaseNoPath, context: InContext, by: By) -> Response:
    view, bundle = await _read(context, by, case_no)
    return _page(request, view, bundle, {})


@router.post("/my" + _PATH, response_class=Response)
@router.post("/counter" + _PATH, response_class=Response)
async def send(request: Request, case_no: CaseNoPath, context: InContext, by: By, sent: Sent) -> Response:
    """First shows what will change; what is sent again from there is recorded. Where nothing was changed, it says so
    (InvalidInput)."""
    view, bundle = await _read(context, by, case_no)
    asked = demanded_fields(view, bundle)
    typed = {one.pointer: _typed(one, sent) for one in asked}
    changed = [one for one in asked if typed[one.pointer] != one.value]
    try:
        if not changed:
            raise InvalidInput([FieldProblem("", FailureCode.MISSING_VALUE, "还没有改任何一处。请先改，再提交补正。")])
        wanted = as_request(SupplementRequest, _request(view, changed, typed))
        if sent.has("back"):
            return _page(request, view, bundle, typed)
        if not sent.has("sure"):
            pairs = [(one, one.in_words(one.value), one.in_words(typed[one.pointer])) for one in changed]
            rest = [one for one in asked if one not in changed]
            fields = [(name, value) for name, value in sent.fields if name.startswith("/")]
            place = place_of(request.url.path)
            values = {"case": view, "place": place, "pairs": pairs, "rest": rest, "fields": fields}
            return render(request, "intake/page_supplement_check.html", values)
        await supplement.supplement(context, by, sent.key, case_no, wanted)
    except (OneThingError, RequestValidationError) as refused:
        return _page(request, view, bundle, typed, mistakes_of(refused))
    left = await cases_search.show(context, by, case_no)
    at = f"{place_of(request.url.path)}/cases/{case_no}"
    return see_other(f"{at}/supplement" if left[0].open_demands else at)


def demanded_fields(view: CaseView, bundle: BundleView) -> list[DemandedField]:
    """Each top-level field once, with all that was said of it."""
    words = _words(view)
    found: dict[tuple[str, str], DemandedField] = {}
    for pointer in view.open_fields or ():
        for path in _paths(pointer, view, bundle):
            told = tuple(words.get(pointer, ()))
            before = found.get(path)
            told = (*before.words, *told) if before else told
            found[path] = _asked(path, told, view, bundle)
    return list(found.values())


def _paths(pointer: str, view: CaseView, bundle: BundleView) -> Iterator[tuple[str, str]]:
    """A whole part that was asked for is each of its fields."""
    _, part, name = (*pointer.split("/"), "")[:3]
    if name:
        yield part, name
        return
    names = {
        "applicant": list(_PARTIES),
        "delivery": list(_OF_DELIVERY),
        "answers": [one.id for one in bundle.questions],
    }
    yield from ((part, one) for one in names.get(part, list(view.form or {})))


def _asked(path: tuple[str, str], words: tuple[str, ...], view: CaseView, bundle: BundleView) -> DemandedField:
    part, name = path
    pointer = f"/{part}/{name}"
    match part:
        case "form":
            field = next((one for one in bundle.form if one.id == name), None)
            label = field.label if field else name
            return DemandedField(pointer, path, label, words, (view.form or {}).get(name), field=field)
        case "answers":
            question = next((one for one in bundle.questions if one.id == name), None)
            label = question.question if question else name
            return DemandedField(pointer, path, label, words, (view.answers or {}).get(name), question=question)
        case "applicant":
            value = getattr(view.applicant, name, None)
            return DemandedField(pointer, path, f"申请人{_PARTIES.get(name, name)}", words, value)
    return DemandedField(pointer, path, _OF_DELIVERY.get(name, name), words, (view.delivery or {}).get(name))


def _typed(demanded: DemandedField, sent: Form) -> Any:
    if demanded.question is not None:
        return field_words.sent_answers([demanded.question], sent)[demanded.question.id]
    if demanded.field is None:
        return sent.value(demanded.pointer) or None
    return read_fields([demanded.field], sent).get(demanded.field.id)


def _request(view: CaseView, changed: list[DemandedField], typed: FieldValues) -> FieldValues:
    told: dict[str, Any] = {}
    for one in changed:
        part, name = one.path
        told.setdefault(part, {})[name] = typed[one.pointer]
    if "delivery" in told:
        whole = {**(view.delivery or {}), **told["delivery"]}
        told["delivery"] = {name: value for name, value in whole.items() if value is not None}
    return told


def _words(view: CaseView) -> dict[str, list[str]]:
    """Pointer, or material, → what was said about it last, by each who asked."""
    said: dict[str, list[str]] = {}
    for notice in view.notices or ():
        if notice.kind == "corrections_asked":
            for item in notice.content.get("items") or ():
                said.setdefault(item.get("material") or item.get("pointer"), []).append(item["what"])
        elif notice.kind == "item_corrections_asked":
            for code in notice.content.get("materials") or ():
                said.setdefault(code, []).append(notice.content["what"])
    return said


async def _read(context: AppContext, by: Principal, case_no: CaseNo) -> tuple[CaseView, BundleView]:
    view, _ = await cases_search.show(context, by, case_no)
    return view, bundles.show(context, view.bundle)


def _page(
    request: Request, view: CaseView, bundle: BundleView, typed: FieldValues, mistakes: Mistakes | None = None
) -> Response:
    words, place = _words(view), place_of(request.url.path)
    materials = [one for one in view.materials or () if one.code in (view.missing or ()) or one.state == "to_hand_in"]
    if mistakes is not None:
        found = field_words.at_inputs(bundle.form, mistakes.fields)
        mistakes = Mistakes(mistakes.detail, mistakes.status, mistakes.code, found, mistakes.more)
    values = {
        "case": view,
        "place": place,
        "asked": [(one, typed.get(one.pointer, one.value)) for one in demanded_fields(view, bundle)],
        "materials": [(one, words.get(one.code, ())) for one in materials],
        "others": form_rows(bundle, view, numbers=place == "/my"),
        "delivery": [(one.value, field_words.DELIVERY_NAMES[one.value]) for one in bundle.delivery],
        "mistakes": mistakes,
        "words": field_words,
    }
    return render(request, "intake/page_supplement.html", values, status=mistakes.status if mistakes else 200)
