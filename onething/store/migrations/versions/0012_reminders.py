"""Urges and supervisions that are awaited, and cards in the order of their list."""

from onething.store.migrations.apply import apply

revision = "0012_reminders"
down_revision = "0011_letters"


def upgrade() -> None:
    apply(revision)
