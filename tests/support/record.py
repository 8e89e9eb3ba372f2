"""The case writer's semantics in memory: one case, time handed in, everything kept for folding and for looking at.

Stricter than a database: what the writer could not write (a command that exists, a task that is not open) fails here.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any, Literal, TypeVar

from onething.domain.calendar.days import Calendar
from onething.domain.deadlines.rules import next_due, seen
from onething.domain.engine.guards import check, why_no_time
from onething.domain.engine.replay import sent_back
from onething.domain.engine.step import calendar_after, fold, plan_after, step
from onething.domain.engine.subjects import named
from onething.domain.errors import refuse
from onething.domain.events.intake import PapersReceived, Submitted
from onething.domain.events.items import ItemReturned
from onething.domain.events.tasks import ItemDecided
from onething.domain.events.union import CommandOutcome, Event, Fact, late
from onething.domain.kernel.commands import Command, CommandStatus
from onething.domain.kernel.state import CaseState
from onething.domain.kernel.step_result import (
    LedgerLine,
    LetterOut,
    Reminder,
    RungReached,
    TaskClosed,
    TaskDue,
    TaskMoved,
    TaskOpened,
)
from onething.domain.kernel.step_result import StepResult as Effected
from onething.domain.plan.plan import Plan, PlanReservation
from onething.domain.reservations import rules as reservations_rules

AnyEvent = TypeVar("AnyEvent", bound=Any)


class Taken(StrEnum):
    """What became of an outcome."""

    RECORDED = "recorded"
    REPEATED = "repeated"  # its command was done, or its lateness is on record: nothing changed
    LATE = "late"


@dataclass(frozen=True)
class Line:
    seq: int
    at: datetime
    event: Event


@dataclass
class CommandRow:
    command: Command
    status: CommandStatus = CommandStatus.OPEN
    came_late: bool = False


@dataclass
class TaskRow:
    opened: TaskOpened
    state: Literal["open", "closed"] = "open"
    result: str | None = None


@dataclass
class MemoryRecord:
    """Begin with `submit`. Every method takes the present moment, which may lag behind the last line's."""

    calendars: Mapping[str, Calendar]  # by digest, as plans
    plans: Mapping[str, Plan]
    journal: list[Line] = field(default_factory=list)
    commands: dict[str, CommandRow] = field(default_factory=dict)
    tasks: dict[tuple[str, int], TaskRow] = field(default_factory=dict)
    ledger: list[tuple[int, LedgerLine]] = field(default_factory=list)  # with the seq of its line
    reminders: dict[str, Reminder] = field(default_factory=dict)  # by clock
    unread: dict[int, LetterOut] = field(default_factory=dict)  # by line; as if nobody had read any
    has_another: Callable[[PlanReservation, int], bool] = lambda one, seq: False  # of what several cases share
    rungs: list[RungReached] = field(default_factory=list)
    _state: CaseState | None = None

    @property
    def state(self) -> CaseState:
        assert self._state is not None, "begin with submit"
        return self._state

    @property
    def plan(self) -> Plan:
        return self.plans[self.state.plan]

    def submit(self, event: Submitted, now: datetime) -> Effected:
        effected = self._write(self._reserving(event), now)
        self.tick(now)  # papers may have been received long before
        return effected

    def fact(self, event: Fact, now: datetime) -> Effected:
        """Raise `NotAllowed`; the moments that came due before stay on record even then."""
        at = self.tick(now)
        event = self._reserving(event)
        check(self.plans[plan_after(self.state, event)], self.state, event, at)
        refuse(why_no_time(self.plan, self.calendars[self.state.calendar], self.state, event, at))
        effected = self._write(event, at)
        if isinstance(event, PapersReceived):
            self.tick(at)
        return effected

    def outcome(self, event: CommandOutcome | ItemDecided, now: datetime) -> Taken:
        at = self.tick(now)
        assert event.command is not None
        row = self.commands[event.command]
        if row.status is CommandStatus.OPEN:
            if isinstance(event, ItemDecided):
                event = self._reserving(event)
                check(self.plan, self.state, event, at)
            self._write(event, at)
            return Taken.RECORDED
        if row.status is CommandStatus.DONE or row.came_late:
            return Taken.REPEATED
        row.came_late = True
        self._write(late(event), at)
        return Taken.LATE

    def tick(self, now: datetime) -> datetime:
        """Step what has come due, each at its own moment; returns the moment at which the next line is written."""
        now = self._not_before_last(now)
        while (due := next_due(self.state)) is not None and due[0] <= now:
            self._write(seen(due[1], now), self._not_before_last(due[0]))
            assert next_due(self.state) != due, f"stepping {due[1].kind} did not use it up"
        return now

    def folded(self) -> CaseState:
        return fold(self.plans, self.calendars, ((line.seq, line.at, line.event) for line in self.journal))

    def sent_back(self, item: str, to: str) -> ItemReturned:
        """What the holder of `item` says to return `to`."""
        lines = [(line.seq, line.at, line.event) for line in self.journal]
        round_no = self.state.items[item].round
        reason = f"return:{item}:{round_no}"
        return sent_back(self.plans, self.calendars, lines, item=item, round_no=round_no, to=to, reason=reason)

    def open_commands(self, kind: str | None = None) -> list[Command]:
        return [
            row.command
            for row in self.commands.values()
            if row.status is CommandStatus.OPEN and kind in (None, row.command.kind)
        ]

    def open_tasks(self) -> list[TaskOpened]:
        return [row.opened for row in self.tasks.values() if row.state == "open"]

    def events(self, kind: str) -> list[Line]:
        return [line for line in self.journal if line.event.kind == kind]

    def _reserving(self, event: AnyEvent) -> AnyEvent:
        """With what it takes of what several cases share, or doesn't get."""
        requested = reservations_rules.requested(self.plans[plan_after(self._state, event)], self._state, event)
        if not requested:
            return event
        seq = len(self.journal) + 1
        full = tuple(one.code for one in requested if self.has_another(one, seq))
        held = tuple(one.code for one in requested if one.code not in full)
        return event.model_copy(update={"held": held, "full": full})

    def _not_before_last(self, now: datetime) -> datetime:
        return max(now, self.journal[-1].at)

    def _write(self, event: Event, at: datetime) -> Effected:
        seq = len(self.journal) + 1
        plan = self.plans[plan_after(self._state, event)]
        calendar = self.calendars[calendar_after(self._state, event)]
        event = event if self._state is None else named(self._state, event)
        effected = step(plan, calendar, self._state, event, seq, at)
        self.journal.append(Line(seq, at, event))
        self._state = effected.state
        if effected.done is not None:
            self._close(effected.done, CommandStatus.DONE)
        for command_id in effected.voided:
            self._close(command_id, CommandStatus.VOID)
        for command in effected.commands:
            assert command.id not in self.commands, f"command {command.id} exists"
            self.commands[command.id] = CommandRow(command)
        for change in effected.tasks:
            self._change_task(change)
        for moved in effected.moved:
            self._move_task(moved)
        for due in effected.dues:
            self._change_due(due)
        for letter in effected.letters_out:
            self.unread[letter.letter] = letter
        for followed in effected.letters_followed:
            out = self.unread.pop(followed.letter, None)
            if out is not None and followed.step is not None:
                due_at = min(out.due_at, self.journal[-1].at)
                self.unread[followed.letter] = replace(out, step=followed.step, due_at=due_at)
        for reminder in effected.reminders:
            before = self.reminders.get(reminder.clock)
            assert before is None or before.result is None, f"{reminder.clock} is over already"
            self.reminders[reminder.clock] = reminder
        self.rungs.extend(effected.rungs)
        self.ledger.extend((seq, line) for line in effected.ledger)
        return effected

    def _close(self, command_id: str, status: CommandStatus) -> None:
        row = self.commands[command_id]
        assert row.status is CommandStatus.OPEN, f"command {command_id} is {row.status} already"
        row.status = status

    def _change_task(self, change: TaskOpened | TaskClosed) -> None:
        key = (change.name, change.round)
        if isinstance(change, TaskOpened):
            assert key not in self.tasks, f"task {key} exists"
            self.tasks[key] = TaskRow(change)
            return
        row = self.tasks[key]
        assert row.state == "open", f"task {key} is closed already"
        row.state, row.result = "closed", change.result

    def _move_task(self, change: TaskMoved) -> None:
        row = self.tasks[(change.name, change.round)]
        assert row.state == "open", f"task {change.name} is closed already"
        row.opened = replace(row.opened, department=change.department)

    def _change_due(self, change: TaskDue) -> None:
        row = self.tasks[(change.name, change.round)]
        assert row.state == "open", f"task {change.name} is closed already"
        row.opened = replace(row.opened, due_at=change.due_at)
