"""The simulated outside world and the API, both over real HTTP, by the town's clock; a worker's attempts.

Temporal's part is played by hand: an attempt that failed is made again when its delay has passed, not a moment before.
"""

import asyncio
import re
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import uvicorn
from temporalio.exceptions import ApplicationError
from temporalio.testing import ActivityEnvironment

from activities.dispatch import DepartmentActivities
from activities.lookups import SourceActivities
from definitions.loader import FOLDER
from onething.connectors.departments import DepartmentClients
from onething.connectors.http_client import HttpClient
from onething.connectors.simulator.app import create_app
from onething.connectors.sources import SourceClients
from onething.connectors.tally import AttemptTally
from onething.domain.engine.snapshot import Assignment, CaseSnapshot
from onething.domain.kernel.commands import Command
from onething.relay.figures_flusher import FiguresFlusher
from onething.wiring.worker import not_closed
from tests.api.lawful import plain_opening, written
from tests.api.town import Town
from tests.support.patience import PATIENCE_S

KEEPING = re.compile(r"^(fresh_for|stale_ok)_minutes:.*\n", re.MULTILINE)
_TIMEOUT = re.compile(r"^timeout_s: .*$", re.MULTILINE)
LONGEST_TIMEOUT_S = 50  # that a definition may have
COMPARE = """
compare:
  - {code: premises, name: 住所, as: address, values: [form.address, data.address-check.standard_address]}
"""


def patient(source: str) -> str:
    """A source's definition: an answer is waited for as long as a busy machine may take to give it."""
    changed, times = _TIMEOUT.subn(f"timeout_s: {LONGEST_TIMEOUT_S}", source)
    assert times == 1
    return changed


def with_compared_premises(folder: Path) -> Path:
    """As below, and what is said to be the premises is compared with what the register says."""
    file = with_sources_that_call_back(folder) / "catalog" / "enterprise-opening" / "v1.yaml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("\nmaterials:\n", f"{COMPARE}\nmaterials:\n", 1), encoding="utf-8")
    return folder


def with_sources_that_call_back(folder: Path) -> Path:
    """The plain opening. Its address check calls back within four hours and is chased every quarter of an hour, and
    so does the reservation of a name, which holds something; who is who can be asked for every half minute."""
    written(folder, plain_opening())
    (folder / "sources").mkdir()
    for file in (FOLDER / "sources").glob("*.yaml"):
        text = patient(KEEPING.sub("", file.read_text(encoding="utf-8")))
        if file.stem in ("standard-address", "name-reservation"):
            text += "style: callback\nask_again_s: 900\n"
            text = text.replace("patience_minutes: 60", "patience_minutes: 240")
            text = text.replace("patience_minutes: 30", "patience_minutes: 240")
        if file.stem == "identity-check":
            text += "style: poll\nask_again_s: 30\n"
        (folder / "sources" / file.name).write_text(text, encoding="utf-8")
    return folder


@dataclass
class Outside:
    town: Town
    simulator: httpx.AsyncClient
    api_url: str
    caught_up: Callable[[], Awaitable[None]]  # every call back that is due has been made
    look_ups: SourceActivities
    departments: DepartmentActivities
    flusher: FiguresFlusher

    async def control(self, code: str, side: str = "sources", **change: Any) -> None:
        (await self.simulator.put(f"/control/{side}/{code}", json=change)).raise_for_status()

    async def listed(self, what: str, **query: str) -> list[dict[str, Any]]:
        items: list[dict[str, Any]] = (await self.simulator.get(f"/{what}", params=query)).json()["items"]
        return items

    async def command(self, case_no: str, data: str) -> str:
        """Id of the open look-up."""
        [found] = [name for name, one in (await self.town.commands(case_no)).items() if one.target == data]
        return found

    async def attempt(self, case_no: str, command: str, data: str, number: int = 1) -> float | CaseSnapshot:
        """One attempt by the real activity: what is new, or after how many seconds the next one is due."""
        return await self._perform(self.look_ups.fetch_record, case_no, command, data, number)

    async def dispatch(self, case_no: str, command: str, item: str, number: int = 1) -> float | CaseSnapshot:
        """As `attempt`, at a department's own system."""
        return await self._perform(self.departments.dispatch_item, case_no, command, item, number)

    async def undo(self, case_no: str, command: str) -> float | CaseSnapshot:
        return await self._perform(self.departments.undo_effect, case_no, command, "", 1)

    async def _perform(
        self, activity: Callable[[Assignment], Any], case_no: str, command: str, target: str, number: int
    ) -> float | CaseSnapshot:
        given = Command(id=command, kind="", target=target)
        environment = ActivityEnvironment()
        environment.info = ActivityEnvironment.default_info().__class__(
            **{**vars(ActivityEnvironment.default_info()), "attempt": number}
        )
        try:
            snapshot: CaseSnapshot = await environment.run(
                activity, Assignment(case_no=case_no, epoch=1, command=given)
            )
        except ApplicationError as again:
            return (again.next_retry_delay or timedelta(0)).total_seconds()
        return snapshot

    async def see_through(self, case_no: str, data: str, *, within: timedelta) -> int:
        """As the workflow does: attempts until one brings news, time passing between. How many there were."""
        command, until = await self.command(case_no, data), self.town.clock.now() + within
        for number in range(1, 10_000):
            answer = await self.attempt(case_no, command, data, number)
            if isinstance(answer, CaseSnapshot):
                return number
            assert self.town.clock.now() <= until, "the look-up has not ended"
            await self.let_pass(seconds=answer)
        raise AssertionError("asked without end")

    async def let_pass(self, **length: float) -> None:
        """The clock moves, and whoever was to call back by then has done so."""
        self.town.clock.move(timedelta(**length))
        await self.caught_up()

    async def called_back(self, key: str, times: int) -> list[int | None]:
        """Waits until the simulator has called back so often; what it was answered."""
        async with asyncio.timeout(PATIENCE_S):
            while len(made := await self.listed("callbacks", key=key)) < times or made[-1]["status"] is None:  # noqa: ASYNC110
                await asyncio.sleep(0.02)
        return [one["status"] for one in made]


@asynccontextmanager
async def outside_of(town: Town) -> AsyncIterator[Outside]:
    world = create_app(clock=town.clock, secrets=town.context.shared_secrets)
    async with served(world) as simulator_url, served(town.app) as api_url:
        http = HttpClient(simulator_url, town.clock)
        clients = SourceClients(http, town.context.catalog.sources, api_url)
        async with httpx.AsyncClient(base_url=simulator_url, timeout=PATIENCE_S) as client:
            systems = DepartmentActivities(town.gateway, clients, DepartmentClients(http, api_url))
            tally = AttemptTally(town.clock)
            flusher = town.flusher(tally, lambda: not_closed(http, town.context.catalog.sources))
            look_ups = SourceActivities(town.gateway, clients, tally, town.record_cache)
            yield Outside(town, client, api_url, world.state.callbacks.caught_up, look_ups, systems, flusher)
        await http.aclose()


@asynccontextmanager
async def served(app: Any) -> AsyncIterator[str]:
    listening = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, log_level="critical", access_log=False, lifespan="off"))
    serving = asyncio.create_task(server.serve([listening]))
    yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    server.should_exit = True
    await serving
