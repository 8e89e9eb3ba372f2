"""Materials and data: what came, what did not, what is asked of the applicant instead."""

from datetime import datetime

from onething.domain import commitments, dispatch, documents
from onething.domain.deadlines import patience, pauses
from onething.domain.deadlines.patience import hold_of
from onething.domain.definition.materials import FallbackKind
from onething.domain.definition.outcomes import OutcomeEffect
from onething.domain.discrepancies import rules as discrepancies_rules
from onething.domain.events.deadlines import PatienceEnded
from onething.domain.events.intake import CorrectionsAsked, PapersReceived, Supplemented, VersionReceived
from onething.domain.events.lookups import LookUpRetried
from onething.domain.events.outcomes import CameTooLate, DispatchRefused, RecordFetched, RecordRefused
from onething.domain.intake import acceptance
from onething.domain.items import deferral
from onething.domain.items.rules import first_items, open_ready, order_anew, undeferrable_materials
from onething.domain.kernel.commands import CommandKind
from onething.domain.kernel.reducer import Reducer
from onething.domain.kernel.state import (
    CaseStatus,
    DataState,
    Effect,
    EffectKind,
    Hold,
    OpenCommand,
)
from onething.domain.lookups import manual_check, right_to_ask
from onething.domain.materials import shows_kin, with_versions
from onething.domain.parties import rules as parties_rules
from onething.domain.plan.plan import PlanData
from onething.domain.undo import rules as undo_rules

_STILL_WANTED = frozenset({DataState.PENDING, DataState.CHECKING})
_REPLACEABLE = frozenset({DataState.AWAITS, DataState.ASKED, DataState.CHECKING})
"""By what the applicant brings: there is no right to ask, or patience with the source has ended."""


def retried(reducer: Reducer, event: LookUpRetried) -> None:
    """Asked again at once. One that waits goes on as the same request and with the patience that is left; one whose
    fallback is awaited is a new request, beside which the fallback may still come."""
    reducer.retries[event.data] = reducer.at
    for command_id, command in tuple(reducer.open_commands.items()):
        if command.kind == CommandKind.FETCH_RECORD and command.target == event.data:
            reducer.again(command_id)
            return
    data = reducer.plan.data_by_key[event.data]
    if data.key in reducer.waits:
        patience.ask(reducer, data.key)
    else:
        reducer.command(CommandKind.FETCH_RECORD, data.key, data.patience_minutes, hold=hold_of(data))


def fetched(reducer: Reducer, event: RecordFetched, hold: Hold | None) -> None:
    reducer.data[event.data] = DataState.IN_HAND
    if hold is not None:
        reducer.effects.append(Effect(id=event.command, kind=EffectKind.LOOKUP, target=event.data, hold=hold))
    patience.over(reducer, event.data)
    if event.compared:
        discrepancies_rules.new_values(reducer, event.compared, event.disagrees)
    open_ready(reducer)


def refused(reducer: Reducer, event: RecordRefused, look_up: OpenCommand) -> None:
    fall_back(reducer, look_up)
    if reducer.data[event.data] in _STILL_WANTED:
        patience.ask_later(reducer, event.data)


def fall_back(reducer: Reducer, look_up: OpenCommand) -> None:
    """The source refused, or patience ended: something takes the place of the record, or the source is asked on."""
    data, key = reducer.plan.data_by_key[look_up.target], look_up.target
    asked_on = key in reducer.waits
    if _stands_in(reducer, data):
        reducer.data[key] = DataState.SUPPLIED
        patience.over(reducer, key)
        open_ready(reducer)
    elif reducer.data[key] is DataState.ASKED or asked_on:
        return
    elif data.fallback_kind is FallbackKind.WAIT:
        patience.begin(reducer, look_up)
        patience.tell(reducer, key)
    elif data.fallback_kind is FallbackKind.MANUAL_CHECK:
        patience.begin(reducer, look_up)
        manual_check.ask(reducer, data)
    else:
        reducer.data[key] = DataState.ASKED
        reducer.notice("supply_needed")


