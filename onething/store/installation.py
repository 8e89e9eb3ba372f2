"""What is true of the whole database."""

from onething.store.database import Transaction
from onething.store.migrate import head_revision
from onething.store.queries import load

_sql = load("reference")


async def epoch(tx: Transaction) -> int:
    """Rises with every restore; part of every idempotency key."""
    return int(await tx.value(_sql.epoch))


async def schema_is_ready(tx: Transaction) -> bool:
    """Whether the database has this code's schema, or a newer one that this code can't name."""
    return str(await tx.value(_sql.schema_revision)) >= head_revision()
