"""Real servers for tests: each is started at most once per test session, and only when a test asks for it."""

import os
import secrets
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from unittest.mock import patch

import psycopg
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.testing import WorkflowEnvironment

from onething.embedded import ports, programs
from onething.embedded.postgres import EmbeddedPostgres
from onething.embedded.temporal import EmbeddedTemporal
from tests.support.patience import PATIENCE

_EMPTY = "template0"
SHORT_LIVED = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC -XX:-UsePerfData"
"""To Java's machine: it ends before it would have earned what it spends on making itself fast."""
ROOM = 4 * 2**30
"""In bytes: each of some workers has a server, with databases of 10 MB and a log of changes that may grow to 512 MB."""


class PostgresServer:
    """A PostgreSQL server with many small databases."""

    def __init__(self, server: EmbeddedPostgres) -> None:
        self._server = server
        self._templates: dict[str, str] = {}
        self._superuser: psycopg.Connection[tuple[Any, ...]] | None = None

    @property
    def superuser_url(self) -> str:
        """URL of the superuser and the database `postgres`: for setting up, never for running what is tested."""
        return self._server.url()

    def url(self, database: str, user: str = "postgres", password: str | None = None) -> str:
        """URL of one database for one role; without a password the superuser's."""
        return self._server.url(database, user, password)

    def execute(self, statement: str, database: str | None = None) -> None:
        """Runs one statement as the superuser, outside a transaction; on a connection that stays, unless it has to be
        in one `database`."""
        if database is not None:
            with psycopg.connect(self.url(database), autocommit=True) as connection:
                connection.execute(statement.encode())
            return
        if self._superuser is None or self._superuser.closed:
            self._superuser = psycopg.connect(self.superuser_url, autocommit=True)
        self._superuser.execute(statement.encode())

    def close(self) -> None:
        if self._superuser is not None:
            self._superuser.close()

    def fresh_database(self, template: str = _EMPTY) -> str:
        """Name of a new database, empty or a copy of `template` (which nobody may be connected to).

        A copy has everybody's right to temporary tables again; who installs or restores takes it away, as is done here.
        """
        name = f"t_{secrets.token_hex(6)}"
        self.execute(f'create database {name} template "{template}" strategy file_copy')
        if template != _EMPTY:
            self.execute(f"revoke temporary on database {name} from public")
        return name

    def template(self, name: str, build: Callable[[str], None]) -> str:
        """Name of a database that `build(superuser url of it)` filled, once per session.

        `fresh_database(template)` copies it in some 50 ms. `build` must leave no connection open.
        """
        if name not in self._templates:
            database = self.fresh_database()
            build(self._server.url(database))
            self._templates[name] = database
        return self._templates[name]

    def drop(self, database: str) -> None:
        self.execute(f"drop database if exists {database} with (force)")


def in_memory(folder: Path = Path("/dev/shm")) -> Path | None:
    """Where files cost least, if this machine has such a place with room enough; None: where temporary files lie.

    A database of its own for each of many hundred tests is a thousand files each, which cost more on a disk than the
    tests themselves.
    """
    try:
        room = shutil.disk_usage(folder).free
    except OSError:
        return None
    return folder if room >= ROOM else None


def public_temporary_folder() -> tempfile.TemporaryDirectory[str]:
    """A temporary folder that the unprivileged account of an embedded PostgreSQL may enter."""
    folder = tempfile.TemporaryDirectory(prefix="onething-", dir=in_memory())
    Path(folder.name).chmod(0o755)
    return folder


def run_postgres() -> Iterator[PostgresServer]:
    with public_temporary_folder() as folder:
        server = EmbeddedPostgres(Path(folder) / "postgres", ports.any_free(), secrets.token_urlsafe(), durable=False)
        server.start()
        running = PostgresServer(server)
        try:
            yield running
        finally:
            running.close()
            server.stop()


async def start_time_skipping() -> WorkflowEnvironment:
    """A server that skips time: use it as an async context manager."""
    with patch.dict(os.environ, JAVA_TOOL_OPTIONS=SHORT_LIVED):
        return await WorkflowEnvironment.start_time_skipping(
            data_converter=pydantic_data_converter,
            test_server_existing_path=str(programs.test_server()),
            test_server_startup_timeout=PATIENCE,
        )


def run_temporal() -> Iterator[EmbeddedTemporal]:
    with public_temporary_folder() as folder:
        server = EmbeddedTemporal(Path(folder), ports.any_free())
        server.start()
        try:
            yield server
        finally:
            server.stop()
