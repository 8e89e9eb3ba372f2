"""Fewer rights, and drafts for their makers alone."""

from onething.store.migrations.apply import apply

revision = "0003_least_rights"
down_revision = "0002_papers"


def upgrade() -> None:
    apply(revision)
