"""A definition and answers become the plan of one case. Nobody else evaluates `when`, but `answers` for questions."""

from collections.abc import Callable, Iterable, Iterator, Mapping

from definitions.answers import check_answers, complete_answers
from definitions.conditions import conditions_of
from definitions.terms import basis_text
from onething.domain.calendar.limits import Limit, plain
from onething.domain.definition.bundle import (
    ACT_WORDS,
    AllowedPause,
    BundleDefinition,
    CommitmentOffer,
    CorrectionTerms,
    DataNeed,
    Defer,
    FormField,
    Handling,
    Item,
    Material,
    MaterialSource,
    UndoBy,
)
from onething.domain.definition.fallbacks import ManualCheckFallback
from onething.domain.definition.item_limits import CaseLimit
from onething.domain.definition.questions import Answers, AnswerValue
from onething.domain.definition.source import SourceDefinition, SourceEffect
from onething.domain.definition.time_rules import OverdueHow
from onething.domain.errors import FailureCode, FieldProblem, require_valid
from onething.domain.plan.critical_path import critical_items
from onething.domain.plan.plan import (
    Plan,
    PlanClocks,
    PlanCommitment,
    PlanComparison,
    PlanCorrection,
    PlanData,
    PlanDefer,
    PlanExtension,
    PlanItem,
    PlanMaterial,
    PlanOutput,
    PlanPause,
    PlanReporter,
    key_of,
)

__all__ = ["applicable_form", "check_answers", "compile_plan"]


def compile_plan(
    definition: BundleDefinition, sources: Mapping[str, SourceDefinition], answers: Mapping[str, AnswerValue]
) -> Plan:
    """The plan of one case. `sources` by code. Raise `InvalidInput` with everything wrong with the answers."""
    complete = complete_answers(definition, answers)
    holds = _holding(definition, complete)
    items = tuple(item for item in definition.items if holds(item.when))
    if not items:  # found by the linter, as far as it looks
        require_valid([FieldProblem("/answers", FailureCode.INVALID_VALUE, "按这些回答没有要办的事项，请核对。")])
    codes = {item.code for item in items}
    wanted = {key for item in items for key in item.needs.data}
    data = tuple(need for need in definition.data if need.key in wanted and holds(need.when))
    materials = _materials(definition, holds, codes, data)
    asked = {
        material.code
        for material in materials
        if material.source is MaterialSource.APPLICANT and material.required and not material.fallback_for
    }
    keys = {need.key for need in data}
    planned = tuple(_item(item, codes, asked, keys, holds) for item in items)
    compared = tuple(_compared(definition, complete, planned, keys))
    return Plan(
        bundle=definition.ref,
        definition_digest=definition.digest,
        name=definition.name,
        calendar=definition.calendar,
        promised=plain(definition.promised),
        statutory=plain(definition.statutory),
        items=planned,
        data=tuple(_data(need, sources[need.source]) for need in data),
        materials=materials,
        clocks=_clocks(definition, planned),
        correction=_correction(definition.correction),
        compare=compared,
        reporter=_reporter(definition, holds),
    )


_Holds = Callable[[str | None], bool]
"""Whether a `when` holds for the answers of this case; none always does."""


def _holding(definition: BundleDefinition, complete: Answers) -> _Holds:
    conditions = conditions_of(definition)
    return lambda when: conditions.holds(when, complete)


def _reporter(definition: BundleDefinition, holds: _Holds) -> PlanReporter | None:
    rule = definition.reporter
    if rule is None or not holds(rule.when):
        return None
    return PlanReporter(until_shown=rule.until_shown, name=rule.about.name, identity=rule.about.identity)


def _clocks(definition: BundleDefinition, items: tuple[PlanItem, ...]) -> PlanClocks | None:
    if definition.clocks is None:
        return None
    return PlanClocks(**dict(definition.clocks), critical=critical_items(items))


def applicable_form(definition: BundleDefinition, answers: Mapping[str, AnswerValue]) -> tuple[FormField, ...]:
    """The merged form of this case: the fields that apply and that an applicable item uses."""
    holds = _holding(definition, complete_answers(definition, answers))
    codes = {item.code for item in definition.items if holds(item.when)}
    return tuple(
        _with_applicable_rows(field, holds)
        for field in definition.form
        if holds(field.when) and (not field.used_by or codes.intersection(field.used_by))
    )


def _with_applicable_rows(field: FormField, holds: _Holds) -> FormField:
    rows = tuple(column for column in field.fields if holds(column.when))
    return field if rows == field.fields else field.model_copy(update={"fields": rows})


def _materials(
    definition: BundleDefinition, holds: _Holds, codes: set[str], data: tuple[DataNeed, ...]
) -> tuple[PlanMaterial, ...]:
    keys = {need.key for need in data}
    outputs = {f"{item.code}.{output.id}" for item in definition.items if item.code in codes for output in item.outputs}
    chosen = []
    for material in definition.materials:
        needed_by = tuple(code for code in material.needed_by if code in codes)
        if needed_by and holds(material.when) and _obtainable(material, keys, outputs):
            chosen.append(
                PlanMaterial(
                    code=material.code,
                    name=material.name,
                    source=material.source,
                    required=material.required,
                    needed_by=needed_by,
                    data=material.data,
                    output=material.output,
                    defer=_defer(material.defer),
                    commitment=_commitment(material.commitment),
                    fallback_for=tuple(need.key for need in data if need.fallback_material == material.code),
                )
            )
    return tuple(chosen)


