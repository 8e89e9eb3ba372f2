"""The graph of items: what may open, what a decision unlocks, what a refusal skips."""

from onething.domain import commitments, dispatch
from onething.domain.consults import rules as consults_rules
from onething.domain.deadlines import pauses
from onething.domain.deadlines import rules as deadlines_rules
from onething.domain.deadlines.clock_kinds import (
    CASE_CLOCK,
    CASE_STATUTORY,
    DELIVERY_CLOCK,
    item_clock,
    item_statutory,
)
from onething.domain.definition.bundle import Handling, MaterialSource, OnRefusal, OutputKind
from onething.domain.definition.time_rules import OverdueHow
from onething.domain.events.deadlines import DecidedBySilence
from onething.domain.events.tasks import ItemDecided
from onething.domain.followup import urges
from onething.domain.inspections import rules as inspections_rules
from onething.domain.items import deferral
from onething.domain.kernel import queries
from onething.domain.kernel.commands import CommandKind
from onething.domain.kernel.reducer import Turn
from onething.domain.kernel.state import (
    SETTLED,
    CaseState,
    CaseStatus,
    DataState,
    Effect,
    EffectKind,
    ItemProgress,
    ItemState,
)
from onething.domain.kernel.step_result import TaskClosed
from onething.domain.plan.plan import Plan, PlanItem
from onething.domain.undo import rules as undo_rules

_UNOPENED = frozenset({ItemState.WAITING, ItemState.GATHERING})


def required_materials(plan: Plan) -> tuple[str, ...]:
    """What the applicant has to bring from the start, in plan order."""
    return tuple(
        material.code
        for material in plan.materials
        if material.required and material.source is MaterialSource.APPLICANT and not material.fallback_for
    )


def undeferrable_materials(plan: Plan) -> tuple[str, ...]:
    """What has to be there before the case can be accepted, in plan order."""
    return tuple(code for code in required_materials(plan) if plan.material_by_code[code].defer is None)


def missing_materials(plan: Plan, state: CaseState) -> tuple[str, ...]:
    """What the applicant still has to bring: required, asked for, or in place of data that did not come."""
    asked = {plan.data_by_key[key].fallback for key, data in state.data.items() if data is DataState.ASKED}
    wanted = {*required_materials(plan), *state.materials_asked, *asked}.difference(state.commitments)
    anew = {code for materials in state.asked.values() for code in materials}
    return tuple(
        m.code for m in plan.materials if m.code in anew or (m.code in wanted and m.code not in state.materials)
    )


def first_items(plan: Plan) -> dict[str, ItemProgress]:
    """Where every item stands when nothing has happened yet."""
    return {
        item.code: ItemProgress(state=ItemState.WAITING if item.needs_items else ItemState.GATHERING)
        for item in plan.items
    }


def open_ready(turn: Turn) -> None:
    """Open every item whose needs are complete; in the same transaction that completed them."""
    for item in turn.plan.items:
        if turn.items[item.code].state in _UNOPENED:
            _advance(turn, item)
    if turn.status is CaseStatus.ACCEPTED and any(p.state is ItemState.OPEN for p in turn.items.values()):
        turn.move_case(CaseStatus.PROCESSING)


def _advance(turn: Turn, item: PlanItem) -> None:
    now = turn.items[item.code].state
    if not all(turn.items[need].state in SETTLED for need in item.needs_items):
        return
    if turn.accepted and _gathered(turn, item):
        _open(turn, item)
    elif now is ItemState.WAITING:
        turn.move_item(item.code, ItemState.GATHERING)


def _open(turn: Turn, item: PlanItem) -> None:
    before = turn.items[item.code]
    if before.round:
        pauses.back(turn, item.code)
    else:
        deadlines_rules.start(turn, item_clock(item.code))
        if turn.plan.clocks is not None:
            deadlines_rules.start(turn, item_statutory(item.code))
    turn.move_item(item.code, ItemState.OPEN, visit=before.round + 1)
    if item.handling is Handling.SYSTEM and not before.by_people:
        dispatch.dispatch(turn, item)
    else:
        dispatch.hand_to_people(turn, item.code)


def _gathered(turn: Turn, item: PlanItem) -> bool:
    return all(map(turn.has_material, item.needs_materials)) and all(map(turn.has_data, item.needs_data))


def decided(turn: Turn, event: ItemDecided) -> None:
    _close(turn, event.item, event.round, event.outcome, event.command)
    if event.outcome == "approve":
        _approved(turn, event.item, event.command)
    else:
        _refused(turn, event.item)


