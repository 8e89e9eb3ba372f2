"""People look for records that sources did not give."""

from onething.store.migrations.apply import apply

revision = "0036_manual_checks"
down_revision = "0035_own_tasks"


def upgrade() -> None:
    apply(revision)
