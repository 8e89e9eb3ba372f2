"""Materials and data: what came, what did not, what is asked of the applicant instead."""

from onething.domain import commitments, dispatch
from onething.domain.deadlines import patience, pauses
from onething.domain.deadlines.patience import hold_of
from onething.domain.definition.fallbacks import FallbackKind
from onething.domain.discrepancies import rules as discrepancies_rules
from onething.domain.events.deadlines import PatienceEnded
from onething.domain.events.intake import CorrectionsAsked, Supplemented
from onething.domain.events.lookups import LookUpRetried
from onething.domain.events.outcomes import CameTooLate, DispatchRefused, RecordFetched, RecordRefused
from onething.domain.intake import acceptance
from onething.domain.items import deferral
from onething.domain.items.rules import first_items, open_ready, undeferrable_materials
from onething.domain.kernel.commands import CommandKind
from onething.domain.kernel.reducer import Turn
from onething.domain.kernel.state import (
    CaseStatus,
    DataState,
    Effect,
    EffectKind,
    Hold,
    OpenCommand,
)
from onething.domain.lookups import manual_check
from onething.domain.plan.plan import PlanData
from onething.domain.undo import rules as undo_rules

_STILL_WANTED = frozenset({DataState.PENDING, DataState.CHECKING})
_REPLACEABLE = frozenset({DataState.ASKED, DataState.CHECKING})
"""By what the applicant brings: patience with the source has ended."""


def fetch(turn: Turn, data: PlanData) -> None:
    turn.data[data.key] = DataState.PENDING
    turn.command(CommandKind.FETCH_RECORD, data.key, data.patience_minutes, hold=hold_of(data))


def retried(turn: Turn, event: LookUpRetried) -> None:
    """Asked again at once. One that waits goes on as the same request and with the patience that is left; one whose
    fallback is awaited is a new request, beside which the fallback may still come."""
    turn.retries[event.data] = turn.at
    for command_id, command in tuple(turn.open_commands.items()):
        if command.kind == CommandKind.FETCH_RECORD and command.target == event.data:
            turn.again(command_id)
            return
    data = turn.plan.data_by_key[event.data]
    if data.key in turn.waits:
        patience.ask(turn, data.key)
    else:
        turn.command(CommandKind.FETCH_RECORD, data.key, data.patience_minutes, hold=hold_of(data))


def fetched(turn: Turn, event: RecordFetched, hold: Hold | None) -> None:
    turn.data[event.data] = DataState.IN_HAND
    if hold is not None:
        turn.effects.append(Effect(id=event.command, kind=EffectKind.LOOKUP, target=event.data, hold=hold))
    patience.over(turn, event.data)
    if event.compared:
        discrepancies_rules.came(turn, event.compared, event.disagrees)
    open_ready(turn)


def refused(turn: Turn, event: RecordRefused, look_up: OpenCommand) -> None:
    fall_back(turn, look_up)
    if turn.data[event.data] in _STILL_WANTED:
        patience.ask_later(turn, event.data)


def fall_back(turn: Turn, look_up: OpenCommand) -> None:
    """The source refused, or patience ended: something takes the place of the record, or the source is asked on."""
    data, key = turn.plan.data_by_key[look_up.target], look_up.target
    asked_on = key in turn.waits
    if _stands_in(turn, data):
        turn.data[key] = DataState.SUPPLIED
        patience.over(turn, key)
        open_ready(turn)
    elif turn.data[key] is DataState.ASKED or asked_on:
        return
    elif data.fallback_kind is FallbackKind.WAIT:
        patience.begin(turn, look_up)
        patience.tell(turn, key)
    elif data.fallback_kind is FallbackKind.MANUAL_CHECK:
        patience.begin(turn, look_up)
        manual_check.ask(turn, data)
    else:
        turn.data[key] = DataState.ASKED
        turn.notice("supply_needed")


def _stands_in(turn: Turn, data: PlanData) -> bool:
    """Whether the applicant has brought what takes the place of the record, or promised it where that will do."""
    promised = data.fallback_kind is FallbackKind.COMMITMENT and data.fallback in turn.commitments
    return promised or data.fallback in turn.materials


def came_too_late(turn: Turn, event: CameTooLate) -> None:
    if event.effect is not None:
        undo_rules.undone_late(turn, event.effect)
    if event.data is not None:
        undo_rules.looked_up_late(turn, event.command, has_record=event.record is not None)
    if event.compared:
        discrepancies_rules.came(turn, event.compared, event.disagrees)
    if event.item is not None:
        undo_rules.decided_late(turn, event.command, event.item, approved=event.decided == "approve")


