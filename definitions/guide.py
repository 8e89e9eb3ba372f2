"""一次告知: everything that a case of these answers will take, told at once before anybody applies."""

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime
from enum import StrEnum

from definitions.answers import applicable_questions, complete_answers
from definitions.compile import applicable_form, compile_plan
from definitions.conditions import conditions_of
from definitions.loader import Catalog
from definitions.savings import Saving, saving
from definitions.terms import basis_text, due_text, how_brought, limit_text, promise_text
from definitions.time_guide import TimeGuide, time_guide
from onething.domain.base import Strict
from onething.domain.calendar.countdown import Pause, PauseBasis, end
from onething.domain.calendar.days import LOCAL, Calendar, next_office_time
from onething.domain.calendar.limits import Limit
from onething.domain.definition.bundle import BundleDefinition, DeliveryMethod
from onething.domain.definition.form_fields import AskedField
from onething.domain.definition.items import UndoHow
from onething.domain.definition.materials import FallbackKind, KeptAs, Material, MaterialSource
from onething.domain.definition.outcomes import ItemKind, OutcomeEffect
from onething.domain.definition.periods import OUTCOMES
from onething.domain.definition.questions import Answers, AnswerValue, Question
from onething.domain.definition.time_rules import DueAt
from onething.domain.plan.plan import Plan, PlanInspection, PlanItem, PlanMaterial, PlanPeriod


class MaterialDemand(StrEnum):
    NOW = "now"  # with the application
    IF_SOURCE_FAILS = "if_source_fails"
    LATER = "later"  # not to apply, but when the result is collected
    NEVER = "never"  # we fetch it, or another item brings it


class GuideFee(Strict):
    item: str
    name: str
    amount_fen: int
    basis: str


class GuideItem(Strict):
    code: str
    name: str
    department: str
    department_name: str
    kind: ItemKind
    ends_with: tuple[str, ...]  # names of the outcomes that there may be
    conditions: tuple[str, ...]  # what has to be so, each with what it rests on
    promised: Limit
    statutory: Limit | None = None  # none: no law sets one
    basis: tuple[str, ...]
    after: tuple[str, ...]  # items that must be approved before
    outputs: tuple[str, ...]  # names of what it gives
    undo: UndoHow
    undo_means: str | None  # what giving it back, or revoking it, brings
    within: str  # its promise, from when: "受理后 3 个工作日"


class Expected(Strict):
    """Dates that hold only if the application is accepted at `if_accepted_at`, the first office time from when it was
    asked. `items`: by code, when every item before it takes all of its promise. `provisional`: they rest on days that
    the calendar does not cover yet."""

    if_accepted_at: datetime
    due_at: datetime
    items: dict[str, datetime]
    provisional: bool
    text: str


class GuideMaterial(Strict):
    code: str
    name: str
    source: MaterialSource
    asked: MaterialDemand
    required: bool
    copies: int  # that one item wants when handled alone; here one set serves all
    kept_as: KeptAs
    how: tuple[str, ...]  # which papers will do, in what form, by whom made out, how old: one sentence each
    needed_by: tuple[str, ...]  # item codes
    why: str
    from_where: str
    accepts: tuple[str, ...]
    may_promise: bool  # a dated statement may take its place
    promises: tuple[str, ...]  # of what an item is decided on, all that is promised; none: that the material is there
    due: DueAt
    due_means: str  # when it has to be there, and what follows if it is not, for people


class Guide(Strict):
    bundle: str  # code@version
    name: str
    summary: str
    promised: Limit
    statutory: Limit
    delivery: tuple[DeliveryMethod, ...]
    questions: tuple[Question, ...]  # those that apply
    answers: Answers  # to these, given or by default
    items: tuple[GuideItem, ...]
    form: tuple[AskedField, ...]
    materials: tuple[GuideMaterial, ...]
    fees: tuple[GuideFee, ...]
    total_fen: int
    saved: Saving
    time: TimeGuide
    within: str  # the promise of the whole: "受理后 3 个工作日"
    expected: Expected | None


