"""Which reservations an act takes, how they stand, and when they are free again. Whose they are, the record knows: it
is asked in the transaction of the act, and what it says stands in the event."""

from onething.domain.definition.bundle import TakenAt
from onething.domain.definition.outcomes import OutcomeEffect
from onething.domain.events.intake import Accepted, Submitted, Supplemented
from onething.domain.events.tasks import ItemDecided
from onething.domain.events.union import Event
from onething.domain.kernel.reducer import Reducer
from onething.domain.kernel.state import SETTLED, CaseState, ItemState, Reserved
from onething.domain.plan.plan import Plan, PlanReservation

_EARLIER: dict[TakenAt, tuple[TakenAt, ...]] = {
    TakenAt.SUBMISSION: (TakenAt.SUBMISSION,),
    TakenAt.ACCEPTANCE: (TakenAt.SUBMISSION, TakenAt.ACCEPTANCE),
}


def requested(plan: Plan, state: CaseState | None, event: object) -> tuple[PlanReservation, ...]:
    """What the act takes: its own, and what could not be had before. After a change of the application it is asked for
    anew, for it may be about something else."""
    match event:
        case Submitted() | Supplemented(fields=True):
            return _taken(plan, TakenAt.SUBMISSION)
        case Accepted():
            return tuple(one for one in _taken(plan, TakenAt.ACCEPTANCE) if not _has(state, one))
        case ItemDecided():
            item = plan.item_by_code.get(event.item)
            well = item is not None and item.effect(event.outcome) is OutcomeEffect.WELL
            return tuple(one for one in plan.reservations if well and one.item == event.item and not _has(state, one))
    return ()


def _taken(plan: Plan, by: TakenAt) -> tuple[PlanReservation, ...]:
    return tuple(one for one in plan.reservations if one.taken in _EARLIER[by])


def _has(state: CaseState | None, rule: PlanReservation) -> bool:
    return state is not None and state.reservations.get(rule.code) is Reserved.HELD


def settle(reducer: Reducer, event: Event) -> None:
    """What the record said of those that were asked for; then, what nobody needs any more is free."""
    if isinstance(event, Submitted | Supplemented | Accepted | ItemDecided):
        reducer.reservations |= dict.fromkeys(event.held, Reserved.HELD) | dict.fromkeys(event.full, Reserved.FULL)
    rules = {one.code: one for one in reducer.plan.reservations}
    for code, standing in reducer.reservations.items():
        if standing is not Reserved.RELEASED and (code not in rules or _is_over(reducer, rules[code])):
            reducer.reservations[code] = Reserved.RELEASED


def _is_over(reducer: Reducer, rule: PlanReservation) -> bool:
    state = reducer.items[rule.item].state
    return (state in SETTLED and state is not ItemState.APPROVED) or (rule.frees and reducer.ended)
