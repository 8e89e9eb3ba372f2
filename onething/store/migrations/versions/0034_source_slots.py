"""Calls at once of a data source, shared by all workers."""

from onething.store.migrations.apply import apply

revision = "0034_source_slots"
down_revision = "0033_kept_records"


def upgrade() -> None:
    apply(revision)
