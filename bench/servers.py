"""All that is measured, started for one run and put away afterwards: a stack, and the yardstick's worker beside it."""

import contextlib
import os
import sys
import tempfile
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from onething.embedded import ports, programs, secret_file, stack
from onething.embedded.database import create_database
from onething.embedded.pieces import FROM_BYTECODE
from onething.embedded.postgres import EmbeddedPostgres
from onething.embedded.probes import polls_task_queue
from onething.embedded.processes import BEHIND_PEOPLE, Service
from onething.embedded.stack import DATABASE, Options, Stack
from onething.embedded.supervisor import StackReporter, Supervisor
from onething.settings import Settings

DEFINITIONS = Path(__file__).with_name("definitions")
RAW_DATABASE = "raw"
RAW_QUEUE = "bench-raw"
_KEPT = "ONETHING_TEMPORAL_BIN"


@dataclass(frozen=True)
class Servers:
    """Addresses, and process ids by group. `settings` are those of an API process on this stack."""

    api_url: str
    simulator_url: str
    temporal_address: str
    owner_url: str
    settings: Settings
    pids: dict[str, int]


def use_own_settings() -> None:
    """Nothing of the user's settings counts from here on, and what is on offer is what is measured."""
    for name in [name for name in os.environ if name.startswith("ONETHING_") and name != _KEPT]:
        del os.environ[name]
    os.environ["ONETHING_DEFINITIONS_DIR"] = str(DEFINITIONS)


@contextlib.asynccontextmanager
async def servers(reporter: StackReporter) -> AsyncIterator[Servers]:
    """The stack on free ports with data of its own; nothing of the user's settings or data is touched."""
    use_own_settings()
    with tempfile.TemporaryDirectory(prefix="onething-bench-") as folder:
        os.chmod(folder, 0o755)  # noqa: PTH101 (PostgreSQL's account must get in; once, at the start)
        options = Options(
            data_dir=Path(folder) / "data",
            api_port=ports.any_free(),
            simulator_port=ports.any_free(),
            postgres_port=ports.any_free(),
            temporal_port=ports.any_free(),
            temporal_ui_port=ports.any_free(),
        )
        async with stack.running(options, reporter) as running, _yardstick(running, reporter) as raw_pid:
            yield _described(running, raw_pid)


@contextlib.asynccontextmanager
async def _yardstick(running: Stack, reporter: StackReporter) -> AsyncIterator[int]:
    """The raw worker; its process id."""
    keys = _keys(running)
    create_database(_url(running, "postgres", "postgres", keys["POSTGRES_PASSWORD"]), RAW_DATABASE)
    address, binary = running.state.temporal_address, programs.temporal()
    database = _url(running, RAW_DATABASE, "postgres", keys["POSTGRES_PASSWORD"])
    service = Service(
        name="最小工作流的工作进程",
        argv=[sys.executable, "-m", "bench.raw", address, RAW_QUEUE, database, running.state.simulator_url],
        healthy=lambda: polls_task_queue(binary, address, "default", RAW_QUEUE),
        log=running.folder.log("raw"),
        env=FROM_BYTECODE,
        nice=BEHIND_PEOPLE,
    )
    supervisor = Supervisor([service], log=running.folder.log("raw-supervisor"), reporter=reporter)
    await supervisor.start()
    try:
        pid = supervisor.supervised[0].process.pid
        assert pid is not None
        yield pid
    finally:
        await supervisor.stop()


def _described(running: Stack, raw_pid: int) -> Servers:
    keys, state = _keys(running), running.state
    by_name = {service.name: service.pid or 0 for service in state.services}
    postgres = EmbeddedPostgres(running.folder.postgres, state.ports["postgres"], keys["POSTGRES_PASSWORD"])
    api_database = postgres.local_url(DATABASE, "onething_api", keys["API_PASSWORD"])
    settings = Settings.model_validate(
        {name.removeprefix("ONETHING_").lower(): value for name, value in keys.items() if name.startswith("ONETHING_")}
        | {
            "database_api_url": api_database,
            "definitions_dir": DEFINITIONS,
            "trial": True,
        }
    )
    return Servers(
        api_url=state.api_url,
        simulator_url=state.simulator_url,
        temporal_address=state.temporal_address,
        owner_url=_url(running, DATABASE, "postgres", keys["POSTGRES_PASSWORD"]),
        settings=settings,
        pids={
            "PostgreSQL": by_name["PostgreSQL"],
            "Temporal": by_name["Temporal"],
            "模拟外部世界": by_name["模拟外部世界"],
            "最小工作流": raw_pid,
            "办理进程": by_name["办理进程 1"],
            "API": by_name["API"],
            "驱动": os.getpid(),
        },
    )


def _keys(running: Stack) -> dict[str, str]:
    return secret_file.load_or_make(running.folder.secrets, data_exists=True)


def _url(running: Stack, database: str, user: str, password: str) -> str:
    return f"postgresql://{user}:{quote(password, safe='')}@127.0.0.1:{running.state.ports['postgres']}/{database}"
