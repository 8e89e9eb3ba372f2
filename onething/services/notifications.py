"""What was written to somebody about a case, as its reader may see it."""

from typing import Any

from onething.domain.principal import Principal, Role
from onething.services.core.context import AppContext
from onething.services.summaries.responses import LocalDateTime, ResponseModel
from onething.store.connection.database import Transaction
from onething.store.record import journal, sealed_values
from onething.store.record.hash_chain import Line


class NoticeView(ResponseModel):
    """What was asked for, why it was not accepted, or why time stands still or is given, as it was told."""

    seq: int
    kind: str
    item: str | None = None
    at: LocalDateTime
    content: dict[str, Any]


_OF_THE_PARTIES = frozenset(
    {
        *("accepted", "corrections_asked", "rejected", "item_corrections_asked", "demand_taken_back"),
        *("clock_suspended", "clock_extended", "urged", "urge_answered", "case_reopened"),
    }
)
_OF_SUPERVISION = frozenset({"supervised", "supervision_answered"})


def kinds_for(principal: Principal) -> frozenset[str]:
    """What is said between a supervisor and the departments is theirs; the rest is for the parties of the case."""
    if principal.role is Role.SUPERVISOR:
        return _OF_SUPERVISION
    return _OF_THE_PARTIES if principal.department is None else _OF_THE_PARTIES | _OF_SUPERVISION


async def notices(context: AppContext, tx: Transaction, case_no: str, kinds: frozenset[str]) -> list[NoticeView] | None:
    """Those that the record hands out to the caller."""
    told = [(line, _text(line)) for line in await journal.lines(tx, case_no, limit=2000) if line.kind in kinds]
    found = [(line, name) for line, name in told if name is not None]
    values = context.values(case_no, await sealed_values.get_many(tx, case_no, [name for _, name in found]))
    return [
        NoticeView(
            seq=line.seq,
            kind=line.kind,
            item=line.event.get("item"),
            at=line.at,
            content=values.open(name),
        )
        for line, name in found
        if name in values.sealed
    ] or None


def _text(line: Line) -> str | None:
    """Under which name it is sealed what was written, if something was."""
    name: str | None = line.event["reason"] if line.kind == "case_reopened" else line.event.get("notice")
    return name
