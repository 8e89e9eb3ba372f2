"""Notices that were sent: which template, to whom in which role, when; never the text or the address."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from onething.store.connection.database import Transaction
from onething.store.connection.sql_files import load

_sql = load("tables/notices")


@dataclass(frozen=True, slots=True)
class Notice:
    command_id: str
    template: str
    audience: str
    at: datetime
    reaches: bool  # the applicant had chosen to be served electronically


def sent(tx: Transaction, case_no: str, notice: Notice) -> None:
    """With the commit; once per command and audience, a repeat changes nothing."""
    tx.with_commit(
        _sql.sent,
        case_no=case_no,
        command_id=notice.command_id,
        template=notice.template,
        audience=notice.audience,
        at=notice.at,
        reaches=notice.reaches,
    )


async def of_case(tx: Transaction, case_no: str) -> Sequence[Notice]:
    return [Notice(**row) for row in await tx.rows(_sql.of_case, case_no=case_no)]
