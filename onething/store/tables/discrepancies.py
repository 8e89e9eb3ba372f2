"""What became of data that disagreed, added up by PostgreSQL: numbers of a region, never whose they were."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from onething.store.connection.database import Transaction
from onething.store.connection.sql_files import load

_sql = load("tables/discrepancies")


class Asks(NamedTuple):
    """A look-up of a bundle (code@version) and the source that it asks."""

    bundle: str
    key: str
    source: str


@dataclass(frozen=True, slots=True)
class Discrepancies:
    """Tasks that were opened for a source's owner. By now `open`, `resolved`, `matched` (all came to say the same) or
    lapsed; of the resolved, in `source_right` its own record was right."""

    source: str
    found: int = 0
    open: int = 0
    resolved: int = 0
    matched: int = 0
    source_right: int = 0


async def by_source(
    tx: Transaction, region: str, since: datetime, until: datetime, asks: Sequence[Asks]
) -> Mapping[str, Discrepancies]:
    """Opened from `since` on, before `until`; nothing for who is neither supervisor nor leader of the region."""
    rows = await tx.rows(
        _sql.by_source,
        region=region,
        since=since,
        until=until,
        bundles=[one.bundle for one in asks],
        keys=[one.key for one in asks],
        sources=[one.source for one in asks],
    )
    return {row["source"]: Discrepancies(**row) for row in rows}
