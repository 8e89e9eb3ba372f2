"""What a department's agent fetches."""

from onething.store.migrations.apply import apply

revision = "0024_outbound"
down_revision = "0023_reuses"


def upgrade() -> None:
    apply(revision)
