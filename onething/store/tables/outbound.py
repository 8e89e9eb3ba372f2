"""What departments inside closed networks fetch: offered by workers, leased by a department's agent, a few at a time.

A lease that ends without an answer gives the same command again, under the same key.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from onething.domain.kernel.commands import CommandKind, idempotency_key
from onething.domain.kernel.sealed_name import SealedKind
from onething.domain.kernel.state import CaseState
from onething.store.connection.database import Transaction
from onething.store.connection.sql_files import load

_sql = load("tables/outbound")


@dataclass(frozen=True, slots=True)
class LeasedCommand:
    """A command that its department is to carry out. `target` as the command's."""

    case_no: str
    key: str
    kind: CommandKind
    target: str
    state: CaseState
    sealed: dict[str, bytes] = field(repr=False)


async def offer(tx: Transaction, case_no: str, command: str, department: str, now: datetime) -> None:
    """Leave an open command to be fetched, unless it is there already; a few that nobody fetched in time go."""
    await tx.rows(_sql.offer, case_no=case_no, command=command, department=department, now=now)


async def lease(
    tx: Transaction,
    department: str,
    region: str,
    now: datetime,
    until: datetime,
    many: int,
    values: Sequence[SealedKind],
) -> list[LeasedCommand]:
    """Up to `many` of those that have waited longest; nobody else gets them before `until`. `values`: as of
    `commands.standing`. What is no longer wanted is dropped, so that there may be more when there are none."""
    taken = await tx.rows(_sql.lease, department=department, region=region, now=now, until=until, many=many)
    if not taken:
        return []
    case_nos, ids = [row["case_no"] for row in taken], [row["command"] for row in taken]
    rows = await tx.rows(_sql.wanted, case_nos=case_nos, ids=ids, value_kinds=list(values))
    wanted = {(row["case_no"], row["id"]) for row in rows}
    over = [one for one in zip(case_nos, ids, strict=True) if one not in wanted]
    if over:
        await tx.rows(_sql.drop, case_nos=[one[0] for one in over], ids=[one[1] for one in over])
    return [
        LeasedCommand(
            row["case_no"],
            idempotency_key(row["case_no"], row["made_in"], row["id"]),
            CommandKind(row["kind"]),
            row["target"],
            CaseState.from_json(row["state"]),
            dict(zip(row["value_names"], row["value_bodies"], strict=True)),
        )
        for row in rows
    ]
