"""A lean HTTP/1.1 client: keep-alive, JSON, one request at a time per connection.

The driver shares the processors with what it measures, and common clients cost as much for a request as the API does.
"""

import asyncio
from collections import deque
from typing import Any, cast
from urllib.parse import urlencode, urlsplit

import httptools
import orjson

from tests.support import people

_BUSY_AGAIN_S = 0.5


class Refused(Exception):
    """An answer that is neither 2xx nor 503."""

    def __init__(self, what: str, status: int, answer: str) -> None:
        super().__init__(f"{what}: {status} {answer}")
        self.status = status


class _Connection(asyncio.Protocol):
    """httptools calls back `on_…` as the answer comes in."""

    def __init__(self) -> None:
        self._transport: asyncio.WriteTransport | None = None
        self._parser: Any = None
        self._answer: asyncio.Future[tuple[int, bytes]] | None = None
        self._body: list[bytes] = []

    @property
    def usable(self) -> bool:
        return self._transport is not None and not self._transport.is_closing()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.WriteTransport, transport)  # uvloop's is no subclass

    def data_received(self, data: bytes) -> None:
        self._parser.feed_data(data)

    def connection_lost(self, exc: Exception | None) -> None:
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(ConnectionError("the API closed the connection"))

    def on_body(self, body: bytes) -> None:
        self._body.append(body)

    def on_message_complete(self) -> None:
        if self._answer is not None and not self._answer.done():
            self._answer.set_result((self._parser.get_status_code(), b"".join(self._body)))

    async def ask(self, request: bytes) -> tuple[int, bytes]:
        if self._transport is None:
            raise ConnectionError("not connected")
        self._parser, self._body = httptools.HttpResponseParser(self), []
        self._answer = asyncio.get_running_loop().create_future()
        self._transport.write(request)
        return await self._answer

    def close(self) -> None:
        if self._transport is not None:
            self._transport.close()


class HttpClient:
    """Any number of requests at once to one server. `busy` counts the answers 503, each tried again."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._host, self._port = parts.hostname or "", parts.port or 80
        self._idle: deque[_Connection] = deque()
        self.busy = 0

    async def get(self, path: str, token: str | None) -> Any:
        """The answer's JSON; `Refused` if it is not 2xx. `token` None: nobody asks."""
        return await self._send(f"GET {path}", _signed_in(token) if token else [], b"")

    async def post(self, path: str, token: str, key: str, body: Any = None) -> Any:
        """As `get`. `key` empty: nothing is changed by it."""
        kept = [f"Idempotency-Key: {key}"] if key else []
        lines = [*_signed_in(token), *kept, "Content-Type: application/json"]
        return await self._send(f"POST {path}", lines, orjson.dumps({} if body is None else body))

    async def sign_in(self, username: str, password: str) -> str:
        """The access token."""
        form = urlencode(people.credentials(username, password)).encode()
        lines = ["Content-Type: application/x-www-form-urlencoded"]
        answer = await self._send(f"POST {people.SIGN_IN_PATH}", lines, form)
        return str(answer["access_token"])

    async def close(self) -> None:
        while self._idle:
            self._idle.pop().close()

    async def _send(self, what: str, lines: list[str], body: bytes) -> Any:
        head = [f"{what} HTTP/1.1", f"Host: {self._host}:{self._port}", f"Content-Length: {len(body)}", *lines]
        request = "\r\n".join([*head, "", ""]).encode() + body
        status, answer = await self._ask(request)
        while status == 503:
            self.busy += 1
            await asyncio.sleep(_BUSY_AGAIN_S)
            status, answer = await self._ask(request)
        if not 200 <= status < 300:
            raise Refused(what, status, answer.decode())
        return orjson.loads(answer)

    async def _ask(self, request: bytes) -> tuple[int, bytes]:
        """Once more, on a new connection, if an idle one turns out to have been closed: the key makes it one act."""
        connection = await self._connection()
        try:
            answer = await connection.ask(request)
        except ConnectionError:
            connection = await self._new_connection()
            answer = await connection.ask(request)
        self._idle.append(connection)
        return answer

    async def _connection(self) -> _Connection:
        while self._idle:
            connection = self._idle.pop()
            if connection.usable:
                return connection
        return await self._new_connection()

    async def _new_connection(self) -> _Connection:
        _, made = await asyncio.get_running_loop().create_connection(_Connection, self._host, self._port)
        return made


def _signed_in(token: str) -> list[str]:
    """Lines of the request's head."""
    return [f"{name}: {value}" for name, value in people.bearer(token).items()]
