"""One process of many: whoever holds the installation's advisory lock, on a direct connection of its own."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

import asyncpg

_MENDER = 0x6D65_6E64_6572  # "mender"
_CLOCKWORK = 0x636C_6F63_6B  # "clock"
_ANNOUNCER = 0x6E65_7773  # "news"


# the server learns within a minute that a machine with the lock is gone, and gives it to another
_SOON = {"tcp_keepalives_idle": "20", "tcp_keepalives_interval": "10", "tcp_keepalives_count": "3"}


def only_mender(url: str) -> AbstractAsyncContextManager[Callable[[], bool]]:
    """See `_only_one`."""
    return _only_one(url, _MENDER)


def only_clockwork(url: str) -> AbstractAsyncContextManager[Callable[[], bool]]:
    """See `_only_one`."""
    return _only_one(url, _CLOCKWORK)


def only_announcer(url: str) -> AbstractAsyncContextManager[Callable[[], bool]]:
    """See `_only_one`."""
    return _only_one(url, _ANNOUNCER)


@asynccontextmanager
async def _only_one(url: str, key: int) -> AsyncIterator[Callable[[], bool]]:
    """Whether it is we who hold the lock, to be asked again before each act: it goes with the connection, also when
    the server ends that. Not through pgbouncer.

    Raises OSError or asyncpg.PostgresError when the server is not to be had.
    """
    connection = await asyncpg.connect(url, timeout=5, statement_cache_size=0, server_settings=_SOON)
    try:
        held = bool(await connection.fetchval("select pg_try_advisory_lock($1)", key))
        yield lambda: held and not connection.is_closed()
    finally:
        connection.terminate()
