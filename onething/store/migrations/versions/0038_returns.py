"""Items that were sent back, by their moment."""

from onething.store.migrations.apply import apply

revision = "0038_returns"
down_revision = "0037_status_addresses"


def upgrade() -> None:
    apply(revision)
