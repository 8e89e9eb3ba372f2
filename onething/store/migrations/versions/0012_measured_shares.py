"""Cases say whether only an identity card was needed."""

from onething.store.migrations.apply import apply

revision = "0012_measured_shares"
down_revision = "0011_letters"


def upgrade() -> None:
    apply(revision)
