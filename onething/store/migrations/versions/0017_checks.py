"""What was promised in place of a material, to be checked: tasks of the departments that relied on it."""

from onething.store.migrations.apply import apply

revision = "0017_checks"
down_revision = "0016_consults"


def upgrade() -> None:
    apply(revision)
