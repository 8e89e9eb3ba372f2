"""电子证照: the register of the certificates that this system issued, by their holder. Who reaches whose is decided by
row-level security: the holder, and whom they have consented to. What a licence says is not here."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from onething.store.connection.database import Transaction
from onething.store.connection.sql_files import load

_sql = load("tables/licences")


@dataclass(frozen=True, slots=True)
class LicencePlace:
    """One in the order of the register. Times UTC."""

    number: str
    issued_at: datetime


async def page(
    tx: Transaction,
    holder: bytes,
    *,
    kinds: Collection[str] | None,
    bundles: Collection[str] | None,
    before: tuple[datetime, str],
    limit: int,
) -> Sequence[LicencePlace]:
    """Newest first. `kinds` (bundle.item.output), `bundles`: none means all."""
    rows = await tx.rows(
        _sql.page,
        holder=holder,
        kinds=None if kinds is None else list(kinds),
        bundles=None if bundles is None else list(bundles),
        before_at=before[0],
        before_number=before[1],
        limit=limit,
    )
    return [LicencePlace(row["number"], row["issued_at"]) for row in rows]
