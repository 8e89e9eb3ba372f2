"""The graph of items: what may open, what a decision unlocks, what a refusal skips."""

from collections.abc import Iterable

from onething.domain import commitments, dispatch, documents
from onething.domain.consults import rules as consults_rules
from onething.domain.deadlines import pauses
from onething.domain.deadlines import rules as deadlines_rules
from onething.domain.deadlines.clock_kinds import (
    CASE_CLOCK,
    CASE_STATUTORY,
    item_clock,
    item_statutory,
)
from onething.domain.definition.items import Handling, OnRefusal
from onething.domain.definition.outcomes import OutcomeEffect
from onething.domain.definition.periods import PeriodState
from onething.domain.definition.time_rules import OverdueHow
from onething.domain.events.deadlines import DecidedBySilence
from onething.domain.events.tasks import ItemDecided
from onething.domain.followup import urges
from onething.domain.inspections import planned_rules
from onething.domain.inspections import rules as inspections_rules
from onething.domain.items import deferral
from onething.domain.kernel import queries
from onething.domain.kernel.commands import CommandKind
from onething.domain.kernel.reducer import Reducer
from onething.domain.kernel.state import (
    ENDED,
    SETTLED,
    UNOPENED,
    CaseState,
    CaseStatus,
    DataState,
    Effect,
    EffectKind,
    ItemProgress,
    ItemState,
)
from onething.domain.kernel.step_result import TaskClosed
from onething.domain.kernel.task_ref import item_task
from onething.domain.periods import rules as periods_rules
from onething.domain.plan.plan import Plan, PlanItem, PlanOutcome
from onething.domain.reissue import rules as reissue_rules
from onething.domain.undo import rules as undo_rules


def required_materials(plan: Plan) -> tuple[str, ...]:
    """What the applicant has to bring from the start, in plan order."""
    return tuple(material.code for material in plan.asked_materials if material.required)


def undeferrable_materials(plan: Plan) -> tuple[str, ...]:
    """What has to be there before the case can be accepted, in plan order."""
    return tuple(code for code in required_materials(plan) if not plan.material_by_code[code].may_wait)


def missing_materials(plan: Plan, state: CaseState) -> tuple[str, ...]:
    """What the applicant still has to bring: required, asked for, or in place of data that did not come."""
    asked = {plan.data_by_key[key].fallback for key, data in state.data.items() if data is DataState.ASKED}
    wanted = {*required_materials(plan), *state.materials_asked, *asked}.difference(state.commitments)
    anew = {code for materials in state.asked.values() for code in materials}
    wanted |= reissue_rules.awaited(plan, state.effects, state.materials)
    wanted |= queries.owed(plan, state.effects, state.materials)
    return tuple(
        m.code for m in plan.materials if m.code in anew or (m.code in wanted and m.code not in state.materials)
    )


def first_items(plan: Plan) -> dict[str, ItemProgress]:
    """Where every item stands when nothing has happened yet."""
    return {
        item.code: ItemProgress(state=ItemState.WAITING if item.comes_after else ItemState.GATHERING)
        for item in plan.items
    }


def open_ready(reducer: Reducer) -> None:
    """Open every item whose needs are complete; in the same transaction that completed them."""
    while planned_rules.begin_ready(reducer) | periods_rules.begin_ready(reducer) | _skip_shut(reducer):
        pass  # one may be what the next came after
    for item in reducer.plan.items:
        if reducer.items[item.code].state in UNOPENED:
            _advance(reducer, item)
    planned_rules.begin_ready(reducer)  # with the first of its items
    opened = any(p.state is ItemState.OPEN for p in reducer.items.values())
    if reducer.status is CaseStatus.ACCEPTED and (opened or reducer.periods):
        reducer.move_case(CaseStatus.PROCESSING)


