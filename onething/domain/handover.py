"""What the workflow is told: one complete snapshot each time, so that it may be lost, repeated or reordered."""

from datetime import datetime

from pydantic import Field

from onething.domain.commands import Command
from onething.domain.deadlines import next_wake_at
from onething.domain.model import Tolerant
from onething.domain.state import CaseState


class HandOver(Tolerant):
    """Newest is the highest `(epoch, seq)`. Holds ids, codes and moments only."""

    case_no: str
    epoch: int
    seq: int
    commands: tuple[Command, ...] = ()  # outstanding
    next_wake_at: datetime | None = None
    items: dict[str, str] = Field(default_factory=dict)  # item code → state

    @property
    def version(self) -> tuple[int, int]:
        return (self.epoch, self.seq)


def handover(case_no: str, epoch: int, seq: int, state: CaseState) -> HandOver:
    """The snapshot of a case as it stands after journal line `seq`."""
    return HandOver(
        case_no=case_no,
        epoch=epoch,
        seq=seq,
        commands=tuple(
            Command(id=command_id, kind=command.kind, target=command.target, patience_at=command.patience_at)
            for command_id, command in state.commands.items()
        ),
        next_wake_at=next_wake_at(state),
        items={code: progress.state for code, progress in state.items.items()},
    )


class Assignment(Tolerant):
    """One command of one case, as an activity gets it. `epoch` is the hand-over's: an older one is refused."""

    case_no: str
    epoch: int
    command: Command


class JointAssignment(Tolerant):
    """Several commands of one case, as one activity gets them."""

    case_no: str
    epoch: int
    commands: tuple[Command, ...]


class JointReply(Tolerant):
    """`news`: the case after the outcomes that there are. `again_in_s`: command id → seconds to wait before it is tried
    again, of those that have none yet."""

    news: HandOver | None = None
    again_in_s: dict[str, float] = Field(default_factory=dict)


class CaseStart(Tolerant):
    """What a run of the workflow starts from. `carried` is what it knows from the start: the first hand-over, or the
    newest of the run before. `edition`: which ways of the workflow the run keeps to (`workflows.options`)."""

    case_no: str
    carried: HandOver | None = None
    edition: int = 0
    max_history_events: int = 4096  # continue as new past this length, or when the server suggests it
