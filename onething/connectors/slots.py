"""Calls at once of all workers together. Each holds some slots of a source for some seconds and uses them by itself, so
that most calls cost no round trip; a worker that is gone holds its slots no longer than its last call could last."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import uuid4

from onething.connectors.retry_spread import RetrySpread
from onething.connectors.shares import SHARES, Ask, shared_out
from onething.domain.calendar.time_source import TimeSource
from onething.domain.lookups.answers import Cause, SourceUnavailable

log = logging.getLogger(__name__)

LOOK_EVERY_S = 1.0
_USABLE_LOOKS = 3  # so many looks may fail before held slots are of no use
AGAIN_S = 1.0

SharedUpdate = Callable[[str, Callable[[bytes], bytes]], Awaitable[None]]
"""`(source, how)`: what is kept of the source becomes `how(what is kept)`, one worker at a time."""


@dataclass(slots=True)
class _Block:
    """What this worker holds of one source."""

    total: int
    lasts_s: float
    turns: RetrySpread
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    usable: int = 0
    usable_until: datetime | None = None
    busy: int = 0
    peak: int = 0  # of `busy`, since the last look
    refused: int = 0  # since the last look
    look_again_at: datetime | None = None  # it is short: asking sooner is no use
    keeper: asyncio.Task[None] | None = None

    def has_room(self, now: datetime) -> bool:
        return self.busy < self.usable and self.usable_until is not None and now < self.usable_until


class SharedSlots:
    def __init__(self, change: SharedUpdate, clock: TimeSource, *, look_every_s: float = LOOK_EVERY_S) -> None:
        self._change = change
        self._clock = clock
        self._look_every_s = look_every_s
        self._worker = uuid4().hex[:12]
        self._blocks: dict[str, _Block] = {}

    @asynccontextmanager
    async def slot(self, name: str, total: int, lasts_s: float) -> AsyncIterator[None]:
        """One of `total` slots, for a call that ends within `lasts_s`.

        Raises SourceUnavailable LIMIT_FULL that says when to come again.
        """
        block = self._blocks.setdefault(name, _Block(total, lasts_s, RetrySpread(total / AGAIN_S)))
        async with block.lock:
            now = self._clock.now()
            asked_lately = block.look_again_at is not None and now < block.look_again_at
            if not block.has_room(now) and not asked_lately:
                wished = block.busy + block.refused + 1
                await self._ask(name, block, wished + wished // 2)
            if not block.has_room(now):
                block.refused += 1
                raise SourceUnavailable(name, Cause.LIMIT_FULL, block.turns.take(now, AGAIN_S))
            block.busy += 1
            block.peak = max(block.peak, block.busy)
        try:
            yield
        finally:
            block.busy -= 1

    async def aclose(self) -> None:
        """Gives everything back that is not in use."""
        for name, block in self._blocks.items():
            if block.keeper is not None:
                block.keeper.cancel()
                await asyncio.gather(block.keeper, return_exceptions=True)
                await self._look(name, block, requested=0)

    async def _ask(self, name: str, block: _Block, requested: int) -> None:
        now, look = self._clock.now(), timedelta(seconds=self._look_every_s)
        usable_until = now + _USABLE_LOOKS * look
        requested = min(requested, block.total)
        last_call_ends = usable_until + timedelta(seconds=block.lasts_s)
        ask = Ask(self._worker, requested, block.busy, last_call_ends, usable_until)
        got = 0

        def how(stored: bytes) -> bytes:
            nonlocal got
            shares, got = shared_out(SHARES.validate_json(stored), ask, block.total, now)
            return SHARES.dump_json(shares)

        await self._change(name, how)
        block.usable, block.usable_until = got, usable_until
        block.look_again_at = now + look if got < requested else None
        if block.keeper is None and (requested or block.busy):
            block.keeper = asyncio.create_task(self._keep(name, block))

    async def _keep(self, name: str, block: _Block) -> None:
        """Holds as many as were needed of late, until none are."""
        while True:
            await asyncio.sleep(self._look_every_s)
            async with block.lock:
                wanted = block.peak + block.refused
                if await self._look(name, block, wanted) and not (wanted or block.busy):
                    block.keeper = None
                    return
                block.peak, block.refused = block.busy, 0

    async def _look(self, name: str, block: _Block, requested: int) -> bool:
        try:
            await self._ask(name, block, requested)
        except Exception as failure:
            log.warning("slots of %s can't be shared out", name, extra={"failure": type(failure).__name__})
            return False
        return True
