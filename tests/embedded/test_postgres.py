"""PostgreSQL under our own supervision: durable through kills, never confused by what they leave behind."""

import os
import secrets
import stat
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from onething.embedded import ports
from onething.embedded.postgres import EmbeddedPostgres
from onething.embedded.processes import Identity, wait_until
from tests.support.patience import PATIENCE_S
from tests.support.servers import public_temporary_folder


@pytest.fixture
def server() -> Iterator[EmbeddedPostgres]:
    with public_temporary_folder() as folder:
        postgres = EmbeddedPostgres(Path(folder) / "pg", ports.any_free(), secrets.token_urlsafe())
        yield postgres
        postgres.stop()


def test_what_was_committed_survives_a_kill(server: EmbeddedPostgres) -> None:
    server.start()
    with psycopg.connect(server.url(), autocommit=True) as connection:
        connection.execute("create table kept (n int)")
        connection.execute("insert into kept values (42)")
    server.kill()
    server.start()
    with psycopg.connect(server.url()) as connection:
        assert connection.execute("select n from kept").fetchone() == (42,)


def test_a_lock_file_whose_pid_now_belongs_to_another_process_is_no_obstacle(server: EmbeddedPostgres) -> None:
    server.start()
    server.kill()
    lock = server.data / "postmaster.pid"
    lines = lock.read_text().split("\n")
    assert lines[0] != str(os.getpid())
    lock.write_text("\n".join([str(os.getpid()), *lines[1:]]))
    server.start()
    assert int(lock.read_text().split("\n")[0]) != os.getpid()


def test_a_server_that_outlived_its_supervisor_is_ended(server: EmbeddedPostgres) -> None:
    server.start()
    outlived = Identity.of(int((server.data / "postmaster.pid").read_text().split("\n")[0]))
    assert outlived is not None
    newcomer = EmbeddedPostgres(server.directory, ports.any_free(), server.password)
    newcomer.start()
    try:
        assert wait_until(lambda: not outlived.alive(), PATIENCE_S)
        with psycopg.connect(newcomer.url()) as connection:
            assert connection.execute("select 1").fetchone() == (1,)
    finally:
        newcomer.stop()


def test_an_interrupted_creation_is_begun_anew(server: EmbeddedPostgres) -> None:
    half = server.directory / "data.unfinished"
    half.mkdir(parents=True)
    (half / "PG_VERSION").write_text("18\n")
    server.directory.chmod(0o755)
    server.start()
    assert not half.exists()
    assert (server.data / "PG_VERSION").exists()


def test_nobody_gets_in_without_the_password(server: EmbeddedPostgres) -> None:
    server.start()
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(server.url(password="wrong"))
    assert stat.S_IMODE(server.directory.stat().st_mode) == 0o700


def test_values_of_failed_statements_stay_out_of_the_log(server: EmbeddedPostgres) -> None:
    server.start()
    with psycopg.connect(server.url(), autocommit=True) as connection:
        connection.execute("create table people (name text primary key)")
        connection.execute("insert into people values (%s)", ("张三丰",))
        with pytest.raises(psycopg.errors.UniqueViolation):
            connection.execute("insert into people values ('张三丰')")
        with pytest.raises(psycopg.errors.InvalidTextRepresentation):
            connection.execute("select ('{\"name\": 张三丰}')::json")
    log = server.service().log.read_text()
    assert "duplicate key" in log
    assert "张三丰" not in log