def _skip_shut(reducer: Reducer) -> bool:
    """What would have come after a period, or an item, that ended otherwise is not going to be. Whether there was such
    an item."""
    shut = [
        item.code
        for item in reducer.plan.items
        if reducer.items[item.code].state in UNOPENED and periods_rules.is_shut(reducer, item)
    ]
    for code in shut:
        if reducer.items[code].state in UNOPENED:  # else skipped with one before
            _skip_unopened(reducer, code)
    if shut:
        _drop_unneeded(reducer)
        deferral.drop_unneeded(reducer)
    return bool(shut)


def period_ended(reducer: Reducer, code: str, outcome: PeriodState | None = None) -> None:
    """By its time, if no `outcome` is given."""
    by_time = periods_rules.by_time(reducer.plan.period_by_code[code].kind)
    periods_rules.end(reducer, code, outcome or by_time)
    _go_on(reducer)
    if reducer.status is CaseStatus.PROCESSING:  # else the notice of the result tells of it
        reducer.notice("period_ended")


def inspection_went_on(reducer: Reducer) -> None:
    """One of the plan: what comes after it may open."""
    _go_on(reducer)


def _advance(reducer: Reducer, item: PlanItem) -> None:
    now = reducer.items[item.code].state
    settled = all(reducer.items[need].state in SETTLED for need in item.needs_items)
    inspected = queries.are_closed(reducer.planned, item.needs_inspections)
    if not settled or not inspected or not periods_rules.is_open(reducer, item):
        return
    if reducer.accepted and _gathered(reducer, item):
        _open(reducer, item)
    elif now is ItemState.WAITING:
        reducer.move_item(item.code, ItemState.GATHERING)


def _open(reducer: Reducer, item: PlanItem) -> None:
    before = reducer.items[item.code]
    if item_clock(item.code) in reducer.clocks:  # it was sent away
        pauses.back(reducer, item.code)
    else:
        deadlines_rules.start(reducer, item_clock(item.code))
        if reducer.plan.clocks is not None and item.statutory is not None:
            deadlines_rules.start(reducer, item_statutory(item.code))
    consults_rules.new_round(reducer, item.code)
    reducer.move_item(item.code, ItemState.OPEN, round_no=before.round + 1)
    if item.handling is Handling.SYSTEM and not before.by_people:
        dispatch.dispatch(reducer, item)
    else:
        dispatch.hand_to_people(reducer, item.code)
    pauses.stand_as_before(reducer, item.code)


def _gathered(reducer: Reducer, item: PlanItem) -> bool:
    return all(map(reducer.has_material, item.needs_materials)) and all(map(reducer.has_data, item.needs_data))


def order_anew(reducer: Reducer, materials: Iterable[str]) -> None:
    """A newer version of what its system looks at has come: the order before does not count any more, so that what is
    decided is decided on the newest."""
    for item in reducer.plan.items:
        looked_at = any(item.code in reducer.plan.material_by_code[code].needed_by for code in materials)
        if looked_at and queries.is_with_system(reducer, item.code):
            undo_rules.call_off_order(reducer, item.code, item.department)
            dispatch.dispatch(reducer, item)


def decided(reducer: Reducer, event: ItemDecided) -> None:
    _close(reducer, event.item, event.round, event.outcome, event.command)
    outcome = reducer.plan.item_by_code[event.item].outcome(event.outcome)
    if outcome is None:
        raise AssertionError(f"{event.item} does not end with {event.outcome}")
    match outcome.effect:
        case OutcomeEffect.WELL:
            _approved(reducer, event.item, outcome, event.command)
        case OutcomeEffect.REFUSED:
            _refused(reducer, event.item, outcome)
        case OutcomeEffect.NEUTRAL:
            _found_nothing(reducer, event.item, outcome)


