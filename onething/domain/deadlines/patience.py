"""A source that is asked on: after patience with it has ended, or after it refused, where nothing takes the place of
what it has, or people look for that by hand meanwhile.

Each round takes as long as all before it, no less than patience and no more than a day (assumed: no rule names a time),
so that a source which stays away for weeks fills no journal. Whoever owns the data, and supervisors, have a reminder
for as long as it lasts.
"""

from datetime import datetime, timedelta

from onething.domain.deadlines import rules as deadlines_rules
from onething.domain.deadlines.clock_kinds import by_hand_clock, wait_reminder
from onething.domain.events.deadlines import LookUpDue
from onething.domain.kernel.commands import CommandKind
from onething.domain.kernel.reducer import Reducer
from onething.domain.kernel.state import DataState, Hold, OpenCommand, Waiting
from onething.domain.kernel.step_result import Reminder, TaskClosed
from onething.domain.kernel.task_ref import (
    manual_task,
)
from onething.domain.plan.plan import PlanData

LONGEST = timedelta(days=1)
"""Between two rounds, unless patience itself is longer."""


def hold_of(data: PlanData) -> Hold | None:
    return Hold(source=data.source, department=data.department) if data.releasable else None


def fetch(reducer: Reducer, data: PlanData) -> None:
    """For the first time, or as if it were."""
    reducer.data[data.key] = DataState.PENDING
    reducer.command(CommandKind.FETCH_RECORD, data.key, data.patience_minutes, hold=hold_of(data))


def begin(reducer: Reducer, look_up: OpenCommand) -> None:
    """The look-up has come to nothing so far."""
    if look_up.target not in reducer.waits:
        reducer.waits[look_up.target] = Waiting(
            since=begun_at(reducer.plan.data_by_key[look_up.target], look_up) or reducer.at
        )


def begun_at(data: PlanData, look_up: OpenCommand) -> datetime | None:
    """When the source was first asked."""
    patience = timedelta(minutes=data.patience_minutes)
    return look_up.begun_at or (look_up.patience_at and look_up.patience_at - patience)


def tell(reducer: Reducer, key: str) -> None:
    """Nobody else does anything for it any more: who owns the data and supervisors know from now on."""
    one = reducer.waits[key]
    reducer.waits[key] = one.model_copy(update={"told": one.told or reducer.seq})
    remind(reducer, key)


def go_on(reducer: Reducer, command_id: str) -> None:
    """Patience has ended: the same request, with more of it."""
    key = reducer.open_commands[command_id].target
    reducer.again(command_id, patience_at=_round_ends(reducer, key), begun_at=reducer.waits[key].since)
    remind(reducer, key)


def ask_later(reducer: Reducer, key: str) -> None:
    """The source has refused: it may have the record some day."""
    reducer.waits[key] = reducer.waits[key].model_copy(update={"again_at": _round_ends(reducer, key)})
    remind(reducer, key)


def due(reducer: Reducer, event: LookUpDue) -> None:
    ask(reducer, event.data)


def ask(reducer: Reducer, key: str) -> None:
    """A new request: to the last one the source has said no."""
    data, one = reducer.plan.data_by_key[key], reducer.waits[key]
    reducer.waits[key] = one.model_copy(update={"again_at": None})
    reducer.begin(
        OpenCommand(
            kind=CommandKind.FETCH_RECORD,
            target=key,
            patience_at=_round_ends(reducer, key),
            hold=hold_of(data),
            begun_at=one.since,
        )
    )
    remind(reducer, key)


def _round_ends(reducer: Reducer, key: str) -> datetime:
    patience = timedelta(minutes=reducer.plan.data_by_key[key].patience_minutes)
    return reducer.patience_from + max(patience, min(reducer.patience_from - reducer.waits[key].since, LONGEST))


def remind(reducer: Reducer, key: str, *, result: str | None = None) -> None:
    """As it stands now, if they know of it."""
    one = reducer.waits.get(key)
    if one is None or one.told is None:
        return
    looking = (look_up.patience_at for look_up in reducer.open_commands.values() if _is_for(look_up, key))
    next_at = one.again_at or next(looking, None) or reducer.at
    data = reducer.plan.data_by_key.get(key)  # none: other answers, and no need of it
    owner = (data.department,) if data is not None else ()
    reducer.remind(Reminder(wait_reminder(key, one.told), None, owner, one.since, next_at, result))


def _is_for(look_up: OpenCommand, key: str) -> bool:
    return look_up.kind == CommandKind.FETCH_RECORD and look_up.target == key


def over(reducer: Reducer, key: str, result: str = "lapsed") -> None:
    """The record is there, or something in its place, or nobody needs it: nobody asks on, nobody looks by hand."""
    remind(reducer, key, result="met" if reducer.has_data(key) else "cancelled")
    reducer.waits.pop(key, None)
    close(reducer, key, result)


def close(reducer: Reducer, key: str, result: str) -> None:
    """Nobody looks by hand any more. `result`: of their task."""
    one = reducer.by_hand.get(key)
    if one is not None and one.open:
        deadlines_rules.stop(reducer, by_hand_clock(key), met=result != "lapsed")
        reducer.by_hand[key] = one.model_copy(update={"open": False})
        reducer.task(TaskClosed(manual_task(key), one.round, result))


def over_all(reducer: Reducer) -> None:
    looking = (key for key, one in reducer.by_hand.items() if one.open)
    for key in dict.fromkeys((*reducer.waits, *looking)):
        over(reducer, key)
