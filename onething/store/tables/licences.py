"""电子证照: the register of the certificates that this system issued, by their holder. Who reaches whose is decided by
row-level security: the holder, and whom they have consented to."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from onething.store.connection.database import Transaction
from onething.store.connection.sql_files import load

_sql = load("tables/licences")


@dataclass(frozen=True, slots=True)
class Licence:
    """`kind`: bundle.item.output, for good. What it says is not here. Times UTC."""

    number: str
    kind: str
    name: str
    department: str
    issued_at: datetime
    valid_until: datetime | None
    revoked_at: datetime | None


async def page(
    tx: Transaction,
    holder: bytes,
    *,
    kinds: Collection[str] | None,
    bundles: Collection[str] | None,
    before: tuple[datetime, str],
    limit: int,
) -> Sequence[Licence]:
    """Newest first. `kinds`, `bundles`: none means all."""
    rows = await tx.rows(
        _sql.page,
        holder=holder,
        kinds=None if kinds is None else list(kinds),
        bundles=None if bundles is None else list(bundles),
        before_at=before[0],
        before_number=before[1],
        limit=limit,
    )
    return [Licence(**dict(row)) for row in rows]


async def held(tx: Transaction, holder: bytes, numbers: Collection[str]) -> dict[str, str]:
    """Of these, the holder's: number → kind."""
    rows = await tx.rows(_sql.held, holder=holder, numbers=list(numbers))
    return {row["number"]: row["kind"] for row in rows}