def _stands_in(reducer: Reducer, data: PlanData) -> bool:
    """Whether the applicant has brought what takes the place of the record, or promised it where that will do."""
    promised = data.fallback_kind is FallbackKind.COMMITMENT and data.fallback in reducer.commitments
    return promised or data.fallback in reducer.materials


def came_too_late(reducer: Reducer, event: CameTooLate) -> None:
    if event.effect is not None:
        undo_rules.undone_late(reducer, event.effect)
        return
    if event.data is not None:
        undo_rules.looked_up_late(reducer, event.command, has_record=event.record is not None)
    if event.compared:
        discrepancies_rules.new_values(reducer, event.compared, event.disagrees)
    if event.item is not None:
        effect = reducer.plan.item_by_code[event.item].effect(event.decided)
        undo_rules.decided_late(reducer, event.command, event.item, approved=effect is OutcomeEffect.WELL)


def dispatch_refused(reducer: Reducer, event: DispatchRefused) -> None:
    reducer.settle(event.command)
    dispatch.hand_to_people(reducer, event.item)


def patience_ended(reducer: Reducer, event: PatienceEnded) -> None:
    command = reducer.open_commands[event.command]
    reducer.patience_from = max(reducer.at, event.seen_at or reducer.at)
    match command.kind:
        case CommandKind.FETCH_RECORD:
            fall_back(reducer, command)
            if reducer.data[command.target] in _STILL_WANTED:
                patience.go_on(reducer, event.command)
            else:
                undo_rules.call_off(reducer, CommandKind.FETCH_RECORD, command.target)
            undo_rules.go_on(reducer)
        case CommandKind.DISPATCH_ITEM:
            reducer.void(event.command)
            dispatch.hand_to_people(reducer, command.target)
        case CommandKind.UNDO_EFFECT:
            reducer.void(event.command)
            undo_rules.gave_up(reducer)
        case CommandKind.SEND_NOTICES:
            reducer.void(event.command)
            notices_over(reducer, event.command, command.target, sent=False)


def notices_over(reducer: Reducer, command_id: str, template: str, *, sent: bool) -> None:
    """Told, or telling given up: after the result nothing is left to do."""
    documents.notice_over(reducer, command_id, template, sent=sent)
    if template == "result":
        reducer.move_case(CaseStatus.CLOSED)


def corrections_asked(reducer: Reducer, event: CorrectionsAsked) -> None:
    right_to_ask.taken_in(reducer)
    reducer.move_case(CaseStatus.CORRECTION)
    reducer.materials = tuple(code for code in reducer.materials if code not in event.materials)
    commitments.withdrawn(reducer, event.materials)
    for key, state in tuple(reducer.data.items()):
        if state is DataState.SUPPLIED and reducer.plan.data_by_key[key].fallback in event.materials:
            reducer.data[key] = DataState.ASKED
    reducer.set(fields_asked=event.fields, materials_asked=event.materials)
    acceptance.corrections_requested(reducer)
    reducer.notice("corrections")


def supplemented(reducer: Reducer, event: Supplemented) -> None:
    """The counter's five days start anew with what answers a demand, when all of it has come, or with the material that
    a source was replaced by; not with what nobody asked for (行政许可法 Art. 32(4), (5))."""
    announced = (code for code in event.announced if code not in reducer.materials)
    reducer.announced = tuple(dict.fromkeys((*reducer.announced, *announced)))
    if event.announced and not (event.materials or event.fields or event.commitments):
        return  # a word is no paper: nothing goes on, and no time begins anew
    corrects = reducer.status is CaseStatus.CORRECTION
    reducer.delivery = event.delivery or reducer.delivery
    reducer.commitments |= commitments.given(event)
    _come(reducer, event.materials, event.versions)
    parties_rules.forgotten(reducer, event.renumbered)
    parties_rules.proved(reducer, event.proved)
    if event.plan is not None:
        _replan(reducer, event.plan)
    for key in event.refetch:
        if key in reducer.state.data and key in reducer.data:
            undo_rules.drop(reducer, key)
            parties_rules.look_up(reducer, reducer.plan.data_by_key[key])
    right_to_ask.seek(reducer)
    if event.compared is not None:
        discrepancies_rules.said_anew(reducer, event.compared, event.disagrees, event.refetch)
    if event.unasked:
        reducer.set(unasked=reducer.seq)
    _go_on(reducer, event.answered, corrects=corrects)


