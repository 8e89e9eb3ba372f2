"""Fixtures for all tests. Servers start lazily, and once for many tests: a run of pure tests starts none."""

import gc
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from functools import cache
from pathlib import Path
from unittest.mock import patch

import httpx
import pytest
import pytest_asyncio
from hypothesis import HealthCheck, settings
from temporalio.testing import WorkflowEnvironment

from onething.embedded.temporal import EmbeddedTemporal
from tests.support import whole
from tests.support.oidc import OidcProvider, running_provider
from tests.support.servers import PostgresServer, run_postgres, run_temporal, start_time_skipping

# an example takes the time that a busy machine needs
settings.register_profile(
    "any machine",
    max_examples=whole.examples(settings.default.max_examples),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("any machine")


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """One PostgreSQL: `.fresh_database()`, `.template(name, build)`, `.url(database, user, password)`."""
    yield from run_postgres()


@pytest.fixture(scope="session")
def temporal_server() -> Iterator[EmbeddedTemporal]:
    """One Temporal dev server: `.address`; namespace `default`."""
    yield from run_temporal()


@pytest.fixture(scope="session")
def oidc_provider() -> Iterator[OidcProvider]:
    """One identity provider, for tests that leave its keys as they are; others run one of their own."""
    with running_provider() as provider:
        yield provider


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def time_skipping_env() -> AsyncIterator[WorkflowEnvironment]:
    """One time-skipping server per module: a run that is broken off may hold up its server's time for good.

    It knows no Schedules and never suggests continue-as-new.
    """
    async with await start_time_skipping() as environment:
        yield environment


# A client reads the authorities of the whole machine when it is made, which takes longer than most of its requests.
patch("httpx._transports.default.create_ssl_context", cache(httpx.create_ssl_context)).start()

# While files are collected next to nothing becomes garbage, and the collector would look at all of it again and again.
# Nor need it look at that while tests run. It took two fifths of collecting, and a fifth of what tests do.
gc.disable()


def pytest_collection_finish() -> None:
    gc.freeze()
    gc.set_threshold(10_000)  # as in every long-lived process of ours (onething/memory.py)
    gc.enable()


SERVERS = {"postgres_server", "temporal_server", "oidc_provider", "time_skipping_env"}


@pytest.hookimpl(tryfirst=True)  # before Hypothesis reads its option
def pytest_configure(config: pytest.Config) -> None:
    if config.getoption("--hypothesis-seed") is None:
        config.option.hypothesis_seed = whole.SEED  # so that a red run of anybody's can be had again
    config.addinivalue_line(
        "markers",
        "sampled(n, family=None): of the file's tests with this marker, or of all files' with this family, n run;"
        " all in `make test-all`",
    )
    config.addinivalue_line(
        "markers", "browser: looks at pages in Chromium; given to every test that asks for a browser"
    )
    config.addinivalue_line("markers", "slow: takes a worker for itself for a while, so its file begins early")


def pytest_report_header() -> str:
    return whole.header()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Files of quick tests first, so that a plain mistake shows at once; then what starts the whole stack, not to be
    alone at the end; then what needs servers; then browsers. Of each those of many tests first; of browsers' also the
    long files, whose few journeys take longest. Workers take the files in this order."""
    _leave_to_other_days(config, items)
    tests_of = Counter(item.path for item in items)
    rank_of: dict[Path, int] = {}
    for item in items:
        rank_of[item.path] = max(rank_of.get(item.path, 0), _rank(item))
    long_tests = {path: path.stat().st_size // 1500 for path, rank in rank_of.items() if rank == _BROWSERS}
    much = {path: tests_of[path] + long_tests.get(path, 0) for path in rank_of}
    items.sort(key=lambda item: (rank_of[item.path], -much[item.path], item.path))


def _leave_to_other_days(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What the marker `sampled` and the day's seed leave out. What was asked for by name is never left out."""
    if any("::" in argument for argument in config.args):
        return
    marked: dict[str | Path, list[tuple[pytest.Item, int]]] = {}
    for item in items:
        if marker := item.get_closest_marker("sampled"):
            marked.setdefault(marker.kwargs.get("family", item.path), []).append((item, marker.args[0]))
    chosen = {id(item) for group in marked.values() for item, _ in whole.sampled(group, group[0][1])}
    left = [item for group in marked.values() for item, _ in group if id(item) not in chosen]
    items[:] = [item for item in items if item not in left]
    config.hook.pytest_deselected(items=left)


_BROWSERS = 3


def _rank(item: pytest.Item) -> int:
    """0: starts nothing, 1: the whole stack, 2: needs a server of its own worker's, 3: a browser."""
    if item.get_closest_marker("browser"):
        return _BROWSERS
    if item.get_closest_marker("slow"):
        return 1
    return 2 if SERVERS.intersection(getattr(item, "fixturenames", ())) else 0


def pytest_unconfigure() -> None:
    # A Temporal client that is collected only while the interpreter shuts down can abort the process
    # (temporalio/sdk-python issue 300), which would turn a green run red.
    gc.collect()
