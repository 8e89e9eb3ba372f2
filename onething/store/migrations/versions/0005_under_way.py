"""An index of the cases that have not ended."""

from onething.store.migrations.apply import apply

revision = "0005_under_way"
down_revision = "0004_keys_for_good"


def upgrade() -> None:
    apply(revision)
