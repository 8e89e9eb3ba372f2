"""How data sources do: told by workers every few seconds, read by supervisors."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from onething.domain.sources.source import Counts, Seen
from onething.store.connection.actor import Actor
from onething.store.connection.database import Database, Transaction
from onething.store.connection.sql_files import load

_sql = load("sources/figures")
_WORKER = Actor.worker()
STORED_FOR = timedelta(days=7)
TOLD_WITHIN = timedelta(minutes=1)
"""A worker that has told nothing for so long is gone, and its breakers with it."""
OPEN_AT_MOST = 5000
"""So many open commands are looked at for those that wait."""


@dataclass(frozen=True, slots=True)
class BreakerSeen:
    """The worst that workers told: `open` or `half_open`, by how many."""

    state: str
    since: datetime
    workers: int


@dataclass(frozen=True, slots=True)
class Pending:
    """Look-ups of one need (`bundle` with version, `data`: its key) without an outcome."""

    bundle: str
    data: str
    pending: int
    oldest: datetime


@dataclass(slots=True)
class SourceFigures:
    """What was seen → bucket (0 where nothing lasted) → how often; as `domain.spread` has it."""

    seen: dict[Seen, dict[int, int]] = field(default_factory=dict)

    def times(self, seen: Seen) -> int:
        return self.spread(seen).get(0, 0)

    def spread(self, seen: Seen) -> Mapping[int, int]:
        return self.seen.get(seen, {})


async def tell(
    database: Database, worker: str, now: datetime, counts: Counts, breakers: Mapping[str, str], *, tidy: bool
) -> None:
    """What `worker` counted since it last told, and its `breakers` that are not closed (source → state); those that are
    not named have closed. `tidy`: forget what is old."""
    async with database.transaction(_WORKER, durable=False) as tx:
        if counts:
            await add(tx, now, counts)
        if breakers:
            states = list(breakers.values())
            await tx.row(_sql.breakers, worker=worker, now=now, sources=list(breakers), states=states)
        await tx.row(_sql.closed, worker=worker, sources=list(breakers))
        if tidy:
            await tx.row(_sql.forget, gone=now - TOLD_WITHIN, old=now - STORED_FOR)


async def add(tx: Transaction, now: datetime, counts: Counts) -> None:
    """More of what was seen in this hour."""
    # in one order, whoever writes: two that wait for each other would never end
    rows = sorted(counts.items())
    await tx.row(
        _sql.add,
        hour=now.replace(minute=0, second=0, microsecond=0),
        sources=[source for (source, _, _), _ in rows],
        seen=[str(seen) for (_, seen, _), _ in rows],
        buckets=[bucket for (_, _, bucket), _ in rows],
        times=[times for _, times in rows],
    )


async def seen(tx: Transaction, sources: Sequence[str], since: datetime) -> Mapping[str, SourceFigures]:
    """By source; those of which nothing was seen are left out."""
    found: dict[str, SourceFigures] = {}
    for row in await tx.rows(_sql.seen, sources=list(sources), since=since):
        buckets = found.setdefault(row["source"], SourceFigures()).seen.setdefault(Seen(row["seen"]), {})
        buckets[row["bucket"]] = row["times"]
    return found


async def not_closed(tx: Transaction, sources: Sequence[str], now: datetime) -> Mapping[str, BreakerSeen]:
    rows = await tx.rows(_sql.not_closed, sources=list(sources), fresh=now - TOLD_WITHIN)
    return {row["source"]: BreakerSeen(row["state"], row["since"], row["workers"]) for row in rows}


async def pending(tx: Transaction, region: str) -> tuple[Sequence[Pending], bool]:
    """And whether there may be more than those that were looked at."""
    rows = await tx.rows(_sql.pending, region=region, at_most=OPEN_AT_MOST)
    found = [Pending(row["bundle"], row["data"], row["pending"], row["oldest"]) for row in rows]
    return found, any(row["cut"] for row in rows)
