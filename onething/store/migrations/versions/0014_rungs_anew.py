"""Rungs belong to one run of their clock."""

from onething.store.migrations.apply import apply

revision = "0014_rungs_anew"
down_revision = "0013_measured_shares"


def upgrade() -> None:
    apply(revision)
