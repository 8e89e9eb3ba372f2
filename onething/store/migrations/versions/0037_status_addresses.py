"""Where a polled source has said that its answer will be."""

from onething.store.migrations.apply import apply

revision = "0037_status_addresses"
down_revision = "0036_manual_checks"


def upgrade() -> None:
    apply(revision)