def guide(
    catalog: Catalog,
    definition: BundleDefinition,
    answers: Mapping[str, AnswerValue],
    start: datetime | None = None,
    reusable: Collection[str] = (),
) -> Guide:
    """The guide of one situation; what to expect for who asks at `start` (aware); `reusable`: materials of which the
    applicant has an earlier file. Raise `InvalidInput` for wrong answers."""
    plan = compile_plan(definition, catalog.sources, answers)
    form = applicable_form(definition, answers)
    complete = complete_answers(definition, answers)
    questions = applicable_questions(definition, answers)
    fees = _fees(definition, plan, complete)
    calendar = catalog.calendars[definition.calendar]
    return Guide(
        bundle=definition.ref,
        name=definition.name,
        summary=definition.summary,
        promised=plan.promised,
        statutory=plan.statutory,
        delivery=definition.delivery,
        questions=questions,
        answers={question.id: complete[question.id] for question in questions},
        items=_items(catalog, definition, plan),
        form=form,
        materials=tuple(_material(catalog, definition, plan, material) for material in plan.materials),
        fees=fees,
        total_fen=sum(fee.amount_fen for fee in fees),
        saved=saving(definition, plan, form, reusable),
        time=time_guide(definition, plan),
        within=f"受理后{limit_text(definition.promised)}",
        expected=_expected(calendar, definition, plan, start) if start else None,
    )


def _expected(calendar: Calendar, definition: BundleDefinition, plan: Plan, asked_at: datetime) -> Expected:
    """Nobody accepts on a Sunday night."""
    accepted_at = next_office_time(calendar, asked_at)
    dates, standing = _dates(calendar, plan, accepted_at)
    whole = end(calendar, accepted_at, definition.promised, standing)
    accepted, due = (at.astimezone(LOCAL) for at in (accepted_at, whole.at))
    open_swaps = "（暂定）" if whole.provisional else ""
    names = "、".join(dict.fromkeys(plan.period_by_code[pause.item].name for pause in standing if pause.item))
    without = f"（{names}不计入承诺，已顺延）" if names else ""
    return Expected(
        if_accepted_at=accepted_at,
        due_at=whole.at,
        items={code: dates[code] for code in plan.item_by_code if _goes_well(plan, plan.item_by_code[code])},
        provisional=whole.provisional,
        text=f"如果 {accepted:%Y-%m-%d %H:%M} 受理，承诺 {due:%Y-%m-%d %H:%M} 前办结{without}{open_swaps}",
    )


def _goes_well(plan: Plan, waiting: PlanItem | PlanPeriod) -> bool:
    """Whether it is done where all before it ends well: nobody expects an objection, nor a refusal."""
    periods, items = plan.period_by_code, plan.item_by_code
    if any(items[code].effect(how) is not OutcomeEffect.WELL for code, how in waiting.needs_outcomes.items()):
        return False
    before = (*map(periods.get, waiting.needs_periods), *map(items.get, waiting.needs_items))
    return all(how is OUTCOMES[periods[code].kind][0] for code, how in waiting.needs_periods.items()) and all(
        _goes_well(plan, each) for each in before if each is not None
    )


def _dates(calendar: Calendar, plan: Plan, start: datetime) -> tuple[dict[str, datetime], tuple[Pause, ...]]:
    """When each item, period and inspection is due, if all before it take as long as they may; and when the promise for
    the whole stands still."""
    dates: dict[str, datetime] = {}
    nodes = plan.item_by_code | plan.period_by_code | plan.inspection_by_code
    standing: list[Pause] = []

    def date_of(code: str) -> datetime:
        if code not in dates:
            one = nodes[code]
            begins = max(map(date_of, _needs(one)), default=start)
            length = _length(one)
            dates[code] = end(calendar, begins, length).at
            if isinstance(one, PlanPeriod) and not one.counts and plan.clocks and code in plan.clocks.critical:
                standing.append(Pause(since=begins, until=dates[code], basis=PauseBasis.PERIOD, item=code))
        return dates[code]

    for code in nodes:
        date_of(code)
    return dates, tuple(sorted(standing, key=lambda pause: pause.since))


def _needs(node: PlanItem | PlanPeriod | PlanInspection) -> tuple[str, ...]:
    between = () if isinstance(node, PlanInspection) else (*node.needs_periods, *node.needs_inspections)
    return (*node.needs_items, *between)


def _length(node: PlanItem | PlanPeriod | PlanInspection) -> Limit:
    match node:
        case PlanItem():
            return node.promised
        case PlanPeriod():
            return node.length
        case PlanInspection():
            return node.limit


