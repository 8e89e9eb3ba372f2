"""One process of many: whoever holds the installation's advisory lock, on a direct connection of its own."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

import asyncpg

_RECONCILER = 0x7265_636F_6E63  # "reconc"
_DUE_CASE_POLLER = 0x706F_6C6C_6572  # "poller"
_WEBHOOK_DISPATCHER = 0x7765_6268_6F6F  # "webhoo"


# the server learns within a minute that a machine with the lock is gone, and gives it to another
_SOON = {"tcp_keepalives_idle": "20", "tcp_keepalives_interval": "10", "tcp_keepalives_count": "3"}


def only_reconciler(url: str) -> AbstractAsyncContextManager[Callable[[], bool]]:
    """See `_only_one`."""
    return _only_one(url, _RECONCILER)


def only_due_case_poller(url: str) -> AbstractAsyncContextManager[Callable[[], bool]]:
    """See `_only_one`."""
    return _only_one(url, _DUE_CASE_POLLER)


def only_webhook_dispatcher(url: str) -> AbstractAsyncContextManager[Callable[[], bool]]:
    """See `_only_one`."""
    return _only_one(url, _WEBHOOK_DISPATCHER)


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
