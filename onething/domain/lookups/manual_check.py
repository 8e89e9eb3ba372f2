"""人工核查: people of the department that owns the data look for a record that its source did not give in time.

The source is asked on beside them: whichever comes first is taken, and nobody types what has come. How long they have,
the definition says.
"""

from onething.domain.deadlines import patience
from onething.domain.deadlines import rules as deadlines_rules
from onething.domain.deadlines.clock_kinds import by_hand_clock
from onething.domain.discrepancies import rules as discrepancies_rules
from onething.domain.events.deadlines import ManualTimeEnded
from onething.domain.events.lookups import LookedByHand
from onething.domain.items.rules import open_ready
from onething.domain.kernel.commands import CommandKind
from onething.domain.kernel.reducer import Reducer
from onething.domain.kernel.state import ByHand, DataState
from onething.domain.kernel.step_result import TaskOpened
from onething.domain.kernel.task_ref import (
    TaskKind,
    manual_task,
)
from onething.domain.plan.plan import PlanData
from onething.domain.undo import rules as undo_rules


def ask(reducer: Reducer, data: PlanData) -> None:
    before = reducer.by_hand.get(data.key)
    round_no = 1 if before is None else before.round + 1
    reducer.by_hand[data.key] = ByHand(round=round_no)
    reducer.data[data.key] = DataState.CHECKING
    due_at = deadlines_rules.start(reducer, by_hand_clock(data.key))
    reducer.task(
        TaskOpened(TaskKind.MANUAL_CHECK, manual_task(data.key), data.key, data.department, round_no, due_at),
    )


def looked(reducer: Reducer, event: LookedByHand) -> None:
    if event.record is None:
        _found_nothing(reducer, event.data, "not_found")
        return
    reducer.data[event.data] = DataState.IN_HAND
    patience.over(reducer, event.data, "found")
    undo_rules.call_off(reducer, CommandKind.FETCH_RECORD, event.data)
    undo_rules.go_on(reducer)
    if event.compared:
        discrepancies_rules.new_values(reducer, event.compared, event.disagrees)
    open_ready(reducer)


def time_ended(reducer: Reducer, event: ManualTimeEnded) -> None:
    """With no material to ask for, whoever looks may still find it."""
    name = by_hand_clock(event.data)
    deadlines_rules.miss(reducer, name)
    del reducer.clocks[name]  # the ledger has it
    if reducer.plan.data_by_key[event.data].fallback is None:
        patience.tell(reducer, event.data)
    else:
        _found_nothing(reducer, event.data, "lapsed")


def _found_nothing(reducer: Reducer, key: str, result: str) -> None:
    if reducer.plan.data_by_key[key].fallback is None:
        patience.close(reducer, key, result)
        reducer.data[key] = DataState.PENDING
        patience.tell(reducer, key)
        return
    reducer.data[key] = DataState.ASKED
    patience.over(reducer, key, result)
    undo_rules.call_off(reducer, CommandKind.FETCH_RECORD, key)
    reducer.notice("supply_needed")
    undo_rules.go_on(reducer)
