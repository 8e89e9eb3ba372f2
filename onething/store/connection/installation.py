"""What is true of the whole database."""

from onething.store.connection.database import Transaction
from onething.store.connection.sql_files import load
from onething.store.schema import NUMBER, digest

_sql = load("connection/installation")


async def epoch(tx: Transaction) -> int:
    """Rises with every restore; part of every idempotency key."""
    return int(await tx.value(_sql.epoch))


async def schema_is_ready(tx: Transaction) -> bool:
    """Whether the database has this code's schema."""
    row = await tx.row(_sql.schema)
    return row is not None and (row["schema_number"], row["schema_digest"]) == (NUMBER, digest())
