"""Acting for others: recorded mandates with scope and expiry."""

from onething.store.migrations.apply import apply

revision = "0026_mandates"
down_revision = "0025_subscriptions"


def upgrade() -> None:
    apply(revision)
