"""What other systems told us, waiting to become drafts."""

from onething.store.migrations.apply import apply

revision = "0021_prefills"
down_revision = "0020_orders"


def upgrade() -> None:
    apply(revision)
