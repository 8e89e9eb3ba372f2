"""Everything that is known after the storm, as plain values: what invariants judge. No I/O here."""

from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from chaos.logbook import Intent
from onething.domain.calendar.days import Calendar
from onething.domain.events.union import EVENT, Event
from onething.domain.kernel.state import CaseState, CaseStatus
from onething.domain.plan.plan import Plan
from onething.store.record.hash_chain import WrittenLine


@dataclass(frozen=True)
class Command:
    id: str
    kind: str
    target: str
    status: str


@dataclass(frozen=True)
class Task:
    task_id: str
    kind: str
    item: str
    name: str
    round: int
    state: str
    result: str | None
    opened_at: datetime


@dataclass(frozen=True)
class Certificate:
    number: str
    item: str
    output: str
    verified: bool = True  # said so by the API, to anybody who asks


@dataclass(frozen=True)
class Record:
    """One case as PostgreSQL holds it."""

    case_no: str
    status: str
    epoch: int
    head_seq: int
    head_hash: bytes
    next_wake_at: datetime | None
    state: str  # JSON as stored
    lines: tuple[WrittenLine, ...]
    commands: tuple[Command, ...]
    tasks: tuple[Task, ...]
    certificates: tuple[Certificate, ...]
    handover_waits: bool = False

    @cached_property
    def events(self) -> tuple[tuple[int, datetime, Event], ...]:
        return tuple((line.seq, line.at, EVENT.validate_python(line.event)) for line in self.lines)

    @cached_property
    def final(self) -> CaseState:
        return CaseState.from_json(self.state)

    def key(self, command: str) -> str:
        return f"{self.case_no}/{self.epoch}/{command}"

    def asked_by(self, command: str) -> set[str]:
        """Keys by which the world may know what the command asked: of a look-up that was made anew, those before it."""
        keys, begun = {self.key(command)}, int(command.partition(".")[0])
        if self.lines[begun - 1].kind == "look_up_retried":
            data = self.lines[begun - 1].event["data"]
            keys |= {self.key(one.id) for one in self.commands if (one.kind, one.target) == ("fetch_record", data)}
        return keys

    @property
    def was_called_back(self) -> bool:
        """By a source: the attempt that would have asked it again, and finds that nobody waits, may be ahead."""
        return any((line.actor or {}).get("role") == "source" for line in self.lines)

    @property
    def was_checked(self) -> bool:
        """A promise, before its time: a workflow is told of earlier moments only, and finds out when it wakes."""
        return any(line.kind == "commitment_checked" for line in self.lines)


@dataclass(frozen=True)
class Effect:
    """One line of the simulated world's own list."""

    kind: str  # record, item, release, revocation, notice
    code: str
    key: str
    of_key: str | None
    effects: int
    undone: bool

    @property
    def case_no(self) -> str:
        return self.key.partition("/")[0]


@dataclass(frozen=True)
class Workflow:
    id: str
    status: str  # RUNNING, COMPLETED, FAILED …


@dataclass(frozen=True)
class Stop:
    """A time without workers, or without Temporal. `opened`: tasks of next items that opened meanwhile."""

    what: str
    begin: float
    end: float
    submitted: int
    decided: int
    opened: int


@dataclass(frozen=True)
class Played:
    """One script: what it became, and why it could not be played to its end."""

    name: str
    case_no: str | None
    endings: frozenset[CaseStatus]
    failure: str | None = None


@dataclass
class Evidence:
    played: list[Played] = field(default_factory=list)
    intents: list[Intent] = field(default_factory=list)
    records: dict[str, Record] = field(default_factory=dict)
    plans: dict[str, Plan] = field(default_factory=dict)
    calendars: dict[str, Calendar] = field(default_factory=dict)
    kept_keys: dict[str, int] = field(default_factory=dict)  # idempotency key → status of the kept answer
    doubled_keys: tuple[str, ...] = ()  # kept for more than one request
    effects: list[Effect] = field(default_factory=list)
    called_keys: dict[str, int] = field(default_factory=dict)  # key → how often the world was asked
    workflows: list[Workflow] = field(default_factory=list)
    stops: list[Stop] = field(default_factory=list)
    leaks: list[str] = field(default_factory=list)  # file: what was found
    blind: list[str] = field(default_factory=list)  # places where not even a case number was found
    kills: dict[str, int] = field(default_factory=dict)
    demanded_kills: dict[str, int] = field(default_factory=dict)
    thorough: bool = True  # long enough that everything must have come up

    def effects_of(self, case_no: str) -> list[Effect]:
        return [one for one in self.effects if one.case_no == case_no]


@dataclass(frozen=True)
class Finding:
    """Something that must not be. `where`: the case number, key, client or file to look at."""

    where: str
    what: str
