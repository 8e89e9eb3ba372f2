"""Values that disagree: tasks of the departments that own them."""

from onething.store.migrations.apply import apply

revision = "0030_discrepancies"
down_revision = "0029_duties_move"


def upgrade() -> None:
    apply(revision)
