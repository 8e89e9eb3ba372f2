"""The line between a browser and the site, which can be cut: before a request arrives, in the middle of it, or after
the site has done it and before its answer is there."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from enum import Enum
from urllib.parse import urlsplit

from tests.support.patience import PATIENCE_S

_LENGTH = re.compile(rb"\r\ncontent-length: *([0-9]+)", re.IGNORECASE)
_CONNECTION = re.compile(rb"\r\nconnection: *[^\r]*", re.IGNORECASE)


class Cut(Enum):
    BEFORE = "before it arrives"
    WITHIN = "in the middle of it"
    AFTER = "before its answer is there"


class Line:
    """`url`: of the site, through it. Requests as they came, by method and path: `seen`."""

    def __init__(self, site: str) -> None:
        parts = urlsplit(site)
        assert parts.hostname is not None
        self._site = (parts.hostname, parts.port)
        self._next: tuple[re.Pattern[str], Cut] | None = None
        self._down = False
        self._fallen = asyncio.Event()
        self.url = ""
        self.seen: list[str] = []

    def cut(self) -> None:
        """At once."""
        self._down = True

    def cut_at(self, request: str, how: Cut) -> None:
        """With the next request, `POST /path`, that the pattern matches; it stays cut."""
        self._next = (re.compile(request), how)
        self._fallen.clear()

    def restore(self, until: str, how: Cut) -> None:
        """Mended, and cut again by the next request that matches."""
        self.mend()
        self.cut_at(until, how)

    async def fell(self) -> None:
        """Waits until it has been cut by what was to cut it: AFTER, until the site has done it."""
        async with asyncio.timeout(PATIENCE_S):
            await self._fallen.wait()

    def mend(self) -> None:
        assert self._next is None, "the line was not cut: the request never came"
        self._down = False

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            await self._pass_on(reader, writer)
        with suppress(OSError):
            writer.close()
            await writer.wait_closed()

    async def _pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        length = _LENGTH.search(head)
        body = await reader.readexactly(int(length[1])) if length else b""
        request = head.partition(b"\r\n")[0].decode().rpartition(" ")[0]
        how = self._falls(request)
        if self._down and how in (None, Cut.BEFORE):
            return
        self.seen.append(request)
        whole = _CONNECTION.sub(b"", head)[:-2] + b"Connection: close\r\n\r\n" + body
        there, back = await asyncio.open_connection(*self._site)
        back.write(whole[: len(whole) - len(body) // 2] if how is Cut.WITHIN else whole)
        await back.drain()
        if how is not Cut.WITHIN:
            answer = await there.read()
            if how is Cut.AFTER:
                self._fallen.set()
            if how is None:
                writer.write(answer)
                await writer.drain()
        back.close()

    def _falls(self, request: str) -> Cut | None:
        """How the line is cut by this one; none: by nothing, or long ago."""
        if self._down or self._next is None or not self._next[0].search(request):
            return None
        how = self._next[1]
        self._next, self._down = None, True
        if how is not Cut.AFTER:
            self._fallen.set()
        return how


@asynccontextmanager
async def line_to(site: str) -> AsyncIterator[Line]:
    line = Line(site)
    server = await asyncio.start_server(line.serve, "127.0.0.1", 0, limit=2**20)
    line.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield line
    finally:
        server.close()
