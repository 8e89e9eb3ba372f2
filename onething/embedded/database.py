"""Prepares the embedded server's database: creates it, and brings it to this code's schema."""

import os
import subprocess
import sys
from pathlib import Path

import psycopg
from psycopg import sql

from onething.embedded.processes import ServiceFailed, log_tail


def create_database(superuser_url: str, name: str) -> None:
    """Creates the database unless it is there."""
    with psycopg.connect(superuser_url, autocommit=True) as connection:
        if connection.execute("select 1 from pg_database where datname = %s", (name,)).fetchone() is None:
            connection.execute(sql.SQL("create database {}").format(sql.Identifier(name)))


def migrate(owner_url: str, api_url: str, worker_url: str, log: Path) -> None:
    """Runs the store's migrations in a process of their own; `ServiceFailed` with the log's end when they fail."""
    env = {
        **os.environ,
        "ONETHING_DATABASE_OWNER_URL": owner_url,
        "ONETHING_DATABASE_API_URL": api_url,
        "ONETHING_DATABASE_WORKER_URL": worker_url,
    }
    with log.open("ab") as output:
        command = [sys.executable, "-m", "onething.store.migrate"]
        ended = subprocess.run(command, env=env, stdin=subprocess.DEVNULL, stdout=output, stderr=output, check=False)
    if ended.returncode != 0:
        raise ServiceFailed(f"表结构升级失败（退出码 {ended.returncode}）。日志：{log}\n{log_tail(log)}")
