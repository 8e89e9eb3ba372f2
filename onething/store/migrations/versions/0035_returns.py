"""Items that were sent back, by their moment."""

from onething.store.migrations.apply import apply

revision = "0035_returns"
down_revision = "0034_source_slots"


def upgrade() -> None:
    apply(revision)
