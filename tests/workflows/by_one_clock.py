"""The whole of it by one clock, the skipping server's: the API and the simulated world over HTTP, the record in
PostgreSQL, relay, worker and workflow as they are. Whoever reads the time, reads that one."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
from temporalio.api.testservice.v1 import SleepRequest
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import ActivityInboundInterceptor, ExecuteActivityInput, Interceptor, Worker

from activities.deadlines import ClockActivities
from activities.dispatch import DepartmentActivities
from activities.documents import CertificateActivities
from activities.failures import Discreet
from activities.heartbeat import Alive
from activities.lookups import SourceActivities
from activities.notifications import NoticeActivities
from activities.quick_effects import QuickEffects
from activities.together import JointActivities
from onething.connectors.departments import DepartmentClients
from onething.connectors.http_client import HttpClient
from onething.connectors.notices import NoticeGateway
from onething.connectors.simulator.app import create_app
from onething.connectors.sources import SourceClients
from onething.domain.events.union import EVENT, Event
from onething.relay.outbox_relay import Relay
from onething.relay.temporal_sender import TemporalSender
from onething.services.lookups.poll_addresses import KeptAddresses
from onething.store.connection.actor import Actor
from onething.store.connection.database import Database
from onething.store.record import journal, outbox
from tests.api.conftest import built
from tests.api.outside import served
from tests.api.town import MovableClock, Town
from tests.support.patience import PATIENCE, PATIENCE_S
from tests.support.servers import PostgresServer
from workflows.case import CaseWorkflow

_WORKER = Actor.worker()


class ServersClock(MovableClock):
    """As the skipping server had it when it was last asked, by a driver or at the beginning of an attempt."""

    def __init__(self, env: WorkflowEnvironment) -> None:
        super().__init__()
        self._env = env

    async def read(self) -> datetime:
        self._now = max(self._now, await self._env.get_current_time())
        return self._now


class ByThatClock(Interceptor):
    def __init__(self, clock: ServersClock) -> None:
        self._clock = clock

    def intercept_activity(self, inner: ActivityInboundInterceptor) -> ActivityInboundInterceptor:
        return _ReadsFirst(inner, self._clock)


class _ReadsFirst(ActivityInboundInterceptor):
    def __init__(self, inner: ActivityInboundInterceptor, clock: ServersClock) -> None:
        super().__init__(inner)
        self._clock = clock

    async def execute_activity(self, call: ExecuteActivityInput) -> Any:
        await self._clock.read()
        return await super().execute_activity(call)


@dataclass
class Whole:
    env: WorkflowEnvironment
    clock: ServersClock
    town: Town
    database: Database
    simulator: httpx.AsyncClient
    relay: Relay
    called_back: Callable[[], Awaitable[None]]  # every call back that is due has been made

    async def control(self, code: str, side: str = "sources", **change: Any) -> None:
        (await self.simulator.put(f"/control/{side}/{code}", json=change)).raise_for_status()

    async def listed(self, what: str) -> list[dict[str, Any]]:
        answer = await self.simulator.get(f"/{what}", params={"limit": 100_000})
        items: list[dict[str, Any]] = answer.json()["items"]
        return items

    async def tell(self) -> None:
        """The relay hands over what waits."""
        await self.clock.read()
        while await self.relay.drain_once():
            await self.clock.read()

    async def let_pass(self, length: timedelta, step: timedelta) -> None:
        """What falls due meanwhile is done; after each step calls back are made, and told."""
        until = await self.clock.read() + length
        while (left := until - self.clock.now()) > timedelta(0):
            asked = SleepRequest()
            asked.duration.FromTimedelta(min(step, left))
            await self.env.client.test_service.unlock_time_skipping_with_sleep(asked, timeout=PATIENCE)
            await self.clock.read()
            await self.called_back()
            await self.tell()

    async def lines(self, case_no: str) -> list[tuple[datetime, Event]]:
        """The journal, whose chain holds."""
        async with self.database.transaction(_WORKER) as tx:
            rows = await journal.lines(tx, case_no)
            assert await journal.verify_chain(tx, case_no) is None
        return [(row.at, EVENT.validate_python(row.event)) for row in rows]

    async def nothing_waits(self) -> None:
        async with self.database.transaction(_WORKER) as tx:
            assert (await outbox.waiting(tx, self.clock.now()))[0] == 0


@asynccontextmanager
async def whole(
    env: WorkflowEnvironment, server: PostgresServer, template: str, definitions: Path
) -> AsyncIterator[Whole]:
    clock = ServersClock(env)
    await clock.read()
    async with built(server, template, definitions, clock=clock) as town:
        context = town.context
        world = create_app(clock=clock, secrets=context.shared_secrets)
        async with served(world) as simulator_url, served(town.app) as api_url:
            http = HttpClient(simulator_url, clock)
            addresses = KeptAddresses(town._worker, context.sealer, clock)
            sources = SourceClients(http, context.catalog.sources, api_url, addresses)
            queue = f"whole-{uuid4().hex[:8]}"
            effects = QuickEffects(town.gateway, NoticeActivities(town.gateway, NoticeGateway(http)))
            relay = Relay(town._worker, clock, TemporalSender(env.client, queue), effects, asyncio.Event())
            async with (
                httpx.AsyncClient(base_url=simulator_url, timeout=PATIENCE_S) as simulator,
                _worker(env, clock, town, http, sources, api_url, queue),
            ):
                yield Whole(env, clock, town, town._worker, simulator, relay, world.state.callbacks.caught_up)
            await http.aclose()


def _worker(
    env: WorkflowEnvironment,
    clock: ServersClock,
    town: Town,
    http: HttpClient,
    sources: SourceClients,
    api_url: str,
    queue: str,
) -> Worker:
    notices, look_ups = NoticeActivities(town.gateway, NoticeGateway(http)), SourceActivities(town.gateway, sources)
    departments = DepartmentActivities(town.gateway, sources, DepartmentClients(http, api_url))
    return Worker(
        env.client,
        task_queue=queue,
        workflows=[CaseWorkflow],
        activities=[
            look_ups.fetch_record,
            JointActivities(town.gateway, look_ups, notices).begin_together,
            departments.dispatch_item,
            departments.undo_effect,
            CertificateActivities(town.gateway, notices).issue_certificates,
            notices.send_notices,
            ClockActivities(town.gateway).tick,
        ],
        interceptors=[Discreet(), Alive(), ByThatClock(clock)],
        max_cached_workflows=0,  # every task replays
    )
