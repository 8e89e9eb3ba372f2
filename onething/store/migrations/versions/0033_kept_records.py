"""Records of sources, kept for a while for those who ask the same."""

from onething.store.migrations.apply import apply

revision = "0033_kept_records"
down_revision = "0032_approvals_revoked"


def upgrade() -> None:
    apply(revision)
