"""Asks every operation as everybody: what is answered, as a letter of the table."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any
from unittest import mock

import orjson

from onething.domain.errors import FailureCode
from onething.security.signed_calls import sign
from onething.store.connection.database import Transaction
from tests.api.authorisation.callers import CALLERS, SIGNED, Caller
from tests.api.authorisation.operations import OPERATIONS, Operation
from tests.api.authorisation.prepared import Prepared, prepared
from tests.api.authorisation.table import (
    DONE,
    EMPTY,
    FORBIDDEN,
    HIDDEN,
    NOT_ENOUGH,
    NOT_KNOWN,
    NOT_NOW,
    NOT_SO,
    STATES,
    Table,
    letters,
    uniform,
)
from tests.support import people
from tests.support.patience import PATIENCE_S
from tests.support.servers import PostgresServer

_REFUSED = {403: FORBIDDEN, 404: HIDDEN, 409: NOT_NOW, 412: NOT_NOW, 422: NOT_SO, 428: NOT_NOW, 429: NOT_NOW}
_CODES = {FORBIDDEN: {FailureCode.NOT_PERMITTED}, HIDDEN: {FailureCode.NOT_FOUND}}
_EMPTY = b'{"items":[]'
_NOT_COMPARED = frozenset({"access_log"})  # refusals leave their lines there

_REHEARSED: ContextVar[bool] = ContextVar("rehearsed", default=False)
_keys = count(1)


@dataclass(frozen=True)
class Answer:
    """`sent`: what it answers to."""

    status: int
    body: bytes
    sent: bytes

    def tells(self, words: Iterable[str]) -> list[str]:
        """Which of the words stand in it; a refusal doesn't even say what it was sent."""
        said, sent = self.body.decode(errors="replace"), self.sent.decode(errors="replace")
        return [word for word in words if word in said and not (self.letter == DONE and word in sent)]

    @property
    def letter(self) -> str:
        """Raises AssertionError for an answer that is none: no operation fails, and none refuses in another way."""
        if 200 <= self.status < 300:
            return EMPTY if self.body.startswith(_EMPTY) else DONE
        code = orjson.loads(self.body)["code"]
        if self.status == 401:
            return NOT_ENOUGH if code == FailureCode.INSUFFICIENT_AUTHENTICATION else NOT_KNOWN
        letter = _REFUSED.get(self.status)
        assert letter is not None, (self.status, self.body)
        assert code in _CODES.get(letter, {code}), (self.status, code)
        return letter


@dataclass
class Site:
    """`tokens`: by heads of columns."""

    made: Prepared
    tokens: dict[str, str | None] = field(default_factory=dict)

    async def ask(self, operation: Operation, caller: Caller, state: str) -> Answer:
        """One call, as whoever it is."""
        case = self.made.cases[operation.where.get(state, state)] if operation.is_about_a_case else {}
        usual = self.made.cases[state] if operation.is_about_a_case else {}
        told = {"version": '"1"', "letter": 1, "code": "x", **usual, **self.made.known, **case, **operation.known}
        told |= self.made.instead.get(operation.name, {})
        told["task_id"] = f"{told.get('case_no')}-{operation.task}"
        raw, media_type = _raw(operation.sent(caller, told)), operation.media_type
        headers = {"Idempotency-Key": f"matrix-{next(_keys)}", "If-Match": str(told["version"])}
        if raw:
            headers["Content-Type"] = media_type
        if token := self.tokens[caller.head]:
            headers |= people.bearer(token)
        if operation.secret and caller.head == SIGNED:
            headers |= sign(operation.secret, "call", int(self.made.town.clock.now().timestamp()), raw)
        path, query = operation.path.format(**told), operation.query.format(**told)
        return await _call(self.made.town.app, operation.method, path, query, headers, raw)

    def record(self) -> dict[str, str]:
        """Table → a digest of all that stands in it."""
        town = self.made.town
        names = [name for (name,) in town.rows("select tablename from pg_tables where schemaname = 'public'")]
        each = [
            f"select '{name}', md5(string_agg(t::text, '|' order by t::text)) from \"{name}\" t"
            for name in names
            if name not in _NOT_COMPARED
        ]
        return {str(name): str(digest) for name, digest in town.rows(" union all ".join(each))}


@asynccontextmanager
async def opened(server: PostgresServer, template: str, folder: Path) -> AsyncIterator[Site]:
    async with prepared(server, template, folder) as made:
        site = Site(made, {caller.head: caller.token(made.town.context) for caller in CALLERS})
        with _rehearsable():
            yield site


async def recorded(site: Site) -> Table:
    """What today's code answers; nothing of it is kept."""
    found: dict[str, dict[str, str]] = {}
    for operation in OPERATIONS:
        row = found[operation.name] = {}
        for caller in CALLERS:
            with rehearsal():
                row[caller.head] = uniform(
                    "".join([(await site.ask(operation, caller, state)).letter for state in states_of(operation)])
                )
    return found


def states_of(operation: Operation) -> tuple[str, ...]:
    return STATES if operation.is_about_a_case else STATES[:1]


def expected(table: Table, operation: Operation, caller: Caller) -> Mapping[str, str]:
    """State → letter."""
    return dict(zip(STATES, letters(table[operation.name][caller.head]), strict=True))


@contextmanager
def rehearsal() -> Iterator[None]:
    """In here nothing is kept: whatever is done is rolled back, just when it would have been committed."""
    before = _REHEARSED.set(True)
    try:
        yield
    finally:
        _REHEARSED.reset(before)


@contextmanager
def _rehearsable() -> Iterator[None]:
    commit = Transaction.commit

    async def kept_or_not(transaction: Transaction) -> None:
        if _REHEARSED.get():
            transaction._connection = _Forgetful(transaction._connection)
            transaction._on_commit.clear()
        await commit(transaction)

    with mock.patch.object(Transaction, "commit", kept_or_not):
        yield


@dataclass(frozen=True)
class _Forgetful:
    """A connection that takes back what it is to commit."""

    connection: Any

    async def execute(self, words: str) -> None:
        assert words.endswith("commit")
        await self.connection.execute(words.removesuffix("commit") + "rollback")


def _raw(sent: Any) -> bytes:
    return b"" if sent is None else sent if isinstance(sent, bytes) else orjson.dumps(sent)


async def _call(app: Any, method: str, path: str, query: str, headers: dict[str, str], raw: bytes) -> Answer:
    """Without a client between: thousands of calls. Of a stream it sees the beginning, and goes away."""
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "root_path": "",
        "headers": [(name.lower().encode(), value.encode()) for name, value in headers.items()],
        "client": ("127.0.0.1", 40000),
        "server": ("api", 80),
    }
    status, body, asked, away = 0, b"", False, asyncio.Event()

    async def receive() -> dict[str, Any]:
        nonlocal asked
        if not asked:
            asked = True
            return {"type": "http.request", "body": raw, "more_body": False}
        await away.wait()
        return {"type": "http.disconnect"}

    async def send(message: Mapping[str, Any]) -> None:
        nonlocal status, body
        if message["type"] == "http.response.start":
            status = message["status"]
            if dict(message["headers"]).get(b"content-type", b"").startswith(b"text/event-stream"):
                away.set()
        else:
            body += message.get("body", b"")
            if not message.get("more_body", False):
                away.set()

    await asyncio.wait_for(app(scope, receive, send), PATIENCE_S)
    return Answer(status, body, raw)
