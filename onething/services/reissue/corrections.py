"""What an office may correct as a typing error of its own: what the certificate shows, and nothing that it does not.
What was decided stays decided; whoever decided wrongly decides anew (`review`)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from onething.domain.definition.bundle import BundleDefinition
from onething.domain.definition.form_fields import FormField
from onething.domain.definition.items import Item, Output, OutputKind
from onething.domain.errors import FailureCode, FieldProblem, require_valid
from onething.domain.form.form import check_form, normal_form
from onething.domain.form.form_labels import spoken
from onething.domain.kernel.state import CaseState, ReissueWhy
from onething.domain.plan.plan import Plan
from onething.security.blind_index import BlindIndex
from onething.services.application import sealed_values
from onething.services.application.base import choices
from onething.services.application.check import name_field
from onething.services.application.sealed_values import SealedValues
from onething.services.decisions.issued_numbers import GivenNumber, given, given_twice, indexed
from onething.services.documents.certificates import disclosed_items
from onething.services.documents.contents import bearer_of, values_of
from onething.services.reissue.schemas import ReissueRequest
from onething.store.record.issued_numbers import IssuedNumber

_NAME = "applicant"


@dataclass(frozen=True, slots=True)
class Corrections:
    """`papers`: outputs whose certificates are made out once more; `fields`: pointers of what is corrected; `value`:
    all of it, to be sealed with the reason; `numbers`: that the corrected outputs give out."""

    papers: tuple[str, ...]
    fields: tuple[str, ...]
    value: Mapping[str, Any]
    numbers: tuple[IssuedNumber, ...]


@dataclass(frozen=True, slots=True)
class Certificates:
    """An item's certificates as they are now."""

    definition: BundleDefinition
    item: Item
    values: Mapping[str, Any]
    bearer: str
    bearer_type: str  # person or enterprise

    @classmethod
    def read(
        cls, definition: BundleDefinition, item: Item, plan: Plan, state: CaseState, opened: SealedValues
    ) -> "Certificates":
        values = values_of(definition, state, opened, item.code)
        bearer = bearer_of(definition, plan, state, opened, item.code)
        return cls(definition, item, values, bearer.name, opened.open(sealed_values.APPLICANT)["type"])

    @property
    def outputs(self) -> tuple[Output, ...]:
        return tuple(one for one in self.item.outputs if one.kind is OutputKind.CERTIFICATE)

    @property
    def visible(self) -> frozenset[str]:
        return frozenset(field for one in self.outputs for field in _fields_of(one))


def read(papers: Certificates, request: ReissueRequest, index: BlindIndex, region: str, today: date) -> Corrections:
    """Raises InvalidInput with all that is wrong."""
    if request.why is not ReissueWhy.TYPING_ERROR:
        require_valid(_unchanged_problems(papers, request))
        wanted = (request.output,) if request.output else tuple(one.id for one in papers.outputs)
        return Corrections(wanted, (), _value(request, {}, {}, None, []), ())
    outputs = normal_form(papers.item.decision_form, request.outputs)
    form = normal_form(papers.definition.form, request.form)
    named = name_field(papers.bearer_type)
    name = normal_form((named,), {"name": request.applicant.name}).get("name") if request.applicant else None
    require_valid(_problems(papers, request, outputs, form, name, today))
    owner = f"{papers.definition.code}.{papers.item.code}"
    numbers: tuple[GivenNumber, ...] = tuple(given(papers.item.decision_form, outputs, owner, region))
    require_valid(given_twice(numbers))
    changes = [*_changes(papers.item.decision_form, papers, outputs), *_changes(papers.definition.form, papers, form)]
    if name is not None:
        changes.append({"label": "持证人姓名或名称", "before": papers.bearer, "after": name})
    pointers = (*(f"/outputs/{one}" for one in outputs), *(f"/form/{one}" for one in form))
    showing = [one.id for one in papers.outputs if name is not None or {*outputs, *form} & _fields_of(one)]
    return Corrections(
        tuple(showing),
        (*pointers, *((f"/{_NAME}/name",) if name is not None else ())),
        _value(request, form, outputs, name, changes),
        indexed(index, numbers),
    )


def _value(
    request: ReissueRequest, form: Mapping[str, Any], outputs: Mapping[str, Any], name: str | None, changes: list[Any]
) -> Mapping[str, Any]:
    return {"reason": request.reason, "form": form, "outputs": outputs, "name": name, "changes": changes}


