"""What the running stack writes down about itself: for `status`, `down`, a second `up`, and the next after a crash."""

import fcntl
import os
from pathlib import Path

from pydantic import BaseModel, ValidationError

from onething.embedded.processes import Identity


class RunningService(BaseModel):
    name: str
    pid: int | None = None
    started: str | None = None
    url: str | None = None
    log: Path
    restarts: int = 0

    @property
    def identity(self) -> Identity | None:
        return None if self.pid is None or self.started is None else Identity(self.pid, self.started)


class OtherPort(BaseModel):
    """A service that nobody told its port and that has not its usual one. `taken`: another program has that; else it is
    the port of the last time."""

    service: str
    port: int
    usual: int
    taken: bool


class StackState(BaseModel):
    """The stack as last seen. `phase`: starting, running or stopped. Ports are kept for the next start."""

    phase: str = "stopped"
    pid: int | None = None
    started: str | None = None
    ports: dict[str, int] = {}
    other_ports: list[OtherPort] = []
    api_url: str = ""
    simulator_url: str = ""
    temporal_address: str = ""
    temporal_ui_url: str | None = None
    services: list[RunningService] = []

    @property
    def supervisor(self) -> Identity | None:
        return None if self.pid is None or self.started is None else Identity(self.pid, self.started)


def read(file: Path) -> StackState:
    """The last state; an empty one if there is none or it can't be read (it only helps, nothing hangs on it)."""
    try:
        return StackState.model_validate_json(file.read_bytes())
    except (FileNotFoundError, ValidationError):
        return StackState()


def write(file: Path, state: StackState) -> None:
    unfinished = file.with_suffix(".unfinished")
    unfinished.write_text(state.model_dump_json(indent=2))
    unfinished.rename(file)


class StackLock:
    """Held by the one stack of a data folder; the kernel releases it however the holder dies."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._descriptor: int | None = None

    def take(self) -> bool:
        """Whether the lock is ours now; False: another stack runs."""
        descriptor = os.open(self._file, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            return False
        self._descriptor = descriptor
        return True

    def release(self) -> None:
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def held_by_another(self) -> bool:
        if not self._file.exists() or self._descriptor is not None:
            return False
        if self.take():
            self.release()
            return False
        return True
