"""Calls per second of a data source, shared by all workers."""

from onething.store.migrations.apply import apply

revision = "0019_source_rates"
down_revision = "0018_callbacks"


def upgrade() -> None:
    apply(revision)
