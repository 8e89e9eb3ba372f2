"""What other systems told us, waiting to become drafts."""

from onething.store.migrations.apply import apply

revision = "0022_prefills"
down_revision = "0021_ratings_by_region"


def upgrade() -> None:
    apply(revision)
