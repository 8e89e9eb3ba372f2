"""What all stories share: signed-in clients, patience, a voice, and one way to stop."""

import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from onething.cli.client.client import Client
from onething.cli.demo.outside import Outside
from onething.cli.terminal.failures import CommandFailed

LOOK_EVERY_S = 0.3
PATIENCE_S = 300.0  # a machine that is busy with others takes its time; Ctrl-C ends the demo sooner
Found = TypeVar("Found")


class Stopped(Exception):
    """The demo was called off; threads unwind."""


class TookTooLong(CommandFailed):
    """Something that should have happened didn't, within a generous time."""


class Stage:
    """One running system and who plays on it. Used by many threads at once."""

    def __init__(
        self, url: str, outside: Outside, examples: Path, password: str, say: Callable[[str, str], None]
    ) -> None:
        self.url = url
        self.outside = outside
        self.examples = examples
        self.say = say  # (story, line)
        self.anybody = Client(url, sleep=self.pause)
        self._password = password
        self._clients: dict[str, Client] = {}
        self._signing_in = threading.Lock()
        self._stopping = threading.Event()

    def of(self, account: str) -> Client:
        """The client of one demo account, signed in at first use."""
        with self._signing_in:
            if account not in self._clients:
                token = self.anybody.sign_in(account, self._password)["access_token"]
                self._clients[account] = Client(self.url, token, sleep=self.pause)
            return self._clients[account]

    def stop(self) -> None:
        self._stopping.set()

    def pause(self, seconds: float) -> None:
        """Sleep, unless the demo is called off: then `Stopped`."""
        if self._stopping.wait(seconds):
            raise Stopped

    def wait_for(self, what: str, probe: Callable[[], Found | None], patience_s: float = PATIENCE_S) -> Found:
        """The first truthy thing that the probe finds; `TookTooLong` after that many seconds."""
        until = time.monotonic() + patience_s
        while not (found := probe()):
            if time.monotonic() > until:
                raise TookTooLong(f"等了 {patience_s:.0f} 秒还没有：{what}。")
            self.pause(LOOK_EVERY_S)
        return found
