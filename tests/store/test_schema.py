"""The schema: installed by the owner alone, the same however often and however many at once install it."""

import asyncio
import os
import re
import subprocess
import sys
from pathlib import Path

import asyncpg
import psycopg
import pytest

from onething.store import schema
from onething.store.connection import installation
from onething.store.connection.actor import Actor
from onething.store.schema import NUMBER, digest, statements
from onething.store.schema import install as installer
from onething.store.schema.install import OTHER_SCHEMA, OtherSchema, install
from tests.store.conftest import PASSWORD
from tests.store.stage import WORKER, Stage, as_role
from tests.support.servers import PostgresServer

_SCHEMA = """
select 'column', c.table_name || '.' || c.column_name, c.data_type || c.is_nullable || coalesce(c.column_default, '')
from information_schema.columns c where table_schema = 'public'
union all select 'index', indexname, indexdef from pg_indexes where schemaname = 'public'
union all select 'policy', tablename || '.' || policyname, concat(roles::text, cmd, qual, with_check) from pg_policies
union all select 'grant', relname, relacl::text from pg_class where relnamespace = 'public'::regnamespace
union all select 'function', proname, prosrc from pg_proc where pronamespace = 'public'::regnamespace
order by 1, 2, 3
"""

OTHERS = [
    "update installation set schema_number = schema_number + 1",
    "update installation set schema_digest = 'of other statements'",
]


def _schema(url: str) -> list[tuple[str, ...]]:
    with psycopg.connect(url) as connection:
        return connection.execute(_SCHEMA).fetchall()


