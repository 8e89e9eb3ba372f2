"""What this process knows of lockouts: told by the database at once, and looked up every few seconds."""

import asyncio
import contextlib
import logging
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta

from onething.domain.calendar.time_source import TimeSource
from onething.domain.errors import OneThingError
from onething.domain.principal import Role
from onething.security.identity.claims import SignedIn
from onething.security.identity.locked_out import Lockouts
from onething.security.identity.refusals import IdentityUnavailable
from onething.store.connection.actor import Actor
from onething.store.connection.database import Database
from onething.store.connection.notifier import Listener
from onething.store.tables import ended_persons, lockouts

log = logging.getLogger(__name__)

EVERY_S = 5.0
TRUSTED_S = 30.0
"""Staff whose lockout might not have reached us for so long are not let in."""
_LONGEST_TRANSACTION = timedelta(minutes=10)
"""What is stamped so long before the last look may have been committed after it, or by a clock that is behind."""
_OF_THE_PUBLIC = frozenset({Role.CITIZEN, Role.AGENT})


class LockoutWatch:
    def __init__(
        self,
        database: Database,
        listen_url: str,
        clock: TimeSource,
        seconds: Callable[[], float],
        changed: Callable[[], None] = lambda: None,
    ) -> None:
        """`listen_url`: a direct address of the database. `seconds`: monotonic. `changed`: called whenever it is others
        that are locked out."""
        self._database = database
        self._clock = clock
        self._seconds = seconds
        self._changed = changed
        self._listener = Listener(listen_url, lockouts.CHANNEL, lambda _: self._wanted.set())
        self._wanted = asyncio.Event()
        self._locked_out = Lockouts()
        self._known_at: float | None = None
        self._persons_since = datetime.min.replace(tzinfo=UTC)
        self._task: asyncio.Task[None] | None = None
        self._closing = False

    async def open(self) -> None:
        """Raises OneThingError: a process that doesn't know who is locked out lets nobody in."""
        await self.look()
        await self._listener.open()
        self._task = asyncio.create_task(self._run())

    async def close(self) -> None:
        self._closing = True
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task
            self._task = None
        await self._listener.close()

    def refuse(self, signed_in: SignedIn) -> None:
        """Raises NotSignedIn for whom is locked out, IdentityUnavailable for staff while nobody can tell."""
        self._locked_out.refuse(signed_in)
        stale = self._known_at is None or self._seconds() - self._known_at > TRUSTED_S
        if stale and signed_in.principal.role not in _OF_THE_PUBLIC:
            raise IdentityUnavailable

    async def look(self) -> None:
        """Read what stands. Raises OneThingError where the database is away."""
        began, now = self._seconds(), self._clock.now()
        async with self._database.transaction(Actor.anybody()) as tx:
            standing = await lockouts.standing(tx, now)
            # of persons there are more every day: only what has changed is read anew
            changed = await ended_persons.changed_since(tx, self._persons_since)
        found = Lockouts(
            tokens=frozenset(value for kind, value in standing if kind == "token"),
            subjects=frozenset(value for kind, value in standing if kind == "subject"),
            persons=_with(self._locked_out.persons, changed),
        )
        self._persons_since = now - _LONGEST_TRANSACTION
        self._known_at = began
        if found != self._locked_out:
            self._locked_out = found
            self._changed()

    async def _run(self) -> None:
        while not self._closing:  # the driver's pool may keep a cancellation to itself as well
            # not wait_for(), which may keep a cancellation to itself
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(EVERY_S):
                    await self._wanted.wait()
            self._wanted.clear()
            try:
                await self.look()
            except OneThingError as error:
                log.warning("lockouts could not be read", extra={"reason": error.code})
                await asyncio.sleep(1)


def _with(before: frozenset[str], changed: Mapping[str, bool]) -> frozenset[str]:
    """The same set where nothing has changed, so that it costs nothing to see that."""
    ended = {person for person, has_ended in changed.items() if has_ended}
    if ended <= before and not before & (changed.keys() - ended):
        return before
    return (before - changed.keys()) | ended
