"""The schema in the stack's own database: installed at the first start, and a clear word where other data lie."""

from pathlib import Path

import pytest

from onething.embedded.database import install_schema
from onething.embedded.processes import ServiceFailed
from tests.support.servers import PostgresServer


def test_data_of_another_schema_are_left_alone_and_it_says_how_to_start_afresh(
    postgres_server: PostgresServer, tmp_path: Path
) -> None:
    database = postgres_server.fresh_database()
    url = postgres_server.url(database)
    folder = tmp_path / "data folder"

    def installed(data: Path | None) -> None:
        install_schema(url, "postgresql://a@h/d", "postgresql://w@h/d", tmp_path / "schema.log", data=data)

    installed(folder)
    installed(folder)
    postgres_server.execute("update installation set schema_number = 0", database)
    with pytest.raises(ServiceFailed, match=rf"rm -r '{folder}'"):
        installed(folder)
    with pytest.raises(ServiceFailed, match=r"docs/operating\.md"):
        installed(None)
    postgres_server.drop(database)
