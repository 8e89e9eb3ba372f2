"""委托: who may act for whom. Who reaches which is decided by row-level security: the giver, the one who acts, the
counter of the region."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from onething.domain.errors import FailureCode, OneThingError
from onething.store.connection.database import Transaction
from onething.store.connection.sql_files import load

_sql = load("tables/mandates")


@dataclass(frozen=True, slots=True)
class Mandate:
    """`giver` and `agent` are subjects; no giver: recorded at the counter, for somebody without an account.
    `bundles`: none means all. `body` is sealed: the names and the giver's number. Times UTC."""

    id: str
    giver: str | None
    giver_index: bytes = field(repr=False)
    agent: str
    kind: str
    bundles: tuple[str, ...]
    acts: tuple[str, ...]
    region: str
    recorded_by: str
    paper: bool
    given_at: datetime
    expires_at: datetime
    body: bytes = field(repr=False)
    revoked_at: datetime | None = None


async def add(tx: Transaction, mandate: Mandate) -> None:
    values = {name: getattr(mandate, name) for name in Mandate.__slots__ if name != "revoked_at"}
    await tx.rows(_sql.add, **{**values, "bundles": list(mandate.bundles), "acts": list(mandate.acts)})


async def get(tx: Transaction, id_: str) -> Mandate:
    """Raises OneThingError NOT_FOUND, also for what the actor may not see."""
    found = await seen(tx, id_)
    if found is None:
        raise OneThingError(FailureCode.NOT_FOUND, "没有这份委托，或者您无权查看。")
    return found


async def seen(tx: Transaction, id_: str) -> Mandate | None:
    row = await tx.row(_sql.get, id=id_)
    return _mandate(row) if row else None


async def page(tx: Transaction, *, before: tuple[datetime, str], limit: int) -> Sequence[Mandate]:
    """Newest first, as far as the actor may see them."""
    return [_mandate(row) for row in await tx.rows(_sql.page, before_at=before[0], before_id=before[1], limit=limit)]


async def to_look(tx: Transaction, giver_index: bytes, agent: str, limit: int) -> Sequence[Mandate]:
    """Those that let an account look a person's licences up, in force or not: first what holds and ends last."""
    return [_mandate(row) for row in await tx.rows(_sql.to_look, giver_index=giver_index, agent=agent, limit=limit)]


async def revoke(tx: Transaction, id_: str, at: datetime) -> bool:
    """False if it was revoked already, or is not the actor's to revoke."""
    return await tx.value(_sql.revoke, id=id_, at=at) is not None


async def cases(tx: Transaction, id_: str, limit: int) -> list[str]:
    """Numbers of the newest cases opened under it, as far as the actor may see them."""
    return [row["case_no"] for row in await tx.rows(_sql.cases, id=id_, limit=limit)]


def _mandate(row: object) -> Mandate:
    values = dict(row)  # type: ignore[call-overload]
    return Mandate(**{**values, "bundles": tuple(values["bundles"]), "acts": tuple(values["acts"])})
