"""The worker process: workflows, activities, relay and reconciler; and the poller, which needs PostgreSQL alone."""

import asyncio
import logging
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache, partial

from temporalio.client import Client
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.runtime import PrometheusConfig, Runtime, TelemetryConfig
from temporalio.worker import PollerBehaviorAutoscaling, Worker

from activities.deadlines import ClockActivities
from activities.dispatch import DepartmentActivities
from activities.documents import CertificateActivities
from activities.failures import Discreet
from activities.heartbeat import Alive
from activities.lookups import SourceActivities
from activities.notifications import NoticeActivities
from activities.quick_effects import QuickEffects
from activities.together import JointActivities
from definitions.loader import Catalog
from onething.connectors.breaker import BreakerState
from onething.connectors.credentials import SourceCredentials
from onething.connectors.departments import DepartmentClients
from onething.connectors.http_client import HttpClient
from onething.connectors.notices import NoticeGateway
from onething.connectors.rate import SharedRate
from onething.connectors.slots import SharedSlots
from onething.connectors.sources import SourceClients, counterpart_name
from onething.connectors.tally import AttemptTally
from onething.connectors.webhooks import WebhookClient
from onething.domain.calendar.time_source import SystemClock, TimeSource
from onething.relay.due_case_poller import DueCasePoller
from onething.relay.figures_flusher import FiguresFlusher
from onething.relay.figures_rollup import FiguresRollup
from onething.relay.outbox_relay import Relay
from onething.relay.reconciler import Reconciler
from onething.relay.temporal_sender import TemporalSender
from onething.relay.webhook_dispatcher import WebhookDispatcher
from onething.security.blind_index import BlindIndex
from onething.security.sealing import Sealer
from onething.security.signing import CertificateSigner
from onething.services.command_gateway import RecordCommandGateway
from onething.services.lookups.cache import SealedRecordCache
from onething.services.lookups.poll_addresses import KeptAddresses
from onething.settings import Settings
from onething.store.connection.leader_lock import only_due_case_poller, only_reconciler, only_webhook_dispatcher
from onething.store.connection.notifier import HANDOVER, Listener, Notifier
from onething.store.record.case_writer import CaseWriter
from onething.store.record.plan_cache import PlanCache
from onething.store.sources import rates, slots
from onething.wiring.anchors import anchoring_of, one_after_another
from onething.wiring.common import SettingUnusable, catalog, database_of, needed, secret, webhook_hosts
from workflows.case import CaseWorkflow

log = logging.getLogger(__name__)

# an attempt in flight at a stop may end; its outcome is recorded before the process goes
_GRACE = timedelta(seconds=65)


@dataclass(frozen=True)
class WorkerProcess:
    """What a worker process runs, all until it is stopped."""

    worker: Worker
    relay: Relay
    reconciler: Reconciler
    flusher: FiguresFlusher
    rollup: FiguresRollup


@asynccontextmanager
async def worker_process(settings: Settings, clock: TimeSource | None = None) -> AsyncIterator[WorkerProcess]:
    """Everything a worker process needs, opened; closed again on leaving. Raises `SettingMissing`."""
    clock = clock or SystemClock()
    url = needed(settings, "database_worker_url")
    direct_url = settings.database_listen_url or url
    definitions = catalog(settings)
    client = await connect(settings)
    database = database_of(settings, url)
    notifier = Notifier(direct_url)
    plan_cache = PlanCache()
    woken = asyncio.Event()
    listener = Listener(direct_url, HANDOVER, lambda _: woken.set())
    credentials = source_credentials(settings, clock, definitions)
    http = HttpClient(
        settings.outside_url,
        clock,
        credentials=credentials,
        rate=SharedRate(partial(rates.lease, database), clock),
        slots=SharedSlots(partial(slots.change, database), clock),
    )
    sealer = Sealer.from_setting(secret(settings, "sealing_keys"))
    index = BlindIndex.from_setting(secret(settings, "index_key"))
    gateway = RecordCommandGateway(
        database,
        CaseWriter(clock, plan_cache, notifier),
        plan_cache,
        definitions,
        clock,
        sealer,
        index,
        CertificateSigner.from_setting(secret(settings, "certificate_key")),
        pull_mode_departments(settings, definitions),
    )
    tally = AttemptTally(clock)
    addresses = KeptAddresses(database, sealer, clock)
    sources = SourceClients(http, definitions.sources, settings.public_url, addresses)
    look_ups = SourceActivities(gateway, sources, tally, SealedRecordCache(database, sealer, index, clock))
    anchoring = anchoring_of(settings, database, clock)
    if anchoring is None:
        log.warning("the journal is not anchored outside the database: ONETHING_ANCHOR_DIR is not set")
    await database.open()
    try:
        await notifier.open()
        await listener.open()
        notices = NoticeActivities(gateway, NoticeGateway(http))
        yield WorkerProcess(
            worker=case_worker(client, settings, gateway, sources, http, look_ups, notices),
            relay=Relay(
                database,
                clock,
                TemporalSender(client, settings.temporal_task_queue),
                QuickEffects(gateway, notices),
                woken,
                floor_s=settings.relay_floor_s,
            ),
            reconciler=Reconciler(
                database,
                clock,
                lambda: only_reconciler(direct_url),
                anchor=one_after_another(anchoring) if anchoring else None,
                anchor_every=timedelta(seconds=settings.anchor_every_s),
            ),
            flusher=FiguresFlusher(database, clock, tally, lambda: not_closed(http, definitions.sources)),
            rollup=FiguresRollup(database),
        )
    finally:
        await listener.close()
        await notifier.close()
        await http.aclose()
        await database.close()


