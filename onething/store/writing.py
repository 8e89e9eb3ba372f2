"""The rows that one visit to the door writes, gathered line by line and written in one statement."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import orjson

from onething.domain.commands import CommandStatus
from onething.domain.events import Event
from onething.domain.outcome import LedgerLine, Outcome, TaskClosed, TaskOpened
from onething.store.actor import Actor
from onething.store.chain import line_hash


def task_id(case_no: str, name: str, nth: int) -> str:
    """Key of the task of one item (or undo) at its `nth` round."""
    return f"{case_no}-{name}-{nth}"


@dataclass(frozen=True, slots=True)
class SealedValue:
    """A sealed value to be kept under `name`; `departments` None: every department of the case may open it."""

    name: str
    body: bytes = field(repr=False)
    departments: tuple[str, ...] | None = None


@dataclass(slots=True)
class _Begun:
    """A command of this visit."""

    kind: str
    target: str
    patience_at: datetime | None
    seq: int
    at: datetime
    status: str = CommandStatus.OPEN
    outcome_seq: int | None = None


@dataclass(slots=True)
class _Opened:
    """A task of this visit."""

    task: TaskOpened
    at: datetime
    state: str = "open"
    closed_at: datetime | None = None
    result: str | None = None


class Writing:
    """Rows of one case. Lines come with `add`; `parameters` gives what the query `record` needs of them."""

    def __init__(self, case_no: str, head_seq: int, head_hash: bytes) -> None:
        self.case_no = case_no
        self.head_seq = head_seq
        self.head_hash = head_hash
        self.new_work = False  # commands that the workflow doesn't know of, or must stop
        self.departments: list[str] = []  # of tasks
        self._lines: list[tuple[int, datetime, str, str, str | None, bytes, bytes]] = []
        self._begun: dict[str, _Begun] = {}
        self._settled: dict[str, tuple[str, int | None]] = {}
        self._opened: dict[str, _Opened] = {}
        self._closed: dict[str, tuple[str, str, datetime, str | None]] = {}
        self._ledger: list[tuple[int, datetime, LedgerLine]] = []

    def __bool__(self) -> bool:
        return bool(self._lines)

    def add(self, event: Event, at: datetime, actor: Actor | None, outcome: Outcome) -> None:
        """One line with what follows from it. `actor` None: a moment."""
        seq = self.head_seq + 1
        said = event.model_dump(mode="json", exclude_none=True)
        who = _identity(actor) if actor else None
        hash_ = line_hash(self.head_hash, self.case_no, seq, at, said, who)
        self._lines.append((seq, at, event.kind, _json(said), _json(who) if who else None, self.head_hash, hash_))
        self.head_seq, self.head_hash = seq, hash_
        self._follow(outcome, seq, at, actor.subject if actor else None)

    def settle(self, command_id: str, status: CommandStatus, outcome_seq: int | None) -> None:
        begun = self._begun.get(command_id)
        if begun is not None:
            begun.status, begun.outcome_seq = status, outcome_seq
        else:
            self._settled[command_id] = (status, outcome_seq)

    def _follow(self, outcome: Outcome, seq: int, at: datetime, by: str | None) -> None:
        self.new_work = self.new_work or bool(outcome.commands or outcome.voided)
        for command in outcome.commands:
            self._begun[command.id] = _Begun(command.kind, command.target, command.patience_at, seq, at)
        for command_id in outcome.voided:
            self.settle(command_id, CommandStatus.VOID, None)
        if outcome.done is not None:
            self.settle(outcome.done, CommandStatus.DONE, seq)
        for change in outcome.tasks:
            key = task_id(self.case_no, change.name, change.round)
            if isinstance(change, TaskOpened):
                self._opened[key] = _Opened(change, at)
                self.departments.append(change.department)
            else:
                self._close(key, change, at, by)
        self._ledger.extend((seq, at, line) for line in outcome.ledger)

    def _close(self, key: str, change: TaskClosed, at: datetime, by: str | None) -> None:
        lapsed = change.result == "lapsed"
        state = "lapsed" if lapsed else "done"
        opened = self._opened.get(key)
        if opened is not None:
            opened.state, opened.closed_at, opened.result = state, at, change.result
        else:
            self._closed[key] = (state, change.result, at, None if lapsed else by)

    def parameters(self, values: Sequence[SealedValue]) -> dict[str, Any]:
        begun, opened = list(self._begun.values()), list(self._opened.values())
        seqs, ats, kinds, events, actors, prev_hashes, hashes = _columns(self._lines, 7)
        closed_states, closed_results, closed_ats, closed_bys = _columns(self._closed.values(), 4)
        settled_statuses, settled_seqs = _columns(self._settled.values(), 2)
        return {
            "case_no": self.case_no,
            "line_seqs": seqs,
            "line_ats": ats,
            "line_kinds": kinds,
            "line_events": events,
            "line_actors": actors,
            "line_prev_hashes": prev_hashes,
            "line_hashes": hashes,
            "head_seq": self.head_seq,
            "head_hash": self.head_hash,
            "new_ids": list(self._begun),
            "new_kinds": [row.kind for row in begun],
            "new_targets": [row.target for row in begun],
            "new_statuses": [row.status for row in begun],
            "new_patiences": [row.patience_at for row in begun],
            "new_seqs": [row.seq for row in begun],
            "new_ats": [row.at for row in begun],
            "new_outcome_seqs": [row.outcome_seq for row in begun],
            "settled_ids": list(self._settled),
            "settled_statuses": settled_statuses,
            "settled_seqs": settled_seqs,
            "task_ids": list(self._opened),
            "task_kinds": [row.task.kind for row in opened],
            "task_items": [row.task.item for row in opened],
            "task_names": [row.task.name for row in opened],
            "task_departments": [row.task.department for row in opened],
            "task_rounds": [row.task.round for row in opened],
            "task_states": [row.state for row in opened],
            "task_dues": [row.task.due_at for row in opened],
            "task_opened_ats": [row.at for row in opened],
            "task_closed_ats": [row.closed_at for row in opened],
            "task_results": [row.result for row in opened],
            "closed_ids": list(self._closed),
            "closed_states": closed_states,
            "closed_results": closed_results,
            "closed_ats": closed_ats,
            "closed_bys": closed_bys,
            "ledger_seqs": [seq for seq, _, _ in self._ledger],
            "ledger_clocks": [line.clock for _, _, line in self._ledger],
            "ledger_whats": [line.what for _, _, line in self._ledger],
            "ledger_ats": [at for _, at, _ in self._ledger],
            "ledger_dues": [line.due_at for _, _, line in self._ledger],
            "value_names": [value.name for value in values],
            "value_departments": [
                None if value.departments is None else ",".join(value.departments) for value in values
            ],
            "value_bodies": [value.body for value in values],
        }


def _identity(actor: Actor) -> dict[str, str]:
    who = {"subject": actor.subject, "role": str(actor.role), "department": actor.department}
    return {key: value for key, value in who.items() if value}


def _json(value: object) -> str:
    return orjson.dumps(value).decode()


def _columns(rows: Any, width: int) -> list[list[Any]]:
    columns = [list(column) for column in zip(*rows, strict=True)]
    return columns or [[] for _ in range(width)]
