"""What departments' own systems have, as a list."""

from onething.store.migrations.apply import apply

revision = "0038_at_systems"
down_revision = "0037_status_addresses"


def upgrade() -> None:
    apply(revision)
