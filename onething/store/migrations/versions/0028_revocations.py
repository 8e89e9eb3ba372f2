"""What a department's agent is to have undone."""

from onething.store.migrations.apply import apply

revision = "0028_revocations"
down_revision = "0027_mandates"


def upgrade() -> None:
    apply(revision)