def _correction(rule: CorrectionTerms | None) -> PlanCorrection | None:
    return None if rule is None else PlanCorrection(**{**dict(rule), "basis": basis_text(rule.basis)})


def _defer(rule: Defer | None) -> PlanDefer | None:
    return None if rule is None else PlanDefer(**{**dict(rule), "basis": basis_text(rule.basis)})


def _commitment(rule: CommitmentOffer | None) -> PlanCommitment | None:
    return None if rule is None else PlanCommitment(**{**dict(rule), "basis": basis_text(rule.basis)})


def _pause(rule: AllowedPause) -> PlanPause:
    return PlanPause(
        procedure=rule.procedure, at_most=rule.at_most, basis=basis_text(rule.basis), stops_law=rule.stops_law
    )


def _obtainable(material: Material, keys: set[str], outputs: set[str]) -> bool:
    """Whether this case has what the material comes from: the record looked up, or the item that gives it."""
    return (material.data is None or material.data in keys) and (material.output is None or material.output in outputs)


def _first(limits: Iterable[CaseLimit], holds: _Holds) -> CaseLimit | None:
    return next((one for one in limits if holds(one.when)), None)


def _promised(item: Item, holds: _Holds) -> Limit:
    found = _first(item.limits.promised, holds)
    if found is None:
        raise ValueError(f"{item.code}: no promise holds")  # the last has no condition, says the linter
    return plain(found)


def _extension(limit: CaseLimit | None) -> PlanExtension | None:
    """By the article that the definition cites; what 行政许可法 Art. 42 allows for a licence, the guards know."""
    if limit is None or limit.extension is None:
        return None
    basis = "；".join(basis_text(one) for one in limit.extension.basis)
    return PlanExtension(amount=limit.extension.amount, approver=limit.extension.approver, basis=basis)


def _item(item: Item, codes: set[str], requested: set[str], keys: set[str], holds: _Holds) -> PlanItem:
    of_law = _first(item.limits.of_law, holds)
    givers = dict.fromkeys(output.partition(".")[0] for output in item.needs.outputs)
    return PlanItem(
        code=item.code,
        name=item.name,
        department=item.department,
        promised=_promised(item, holds),
        statutory=plain(of_law) if of_law else None,
        extension=_extension(of_law),
        needs_items=tuple(giver for giver in givers if giver in codes),
        needs_materials=tuple(code for code in item.needs.materials if code in requested),
        needs_data=tuple(key for key in item.needs.data if key in keys),
        outputs=tuple(PlanOutput(id=output.id, name=output.name, kind=output.kind) for output in item.outputs),
        on_refusal=item.on_refusal,
        undo=item.undo.how,
        undo_by=item.undo.by or (UndoBy.SYSTEM if item.handling is Handling.SYSTEM else UndoBy.PEOPLE),
        pauses=tuple(_pause(one) for one in item.pauses),
        overdue=item.overdue.how if item.overdue else OverdueHow.ESCALATE,
        overdue_basis=basis_text(item.overdue.basis) if item.overdue and item.overdue.basis else None,
        handling=item.handling,
        patience_minutes=item.patience_minutes,
        nature=item.nature,
        act=item.act or ACT_WORDS[item.nature],
        remedies=item.remedies,
        ends_person=item.ends_person,
        basis=tuple(f"{one.title}{one.article or ''}" for one in item.basis if not one.assumed),
    )


def _compared(
    definition: BundleDefinition, complete: Answers, items: tuple[PlanItem, ...], keys: set[str]
) -> Iterator[PlanComparison]:
    """What this case has to compare: two values at least, one of them a record's."""
    if not definition.compare:
        return
    fields = {f"form.{field.id}": field.used_by for field in applicable_form(definition, complete)}
    for one in definition.compare:
        values = tuple(value for value in one.values if _has(value, fields, keys))
        looked_up = {key_of(value) for value in values}
        if len(values) < 2 or looked_up == {None}:
            continue
        named = {code for value in values for code in fields.get(value, ())}
        using = tuple(item.code for item in items if item.code in named or looked_up.intersection(item.needs_data))
        yield PlanComparison(code=one.code, name=one.name, kind=one.kind, values=values, items=using)


def _has(value: str, fields: Mapping[str, tuple[str, ...]], keys: set[str]) -> bool:
    key = key_of(value)
    return key in keys if key is not None else value in fields or value.startswith("applicant.")


def _data(need: DataNeed, source: SourceDefinition) -> PlanData:
    return PlanData(
        key=need.key,
        name=need.name,
        source=need.source,
        department=source.department,
        params=need.params,
        patience_minutes=need.patience_minutes or source.patience_minutes,
        fallback=need.fallback_material,
        releasable=source.effect is SourceEffect.RELEASABLE,
        fallback_kind=need.fallback_kind,
        check_days=need.fallback.days if isinstance(need.fallback, ManualCheckFallback) else None,
    )
