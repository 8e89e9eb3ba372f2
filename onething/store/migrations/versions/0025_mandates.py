"""Acting for others: recorded mandates with scope and expiry."""

from onething.store.migrations.apply import apply

revision = "0025_mandates"
down_revision = "0024_outbound"


def upgrade() -> None:
    apply(revision)
