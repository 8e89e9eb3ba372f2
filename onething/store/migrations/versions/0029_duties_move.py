"""Duties move from one department to another: its open tasks go along."""

from onething.store.migrations.apply import apply

revision = "0029_duties_move"
down_revision = "0028_revocations"


def upgrade() -> None:
    apply(revision)
