"""委托: who may act for whom. Who reaches which is decided by row-level security: the giver, the one who acts, the
counter of the region."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from onething.domain.errors import FailureCode, OneThingError
from onething.store.connection.database import Transaction
from onething.store.connection.sql_files import load

_sql = load("tables/mandates")
_BETWEEN_TWO = 20


@dataclass(frozen=True, slots=True)
class Mandate:
    """`agent` is a subject; the giver is known by the blind index of their number, whichever account they have.
    `bundles`: none means all. `body` is sealed: the names and the giver's number. Times UTC."""

    id: str
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
    outlet: str | None = None  # where it was recorded
    revoked_at: datetime | None = None
    ended_by: str | None = None  # the case by which giver or agent is no more
    agent_index: bytes | None = field(default=None, repr=False)


_GIVEN = frozenset(Mandate.__slots__) - {"revoked_at", "ended_by", "agent_index"}


async def add(tx: Transaction, mandate: Mandate) -> None:
    values = {name: getattr(mandate, name) for name in _GIVEN}
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


async def between(tx: Transaction, agent: str, giver_index: bytes, bundle: str) -> Sequence[Mandate]:
    """All that the two have, or had, for a bundle (its code): first what holds and ends last."""
    rows = await tx.rows(_sql.between, agent=agent, giver_index=giver_index, bundle=bundle, limit=_BETWEEN_TWO)
    return [_mandate(row) for row in rows]


async def lapsed(tx: Transaction, case_no: str) -> Mandate | None:
    """That by which the actor had brought in a case that is out of reach now."""
    id_ = await tx.value(_sql.lapsed, case_no=case_no)
    return await seen(tx, id_) if id_ is not None else None


async def take_up(tx: Transaction, id_: str) -> None:
    """The actor, an account that it was given to, acts under it: from now on it is known who that is."""
    await tx.rows(_sql.take_up, id=id_)


async def revoke(tx: Transaction, id_: str, at: datetime) -> bool:
    """False if it was revoked already, or is not the actor's to revoke. Who watches a case looks at once whether they
    still may."""
    revoked = await tx.value(_sql.revoke, id=id_, at=at) is not None
    await tx.rows(_sql.ring)
    return revoked


async def cases(tx: Transaction, id_: str, limit: int) -> list[str]:
    """Numbers of the newest cases opened under it, as far as the actor may see them."""
    return [row["case_no"] for row in await tx.rows(_sql.cases, id=id_, limit=limit)]


def _mandate(row: Any) -> Mandate:
    values = dict(row)
    return Mandate(**{**values, "bundles": tuple(values["bundles"]), "acts": tuple(values["acts"])})
