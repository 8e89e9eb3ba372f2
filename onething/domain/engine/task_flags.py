"""What marks an open task in its department's queue: why it is looked at before others, or stands still.

A projection of the state, as the snapshot for the workflow is: nothing is decided by it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import compress

from onething.domain.deadlines.clock_kinds import CLOCKS, item_statutory
from onething.domain.definition.time_rules import LegalEffect
from onething.domain.kernel.clock_id import ClockKind
from onething.domain.kernel.custody import asked_to_answer
from onething.domain.kernel.state import ALIVE, AT_DEPARTMENT, CaseState, Differing, ItemState, RunningClock
from onething.domain.kernel.task_ref import TaskKind, TaskName, item_task
from onething.domain.plan.plan import Plan


class TaskFlag(StrEnum):
    URGED = "urged"  # 催: not answered yet
    SUPERVISED = "supervised"  # 督: not answered yet
    CORRECTION_OPEN = "correction_open"  # 补: the applicant has not brought all that was asked for
    CORRECTION_ANSWERED = "correction_answered"  # 补正已回: all has come since
    RETURNED = "returned"  # 退: not the item's first round at its department
    DISCREPANCY = "discrepancy"  # 异: what it relies on says different things, and nobody has found out which is right
    SUSPENDED = "suspended"  # 中止


@dataclass(frozen=True, slots=True)
class TaskFlags:
    """Of one open task to decide. `supervised_due_at`: when the first answer to a supervision is due;
    `statutory_due_at`: the law's date, while it ticks."""

    flags: tuple[TaskFlag, ...]  # in their order
    supervised_due_at: datetime | None = None
    statutory_due_at: datetime | None = None


TaskKey = tuple[TaskName, int]
"""Name and round."""


def flags_of(plan: Plan, state: CaseState) -> dict[TaskKey, TaskFlags]:
    """Of each item that is at its department, its task's; other kinds of tasks have none."""
    differing = {
        item
        for code, one in state.discrepancies.items()
        if one.standing is Differing.OPEN and (comparison := plan.comparison_by_code.get(code)) is not None
        for item in comparison.items
    }
    anew = state.reopening.items if state.reopening is not None else ()  # nobody has sent them back
    waiting = [(name.kind, clock) for name, clock in state.clocks.items() if clock.reply and clock.state in ALIVE]
    found = {}
    for code, progress in state.items.items():
        if progress.state not in AT_DEPARTMENT:
            continue
        urges, dues = _reminded(plan, waiting, code) if waiting else (False, ())
        asked, brought = code in state.asked, state.brought.get(code) == progress.round
        marked = (
            urges,
            bool(dues),
            asked,
            brought and not asked,
            progress.round > 1 and code not in anew,
            code in differing,
            progress.state is ItemState.SUSPENDED,
        )
        law = state.clocks.get(item_statutory(code))
        found[item_task(code), progress.round] = TaskFlags(
            flags=tuple(compress(TaskFlag, marked)) if True in marked else (),
            supervised_due_at=min((due for due in dues if due is not None), default=None),
            statutory_due_at=law.due_at if law is not None and law.state in ALIVE else None,
        )
    return found


def due_effect(kind: TaskKind) -> LegalEffect:
    """What the due date of a task of that kind is in law: the office's promise, or only agreed among offices."""
    return next((row.effect for row in CLOCKS.values() if row.task is kind), LegalEffect.NONE)


def _reminded(
    plan: Plan, waiting: Iterable[tuple[ClockKind, RunningClock]], item: str
) -> tuple[bool, Sequence[datetime | None]]:
    """Whether the item is urged, or its department asked about the case; and until when each supervision of it is to
    be answered."""
    mine = plan.item_by_code[item].department
    of_it = [
        (kind, clock)
        for kind, clock in waiting
        if clock.reply and clock.reply.item in (None, item) and mine in asked_to_answer(plan, clock.reply)
    ]
    return any(kind is ClockKind.URGE for kind, _ in of_it), [
        clock.due_at for kind, clock in of_it if kind is ClockKind.SUPERVISION
    ]
