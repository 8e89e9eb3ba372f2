"""Where a polled source has said that its answer will be."""

from onething.store.migrations.apply import apply

revision = "0035_status_addresses"
down_revision = "0034_source_slots"


def upgrade() -> None:
    apply(revision)
