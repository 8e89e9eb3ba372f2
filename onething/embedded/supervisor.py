"""Starts services in order, starts again what dies, and stops all in reverse order."""

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from onething.embedded.processes import Service, ServiceFailed, ServiceProcess

LOOK_EVERY_S = 0.1
START_ATTEMPTS = 3  # right after a kill, a port or a shared memory block may be held for another moment
BACKOFF_S = (0.1, 0.5, 1.0, 2.0, 5.0, 10.0)
SETTLED_AFTER_S = 30.0  # who lived this long is restarted at once again


@dataclass(frozen=True)
class StartupTask:
    """Something done once in its place among the services, such as installing the schema.

    Runs in a thread; may raise `ServiceFailed`.
    """

    name: str
    run: Callable[[], None]


class StackReporter(Protocol):
    """Shows people the start, and what is started again later."""

    def begin(self, name: str) -> None: ...
    def done(self, name: str, seconds: float, url: str | None) -> None: ...
    def died(self, service: Service, code: int, again_s: float) -> None: ...
    def restarted(self, service: Service, times: int) -> None: ...
    def failed(self, service: Service, why: str) -> None: ...


class Silent:
    def begin(self, name: str) -> None: ...
    def done(self, name: str, seconds: float, url: str | None) -> None: ...
    def died(self, service: Service, code: int, again_s: float) -> None: ...
    def restarted(self, service: Service, times: int) -> None: ...
    def failed(self, service: Service, why: str) -> None: ...


class SupervisedService:
    """A service in the supervisor's care."""

    def __init__(self, service: Service) -> None:
        self.service = service
        self.process = ServiceProcess(service)
        self.restarts = 0
        self.ready = False
        self._failures = 0
        self._started_at = 0.0
        self._restart_at: float | None = None

    async def spawn(self) -> None:
        await asyncio.to_thread(self.service.prepare)
        # Here and not in the thread: the child is bound to the life of the thread that starts it.
        self.process.launch()
        self._started_at = time.monotonic()

    async def start(self) -> None:
        """Spawns and waits until healthy; `ServiceFailed` if it ends or isn't healthy in time."""
        until = time.monotonic() + self.service.start_patience_s
        for attempt in range(1, START_ATTEMPTS + 1):
            await self.spawn()
            while self.process.running() and (asked_at := time.monotonic()) < until:
                if await asyncio.to_thread(self.service.healthy):
                    self.ready = True
                    return
                # on a busy machine a look takes long itself, and keeps what it looks for from getting there
                await asyncio.sleep(max(LOOK_EVERY_S, 2 * (time.monotonic() - asked_at)))
            if self.process.running() or attempt == START_ATTEMPTS:
                await asyncio.to_thread(self.process.check_started)
            await asyncio.sleep(attempt)

    async def restart_if_dead(self, note: Callable[[str], None], reporter: StackReporter) -> bool:
        """Whether the process was dead and has been spawned again. Failing ones are tried ever less often."""
        code = self.process.exit_code()
        if code is None:
            return False
        now = time.monotonic()
        if self._restart_at is None:
            self._failures = 0 if now - self._started_at > SETTLED_AFTER_S else self._failures + 1
            self._restart_at = now + BACKOFF_S[min(self._failures, len(BACKOFF_S) - 1)]
            again_s = self._restart_at - now
            note(f"{self.service.name} ended with {code}; starting it again in {again_s:.1f} s")
            reporter.died(self.service, code, again_s)
        if now < self._restart_at:
            return False
        self._restart_at = None
        self.restarts += 1
        try:
            await self.spawn()
        except ServiceFailed as failure:
            note(f"{self.service.name} can't be started: {failure}")
            reporter.failed(self.service, str(failure))
            self._started_at = now
            return False
        reporter.restarted(self.service, self.restarts)
        return True


def _together(stages: Sequence[Service | StartupTask]) -> list[list[Service | StartupTask]]:
    """Stages in the order of their start; each list at once."""
    groups: list[list[Service | StartupTask]] = []
    for stage in stages:
        if groups and isinstance(stage, Service) and stage.alongside:
            groups[-1].append(stage)
        else:
            groups.append([stage])
    return groups


class Supervisor:
    """Cares for a list of services, in the order of their start.

    `changed` is called whenever a process came or went; `log` receives one line per restart.
    """

    def __init__(
        self,
        stages: Sequence[Service | StartupTask],
        *,
        log: Path,
        reporter: StackReporter | None = None,
        changed: Callable[[], None] = lambda: None,
    ) -> None:
        self._stages = stages
        self._log = log
        self._reporter = reporter or Silent()
        self._changed = changed
        self.supervised: list[SupervisedService] = []
        self._watcher: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Starts everything in order and keeps it alive; on a failure stops what was started and raises it."""
        self._watcher = asyncio.create_task(self._watch())
        try:
            for together in _together(self._stages):
                await asyncio.gather(*(self._start(stage) for stage in together))
        except BaseException:
            await self.stop()
            raise

    async def wait(self) -> None:
        """Returns never; raises should the supervisor itself fail."""
        if self._watcher is not None:
            await self._watcher

    async def stop(self) -> None:
        """Stops everything, last started first."""
        if self._watcher is not None:
            self._watcher.cancel()
            await asyncio.gather(self._watcher, return_exceptions=True)
        for one in reversed(self.supervised):
            await asyncio.to_thread(one.process.stop)
        self._changed()

    async def _start(self, stage: Service | StartupTask) -> None:
        begun = time.monotonic()
        self._reporter.begin(stage.name)
        if isinstance(stage, StartupTask):
            await asyncio.to_thread(stage.run)
        else:
            one = SupervisedService(stage)
            self.supervised.append(one)
            await one.start()
            self._changed()
        self._reporter.done(stage.name, time.monotonic() - begun, stage.url if isinstance(stage, Service) else None)

    async def _watch(self) -> None:
        while True:
            for one in list(self.supervised):
                if one.ready and await one.restart_if_dead(self._note, self._reporter):
                    self._changed()
            await asyncio.sleep(LOOK_EVERY_S)

    def _note(self, line: str) -> None:
        with self._log.open("a") as log:
            log.write(f"{datetime.now(UTC).isoformat(timespec='milliseconds')} {line}\n")
