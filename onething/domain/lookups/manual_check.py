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
from onething.domain.kernel.reducer import Turn
from onething.domain.kernel.state import ByHand, DataState
from onething.domain.kernel.step_result import TaskKind, TaskOpened, manual_task
from onething.domain.plan.plan import PlanData
from onething.domain.undo import rules as undo_rules


def ask(turn: Turn, data: PlanData) -> None:
    before = turn.by_hand.get(data.key)
    visit = 1 if before is None else before.round + 1
    turn.by_hand[data.key] = ByHand(round=visit)
    turn.data[data.key] = DataState.CHECKING
    due_at = deadlines_rules.start(turn, by_hand_clock(data.key))
    turn.task(
        TaskOpened(TaskKind.MANUAL_CHECK, manual_task(data.key), data.key, data.department, visit, due_at),
    )


def looked(turn: Turn, event: LookedByHand) -> None:
    if event.record is None:
        _found_nothing(turn, event.data, "not_found")
        return
    turn.data[event.data] = DataState.IN_HAND
    patience.over(turn, event.data, "found")
    undo_rules.call_off(turn, CommandKind.FETCH_RECORD, event.data)
    undo_rules.go_on(turn)
    if event.compared:
        discrepancies_rules.came(turn, event.compared, event.disagrees)
    open_ready(turn)


def time_ended(turn: Turn, event: ManualTimeEnded) -> None:
    """With no material to ask for, whoever looks may still find it."""
    name = by_hand_clock(event.data)
    deadlines_rules.miss(turn, name)
    del turn.clocks[name]  # the ledger has it
    if turn.plan.data_by_key[event.data].fallback is None:
        patience.tell(turn, event.data)
    else:
        _found_nothing(turn, event.data, "lapsed")


def _found_nothing(turn: Turn, key: str, result: str) -> None:
    if turn.plan.data_by_key[key].fallback is None:
        patience.close(turn, key, result)
        turn.data[key] = DataState.PENDING
        patience.tell(turn, key)
        return
    turn.data[key] = DataState.ASKED
    patience.over(turn, key, result)
    undo_rules.call_off(turn, CommandKind.FETCH_RECORD, key)
    turn.notice("supply_needed")
    undo_rules.go_on(turn)
