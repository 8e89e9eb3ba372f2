"""What lies where in the stack's data folder."""

import os
from pathlib import Path

from onething.embedded.processes import ServiceFailed


class DataFolder:
    """The stack's data folder: `ONETHING_DATA_DIR`, else the user's (root: the system's) usual place."""

    def __init__(self, path: Path | None = None) -> None:
        self.path = (path or default_path()).expanduser().absolute()
        self.postgres = self.path / "postgres"
        self.temporal = self.path / "temporal"
        self.simulator = self.path / "simulator" / "effects"
        self.logs = self.path / "logs"
        self.secrets = self.path / "onething.env"
        self.state = self.path / "stack.json"
        self.lock = self.path / "stack.lock"

    def make(self) -> None:
        """Creates the folders, closed to others; root's outermost one may be passed through by PostgreSQL's account.

        Raises ServiceFailed, with what to do about it, if the system refuses.
        """
        try:
            if not self.path.exists():
                self.path.mkdir(parents=True)
                self.path.chmod(0o711 if os.geteuid() == 0 else 0o700)
            for folder in (self.logs, self.simulator.parent):
                folder.mkdir(mode=0o700, exist_ok=True)
        except OSError as error:
            raise ServiceFailed(
                f"建不了数据目录 {self.path}（{error.strerror}）：请用 ONETHING_DATA_DIR 指定别处。"
            ) from None

    def log(self, name: str) -> Path:
        return self.logs / f"{name}.log"


def default_path() -> Path:
    if given := os.environ.get("ONETHING_DATA_DIR"):
        return Path(given)
    if os.geteuid() == 0:
        return Path("/var/lib/onething")
    base = os.environ.get("XDG_DATA_HOME") or str(Path.home() / ".local" / "share")
    return Path(base) / "onething"
