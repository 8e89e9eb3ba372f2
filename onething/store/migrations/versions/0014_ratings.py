"""Ratings, newest first, for supervisors."""

from onething.store.migrations.apply import apply

revision = "0014_ratings"
down_revision = "0013_measured_shares"


def upgrade() -> None:
    apply(revision)
