"""Who is told what happens, and how far."""

from onething.store.migrations.apply import apply

revision = "0025_subscriptions"
down_revision = "0024_outbound"


def upgrade() -> None:
    apply(revision)
