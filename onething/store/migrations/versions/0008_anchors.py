"""Anchors of the journal outside the database."""

from onething.store.migrations.apply import apply

revision = "0008_anchors"
down_revision = "0007_recording"


def upgrade() -> None:
    apply(revision)
