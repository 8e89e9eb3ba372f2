"""What a source that calls back may see."""

from onething.store.migrations.apply import apply

revision = "0017_callbacks"
down_revision = "0016_consults"


def upgrade() -> None:
    apply(revision)
