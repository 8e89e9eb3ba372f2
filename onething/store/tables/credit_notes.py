"""失信记录: approvals that were taken back since a promise was broken. Read from the journal: nothing is kept twice."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from onething.store.connection.database import Transaction
from onething.store.connection.sql_files import load

_sql = load("tables/credit_notes")


@dataclass(frozen=True, slots=True)
class CreditNote:
    """`finding`: name of the sealed value that says what was found."""

    case_no: str
    at: datetime
    item: str
    material: str
    finding: str
    bundle: str

    @property
    def cursor(self) -> tuple[datetime, str]:
        return self.at, f"{self.case_no}-{self.item}"


async def page(tx: Transaction, region: str, *, before: tuple[datetime, str], limit: int) -> Sequence[CreditNote]:
    """Newest first, for the region's own supervisor; nothing for anybody else."""
    rows = await tx.rows(_sql.page, region=region, before_at=before[0], before_key=before[1], limit=limit)
    return [CreditNote(**row) for row in rows]