@asynccontextmanager
async def due_case_poller_process(settings: Settings, clock: TimeSource | None = None) -> AsyncIterator[DueCasePoller]:
    """The due-case poller with connections of its own, opened; closed again on leaving. Raises `SettingMissing`."""
    clock = clock or SystemClock()
    url = needed(settings, "database_worker_url")
    direct_url = settings.database_listen_url or url
    database = database_of(settings, url)
    notifier = Notifier(direct_url)
    await database.open()
    try:
        await notifier.open()
        yield DueCasePoller(
            database, CaseWriter(clock, PlanCache(), notifier), clock, lambda: only_due_case_poller(direct_url)
        )
    finally:
        await notifier.close()
        await database.close()


@asynccontextmanager
async def webhook_dispatcher_process(
    settings: Settings, clock: TimeSource | None = None
) -> AsyncIterator[WebhookDispatcher]:
    """The webhook dispatcher with a connection of its own, opened; closed again on leaving. Raises `SettingMissing`."""
    clock = clock or SystemClock()
    url = needed(settings, "database_worker_url")
    direct_url = settings.database_listen_url or url
    sealer = Sealer.from_setting(secret(settings, "sealing_keys"))
    database = database_of(settings, url)
    client = WebhookClient(webhook_hosts(settings))
    await database.open()
    try:
        yield WebhookDispatcher(database, clock, sealer, client, lambda: only_webhook_dispatcher(direct_url))
    finally:
        await client.aclose()
        await database.close()


def source_credentials(settings: Settings, clock: TimeSource, definitions: Catalog) -> SourceCredentials:
    """What the definitions of sources ask for. Raises `SettingUnusable` that names what is missing."""
    text = settings.source_secrets.get_secret_value() if settings.source_secrets else ""
    credentials = SourceCredentials.from_setting(text, clock)
    try:
        credentials.check(source.authentication for source in definitions.sources.values())
    except ValueError as wrong:
        raise SettingUnusable("source_secrets", str(wrong)) from None
    return credentials


def pull_mode_departments(settings: Settings, definitions: Catalog) -> frozenset[str]:
    """Raises `SettingUnusable` for a code that is no department's."""
    text = settings.fetching_departments or ""
    codes = frozenset(code.strip() for code in text.split(",") if code.strip())
    if unknown := sorted(codes - definitions.departments.keys()):
        raise SettingUnusable("fetching_departments", f"没有这些部门：{'、'.join(unknown)}")
    return codes


def not_closed(http: HttpClient, sources: Iterable[str]) -> dict[str, str]:
    """Source → state of its breaker."""
    states = {source: http.breaker(counterpart_name(source)) for source in sources}
    return {source: str(state) for source, state in states.items() if state is not BreakerState.CLOSED}


def case_worker(
    client: Client,
    settings: Settings,
    gateway: RecordCommandGateway,
    sources: SourceClients,
    http: HttpClient,
    look_ups: SourceActivities,
    notices: NoticeActivities,
) -> Worker:
    departments = DepartmentActivities(gateway, sources, DepartmentClients(http, settings.public_url))
    return Worker(
        client,
        task_queue=settings.temporal_task_queue,
        workflows=[CaseWorkflow],
        activities=[
            look_ups.fetch_record,
            JointActivities(gateway, look_ups, notices).begin_together,
            departments.dispatch_item,
            departments.undo_effect,
            CertificateActivities(gateway, notices).issue_certificates,
            notices.send_notices,
            ClockActivities(gateway).tick,
        ],
        interceptors=[Discreet(), Alive()],
        max_cached_workflows=settings.temporal_sticky_cache,
        max_concurrent_activities=settings.temporal_max_concurrent_activities,
        workflow_task_poller_behavior=PollerBehaviorAutoscaling(),
        activity_task_poller_behavior=PollerBehaviorAutoscaling(),
        disable_eager_activity_execution=True,  # docs/adr/0020
        graceful_shutdown_timeout=_GRACE,
    )


async def connect(settings: Settings) -> Client:
    """A client of the Temporal server, with the one data converter that everybody uses."""
    address = needed(settings, "temporal_address")
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
