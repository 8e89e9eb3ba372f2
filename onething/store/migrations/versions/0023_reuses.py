"""Files of earlier cases, used again with consent."""

from onething.store.migrations.apply import apply

revision = "0023_reuses"
down_revision = "0022_prefills"


def upgrade() -> None:
    apply(revision)
