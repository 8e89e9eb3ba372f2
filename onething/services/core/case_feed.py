"""Who waits for news of which case or list. One listener per process; a wake-up is a hint, the record is read for the
news."""

import asyncio
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator
from contextlib import contextmanager

from onething.security.rate_limit import TooManyRequests
from onething.store.connection.notifier import CASE, EVERY_QUEUE, CaseNotice, ListChange, Listener, Notifier

_COME_BACK_S = 15


def queue_key(region: str, department: str) -> str:
    """What is waited for: a department's queue. A case is waited for by its number."""
    return f"queue/{region}/{department}"


def inbox_key(region: str) -> str:
    """What has come in, or goes out, at the counters of a region."""
    return f"inbox/{region}"


def board_key(region: str) -> str:
    """Whatever happens in a region."""
    return f"board/{region}"


class Waiter:
    """Somebody who waits, and which of what they wait for may have news since they last took it."""

    def __init__(self, waiting: defaultdict[str, set["Waiter"]]) -> None:
        self._all = waiting
        self._keys: frozenset[str] = frozenset()
        self._changed: set[str] = set()
        self._rung = asyncio.Event()

    def wait_for(self, keys: Collection[str]) -> None:
        """These, and no others any more."""
        before, self._keys = self._keys, frozenset(keys)
        for key in self._keys - before:
            self._all[key].add(self)
        for key in before - self._keys:
            self._all[key].discard(self)
            if not self._all[key]:
                del self._all[key]

    def ring(self, keys: Collection[str]) -> None:
        self._changed.update(keys)
        self._rung.set()

    def ring_all(self) -> None:
        self.ring(self._keys)

    def take(self) -> set[str]:
        """What may have news; who waits takes it before reading."""
        changed, self._changed = self._changed, set()
        self._rung.clear()
        return changed

    async def wait(self) -> None:
        await self._rung.wait()


class CaseFeed:
    def __init__(self, notifier: Notifier, listen_url: str, *, per_caller: int = 100) -> None:
        """`listen_url`: a direct address of the database, not a pooler's. `per_caller`: streams at once, in this
        process: each costs a look at the record every few seconds for as long as it is open."""
        self._notifier = notifier
        self._listener = Listener(listen_url, CASE, self._heard)
        self._waiting: defaultdict[str, set[Waiter]] = defaultdict(set)
        self._per_caller = per_caller
        self._callers: Counter[str] = Counter()

    async def open(self) -> None:
        await self._notifier.open()
        await self._listener.open()

    async def close(self) -> None:
        await self._listener.close()
        await self._notifier.close()

    def check_room(self, subject: str) -> None:
        """Raises TooManyRequests when the caller watches as much as one may."""
        if self._callers[subject] >= self._per_caller:
            raise TooManyRequests(_COME_BACK_S)

    @contextmanager
    def watching(self, keys: Collection[str], subject: str) -> Iterator[Waiter]:
        """Rung whenever one of these (numbers of cases, or keys as above) may have news.

        Raises TooManyRequests as `check_room`.
        """
        self.check_room(subject)
        news = Waiter(self._waiting)
        self._callers[subject] += 1
        news.wait_for(keys)
        try:
            yield news
        finally:
            self._callers[subject] -= 1
            if not self._callers[subject]:
                del self._callers[subject]
            news.wait_for(())

    def inbox_changed(self, region: str) -> None:
        """Tells every process, though no case's record says it. For `on_commit`."""
        self._notifier.list_changed(ListChange(region, inbox=True))

    def look_anew(self) -> None:
        """Everybody who waits: what they may see may have changed."""
        self._heard("")

    def _heard(self, payload: str) -> None:
        """An empty payload: the connection was new, anything may have been missed."""
        if not payload:
            for news in {news for waiting in self._waiting.values() for news in waiting}:
                news.ring_all()
            return
        for key in self._keys(CaseNotice.read(payload)):
            for news in self._waiting.get(key, ()):
                news.ring((key,))

    def _keys(self, notice: CaseNotice) -> Iterator[str]:
        if notice.case_no:
            yield notice.case_no
        lists = notice.lists
        if lists is None:
            return
        if lists.inbox:
            yield inbox_key(lists.region)
        if notice.case_no:
            yield board_key(lists.region)
        if EVERY_QUEUE in lists.queues:
            every = queue_key(lists.region, "")
            yield from [key for key in self._waiting if key.startswith(every)]
            return
        for department in lists.queues:
            yield queue_key(lists.region, department)
