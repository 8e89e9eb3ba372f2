"""When the applicant first read which letter."""

from onething.store.migrations.apply import apply

revision = "0011_letters"
down_revision = "0010_measures"


def upgrade() -> None:
    apply(revision)
