"""Nobody is told of an effect that is not on disk."""

import asyncio
import os
import threading
from pathlib import Path

import httpx
import pytest

from onething.connectors.simulator.app import create_app
from onething.connectors.simulator.journal import Journal
from tests.connectors.support import MovedClock
from tests.support.patience import PATIENCE_S


async def test_first_answer_and_repeats_wait_for_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    disk, fsync = threading.Event(), os.fsync

    def slow(fd: int) -> None:
        disk.wait(PATIENCE_S)
        fsync(fd)

    monkeypatch.setattr(os, "fsync", slow)
    transport = httpx.ASGITransport(create_app(tmp_path / "state", MovedClock()))
    async with httpx.AsyncClient(transport=transport, base_url="http://outside") as client:

        def ask() -> asyncio.Task[httpx.Response]:
            request = client.post("/sources/x/records", headers={"Idempotency-Key": "k"}, json={})
            return asyncio.create_task(request)

        asked = [ask(), ask()]
        await asyncio.sleep(0.1)
        assert [task.done() for task in asked] == [False, False]
        disk.set()
        assert [task.status_code for task in await asyncio.gather(*asked)] == [200, 200]


async def test_lines_that_wait_together_share_one_fsync_and_keep_their_order(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    syncs, fsync = 0, os.fsync

    def counted(fd: int) -> None:
        nonlocal syncs
        syncs += 1
        fsync(fd)

    monkeypatch.setattr(os, "fsync", counted)
    journal = Journal(tmp_path / "state")
    await asyncio.gather(*(journal.append({"n": number}) for number in range(50)))
    assert [line["n"] for line in Journal(tmp_path / "state").found] == list(range(50))
    assert syncs == 1


async def test_a_failing_disk_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(fd: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        await Journal(tmp_path / "state").append({"n": 1})
