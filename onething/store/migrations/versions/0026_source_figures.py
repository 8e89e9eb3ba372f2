"""How data sources do, counted by the hour; breakers that are not closed."""

from onething.store.migrations.apply import apply

revision = "0026_source_figures"
down_revision = "0025_subscriptions"


def upgrade() -> None:
    apply(revision)
