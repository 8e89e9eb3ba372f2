"""Approvals that are taken back after the case has closed, and their credit notes."""

from onething.store.migrations.apply import apply

revision = "0032_approvals_revoked"
down_revision = "0031_licences"


def upgrade() -> None:
    apply(revision)
