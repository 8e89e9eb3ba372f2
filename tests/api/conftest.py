"""Towns on databases with the schema: one shared, and an empty one for each test that asks for it."""

import base64
import socket
import threading
import time
from collections.abc import AsyncIterator, Callable, Collection, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch

import httpx
import pytest
import uvicorn

from api.app import create_app
from definitions.loader import Catalog
from definitions.regions import ServedRegion
from onething.cli.operations.processes import SERVER_OPTIONS
from onething.security.signing import CertificateSigner
from onething.services.core.context import AppContext
from onething.settings import Settings
from onething.store.connection.database import Database
from onething.store.schema.install import install
from onething.wiring.api import build_office
from onething.wiring.common import catalog, trusted_proxies
from tests.api.lawful import with_promises_only, with_the_clocks_of_the_law
from tests.api.town import MovableClock, RunningClock, Town
from tests.support import people
from tests.support.patience import PATIENCE_MS, PATIENCE_S
from tests.support.servers import PostgresServer

PASSWORD = "test-only"
ANSWERS = 200
"""With which definitions of tests are checked, every pair among them; those of the package: tests/definitions."""
FONTS = Path(__file__).parents[1] / "documents" / "fonts"


def key(letter: str) -> str:
    return base64.b64encode(letter.encode() * 32).decode()


def settings_for(server: PostgresServer, database: str) -> Settings:
    return Settings(
        database_api_url=server.url(database, "onething_api", PASSWORD),
        database_worker_url=server.url(database, "onething_worker", PASSWORD),
        database_pool_size=20,
        database_lock_timeout_ms=PATIENCE_MS,
        sealing_keys=f"k1:{key('s')}",
        index_key=key("i"),
        trial_token_key=key("t"),
        certificate_key=key("c"),
        callback_secrets=f"*:{key('b')},events/medical-certificates:{key('e')}",
        webhook_hosts="127.0.0.1",
        trial=True,
        rate_limits="x100000",  # a few accounts play all people of a town whose clock stands still
        fonts_dir=FONTS,
    )


@pytest.fixture(scope="session")
def migrated(postgres_server: PostgresServer) -> str:
    return postgres_server.template("store", lambda url: install(url, api_password=PASSWORD, worker_password=PASSWORD))


_checked: dict[str, Catalog] = {}


def checked_once(settings: Settings) -> Catalog:
    """Definitions that say the same are checked once, and not with as many answers as those that are published: to go
    through all of them costs more than most tests. One division more is served than they say, for those whom what is
    here does not concern."""
    folder = settings.definitions_dir
    files = sorted(folder.rglob("*.yaml")) if folder else []
    said = "".join(f"{file.relative_to(folder)}\n{file.read_text(encoding='utf-8')}" for file in files if folder)
    if said not in _checked:
        with patch("definitions.lint.combinations.MOST", ANSWERS):
            found = catalog(settings)
        elsewhere = {people.ELSEWHERE: ServedRegion(name="广州市")}
        _checked[said] = replace(found, regions=elsewhere | found.regions)
    return _checked[said]


def _ages_nothing(context: AppContext) -> None:
    """A machine too busy to ask who is locked out would turn staff away, as it should: how that comes about is shown
    where a test moves the seconds (tests/api/test_identity.py)."""
    context.lockouts._seconds = lambda: 0.0


@asynccontextmanager
async def built(
    server: PostgresServer,
    template: str,
    definitions: Path | None = None,
    *,
    clock: MovableClock | None = None,
    fetching: Collection[str] = (),
    **changes: Any,
) -> AsyncIterator[Town]:
    """`changes`: of its settings."""
    name = server.fresh_database(template)
    settings = settings_for(server, name).model_copy(update={"definitions_dir": definitions, **changes})
    clock = clock or MovableClock()
    with patch("onething.wiring.api.catalog", checked_once):
        context = build_office(settings, clock)
    _ages_nothing(context)
    worker = Database(str(settings.database_worker_url), pool_size=4, lock_timeout_ms=PATIENCE_MS)
    await worker.open()
    signer = CertificateSigner.from_setting(key("c"))
    async with context:
        app = create_app(context, trusted_proxies=trusted_proxies(settings), public_url=settings.public_url)
        town = Town(app, context, worker, signer, clock, server.url(name), fetching)
        yield town
        await town.close()
    await worker.close()
    server.drop(name)


@pytest.fixture(scope="session")
async def town(postgres_server: PostgresServer, migrated: str) -> AsyncIterator[Town]:
    """One for all tests that look at cases of their own only. Its clock stands still."""
    async with built(postgres_server, migrated) as town:
        town.clock.stands_still = True
        yield town


@pytest.fixture
async def fresh_town(postgres_server: PostgresServer, migrated: str) -> AsyncIterator[Town]:
    """An empty one, whose clock may be moved."""
    async with built(postgres_server, migrated) as town:
        yield town


TownBy = Callable[[Callable[[Path], Path]], AbstractAsyncContextManager[Town]]


@pytest.fixture
def town_by(postgres_server: PostgresServer, migrated: str, tmp_path: Path) -> TownBy:
    """An empty one by other definitions, which a function of tests/api/lawful.py writes into a folder."""
    return lambda write: built(postgres_server, migrated, write(tmp_path / "definitions"))


@pytest.fixture
async def limited(postgres_server: PostgresServer, migrated: str) -> AsyncIterator[Town]:
    """An empty one with the numbers of production, behind the proxies 10.0.0.0/8."""
    async with built(postgres_server, migrated, rate_limits=None, trusted_proxies="10.0.0.0/8") as town:
        yield town


@pytest.fixture
async def lawful(town_by: TownBy) -> AsyncIterator[Town]:
    """An empty one in which an enterprise is opened by the clocks of the law."""
    async with town_by(with_the_clocks_of_the_law) as town:
        yield town


@pytest.fixture
async def promises_only(town_by: TownBy) -> AsyncIterator[Town]:
    """An empty one in which an enterprise is opened without the clocks of the law, and without a ladder."""
    async with town_by(with_promises_only) as town:
        yield town


@dataclass(frozen=True)
class Live:
    """A real server process's inside, in a thread: uvicorn as in production, its clock the real one, moved."""

    url: str
    context: AppContext
    clock: RunningClock

    def token(self, name: str) -> str:
        return people.token(self.context, name)

    def lifetime(self) -> timedelta:
        """Of every token."""
        return timedelta(seconds=people.issued(self.context, "citizen").expires_in)


@contextmanager
def serving(server: PostgresServer, template: str, *, devices: str | None = None) -> Iterator[Live]:
    """A server with a database of its own, both gone afterwards. `devices`: origin of those of a counter."""
    name = server.fresh_database(template)
    clock = RunningClock()
    context = build_office(settings_for(server, name), clock)
    _ages_nothing(context)
    listening = socket.create_server(("127.0.0.1", 0))
    app = create_app(context, devices=devices)
    uvicorn_server = uvicorn.Server(uvicorn.Config(app, log_level="warning", **SERVER_OPTIONS))
    thread = threading.Thread(target=uvicorn_server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    try:
        url = f"http://127.0.0.1:{listening.getsockname()[1]}"
        while httpx.get(f"{url}/healthz", timeout=PATIENCE_S).status_code != 200:
            time.sleep(0.05)
        yield Live(url, context, clock)
    finally:
        uvicorn_server.should_exit = True
        thread.join(PATIENCE_S)
    assert not thread.is_alive()
    server.drop(name)


@pytest.fixture(scope="session")
def live(postgres_server: PostgresServer, migrated: str) -> Iterator[Live]:
    with serving(postgres_server, migrated) as live:
        yield live
