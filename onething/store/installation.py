"""What is true of the whole database."""

from pathlib import Path

from onething.store.database import Transaction
from onething.store.queries import load

_sql = load("reference")
_MIGRATIONS = Path(__file__).with_name("migrations")


async def epoch(tx: Transaction) -> int:
    """Rises with every restore; part of every idempotency key."""
    return int(await tx.value(_sql.epoch))


async def schema_is_ready(tx: Transaction) -> bool:
    """Whether the database has this code's schema, or a newer one that this code can't name."""
    return str(await tx.value(_sql.schema_revision)) >= head_revision()


def head_revision() -> str:
    """The newest migration that this code brings. Alembic, which could say so too, takes seconds to import: too long
    for the start of every API and worker."""
    return max(path.stem for path in _MIGRATIONS.glob("*.sql"))
