"""One supervised process: started, probed, stopped, killed, and recognised again when all around it was killed."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

BEHIND_PEOPLE = 7  # niceness of what nobody waits for at a screen: people's requests go first
LARGEST_LOG = 50_000_000  # bytes; looked at when a process starts
PROC = Path("/proc/self/stat")
LAUNCHER = Path(__file__).with_name("launch.py")


class ServiceFailed(Exception):
    """A service didn't start or didn't become healthy; the message (Chinese, for people) names it and its log file."""


def start_time(pid: int) -> str | None:
    """When a process began, in the system's own words: with the pid it names a process for good. None: it is gone."""
    try:
        if PROC.exists():
            # After the command's name in brackets, which may itself hold blanks and brackets.
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            return None if fields[0] in "ZX" else fields[19]
        listed = subprocess.run(["ps", "-o", "lstart=", "-p", str(pid)], capture_output=True, text=True, check=False)
        return listed.stdout.strip() or None
    except (FileNotFoundError, ProcessLookupError):
        return None


@dataclass(frozen=True)
class Identity:
    """A process as written down for later: a recycled pid is not mistaken for it."""

    pid: int
    started: str

    @classmethod
    def of(cls, pid: int) -> "Identity | None":
        started = start_time(pid)
        return None if started is None else cls(pid, started)

    def alive(self) -> bool:
        return start_time(self.pid) == self.started

    def send(self, signal_number: int) -> None:
        if self.alive():
            try:
                os.kill(self.pid, signal_number)
            except ProcessLookupError:
                return

    def end(self, first: int = signal.SIGTERM, patience_s: float = 5.0) -> None:
        """Asks the process to end, waits, then kills it. Returns when it is gone."""
        self.send(first)
        if not wait_until(lambda: not self.alive(), patience_s):
            self.send(signal.SIGKILL)
            wait_until(lambda: not self.alive(), patience_s)


def wait_until(condition: Callable[[], bool], patience_s: float, step_s: float = 0.05) -> bool:
    """Whether the condition came true in time."""
    until = time.monotonic() + patience_s
    while not condition():
        if time.monotonic() >= until:
            return False
        time.sleep(step_s)  # other processes tell nobody that they have come so far
    return True


@dataclass(frozen=True)
class Service:
    """What to start and how to tell that it works.

    `healthy` is a quick probe (at most a second or so) that may run in a thread. `user` is the account to run as (only
    root may name one). `env` is added to the supervisor's own; an empty value takes a variable away. `stop_signal` asks
    for an orderly end; `orphan_signal` comes from the kernel when the supervisor dies. `prepare` runs before each start
    and may raise `ServiceFailed`. `alongside`: needs nothing of the service before it, so both start at once. `nice`:
    how far it stands back, when there is too little processor for all, behind those with less.
    """

    name: str
    argv: Sequence[str]
    healthy: Callable[[], bool]
    log: Path
    env: Mapping[str, str] = field(default_factory=dict)
    user: str | None = None
    url: str | None = None
    prepare: Callable[[], None] = lambda: None
    start_patience_s: float = 180.0  # who ends is noticed at once; this is for a machine that is busy with others
    stop_patience_s: float = 10.0
    stop_signal: int = signal.SIGTERM
    orphan_signal: int = signal.SIGKILL
    alongside: bool = False
    nice: int = 0


class ServiceProcess:
    """A running `Service`; start it again after an end of any kind."""

    def __init__(self, service: Service) -> None:
        self.service = service
        self._process: subprocess.Popen[bytes] | None = None
        self.identity: Identity | None = None

    @property
    def pid(self) -> int | None:
        return None if self._process is None else self._process.pid

    def launch(self) -> None:
        """Starts the process (after `service.prepare`) without waiting for it.

        Call it from a thread that lives as long as the service: the kernel sends `orphan_signal` when the *thread* that
        started the process ends.
        """
        service = self.service
        service.log.parent.mkdir(parents=True, exist_ok=True)
        _rotate(service.log)
        orphan = str(int(service.orphan_signal))
        environment = {name: value for name, value in {**os.environ, **service.env}.items() if value}
        with service.log.open("ab") as log:
            self._process = subprocess.Popen(
                [
                    *(sys.executable, "-I", str(LAUNCHER)),
                    *(str(os.getpid()), orphan, service.user or "-", str(service.nice)),
                    *service.argv,
                ],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=environment,
                cwd="/" if service.user else None,
                start_new_session=True,
            )
        self.identity = Identity.of(self._process.pid)

    def exit_code(self) -> int | None:
        """How the process ended (negative: by that signal); None while it runs or before it was started."""
        return None if self._process is None else self._process.poll()

    def running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def start(self) -> None:
        """Starts the process and waits until it is healthy; `ServiceFailed` otherwise."""
        self.service.prepare()
        self.launch()
        wait_until(lambda: not self.running() or self.service.healthy(), self.service.start_patience_s)
        self.check_started()

    def check_started(self) -> None:
        """`ServiceFailed` when the process has ended or still isn't healthy (which ends it)."""
        service = self.service
        if not self.running():
            raise ServiceFailed(
                f"{service.name} 启动失败（退出码 {self.exit_code()}）。日志：{service.log}\n{log_tail(service.log)}"
            )
        if not service.healthy():
            self.stop()
            raise ServiceFailed(
                f"{service.name} 在 {service.start_patience_s:.0f} 秒内未就绪。"
                f"日志：{service.log}\n{log_tail(service.log)}"
            )

    def stop(self) -> None:
        """Asks for an orderly end, then insists."""
        if self._process is None:
            return
        if self.running():
            self._process.send_signal(self.service.stop_signal)
        try:
            self._process.wait(self.service.stop_patience_s)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def kill(self) -> None:
        """`kill -9`, and reaps."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()


def _rotate(log: Path) -> None:
    if log.exists() and log.stat().st_size > LARGEST_LOG:
        log.replace(log.with_suffix(".log.1"))


def log_tail(log: Path, lines: int = 12) -> str:
    """The last lines of a log, indented for a message."""
    if not log.exists():
        return ""
    last = log.read_text(errors="replace").splitlines()[-lines:]
    return "\n".join(f"    {line}" for line in last)
