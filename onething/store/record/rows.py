"""The rows that one unit of work writes, gathered line by line and written in one statement."""

from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from onething.domain.engine.task_flags import TaskFlags
from onething.domain.events.items import ItemReassigned
from onething.domain.events.union import Event
from onething.domain.kernel.commands import CommandStatus
from onething.domain.kernel.sealed_name import SealedName
from onething.domain.kernel.step_result import RungTakenBack, StepResult, TaskClosed, TaskOpened
from onething.domain.kernel.task_ref import TaskName, TaskRef
from onething.store.connection.actor import Actor
from onething.store.record.hash_chain import line_hash, line_text

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class SealedValue:
    """A sealed value to be kept under `name`; `departments` None: every department of the case may open it."""

    name: SealedName
    body: bytes = field(repr=False)
    departments: tuple[str, ...] | None = None


class Writing:
    """Rows of one case. Lines come with `add`; `rows` gives all of them for the function `write_case`."""

    def __init__(self, case_no: str, head_seq: int, head_hash: bytes) -> None:
        self.case_no = case_no
        self.head_seq = head_seq
        self.head_hash = head_hash
        self.new_work = False  # commands that the workflow doesn't know of, or must stop
        self.departments: list[str] = []  # of tasks
        self._lines: list[str] = []
        self._begun: dict[str, Row] = {}
        self._settled: dict[str, Row] = {}
        self._opened: dict[str, Row] = {}
        self._closed: dict[TaskRef, Row] = {}
        self._moved: dict[str, Row] = {}
        self._heirs: list[Row] = []
        self._dues: dict[TaskRef, Row] = {}
        self._flagged: dict[TaskRef, Row] = {}
        self._ledger: list[Row] = []
        self._rungs: list[Row] = []
        self._rungs_back: list[Row] = []
        self._reminders: dict[str, Row] = {}
        self._letters_out: dict[int, Row] = {}
        self._letters_followed: dict[int, Row] = {}

    def __bool__(self) -> bool:
        return bool(self._lines)

    @property
    def queues(self) -> set[str]:
        """Departments whose queue has other tasks, or other marks on them, as far as the rows name them."""
        reminded = (department for row in self._reminders.values() for department in row["departments"])
        return {*(row["department"] for row in self._opened.values()), *reminded}

    @property
    def touched(self) -> set[TaskRef]:
        """Tasks of before that are done, due at another time, or marked otherwise."""
        return {*self._closed, *self._dues, *self._flagged}

    @property
    def hands_tasks_over(self) -> bool:
        """Whether tasks of before are another department's now."""
        return bool(self._moved)

    @property
    def tells_applicant(self) -> bool:
        """Whether letters went out, or were followed up."""
        return bool(self._letters_out or self._letters_followed)

    def add(self, event: Event, at: datetime, actor: Actor | None, outcome: StepResult) -> None:
        """One line with what follows from it. `actor` None: a moment."""
        seq = self.head_seq + 1
        said = event.model_dump(mode="json", exclude_none=True)
        who = _identity(actor) if actor else None
        line = line_text(self.head_hash, self.case_no, seq, at, said, who)
        self._lines.append(line)
        self.head_seq, self.head_hash = seq, line_hash(line)
        self._follow(outcome, seq, at, actor.subject if actor else None)
        if isinstance(event, ItemReassigned):
            self.departments.append(event.department)
            self._heirs.append({"before": event.before, "department": event.department, "item": event.item})

    def _take_back(self, rung: RungTakenBack, seq: int, at: datetime) -> None:
        """One that fired in this unit is written as taken back."""
        for row in self._rungs:
            if (row["clock"], row["since"], row["rung"]) == (rung.clock, rung.since, rung.rung):
                row |= {"taken_back_at": at, "taken_back_seq": seq}
                return
        self._rungs_back.append({"seq": seq, "at": at, **asdict(rung)})

    def settle(self, command_id: str, status: CommandStatus, outcome_seq: int | None) -> None:
        """A command of this unit is written as it ends; one of before is changed."""
        row = self._begun.get(command_id) or self._settled.setdefault(command_id, {"id": command_id})
        row |= {"status": status, "outcome_seq": outcome_seq}

    def flag(self, name: TaskName, round_no: int, flags: TaskFlags) -> None:
        """What marks an open task from now on."""
        key = TaskRef.of(self.case_no, name, round_no)
        row = self._opened.get(key) or self._flagged.setdefault(key, {"task_id": key})
        row |= {
            "flags": flags.flags,
            "supervised_due_at": flags.supervised_due_at,
            "statutory_due_at": flags.statutory_due_at,
        }

    def _follow(self, outcome: StepResult, seq: int, at: datetime, by: str | None) -> None:
        self.new_work = self.new_work or bool(outcome.commands or outcome.voided)
        for command in outcome.commands:
            self._begun[command.id] = {
                "id": command.id,
                "kind": command.kind,
                "target": command.target,
                "status": CommandStatus.OPEN,
                "patience_at": command.patience_at,
                "seq": seq,
                "at": at,
            }
            if command.id in outcome.ordered:
                self._begun[command.id]["department"] = outcome.ordered[command.id]
        for command_id in outcome.voided:
            self.settle(command_id, CommandStatus.VOID, None)
        if outcome.done is not None:
            self.settle(outcome.done, CommandStatus.DONE, seq)
        for change in outcome.tasks:
            key = TaskRef.of(self.case_no, change.name, change.round)
            if isinstance(change, TaskOpened):
                self._opened[key] = _opened(key, change, at)
                self.departments.append(change.department)
            else:
                self._close(key, change, at, by)
        for moved in outcome.moved:
            key = TaskRef.of(self.case_no, moved.name, moved.round)
            row = self._opened.get(key) or self._moved.setdefault(key, {"task_id": key})
            row["department"] = moved.department
        for due in outcome.dues:
            key = TaskRef.of(self.case_no, due.name, due.round)
            row = self._opened.get(key) or self._dues.setdefault(key, {"task_id": key})
            row["due_at"] = due.due_at
        for line in outcome.ledger:
            dues = {"due_at": line.due_at, "due_before": line.due_before}
            clock = {"clock": line.clock, "kind": line.clock.kind, "subject": line.clock.subject}
            self._ledger.append({"seq": seq, "at": at, "what": line.what, **clock, **dues})
        for back in outcome.rungs_back:
            self._take_back(back, seq, at)
        self._rungs.extend({"seq": seq, "at": at, **asdict(rung)} for rung in outcome.rungs)
        for reminder in outcome.reminders:
            more = {"kind": reminder.clock.kind, "closed_at": at if reminder.result else None}
            self._reminders[reminder.clock] = {**asdict(reminder), **more}
        for letter in outcome.letters_out:
            self._letters_out[letter.letter] = asdict(letter)
        for followed in outcome.letters_followed:
            self._letters_followed[followed.letter] = {**asdict(followed), "at": at}

    def _close(self, key: TaskRef, change: TaskClosed, at: datetime, by: str | None) -> None:
        lapsed = change.result in {"lapsed", "returned"}
        state = "lapsed" if lapsed else "done"
        opened = self._opened.get(key)
        if opened is not None:
            opened |= {"state": state, "closed_at": at, "result": change.result, "right_data": change.right}
        else:
            self._closed[key] = {
                "task_id": key,
                "state": state,
                "result": change.result,
                "right_data": change.right,
                "at": at,
                "by": None if lapsed else by,
            }

    def rows(self) -> dict[str, list[Any]]:
        """Kind of row → rows (of lines their texts), for `write_case`; kinds of which there are none are left out."""
        kinds: dict[str, list[Any]] = {
            "lines": self._lines,
            "begun": list(self._begun.values()),
            "settled": list(self._settled.values()),
            "opened": list(self._opened.values()),
            "closed": list(self._closed.values()),
            "moved": list(self._moved.values()),
            "heirs": self._heirs,
            "dues": list(self._dues.values()),
            "flagged": list(self._flagged.values()),
            "ledger": self._ledger,
            "rungs_back": self._rungs_back,
            "rungs": self._rungs,
            "reminders": list(self._reminders.values()),
            "letters_out": list(self._letters_out.values()),
            "letters_followed": list(self._letters_followed.values()),
        }
        return {kind: rows for kind, rows in kinds.items() if rows}


def _opened(key: str, task: TaskOpened, at: datetime) -> Row:
    return {
        "task_id": key,
        "kind": task.kind,
        "item": task.item,
        "name": task.name,
        "department": task.department,
        "round": task.round,
        "state": "open",
        "flags": (),
        "due_at": task.due_at,
        "opened_at": at,
    }


def _identity(actor: Actor) -> dict[str, str]:
    who = {"subject": actor.subject, "role": str(actor.role), "department": actor.department, "mandate": actor.mandate}
    return {key: value for key, value in who.items() if value}
