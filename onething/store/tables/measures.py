"""Figures about what was decided, added up by PostgreSQL as far as the actor may see the tasks and cases."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from onething.domain.calendar.statistics import DecidedItem
from onething.store.connection.database import Transaction
from onething.store.connection.sql_files import load

_sql = load("tables/measures")
LATEST = 200
"""So many decisions a forecast looks back."""


class ItemKey(NamedTuple):
    """An item of a department. Codes of items are a bundle's own, so its code (without version) belongs to it."""

    department: str
    bundle: str
    item: str


@dataclass(frozen=True, slots=True)
class ReportingPeriod:
    """`departments` of one region, from `since` on, until before `until` (aware)."""

    region: str
    departments: Sequence[str]
    since: datetime
    until: datetime


@dataclass(slots=True)
class ItemFigures:
    """Of one item in a period. `decided` by a person or a department's system; `dated` of these had a due date, and
    `early` were decided on a day before it. `met`, `missed`, `paused`: of the promise; `law_paused`: of the law's
    clock, of the time that they were `held`: at the department, by the wall clock. Cards: given in the period, as it
    was `returned`: sent back to its department. `corrected`: something was demanded of the applicant, of these
    `corrected_again` not for the first time.

    `channels`: how many decided came in by which. `identity_only` of these needed no paper of the applicant's.
    """

    decided: int = 0
    dated: int = 0
    early: int = 0
    met: int = 0
    missed: int = 0
    extensions: int = 0
    held: timedelta = timedelta()
    paused: timedelta = timedelta()
    law_paused: timedelta = timedelta()
    yellow: int = 0
    red: int = 0
    returned: int = 0
    corrected: int = 0
    corrected_again: int = 0
    channels: dict[str, int] = field(default_factory=dict)
    identity_only: int = 0

    def add(self, other: "ItemFigures") -> None:
        """So that items become departments."""
        for one in fields(self):
            if one.name != "channels":
                setattr(self, one.name, getattr(self, one.name) + getattr(other, one.name))
        for channel, count in other.channels.items():
            self.channels[channel] = self.channels.get(channel, 0) + count


@dataclass(frozen=True, slots=True)
class Measured:
    """`whole_cases`: the cards of cases, and what counters demanded, which are no single item's."""

    items: dict[ItemKey, ItemFigures]
    whole_cases: ItemFigures


async def measure(tx: Transaction, period: ReportingPeriod) -> Measured:
    """Every item that was decided or got a card; none if the actor may not see them."""
    wanted = {
        "region": period.region,
        "departments": list(period.departments),
        "since": period.since,
        "until": period.until,
    }
    items: dict[ItemKey, ItemFigures] = {}
    whole_cases = ItemFigures()
    for query in (_sql.decided, _sql.clocks, _sql.cards, _sql.returned, _sql.corrections):
        for row in await tx.rows(query, **wanted):
            figures = whole_cases if row["item"] is None else items.setdefault(_key(row), ItemFigures())
            for name in set(row.keys()).difference(ItemKey._fields):
                setattr(figures, name, row[name])
    for row in await tx.rows(_sql.channels, **wanted):
        # decided since the statements before may be one more
        figures = items.setdefault(_key(row), ItemFigures())
        figures.channels[row["channel"]] = row["decided"]
        figures.identity_only += row["identity_only"]
    return Measured(items, whole_cases)


async def recent(tx: Transaction, region: str, key: ItemKey) -> Sequence[DecidedItem]:
    """The latest `LATEST` decisions of the item in that region, whoever asks: nothing tells whose they were."""
    return (await recent_of(tx, region, [key]))[key]


async def recent_of(tx: Transaction, region: str, keys: Sequence[ItemKey]) -> Mapping[ItemKey, Sequence[DecidedItem]]:
    """As `recent`, of several items at once: each of them reads no more than its own latest."""
    rows = await tx.rows(
        _sql.recent,
        region=region,
        departments=[key.department for key in keys],
        bundles=[key.bundle for key in keys],
        items=[key.item for key in keys],
        at_most=LATEST,
    )
    found: dict[ItemKey, list[DecidedItem]] = {key: [] for key in keys}
    for row in rows:
        # a pause that nobody ended lasted until the decision
        pauses = tuple(zip(row["suspended"], (*row["resumed"], row["closed_at"]), strict=False))
        found[keys[row["nth"] - 1]].append(DecidedItem(row["opened_at"], row["closed_at"], pauses))
    return found


def _key(row: Any) -> ItemKey:
    return ItemKey(row["department"], row["bundle"], row["item"])
