"""Values that disagree: tasks of the departments that own them."""

from onething.store.migrations.apply import apply

revision = "0026_discrepancies"
down_revision = "0025_subscriptions"


def upgrade() -> None:
    apply(revision)
