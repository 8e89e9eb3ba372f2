"""Values that disagree: tasks of the departments that own them."""

from onething.store.migrations.apply import apply

revision = "0027_discrepancies"
down_revision = "0026_source_figures"


def upgrade() -> None:
    apply(revision)
