"""The guide to HTTP, copied and pasted: every line, with bash, against a real server at another port."""

import asyncio
import contextlib
import os
import socket
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import uvicorn

from onething.cli.operations.processes import SERVER_OPTIONS
from tests.api.conftest import built, migrated
from tests.api.town import RunningClock, Town
from tests.docs.reading import ROOT, blocks
from tests.support.patience import PATIENCE_S
from tests.support.servers import PostgresServer

pytestmark = pytest.mark.slow

GUIDE = ROOT / "docs" / "api-guide.md"
USUAL = "http://127.0.0.1:8000"

__all__ = ["migrated"]


@pytest.fixture
async def served(postgres_server: PostgresServer, migrated: str) -> AsyncIterator[str]:
    """The address of an API whose look-ups are answered, as workers would."""
    async with built(postgres_server, migrated, clock=RunningClock()) as town:
        listening = socket.create_server(("127.0.0.1", 0))
        # the town has its context open already
        server = uvicorn.Server(uvicorn.Config(town.app, log_level="warning", **SERVER_OPTIONS | {"lifespan": "off"}))
        serving = asyncio.create_task(server.serve(sockets=[listening]))
        answering = asyncio.create_task(answered(town))
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        answering.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await answering
        server.should_exit = True
        await serving


async def answered(town: Town) -> None:
    """Every look-up gets its record, until somebody cancels this."""
    waiting = "select distinct case_no from commands where kind = 'fetch_record' and status = 'open'"
    while True:
        for (case_no,) in town.rows(waiting):
            await town.fetch_all(case_no)
        await asyncio.sleep(0.2)


async def test_every_line_of_the_guide_runs(served: str, tmp_path: Path) -> None:
    written = "".join(blocks(GUIDE))
    assert written.count("127.0.0.1") == written.count(USUAL) == 1, "the address stands in one line"
    environment = {name: value for name, value in os.environ.items() if not name.startswith("ONETHING_")}
    bash = await asyncio.create_subprocess_exec(
        *("bash", "-euo", "pipefail", "-c", written.replace(USUAL, served)),
        cwd=ROOT,
        env=environment | {"HOME": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path), "TMPDIR": str(tmp_path)},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    async with asyncio.timeout(4 * PATIENCE_S):
        said, _ = await bash.communicate()
    assert bash.returncode == 0, said.decode()[-3000:]
    assert "command not found" not in said.decode()
