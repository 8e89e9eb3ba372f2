"""By whose name a case is found: keyed indexes of the applicant's, and of the enterprise that the case is about."""

from collections.abc import Collection, Sequence

from onething.store.connection.database import Transaction
from onething.store.connection.sql_files import load

_sql = load("tables/case_names")


def keep(tx: Transaction, case_no: str, region: str, names: Collection[bytes]) -> None:
    """Of a case that has none yet; with the commit."""
    for name in names:
        tx.with_commit(_sql.keep, name_index=name, region=region, case_no=case_no)


def change(tx: Transaction, case_no: str, region: str, names: Collection[bytes]) -> None:
    """These take the place of what it was called before; with the commit."""
    tx.with_commit(_sql.forget, case_no=case_no)
    keep(tx, case_no, region, names)


async def called(tx: Transaction, name: bytes, region: str, limit: int) -> Sequence[str]:
    """Cases of the region, the latest first, whichever department's they are."""
    return [row["case_no"] for row in await tx.rows(_sql.called, name_index=name, region=region, limit=limit)]
