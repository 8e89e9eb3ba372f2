"""Makes good what got lost: hands over again every case that should have moved and did not. Asks Temporal nothing."""

import asyncio
import logging
from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from typing import Protocol

from onething.domain.handover import HandOver
from onething.relay.sender import Sender

log = logging.getLogger(__name__)


class Neglected(Protocol):
    """Cases with open commands, or a wake moment over a minute past, spaced 1, 5, 25 … minutes per case."""

    def only_one(self) -> AbstractAsyncContextManager[bool]:
        """True for the one mender that holds the lock of the installation."""
        ...

    async def take(self, limit: int) -> Sequence[HandOver]: ...


class Mender:
    def __init__(self, neglected: Neglected, sender: Sender, *, every_s: float = 5.0, per_second: int = 10) -> None:
        self._neglected = neglected
        self._sender = sender
        self._every_s = every_s
        self._per_second = per_second

    async def run(self) -> None:
        """Until cancelled. In every worker process; one at a time works."""
        while True:
            try:
                async with self._neglected.only_one() as chosen:
                    while chosen:
                        await self.mend_once()
                        await asyncio.sleep(self._every_s)
            except Exception as failure:
                log.warning("mender interrupted", extra={"failure": type(failure).__name__})
            await asyncio.sleep(self._every_s)

    async def mend_once(self) -> int:
        """One round; returns how many cases were handed over."""
        mended = 0
        while batch := await self._neglected.take(self._per_second):
            for news in batch:
                await self._sender.send(news)
            mended += len(batch)
            if len(batch) < self._per_second:
                break
            await asyncio.sleep(1)
        return mended
