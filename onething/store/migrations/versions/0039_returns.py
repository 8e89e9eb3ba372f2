"""Items that were sent back, by their moment."""

from onething.store.migrations.apply import apply

revision = "0039_returns"
down_revision = "0038_at_systems"


def upgrade() -> None:
    apply(revision)
