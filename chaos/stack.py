"""A whole system of its own, whose processes can be killed, kept down and brought back."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx

from chaos.faults import TEMPORAL, WORKERS
from onething.embedded import ports, secret_file
from onething.embedded.folders import DataFolder
from onething.embedded.postgres import EmbeddedPostgres
from onething.embedded.stack import DATABASE, Options, StackPlan
from onething.embedded.supervisor import SupervisedService, Supervisor
from onething.settings import Settings

_PORTS = ("postgres", "temporal", "temporal_ui", "simulator", "api")
ALIVE_PATIENCE_S = 240.0


class TargetMissing(Exception):
    """A process that was to be killed did not come back in time."""


class StormStack:
    """Names are those of the stack's services."""

    def __init__(self, folder: DataFolder, plan: StackPlan) -> None:
        self.folder = folder
        self.api_url = plan.state.api_url
        self.simulator_url = plan.state.simulator_url
        self.temporal_address = plan.state.temporal_address
        passwords = secret_file.load_or_make(folder.secrets, data_exists=True)
        postgres = EmbeddedPostgres(folder.postgres, plan.state.ports["postgres"], passwords["POSTGRES_PASSWORD"])
        self.database_url = postgres.url(DATABASE)  # a checker sees everything: the superuser's
        self.api_database_url = postgres.url(DATABASE, "onething_api", passwords["API_PASSWORD"])
        self.supervisor = Supervisor(plan.stages, log=folder.log("supervisor"))

    def service(self, name: str) -> SupervisedService:
        return next(one for one in self.supervisor.supervised if one.service.name == name)

    @property
    def restarts(self) -> dict[str, int]:
        return {one.service.name: one.restarts for one in self.supervisor.supervised}

    async def kill(self, *names: str) -> None:
        """kill -9 at the same moment; one that is just coming back is waited for. Raises `TargetMissing`."""
        found = [self.service(name) for name in names]
        for one in found:
            await self._alive(one)
        for one in found:
            one.process.kill()

    async def halt(self, *names: str) -> None:
        """kill -9, and nobody starts them again."""
        for name in names:
            self.service(name).ready = False
        await asyncio.sleep(0.3)  # a restart that had begun is over
        for name in names:
            self.service(name).process.kill()

    async def resume(self, *names: str) -> None:
        for name in names:
            self.service(name).ready = True
        for name in names:
            await self.healthy(name)

    async def lose_temporal(self) -> None:
        """Everything that Temporal knew is gone."""
        await self.halt(TEMPORAL)
        for file in self.folder.temporal.glob("temporal.db*"):
            file.unlink()
        await self.resume(TEMPORAL)

    async def healthy(self, name: str) -> None:
        """Waits; raises `TargetMissing`."""
        one = self.service(name)
        async with _in_time(name):
            while not (one.process.running() and await asyncio.to_thread(one.service.healthy)):  # noqa: ASYNC110
                await asyncio.sleep(0.3)

    async def behave(self, side: str, code: str, behaviour: dict[str, object]) -> None:
        """Told until the simulator has taken it."""
        client = httpx.AsyncClient(base_url=self.simulator_url, timeout=5, trust_env=False)
        async with client, _in_time(code):
            while True:
                try:
                    (await client.put(f"/control/{side}/{code}", json=behaviour)).raise_for_status()
                    return
                except httpx.TransportError:
                    await asyncio.sleep(0.3)

    async def _alive(self, service: SupervisedService) -> None:
        async with _in_time(service.service.name):
            while not (service.ready and service.process.running()):  # noqa: ASYNC110
                await asyncio.sleep(0.1)


@asynccontextmanager
async def _in_time(name: str) -> AsyncIterator[None]:
    try:
        async with asyncio.timeout(ALIVE_PATIENCE_S):
            yield
    except TimeoutError:
        raise TargetMissing(name) from None


@asynccontextmanager
async def storm_stack(directory: Path) -> AsyncIterator[StormStack]:
    """Started and healthy, on free ports; stopped at the end."""
    folder = DataFolder(directory)
    folder.make()
    async with ports.turn():
        free = {name: ports.any_free() for name in _PORTS}
        stack = StormStack(folder, StackPlan(folder, Options(data_dir=directory, workers=WORKERS), Settings(), free))
        await stack.supervisor.start()
    try:
        yield stack
    finally:
        await stack.supervisor.stop()