def decided_by_silence(reducer: Reducer, event: DecidedBySilence) -> None:
    effect = SILENT_EFFECTS.get(event.how)
    brought = reducer.plan.item_by_code[event.item].usual(effect) if effect else None
    if reducer.items[event.item].state is ItemState.SUSPENDED:
        reducer.move_item(event.item, ItemState.OPEN)  # only its promise stood still
    if queries.is_with_system(reducer, event.item) and event.how is not OverdueHow.DEEM_APPROVED:
        undo_rules.call_off_order(reducer, event.item, reducer.plan.item_by_code[event.item].department)
        _stop(reducer, event.item)
    else:
        _close(reducer, event.item, event.round, brought.id if brought else "lapsed")
    match event.how:
        case OverdueHow.DEEM_APPROVED if brought:
            _approved(reducer, event.item, brought)
        case OverdueHow.REFUSE if brought:
            _refused(reducer, event.item, brought)
        case OverdueHow.LAPSE | OverdueHow.PROCEED_WITHOUT:
            reducer.move_item(event.item, ItemState.LAPSED)
            if _orders(reducer, event.item):
                undo_rules.ask_whether_it_stands(reducer, event.item)
            if event.how is OverdueHow.LAPSE:
                _skip(reducer, event.item)
            _go_on(reducer)


SILENT_EFFECTS = {OverdueHow.DEEM_APPROVED: OutcomeEffect.WELL, OverdueHow.REFUSE: OutcomeEffect.REFUSED}
"""By any other silence nothing is decided."""


def _close(reducer: Reducer, code: str, round_no: int, result: str, answer_to: str | None = None) -> None:
    _stop(reducer, code)
    if not dispatch.taken_from_system(reducer, code, answer_to):
        reducer.task(TaskClosed(item_task(code), round_no, result))


def _stop(reducer: Reducer, code: str) -> None:
    """Nobody has to do anything for it any more, nor in any time."""
    deadlines_rules.stop(reducer, item_clock(code))
    deadlines_rules.stop(reducer, item_statutory(code))
    urges.item_settled(reducer, code)
    pauses.release(reducer, code)  # what stands still with it is the case's time only
    consults_rules.decided(reducer, code)
    inspections_rules.call_off(reducer, code)


def _approved(reducer: Reducer, code: str, outcome: PlanOutcome, answer_to: str | None = None) -> None:
    reducer.move_item(code, ItemState.APPROVED, outcome=outcome)
    earlier = _orders(reducer, code)  # what its system approved before it was sent back is approved once more
    reducer.effects = [one for one in reducer.effects if one not in earlier]
    effect = answer_to or (earlier[0].id if earlier else f"{reducer.seq}.approval")
    reducer.effects.append(Effect(id=effect, kind=EffectKind.APPROVAL, target=code))
    commitments.relied_on(reducer, code)
    _go_on(reducer)


def _refused(reducer: Reducer, code: str, outcome: PlanOutcome) -> None:
    reducer.move_item(code, ItemState.REFUSED, outcome=outcome)
    if outcome.document:
        documents.written(reducer, "refused")
    _take_back_orders(reducer, code)
    match reducer.plan.item_by_code[code].on_refusal:
        case OnRefusal.STOP:
            documents.written(reducer, "terminated")  # unless the refusal has a letter of its own, which says it too
            undo_rules.end_early(reducer, CaseStatus.TERMINATED)
            return
        case OnRefusal.SKIP_DEPENDANTS:
            _skip(reducer, code)
    undo_rules.go_on(reducer)  # its system is told now, not when the case is at its end
    _go_on(reducer)
    told_later = reducer.status is not CaseStatus.PROCESSING  # by the notice of the result or of the end
    if outcome.document and not told_later:
        reducer.notice("refused")


def _found_nothing(reducer: Reducer, code: str, outcome: PlanOutcome) -> None:
    reducer.move_item(code, ItemState.NEUTRAL, outcome=outcome)
    _take_back_orders(reducer, code)
    undo_rules.go_on(reducer)
    _go_on(reducer)


