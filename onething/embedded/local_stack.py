"""The stack that runs on this machine, for commands that talk to it: where it is, and as what its worker reaches the
record. Nothing is started or changed here.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from onething.embedded import secret_file, state_file
from onething.embedded.folders import DataFolder
from onething.embedded.state_file import StackLock, StackState

if TYPE_CHECKING:
    from onething.settings import Settings


@dataclass(frozen=True)
class LocalStack:
    """Runs now, or is just starting; `state` is what it last wrote down."""

    folder: DataFolder
    state: StackState

    @property
    def secrets(self) -> dict[str, str]:
        """By name. Raises OSError for who may not read the file."""
        return secret_file.read_secrets(self.folder.secrets)

    def settings(self, own: "Settings") -> "Settings":
        """As its worker has them, as far as `own` says nothing else; without an address of the database where it uses
        one that only its environment names. Raises OSError for who may not read its secrets."""
        from onething.embedded.postgres import EmbeddedPostgres  # most commands want the address alone
        from onething.embedded.stack import DATABASE
        from onething.settings import Settings

        fields = {name.removeprefix("ONETHING_").lower(): value for name, value in self.secrets.items()}
        filled: dict[str, Any] = {name: value for name, value in fields.items() if name in Settings.model_fields}
        if (port := self.state.ports.get("postgres")) is not None:
            server = EmbeddedPostgres(self.folder.postgres, port, fields["postgres_password"])
            filled["database_worker_url"] = server.local_url(DATABASE, "onething_worker", fields["worker_password"])
        return Settings(**{name: value for name, value in filled.items() if getattr(own, name) is None})


def find(data_dir: Path | None = None) -> LocalStack | None:
    """Of this data folder, or the usual one. Raises OSError for who may not look into it."""
    folder = DataFolder(data_dir)
    if not StackLock(folder.lock).held_by_another():
        return None
    return LocalStack(folder, state_file.read(folder.state))
