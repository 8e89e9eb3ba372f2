"""Quick answers to "does it work yet?", each without raising."""

import json
import ssl
import subprocess
from pathlib import Path

import httpx
import psycopg

_NO_TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
"""Reads nobody's certificates, which costs more processor time than an answer over plain HTTP, and trusts nobody."""


def answers_http(url: str) -> bool:
    """Whether a GET of an address of this machine is answered with 200 within a second."""
    try:
        return httpx.get(url, timeout=1.0, trust_env=False, verify=_NO_TLS).status_code == httpx.codes.OK
    except httpx.HTTPError:
        return False


def answers_sql(url: str) -> bool:
    """Whether the PostgreSQL server at this URL takes a connection and answers."""
    try:
        with psycopg.connect(url, connect_timeout=2) as connection:
            connection.execute("select 1")
    except psycopg.Error:
        return False
    return True


def answers_temporal(binary: Path, address: str, namespace: str = "default") -> bool:
    """Whether the Temporal server at `host:port` knows the namespace. Asked by its own CLI: a client of the SDK would
    bring its runtime into the supervisor."""
    command = [str(binary), "operator", "namespace", "describe", "--namespace", namespace, "--address", address]
    try:
        return subprocess.run(command, capture_output=True, timeout=5, check=False).returncode == 0
    except subprocess.TimeoutExpired:
        return False


def polls_task_queue(binary: Path, address: str, namespace: str, queue: str) -> bool:
    """Whether anybody polls this task queue, as the Temporal server at `host:port` sees it."""
    command = [str(binary), "task-queue", "describe", "--task-queue", queue, "--namespace", namespace]
    try:
        told = subprocess.run(
            [*command, "--address", address, "--output", "json"], capture_output=True, timeout=5, check=False
        )
        return told.returncode == 0 and bool(json.loads(told.stdout).get("pollers"))
    except (subprocess.TimeoutExpired, ValueError):
        return False
