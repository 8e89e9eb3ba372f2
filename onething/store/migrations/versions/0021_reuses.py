"""Files of earlier cases, used again with consent."""

from onething.store.migrations.apply import apply

revision = "0021_reuses"
down_revision = "0020_orders"


def upgrade() -> None:
    apply(revision)
