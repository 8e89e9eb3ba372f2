"""What a department's agent fetches."""

from onething.store.migrations.apply import apply

revision = "0023_outbound"
down_revision = "0022_prefills"


def upgrade() -> None:
    apply(revision)
