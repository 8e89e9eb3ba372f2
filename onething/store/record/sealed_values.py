"""Sealed values of a case by name. Policies decide who may open which: what is not for the actor is not there.

They are written with the event that they belong to, by the case writer.
"""

from collections.abc import Iterable, Sequence

from onething.store.connection.database import Transaction
from onething.store.connection.sql_files import load

_sql = load("record/sealed_values")


async def get(tx: Transaction, case_no: str, name: str) -> bytes | None:
    body: bytes | None = await tx.value(_sql.get, case_no=case_no, name=name)
    return body


async def get_many(tx: Transaction, case_no: str, names: Iterable[str]) -> dict[str, bytes]:
    """Those of `names` that there are for the actor."""
    rows = await tx.rows(_sql.get_many, case_no=case_no, names=list(names))
    return {row["name"]: row["body"] for row in rows}


async def names(tx: Transaction, case_no: str) -> Sequence[str]:
    return [row["name"] for row in await tx.rows(_sql.names, case_no=case_no)]
