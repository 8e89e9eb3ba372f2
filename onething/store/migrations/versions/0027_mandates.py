"""Acting for others: recorded mandates with scope and expiry."""

from onething.store.migrations.apply import apply

revision = "0027_mandates"
down_revision = "0026_source_figures"


def upgrade() -> None:
    apply(revision)
