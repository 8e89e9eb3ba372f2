"""What operators are told: SQL that they run on a real PostgreSQL, and what a process says that can't start."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator

import psycopg
import pytest

from onething.store.schema.install import install
from tests.docs.reading import ROOT, blocks
from tests.support.servers import PostgresServer

PAGE = ROOT / "docs" / "operating.md"


@pytest.fixture
def owner(postgres_server: PostgresServer) -> Iterator[psycopg.Connection]:
    template = postgres_server.template("docs", install)
    name = postgres_server.fresh_database(template)
    with psycopg.connect(postgres_server.url(name), autocommit=True) as connection:
        yield connection
    postgres_server.drop(name)


def test_questions_about_what_waits_can_be_asked(owner: psycopg.Connection) -> None:
    for statement in "".join(blocks(PAGE, "sql")).split(";\n"):
        if statement.strip():
            owner.execute(statement.encode())


def test_a_restore_raises_the_epoch_and_passes_over_numbers_given_out(owner: psycopg.Connection) -> None:
    told = re.search(r'psql .* --command "([^"]+)"', PAGE.read_text())
    assert told
    owner.execute(b"select nextval('case_serials')")
    look = b"select epoch, last_value from installation, case_serials"
    before = owner.execute(look).fetchone()
    owner.execute(told[1].encode())
    assert before is not None
    assert owner.execute(look).fetchone() == (before[0] + 1, before[1] + 100_000)


def test_installing_the_schema_names_the_setting_that_it_lacks() -> None:
    """So do the processes: tests/house/test_wiring.py."""
    bare = {name: value for name, value in os.environ.items() if not name.startswith("ONETHING_")}
    started = subprocess.run(
        [sys.executable, "-m", "onething.cli", "schema", "install"], env=bare, cwd=ROOT, capture_output=True, text=True
    )
    assert started.returncode == 1
    assert "ONETHING_DATABASE_OWNER_URL" in started.stderr
