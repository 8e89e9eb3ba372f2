"""Who waits for news of which case. One listener per process; a wake-up is a hint, the journal is read for the news."""

import asyncio
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager

from onething.store.bell import CASE, Bell, Listener, case_and_seq


class Feed:
    def __init__(self, bell: Bell, listen_url: str) -> None:
        """`listen_url`: a direct address of the database, not a pooler's."""
        self._bell = bell
        self._listener = Listener(listen_url, CASE, self._heard)
        self._waiting: defaultdict[str, set[asyncio.Event]] = defaultdict(set)

    async def open(self) -> None:
        await self._bell.open()
        await self._listener.open()

    async def close(self) -> None:
        await self._listener.close()
        await self._bell.close()

    @contextmanager
    def watching(self, case_no: str) -> Iterator[asyncio.Event]:
        """An event that is set whenever the case may have news; who waits clears it before reading."""
        news = asyncio.Event()
        self._waiting[case_no].add(news)
        try:
            yield news
        finally:
            self._waiting[case_no].discard(news)
            if not self._waiting[case_no]:
                del self._waiting[case_no]

    def _heard(self, payload: str) -> None:
        """An empty payload: the connection was new, anything may have been missed."""
        if payload:
            case_no, _ = case_and_seq(payload)
            wake = set(self._waiting.get(case_no, ()))
        else:
            wake = {news for events in self._waiting.values() for news in events}
        for news in wake:
            news.set()
