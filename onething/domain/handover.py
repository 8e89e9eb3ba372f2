"""What the workflow is told: one complete snapshot each time, so that it may be lost, repeated or reordered."""

from datetime import datetime

from onething.domain.commands import Command
from onething.domain.model import Tolerant
from onething.domain.state import CaseState


class HandOver(Tolerant):
    """Newest is the highest `(epoch, seq)`. Holds ids, codes and moments only."""

    case_no: str
    epoch: int
    seq: int
    commands: tuple[Command, ...] = ()  # outstanding
    next_wake_at: datetime | None = None
    items: dict[str, str] = {}  # item code → state

    @property
    def version(self) -> tuple[int, int]:
        return (self.epoch, self.seq)