def papers_received(reducer: Reducer, event: PapersReceived) -> None:
    corrects = reducer.status is CaseStatus.CORRECTION
    _come(reducer, event.materials, event.versions)
    right_to_ask.taken_in(reducer)
    _go_on(reducer, corrects=corrects, since=event.received.at if event.received else None)


def _come(reducer: Reducer, materials: tuple[str, ...], versions: tuple[VersionReceived, ...]) -> None:
    reducer.materials = tuple(dict.fromkeys((*reducer.materials, *materials)))
    reducer.versions = with_versions(reducer.versions, versions)
    reducer.kin_shown |= shows_kin(reducer.plan, versions)
    parties_rules.related(reducer, versions)
    reducer.announced = tuple(code for code in reducer.announced if code not in materials)
    order_anew(reducer, materials)
    pauses.supplied(reducer, materials)
    deferral.supplied(reducer, materials)
    commitments.withdrawn(reducer, materials)


def _go_on(reducer: Reducer, answered: tuple[str, ...] = (), *, corrects: bool, since: datetime | None = None) -> None:
    """With what has come, `since` when if not now. What was asked for has come when the last of it has."""
    came = max(since or reducer.at, reducer.state.answered_at or since or reducer.at)
    for key, state in tuple(reducer.data.items()):
        if state in _REPLACEABLE and _stands_in(reducer, reducer.plan.data_by_key[key]):
            reducer.data[key] = DataState.SUPPLIED
            patience.over(reducer, key)
            undo_rules.call_off(reducer, CommandKind.FETCH_RECORD, key)
    undo_rules.go_on(reducer)
    if corrects:
        _corrected(reducer, answered)
        reducer.set(answered_at=came if reducer.status is CaseStatus.CORRECTION else None)
    asked_for = (key for key, state in reducer.state.data.items() if state is DataState.ASKED)
    answers = corrects or any(reducer.data.get(key) is DataState.SUPPLIED for key in asked_for)
    if reducer.status is CaseStatus.SUBMITTED and answers:
        acceptance.received(reducer, came)
    open_ready(reducer)


def _corrected(reducer: Reducer, answered: tuple[str, ...]) -> None:
    """Back to the counter once everything that the notice asked for has come, in whatever order."""
    fields_asked = tuple(one for one in reducer.state.fields_asked if one not in answered)
    known = (code for code in reducer.state.materials_asked if code in reducer.plan.material_by_code)
    materials_asked = tuple(code for code in known if code not in reducer.materials)
    reducer.set(fields_asked=fields_asked, materials_asked=materials_asked)
    there = {*reducer.materials, *reducer.commitments}
    if not fields_asked and not materials_asked and set(undeferrable_materials(reducer.plan)) <= there:
        reducer.move_case(CaseStatus.SUBMITTED)


def _replan(reducer: Reducer, digest: str) -> None:
    """Other answers, another plan. Nothing is open before acceptance: items start over, data that still fits stays."""
    reducer.set(plan=digest)
    reducer.items = first_items(reducer.plan)
    commitments.replanned(reducer, reducer.plan)
    for key in tuple(reducer.data):
        if key not in reducer.plan.data_by_key:
            undo_rules.drop(reducer, key)
            del reducer.data[key]
    parties_rules.kept_to_plan(reducer)
    for data in reducer.plan.data:
        if data.key not in reducer.data:
            parties_rules.look_up(reducer, data)
