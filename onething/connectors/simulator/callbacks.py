"""The simulated world calls back: signed, when its clock says so, as often as it is told."""

import asyncio
import logging
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import httpx
import orjson

from onething.domain.calendar.time_source import TimeSource
from onething.security.signed_calls import SharedSecrets, sign

log = logging.getLogger(__name__)

_LOOK_EVERY_S = 0.05
_AGAIN_S = (0.5, 1.0, 2.0, 5.0)
_TIMEOUT_S = 10.0


@dataclass(slots=True)
class SimulatedCallback:
    """One call of ours. `status` is empty while it has none."""

    key: str
    name: str
    at: datetime
    status: int | None = None


class Callbacks:
    """Those to come are of this process; who was not called asks again with the same key."""

    def __init__(self, secrets: SharedSecrets, clock: TimeSource) -> None:
        self._secrets = secrets
        self._clock = clock
        self._under_way: dict[asyncio.Task[None], datetime] = {}  # with the moment from which it calls
        self.made: list[SimulatedCallback] = []

    def begin(self, name: str, url: str, key: str, content: dict[str, Any], due: datetime, times: int) -> None:
        """`name` is `sources/<code>` or `departments/<code>`: whose secret signs."""
        story = asyncio.create_task(self._call(name, url, key, orjson.dumps(content), due, times))
        self._under_way[story] = due
        story.add_done_callback(self._under_way.pop)

    async def caught_up(self) -> None:
        """Wait until all that are due have been made, or given up."""
        while any(due <= self._clock.now() for due in self._under_way.values()):  # noqa: ASYNC110  they end by themselves
            await asyncio.sleep(_LOOK_EVERY_S / 10)

    async def _call(self, name: str, url: str, key: str, body: bytes, due: datetime, times: int) -> None:
        while self._clock.now() < due:  # noqa: ASYNC110  a test moves this clock
            await asyncio.sleep(_LOOK_EVERY_S)
        async with httpx.AsyncClient(timeout=_TIMEOUT_S, trust_env=False) as client:
            for _ in range(times):
                for pause in (*_AGAIN_S, None):
                    status = await self._once(client, name, url, key, body)
                    if pause is None or (status is not None and status < 500):
                        break
                    await asyncio.sleep(pause)

    async def _once(self, client: httpx.AsyncClient, name: str, url: str, key: str, body: bytes) -> int | None:
        now = self._clock.now()
        made = SimulatedCallback(key, name, now)
        self.made.append(made)
        secrets = self._secrets.of(name)
        signed = sign(secrets[-1], key, int(now.timestamp()), body) if secrets else {}
        try:
            answer = await client.post(url, content=body, headers={**signed, "Content-Type": "application/json"})
        except httpx.HTTPError as failure:
            log.info("%s could not be called back: %s", name, type(failure).__name__)
            return None
        made.status = answer.status_code
        return made.status
