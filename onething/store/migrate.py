"""Brings a database to this code's schema: roles, then migrations. Safe to run twice, and twice at once.

`python -m onething.store.migrate` takes ONETHING_DATABASE_OWNER_URL and, for the passwords of the login roles,
ONETHING_DATABASE_API_URL and ONETHING_DATABASE_WORKER_URL.
"""

import os
import sys
import time
from pathlib import Path
from urllib.parse import unquote, urlsplit

import psycopg
from alembic import command
from alembic.config import Config
from psycopg import sql
from sqlalchemy import create_engine, pool

_LOCK = 0x6F6E_6574_6869_6E67  # "onething", as the advisory lock that migrations hold
_MIGRATIONS = Path(__file__).with_name("migrations")
_LOGIN_ROLES = ("onething_api", "onething_worker")


def migrate(owner_url: str, *, api_password: str | None = None, worker_password: str | None = None) -> None:
    """Create roles (a password only where one is given) and apply what is missing.

    A superuser creates everything as `onething_owner`; another role must own the database, and have CREATEROLE or
    find the roles made. Raises psycopg or SQLAlchemy errors as they come: nothing is half applied.
    """
    with psycopg.connect(owner_url, autocommit=True) as guard:
        guard.execute("select pg_advisory_lock(%s)", (_LOCK,))
        _prepare_roles(guard, {"onething_api": api_password, "onething_worker": worker_password})
        _upgrade(owner_url, as_owner=_is_superuser(guard))


def _upgrade(url: str, *, as_owner: bool) -> None:
    engine = create_engine("postgresql+psycopg://", creator=lambda: psycopg.connect(url), poolclass=pool.NullPool)
    with engine.begin() as connection:
        if as_owner:
            connection.exec_driver_sql("set role onething_owner")
        config = Config()
        config.set_main_option("script_location", str(_MIGRATIONS))
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def _prepare_roles(connection: psycopg.Connection, passwords: dict[str, str | None]) -> None:
    """Roles are the whole cluster's: another database's migration may be at them, so a collision is tried again."""
    for attempt in range(20):
        try:
            with connection.transaction():
                _create_roles(connection, passwords)
            return
        except (psycopg.errors.InternalError_, psycopg.errors.UniqueViolation, psycopg.errors.DuplicateObject):
            # "tuple concurrently updated", or created by the other one in between
            if attempt == 19:
                raise
            time.sleep(0.05 * (attempt + 1))


def _create_roles(connection: psycopg.Connection, passwords: dict[str, str | None]) -> None:
    superuser = _is_superuser(connection)
    # NOINHERIT: a member of the door has none of its rights until it takes the role
    wanted = {"onething_door": "nologin", "onething_api": "login noinherit", "onething_worker": "login noinherit"}
    if superuser:
        wanted = {"onething_owner": "nologin", **wanted}
    existing = {row[0] for row in connection.execute("select rolname from pg_roles")}
    for role, attributes in wanted.items():
        if role not in existing:
            connection.execute(sql.SQL("create role {} " + attributes).format(sql.Identifier(role)))
    for role in _LOGIN_ROLES:
        if role not in existing or not _is_member(connection, role):
            connection.execute(sql.SQL("grant onething_door to {}").format(sql.Identifier(role)))
        if passwords[role] is not None:
            connection.execute(
                sql.SQL("alter role {} password {}").format(sql.Identifier(role), sql.Literal(passwords[role]))
            )
    database = sql.Identifier(connection.info.dbname)
    if superuser:
        connection.execute(sql.SQL("alter database {} owner to onething_owner").format(database))
    # a table of somebody's own session would come before ours of the same name, for whoever gets the connection next;
    # here and not in a migration, since a copied or restored database has lost it
    connection.execute(sql.SQL("revoke temporary on database {} from public").format(database))


def _is_superuser(connection: psycopg.Connection) -> bool:
    row = connection.execute("select rolsuper from pg_roles where rolname = current_user").fetchone()
    return row is not None and bool(row[0])


def _is_member(connection: psycopg.Connection, role: str) -> bool:
    row = connection.execute("select pg_has_role(%s, 'onething_door', 'member')", (role,)).fetchone()
    return row is not None and bool(row[0])


def _password(url: str | None) -> str | None:
    password = urlsplit(url).password if url else None
    return unquote(password) if password else None


def main() -> int:
    owner_url = os.environ.get("ONETHING_DATABASE_OWNER_URL")
    if not owner_url:
        sys.stderr.write("请设置 ONETHING_DATABASE_OWNER_URL（数据库所有者的连接地址）后重试。\n")
        return 2
    migrate(
        owner_url,
        api_password=_password(os.environ.get("ONETHING_DATABASE_API_URL")),
        worker_password=_password(os.environ.get("ONETHING_DATABASE_WORKER_URL")),
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
