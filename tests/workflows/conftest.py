"""One database, one worker and one house for all cases by the case writer: their numbers keep them apart.

The server is their own: time does not skip past the timer of a workflow that another test left without a worker.
"""

from collections.abc import AsyncIterator

import pytest_asyncio

from onething.store.connection.database import Database
from onething.store.schema.install import install
from tests.store.stage import Stage
from tests.support.patience import PATIENCE_MS
from tests.support.servers import PostgresServer, start_time_skipping
from tests.workflows.by_the_writer import House

PASSWORD = "test-only"


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def house(postgres_server: PostgresServer) -> AsyncIterator[House]:
    template = postgres_server.template(
        "store", lambda url: install(url, api_password=PASSWORD, worker_password=PASSWORD)
    )
    name = postgres_server.fresh_database(template)
    worker_url = postgres_server.url(name, "onething_worker", PASSWORD)
    api, worker = (
        Database(url, lock_timeout_ms=PATIENCE_MS)
        for url in (postgres_server.url(name, "onething_api", PASSWORD), worker_url)
    )
    await api.open()
    await worker.open()
    async with await start_time_skipping() as environment:
        made = House(environment, Stage(api, worker, postgres_server.url(name), worker_url))
        with environment.auto_time_skipping_disabled():
            async with made.worker():
                yield made
    await api.close()
    await worker.close()
    postgres_server.drop(name)
