"""收件、受理、不予受理、一次性告知补正."""

from dataclasses import dataclass, replace
from typing import Any

from fastapi import APIRouter
from fastapi.exceptions import RequestValidationError
from starlette.requests import Request
from starlette.responses import Response

from onething.domain.errors import OneThingError
from onething.domain.kernel.case_no import CaseNo
from onething.domain.names import MATERIAL_STATE_NAMES
from onething.domain.principal import Principal
from onething.edge.dependencies import By, CaseNoPath, InContext
from onething.services import bundles
from onething.services.cases import search as cases_search
from onething.services.core.context import AppContext
from onething.services.intake import accept, demands, reject
from onething.services.intake.schemas import AcceptanceRequest, CorrectionsRequest, RejectionRequest
from onething.web.cases.contents import ValueRow, form_rows, party_rows
from onething.web.cases.counter_case import case_page, counter_address
from onething.web.core.forms import Form, as_request
from onething.web.core.problems import FieldMistake, Mistakes, mistakes_of
from onething.web.core.routes import Sent, SignedInPageRoute, see_other
from onething.web.core.templating import render
from onething.web.core.typed_values import with_numbers

router = APIRouter(prefix="/counter/cases/{case_no}", route_class=SignedInPageRoute, include_in_schema=False)
_WHAT = "_what"


@router.post("/take-in", response_class=Response)
async def take_in_case(case_no: CaseNoPath, request: Request, context: InContext, by: By, sent: Sent) -> Response:
    try:
        await accept.take_in(context, by, sent.key, case_no)
    except OneThingError as refused:
        return await case_page(request, context, by, case_no, mistakes=mistakes_of(refused), sent=sent)
    return see_other(counter_address(case_no, done="take-in"))


@router.post("/accept", response_class=Response)
async def accept_case(case_no: CaseNoPath, request: Request, context: InContext, by: By, sent: Sent) -> Response:
    try:
        seen = with_numbers({"seen": sent.value("/seen") or None}, "seen")
        wanted = {"deferred": list(sent.values("/deferred")), **seen}
        await accept.accept(context, by, sent.key, case_no, as_request(AcceptanceRequest, wanted))
    except (OneThingError, RequestValidationError) as refused:
        return await case_page(request, context, by, case_no, mistakes=mistakes_of(refused), sent=sent)
    return see_other(counter_address(case_no, done="accept"))


@router.get("/reject", response_class=Response)
async def rejection(case_no: CaseNoPath, request: Request, context: InContext, by: By) -> Response:
    return await _rejection(request, context, by, case_no)


@router.post("/reject", response_class=Response)
async def reject_case(case_no: CaseNoPath, request: Request, context: InContext, by: By, sent: Sent) -> Response:
    try:
        wanted = {**sent.tree(), "unmet": list(sent.values("/unmet"))}
        await reject.reject(context, by, sent.key, case_no, as_request(RejectionRequest, wanted))
    except (OneThingError, RequestValidationError) as refused:
        return await _rejection(request, context, by, case_no, sent, mistakes_of(refused))
    return see_other(counter_address(case_no, done="reject"))


async def _rejection(
    request: Request,
    context: AppContext,
    by: Principal,
    case_no: CaseNo,
    sent: Form | None = None,
    mistakes: Mistakes | None = None,
) -> Response:
    view, _ = await cases_search.show(context, by, case_no)
    values = {"case": view, "sent": sent or Form(), "mistakes": mistakes}
    return render(request, "intake/page_reject.html", values, status=mistakes.status if mistakes else 200)


@dataclass(frozen=True)
class Pin:
    """Something of the application, and what is to be mended about it."""

    field: str
    label: str
    text: str
    what: str

    @property
    def pointer(self) -> str:
        """Of the field of the page in which `what` is written."""
        return f"{_WHAT}{self.field}"

    @property
    def correction(self) -> dict[str, str]:
        return {("pointer" if self.field.startswith("/") else "material"): self.field, "what": self.what}


@router.get("/corrections", response_class=Response)
async def corrections(case_no: CaseNoPath, request: Request, context: InContext, by: By) -> Response:
    return await _corrections(request, context, by, case_no, Form())


@router.post("/corrections", response_class=Response)
async def ask_corrections(case_no: CaseNoPath, request: Request, context: InContext, by: By, sent: Sent) -> Response:
    """One notice of all that is wrong; looked at before it goes out."""
    if sent.value("_do") == "preview":
        return await _corrections(request, context, by, case_no, sent, preview=True)
    pins = [one for one in await _pins(context, by, case_no, sent) if one.what]
    try:
        wanted = as_request(CorrectionsRequest, {"items": [one.correction for one in pins]})
        await demands.ask(context, by, sent.key, case_no, wanted)
    except (OneThingError, RequestValidationError) as refused:
        return await _corrections(request, context, by, case_no, sent, mistakes=_at(pins, mistakes_of(refused)))
    return see_other(counter_address(case_no, done="corrections"))


def _at(pins: list[Pin], mistakes: Mistakes) -> Mistakes:
    """A mistake about the nth point stands where it was written."""

    def place(mistake: FieldMistake) -> FieldMistake:
        _, part, number, *_ = (*mistake.pointer.split("/"), "", "", "")
        known = part == "items" and number.isdecimal() and int(number) < len(pins)
        return replace(mistake, pointer=pins[int(number)].pointer) if known else mistake

    return replace(mistakes, fields=tuple(place(one) for one in mistakes.fields))


async def _pins(context: AppContext, by: Principal, case_no: CaseNo, sent: Form) -> list[Pin]:
    view, _ = await cases_search.show(context, by, case_no)
    bundle = bundles.show(context, view.bundle)
    rows = [row for row in party_rows("/applicant", view.applicant, numbers=False) if "id_number" not in row.pointer]
    filled = form_rows(bundle, view, numbers=False)
    filled_in = {row.pointer for row in filled}
    plan = (await bundles.plan_so_far(context, view.bundle, view.answers or {})).plan
    empty = [
        ValueRow(f"/form/{one.id}", one.label, "（没有填）")
        for one in (plan.form if plan else ())
        if f"/form/{one.id}" not in filled_in
    ]
    materials = [
        (one.code, one.name, MATERIAL_STATE_NAMES.get(one.state, one.state))
        for one in view.materials or ()
        if one.source == "applicant"
    ]
    found = [(row.pointer, row.label, row.text) for row in (*rows, *filled, *empty)] + materials
    return [Pin(at, label, text, sent.value(f"{_WHAT}{at}").strip()) for at, label, text in found]


async def _corrections(
    request: Request,
    context: AppContext,
    by: Principal,
    case_no: CaseNo,
    sent: Form,
    *,
    preview: bool = False,
    mistakes: Mistakes | None = None,
) -> Response:
    view, _ = await cases_search.show(context, by, case_no)
    pins = await _pins(context, by, case_no, sent)
    chosen = [one for one in pins if one.what]
    values: dict[str, Any] = {
        "case": view,
        "pins": pins,
        "chosen": chosen,
        "preview": preview and bool(chosen),
        "nothing": preview and not chosen,
        "mistakes": mistakes,
    }
    return render(request, "intake/page_corrections.html", values, status=mistakes.status if mistakes else 200)
