"""A definition in people's words: for who keeps it, and a page for each department to sign, of what it reads, decides,
by when, against what remedies, and what its silence means. Pure."""

from collections.abc import Callable, Iterable, Iterator

from definitions.compile import source_of
from definitions.conditions import conditions_of
from definitions.loader import Catalog
from definitions.terms import basis_text, how_brought, limit_text
from definitions.time_guide import ItemTimes, TimeGuide, time_guide
from definitions.words import value_word
from onething.domain.base import Strict
from onething.domain.definition.bundle import BundleDefinition
from onething.domain.definition.form_fields import FormField
from onething.domain.definition.items import ACT_WORDS, Item, Nature, UndoHow
from onething.domain.definition.materials import CommitmentFallback, LookUpRule, ManualCheckFallback, Material
from onething.domain.definition.outcomes import ItemKind
from onething.domain.definition.time_rules import CheckHow


class ItemSheet(Strict):
    """`decides`: what may be decided, in the words of the letters; `fills`: what a decision says beside."""

    code: str
    name: str
    department: str
    department_name: str
    nature: str
    kind: str
    condition: str | None  # on which questions it depends; None: always
    promised: str
    statutory: str
    limits: tuple[str, ...]  # each of its limits: how long, in which situation, by which text
    critical: bool
    waits_for: tuple[str, ...]
    inspection: str | None  # that it takes part in
    records: tuple[str, ...]
    materials: tuple[str, ...]
    decides: tuple[str, ...]
    conditions: tuple[str, ...]  # that a decision says of each whether it is met
    promise: tuple[str, ...]  # on which of the applicant's words it is decided, and what follows; none: on none
    fills: tuple[str, ...]
    gives: tuple[str, ...]
    basis: tuple[str, ...]
    no_deferral: str | None  # why nothing that it takes may come later
    may_stop: tuple[str, ...]
    extension: str | None
    silence: str
    silence_basis: str | None
    on_refusal: str
    undo: str
    fees: tuple[str, ...]
    handling: str
    remedies: str


class MaterialSheet(Strict):
    name: str
    source: str
    needed_by: tuple[str, ...]
    condition: str | None
    notes: tuple[str, ...]


class RecordSheet(Strict):
    """A record that is looked up: whose, and which of its fields come."""

    name: str
    owner: str
    asked_with: tuple[str, ...]
    fields: tuple[str, ...]
    used_by: tuple[str, ...]
    instead: str


class DepartmentSheet(Strict):
    """`form`: fields of the application that it sees; `supplies`: records of its own that others' items are given."""

    department: str
    name: str
    form: tuple[str, ...]
    records: tuple[RecordSheet, ...]
    materials: tuple[MaterialSheet, ...]
    items: tuple[ItemSheet, ...]
    supplies: tuple[RecordSheet, ...]


class DefinitionSheet(Strict):
    items: tuple[ItemSheet, ...]
    materials: tuple[MaterialSheet, ...]
    records: tuple[RecordSheet, ...]
    time: TimeGuide


Remedy = Callable[[Item], str]
"""What may be done against a decision on an item, as its letters tell it."""


def definition_sheet(catalog: Catalog, definition: BundleDefinition, remedy: Remedy) -> DefinitionSheet:
    time = time_guide(definition)
    return DefinitionSheet(
        items=tuple(_items(catalog, definition, time, remedy)),
        materials=tuple(_material(catalog, definition, one) for one in definition.materials),
        records=tuple(_records(catalog, definition, definition.lookups)),
        time=time,
    )


def department_sheet(
    catalog: Catalog, definition: BundleDefinition, department: str, remedy: Remedy
) -> DepartmentSheet | None:
    """None where the definition gives the department nothing to do, nor asks it for anything."""
    own = {item.code for item in definition.items if item.department == department}
    seen = {code for item in definition.items if item.code in own for code in item.materials}
    supplies = [
        one for one in definition.lookups if one.lookup and catalog.sources[one.lookup.source].department == department
    ]
    if not own and not supplies:
        return None
    return DepartmentSheet(
        department=department,
        name=catalog.departments[department],
        form=tuple(_label(one) for one in definition.form if own.intersection(definition.readers[one.id])),
        records=tuple(_records(catalog, definition, (one for one in definition.lookups if one.code in seen))),
        materials=tuple(_material(catalog, definition, one) for one in definition.materials if one.code in seen),
        items=tuple(one for one in _items(catalog, definition, time_guide(definition), remedy) if one.code in own),
        supplies=tuple(_records(catalog, definition, supplies)),
    )


