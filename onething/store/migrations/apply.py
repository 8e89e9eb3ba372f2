"""How a revision applies its SQL file."""

from pathlib import Path

from alembic import op


def apply(name: str) -> None:
    """Run `<name>.sql` of this folder as it stands: no placeholders, several statements at once."""
    text = Path(__file__).with_name(f"{name}.sql").read_text(encoding="utf-8")
    connection = op.get_bind().connection.driver_connection
    if connection is None:
        raise RuntimeError("the migration lost its connection")
    connection.execute(text)
