"""Whose records applications have looked up: the parties of submitted cases, by the keyed index of their numbers."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from onething.domain.kernel.state import DataState, PartyStanding
from onething.store.connection.database import Transaction
from onething.store.connection.sql_files import load

_sql = load("tables/case_parties")


@dataclass(frozen=True, slots=True)
class AskedAbout:
    """The reader is a party of that case, which somebody else applied for. `asker`: who that is, sealed."""

    case_no: str
    party: str
    bundle: str
    region: str
    at: datetime
    asker: bytes = field(repr=False)
    standing: PartyStanding
    data: Mapping[str, DataState]  # of the case, by key
    open: bool  # it may still be answered

    @property
    def cursor(self) -> tuple[datetime, str]:
        """Where the page after this row begins: what is of one case comes together."""
        return (self.at, f"{self.case_no}/{self.party}")


def keep(tx: Transaction, case_no: str, numbers: Mapping[str, bytes], asker: bytes, at: datetime) -> None:
    """Of a case that has none yet; with the commit."""
    for party, number in numbers.items():
        tx.with_commit(_sql.keep, case_no=case_no, party=party, identity_index=number, asker=asker, at=at)


def change(tx: Transaction, case_no: str, numbers: Mapping[str, bytes], asker: bytes, at: datetime) -> None:
    """These take the place of those before; with the commit."""
    tx.with_commit(_sql.forget, case_no=case_no)
    keep(tx, case_no, numbers, asker, at)


async def of_actor(tx: Transaction, case_no: str) -> Sequence[str]:
    """Which parties of the case the actor is, by the identity that they have proved."""
    return [row["party"] for row in await tx.rows(_sql.of_actor, case_no=case_no)]


async def about_actor(tx: Transaction, before: tuple[datetime, str], limit: int) -> Sequence[AskedAbout]:
    """Cases of others, the latest first."""
    rows = await tx.rows(_sql.about_actor, before_at=before[0], before_id=before[1], at_most=limit)
    return [_row(row) for row in rows]


def _row(row: Mapping[str, Any]) -> AskedAbout:
    standing, data = row["standing"] or "{}", json.loads(row["data"] or "{}")
    return AskedAbout(
        case_no=row["case_no"],
        party=row["party"],
        bundle=row["bundle"],
        region=row["region"],
        at=row["at"],
        asker=row["asker"],
        standing=PartyStanding.model_validate_json(standing),
        data={key: DataState(value) for key, value in data.items()},
        open=row["open"],
    )
