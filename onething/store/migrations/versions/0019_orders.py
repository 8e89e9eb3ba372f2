"""What a department's system that calls back may see."""

from onething.store.migrations.apply import apply

revision = "0019_orders"
down_revision = "0018_callbacks"


def upgrade() -> None:
    apply(revision)
