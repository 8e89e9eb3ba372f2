"""A town on a fresh database for each test."""

import base64
from collections.abc import AsyncIterator

import pytest

from api.app import create_app
from onething.settings import Settings
from onething.store.database import Database
from onething.store.migrate import migrate
from onething.wiring import build_office
from tests.api.town import MovableClock, Town
from tests.support.servers import PostgresServer

PASSWORD = "test-only"


def key(letter: str) -> str:
    return base64.b64encode(letter.encode() * 32).decode()


def settings_for(server: PostgresServer, database: str) -> Settings:
    return Settings(
        database_api_url=server.url(database, "onething_api", PASSWORD),
        database_worker_url=server.url(database, "onething_worker", PASSWORD),
        database_pool_size=20,
        sealing_keys=f"k1:{key('s')}",
        index_key=key("i"),
        token_key=key("t"),
        certificate_key=key("c"),
        demo_accounts=True,
    )


@pytest.fixture(scope="session")
def migrated(postgres_server: PostgresServer) -> str:
    return postgres_server.template("store", lambda url: migrate(url, api_password=PASSWORD, worker_password=PASSWORD))


@pytest.fixture
async def town(postgres_server: PostgresServer, migrated: str) -> AsyncIterator[Town]:
    name = postgres_server.fresh_database(migrated)
    settings = settings_for(postgres_server, name)
    clock = MovableClock()
    office = build_office(settings, clock)
    worker = Database(str(settings.database_worker_url), pool_size=4)
    await worker.open()
    async with office:
        built = Town(create_app(office), office, worker, clock, postgres_server.url(name))
        yield built
        await built.close()
    await worker.close()
    postgres_server.drop(name)
