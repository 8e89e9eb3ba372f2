"""The Temporal development server; its state is one SQLite file that survives kills (write-ahead log, synced)."""

import signal
from pathlib import Path

from onething.embedded import programs
from onething.embedded.probes import answers_temporal
from onething.embedded.processes import BEHIND_PEOPLE, Service, ServiceProcess


class EmbeddedTemporal:
    """One Temporal server on 127.0.0.1 with the namespace `default`. `ui_port=None`: no web interface."""

    def __init__(self, directory: Path, port: int, *, ui_port: int | None = None, log: Path | None = None) -> None:
        self.directory = directory.absolute()
        self.port = port
        self.ui_port = ui_port
        self.database = self.directory / "temporal.db"
        self._log = log or self.directory / "temporal.log"
        self._process: ServiceProcess | None = None

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.port}"

    def service(self) -> Service:
        """The server as the supervisor sees it; `ProgramMissing` when this machine has none."""
        binary = programs.temporal()
        interface = ["--headless"] if self.ui_port is None else ["--ui-port", str(self.ui_port), "--ui-ip", "127.0.0.1"]
        return Service(
            name="Temporal",
            argv=[
                str(binary), "server", "start-dev", "--ip", "127.0.0.1", "--port", str(self.port), *interface,
                "--db-filename", str(self.database),
                "--sqlite-pragma", "journal_mode=wal", "--sqlite-pragma", "synchronous=2",
                "--log-level", "warn", "--log-format", "json",
            ],
            healthy=lambda: answers_temporal(binary, self.address),
            log=self._log,
            url=self.address if self.ui_port is None else f"http://127.0.0.1:{self.ui_port}",
            prepare=lambda: self.directory.mkdir(parents=True, exist_ok=True, mode=0o700),
            stop_signal=signal.SIGTERM,
            nice=BEHIND_PEOPLE,
        )  # fmt: skip

    def start(self) -> None:
        """Starts the server and waits until it answers and its namespace exists."""
        self._process = ServiceProcess(self.service())
        self._process.start()

    def stop(self) -> None:
        if self._process is not None:
            self._process.stop()

    def kill(self) -> None:
        if self._process is not None:
            self._process.kill()
