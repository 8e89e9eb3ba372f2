"""Ratings of one region are found without reading those of others."""

from onething.store.migrations.apply import apply

revision = "0021_ratings_by_region"
down_revision = "0020_orders"


def upgrade() -> None:
    apply(revision)
