"""Functions that run as the owner of the schema: no caller's object ever takes the place of what they name."""

import asyncio
import base64
import os
import re
import subprocess
import sys
from typing import Any

import asyncpg
import pytest

from onething.store.connection.database import Database
from onething.store.connection.rights import UnsafeRights
from onething.store.schema.install import install
from tests.store.conftest import PASSWORD
from tests.store.stage import SUPERVISOR, Stage
from tests.support.servers import PostgresServer

PATH = "search_path=pg_catalog, public, pg_temp"

_DEFINERS = """
select p.oid, p.proname as name, l.lanname as language, coalesce(p.proconfig, '{}') as settings,
       pg_get_functiondef(p.oid) as text, pg_get_function_identity_arguments(p.oid) as arguments,
       array(select format_type(t, null) from unnest(p.proargtypes) t) as types,
       has_function_privilege('public', p.oid, 'execute') as anybodys
from pg_proc p join pg_language l on l.oid = p.prolang
where p.prosecdef and p.pronamespace = 'public'::regnamespace order by 2
"""
_ARGUMENTS = {
    "text": "'x'",
    "bytea": "'x'",
    "integer": "5",
    "date": "current_date",
    "bigint": "5",
    "boolean": "true",
    "timestamp with time zone": "now()",
    "text[]": "array['x']",
}

_TRAP = """
create function pg_temp.trap() returns text language plpgsql
    as $$ begin raise exception 'trapped as %', current_user; end $$
"""
_COLUMNS = """
select table_name as name, string_agg(
    format('pg_temp.trap()::%s as %I', format_type(a.atttypid, a.atttypmod), a.attname), ', ' order by a.attnum
) as columns
from information_schema.tables t
join pg_attribute a on a.attrelid = ('public.' || quote_ident(t.table_name))::regclass and a.attnum > 0
where table_schema = 'public' and table_type = 'BASE TABLE' and not a.attisdropped group by 1
"""


def _faults(function: Any) -> list[str]:
    """What is to be done about it, a line each."""
    where = f"onething/store/schema/functions/{function['name']}.sql"
    found = []
    if PATH not in function["settings"]:
        found.append(
            f"{where}: `security definer` needs `set {PATH.replace('=', ' = ')}`, or a caller's object runs as us"
        )
    if function["anybodys"]:
        found.append(f"{where}: `revoke all on function {function['name']} from public`, then grant it to who needs it")
    if function["language"] != "sql":
        found.append(f"{where}: write it in `language sql`, whose names PostgreSQL checks; this test can't see others'")
    return found


async def _unqualified(stage: Stage, function: Any) -> str | None:
    """The first name that is only found by way of the search path."""
    text = re.sub(r"SET search_path TO .*", "", function["text"])
    connection = await asyncpg.connect(stage.superuser_url)
    try:
        await connection.execute(f"set search_path = pg_catalog; {text}")
    except asyncpg.PostgresError as error:
        return f"onething/store/schema/functions/{function['name']}.sql: write `public.` before what is ours: {error}"
    finally:
        await connection.close()
    return None


async def test_definer_functions_are_deaf_to_the_caller(stage: Stage) -> None:
    functions = await stage.look(_DEFINERS)
    assert len(functions) >= 7
    assert [fault for function in functions for fault in _faults(function)] == []


async def test_definer_functions_name_what_is_ours_in_full(stage: Stage) -> None:
    """Made anew where nothing of ours is found without its schema's name."""
    found = [await _unqualified(stage, function) for function in await stage.look(_DEFINERS)]
    assert [fault for fault in found if fault] == []


_COUNTING = "create function f() returns bigint language sql security definer {} as 'select count(*) from cases'"
_REVOKED = "revoke all on function f from public"
_OPAQUE = f"create function f() returns void language plpgsql security definer set {PATH} as 'begin end'"


@pytest.mark.parametrize(
    ("statements", "faults"),
    [
        ((_COUNTING.format(""),), 2),
        ((_COUNTING.format("set search_path = public, pg_temp"), _REVOKED), 1),
        ((_OPAQUE, _REVOKED), 1),
    ],
)
async def test_a_new_one_is_told_what_it_lacks(stage: Stage, statements: tuple[str, ...], faults: int) -> None:
    for statement in statements:
        await stage.look(statement)
    (function,) = [one for one in await stage.look(_DEFINERS) if one["name"] == "f"]
    assert len(_faults(function)) == faults
    if function["language"] == "sql":
        assert 'relation "cases" does not exist' in (await _unqualified(stage, function) or "")


