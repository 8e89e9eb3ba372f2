"""What one step gives: the new state, and the rows that are written beside it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from onething.domain.definition.bundle import DeliveryMethod
from onething.domain.definition.time_rules import Card, Recipient
from onething.domain.kernel.clock_id import ClockId
from onething.domain.kernel.commands import Command
from onething.domain.kernel.state import CaseState
from onething.domain.kernel.task_ref import TaskKind, TaskName


@dataclass(frozen=True, slots=True)
class TaskOpened:
    """Work for a department's people."""

    kind: TaskKind
    name: TaskName
    item: str  # item code or data key that it is about
    department: str
    round: int
    due_at: datetime | None


@dataclass(frozen=True, slots=True)
class TaskClosed:
    name: TaskName
    round: int
    result: str  # approve, refuse, undone, answered, agreed, disagreed, kept, broken, resolved, matched,
    # revoked, upheld, found, not_found, returned, taken_back or lapsed
    right: str | None = None  # of a discrepancy that was resolved: the data key whose record was right, if one was


@dataclass(frozen=True, slots=True)
class TaskMoved:
    """An open task is another department's from now on; nobody there has claimed it yet."""

    name: TaskName
    round: int
    department: str


@dataclass(frozen=True, slots=True)
class TaskDue:
    """An open task has another due date."""

    name: TaskName
    round: int
    due_at: datetime | None


@dataclass(frozen=True, slots=True)
class RungReached:
    """A rung of the ladder has fired: these are told, and with this card. At most once per clock and rung, until the
    clock starts anew."""

    clock: ClockId
    since: datetime  # when the clock started
    rung: str
    item: str | None  # none: of the case
    tells: tuple[Recipient, ...]
    card: Card | None


@dataclass(frozen=True, slots=True)
class RungTakenBack:
    """The last time that the rung fired it should not have: nobody is to be judged by its card."""

    clock: ClockId
    since: datetime  # when the clock started
    rung: str


@dataclass(frozen=True, slots=True)
class Reminder:
    """An urge, a supervision or a source that is asked on, as it stands, by its clock. A later one takes the place of
    an earlier one."""

    clock: ClockId
    item: str | None  # none: of the case
    departments: tuple[str, ...]  # any of which may answer
    since: datetime
    due_at: datetime | None
    result: str | None  # none while the answer is awaited: met, missed or cancelled


class NextStep(StrEnum):
    """What the counter is to do about a letter of which the applicant does not know yet."""

    CALL = "call"
    POST = "post"
    CONFIRM = "confirm"  # it is on its way: see what has come of it


@dataclass(frozen=True, slots=True)
class LetterOut:
    """A letter that is followed up has gone out, or can't."""

    letter: int  # the line that it tells of
    kind: str
    channel: DeliveryMethod
    since: datetime
    due_at: datetime  # from when the counter is to act, unless the applicant knows of it by then
    step: NextStep


@dataclass(frozen=True, slots=True)
class LetterFollowed:
    letter: int
    step: NextStep | None  # none: nothing is left to do


@dataclass(frozen=True, slots=True)
class LedgerLine:
    """One change of a clock."""

    clock: ClockId
    what: str  # started, warned, overdue, met, missed, cancelled, recounted, suspended, resumed, extended, rung:<code>;
    # not_overdue, rung_back:<code>: taken back;
    # away and back: of an item that is not at its department meanwhile
    due_at: datetime | None  # none while suspended
    due_before: datetime | None = None  # when the change moved the due date


@dataclass(frozen=True, slots=True)
class StepResult:
    state: CaseState
    commands: tuple[Command, ...] = ()  # new, to be written as open
    ordered: Mapping[str, str] = field(default_factory=dict)  # id of a new order → whose system gets it
    voided: tuple[str, ...] = ()  # ids
    done: str | None = None  # id of the command that this event is the outcome of
    tasks: tuple[TaskOpened | TaskClosed, ...] = ()
    moved: tuple[TaskMoved, ...] = ()
    dues: tuple[TaskDue, ...] = ()
    rungs: tuple[RungReached, ...] = ()
    rungs_back: tuple[RungTakenBack, ...] = ()
    reminders: tuple[Reminder, ...] = ()
    letters_out: tuple[LetterOut, ...] = ()
    letters_followed: tuple[LetterFollowed, ...] = ()
    ledger: tuple[LedgerLine, ...] = ()
