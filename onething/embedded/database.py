"""Prepares the embedded server's database: creates it, and installs this code's schema."""

import os
import shlex
import subprocess
import sys
from pathlib import Path

import psycopg
from psycopg import sql

from onething.embedded.processes import ServiceFailed, log_tail
from onething.store.schema.install import OTHER_SCHEMA


def create_database(superuser_url: str, name: str) -> None:
    """Creates the database unless it is there."""
    with psycopg.connect(superuser_url, autocommit=True) as connection:
        if connection.execute("select 1 from pg_database where datname = %s", (name,)).fetchone() is None:
            connection.execute(sql.SQL("create database {}").format(sql.Identifier(name)))


def install_schema(owner_url: str, api_url: str, worker_url: str, log: Path, *, data: Path | None) -> None:
    """Runs the store's installer in a process of its own. `data`: the folder that holds the database, if it is ours.

    `ServiceFailed` with the log's end when it fails, and with how to start afresh when the data are of another schema.
    """
    env = {
        **os.environ,
        "ONETHING_DATABASE_OWNER_URL": owner_url,
        "ONETHING_DATABASE_API_URL": api_url,
        "ONETHING_DATABASE_WORKER_URL": worker_url,
    }
    with log.open("ab") as output:
        command = [sys.executable, "-m", "onething.store.schema.install"]
        ended = subprocess.run(command, env=env, stdin=subprocess.DEVNULL, stdout=output, stderr=output, check=False)
    if ended.returncode == OTHER_SCHEMA and data is not None:
        raise ServiceFailed(
            f"数据目录 {data} 里的数据是另一个版本的程序留下的，表结构不同；1.0 之前不升级旧数据，什么都没有改动。\n"
            "要保留，请换回原来的版本，或用 --data-dir 另指一个目录；"
            f"要重新开始，请删除整个目录后重试：rm -r {shlex.quote(str(data))}"
        )
    if ended.returncode != 0:
        raise ServiceFailed(f"表结构没有装上（退出码 {ended.returncode}）。日志：{log}\n{log_tail(log)}")