def _take_back_orders(reducer: Reducer, code: str) -> None:
    """Its department has decided otherwise than its system had."""
    earlier = _orders(reducer, code)
    reducer.effects = [one for one in reducer.effects if one not in earlier]
    reducer.undo_queue.extend(earlier)


def _orders(reducer: Reducer, code: str) -> list[Effect]:
    """What its department's system had approved when it was sent back, and nobody has decided on since."""
    return [one for one in reducer.effects if one.kind is EffectKind.ORDER and one.target == code]


def _skip(reducer: Reducer, code: str) -> None:
    _skip_dependants(reducer, code)
    _drop_unneeded(reducer)


def _go_on(reducer: Reducer) -> None:
    if reducer.deferred:
        deferral.drop_unneeded(reducer)
    open_ready(reducer)
    if all(progress.state in SETTLED for progress in reducer.items.values()):
        _finish(reducer)


def _skip_dependants(reducer: Reducer, code: str) -> None:
    """Not what comes after it as it ended."""
    for dependant in reducer.plan.dependants[code]:
        needs = reducer.plan.item_by_code[dependant].needs_outcomes.get(code)
        wanted = needs is not None and queries.has_ended_so(reducer.plan, reducer.items, code, needs)
        if reducer.items[dependant].state in UNOPENED and not wanted:
            _skip_unopened(reducer, dependant)


def _skip_unopened(reducer: Reducer, code: str) -> None:
    for name in (item_clock(code), item_statutory(code)):
        deadlines_rules.stop(reducer, name, met=False)  # of one that was open before something was sent back
    undo_rules.let_go(reducer, code)
    reducer.move_item(code, ItemState.SKIPPED)
    _skip_dependants(reducer, code)


def _drop_unneeded(reducer: Reducer) -> None:
    """Look-ups that only skipped items need: their papers are not asked for, what they hold is released."""
    for data in reducer.plan.data:
        needing = [reducer.items[item.code].state for item in reducer.plan.items if data.key in item.needs_data]
        if data.key in reducer.data and needing and all(state is ItemState.SKIPPED for state in needing):
            undo_rules.drop(reducer, data.key)
            del reducer.data[data.key]
    undo_rules.go_on(reducer)


def _finish(reducer: Reducer) -> None:
    deadlines_rules.stop(reducer, CASE_CLOCK)
    deadlines_rules.stop(reducer, CASE_STATUTORY)
    periods_rules.call_off(reducer)
    urges.case_decided(reducer)
    reducer.move_case(CaseStatus.DECIDED)
    documents.time_to_deliver(reducer)
    undo_rules.call_off_all(reducer)  # no item waits for a look-up any more; the result overtakes other notices
    undo_rules.go_on(reducer)
    if queries.is_issuing(reducer):
        return  # certificates of before the case was reopened, once more; what is left to make out comes after them
    if reissue_rules.left_to_make_out(reducer):
        reducer.command(CommandKind.ISSUE_CERTIFICATES)
    else:
        deliver(reducer)


def certificates_issued(reducer: Reducer, target: str) -> None:
    """Of a case that has ended early they are of what stands; the notice of its end follows. `target`: the item whose
    certificates were made out once more; what else there was to make out has waited for them."""
    over = reducer.status is CaseStatus.DECIDED or reducer.status in ENDED
    if over and target and not queries.is_issuing(reducer) and reissue_rules.left_to_make_out(reducer):
        reducer.command(CommandKind.ISSUE_CERTIFICATES)
    if reducer.status is not CaseStatus.DECIDED:
        undo_rules.go_on(reducer)
    elif not queries.is_issuing(reducer):
        deliver(reducer)


def deliver(reducer: Reducer) -> None:
    """The results are there for the applicant: tell them, then the case closes."""
    reducer.move_case(CaseStatus.DELIVERED)
    documents.written(reducer, "result", result=True)
    reducer.notice("result")
    reducer.final_notice_queued = True
