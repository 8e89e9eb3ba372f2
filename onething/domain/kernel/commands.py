"""Numbered work that the record hands to the workflow. A command is `open` until it is `done` or `void`."""

from datetime import datetime
from enum import StrEnum

from onething.domain.base import Tolerant
from onething.domain.kernel.case_no import CaseNo


class CommandKind(StrEnum):
    FETCH_RECORD = "fetch_record"
    DISPATCH_ITEM = "dispatch_item"
    ISSUE_CERTIFICATES = "issue_certificates"
    SEND_NOTICES = "send_notices"
    UNDO_EFFECT = "undo_effect"


class CommandStatus(StrEnum):
    OPEN = "open"
    DONE = "done"
    VOID = "void"


class Command(Tolerant):
    """`id` is `<seq>.<kind>.<n>`, unique in its case; with case number and the epoch that it was made in it is the
    idempotency key for good.

    `kind` stays a plain string here, so that a worker older than the record can say which kind it does not know.
    """

    id: str
    kind: str
    target: str = ""  # data key, item code, notice template or effect id
    patience_at: datetime | None = None  # when the case writer gives up on it

    @property
    def seq(self) -> int:
        """The journal's line that made it."""
        return int(self.id.partition(".")[0])


def idempotency_key(case_no: str, epoch: int, command_id: str) -> str:
    """The key that an effect carries to the outside world, the same at every attempt."""
    return f"{case_no}/{epoch}/{command_id}"


def parts_of_key(key: str) -> tuple[CaseNo, int, str]:
    """Case number, epoch and command id of an idempotency key. ValueError for what is none."""
    case_no, epoch, command_id = key.split("/")
    return CaseNo.parse(case_no), int(epoch), command_id