def _start(
    server: PostgresServer, database: str | None, password: str = PASSWORD
) -> subprocess.CompletedProcess[bytes]:
    """As an operator's shell does it."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("ONETHING_DATABASE")}
    if database is not None:
        environment |= {
            "ONETHING_DATABASE_OWNER_URL": server.url(database),
            "ONETHING_DATABASE_API_URL": server.url(database, "onething_api", password),
            "ONETHING_DATABASE_WORKER_URL": server.url(database, "onething_worker", password),
        }
    command = [sys.executable, "-m", "onething.store.schema.install"]
    return subprocess.run(command, env=environment, capture_output=True, check=False)


async def test_installing_again_changes_nothing(stage: Stage) -> None:
    before = _schema(stage.superuser_url)
    install(stage.superuser_url, api_password=PASSWORD, worker_password=PASSWORD)
    assert _schema(stage.superuser_url) == before
    assert len(before) > 200


async def test_two_starts_at_once_and_on_two_databases(postgres_server: PostgresServer) -> None:
    one, two = postgres_server.fresh_database(), postgres_server.fresh_database()
    starts = [asyncio.to_thread(_start, postgres_server, name) for name in (one, one, two, two)]
    done = await asyncio.gather(*starts)
    assert [(start.returncode, start.stderr) for start in done] == [(0, b"")] * 4
    assert _schema(postgres_server.url(one)) == _schema(postgres_server.url(two))


async def test_every_table_of_cases_is_under_row_level_security(stage: Stage) -> None:
    rows = await stage.look(
        "select relname from pg_class"
        " where relkind = 'r' and relnamespace = 'public'::regnamespace and not relrowsecurity"
    )
    assert {row["relname"] for row in rows} == {"installation", "plans", "calendars"}


async def test_nothing_that_runs_can_change_the_schema_or_bypass_policies(stage: Stage) -> None:
    rows = await stage.look("select rolname from pg_roles where rolname ~ '^onething' and (rolsuper or rolbypassrls)")
    assert rows == []
    rows = await stage.look(
        "select 1 from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r'"
        " and pg_get_userbyid(relowner) <> 'onething_owner'"
    )
    assert rows == []
    for database, actor in ((stage.api, Actor.anybody()), (stage.worker, WORKER)):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await as_role(database, actor, lambda c: c.execute("create table x (y int)"))


async def test_without_the_owner_s_url_it_says_so(postgres_server: PostgresServer) -> None:
    refused = await asyncio.to_thread(_start, postgres_server, None)
    assert refused.returncode == 2
    assert "ONETHING_DATABASE_OWNER_URL" in refused.stderr.decode()


async def test_the_login_roles_get_their_passwords(postgres_server: PostgresServer) -> None:
    name = postgres_server.fresh_database()
    await asyncio.to_thread(_start, postgres_server, name)
    with psycopg.connect(postgres_server.url(name, "onething_api", PASSWORD)) as connection:
        assert connection.execute("select schema_number from installation").fetchone() == (NUMBER,)


async def test_processes_can_tell_whether_the_schema_is_there(stage: Stage) -> None:
    async with stage.api.transaction(Actor.anybody()) as tx:
        assert await installation.schema_is_ready(tx)
        assert await installation.epoch(tx) == 1


@pytest.mark.parametrize("other", OTHERS)
async def test_processes_are_not_ready_for_another_schema(stage: Stage, other: str) -> None:
    await stage.look(other)
    async with stage.api.transaction(Actor.anybody()) as tx:
        assert not await installation.schema_is_ready(tx)


@pytest.mark.parametrize("other", [*OTHERS, "drop table installation"])
async def test_another_schema_is_refused_and_stays_as_it_is(
    stage: Stage, postgres_server: PostgresServer, other: str
) -> None:
    """Nor do the roles get other passwords: whoever still works with those data goes on."""
    await stage.look(other)
    before = _schema(stage.superuser_url)
    refused = await asyncio.to_thread(_start, postgres_server, stage.superuser_url.rpartition("/")[2], "another")
    assert refused.returncode == OTHER_SCHEMA
    assert "docs/operating.md" in refused.stderr.decode()
    assert _schema(stage.superuser_url) == before
    async with stage.worker.transaction(WORKER):
        pass


async def test_a_database_of_somebody_else_is_refused(postgres_server: PostgresServer) -> None:
    database = postgres_server.fresh_database()
    postgres_server.execute("create table alembic_version (version_num text)", database)
    with pytest.raises(OtherSchema, match="不是空的"):
        install(postgres_server.url(database))
    postgres_server.drop(database)


async def test_what_fails_on_the_way_leaves_nothing(
    postgres_server: PostgresServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = postgres_server.fresh_database()
    monkeypatch.setattr(installer, "statements", lambda: statements() + "select 1 / 0;")
    with pytest.raises(psycopg.errors.DivisionByZero):
        install(postgres_server.url(database))
    assert _schema(postgres_server.url(database)) == []
    postgres_server.drop(database)


def test_each_function_stands_in_one_place_and_is_brought_in_once() -> None:
    folder = Path(schema.__file__).parent
    whole = (folder / "schema.sql").read_text()
    assert "create function" not in whole
    files = sorted(f"functions/{path.name}" for path in (folder / "functions").iterdir())
    assert sorted(re.findall(r"^\\ir (\S+)$", whole, re.MULTILINE)) == files
    defined = re.findall(r"create (?:or replace )?function (\w+)", statements())
    assert len(defined) == len(set(defined)) >= 20


def test_the_digest_knows_statements_from_comments(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(schema, "statements", lambda: "-- why\n" + statements())
    assert digest.__wrapped__() == digest()
    monkeypatch.setattr(schema, "statements", lambda: "select 1;\n" + statements())
    assert digest.__wrapped__() != digest()


@pytest.mark.parametrize("role", ["onething_api", "onething_worker"])
async def test_nobody_hides_a_table_behind_a_temporary_one(postgres_server: PostgresServer, role: str) -> None:
    """A connection goes from caller to caller: what one leaves in its session, the next would meet."""
    database = postgres_server.fresh_database()
    install(postgres_server.url(database), api_password=PASSWORD, worker_password=PASSWORD)
    connection = await asyncpg.connect(postgres_server.url(database, role, PASSWORD))
    try:
        for statement in (
            "create temporary table cases (case_no text)",
            "create table public.x (n int)",
            "create schema mine",
            "create function public.f() returns int language sql as 'select 1'",
        ):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await connection.execute(statement)
    finally:
        await connection.close()
    postgres_server.drop(database)
