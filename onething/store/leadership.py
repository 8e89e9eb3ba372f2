"""One process of many: whoever holds the installation's advisory lock, on a direct connection of its own."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg

_MENDER = 0x6D65_6E64_6572  # "mender"


@asynccontextmanager
async def only_mender(url: str) -> AsyncIterator[bool]:
    """True for the one that holds the lock; it is given back with the connection. Not through pgbouncer.

    Raises OSError or asyncpg.PostgresError when the server is not to be had.
    """
    connection = await asyncpg.connect(url, timeout=5, statement_cache_size=0)
    try:
        yield bool(await connection.fetchval("select pg_try_advisory_lock($1)", _MENDER))
    finally:
        connection.terminate()
