"""A fresh database with the schema for each test, with the pools of the two login roles."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from onething.services.audit.anchoring import Anchoring
from onething.store.connection.actor import Actor
from onething.store.connection.database import Database
from onething.store.record.anchor_files import AnchorFolder
from onething.store.schema.install import install
from onething.store.tables import calendars
from tests.domain.builders import CALENDAR
from tests.store.record.anchored import SIGNER
from tests.store.stage import Stage
from tests.support.patience import PATIENCE_MS
from tests.support.servers import PostgresServer

PASSWORD = "test-only"


@pytest.fixture(scope="session")
def migrated(postgres_server: PostgresServer) -> str:
    """Template with the schema; the roles log in with one password."""
    return postgres_server.template("store", lambda url: install(url, api_password=PASSWORD, worker_password=PASSWORD))


@pytest.fixture
async def stage(postgres_server: PostgresServer, migrated: str) -> AsyncIterator[Stage]:
    async with set_up(postgres_server, migrated) as stage:
        yield stage


@asynccontextmanager
async def set_up(postgres_server: PostgresServer, migrated: str) -> AsyncIterator[Stage]:
    name = postgres_server.fresh_database(migrated)
    worker_url = postgres_server.url(name, "onething_worker", PASSWORD)
    api = Database(postgres_server.url(name, "onething_api", PASSWORD), pool_size=20, lock_timeout_ms=PATIENCE_MS)
    worker = Database(worker_url, pool_size=5, lock_timeout_ms=PATIENCE_MS)
    await api.open()
    await worker.open()
    async with api.transaction(Actor.anybody()) as tx:
        await calendars.publish(tx, [CALENDAR])
    yield Stage(api, worker, postgres_server.url(name), worker_url)
    await api.close()
    await worker.close()
    postgres_server.drop(name)


@pytest.fixture
def folder(tmp_path: Path) -> AnchorFolder:
    return AnchorFolder(tmp_path)


@pytest.fixture
def anchoring(stage: Stage, folder: AnchorFolder) -> Anchoring:
    return Anchoring(stage.worker, stage.clock, folder, SIGNER, batch=3)
