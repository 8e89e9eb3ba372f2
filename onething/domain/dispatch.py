"""Items that a department's own system decides: handed to it, and where it does not decide, to people."""

from onething.domain.deadlines.clock_kinds import item_clock
from onething.domain.kernel.commands import CommandKind
from onething.domain.kernel.queries import order_of
from onething.domain.kernel.reducer import Turn
from onething.domain.kernel.step_result import TaskKind, TaskOpened
from onething.domain.plan.plan import PlanItem


def dispatch(turn: Turn, item: PlanItem) -> None:
    """Nobody has a task for it as long as the system has it."""
    turn.command(CommandKind.DISPATCH_ITEM, item.code, item.patience_minutes)


def hand_to_people(turn: Turn, code: str) -> None:
    """A task for them: from the start, or since the system has refused, or our patience with it has ended."""
    progress = turn.items[code]
    due_at = turn.clocks[item_clock(code)].due_at
    department = turn.plan.item_by_code[code].department
    turn.task(TaskOpened(TaskKind.DECIDE, code, code, department, progress.round, due_at))


def taken_from_system(turn: Turn, code: str, answer_to: str | None = None) -> bool:
    """Whether the system had the item; its command is over, done if the decision is the answer to it."""
    command_id = order_of(turn.open_commands, code)
    if command_id is None:
        return False
    if command_id == answer_to:
        turn.settle(command_id)
    else:
        turn.void(command_id)
    return True
