"""Who waits for news of which case. One listener per process; a wake-up is a hint, the journal is read for the news."""

import asyncio
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager

from onething.security.rate_limit import TooManyRequests
from onething.store.connection.notifier import CASE, Listener, Notifier, case_and_seq

_COME_BACK_S = 15


class CaseFeed:
    def __init__(self, notifier: Notifier, listen_url: str, *, per_caller: int = 100) -> None:
        """`listen_url`: a direct address of the database, not a pooler's. `per_caller`: streams at once, in this
        process: each costs a look at the record every few seconds for as long as it is open."""
        self._notifier = notifier
        self._listener = Listener(listen_url, CASE, self._heard)
        self._waiting: defaultdict[str, set[asyncio.Event]] = defaultdict(set)
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
    def watching(self, case_no: str, subject: str) -> Iterator[asyncio.Event]:
        """An event that is set whenever the case may have news; who waits clears it before reading.

        Raises TooManyRequests as `check_room`.
        """
        self.check_room(subject)
        news = asyncio.Event()
        self._callers[subject] += 1
        self._waiting[case_no].add(news)
        try:
            yield news
        finally:
            self._callers[subject] -= 1
            if not self._callers[subject]:
                del self._callers[subject]
            self._waiting[case_no].discard(news)
            if not self._waiting[case_no]:
                del self._waiting[case_no]

    def look_anew(self) -> None:
        """Everybody who waits: what they may see may have changed."""
        self._heard("")

    def _heard(self, payload: str) -> None:
        """An empty payload: the connection was new, anything may have been missed."""
        if payload:
            case_no, _ = case_and_seq(payload)
            wake = set(self._waiting.get(case_no, ()))
        else:
            wake = {news for events in self._waiting.values() for news in events}
        for news in wake:
            news.set()
