"""What activities need from others. Implemented in the rooms above and below, handed in by `wiring`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from onething.domain.engine.snapshot import Assignment, CaseSnapshot, JointAssignment
from onething.domain.lookups.answers import (
    DepartmentDecision,
    Done,
    Fetched,
    Refused,
    SourceAnswerMalformed,
    SourceUnavailable,
)
from onething.domain.sources.source import SourceDefinition


@dataclass(frozen=True, slots=True)
class FetchWork:
    """What to ask a source. `params` are personal: they go to the source and nowhere else."""

    key: str
    source: SourceDefinition
    params: Mapping[str, str] = field(repr=False)
    asked_at: datetime | None = None  # when the look-up was begun
    until: datetime | None = None  # when patience ends


@dataclass(frozen=True, slots=True)
class ReleaseWork:
    """Give back what a look-up left at its source."""

    key: str
    effect: str
    source: SourceDefinition
    of_key: str  # key of the look-up


@dataclass(frozen=True, slots=True)
class RevokeWork:
    """Have a department revoke an approval."""

    key: str
    effect: str
    department: str
    item: str
    undo_of: str  # what the department knows the approval by: the key of its order, or the effect


@dataclass(frozen=True, slots=True)
class DispatchWork:
    """Hand an item to its department's system. `order` is personal: it goes there and nowhere else."""

    key: str
    department: str
    order: Mapping[str, object] = field(repr=False)


@dataclass(frozen=True, slots=True)
class LeftToFetch:
    """The department fetches what it is to do, and calls back: there is nothing to send."""

    department: str


@dataclass(frozen=True, slots=True)
class NoticeWork:
    """A notice to be sent."""

    key: str
    template: str


class CommandGateway(Protocol):
    """The record, as effects see it. Every answer that is a `CaseSnapshot` means: recorded, here is what is new.

    The `…_work` methods answer a `CaseSnapshot` when the command is no longer open: nothing to do. `key` is the
    effect's idempotency key, the same at every attempt.
    """

    async def joint_work(self, joint: JointAssignment) -> Mapping[str, FetchWork | NoticeWork | CaseSnapshot]:
        """By command: look-ups and notices."""
        ...

    async def answered(self, joint: JointAssignment, answers: Mapping[str, Fetched | Refused | Done]) -> CaseSnapshot:
        """Records what came of some of the commands; `Done`: the notice was sent."""
        ...

    async def undo_work(self, assignment: Assignment) -> ReleaseWork | RevokeWork | LeftToFetch | CaseSnapshot: ...
    async def undone(self, assignment: Assignment, effect: str) -> CaseSnapshot: ...
    async def dispatch_work(self, assignment: Assignment) -> DispatchWork | LeftToFetch | CaseSnapshot: ...
    async def dispatched(self, assignment: Assignment, answer: DepartmentDecision | Refused) -> CaseSnapshot:
        """Records the answer. Raises `OneThingError` where it is no decision that can be taken now."""
        ...

    async def issue_certificates(self, assignment: Assignment) -> CaseSnapshot: ...
    async def tick(self, case_no: str) -> CaseSnapshot: ...


class Sources(Protocol):
    """Data sources; raise `SourceUnavailable` or `SourceAnswerMalformed` when it has to be tried again."""

    async def fetch(self, source_code: str, params: Mapping[str, str], key: str) -> Fetched | Refused: ...
    async def release(self, source_code: str, of_key: str, key: str) -> Done | Refused: ...


class RecordCache(Protocol):
    """Records that came of late, for sources that let them be used again (`SourceDefinition.kept_minutes`)."""

    async def fresh(self, work: FetchWork) -> Fetched | None:
        """One that makes asking needless."""
        ...

    async def last_good(self, work: FetchWork, again_in_s: float) -> Fetched | None:
        """One to make do with, if an attempt after `again_in_s` could not be heard before patience ends."""
        ...

    async def keep(self, work: FetchWork, answer: Fetched | Refused) -> None:
        """What the source says now. A refusal takes the place of what it said before."""
        ...


class AttemptCounter(Protocol):
    """Counts how attempts at sources go."""

    def answered(self, source: str, asked_at: datetime | None, as_of: datetime) -> None: ...
    def refused(self, source: str, asked_at: datetime | None) -> None: ...
    def unavailable(self, source: str, failure: SourceUnavailable | SourceAnswerMalformed) -> None: ...


class DepartmentGateway(Protocol):
    async def decide(self, department: str, order: Mapping[str, object], key: str) -> DepartmentDecision | Refused:
        """Raises as `Sources`: a system that will call back is one that is still at it."""
        ...

    async def revoke(self, department: str, case_no: str, item: str, undo_of: str, key: str) -> Done | Refused: ...


class Notices(Protocol):
    async def send(self, channel: str, template: str, to_ref: str, case_no: str, key: str) -> Done | Refused: ...
