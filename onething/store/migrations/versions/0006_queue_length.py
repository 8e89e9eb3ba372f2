"""API processes may see how long the outbox is."""

from onething.store.migrations.apply import apply

revision = "0006_queue_length"
down_revision = "0005_under_way"


def upgrade() -> None:
    apply(revision)
