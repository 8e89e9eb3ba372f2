"""The composition root: settings in, processes out. The only place that knows every room."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache

from fastapi import FastAPI
from pydantic import SecretStr
from temporalio.client import Client
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.runtime import PrometheusConfig, Runtime, TelemetryConfig
from temporalio.worker import PollerBehaviorAutoscaling, Worker

from activities.certificates import CertificateActivities
from activities.clocks import ClockActivities
from activities.departments import DepartmentActivities
from activities.failures import Discreet
from activities.notices import NoticeActivities
from activities.sources import SourceActivities
from api.app import create_app
from definitions.loader import load_catalog
from onething.connectors.caller import Caller
from onething.connectors.departments import DepartmentClients
from onething.connectors.notices import NoticeGateway
from onething.connectors.sources import SourceClients
from onething.domain.timing import Clock, SystemClock
from onething.relay.mender import Mender
from onething.relay.relay import Relay
from onething.relay.sender import TemporalSender
from onething.security.blind_index import BlindIndex
from onething.security.demo_accounts import DemoAccounts, refuse_in_production
from onething.security.keys import decode_key
from onething.security.rate_limit import Rate, RateLimiter
from onething.security.sealing import Sealer
from onething.security.signing import CertificateSigner, CertificateVerifier
from onething.security.tokens import EmbeddedTokenReader, TokenIssuer
from onething.services.desk import CommandDesk
from onething.services.feed import Feed
from onething.services.office import Office
from onething.settings import Settings
from onething.store.bell import HANDOVER, Bell, Listener
from onething.store.database import Database
from onething.store.door import Door
from onething.store.leadership import only_mender
from onething.store.shelf import Shelf
from workflows.case import CaseWorkflow

# an attempt in flight at a stop may end; its outcome is recorded before the process goes
_GRACE = timedelta(seconds=65)

_ISSUER = "onething"
_AUDIENCE = "onething-api"
_PROGRESS_RATE = Rate(burst=30, every_s=2)
_SIGN_IN_RATE = Rate(burst=60, every_s=1)


class SettingMissing(Exception):
    """A setting without which this process can't run; the message names it and the remedy."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"缺少设置 ONETHING_{name.upper()}。onething up 启动的内置环境会自动生成；"
            "自备环境请参照 docs/operating.md 设置。"
        )


@dataclass(frozen=True)
class WorkerProcess:
    """What a worker process runs, all until it is stopped."""

    worker: Worker
    relay: Relay
    mender: Mender


@asynccontextmanager
async def worker_process(settings: Settings, clock: Clock | None = None) -> AsyncIterator[WorkerProcess]:
    """Everything a worker process needs, opened; closed again on leaving. Raises `SettingMissing`."""
    clock = clock or SystemClock()
    url = _needed(settings, "database_worker_url")
    direct_url = settings.database_listen_url or url
    catalog = load_catalog(settings.definitions_dir)
    client = await connect(settings)
    database = Database(url, pool_size=settings.database_pool_size, lock_timeout_ms=settings.database_lock_timeout_ms)
    bell = Bell(direct_url)
    shelf = Shelf()
    woken = asyncio.Event()
    listener = Listener(direct_url, HANDOVER, lambda _: woken.set())
    caller = Caller(settings.outside_url, clock)
    desk = CommandDesk(
        database,
        Door(clock, shelf, bell),
        shelf,
        catalog,
        clock,
        Sealer.from_setting(_secret(settings, "sealing_keys")),
        CertificateSigner.from_setting(_secret(settings, "certificate_key")),
    )
    sources = SourceClients(caller, catalog.sources)
    await database.open()
    try:
        await bell.open()
        await listener.open()
        yield WorkerProcess(
            worker=case_worker(client, settings, desk, sources, caller),
            relay=Relay(
                database,
                clock,
                TemporalSender(client, settings.temporal_task_queue),
                woken,
                floor_s=settings.relay_floor_s,
            ),
            mender=Mender(database, clock, lambda: only_mender(direct_url)),
        )
    finally:
        await listener.close()
        await bell.close()
        await caller.aclose()
        await database.close()


