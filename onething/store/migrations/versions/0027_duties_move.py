"""Duties move from one department to another: its open tasks go along."""

from onething.store.migrations.apply import apply

revision = "0027_duties_move"
down_revision = "0026_source_figures"


def upgrade() -> None:
    apply(revision)
