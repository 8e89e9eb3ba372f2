"""A definition and answers become the plan of one case. Nobody else evaluates `when`, but `answers` for questions."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal
from typing import NamedTuple

from definitions.answers import check_answers, complete_answers
from definitions.conditions import conditions_of
from definitions.terms import basis_text
from onething.domain.calendar.limits import Limit, plain
from onething.domain.definition.bundle import BundleDefinition, CorrectionTerms, Reservation
from onething.domain.definition.form_fields import AskedField
from onething.domain.definition.items import ACT_WORDS, AllowedPause, CaseLimit, Handling, Item, UndoBy, node, outcome
from onething.domain.definition.materials import (
    DueTerms,
    LookUpRule,
    ManualCheckFallback,
    Material,
    MaterialSource,
)
from onething.domain.definition.outcomes import USUAL_OUTCOMES, WITH_LETTER, ItemKind, OutcomeEffect
from onething.domain.definition.periods import OUTCOMES, Period, PeriodState, PlannedInspection
from onething.domain.definition.questions import Answers, AnswerValue
from onething.domain.definition.time_rules import CheckHow, DueAt, OverdueHow
from onething.domain.errors import FailureCode, FieldProblem, require_valid
from onething.domain.lookups.disclosure import subject_of
from onething.domain.plan.critical_path import critical_nodes
from onething.domain.plan.plan import (
    Plan,
    PlanClocks,
    PlanCommitment,
    PlanComparison,
    PlanCondition,
    PlanCorrection,
    PlanData,
    PlanDue,
    PlanExtension,
    PlanInspection,
    PlanItem,
    PlanMaterial,
    PlanOutcome,
    PlanOutput,
    PlanParty,
    PlanPause,
    PlanPeriod,
    PlanReporter,
    PlanReservation,
    key_of,
    refusal_title,
)
from onething.domain.sources.source import SourceDefinition, SourceEffect, SourceGives

__all__ = ["applicable_form", "check_answers", "compile_plan", "source_of"]


def compile_plan(
    definition: BundleDefinition, sources: Mapping[str, SourceDefinition], answers: Mapping[str, AnswerValue]
) -> Plan:
    """The plan of one case. `sources` by code. Raise `InvalidInput` with everything wrong with the answers."""
    complete = complete_answers(definition, answers)
    holds = _holding(definition, complete)
    items, between = _applicable(definition, holds)
    if not items:  # found by the linter, as far as it looks
        require_valid([FieldProblem("/answers", FailureCode.INVALID_VALUE, "按这些回答没有要办的事项，请核对。")])
    codes = {item.code for item in items}
    materials = _materials(definition, sources, holds, items)
    there = {one.code for one in materials}
    looked_up = tuple(one for one in definition.lookups if one.code in there)
    asked = {
        material.code
        for material in materials
        if material.source is MaterialSource.APPLICANT
        and material.required
        and not (material.fallback_for or material.comes_later)
    }
    keys = {one.code for one in looked_up}
    planned = tuple(_item(definition, item, codes, asked, keys, between, holds) for item in items)
    periods = tuple(_period(definition, period, codes, between) for period in between.periods)
    inspections = tuple(_inspection(definition, one, codes) for one in between.inspections)
    compared = tuple(_compared(definition, complete, planned, keys))
    return Plan(
        bundle=definition.ref,
        definition_digest=definition.digest,
        name=definition.name,
        calendar=definition.calendar,
        promised=plain(definition.promised),
        statutory=plain(definition.statutory),
        items=planned,
        periods=periods,
        inspections=inspections,
        data=tuple(_data(definition, one, one.lookup, sources, holds) for one in looked_up if one.lookup),
        materials=materials,
        clocks=_clocks(definition, planned, periods, inspections),
        correction=_correction(definition.correction),
        compare=compared,
        reporter=_reporter(definition, holds),
        parties=tuple(_parties(definition, holds)),
        reservations=tuple(_reservation(definition, one) for one in definition.reservations if one.item in codes),
    )


_Holds = Callable[[str | None], bool]
"""Whether a `when` holds for the answers of this case; none always does."""


class _Between(NamedTuple):
    """What stands between the items of a case."""

    periods: tuple[Period, ...]
    inspections: tuple[PlannedInspection, ...]


def _applicable(definition: BundleDefinition, holds: _Holds) -> tuple[tuple[Item, ...], _Between]:
    """What comes only after a certain outcome does not apply in a case that has not what would end so; nor does an
    inspection in which no item of the case takes part."""
    items = tuple(item for item in definition.items if holds(item.when))
    periods = tuple(period for period in definition.periods if holds(period.when))
    while True:
        there = {item.code for item in items} | {period.code for period in periods}
        before = len(items), len(periods)
        items = tuple(one for one in items if _can_come(one, there))
        periods = tuple(one for one in periods if _can_come(one, there))
        if before == (len(items), len(periods)):
            codes = {item.code for item in items}
            inspections = (one for one in definition.inspections if holds(one.when))
            return items, _Between(periods, tuple(one for one in inspections if codes.intersection(one.items)))


def _can_come(waiting: Item | Period, there: set[str]) -> bool:
    return all(outcome(before) is None or node(before) in there for before in waiting.after)


def _outcomes_before(definition: BundleDefinition, after: Iterable[str], codes: set[str]) -> dict[str, str]:
    """Item of this case → with what it has to end; what its periods come after included."""
    found = {code: ends for code, ends in definition.outcomes_before(after) if code in codes}
    return dict(sorted(found.items()))


def _needed(after: Iterable[str], periods: Iterable[Period]) -> dict[str, PeriodState]:
    """Period of this case → how it has to end."""
    kinds = {period.code: period.kind for period in periods}
    return {
        node(before): PeriodState(outcome(before) or OUTCOMES[kinds[node(before)]][0])
        for before in after
        if node(before) in kinds
    }


def _period(definition: BundleDefinition, period: Period, codes: set[str], between: _Between) -> PlanPeriod:
    return PlanPeriod(
        code=period.code,
        name=period.name,
        kind=period.kind,
        length=plain(period.length),
        department=period.department,
        needs_items=tuple(code for code in definition.items_before(period.after) if code in codes),
        needs_periods=_needed(period.after, between.periods),
        needs_inspections=_inspected(period.after, between.inspections),
        needs_outcomes=_outcomes_before(definition, period.after, codes),
        counts=period.counts == "case",
        stops_law=period.stops_law,
        basis="；".join(basis_text(one) for one in period.length.basis),
    )


def _inspected(after: Iterable[str], inspections: Iterable[PlannedInspection]) -> tuple[str, ...]:
    """Those of this case that have to be closed."""
    there = {one.code for one in inspections}
    return tuple(code for code in map(node, after) if code in there)


def _inspection(definition: BundleDefinition, planned: PlannedInspection, codes: set[str]) -> PlanInspection:
    return PlanInspection(
        code=planned.code,
        name=planned.name,
        kind=planned.kind,
        department=planned.lead,
        items=tuple(code for code in planned.items if code in codes),
        needs_items=tuple(code for code in definition.items_before(planned.after) if code in codes),
        offered=planned.slots.offered,
        offered_within=plain(planned.slots.within),
        officers=planned.officers,
        absent=planned.absent,
        limit=plain(planned.limit),
        rectify_within=plain(planned.rectify.within),
        rechecks=planned.rectify.rechecks,
        stops_law=planned.rectify.stops_law,
        basis="；".join(basis_text(each) for each in planned.basis),
    )


def _holding(definition: BundleDefinition, complete: Answers) -> _Holds:
    conditions = conditions_of(definition)
    return lambda when: conditions.holds(when, complete)


def _reporter(definition: BundleDefinition, holds: _Holds) -> PlanReporter | None:
    rule = definition.reporter
    if rule is None or not holds(rule.when):
        return None
    return PlanReporter(until_shown=rule.until_shown, name=rule.about.name, identity=rule.about.identity)


def _reservation(definition: BundleDefinition, rule: Reservation) -> PlanReservation:
    sizes = {f"params.{one.id}": one.value for one in definition.parameters}
    return PlanReservation(
        code=rule.code,
        name=rule.name,
        kind=rule.kind,
        item=rule.item,
        taken=rule.taken,
        full=rule.full,
        says=rule.says,
        basis="；".join(basis_text(one) for one in rule.basis),
        pool=1 if rule.pool is None else int(Decimal(str(sizes[rule.pool]))),
        amount=rule.amount,
        frees=rule.once_granted == "frees",
    )


def _clocks(
    definition: BundleDefinition,
    items: tuple[PlanItem, ...],
    periods: tuple[PlanPeriod, ...],
    inspections: tuple[PlanInspection, ...],
) -> PlanClocks | None:
    if definition.clocks is None:
        return None
    return PlanClocks(**dict(definition.clocks), critical=critical_nodes(items, periods, inspections))


def applicable_form(definition: BundleDefinition, answers: Mapping[str, AnswerValue]) -> tuple[AskedField, ...]:
    """The merged form of this case: the fields that apply and that an applicable item reads."""
    holds = _holding(definition, complete_answers(definition, answers))
    codes = {item.code for item in definition.items if holds(item.when)}
    return tuple(
        _with_applicable_rows(field, holds)
        for field in definition.form
        if holds(field.when) and codes.intersection(definition.readers[field.id])
    )


def _with_applicable_rows(field: AskedField, holds: _Holds) -> AskedField:
    rows = tuple(column for column in field.fields if holds(column.when))
    return field if rows == field.fields else field.model_copy(update={"fields": rows})


def _materials(
    definition: BundleDefinition, sources: Mapping[str, SourceDefinition], holds: _Holds, items: tuple[Item, ...]
) -> tuple[PlanMaterial, ...]:
    """What applicable items look at, as far as this case has what it comes from."""
    needed_by = {
        one.code: tuple(item.code for item in items if one.code in item.materials) for one in definition.materials
    }
    givers = {item.code for item in items}
    chosen = [
        one
        for one in definition.materials
        if needed_by[one.code] and holds(one.when) and (one.giver is None or one.giver in givers)
    ]
    return tuple(
        PlanMaterial(
            code=one.code,
            name=one.name,
            source=source_of(one, sources),
            required=one.required,
            needed_by=needed_by[one.code],
            output=one.output,
            due=_due(one.due),
            commitment=_commitment(one, items, holds),
            fallback_for=tuple(other.code for other in chosen if other.fallback_material == one.code),
        )
        for one in chosen
    )


def source_of(material: Material, sources: Mapping[str, SourceDefinition]) -> MaterialSource:
    """Where it comes from, for people."""
    if material.lookup is not None:
        licence = sources[material.lookup.source].gives is SourceGives.LICENCE
        return MaterialSource.E_LICENCE if licence else MaterialSource.DATA_SHARING
    return MaterialSource.APPLICANT if material.output is None else MaterialSource.ITEM_OUTPUT


def _correction(rule: CorrectionTerms | None) -> PlanCorrection | None:
    return None if rule is None else PlanCorrection(**{**dict(rule), "basis": basis_text(rule.basis)})


def _due(rule: DueTerms | None) -> PlanDue | None:
    if rule is None or rule.at is DueAt.ACCEPTANCE:
        return None
    return PlanDue(**{**dict(rule), "basis": basis_text(rule.basis)})


def _commitment(material: Material, items: tuple[Item, ...], holds: _Holds) -> PlanCommitment | None:
    """What may be promised in place of the material; of a statement, what an item is decided on."""
    for item in items:
        rule = item.commitment
        if rule is not None and rule.statement == material.code:
            return PlanCommitment(
                check=CheckHow.ALL,
                within=plain(rule.check.within),
                basis="；".join(basis_text(one) for one in rule.basis),
                says=(rule.says, *(one.says for one in item.conditions if holds(one.when))),
                rectify=plain(rule.rectify.within) if rule.rectify else None,
                bars=rule.bars,
            )
    offer = material.commitment
    if offer is None:
        return None
    within = None if offer.check_days is None else Limit(amount=offer.check_days)
    basis = basis_text(offer.basis)
    return PlanCommitment(check=offer.check, within=within, share_percent=offer.share_percent, basis=basis)


def _pause(rule: AllowedPause) -> PlanPause:
    return PlanPause(
        procedure=rule.procedure, at_most=rule.at_most, basis=basis_text(rule.basis), stops_law=rule.stops_law
    )


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


def _item(
    definition: BundleDefinition,
    item: Item,
    codes: set[str],
    requested: set[str],
    keys: set[str],
    between: _Between,
    holds: _Holds,
) -> PlanItem:
    of_law = _first(item.limits.of_law, holds)
    return PlanItem(
        code=item.code,
        name=item.name,
        department=item.department,
        promised=_promised(item, holds),
        statutory=plain(of_law) if of_law else None,
        extension=_extension(of_law),
        needs_items=tuple(giver for giver in definition.givers(item) if giver in codes),
        needs_periods=_needed(item.after, between.periods),
        needs_inspections=_inspected(item.after, between.inspections),
        needs_outcomes=_outcomes_before(definition, item.after, codes),
        needs_materials=tuple(code for code in item.materials if code in requested),
        needs_data=tuple(code for code in item.materials if code in keys),
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
        conditions=() if _is_promised(item, requested) else tuple(_conditions(item, holds)),
        outcomes=() if item.ends_with == USUAL_OUTCOMES[ItemKind.DECISION] else tuple(_outcomes(item)),
    )


def _is_promised(item: Item, requested: set[str]) -> bool:
    """Whether it is decided on what the applicant states: then nobody looks at its conditions before."""
    return item.commitment is not None and item.commitment.statement in requested


def _conditions(item: Item, holds: _Holds) -> Iterator[PlanCondition]:
    for one in item.conditions:
        if holds(one.when):
            yield PlanCondition(id=one.id, says=one.says, basis="；".join(basis_text(each) for each in one.basis))


def _outcomes(item: Item) -> Iterator[PlanOutcome]:
    for one in item.ends_with:
        refuses = one.effect is OutcomeEffect.REFUSED
        act = item.act or ACT_WORDS[item.nature]
        usual = refusal_title(act, item.nature) if item.kind is ItemKind.DECISION else WITH_LETTER.get(item.kind)
        document = one.document or (usual if refuses else None)
        yield PlanOutcome(id=one.id, name=one.name, effect=one.effect, document=document)


def _compared(
    definition: BundleDefinition, complete: Answers, items: tuple[PlanItem, ...], keys: set[str]
) -> Iterator[PlanComparison]:
    """What this case has to compare: two values at least, one of them a record's. It concerns the items that look at
    a record among them: who only reads the form has nothing to hold it against."""
    if not definition.compare:
        return
    fields = {f"form.{field.id}" for field in applicable_form(definition, complete)}
    for one in definition.compare:
        values = tuple(value for value in one.values if _has(value, fields, keys))
        looked_up = {key_of(value) for value in values}
        if len(values) < 2 or looked_up == {None}:
            continue
        using = tuple(item.code for item in items if looked_up.intersection(item.needs_data))
        yield PlanComparison(code=one.code, name=one.name, kind=one.kind, values=values, items=using)


def _has(value: str, fields: set[str], keys: set[str]) -> bool:
    key = key_of(value)
    return key in keys if key is not None else value in fields or value.startswith("applicant.")


def _parties(definition: BundleDefinition, holds: _Holds) -> Iterator[PlanParty]:
    """Those whose number this case has."""
    form = {field.id: field for field in definition.form}
    for one in definition.parties:
        if holds(form[one.identity].when):
            yield PlanParty(
                id=one.id, name=one.name, identity=one.identity, speaks=one.speaks, related_by=one.related_by
            )


def _data(
    definition: BundleDefinition,
    material: Material,
    lookup: LookUpRule,
    sources: Mapping[str, SourceDefinition],
    holds: _Holds,
) -> PlanData:
    source = sources[lookup.source]
    subject = subject_of(lookup.params, source, {field.id: field for field in definition.form})
    about = tuple(party.id for party in _parties(definition, holds) if party.identity in subject.numbers)
    return PlanData(
        key=material.code,
        name=material.name,
        source=lookup.source,
        department=source.department,
        params=lookup.params,
        patience_minutes=lookup.patience_minutes or source.patience_minutes,
        fallback=material.fallback_material,
        releasable=source.effect is SourceEffect.RELEASABLE,
        fallback_kind=material.fallback_kind,
        check_days=material.fallback.days if isinstance(material.fallback, ManualCheckFallback) else None,
        personal=subject.personal,
        about=about if len(about) == len(set(subject.numbers)) else (),
        by=lookup.by,
        duty="；".join(basis_text(one) for one in lookup.duty.basis) if lookup.duty else None,
    )
