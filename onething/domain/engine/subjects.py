"""What an event is about, where only the state knows it: the line of the journal then says it by itself, to whoever
reads it or is told of it. No rule reads what is added here.
"""

from onething.domain.deadlines.clock_kinds import CLOCKS, About, about
from onething.domain.events.deadlines import ClockOverdue, ClockWarned, MarksTakenBack, PatienceEnded, RungFired
from onething.domain.events.followup import SupervisionAnswered, UrgeAnswered
from onething.domain.events.outcomes import CameTooLate, EffectUndone
from onething.domain.events.undo import UndoneByHand
from onething.domain.events.union import Event
from onething.domain.kernel.clock_id import ClockId, ClockKind
from onething.domain.kernel.commands import CommandKind
from onething.domain.kernel.state import CaseState, EffectKind


def named(state: CaseState, event: Event) -> Event:
    """The event with the names (codes) of what it is about, as the state before it has them."""
    match event:
        case EffectUndone() | UndoneByHand() | CameTooLate(effect=str()):
            return event.model_copy(update=_of_effect(state, event.effect))
        case PatienceEnded():
            return event.model_copy(update=_of_command(state, event.command))
        case UrgeAnswered() | SupervisionAnswered() | ClockWarned() | ClockOverdue() | RungFired() | MarksTakenBack():
            return event.model_copy(update=_of_clock(state, event.clock))
    return event


def _of_effect(state: CaseState, effect_id: str | None) -> dict[str, str]:
    everywhere = (state.undo_queue, state.undo_tasks, state.may_come, state.effects)
    for effect in (one for effects in everywhere for one in effects):
        if effect.id == effect_id:
            return {"data" if effect.kind is EffectKind.LOOKUP else "item": effect.target}
    return {}


def _of_command(state: CaseState, command_id: str) -> dict[str, str]:
    command = state.commands[command_id]
    of = {"of": command.kind}
    match command.kind:
        case CommandKind.FETCH_RECORD:
            return of | {"data": command.target}
        case CommandKind.DISPATCH_ITEM:
            return of | {"item": command.target}
        case CommandKind.SEND_NOTICES:
            return of | {"template": command.target}
        case CommandKind.UNDO_EFFECT:
            return of | _of_effect(state, command.target)
    return of


def _of_clock(state: CaseState, clock: ClockId) -> dict[str, object]:
    if clock.kind is ClockKind.INSPECTION and clock.number in state.inspections:
        return {"items": state.inspections[clock.number].waiting}
    if CLOCKS[clock.kind].about is About.APPROVAL:
        return {"item": clock.code}
    item = about(clock, state.clocks[clock])
    return {} if item is None else {"item": item}
