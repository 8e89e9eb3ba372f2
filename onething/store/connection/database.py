"""The pool of connections and the one helper that opens transactions."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import replace
from datetime import datetime
from typing import Any, NamedTuple

import asyncpg

from onething.domain.errors import FailureCode, OneThingError
from onething.store.connection.actor import Actor
from onething.store.connection.key_locks import KeyLocks
from onething.store.connection.rights import TEMPORARY, refuse_temporary
from onething.store.connection.sql_files import Query, literal

log = logging.getLogger(__name__)

_BUSY = (asyncpg.LockNotAvailableError, asyncpg.DeadlockDetectedError, asyncpg.SerializationError)
_LOST = (
    asyncpg.PostgresConnectionError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.CannotConnectNowError,
    asyncpg.TooManyConnectionsError,
    asyncpg.IdleInTransactionSessionTimeoutError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
    OSError,
)

# A process whose machine is gone, or that was stopped with a case in hand, must not keep it locked: no transaction
# waits for anything but its own process, so one that is idle for so long has nobody any more.
_ABANDONED_MS = 30_000
_CONNECT_S = 10

Afterwards = Callable[["Transaction"], Awaitable[object]]


class _Known(NamedTuple):
    """What a query gives, known before it is asked."""

    query: Query
    arguments: list[Any]
    row: Any | None

    def answers(self, query: Query, arguments: list[Any]) -> bool:
        return query is self.query and arguments == self.arguments


class Transaction:
    """An open transaction of one actor. Repositories speak through it."""

    def __init__(self, connection: Any, actor: Actor) -> None:
        self._connection = connection
        self.actor = actor
        self._as_writer = False
        self.unit: Any = None  # the case writer's, while it has a case in hand
        self._read_ahead: list[_Known] = []
        self._entries: list[_Known] = []
        self._last_words: list[str] = []
        self._last_word_of_writer: Callable[[], str] | None = None
        self._on_commit: list[Callable[[], None]] = []
        self._on_rollback: Afterwards | None = None

    @property
    def asked_at(self) -> datetime:
        """When the actor asked. Whoever opens a transaction for people says when; anything else is a fault of ours."""
        if self.actor.at is None:
            raise AssertionError("nobody said when the actor asked")
        return self.actor.at

    def act_under(self, mandate: str) -> None:
        """What the actor says from here on, they say for another, by this mandate."""
        self.actor = replace(self.actor, mandate=mandate)

    async def rows(self, query: Query, **values: Any) -> list[Any]:
        await self._step_back()
        result: list[Any] = await self._connection.fetch(query.text, *query.arguments(values))
        return result

    async def row(self, query: Query, **values: Any) -> Any | None:
        arguments = query.arguments(values)
        for known in self._read_ahead:
            if known.answers(query, arguments):
                self._read_ahead.remove(known)
                return known.row
        await self._step_back()
        return await self._connection.fetchrow(query.text, *arguments)

    async def value(self, query: Query, **values: Any) -> Any:
        await self._step_back()
        return await self._connection.fetchval(query.text, *query.arguments(values))

    async def enter(self, query: Query, **values: Any) -> Any | None:
        """The first row of a query that takes the writer's role on its way, so that taking it costs no round trip."""
        arguments = query.arguments(values)
        entries, self._entries = self._entries, []
        for known in entries:
            if known.answers(query, arguments):
                return known.row
        await self._step_back()
        self._as_writer = True
        return await self._connection.fetchrow(query.text, *arguments)

    async def ahead(self, query: Query, **values: Any) -> Any:
        """The one row of a query that brings along what others would be asked for next (see `brings`, `entered`)."""
        return await self._connection.fetchrow(query.text, *query.arguments(values))

    def brings(self, row: Any | None, query: Query, **values: Any) -> None:
        """Whoever asks `query` for this first gets `row`, without a round trip."""
        self._read_ahead.append(_Known(query, query.arguments(values), row))

    def entered(self, row: Any, query: Query, **values: Any) -> None:
        """As `brings`, for a query that took the case writer's role: forgotten when that is given back."""
        self._as_writer = True
        self._entries.append(_Known(query, query.arguments(values), row))

    def with_commit(self, query: Query, **values: Any) -> None:
        """A last write of the actor's: it goes with the COMMIT in one message."""
        self._last_words.append(query.spelled_out(values))

    def with_commit_as_writer(self, query: Query, values: Callable[[], dict[str, Any]]) -> None:
        """The writer's one write, after those of the actor, with what its values are by then. The query takes the
        writer's role itself."""
        self._last_word_of_writer = lambda: query.spelled_out(values())

    async def inside(self, query: Query, **values: Any) -> Any | None:
        """The first row of a query that runs as the case writer: a case has been entered, or is gone on with."""
        if not self._as_writer:
            await self._connection.execute("set local role onething_writer")
            self._as_writer = True
        return await self._connection.fetchrow(query.text, *query.arguments(values))

    async def leave(self, query: Query, **values: Any) -> Any | None:
        """The first row of a query that runs as the case writer and ends with giving its role back."""
        row = await self._connection.fetchrow(query.text, *query.arguments(values))
        self._as_writer = False
        return row

    async def commit(self) -> None:
        back = ["set local role none"] if self._as_writer and self._last_words else []
        of_writer = [self._last_word_of_writer()] if self._last_word_of_writer else []
        await self._connection.execute("; ".join([*back, *self._last_words, *of_writer, "commit"]))

    def on_commit(self, call: Callable[[], None]) -> None:
        """`call` once this transaction is durable. It must not raise or block."""
        self._on_commit.append(call)

    def on_rollback(self, call: Afterwards) -> None:
        """If a refusal rolls this transaction back, do `call` in a new one of the same actor on this connection."""
        self._on_rollback = call

    async def _step_back(self) -> None:
        if self._as_writer:
            await self._connection.execute("set local role none")
            self._as_writer = False
            self._entries = []


