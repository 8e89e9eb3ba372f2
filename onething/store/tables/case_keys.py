"""What cases are about, as a keyed index; and by it which of them may be the same once more."""

from collections.abc import Collection, Mapping
from datetime import datetime

from onething.store.connection.database import Transaction
from onething.store.connection.sql_files import load

_sql = load("tables/case_keys")


def keep(tx: Transaction, case_no: str, region: str, key: bytes | None) -> None:
    """Of a case that has none yet; with the commit. None: it does not say all of it."""
    if key is not None:
        tx.with_commit(_sql.keep, case_no=case_no, key_index=key, region=region)


def change(tx: Transaction, case_no: str, region: str, key: bytes | None) -> None:
    """This takes the place of the one before; with the commit."""
    tx.with_commit(_sql.forget, case_no=case_no)
    keep(tx, case_no, region, key)


async def possible_duplicates(
    tx: Transaction, case_nos: Collection[str], ended_after: datetime, key: bytes | None = None
) -> Mapping[str, list[str | None]]:
    """Of these of a counter or a department, those that may be the same as another one: with the others' numbers, the
    latest first; None for one that is not the actor's to see. `key`: of a draft, which has none kept yet."""
    found: dict[str, list[str | None]] = {}
    for row in await tx.rows(_sql.possible_duplicates, case_nos=list(case_nos), key_index=key, ended_after=ended_after):
        found.setdefault(row["case_no"], []).append(row["other"])
    return found
