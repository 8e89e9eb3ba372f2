"""What lies beside the record: sealed values, files, certificates, answers."""

from onething.store.migrations.apply import apply

revision = "0002_papers"
down_revision = "0001_record"


def upgrade() -> None:
    apply(revision)
