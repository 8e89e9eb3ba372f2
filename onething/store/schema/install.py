"""Installs the schema into an empty database: roles, then everything else in one transaction. Safe to run twice, and
twice at once; a database that holds another schema is refused, and stays as it is.

`python -m onething.store.schema.install` takes ONETHING_DATABASE_OWNER_URL and, for the passwords of the login roles,
ONETHING_DATABASE_API_URL and ONETHING_DATABASE_WORKER_URL.
"""

import os
import sys
import time
from urllib.parse import unquote, urlsplit

import psycopg
from psycopg import sql

from onething.store.schema import NUMBER, digest, statements

OTHER_SCHEMA = 3
"""Exit code: the database holds another schema."""

_LOCK = 0x6F6E_6574_6869_6E67  # "onething", as the advisory lock that is held meanwhile
_LOGIN_ROLES = ("onething_api", "onething_worker")


class OtherSchema(Exception):
    """The database is neither empty nor of this program's schema. The message is for people."""


def install(owner_url: str, *, api_password: str | None = None, worker_password: str | None = None) -> None:
    """Create roles (a password only where one is given), and the schema if the database is empty.

    A superuser creates everything as `onething_owner`; another role must own the database, and have CREATEROLE or
    find the roles made. Raises OtherSchema, or psycopg errors as they come: nothing is half installed.
    """
    with psycopg.connect(owner_url, autocommit=True) as connection:
        connection.execute("select pg_advisory_lock(%s)", (_LOCK,))
        empty = _is_empty(connection)
        if not empty:
            _require_this_schema(connection)
        _prepare_roles(connection, {"onething_api": api_password, "onething_worker": worker_password})
        if empty:
            _install(connection)


def _is_empty(connection: psycopg.Connection) -> bool:
    query = "select 1 from pg_class where relnamespace = 'public'::regnamespace limit 1"
    return connection.execute(query).fetchone() is None


def _require_this_schema(connection: psycopg.Connection) -> None:
    try:
        found = connection.execute("select schema_number, schema_digest from installation").fetchone()
    except (psycopg.errors.UndefinedTable, psycopg.errors.UndefinedColumn):
        found = None
    if found == (NUMBER, digest()):
        return
    if found is None:
        what = "数据库不是空的，里面不是本程序的表结构，或是没有编号的旧结构"
    elif found[0] == NUMBER:
        what = f"数据库里的表结构也叫第 {NUMBER} 号，内容却与本程序的不同"
    else:
        what = f"数据库里是第 {found[0]} 号表结构，本程序用的是第 {NUMBER} 号"
    raise OtherSchema(
        f"{what}。1.0 之前不升级旧数据，什么都没有改动。\n"
        "要保留数据，请换回原来的程序版本；要重新开始，请换一个空库和空的 Temporal 命名空间，"
        "步骤见 docs/operating.md 的“换表结构”。"
    )


def _install(connection: psycopg.Connection) -> None:
    with connection.transaction():
        if _is_superuser(connection):
            connection.execute("set local role onething_owner")
        connection.execute(statements().encode())
        connection.execute(
            "insert into installation (epoch, schema_number, schema_digest) values (1, %s, %s)", (NUMBER, digest())
        )


def _prepare_roles(connection: psycopg.Connection, passwords: dict[str, str | None]) -> None:
    """Roles are the whole cluster's: another database's installer may be at them, so a collision is tried again."""
    for attempt in range(20):
        try:
            with connection.transaction():
                _create_roles(connection, passwords)
            return
        except (psycopg.errors.InternalError_, psycopg.errors.UniqueViolation, psycopg.errors.DuplicateObject):
            # "tuple concurrently updated", or created by the other one in between
            if attempt == 19:
                raise
            time.sleep(0.05 * (attempt + 1))  # nobody tells when the other one is done


def _create_roles(connection: psycopg.Connection, passwords: dict[str, str | None]) -> None:
    superuser = _is_superuser(connection)
    # NOINHERIT: a member of it has none of its rights until it takes the role
    roles = {"onething_writer": "nologin", "onething_api": "login noinherit", "onething_worker": "login noinherit"}
    if superuser:
        roles = {"onething_owner": "nologin", **roles}
    existing = {row[0] for row in connection.execute("select rolname from pg_roles")}
    for role, attributes in roles.items():
        if role not in existing:
            connection.execute(sql.SQL("create role {} " + attributes).format(sql.Identifier(role)))
    for role in _LOGIN_ROLES:
        if role not in existing or not _is_member(connection, role):
            connection.execute(sql.SQL("grant onething_writer to {}").format(sql.Identifier(role)))
        if passwords[role] is not None:
            connection.execute(
                sql.SQL("alter role {} password {}").format(sql.Identifier(role), sql.Literal(passwords[role]))
            )
    database = sql.Identifier(connection.info.dbname)
    if superuser:
        connection.execute(sql.SQL("alter database {} owner to onething_owner").format(database))
    # a table of somebody's own session would come before ours of the same name, for whoever gets the connection next;
    # here and not in the schema, since a copied or restored database has lost it. A start looks for it again
    connection.execute(
        sql.SQL("revoke temporary on database {} from public, onething_api, onething_worker, onething_writer").format(
            database
        )
    )


def _is_superuser(connection: psycopg.Connection) -> bool:
    row = connection.execute("select rolsuper from pg_roles where rolname = current_user").fetchone()
    return row is not None and bool(row[0])


def _is_member(connection: psycopg.Connection, role: str) -> bool:
    row = connection.execute("select pg_has_role(%s, 'onething_writer', 'member')", (role,)).fetchone()
    return row is not None and bool(row[0])


def _password(url: str | None) -> str | None:
    password = urlsplit(url).password if url else None
    return unquote(password) if password else None


def install_by_environment(owner_url: str) -> None:
    """As `install`, with the passwords of the login roles' URLs."""
    install(
        owner_url,
        api_password=_password(os.environ.get("ONETHING_DATABASE_API_URL")),
        worker_password=_password(os.environ.get("ONETHING_DATABASE_WORKER_URL")),
    )


def main() -> int:
    owner_url = os.environ.get("ONETHING_DATABASE_OWNER_URL")
    if not owner_url:
        sys.stderr.write("请设置 ONETHING_DATABASE_OWNER_URL（数据库所有者的连接地址）后重试。\n")
        return 2
    try:
        install_by_environment(owner_url)
    except OtherSchema as refused:
        sys.stderr.write(f"{refused}\n")
        return OTHER_SCHEMA
    return 0


if __name__ == "__main__":
    sys.exit(main())
