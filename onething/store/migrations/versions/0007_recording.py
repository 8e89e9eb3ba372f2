"""The door writes a visit as one value."""

from onething.store.migrations.apply import apply

revision = "0007_recording"
down_revision = "0006_queue_length"


def upgrade() -> None:
    apply(revision)
