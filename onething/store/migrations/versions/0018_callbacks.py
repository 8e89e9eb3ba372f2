"""What a source that calls back may see."""

from onething.store.migrations.apply import apply

revision = "0018_callbacks"
down_revision = "0017_checks"


def upgrade() -> None:
    apply(revision)
