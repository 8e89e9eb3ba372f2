"""Fixtures for all tests. Servers start lazily, and once for many tests: a run of pure tests starts none."""

import gc
from collections.abc import AsyncIterator, Iterator

import pytest
import pytest_asyncio
from hypothesis import HealthCheck, settings
from temporalio.testing import WorkflowEnvironment

from onething.embedded.temporal import EmbeddedTemporal
from tests.support.servers import PostgresServer, run_postgres, run_temporal, start_time_skipping

# an example takes the time that a busy machine needs
settings.register_profile("any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("any machine")


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """One PostgreSQL: `.fresh_database()`, `.template(name, build)`, `.url(database, user, password)`."""
    yield from run_postgres()


@pytest.fixture(scope="session")
def temporal_server() -> Iterator[EmbeddedTemporal]:
    """One Temporal dev server: `.address`; namespace `default`."""
    yield from run_temporal()


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def time_skipping_env() -> AsyncIterator[WorkflowEnvironment]:
    """One time-skipping server per module: a run that is broken off may hold up its server's time for good.

    It knows no Schedules and never suggests continue-as-new.
    """
    async with await start_time_skipping() as environment:
        yield environment


SERVERS = {"postgres_server", "temporal_server", "time_skipping_env"}


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "slow: starts the whole stack; goes last")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Quick tests first, so that a plain mistake shows within seconds; each folder keeps its own order."""
    items.sort(key=_slowness)


def _slowness(item: pytest.Item) -> tuple[bool, int]:
    servers = SERVERS.intersection(getattr(item, "fixturenames", ()))
    return item.get_closest_marker("slow") is not None, len(servers)


def pytest_unconfigure() -> None:
    # A Temporal client that is collected only while the interpreter shuts down can abort the process
    # (temporalio/sdk-python issue 300), which would turn a green run red.
    gc.collect()
