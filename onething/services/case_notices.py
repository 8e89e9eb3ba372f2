"""What was written to somebody about a case, as its reader may see it."""

from onething.domain.caller import Caller, Role
from onething.services.case_views import NoticeView
from onething.services.office import Office
from onething.store import journal, values
from onething.store.database import Transaction

_OF_THE_PARTIES = frozenset(
    {
        *("accepted", "corrections_asked", "rejected", "item_corrections_asked"),
        *("clock_suspended", "clock_extended", "urged", "urge_answered"),
    }
)
_OF_SUPERVISION = frozenset({"supervised", "supervision_answered"})


def kinds_for(caller: Caller) -> frozenset[str]:
    """What is said between a supervisor and the departments is theirs; the rest is for the parties of the case."""
    if caller.role is Role.SUPERVISOR:
        return _OF_SUPERVISION
    return _OF_THE_PARTIES if caller.department is None else _OF_THE_PARTIES | _OF_SUPERVISION


async def notices(office: Office, tx: Transaction, case_no: str, kinds: frozenset[str]) -> list[NoticeView] | None:
    """Those that the record hands out to the caller."""
    lines = [
        line for line in await journal.lines(tx, case_no, limit=2000) if line.kind in kinds and "notice" in line.event
    ]
    kept = office.papers(case_no, await values.get_many(tx, case_no, [line.event["notice"] for line in lines]))
    return [
        NoticeView(
            seq=line.seq,
            kind=line.kind,
            item=line.event.get("item"),
            at=line.at,
            content=kept.open(line.event["notice"]),
        )
        for line in lines
        if line.event["notice"] in kept.sealed
    ] or None
