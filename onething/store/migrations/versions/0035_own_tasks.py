"""Tasks that change are looked for among those of their case."""

from onething.store.migrations.apply import apply

revision = "0035_own_tasks"
down_revision = "0034_source_slots"


def upgrade() -> None:
    apply(revision)