def departments_asked(catalog: Catalog, definition: BundleDefinition) -> tuple[str, ...]:
    """Codes of all that have a page to sign: of its items, then of the records that these need."""
    owners = (catalog.sources[one.lookup.source].department for one in definition.materials if one.lookup)
    return tuple(dict.fromkeys((*definition.departments, *owners)))


def _items(catalog: Catalog, definition: BundleDefinition, time: TimeGuide, remedy: Remedy) -> Iterator[ItemSheet]:
    names = {one.code: one.name for one in definition.items}
    materials = {one.code: one for one in definition.materials}
    times = {one.code: one for one in time.items}
    for item in definition.items:
        of_its_time = times[item.code]
        yield ItemSheet(
            code=item.code,
            name=item.name,
            department=item.department,
            department_name=catalog.departments[item.department],
            nature=value_word(item.nature),
            kind=value_word(item.kind),
            condition=_condition(definition, item.when),
            promised=limit_text(item.promised),
            statutory=limit_text(item.statutory),
            limits=tuple(_limits(definition, item)),
            critical=of_its_time.critical,
            waits_for=tuple(names[code] for code in definition.givers(item)),
            inspection=_inspection(catalog, definition, item),
            records=tuple(materials[code].name for code in item.materials if materials[code].lookup),
            materials=tuple(materials[code].name for code in item.materials),
            decides=_decisions(item),
            conditions=tuple(_conditions(definition, item)),
            promise=tuple(_promise(definition, item)),
            fills=tuple(_label(one) for one in item.decision_form),
            gives=tuple(f"{one.name}（{value_word(one.kind)}）" for one in item.outputs),
            basis=tuple(basis_text(one) for one in item.basis),
            no_deferral=item.deferral.none if item.deferral else None,
            may_stop=tuple(_stops(of_its_time)),
            extension=limit_text(of_its_time.may_be_extended) if of_its_time.may_be_extended else None,
            silence=of_its_time.on_silence_means,
            silence_basis=of_its_time.on_silence_basis,
            on_refusal=value_word(item.on_refusal),
            undo=_undo(item),
            fees=tuple(f"{one.name} {one.amount_fen / 100:.2f} 元（{basis_text(one.basis)}）" for one in item.fees),
            handling=value_word(item.handling),
            remedies=remedy(item),
        )


def _inspection(catalog: Catalog, definition: BundleDefinition, item: Item) -> str | None:
    for planned in definition.inspections:
        if item.code in planned.items:
            lead, signed = catalog.departments[planned.lead], f"至少{planned.officers}人签字"
            absent = value_word(planned.absent)
            return f"{planned.name}（{lead}牵头，{signed}）；登记了查验结果才能作出决定；没有到场的，{absent}"
    return None


def _condition(definition: BundleDefinition, text: str | None) -> str | None:
    if text is None:
        return None
    asked = {one.id: one.question for one in definition.questions}
    reads = conditions_of(definition).condition(text).questions
    return f"视{'、'.join(f'“{asked[name]}”' for name in reads)}的回答"


def _limits(definition: BundleDefinition, item: Item) -> Iterator[str]:
    for word, limits in (("承诺", item.limits.promised), ("法定", item.limits.of_law)):
        for limit in limits:
            others = "，其他情形" if len(limits) > 1 else ""
            when = f"，{_situation(definition, limit.when)}" if limit.when else others
            note = f"；{limit.note.rstrip('。')}" if limit.note else ""
            yield f"{word}{limit_text(limit)}{when}：{'、'.join(basis_text(one) for one in limit.basis)}{note}"
    if not item.limits.of_law:
        yield "法定期限：没有规定"


def _situation(definition: BundleDefinition, text: str) -> str:
    """By the names of the situations that it reads; else by the questions."""
    reads = conditions_of(definition).condition(text).names
    named = [one.name for one in definition.situations if f"situation.{one.id}" in reads]
    return "、".join(named) or str(_condition(definition, text))


def _conditions(definition: BundleDefinition, item: Item) -> Iterator[str]:
    for one in item.conditions:
        when = f"（{_situation(definition, one.when)}）" if one.when else ""
        yield f"{one.says}{when}（{'、'.join(basis_text(each) for each in one.basis)}）"