def _fields_of(output: Output) -> frozenset[str]:
    return frozenset((*output.fields, *((output.valid_until,) if output.valid_until else ())))


def _unchanged_problems(papers: Certificates, request: ReissueRequest) -> Iterator[FieldProblem]:
    for part in ("outputs", "form", _NAME):
        if getattr(request, part):
            detail = "补发、换发的内容不变，请删去；内容有笔误的，why 请写 typing_error。"
            yield FieldProblem(f"/{part}", FailureCode.UNKNOWN_FIELD, detail)
    names = {one.id: one.name for one in papers.outputs}
    if request.output is None and len(names) > 1:
        detail = f"该事项颁发多份证照，请写明补发哪一份。{choices(names)}"
        yield FieldProblem("/output", FailureCode.MISSING_VALUE, detail)
    if request.output is not None and request.output not in names:
        yield FieldProblem("/output", FailureCode.INVALID_VALUE, f"该事项没有这份证照。{choices(names)}")


def _problems(
    papers: Certificates,
    request: ReissueRequest,
    outputs: Mapping[str, Any],
    form: Mapping[str, Any],
    name: str | None,
    today: date,
) -> Iterator[FieldProblem]:
    if request.output is not None:
        detail = "更正的，载有所更正内容的证照都重新签发，请删去 output。"
        yield FieldProblem("/output", FailureCode.UNKNOWN_FIELD, detail)
    if not (request.outputs or request.form or request.applicant):
        own = [one for one in papers.item.decision_form if one.id in papers.visible]
        can = choices({f"outputs.{one.id}": one.label for one in own})
        yield FieldProblem("/outputs", FailureCode.MISSING_VALUE, f"更正请写明正确的内容。{can}")
    decided, applied = papers.item.decision_form, papers.definition.form
    yield from _of_part("/outputs", papers, decided, request.outputs, outputs, today)
    yield from _of_part("/form", papers, applied, request.form, form, today)
    if request.applicant is not None:
        field = name_field(papers.bearer_type)
        yield from check_form((field,), {"name": request.applicant.name}, f"/{_NAME}", today=today)
        if name == papers.bearer:
            yield _no_change(f"/{_NAME}/name", field.label)


def _of_part(
    at: str,
    papers: Certificates,
    fields: tuple[FormField, ...],
    sent: Mapping[str, Any],
    values: Mapping[str, Any],
    today: date,
) -> Iterator[FieldProblem]:
    by_id = {one.id: one for one in fields}
    for name in sent:
        pointer, field = f"{at}/{name}", by_id.get(name)
        if field is None:
            yield FieldProblem(pointer, FailureCode.UNKNOWN_FIELD, _elsewhere(papers, name))
        elif name not in papers.visible:
            detail = f"证照不载明“{field.label}”，不能作为笔误更正；决定有误的，请其部门复核（review）。"
            yield FieldProblem(pointer, FailureCode.INVALID_VALUE, detail)
        elif any(name == one.ends_person for one in papers.definition.items):
            detail = f"“{field.label}”换了号码就是另一个人，不能作为笔误更正；登记错了人的，请其部门复核（review）。"
            yield FieldProblem(pointer, FailureCode.INVALID_VALUE, detail)
        elif name not in values:
            yield FieldProblem(pointer, FailureCode.MISSING_VALUE, f"请填写“{field.label}”的正确内容。")
        elif values[name] == papers.values.get(name):
            yield _no_change(pointer, field.label)
        else:
            yield from check_form((field,), {name: sent[name]}, at, today=today)


def _elsewhere(papers: Certificates, name: str) -> str:
    for one in disclosed_items(papers.definition, papers.item.code):
        for field in one.decision_form:
            if field.id == name and one.code != papers.item.code:
                return f"“{field.label}”是“{one.name}”的决定内容，请由其部门更正，再补发本证照。"
    return "这里没有这一项，请删去。"


def _no_change(pointer: str, label: str) -> FieldProblem:
    return FieldProblem(pointer, FailureCode.INVALID_VALUE, f"“{label}”与证照现在所载相同，请删去或填写正确的内容。")


def _changes(
    fields: tuple[FormField, ...], papers: Certificates, values: Mapping[str, Any]
) -> Iterator[Mapping[str, str]]:
    for field in fields:
        if field.id in values:
            before = papers.values.get(field.id)
            told = "" if before is None else spoken(field, before)
            yield {"label": field.label, "before": told, "after": spoken(field, values[field.id])}
