"""What must outlive a kill -9: an append-only file of JSON lines, forced to disk before anybody is told."""

import asyncio
import os
from pathlib import Path
from typing import Any

import orjson


class Journal:
    """Lines in the order of `append`. Those that wait at the same time share one fsync. Without a path: memory only."""

    def __init__(self, path: Path | None) -> None:
        self._waiting: list[tuple[bytes, asyncio.Future[None]]] = []
        self._writer: asyncio.Task[None] | None = None
        self._fd: int | None = None
        self.found: list[dict[str, Any]] = []  # what earlier processes wrote
        if path is not None:
            self._fd = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
            self.found = self._read(path)

    def _read(self, path: Path) -> list[dict[str, Any]]:
        content = path.read_bytes()
        whole = content.rfind(b"\n") + 1
        if whole < len(content):  # the process before died while it wrote; nobody was told of that line
            os.ftruncate(self._require_fd(), whole)
        return [orjson.loads(line) for line in content[:whole].splitlines()]

    def append(self, line: dict[str, Any]) -> "asyncio.Future[None]":
        """Take the line; the future is done when it is on disk, or holds the OSError."""
        saved: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        if self._fd is None:
            saved.set_result(None)
            return saved
        self._waiting.append((orjson.dumps(line, option=orjson.OPT_APPEND_NEWLINE), saved))
        if self._writer is None:
            self._writer = asyncio.create_task(self._write())
        return saved

    async def _write(self) -> None:
        while self._waiting:
            batch, self._waiting = self._waiting, []
            try:
                await asyncio.to_thread(self._put, b"".join(line for line, _ in batch))
            except OSError as error:
                for _, saved in batch:
                    saved.set_exception(error)
            else:
                for _, saved in batch:
                    saved.set_result(None)
        self._writer = None

    def _put(self, lines: bytes) -> None:
        fd = self._require_fd()
        while lines:
            lines = lines[os.write(fd, lines) :]
        os.fsync(fd)

    def _require_fd(self) -> int:
        if self._fd is None:
            raise ValueError("a journal without a file")
        return self._fd
