"""Cases say whether only an identity card was needed."""

from onething.store.migrations.apply import apply

revision = "0013_measured_shares"
down_revision = "0012_reminders"


def upgrade() -> None:
    apply(revision)
