"""The latest decisions of an item, for forecasts; cards for leaders."""

from onething.store.migrations.apply import apply

revision = "0010_measures"
down_revision = "0009_clocks"


def upgrade() -> None:
    apply(revision)
