"""NOTIFY after commit on a connection of its own, debounced: inside a transaction it would serialise commits.

A hint only. Whoever listens also looks by itself now and then, since a notice may get lost with the connection.
"""

import asyncio
import contextlib
import logging
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import asyncpg

from onething.store.connection.sql_files import load

_sql = load("connection/notifier")
log = logging.getLogger(__name__)

HANDOVER = "onething_handover"
CASE = "onething_case"
# the last is the driver's, when a dying server breaks off in the middle of a message
_AWAY = (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError)
_HINTS = {"synchronous_commit": "off"}  # a hint need not reach the disk


_LONGEST = 7000
"""Of a notice, in bytes: PostgreSQL takes some 8,000."""
EVERY_QUEUE = "*"
"""In place of departments, where naming all of them would take too long a notice."""


@dataclass(frozen=True, slots=True)
class ListChange:
    """Which lists of a region may read otherwise now: `queues` of these departments, and the counter's `inbox`."""

    region: str
    queues: frozenset[str] = frozenset()
    inbox: bool = False

    def joined(self, other: "ListChange | None") -> "ListChange":
        """Of the same region."""
        if other is None:
            return self
        return ListChange(self.region, self.queues | other.queues, self.inbox or other.inbox)


@dataclass(frozen=True, slots=True)
class CaseNotice:
    """What a notice on `onething_case` says. `case_no` is empty where only a list has changed."""

    case_no: str
    seq: int
    lists: ListChange | None = None

    def spelled_out(self) -> str:
        if self.lists is None:
            return f"{self.case_no}:{self.seq}"
        queues = ",".join(sorted(self.lists.queues))
        if len(queues) > _LONGEST:
            queues = EVERY_QUEUE
        return f"{self.case_no}:{self.seq}:{self.lists.region}:{queues}:{'inbox' if self.lists.inbox else ''}"

    @classmethod
    def read(cls, payload: str) -> "CaseNotice":
        case_no, seq, *lists = payload.split(":")
        if not lists:
            return cls(case_no, int(seq))
        region, queues, inbox = lists
        return cls(case_no, int(seq), ListChange(region, frozenset(filter(None, queues.split(","))), inbox != ""))


class _Background(ABC):
    """Something that runs between `open` and `close`."""

    def __init__(self) -> None:
        self._task: asyncio.Task[None] | None = None

    async def open(self) -> None:
        self._task = asyncio.create_task(self._run())

    async def close(self) -> None:
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task
            self._task = None

    @abstractmethod
    async def _run(self) -> None: ...


class Notifier(_Background):
    """Rings for other processes."""

    def __init__(self, url: str, *, pause_s: float = 0.005, apart_s: float = 0.03, retry_s: float = 1.0) -> None:
        """What is rung within `pause_s` goes out together, and the next not before `apart_s` later: every notice is a
        transaction that wakes every listener, so under load they are worth gathering."""
        super().__init__()
        self._url = url
        self._pause_s = pause_s
        self._apart_s = apart_s
        self._retry_s = retry_s
        self._cases: dict[str, CaseNotice] = {}
        self._lists: dict[str, ListChange] = {}
        self._handover = False
        self._rung = asyncio.Event()

    def case_changed(self, case_no: str, seq: int, lists: ListChange | None = None) -> None:
        before = self._cases.get(case_no)
        if before is not None:
            seq, lists = max(seq, before.seq), lists.joined(before.lists) if lists else before.lists
        self._cases[case_no] = CaseNotice(case_no, seq, lists)
        self._rung.set()

    def list_changed(self, lists: ListChange) -> None:
        """Not by a case's record."""
        self._lists[lists.region] = lists.joined(self._lists.get(lists.region))
        self._rung.set()

    def handover_waits(self) -> None:
        self._handover = True
        self._rung.set()

    async def _run(self) -> None:
        connection: Any = None
        try:
            while True:
                await self._rung.wait()
                await asyncio.sleep(self._pause_s)
                try:
                    if connection is None or connection.is_closed():
                        connection = await asyncpg.connect(self._url, timeout=5, server_settings=_HINTS)
                    await self._ring(connection)
                    await asyncio.sleep(self._apart_s)
                except _AWAY as error:
                    log.warning("the notifier has no connection", extra={"reason": type(error).__name__})
                    await asyncio.sleep(self._retry_s)
        finally:
            if connection is not None:
                connection.terminate()

    async def _ring(self, connection: Any) -> None:
        self._rung.clear()
        changes = [*self._cases.values(), *(CaseNotice("", 0, lists) for lists in self._lists.values())]
        notices = [(CASE, notice.spelled_out()) for notice in changes]
        if self._handover:
            notices.append((HANDOVER, ""))
        self._cases, self._lists, self._handover = {}, {}, False
        spelled = (_sql.ring.spelled_out({"channel": channel, "payload": payload}) for channel, payload in notices)
        await connection.execute("; ".join(spelled))  # one message, and nothing to prepare


class Listener(_Background):
    """Calls back for every notice of one channel, reconnecting for as long as it is open."""

    def __init__(self, url: str, channel: str, callback: Callable[[str], None], *, retry_s: float = 1.0) -> None:
        """`callback` gets the payload, and an empty one after every (re)connection: look what was missed."""
        super().__init__()
        self._url = url
        self._channel = channel
        self._callback = callback
        self._retry_s = retry_s

    async def _run(self) -> None:
        while True:
            try:
                await self._listen()
            except _AWAY as error:
                log.warning("not listening", extra={"reason": type(error).__name__, "channel": self._channel})
            await asyncio.sleep(self._retry_s)

    async def _listen(self) -> None:
        connection = await asyncpg.connect(self._url, timeout=5)
        try:
            lost = asyncio.Event()
            connection.add_termination_listener(lambda _: lost.set())
            await connection.add_listener(self._channel, lambda *notice: self._callback(notice[3]))
            self._callback("")
            await lost.wait()
        finally:
            connection.terminate()