def case_worker(
    client: Client, settings: Settings, desk: CommandDesk, sources: SourceClients, caller: Caller
) -> Worker:
    return Worker(
        client,
        task_queue=settings.temporal_task_queue,
        workflows=[CaseWorkflow],
        activities=[
            SourceActivities(desk, sources).fetch_record,
            DepartmentActivities(desk, sources, DepartmentClients(caller)).undo_effect,
            CertificateActivities(desk).issue_certificates,
            NoticeActivities(desk, NoticeGateway(caller)).send_notices,
            ClockActivities(desk).tick,
        ],
        interceptors=[Discreet()],
        max_cached_workflows=settings.temporal_sticky_cache,
        max_concurrent_activities=settings.temporal_max_concurrent_activities,
        workflow_task_poller_behavior=PollerBehaviorAutoscaling(),
        activity_task_poller_behavior=PollerBehaviorAutoscaling(),
        graceful_shutdown_timeout=_GRACE,
    )


async def connect(settings: Settings) -> Client:
    """A client of the Temporal server, with the one data converter that everybody uses."""
    address = _needed(settings, "temporal_address")
    return await Client.connect(
        address,
        namespace=settings.temporal_namespace,
        data_converter=pydantic_data_converter,
        runtime=_runtime(settings.metrics_port),
    )


@lru_cache(maxsize=1)
def _runtime(metrics_port: int | None) -> Runtime | None:
    """One for the whole process: a second could not bind the port, and then nobody would connect again."""
    if metrics_port is None:
        return None
    bind = f"127.0.0.1:{metrics_port}"
    return Runtime(telemetry=TelemetryConfig(metrics=PrometheusConfig(bind_address=bind)))


def _needed(settings: Settings, name: str) -> str:
    value = getattr(settings, name)
    if not value:
        raise SettingMissing(name)
    return str(value)


def _secret(settings: Settings, name: str) -> str:
    value: SecretStr | None = getattr(settings, name)
    if value is None:
        raise SettingMissing(name)
    return value.get_secret_value()


def build_api(settings: Settings, clock: Clock | None = None) -> FastAPI:
    """The HTTP application; it connects as it starts up. Raises `SettingMissing`, `DemoAccountsInProduction`."""
    return create_app(build_office(settings, clock or SystemClock()))


def build_office(settings: Settings, clock: Clock) -> Office:
    """What the acts of an API process have at hand."""
    refuse_in_production(production=settings.production, demo_accounts=settings.demo_accounts)
    url = _needed(settings, "database_api_url")
    direct_url = settings.database_listen_url or url
    catalog = load_catalog(settings.definitions_dir)
    token_key = decode_key("token key", _secret(settings, "token_key"))
    accounts = issuer = None
    if settings.demo_accounts:
        password = settings.demo_password.get_secret_value()
        accounts = DemoAccounts(catalog.departments, password=password, region=settings.region)
        issuer = TokenIssuer(token_key, clock, issuer=_ISSUER, audience=_AUDIENCE)
    bell = Bell(direct_url)
    shelf = Shelf()
    signer = CertificateSigner.from_setting(_secret(settings, "certificate_key"))
    return Office(
        database=Database(
            url, pool_size=settings.database_pool_size, lock_timeout_ms=settings.database_lock_timeout_ms
        ),
        door=Door(clock, shelf, bell),
        shelf=shelf,
        feed=Feed(bell, direct_url),
        catalog=catalog,
        clock=clock,
        sealer=Sealer.from_setting(_secret(settings, "sealing_keys")),
        index=BlindIndex.from_setting(_secret(settings, "index_key")),
        verifier=CertificateVerifier([signer.public_key]),
        tokens=EmbeddedTokenReader(token_key, clock, issuer=_ISSUER, audience=_AUDIENCE),
        progress_limit=RateLimiter(_PROGRESS_RATE, clock),
        sign_in_limit=RateLimiter(_SIGN_IN_RATE, clock),
        region=settings.region,
        issuer=issuer,
        accounts=accounts,
    )
