"""What a department's system that calls back may see."""

from onething.store.migrations.apply import apply

revision = "0020_orders"
down_revision = "0019_source_rates"


def upgrade() -> None:
    apply(revision)
