"""A database and the API alone: what reads pages needs neither Temporal nor workers."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from onething.embedded import ports, secret_file
from onething.embedded.folders import DataFolder
from onething.embedded.postgres import EmbeddedPostgres
from onething.embedded.stack import DATABASE, Options, StackPlan
from onething.embedded.supervisor import Supervisor
from onething.settings import Settings

_NOBODY = "127.0.0.1:9"  # who listens for what is thrown away
_PORTS = ("postgres", "api")


@dataclass(frozen=True)
class ReadingStack:
    api_url: str
    database_url: str  # the superuser's
    api_database_url: str
    worker_database_url: str
    sealing_keys: str
    index_key: str
    pids: dict[str, int]


@asynccontextmanager
async def reading_stack(directory: Path) -> AsyncIterator[ReadingStack]:
    """Started and healthy, on free ports; stopped at the end. Nothing of the user's settings counts."""
    for name in [name for name in os.environ if name.startswith("ONETHING_")]:
        del os.environ[name]
    folder = DataFolder(directory)
    folder.make()
    async with ports.turn():
        free = {name: ports.any_free() for name in _PORTS}
        settings = Settings(temporal_address=_NOBODY, outside_url=f"http://{_NOBODY}")
        plan = StackPlan(folder, Options(data_dir=directory, workers=0), settings, free)
        supervisor = Supervisor(plan.stages, log=folder.log("supervisor"))
        await supervisor.start()
    keys = secret_file.load_or_make(folder.secrets, data_exists=True)
    postgres = EmbeddedPostgres(folder.postgres, plan.state.ports["postgres"], keys["POSTGRES_PASSWORD"])
    try:
        yield ReadingStack(
            api_url=plan.state.api_url,
            database_url=postgres.url(DATABASE),
            api_database_url=postgres.url(DATABASE, "onething_api", keys["API_PASSWORD"]),
            worker_database_url=postgres.url(DATABASE, "onething_worker", keys["WORKER_PASSWORD"]),
            sealing_keys=keys["ONETHING_SEALING_KEYS"],
            index_key=keys["ONETHING_INDEX_KEY"],
            pids={one.service.name: one.process.pid or 0 for one in supervisor.supervised},
        )
    finally:
        await supervisor.stop()
