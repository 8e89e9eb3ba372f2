"""The register of licences: certificates by their holder."""

from onething.store.migrations.apply import apply

revision = "0031_licences"
down_revision = "0030_discrepancies"


def upgrade() -> None:
    apply(revision)
