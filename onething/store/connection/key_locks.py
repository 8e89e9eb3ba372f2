"""Who works with a case in this process: one at a time. Those who wait hold no connection and no lock meanwhile."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from onething.domain.errors import FailureCode, OneThingError


class KeyLocks:
    """First come, first served, key by key. Keys that nobody waits for are forgotten."""

    def __init__(self) -> None:
        self._queues: dict[str, tuple[asyncio.Lock, int]] = {}

    @asynccontextmanager
    async def of(self, key: str | None, patience_s: float) -> AsyncIterator[None]:
        """Alone with `key` (None: nobody to wait for). Raises OneThingError BUSY after `patience_s`."""
        if key is None:
            yield
            return
        lock, waiting = self._queues.get(key, (asyncio.Lock(), 0))
        self._queues[key] = lock, waiting + 1
        try:
            async with asyncio.timeout(patience_s if lock.locked() else None) as patience, lock:
                patience.reschedule(None)
                yield
        except TimeoutError:
            if not patience.expired():
                raise
            raise OneThingError(FailureCode.BUSY, "有人正在处理同一办件，请稍后重试。") from None
        finally:
            lock, waiting = self._queues[key]
            if waiting > 1:
                self._queues[key] = lock, waiting - 1
            else:
                del self._queues[key]
