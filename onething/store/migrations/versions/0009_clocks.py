"""Clocks that are suspended, extended and counted again, and their ladder."""

from onething.store.migrations.apply import apply

revision = "0009_clocks"
down_revision = "0008_anchors"


def upgrade() -> None:
    apply(revision)
