"""Rungs belong to one run of their clock."""

from onething.store.migrations.apply import apply

revision = "0013_rungs_anew"
down_revision = "0012_reminders"


def upgrade() -> None:
    apply(revision)
