"""The complete snapshot that a workflow is told, built from the state alone."""

from datetime import datetime

from onething.domain.commands import Command
from onething.domain.deadlines import next_wake_at
from onething.domain.handover import HandOver
from onething.domain.state import CaseState


def hand_over(case_no: str, epoch: int, seq: int, state: CaseState) -> HandOver:
    """What is outstanding after line `seq`."""
    return HandOver(
        case_no=case_no,
        epoch=epoch,
        seq=seq,
        commands=tuple(
            Command(id=command_id, kind=command.kind, target=command.target, patience_at=command.patience_at)
            for command_id, command in state.commands.items()
        ),
        next_wake_at=next_wake_at(state),
        items={code: str(item.state) for code, item in state.items.items()},
    )


def earlier(one: datetime | None, other: datetime | None) -> bool:
    """Whether wake moment `one` comes before `other`; None is never."""
    return one is not None and (other is None or one < other)