def decided_by_silence(turn: Turn, event: DecidedBySilence) -> None:
    if queries.is_with_system(turn, event.item):
        undo_rules.call_off_order(turn, event.item, turn.plan.item_by_code[event.item].department)
        _stop(turn, event.item)
    else:
        _close(turn, event.item, event.round, _SILENT_RESULTS[event.how])
    match event.how:
        case OverdueHow.DEEM_APPROVED:
            _approved(turn, event.item)
        case OverdueHow.REFUSE:
            _refused(turn, event.item)
        case OverdueHow.LAPSE | OverdueHow.PROCEED_WITHOUT:
            turn.move_item(event.item, ItemState.LAPSED)
            if event.how is OverdueHow.LAPSE:
                _skip(turn, event.item)
            _go_on(turn)


_SILENT_RESULTS = {
    OverdueHow.DEEM_APPROVED: "approve",
    OverdueHow.REFUSE: "refuse",
    OverdueHow.LAPSE: "lapsed",
    OverdueHow.PROCEED_WITHOUT: "lapsed",
}
"""How its task ends; whose time only escalates is not decided by silence."""


def _close(turn: Turn, code: str, visit: int, result: str, answer_to: str | None = None) -> None:
    _stop(turn, code)
    if not dispatch.taken_from_system(turn, code, answer_to):
        turn.task(TaskClosed(code, visit, result))


def _stop(turn: Turn, code: str) -> None:
    """Nobody has to do anything for it any more, nor in any time."""
    deadlines_rules.stop(turn, item_clock(code))
    deadlines_rules.stop(turn, item_statutory(code))
    urges.item_settled(turn, code)
    pauses.release(turn, code)  # what stands still with it is the case's time only
    consults_rules.call_off(turn, code)
    inspections_rules.call_off(turn, code)


def _approved(turn: Turn, code: str, answer_to: str | None = None) -> None:
    turn.move_item(code, ItemState.APPROVED)
    effect = answer_to or f"{turn.seq}.approval"
    turn.effects.append(Effect(id=effect, kind=EffectKind.APPROVAL, target=code))
    if turn.commitments:
        commitments.relied_on(turn, code)
    _go_on(turn)


def _refused(turn: Turn, code: str) -> None:
    turn.move_item(code, ItemState.REFUSED)
    match turn.plan.item_by_code[code].on_refusal:
        case OnRefusal.STOP:
            undo_rules.end_early(turn, CaseStatus.TERMINATED)
            return
        case OnRefusal.SKIP_DEPENDANTS:
            _skip(turn, code)
    _go_on(turn)


def _skip(turn: Turn, code: str) -> None:
    _skip_dependants(turn, code)
    _drop_unneeded(turn)


def _go_on(turn: Turn) -> None:
    if turn.deferred:
        deferral.drop_unneeded(turn)
    open_ready(turn)
    if all(progress.state in SETTLED for progress in turn.items.values()):
        _finish(turn)


def _skip_dependants(turn: Turn, code: str) -> None:
    for dependant in turn.plan.dependants[code]:
        if turn.items[dependant].state in _UNOPENED:
            for name in (item_clock(dependant), item_statutory(dependant)):
                deadlines_rules.stop(turn, name, met=False)  # of one that was open before something was sent back
            turn.move_item(dependant, ItemState.SKIPPED)
            _skip_dependants(turn, dependant)


def _drop_unneeded(turn: Turn) -> None:
    """Look-ups that only skipped items need: their papers are not asked for, what they hold is released."""
    for data in turn.plan.data:
        needing = [turn.items[item.code].state for item in turn.plan.items if data.key in item.needs_data]
        if data.key in turn.data and needing and all(state is ItemState.SKIPPED for state in needing):
            undo_rules.drop(turn, data.key)
            del turn.data[data.key]
    undo_rules.go_on(turn)


def _finish(turn: Turn) -> None:
    deadlines_rules.stop(turn, CASE_CLOCK)
    deadlines_rules.stop(turn, CASE_STATUTORY)
    urges.case_decided(turn)
    turn.move_case(CaseStatus.DECIDED)
    if turn.plan.clocks is not None:
        deadlines_rules.start(turn, DELIVERY_CLOCK)
    undo_rules.call_off_all(turn)  # no item waits for a look-up any more; the result overtakes other notices
    undo_rules.go_on(turn)
    if any(_gives_certificate(turn, item) for item in turn.plan.items):
        turn.command(CommandKind.ISSUE_CERTIFICATES)
    else:
        deliver(turn)


def _gives_certificate(turn: Turn, item: PlanItem) -> bool:
    approved = turn.items[item.code].state is ItemState.APPROVED
    return approved and any(output.kind is OutputKind.CERTIFICATE for output in item.outputs)


def deliver(turn: Turn) -> None:
    """The results are there for the applicant: tell them, then the case closes."""
    turn.move_case(CaseStatus.DELIVERED)
    deadlines_rules.stop(turn, DELIVERY_CLOCK)
    turn.notice("result")
    turn.told = True
