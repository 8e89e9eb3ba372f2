"""What a department's agent is to have undone."""

from onething.store.migrations.apply import apply

revision = "0027_revocations"
down_revision = "0026_source_figures"


def upgrade() -> None:
    apply(revision)