def _decisions(item: Item) -> tuple[str, ...]:
    if item.outcomes or item.kind is not ItemKind.DECISION:
        return tuple(one.name for one in item.ends_with)
    if item.nature is Nature.UTILITY:
        return "办理", "不予办理"
    word = item.act or ACT_WORDS[item.nature]
    return f"准予{word}", f"不予{word}"


def _promise(definition: BundleDefinition, item: Item) -> Iterator[str]:
    """On whose word it is decided, and what follows."""
    rule = item.commitment
    if rule is None:
        return
    name = next((one.name for one in definition.materials if one.code == rule.statement), rule.statement)
    basis = "、".join(basis_text(one) for one in rule.basis)
    yield f"有“{name}”的，按承诺决定：{rule.says}（{basis}）"
    within = rule.check.within
    yield f"办成后{limit_text(within)}内核查（{'、'.join(basis_text(one) for one in within.basis)}）"
    if rule.rectify is not None:
        within = rule.rectify.within
        basis = "、".join(basis_text(one) for one in within.basis)
        yield f"核查不符的，{limit_text(within)}内改正，仍不符的依法撤销（{basis}）"
    if rule.bars:
        yield rule.bars


def _stops(time: ItemTimes) -> Iterator[str]:
    for one in time.may_pause:
        most = f"，至多{limit_text(one.at_most)}" if one.at_most else ""
        reach = "" if one.stops_law else "，只停承诺时限"
        basis = f"（{one.requires}）" if one.requires else ""
        yield f"{one.name}{most}{reach}{basis}"


def _undo(item: Item) -> str:
    how = value_word(item.undo.how)
    what = f"：{item.undo.what}" if item.undo.what else ""
    basis = f"（{basis_text(item.undo.basis)}）" if item.undo.how is UndoHow.BY_LAW and item.undo.basis else ""
    return f"{how}{what}{basis}"


def _material(catalog: Catalog, definition: BundleDefinition, material: Material) -> MaterialSheet:
    return MaterialSheet(
        name=material.name,
        source=value_word(source_of(material, catalog.sources)),
        needed_by=_seen_by(definition, material),
        condition=_condition(definition, material.when),
        notes=tuple(_notes(material)),
    )


def _notes(material: Material) -> Iterator[str]:
    if not material.required:
        yield "可以不交"
    yield from how_brought(material)
    if material.commitment:
        check = material.commitment.check
        share = f" {material.commitment.share_percent}%" if check is CheckHow.RANDOM else ""
        yield f"可以告知承诺：{value_word(check)}{share}"
    if material.reusable_days:
        yield f"{material.reusable_days} 日内交过的可以沿用"
    if material.basis:
        yield basis_text(material.basis)


def _seen_by(definition: BundleDefinition, material: Material) -> tuple[str, ...]:
    return tuple(item.name for item in definition.items if material.code in item.materials)


def _records(catalog: Catalog, definition: BundleDefinition, materials: Iterable[Material]) -> Iterator[RecordSheet]:
    return (_record(catalog, definition, one, one.lookup) for one in materials if one.lookup)


def _record(catalog: Catalog, definition: BundleDefinition, material: Material, lookup: LookUpRule) -> RecordSheet:
    source = catalog.sources[lookup.source]
    params = {param.id: param.label for param in source.params}
    return RecordSheet(
        name=material.name,
        owner=f"{catalog.departments[source.department]}（{source.name}）",
        asked_with=tuple(params.get(name, name) for name in lookup.params),
        fields=tuple(field.label for field in source.fields),
        used_by=_seen_by(definition, material),
        instead=_instead(definition, material),
    )


def _instead(definition: BundleDefinition, material: Material) -> str:
    name = next((each.name for each in definition.materials if each.code == material.fallback_material), None)
    match material.fallback:
        case ManualCheckFallback(days=days):
            then = f"，仍查不到由申请人提供{name}" if name else "，仍查不到继续等数据源"
            return f"人工核查 {days} 个工作日{then}"
        case CommitmentFallback():
            return f"由申请人提供{name}或作出承诺"
        case str():
            return f"由申请人提供{name}"
    return "继续等数据源"


def _label(field: FormField) -> str:
    return field.label if field.required else f"{field.label}（选填）"
