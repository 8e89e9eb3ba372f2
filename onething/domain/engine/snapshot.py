"""What the workflow is told: one complete snapshot each time, so that it may be lost, repeated or reordered."""

import zlib
from datetime import datetime, timedelta

from pydantic import Field

from onething.domain.base import Tolerant
from onething.domain.deadlines.rules import next_wake_at
from onething.domain.kernel.commands import Command
from onething.domain.kernel.state import CaseState

SECOND_LOOK_AFTER = timedelta(seconds=20)
_SPREAD_S = 600
SECOND_LOOK_WITHIN = SECOND_LOOK_AFTER + timedelta(seconds=_SPREAD_S)


class CaseSnapshot(Tolerant):
    """Newest is the highest `(epoch, seq)`. Holds ids, codes and moments only. `next_wake_at`: when the workflow has to
    see to it that somebody looks at the case."""

    case_no: str
    epoch: int
    seq: int
    commands: tuple[Command, ...] = ()  # outstanding
    next_wake_at: datetime | None = None
    items: dict[str, str] = Field(default_factory=dict)  # item code → state

    @property
    def version(self) -> tuple[int, int]:
        return (self.epoch, self.seq)


def snapshot_of(case_no: str, epoch: int, seq: int, state: CaseState) -> CaseSnapshot:
    """The snapshot of a case as it stands after journal line `seq`."""
    return CaseSnapshot(
        case_no=case_no,
        epoch=epoch,
        seq=seq,
        commands=tuple(
            Command(id=command_id, kind=command.kind, target=command.target, patience_at=command.patience_at)
            for command_id, command in state.commands.items()
        ),
        next_wake_at=_second_look(case_no, next_wake_at(state)),
        items={code: progress.state for code, progress in state.items.items()},
    )


def _second_look(case_no: str, moment: datetime | None) -> datetime | None:
    """The due-case poller looks as the moment comes; the workflow makes sure of it some minutes later, each case at
    a time of its own, since all promises of a day end in the same second."""
    if moment is None:
        return None
    return moment + SECOND_LOOK_AFTER + timedelta(seconds=zlib.crc32(case_no.encode()) % _SPREAD_S)


class JointAssignment(Tolerant):
    """Several commands of one case, as one activity gets them."""

    case_no: str
    epoch: int
    commands: tuple[Command, ...]


class Assignment(Tolerant):
    """One command of one case, as an activity gets it. `epoch` is the snapshot's: an older one is refused."""

    case_no: str
    epoch: int
    command: Command

    @property
    def alone(self) -> JointAssignment:
        return JointAssignment(case_no=self.case_no, epoch=self.epoch, commands=(self.command,))


class JointReply(Tolerant):
    """`news`: the case after the outcomes that there are. `again_in_s`: command id → seconds to wait before it is tried
    again, of those that have none yet."""

    news: CaseSnapshot | None = None
    again_in_s: dict[str, float] = Field(default_factory=dict)


class CaseStart(Tolerant):
    """What a run of the workflow starts from. `carried` is what it knows from the start: the first snapshot, or the
    newest of the run before."""

    case_no: str
    carried: CaseSnapshot | None = None
    max_history_events: int = 4096  # continue as new past this length, or when the server suggests it
