"""The whole local stack: which services, on which ports, with which settings, in which order."""

import contextlib
import os
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from onething.embedded import pieces, ports, programs, secret_file, state_file
from onething.embedded.database import create_database, install_schema
from onething.embedded.folders import DataFolder
from onething.embedded.postgres import EmbeddedPostgres
from onething.embedded.processes import Identity, Service, ServiceFailed
from onething.embedded.state_file import OtherPort, RunningService, StackLock, StackState
from onething.embedded.supervisor import StackReporter, StartupTask, Supervisor
from onething.embedded.temporal import EmbeddedTemporal
from onething.settings import Settings

DATABASE = "onething"
TRIAL_LIMITS = "x100000"
"""On one machine a handful of demo accounts at one address play a whole town; what production allows is in
`onething/security/limits.py`. ONETHING_RATE_LIMITS of the user's own comes first."""
USUAL_PORTS = {"api": 8000, "simulator": 8099, "postgres": 15432, "temporal": 7233, "temporal_ui": 8233}


class AlreadyRunning(Exception):
    """Another stack of the same data folder runs; `state` tells where."""

    def __init__(self, state: StackState) -> None:
        super().__init__("the stack is running already")
        self.state = state


@dataclass(frozen=True)
class Options:
    """What `onething up` may be told. A port that is named must be free; one that isn't is chosen."""

    data_dir: Path | None = None
    api_port: int | None = None
    simulator_port: int | None = None
    postgres_port: int | None = None
    temporal_port: int | None = None
    temporal_ui_port: int | None = None
    workers: int = 1


class Stack:
    """A running stack; `state` is what was last written down, `leftovers` what one that was killed had left
    running; None: there was none, or it was stopped in order."""

    def __init__(
        self, folder: DataFolder, plan: "StackPlan", reporter: StackReporter | None, leftovers: Sequence[str] | None
    ) -> None:
        self.folder = folder
        self.state = plan.state
        self.leftovers = leftovers
        self._supervisor = Supervisor(
            plan.stages, log=folder.log("supervisor"), reporter=reporter, changed=self._write_down
        )

    async def start(self) -> None:
        self.state.phase = "starting"
        self._write_down()
        await self._supervisor.start()
        self.state.phase = "running"
        self._write_down()

    async def wait(self) -> None:
        """Waits for ever: who wants an end cancels it."""
        await self._supervisor.wait()

    async def stop(self) -> None:
        await self._supervisor.stop()
        self.state.phase = "stopped"
        self._write_down()

    def _write_down(self) -> None:
        self.state.services = [
            RunningService(
                name=one.service.name,
                pid=one.process.identity.pid if one.process.identity else None,
                started=one.process.identity.started if one.process.identity else None,
                url=one.service.url,
                log=one.service.log,
                restarts=one.restarts,
            )
            for one in self._supervisor.supervised
        ]
        state_file.write(self.folder.state, self.state)


@contextlib.asynccontextmanager
async def running(options: Options, reporter: StackReporter | None = None) -> AsyncIterator[Stack]:
    """The stack, started and healthy; stopped at the end. What an earlier one left behind is put away first.

    Raises `AlreadyRunning`, `PortTaken`, `ProgramMissing` or `ServiceFailed`, the last three with a message for people.
    """
    try:
        settings = Settings()
    except ValidationError as invalid:
        wrong = "、".join(f"ONETHING_{str(error['loc'][0]).upper()}（{error['msg']}）" for error in invalid.errors())
        raise ServiceFailed(f"环境变量的值不对：{wrong}") from None
    folder = DataFolder(options.data_dir)
    folder.make()
    lock = StackLock(folder.lock)
    if not lock.take():
        raise AlreadyRunning(state_file.read(folder.state))
    try:
        previous = state_file.read(folder.state)
        ended = end_leftovers(previous)
        leftovers = None if previous.phase == "stopped" else ended
        async with ports.turn():
            stack = Stack(folder, StackPlan(folder, options, settings, previous.ports), reporter, leftovers)
            try:
                await stack.start()
            except BaseException:
                await stack.stop()
                raise
        try:
            yield stack
        finally:
            await stack.stop()
    finally:
        lock.release()


def end_leftovers(state: StackState) -> list[str]:
    """Ends processes that outlived a killed supervisor; their names."""
    ended = []
    for service in reversed(state.services):
        if service.identity is not None and service.identity.alive():
            service.identity.end()
            ended.append(service.name)
    return ended


