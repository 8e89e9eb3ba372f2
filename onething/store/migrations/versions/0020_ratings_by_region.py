"""Ratings of one region are found without reading those of others."""

from onething.store.migrations.apply import apply

revision = "0020_ratings_by_region"
down_revision = "0019_source_rates"


def upgrade() -> None:
    apply(revision)