def dispatch_refused(turn: Turn, event: DispatchRefused) -> None:
    turn.settle(event.command)
    dispatch.hand_to_people(turn, event.item)


def patience_ended(turn: Turn, event: PatienceEnded) -> None:
    command = turn.open_commands[event.command]
    turn.patience_from = max(turn.at, event.seen_at or turn.at)
    match command.kind:
        case CommandKind.FETCH_RECORD:
            fall_back(turn, command)
            if turn.data[command.target] in _STILL_WANTED:
                patience.go_on(turn, event.command)
            else:
                undo_rules.call_off(turn, CommandKind.FETCH_RECORD, command.target)
            undo_rules.go_on(turn)
        case CommandKind.DISPATCH_ITEM:
            turn.void(event.command)
            dispatch.hand_to_people(turn, command.target)
        case CommandKind.UNDO_EFFECT:
            turn.void(event.command)
            undo_rules.gave_up(turn)
        case CommandKind.SEND_NOTICES:
            turn.void(event.command)
            notices_over(turn, command.target)


def notices_over(turn: Turn, template: str) -> None:
    """Told, or telling given up: after the result nothing is left to do."""
    if template == "result":
        turn.move_case(CaseStatus.CLOSED)


def corrections_asked(turn: Turn, event: CorrectionsAsked) -> None:
    turn.move_case(CaseStatus.CORRECTION)
    turn.materials = tuple(code for code in turn.materials if code not in event.materials)
    commitments.withdrawn(turn, event.materials)
    for key, state in tuple(turn.data.items()):
        if state is DataState.SUPPLIED and turn.plan.data_by_key[key].fallback in event.materials:
            turn.data[key] = DataState.ASKED
    turn.set(fields_asked=bool(event.fields), materials_asked=event.materials)
    acceptance.asked(turn)
    turn.notice("corrections")


def supplemented(turn: Turn, event: Supplemented) -> None:
    turn.materials = tuple(dict.fromkeys((*turn.materials, *event.materials)))
    turn.commitments |= commitments.given(event)
    pauses.supplied(turn, event.materials)
    deferral.supplied(turn, event.materials)
    commitments.withdrawn(turn, event.materials)
    if event.plan is not None:
        _replan(turn, event.plan)
    for key in event.refetch:
        if key in turn.state.data and key in turn.data:
            undo_rules.drop(turn, key)
            fetch(turn, turn.plan.data_by_key[key])
    if event.compared is not None:
        discrepancies_rules.said_anew(turn, event.compared, event.disagrees, event.refetch)
    for key, state in tuple(turn.data.items()):
        if state in _REPLACEABLE and _stands_in(turn, turn.plan.data_by_key[key]):
            turn.data[key] = DataState.SUPPLIED
            patience.over(turn, key)
            undo_rules.call_off(turn, CommandKind.FETCH_RECORD, key)
    undo_rules.go_on(turn)
    if turn.status is CaseStatus.CORRECTION:
        _corrected(turn, event)
    if turn.status is CaseStatus.SUBMITTED:
        acceptance.received(turn)
    open_ready(turn)


def _corrected(turn: Turn, event: Supplemented) -> None:
    """Back to the counter once everything that the notice asked for has come."""
    fields_asked = turn.state.fields_asked and not event.fields
    known = (code for code in turn.state.materials_asked if code in turn.plan.material_by_code)
    materials_asked = tuple(code for code in known if code not in turn.materials)
    turn.set(fields_asked=fields_asked, materials_asked=materials_asked)
    there = {*turn.materials, *turn.commitments}
    if not fields_asked and not materials_asked and set(undeferrable_materials(turn.plan)) <= there:
        turn.move_case(CaseStatus.SUBMITTED)


def _replan(turn: Turn, digest: str) -> None:
    """Other answers, another plan. Nothing is open before acceptance: items start over, data that still fits stays."""
    turn.set(plan=digest)
    turn.items = first_items(turn.plan)
    commitments.replanned(turn, turn.plan)
    for key in tuple(turn.data):
        if key not in turn.plan.data_by_key:
            undo_rules.drop(turn, key)
            del turn.data[key]
    for data in turn.plan.data:
        if data.key not in turn.data:
            fetch(turn, data)
