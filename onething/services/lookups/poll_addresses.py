"""Where sources have said that their answers will be, kept sealed: an address may say about whom it is."""

from datetime import timedelta

from onething.domain.calendar.time_source import TimeSource
from onething.security.sealing import SealBroken, Sealer
from onething.store.connection.database import Database
from onething.store.sources import poll_addresses


class KeptAddresses:
    """Implements `connectors.status.StatusAddresses`. One that got lost is no harm: the source is asked again."""

    def __init__(self, database: Database, sealer: Sealer, clock: TimeSource) -> None:
        self._database = database
        self._sealer = sealer
        self._clock = clock

    async def of(self, key: str) -> str | None:
        sealed = await poll_addresses.found(self._database, key)
        if sealed is None:
            return None
        try:
            return self._sealer.open(sealed, context=_context(key)).decode()
        except SealBroken:  # under a key that was given up: as good as gone
            return None

    async def keep(self, key: str, address: str, minutes: int) -> None:
        until = self._clock.now() + timedelta(minutes=minutes)
        sealed = self._sealer.seal(address.encode(), context=_context(key))
        await poll_addresses.keep(self._database, key, sealed, until)

    async def forget(self, key: str) -> None:
        await poll_addresses.forget(self._database, key)


def _context(key: str) -> str:
    return f"status-address/{key}"
