"""Who holds what of a case now: the plan's departments, but for what was reassigned since duties moved."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeVar

from onething.domain.definition.materials import FallbackKind
from onething.domain.kernel.state import (
    AT_DEPARTMENT,
    SETTLED,
    UNDER_CHECK,
    CaseState,
    DataState,
    Differing,
    Effect,
    EffectKind,
    ItemState,
    Reply,
)
from onething.domain.plan.plan import Plan, PlanData, PlanInspection, PlanItem, PlanPeriod

HeldPart = TypeVar("HeldPart", PlanItem, PlanData, PlanPeriod, PlanInspection)


@dataclass(frozen=True, slots=True)
class Custody:
    """Something that a department has to do, or may get to do: an item, the look-ups of a data key, an opinion."""

    item: str  # or data key
    consult: int | None = None  # number of the opinion on the item


def with_custodians(plan: Plan, custodians: Mapping[str, str]) -> Plan:
    """The plan as it is read: with the departments that hold its items and data now. Never stored: a plan that was
    recorded stays as it is."""
    if not custodians:
        return plan
    first = {item.department: item.code for item in reversed(plan.items)}  # periods and inspections go where it goes
    return plan.model_copy(
        update={
            "items": tuple(_held(one, custodians.get(one.code)) for one in plan.items),
            "data": tuple(_held(one, custodians.get(one.key)) for one in plan.data),
            "periods": tuple(_held(one, custodians.get(first.get(one.department or "", ""))) for one in plan.periods),
            "inspections": tuple(_held(one, custodians.get(first.get(one.department, ""))) for one in plan.inspections),
        }
    )


def _held(element: HeldPart, department: str | None) -> HeldPart:
    return element if department is None else element.model_copy(update={"department": department})


def custodian(plan: Plan, state: CaseState, name: str) -> str | None:
    """The department that holds an item or data key. None: the case has neither."""
    if name in state.holders:
        return state.holders[name]
    if (item := plan.item_by_code.get(name)) is not None:
        return item.department
    if (data := plan.data_by_key.get(name)) is not None:
        return data.department
    left = (*state.effects, *state.undo_queue, *state.undo_tasks, *state.may_come)  # of a plan before this one
    return next((one.hold.department for one in left if one.hold and one.target == name), None)


def decider(plan: Plan, state: CaseState, item: str) -> str:
    """The department that approved the item, whoever holds it now."""
    for effect in state.effects:
        if effect.kind is EffectKind.APPROVAL and effect.target == item and effect.by is not None:
            return effect.by
    return custodian(plan, state, item) or plan.item_by_code[item].department


def undoer(plan: Plan, state: CaseState, effect: Effect) -> str:
    """The department whose system is asked to undo what was done to an item, or ordered of it."""
    ordered = effect.by if effect.kind is EffectKind.ORDER else None
    return ordered or custodian(plan, state, effect.target) or plan.item_by_code[effect.target].department


def system_of(plan: Plan, state: CaseState, command: str, item: str) -> str:
    """The department whose system was given the item by that order, also since it was called off."""
    called_off = next((one.by for one in state.may_come if one.id == command), None)
    return called_off or plan.item_by_code[item].department


def asked_to_answer(plan: Plan, reply: Reply) -> tuple[str, ...]:
    """Which departments have to answer an urge or a supervision, and so may read it."""
    return reply.departments if reply.item is None else (plan.item_by_code[reply.item].department,)


def at_work(plan: Plan, state: CaseState) -> tuple[str, ...]:
    """Departments with a task of an item or of its data, or with an inspection to lead, now; not those that only wait
    for others. All of them where none has one, as while records are looked up."""
    items = (plan.item_by_code[code].department for code, one in state.items.items() if one.state in AT_DEPARTMENT)
    opinions = (one.department for asked in state.consults.values() for one in asked if one.answer is None)
    differing = (one.data for one in state.discrepancies.values() if one.standing is Differing.OPEN)
    looked_for = (key for key, one in state.by_hand.items() if one.open)
    owners = (custodian(plan, state, key) for key in (*differing, *looked_for))
    leads = (plan.inspection_by_code[code].department for code, one in state.planned.items() if one.waits_for_lead)
    return tuple(dict.fromkeys(one for one in (*items, *opinions, *owners, *leads) if one)) or plan.departments


def held_by(plan: Plan, state: CaseState, department: str) -> Iterator[Custody]:
    """What the department still has to do, or may get to do, in this case."""
    undoing = (one for one in (*state.undo_queue, *state.undo_tasks) if one.kind is not EffectKind.LOOKUP)
    busy = {one.target for one in undoing} | relied_on_unchecked(plan, state)
    busy |= {item for item, one in state.revocations.items() if one.revoked is None}
    for code, progress in state.items.items():
        ahead = progress.state not in SETTLED or (progress.state is ItemState.APPROVED and not state.ended)
        if (ahead or code in busy) and custodian(plan, state, code) == department:
            yield Custody(code)
    for key in dict.fromkeys((*_held_at_sources(state), *_compared(plan, state), *_looked_for(plan, state))):
        if custodian(plan, state, key) == department:
            yield Custody(key)
    for code, consults in state.consults.items():
        for one in consults:
            if one.answer is None and one.department == department:
                yield Custody(code, one.n)


def _held_at_sources(state: CaseState) -> Iterator[str]:
    """Data keys of which a source holds something, or may, that is to be released once."""
    standing = () if state.ended else state.effects
    left = (*standing, *state.undo_queue, *state.undo_tasks, *state.may_come)
    fetching = (command.target for command in state.commands.values() if command.hold)
    yield from dict.fromkeys((*(one.target for one in left if one.hold), *fetching))


def _compared(plan: Plan, state: CaseState) -> Iterator[str]:
    """Data keys whose owner has to look where records disagree, or may get to."""
    yield from (one.data for one in state.discrepancies.values() if one.standing is Differing.OPEN)
    if not state.ended:
        yield from (key for one in plan.compare for key in one.keys)


def _looked_for(plan: Plan, state: CaseState) -> Iterator[str]:
    """Data keys whose owner's people look for the record, or may get to, and those whose owner is reminded of it."""
    yield from state.waits
    for one in plan.data:
        by_hand = one.fallback_kind is FallbackKind.MANUAL_CHECK
        if by_hand and not state.ended and state.data.get(one.key) in {DataState.PENDING, DataState.CHECKING}:
            yield one.key


def relied_on_unchecked(plan: Plan, state: CaseState) -> set[str]:
    """Items whose department has a promise to check."""
    checking = [code for code, one in state.commitments.items() if one in UNDER_CHECK]
    return {item for code in checking if (item := first_to_rely(plan, state.effects, code)) is not None}


def first_to_rely(plan: Plan, effects: Iterable[Effect], material: str) -> str | None:
    """The item that was the first to be approved on what was promised in place of the material."""
    approved = (one.target for one in effects if one.kind is EffectKind.APPROVAL)
    return next((code for code in approved if material in plan.trusts_in(plan.item_by_code[code])), None)
