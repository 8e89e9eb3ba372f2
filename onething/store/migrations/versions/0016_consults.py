"""Tasks of departments that are asked for an opinion, and what they may read."""

from onething.store.migrations.apply import apply

revision = "0016_consults"
down_revision = "0015_ratings"


def upgrade() -> None:
    apply(revision)
