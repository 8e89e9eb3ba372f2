"""The whole: real PostgreSQL, real Temporal, the simulated outside world over HTTP, API and worker in this process."""

import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from api.app import create_app
from definitions.loader import FOLDER
from onething.domain.calendar.time_source import SystemClock
from onething.embedded.temporal import EmbeddedTemporal
from onething.security.signing import CertificateSigner
from onething.store.connection.database import Database
from onething.store.schema.install import install
from onething.wiring.api import build_office
from tests.api.conftest import PASSWORD, key, settings_for
from tests.api.outside import patient
from tests.api.test_places import HERE, OF_HERE, OF_THERE, THERE
from tests.api.town import Town
from tests.connectors.support import RunningSimulator
from tests.definitions.layered import folder_of
from tests.e2e.whole import AheadClock, Whole
from tests.support.patience import PATIENCE_MS
from tests.support.servers import PostgresServer

REGIONS = [f"33{number:04}" for number in range(1, 400)]
COUNTY = REGIONS[-1]
"""Has rules of its own, beside those of the province."""
_regions = iter(REGIONS[:-1])


@pytest.fixture(scope="session")
def simulator() -> Iterator[RunningSimulator]:
    running = RunningSimulator()
    yield running
    running.kill()


@pytest.fixture(scope="session")
def definitions(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The packaged ones, whose sources are waited for as long as a test likes."""
    folder = tmp_path_factory.mktemp("e2e") / "definitions"
    # the tests' own shared items have the codes of the packaged ones: what uses those stays away
    away = shutil.ignore_patterns(
        "*.py", "__pycache__", "food-licence", "fire-check", "places", "restaurant-opening", "*.lock"
    )
    shutil.copytree(FOLDER, folder, ignore=away)
    for file in (folder / "sources").glob("*.yaml"):
        file.write_text(patient(file.read_text(encoding="utf-8")), encoding="utf-8")
    served = "".join(f'  "{code}": 试验地\n' for code in REGIONS)
    (folder / "regions.yaml").write_text(f"regions:\n{served}", encoding="utf-8")
    folder_of(folder)
    for place, text in (
        ("330000", OF_HERE.replace(HERE, "330000")),
        (COUNTY, OF_THERE.replace(THERE, COUNTY).replace("amount: 6", "amount: 2")),
    ):
        file = folder / "places" / place / "shop-opening.v1.yaml"
        file.parent.mkdir(parents=True)
        file.write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
async def whole(
    postgres_server: PostgresServer,
    temporal_server: EmbeddedTemporal,
    simulator: RunningSimulator,
    definitions: Path,
) -> AsyncIterator[Whole]:
    """A database, a task queue and an outside world without faults, for one test."""
    template = postgres_server.template(
        "store", lambda url: install(url, api_password=PASSWORD, worker_password=PASSWORD)
    )
    name = postgres_server.fresh_database(template)
    settings = settings_for(postgres_server, name).model_copy(
        update={
            "temporal_address": temporal_server.address,
            "temporal_task_queue": f"whole-{uuid4().hex[:8]}",
            "outside_url": simulator.url,
            "relay_floor_s": 0.2,
            "definitions_dir": definitions,
            # every database counts its cases from one, and the Temporal server is shared: keeps their numbers apart
            "region": next(_regions),
        }
    )
    clock = AheadClock(SystemClock())
    context = build_office(settings, clock)
    worker = Database(str(settings.database_worker_url), pool_size=4, lock_timeout_ms=PATIENCE_MS)
    await worker.open()
    signer = CertificateSigner.from_setting(key("c"))
    async with context:
        town = Town(create_app(context), context, worker, signer, clock, postgres_server.url(name))
        yield Whole(town, settings, clock, simulator)
        await town.close()
    await worker.close()
    simulator.calm()
    postgres_server.drop(name)
