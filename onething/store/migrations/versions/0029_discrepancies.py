"""Values that disagree: tasks of the departments that own them."""

from onething.store.migrations.apply import apply

revision = "0029_discrepancies"
down_revision = "0028_revocations"


def upgrade() -> None:
    apply(revision)
