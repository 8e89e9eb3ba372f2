"""The epoch of each command."""

from onething.store.migrations.apply import apply

revision = "0004_keys_for_good"
down_revision = "0003_least_rights"


def upgrade() -> None:
    apply(revision)