class Database:
    """A pool for one login role. Nothing outlives a transaction on a connection: it may be pgbouncer's."""

    def __init__(
        self,
        url: str,
        *,
        pool_size: int = 10,
        lock_timeout_ms: int = 4000,
        statement_cache_size: int = 200,
        abandoned_ms: int = _ABANDONED_MS,
    ) -> None:
        """`statement_cache_size` 0 for a pgbouncer that does not track prepared statements."""
        self._url = url
        self._pool_size = pool_size
        self._lock_timeout_ms = lock_timeout_ms
        self._statement_cache_size = statement_cache_size
        self._abandoned_ms = abandoned_ms
        self._pool: Any = None
        # The driver's pool lets newcomers in before those it has just woken, who then queue up anew at the end: under
        # load somebody unlucky waits ten times as long as the others, past the limit. This one keeps the order.
        self._free = asyncio.Semaphore(pool_size)
        self._turns = KeyLocks()

    async def open(self) -> None:
        """Connects. Raises OneThingError UNAVAILABLE, and UnsafeRights for a login role that may do too much."""
        with _translated():
            self._pool = await asyncpg.create_pool(
                self._url,
                min_size=1,
                max_size=self._pool_size,
                statement_cache_size=self._statement_cache_size,
                command_timeout=30,
                timeout=_CONNECT_S,
                reset=_nothing_to_reset,
            )
        try:
            async with self.reading(Actor.anybody()) as tx:
                refuse_temporary(await tx.row(TEMPORARY))
        except BaseException:
            await self.close()
            raise

    async def close(self) -> None:
        if self._pool is not None:
            await self._pool.close()
            self._pool = None

    @asynccontextmanager
    async def transaction(
        self, actor: Actor, *, of_case: str | None = None, durable: bool = True
    ) -> AsyncIterator[Transaction]:
        """One transaction on one connection, committed on leaving, rolled back by an exception. `of_case`: the case
        that it will enter; this process's others of the same case wait before they take a connection. `durable=False`:
        what it writes may be lost in a crash, within a second.

        Raises OneThingError BUSY when a lock or connection is not to be had in time, UNAVAILABLE when the server is
        gone. If that happens at the commit, whether it took place is unknown: repeat with the same idempotency key.
        """
        async with self._turns.of(of_case, self._lock_timeout_ms / 1000), self._connection() as connection:
            transaction = Transaction(connection, actor)
            try:
                await connection.execute(self._begin(actor, durable))
                yield transaction
                await transaction.commit()
            except BaseException as refusal:
                await _roll_back(connection)
                if transaction._on_rollback is not None and isinstance(refusal, OneThingError):
                    await self._afterwards(connection, actor, transaction._on_rollback)
                raise
            _call_all(transaction)

    @asynccontextmanager
    async def reading(self, actor: Actor) -> AsyncIterator[Transaction]:
        """Each statement by itself, without BEGIN and COMMIT: for a worker's reads, whose policies ask for no actor."""
        async with self._connection() as connection:
            yield Transaction(connection, actor)

    @asynccontextmanager
    async def _connection(self) -> AsyncIterator[Any]:
        with _translated():
            async with self._turn():
                connection = await self._pool.acquire(timeout=_CONNECT_S)
                try:
                    yield connection
                finally:
                    await self._pool.release(connection)

    @asynccontextmanager
    async def _turn(self) -> AsyncIterator[None]:
        """One of the pool's connections is ours for now: first come, first served."""
        try:
            async with asyncio.timeout(self._lock_timeout_ms / 1000 if self._free.locked() else None):
                await self._free.acquire()
        except TimeoutError:
            raise OneThingError(FailureCode.BUSY, "系统繁忙，请稍后重试。") from None
        try:
            yield
        finally:
            self._free.release()

    def _begin(self, actor: Actor, durable: bool = True) -> str:
        settings = {
            "lock_timeout": f"{self._lock_timeout_ms}ms",
            "idle_in_transaction_session_timeout": f"{self._abandoned_ms}ms",
            "onething.subject": actor.subject,
            "onething.role": str(actor.role),
            "onething.department": actor.department,
            "onething.region": actor.region,
        }
        if actor.identity:
            settings["onething.identity"] = actor.identity
        if actor.outlets:
            settings["onething.outlets"] = ",".join(actor.outlets)
        if actor.at is not None:
            settings["onething.at"] = actor.at.isoformat()
        if actor.case_no:
            settings |= {"onething.code": actor.code, "onething.case_no": actor.case_no}
        if not durable:
            settings["synchronous_commit"] = "off"
        # one simple query: BEGIN and the settings share a round trip, which parameters would not allow
        calls = ", ".join(f"set_config('{name}', {literal(value)}, true)" for name, value in settings.items())
        return f"begin; select {calls}"

    async def _afterwards(self, connection: Any, actor: Actor, call: Afterwards) -> None:
        again = Transaction(connection, actor)
        try:
            await connection.execute(self._begin(actor))
            await call(again)
            await again.commit()
        except (OneThingError, *_BUSY, *_LOST) as error:
            # the next event or tick of the case does the same work again, with the same result
            log.warning("what had to follow a refusal was put off", extra={"reason": type(error).__name__})
            await _roll_back(connection)
            return
        _call_all(again)


@contextmanager
def _translated() -> Iterator[None]:
    """Driver errors as ours; none of their text travels on, since it may quote values."""
    try:
        yield
    except OneThingError:
        raise
    except _BUSY:
        raise OneThingError(FailureCode.BUSY, "有人正在处理同一办件，请稍后重试。") from None
    except asyncpg.UniqueViolationError:
        raise OneThingError(FailureCode.CONCURRENT_CHANGE, "内容刚刚被他人更改，请刷新后重试。") from None
    except (*_LOST, TimeoutError) as error:
        log.warning("database unavailable", extra={"reason": type(error).__name__})
        raise OneThingError(FailureCode.UNAVAILABLE, "数据库暂时无法访问，请稍后重试。") from None


def _call_all(transaction: Transaction) -> None:
    for call in transaction._on_commit:
        call()


async def _roll_back(connection: Any) -> None:
    if connection.is_closed() or not connection.is_in_transaction():
        return
    try:
        await asyncio.wait_for(connection.execute("rollback"), timeout=5)
    except (*_LOST, TimeoutError, asyncpg.PostgresError):
        connection.terminate()


async def _nothing_to_reset(_: Any) -> None:
    """Settings are transaction-local, so the driver's reset query would be a round trip for nothing."""
