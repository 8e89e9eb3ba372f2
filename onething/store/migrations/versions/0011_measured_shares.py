"""Cases say whether only an identity card was needed."""

from onething.store.migrations.apply import apply

revision = "0011_measured_shares"
down_revision = "0010_measures"


def upgrade() -> None:
    apply(revision)
