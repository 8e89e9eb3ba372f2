"""Ratings, newest first, for supervisors."""

from onething.store.migrations.apply import apply

revision = "0015_ratings"
down_revision = "0014_rungs_anew"


def upgrade() -> None:
    apply(revision)
