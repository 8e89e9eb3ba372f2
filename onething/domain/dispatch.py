"""Items that a department's own system decides: handed to it, and where it does not decide, to people."""

from onething.domain.deadlines.clock_kinds import item_clock
from onething.domain.kernel.commands import CommandKind
from onething.domain.kernel.queries import order_of
from onething.domain.kernel.reducer import Reducer
from onething.domain.kernel.step_result import TaskOpened
from onething.domain.kernel.task_ref import (
    TaskKind,
    item_task,
)
from onething.domain.plan.plan import PlanItem


def dispatch(reducer: Reducer, item: PlanItem) -> None:
    """Nobody has a task for it as long as the system has it."""
    reducer.command(CommandKind.DISPATCH_ITEM, item.code, item.patience_minutes)


def hand_to_people(reducer: Reducer, code: str) -> None:
    """A task for them: from the start, or since the system has refused, or our patience with it has ended."""
    progress = reducer.items[code]
    due_at = reducer.clocks[item_clock(code)].due_at
    department = reducer.plan.item_by_code[code].department
    reducer.task(TaskOpened(TaskKind.DECIDE, item_task(code), code, department, progress.round, due_at))


def taken_from_system(reducer: Reducer, code: str, answer_to: str | None = None) -> bool:
    """Whether the system had the item; its command is over, done if the decision is the answer to it."""
    command_id = order_of(reducer.open_commands, code)
    if command_id is None:
        return False
    if command_id == answer_to:
        reducer.settle(command_id)
    else:
        reducer.void(command_id)
    return True
