"""The record of a case: what the door writes."""

from onething.store.migrations.apply import apply

revision = "0001_record"
down_revision = None


def upgrade() -> None:
    apply(revision)
