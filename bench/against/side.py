"""One of the two that are compared: its `bench.driver` in a process of its own."""

import asyncio
import contextlib
import json
import os
import tempfile
from collections.abc import AsyncIterator, Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from bench.against.checkout import Checkout, own_environment
from bench.against.failure import ComparisonFailed
from bench.against.figures import Figures
from bench.against.pairing import LegRequest

_STOP_PATIENCE_S = 120.0
_LAST_LINES = 15


class Side:
    """A running stack, idle but for its legs."""

    def __init__(self, title: str, process: asyncio.subprocess.Process, log: Path) -> None:
        self.title = title
        self._process = process
        self._log = log

    async def leg(self, request: LegRequest, ended: Callable[[], None]) -> Figures:
        """`ended` is called for every case that came to its end. Raises `ComparisonFailed`."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(asdict(request)).encode() + b"\n")
        while (event := await self._event())["event"] != "leg":
            if event["event"] == "case":
                ended()
        return Figures.of(event)

    async def ready(self, started: Callable[[str], None]) -> None:
        """`started` gets the name of every service as it starts. Raises `ComparisonFailed`."""
        while (event := await self._event())["event"] != "ready":
            if event["event"] == "service":
                started(str(event["name"]))

    async def _event(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        line = await self._process.stdout.readline()
        if line:
            return dict(json.loads(line))
        last = self._log.read_text("utf-8", errors="replace").strip().splitlines()[-_LAST_LINES:]
        raise ComparisonFailed("\n".join([f"{self.title}中途结束了。它最后说：", *(f"    {line}" for line in last)]))


@contextlib.asynccontextmanager
async def side(title: str, place: Checkout, logs: Path) -> AsyncIterator[Side]:
    """It starts while this begins (`Side.ready` waits for it), and has put its stack away when this has ended.

    A process group of its own: Ctrl-C on the terminal is for us, and we end it in our turn.
    """
    number, log = tempfile.mkstemp(dir=logs, suffix=".log")
    with os.fdopen(number, "wb") as stderr:
        process = await asyncio.create_subprocess_exec(
            place.python,
            *("-m", "bench.driver"),
            cwd=place.folder,
            env=own_environment(),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=stderr,
            start_new_session=True,
        )
    try:
        yield Side(title, process, Path(log))
    finally:
        await _end(process)


async def _end(process: asyncio.subprocess.Process) -> None:
    """Orderly by the end of its stdin; killed if that takes too long, which ends its services too."""
    assert process.stdin is not None
    process.stdin.close()
    try:
        await asyncio.wait_for(process.wait(), _STOP_PATIENCE_S)
    except TimeoutError:
        process.kill()
        await process.wait()
