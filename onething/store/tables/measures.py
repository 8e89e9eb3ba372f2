"""Figures about what was decided, of days: kept by workers, and exact at any moment (see `region_figures.sql`)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import date, timedelta
from typing import NamedTuple

import orjson

from onething.domain.calendar.statistics import DecidedItem
from onething.store.connection.database import Transaction
from onething.store.connection.sql_files import load

_sql = load("tables/measures")
LATEST = 200
"""So many decisions a forecast looks back."""
_STEP = 2000
_TIMES = {"held_us": "held", "paused_us": "paused", "law_paused_us": "law_paused"}
_CHANNEL = "by_"


class ItemKey(NamedTuple):
    """An item of a department. Codes of items are a bundle's own, so its code (without version) belongs to it."""

    department: str
    bundle: str
    item: str


@dataclass(frozen=True, slots=True)
class ReportingPeriod:
    """`departments` of one region, from `first` to `last`: local dates, both counted."""

    region: str
    departments: Sequence[str]
    first: date
    last: date


@dataclass(slots=True)
class ItemFigures:
    """Of one item in a period. `decided` by a person or a department's system; `dated` of these had a due date, and
    `early` were decided on a day before it. `met`, `missed`, `paused`: of the promise; `law_paused`: of the law's
    clock, of the time that they were `held`: at the department, by the wall clock. Cards: given in the period, as it
    was `returned`: sent back to its department. `corrected`: something was demanded of the applicant, of these
    `corrected_again` not for the first time.

    `first_visits`: of whole cases, taken in over a counter, by the day that they came; `first_accepted` of these were
    accepted with nothing demanded before; `prechecked_…`: of those that a clerk had looked at before.
    `rated`, and of these `badly_rated`: whole cases, by who applied.

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
    first_visits: int = 0
    first_accepted: int = 0
    prechecked_visits: int = 0
    prechecked_accepted: int = 0
    rated: int = 0
    badly_rated: int = 0

    def count(self, name: str, amount: int) -> None:
        """By the names of the record, where lengths of time are microseconds."""
        if name in _TIMES:
            setattr(self, _TIMES[name], getattr(self, _TIMES[name]) + timedelta(microseconds=amount))
        elif not name.startswith(_CHANNEL):
            setattr(self, name, getattr(self, name) + amount)
        else:
            channel = name.removeprefix(_CHANNEL)
            if together := self.channels.pop(channel, 0) + amount:
                self.channels[channel] = together

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
    """Every item of which there is anything to tell; none if they are not the actor's to see."""
    rows = await tx.rows(
        _sql.period,
        region=period.region,
        departments=list(period.departments),
        first=period.first,
        last=period.last,
    )
    items: dict[ItemKey, ItemFigures] = {}
    whole_cases = ItemFigures()
    for row in rows:
        key = ItemKey(row["department"], row["bundle"], row["item"])
        figures = items.setdefault(key, ItemFigures()) if key.item else whole_cases
        for name, amount in orjson.loads(row["amounts"]).items():
            figures.count(name, amount)
    return Measured({key: figures for key, figures in items.items() if figures != ItemFigures()}, whole_cases)


async def fold(tx: Transaction) -> bool:
    """Take up into the sums what was recorded since; whether there is more. For workers: as many as like, one does."""
    return bool(await tx.value(_sql.fold, step=_STEP))


async def recent_of(tx: Transaction, region: str, keys: Sequence[ItemKey]) -> Mapping[ItemKey, Sequence[DecidedItem]]:
    """The latest `LATEST` decisions of each item in that region, whoever asks: nothing tells whose they were."""
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
