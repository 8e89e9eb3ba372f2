"""Ratings of one region are found without reading those of others."""

from onething.store.migrations.apply import apply

revision = "0018_ratings_by_region"
down_revision = "0017_checks"


def upgrade() -> None:
    apply(revision)
