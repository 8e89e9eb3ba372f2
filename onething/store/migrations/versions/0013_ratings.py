"""Ratings, newest first, for supervisors."""

from onething.store.migrations.apply import apply

revision = "0013_ratings"
down_revision = "0012_reminders"


def upgrade() -> None:
    apply(revision)
