"""From the record to Temporal: leases hand-overs, commits, sends them, and confirms those that were taken."""

import asyncio
import logging
from collections.abc import Sequence
from typing import Protocol

from onething.domain.handover import HandOver
from onething.relay.sender import Sender

log = logging.getLogger(__name__)


class Outbox(Protocol):
    """Hand-overs that are due. What is leased and not confirmed comes due again."""

    async def lease(self, limit: int) -> Sequence[HandOver]: ...
    async def confirm(self, sent: Sequence[HandOver]) -> None: ...


class Relay:
    """One in every worker process; any number of them share the work.

    `woken` is set when something was committed; without it the outbox is looked at every `floor_s` seconds.
    """

    def __init__(
        self, outbox: Outbox, sender: Sender, woken: asyncio.Event, *, floor_s: float = 1.0, batch: int = 50
    ) -> None:
        self._outbox = outbox
        self._sender = sender
        self._woken = woken
        self._floor_s = floor_s
        self._batch = batch

    async def run(self) -> None:
        """Until cancelled. PostgreSQL or Temporal being away only delays."""
        while True:
            try:
                while await self.drain_once() == self._batch:
                    pass
            except Exception as failure:
                log.warning("relay could not reach the record", extra={"failure": type(failure).__name__})
                await asyncio.sleep(self._floor_s)
            await self._wait()

    async def drain_once(self) -> int:
        """Send one batch; returns how many were taken by Temporal."""
        leased = await self._outbox.lease(self._batch)
        if not leased:
            return 0
        taken = await asyncio.gather(*(self._send(news) for news in leased))
        sent = [news for news, ok in zip(leased, taken, strict=True) if ok]
        if sent:
            await self._outbox.confirm(sent)
        return len(sent)

    async def _send(self, news: HandOver) -> bool:
        try:
            await self._sender.send(news)
        except Exception as failure:
            log.warning("hand-over not taken", extra={"case_no": news.case_no, "failure": type(failure).__name__})
            return False
        return True

    async def _wait(self) -> None:
        try:
            async with asyncio.timeout(self._floor_s):
                await self._woken.wait()
        except TimeoutError:
            pass
        self._woken.clear()