class StackPlan:
    """Turns options and settings into stages and the state to write down; nothing is started yet."""

    def __init__(self, folder: DataFolder, options: Options, settings: Settings, last_ports: Mapping[str, int]) -> None:
        self._folder = folder
        self._options = options
        self._settings = settings
        self._last_ports = last_ports
        self.stages: list[Service | StartupTask] = []
        self.state = self._own_identity()
        self._secrets = secret_file.load_or_make(folder.secrets, data_exists=folder.postgres.exists())
        api_url, worker_url = self._plan_database()
        temporal = self._plan_temporal()
        self._plan_outside()
        self._plan_processes(api_url, worker_url, temporal)

    @staticmethod
    def _own_identity() -> StackState:
        identity = Identity.of(os.getpid())
        return StackState(pid=os.getpid(), started=identity.started if identity else None)

    def _port(self, name: str, label: str, demanded: int | None) -> int:
        preferred = USUAL_PORTS[name]
        last = self._last_ports.get(name, preferred)
        port = self.state.ports[name] = ports.choose(label, demanded, last, preferred)
        if demanded is None and port != preferred:
            taken = not ports.is_free(preferred)
            self.state.other_ports.append(OtherPort(service=label, port=port, usual=preferred, taken=taken))
        return port

    def _plan_database(self) -> tuple[str, str]:
        """URLs of the API's and the workers' roles; a server of our own unless the settings name one."""
        owner, api, worker = (
            self._settings.database_owner_url,
            self._settings.database_api_url,
            self._settings.database_worker_url,
        )
        if api and worker:
            if owner:
                self.stages.append(self._schema(owner, api, worker, data=None))
            return api, worker
        if owner or api or worker:
            raise ServiceFailed(
                "使用外部 PostgreSQL 需要同时设置 ONETHING_DATABASE_API_URL 与 ONETHING_DATABASE_WORKER_URL"
                "（另设 ONETHING_DATABASE_OWNER_URL 则自动装好表结构）；都不设置则自动启动本机的。"
            )
        port = self._port("postgres", "PostgreSQL", self._options.postgres_port)
        server = EmbeddedPostgres(
            self._folder.postgres, port, self._secrets["POSTGRES_PASSWORD"], log=self._folder.log("postgres")
        )
        api = server.local_url(DATABASE, "onething_api", self._secrets["API_PASSWORD"])
        worker = server.local_url(DATABASE, "onething_worker", self._secrets["WORKER_PASSWORD"])
        self.stages += [
            server.service(),
            StartupTask("数据库", lambda: create_database(server.url(), DATABASE)),
            self._schema(server.url(DATABASE), api, worker, data=self._folder.path),
        ]
        return api, worker

    def _schema(self, owner: str, api: str, worker: str, *, data: Path | None) -> StartupTask:
        return StartupTask("表结构", lambda: install_schema(owner, api, worker, self._folder.log("schema"), data=data))

    def _plan_temporal(self) -> str:
        """Address of Temporal; a server of our own unless the settings name one."""
        if self._settings.temporal_address:
            self.state.temporal_address = self._settings.temporal_address
            return self._settings.temporal_address
        server = EmbeddedTemporal(
            self._folder.temporal,
            self._port("temporal", "Temporal", self._options.temporal_port),
            ui_port=self._port("temporal_ui", "Temporal 界面", self._options.temporal_ui_port),
            log=self._folder.log("temporal"),
        )
        self.stages.append(server.service())
        self.state.temporal_address = server.address
        self.state.temporal_ui_url = f"http://127.0.0.1:{server.ui_port}"
        return server.address

    def _plan_outside(self) -> None:
        if "outside_url" in self._settings.model_fields_set:
            self.state.simulator_url = self._settings.outside_url
            return
        port = self._port("simulator", "模拟外部世界", self._options.simulator_port)
        name = "ONETHING_CALLBACK_SECRETS"
        env = {name: os.environ.get(name) or self._secrets[name], "ONETHING_TRIAL": "true"}
        self.stages.append(pieces.simulator(port, env, self._folder.simulator, self._folder.log("simulator")))
        self.state.simulator_url = f"http://127.0.0.1:{port}"

    def _task_queue(self) -> str:
        named = "temporal_task_queue" in self._settings.model_fields_set
        return self._settings.temporal_task_queue if named else self._secrets["TASK_QUEUE"]

    def _plan_processes(self, api_database: str, worker_database: str, temporal: str) -> None:
        settings = self._settings
        named = settings.api_port if "api_port" in settings.model_fields_set else None
        port = self._port("api", "API", self._options.api_port or named)
        self.state.api_url = f"http://127.0.0.1:{port}"
        given = os.environ
        common = {
            **{name: given.get(name) or value for name, value in self._secrets.items() if name.startswith("ONETHING_")},
            "ONETHING_DATA_DIR": str(self._folder.path),
            "ONETHING_TRIAL": "true",
            "ONETHING_OUTSIDE_URL": self.state.simulator_url,
            "ONETHING_PUBLIC_URL": given.get("ONETHING_PUBLIC_URL") or self.state.api_url,
            # Each process gets the one role that it works as, and nobody the owner's.
            "ONETHING_DATABASE_OWNER_URL": "",
            "ONETHING_DATABASE_API_URL": "",
            "ONETHING_DATABASE_WORKER_URL": "",
        }
        worker_env = {
            **common,
            "ONETHING_DATABASE_WORKER_URL": worker_database,
            "ONETHING_DATABASE_LISTEN_URL": settings.database_listen_url or worker_database,
            "ONETHING_TEMPORAL_ADDRESS": temporal,
            "ONETHING_TEMPORAL_NAMESPACE": settings.temporal_namespace,
            "ONETHING_TEMPORAL_TASK_QUEUE": self._task_queue(),
        }
        api_env = {
            **common,
            "ONETHING_DATABASE_API_URL": api_database,
            "ONETHING_DATABASE_LISTEN_URL": settings.database_listen_url or api_database,
            "ONETHING_RATE_LIMITS": given.get("ONETHING_RATE_LIMITS") or TRIAL_LIMITS,
        }
        cli = programs.installed_temporal()
        for number in range(1, self._options.workers + 1):
            log = self._folder.log(f"worker-{number}")
            self.stages.append(pieces.worker(number, worker_env, log, temporal=cli, address=temporal))
        self.stages.append(pieces.api(port, api_env, self._folder.log("api")))
