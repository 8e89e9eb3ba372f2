"""Who is told what happens, and how far."""

from onething.store.migrations.apply import apply

revision = "0023_subscriptions"
down_revision = "0022_prefills"


def upgrade() -> None:
    apply(revision)