async def test_an_object_of_the_caller_is_not_run_as_the_owner(stage: Stage, postgres_server: PostgresServer) -> None:
    """As in a copied database, where everybody may make temporary objects: each table of ours has a namesake that tells
    as whom it is read. Only who names it without its schema reads that, and as nobody but themselves."""
    database = stage.superuser_url.rpartition("/")[2]
    postgres_server.execute(f"grant temporary on database {database} to public")
    functions, tables = await stage.look(_DEFINERS), await stage.look(_COLUMNS)
    api = await asyncpg.connect(postgres_server.url(database, "onething_api", PASSWORD))
    try:
        await api.execute(_TRAP)
        for table in tables:
            name = table["name"]
            await api.execute(f"create temp view {name} as select {table['columns']}")
            await api.execute(f"grant select on pg_temp.{name} to public")
        for setting, value in (("role", SUPERVISOR.role), ("region", "x"), ("department", "x"), ("subject", "x")):
            await api.execute("select set_config($1, $2, false)", f"onething.{setting}", str(value))
        with pytest.raises(asyncpg.RaiseError, match="trapped as onething_api"):
            await api.fetch("select * from tasks")
        for function in functions:
            arguments = ", ".join(f"{_ARGUMENTS[kind]}::{kind}" for kind in function["types"])
            await api.fetch(f"select * from public.{function['name']}({arguments})")  # is not trapped
    finally:
        await api.close()


@pytest.mark.parametrize("role", ["onething_api", "onething_worker"])
@pytest.mark.parametrize("grantee", ["public", "onething_writer", "the role itself"])
async def test_nobody_starts_who_might_make_temporary_objects(
    stage: Stage, postgres_server: PostgresServer, role: str, grantee: str
) -> None:
    """By a right of its own, of everybody, or of the role that it may take. What the refusal says mends it."""
    name = stage.superuser_url.rpartition("/")[2]
    to = role if grantee == "the role itself" else grantee
    postgres_server.execute(f"grant temporary on database {name} to {to}")
    database = Database(postgres_server.url(name, role, PASSWORD), pool_size=1)
    with pytest.raises(UnsafeRights, match=role) as refused:
        await database.open()
    remedy = next(line for line in str(refused.value).splitlines() if "revoke" in line)
    postgres_server.execute(remedy)
    await database.open()
    await database.close()


async def test_installing_takes_the_right_away_again(stage: Stage, postgres_server: PostgresServer) -> None:
    name = stage.superuser_url.rpartition("/")[2]
    for grantee in ("public", "onething_api", "onething_worker", "onething_writer"):
        postgres_server.execute(f"grant temporary on database {name} to {grantee}")
    install(stage.superuser_url)
    for role in ("onething_api", "onething_worker"):
        database = Database(postgres_server.url(name, role, PASSWORD), pool_size=1)
        await database.open()
        await database.close()


async def test_nobody_starts_as_who_may_do_anything(stage: Stage) -> None:
    with pytest.raises(UnsafeRights, match="onething_worker 登录"):
        await Database(stage.superuser_url, pool_size=1).open()


@pytest.mark.parametrize("process", ["api", "worker"])
async def test_a_process_says_in_a_sentence_why_it_does_not_start(
    stage: Stage, postgres_server: PostgresServer, process: str
) -> None:
    """Also a worker that Temporal is not there for yet."""
    name, key = stage.superuser_url.rpartition("/")[2], base64.b64encode(b"k" * 32).decode()
    postgres_server.execute(f"grant temporary on database {name} to public")
    settings = {
        **dict.fromkeys(("INDEX_KEY", "TRIAL_TOKEN_KEY", "CERTIFICATE_KEY"), key), "SEALING_KEYS": f"k1:{key}",
        "TEMPORAL_ADDRESS": "127.0.0.1:1", "API_PORT": "0", "TRIAL": "true",
        "DATABASE_API_URL": postgres_server.url(name, "onething_api", PASSWORD),
        "DATABASE_WORKER_URL": postgres_server.url(name, "onething_worker", PASSWORD),
    }  # fmt: skip
    others = {name: value for name, value in os.environ.items() if not name.startswith("ONETHING_")}
    ended = await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "-m", "onething.cli", process],
        env=others | {f"ONETHING_{name}": value for name, value in settings.items()},
        capture_output=True,
        text=True,
        check=False,
    )
    said = ended.stdout + ended.stderr
    assert (ended.returncode, "Traceback" in said) == (1, False), said
    assert f"revoke temporary on database {name} from public" in said
    assert not [secret for secret in (key, PASSWORD) if secret in said]
