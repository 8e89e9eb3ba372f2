"""When the applicant first read which letter: the line of the journal that it tells of."""

from collections.abc import Mapping
from datetime import datetime

from onething.store.connection.database import Transaction
from onething.store.connection.sql_files import load

_sql = load("tables/readings")


async def mark(tx: Transaction, case_no: str, seq: int, at: datetime) -> None:
    """The first reading stays; a repeat changes nothing."""
    await tx.rows(_sql.mark, case_no=case_no, seq=seq, at=at)


async def of_case(tx: Transaction, case_no: str) -> Mapping[int, datetime]:
    return {row["seq"]: row["at"] for row in await tx.rows(_sql.of_case, case_no=case_no)}
