"""What applicants thought of how their cases went: grades and dates, never what they wrote."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import orjson

from onething.store.connection.database import Transaction
from onething.store.connection.sql_files import load

_sql = load("tables/ratings")
_BEST = 5


@dataclass(frozen=True, slots=True)
class StoredRating:
    """Times UTC. The last four only of a bad one: by when it has to be, and when it was, answered and put right."""

    case_no: str
    at: datetime
    grade: int
    tags: tuple[str, ...]
    channel: (
        str  # `party`, `agent`: of the case, by the applicant or who acts for them; `counter`, `on_site`: of a visit
    )
    visit: int | None
    bundle: str
    status: str
    contact_by: datetime | None
    contacted_at: datetime | None
    rectify_by: datetime | None
    rectified_at: datetime | None


async def page(
    tx: Transaction, region: str, *, before: tuple[datetime, str], worst: int | None, limit: int
) -> Sequence[StoredRating]:
    """Newest first, as far as the actor may see the cases. `worst`: none above this grade."""
    rows = await tx.rows(
        _sql.page,
        region=region,
        before_at=before[0],
        before_no=before[1],
        worst=_BEST if worst is None else worst,
        limit=limit,
    )
    return [StoredRating(**{**row, "tags": tuple(_tags(row["tags"]))}) for row in map(dict, rows)]


def _tags(value: str | list[str]) -> list[str]:
    tags: list[str] = orjson.loads(value) if isinstance(value, str) else value
    return tags