def _items(catalog: Catalog, definition: BundleDefinition, plan: Plan) -> tuple[GuideItem, ...]:
    planned = plan.item_by_code
    return tuple(
        GuideItem(
            code=item.code,
            name=item.name,
            department=item.department,
            department_name=catalog.departments[item.department],
            kind=item.kind,
            ends_with=tuple(one.name for one in item.ends_with),
            conditions=tuple(f"{one.says}（{one.basis}）" for one in planned[item.code].conditions),
            promised=planned[item.code].promised,
            statutory=planned[item.code].statutory,
            basis=tuple(basis_text(basis) for basis in item.basis),
            after=planned[item.code].needs_items,
            outputs=tuple(output.name for output in item.outputs),
            undo=item.undo.how,
            undo_means=item.undo.what,
            within=_within(plan, planned[item.code]),
        )
        for item in definition.items
        if item.code in planned
    )


def _within(plan: Plan, item: PlanItem) -> str:
    names = [plan.period_by_code[code].name for code in item.needs_periods]
    names += [plan.inspection_by_code[code].name for code in item.needs_inspections]
    between = "、".join(f"“{name}”" for name in names)
    if item.needs_outcomes and not between:
        ended = ((plan.item_by_code[code], ends) for code, ends in item.needs_outcomes.items())
        told = "、".join(f"“{one.name}”的结果为“{found.name}”" for one, ends in ended if (found := one.outcome(ends)))
        return f"{told}的，其后{limit_text(item.promised)}"
    since = f"{between}结束" if between else "前置事项办结" if item.needs_items else "受理"
    return f"{since}后{limit_text(item.promised)}"


def _fees(definition: BundleDefinition, plan: Plan, complete: Mapping[str, AnswerValue]) -> tuple[GuideFee, ...]:
    conditions = conditions_of(definition)
    return tuple(
        GuideFee(item=item.code, name=fee.name, amount_fen=fee.amount_fen, basis=basis_text(fee.basis))
        for item in definition.items
        if item.code in plan.item_by_code
        for fee in item.fees
        if conditions.holds(fee.when, complete)
    )


def _material(catalog: Catalog, definition: BundleDefinition, plan: Plan, planned: PlanMaterial) -> GuideMaterial:
    material = next(one for one in definition.materials if one.code == planned.code)
    if planned.source is not MaterialSource.APPLICANT:
        asked = MaterialDemand.NEVER
    else:
        asked = MaterialDemand.IF_SOURCE_FAILS if planned.fallback_for else MaterialDemand.NOW
        asked = MaterialDemand.LATER if planned.comes_later else asked
    return GuideMaterial(
        code=material.code,
        name=material.name,
        source=planned.source,
        asked=asked,
        required=material.required,
        copies=material.copies,
        kept_as=material.kept_as,
        how=(*how_brought(material), *_promise(planned)),
        needed_by=planned.needed_by,
        why=basis_text(material.basis) if material.basis else material.help or "",
        from_where=_from_where(catalog, definition, plan, material, asked),
        accepts=material.accepts if asked is not MaterialDemand.NEVER else (),
        may_promise=planned.commitment is not None,
        promises=planned.commitment.says if planned.commitment else (),
        due=planned.due.at if planned.due else DueAt.ACCEPTANCE,
        due_means=due_text(planned.due),
    )


def _promise(planned: PlanMaterial) -> Iterator[str]:
    rule = planned.commitment
    return promise_text(rule) if rule is not None and rule.decides else iter(())


def _from_where(
    catalog: Catalog, definition: BundleDefinition, plan: Plan, material: Material, demand: MaterialDemand
) -> str:
    if material.lookup is not None:
        source = catalog.sources[material.lookup.source]
        return f"由系统向{catalog.departments[source.department]}调取（{source.name}），无需提供"
    if material.giver is not None:
        giver = plan.item_by_code[material.giver]
        return f"“{giver.name}”办结后自动流转，无需提供"
    if demand in {MaterialDemand.NOW, MaterialDemand.LATER}:
        return "由您提供"
    return _instead_of(catalog, plan, material.code)


def _instead_of(catalog: Catalog, plan: Plan, code: str) -> str:
    data = next(one for one in plan.data if one.fallback == code)
    match data.fallback_kind:
        case FallbackKind.MANUAL_CHECK:
            owner = catalog.departments[data.department]
            return f"先由系统调取，调取不到时由{owner}人工核查，仍查不到再由您提供"
        case FallbackKind.COMMITMENT:
            return "先由系统调取，调取不到时再由您提供，或作出承诺"
        case _:
            return "先由系统调取，调取不到时再由您提供"
