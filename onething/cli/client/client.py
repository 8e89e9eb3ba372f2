"""A small HTTP client of the API: repeats safely, reads problems, follows events.

Every POST carries one Idempotency-Key per intent. A lost answer, a timeout, a 429 or 5xx is repeated with the same key,
so that the server records the fact once however often it is told.
"""

import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from email.message import Message
from pathlib import Path
from typing import Any, Self

import httpx
from httpx_sse import EventSource

from onething.cli.client.problem import ApiProblem, ApiRefused, Unreachable
from onething.cli.client.sse import CaseEvent, case_events
from onething.cli.terminal.failures import CommandFailed, ExitCode
from onething.cli.terminal.vocabulary import Vocabulary

TIMEOUT = httpx.Timeout(20.0, connect=3.0)
FIRST_PAUSE_S = 0.2
LONGEST_PAUSE_S = 3.0
_WORTH_REPEATING = frozenset({429, 500, 502, 503, 504})
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
_MEDIA_TYPES = {".pdf": "application/pdf", ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".png": "image/png"}


@dataclass(frozen=True)
class FileReceived:
    """`name`: without a folder, whatever the server says; empty where it says none."""

    content: bytes
    name: str


def new_key() -> str:
    """An Idempotency-Key: one for each thing that somebody means to do."""
    return uuid.uuid4().hex


class Client:
    """One caller's connection. Raises `ApiRefused` (the server said no) or `Unreachable` (patience ended, no word).

    `patience_s`: how long a call is repeated. `sleep` and `transport` are for tests.
    """

    def __init__(
        self,
        base_url: str,
        token: str | None = None,
        *,
        patience_s: float = 20.0,
        sleep: Callable[[float], None] = time.sleep,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        self.base_url = base_url.rstrip("/")
        self._patience_s = patience_s
        self._sleep = sleep
        self._http = httpx.Client(
            base_url=self.base_url,
            headers={"Authorization": f"Bearer {token}"} if token else {},
            timeout=TIMEOUT,
            transport=transport,
            trust_env=httpx.URL(self.base_url).host not in _LOOPBACK,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._http.close()

    def get(self, path: str, **query: str | int | None) -> Any:
        given = {name: value for name, value in query.items() if value is not None}
        return self._json("GET", path, params=given)

    def get_file(self, path: str, **query: str | int) -> FileReceived:
        """A file, as it is, and what the server calls it."""
        answer = self._send("GET", path, {"params": query})
        if answer.is_error:
            raise ApiRefused(ApiProblem.of(answer))
        return FileReceived(answer.content, _name_in(answer.headers.get("content-disposition", "")))

    def post(self, path: str, body: Any = None, *, key: str | None = None, **query: str) -> Any:
        """Say something once: the key (a fresh one if none is given) is the same in every repetition."""
        headers = {"Idempotency-Key": key or new_key()}
        return self._json("POST", path, json={} if body is None else body, headers=headers, params=query)

    def post_as_read(self, path: str, version: int) -> Any:
        """As `post`, about what was read in this version."""
        headers = {"Idempotency-Key": new_key(), "If-Match": f'"{version}"'}
        return self._json("POST", path, json={}, headers=headers)

    def post_signed(self, path: str, body: bytes, headers: Mapping[str, str]) -> Any:
        """These bytes, as a program's call; who repeats it knows what it repeats by what the body says."""
        return self._json("POST", path, content=body, headers=headers)

    def delete(self, path: str) -> None:
        self._json("DELETE", path)

    def patch(self, path: str, body: Any, version: int) -> Any:
        """Change a draft that is still as it was read."""
        return self._json("PATCH", path, json=body, headers={"If-Match": f'"{version}"'})

    def put(self, path: str, body: Any) -> Any:
        return self._json("PUT", path, json=body)

    def put_file(self, path: str, file: Path) -> Any:
        """Upload a material; the same file again changes nothing. Raises `CommandFailed` for what can't be read."""
        media_type = _MEDIA_TYPES.get(file.suffix.lower(), "application/octet-stream")
        try:
            content = file.read_bytes()
        except OSError as failure:
            raise CommandFailed(f"读不了文件 {file}（{failure.strerror}）。", ExitCode.USAGE) from None
        return self._json("PUT", path, files={"file": (file.name, content, media_type)})

    def sign_in(self, username: str, password: str) -> Mapping[str, Any]:
        """`{access_token, token_type, expires_in}` of the embedded stack's own issuer."""
        answer = self._json("POST", "/api/auth/token", data={"username": username, "password": password})
        return dict(answer)

    def pages(self, path: str, **query: str | int | None) -> Iterator[dict[str, Any]]:
        """Every row of a list, page after page."""
        after: str | None = None
        while True:
            page = self.get(path, **query, after=after)
            yield from page["items"]
            after = page.get("next")
            if after is None:
                return

    def vocabulary(self, bundle: str) -> Vocabulary:
        """What the codes of a bundle are called; an empty one, if this server does not offer the bundle any more."""
        try:
            return Vocabulary.of(self.get(f"/api/bundles/{bundle}"))
        except ApiRefused:
            return Vocabulary()

    def events(self, case_no: str, after: int = 0, silence_s: float = 60.0) -> Iterator[CaseEvent]:
        """What happens to a case, as it happens, from `after` on; ends when the server closes the stream.

        Raises `ApiRefused` at once, `Unreachable` when the line breaks: the caller goes on after the last `seq`.
        """
        headers = {"Accept": "text/event-stream", "Last-Event-ID": str(after)}
        timeout = httpx.Timeout(silence_s, connect=3.0)
        try:
            with self._http.stream("GET", f"/api/cases/{case_no}/events", headers=headers, timeout=timeout) as answer:
                if answer.status_code != httpx.codes.OK:
                    answer.read()
                    raise ApiRefused(ApiProblem.of(answer))
                yield from case_events(EventSource(answer).iter_sse())
        except httpx.TransportError as broken:
            raise Unreachable(self.base_url, broken) from broken

    def _json(self, method: str, path: str, **arguments: Any) -> Any:
        answer = self._send(method, path, arguments)
        if answer.is_error:
            raise ApiRefused(ApiProblem.of(answer))
        return answer.json() if answer.content else None

    def _send(self, method: str, path: str, arguments: dict[str, Any]) -> httpx.Response:
        """One intent, told until it is answered or patience ends."""
        patience = self._patience_s
        pause = FIRST_PAUSE_S
        while True:
            started = time.monotonic()
            lost: httpx.TransportError | None = None
            answer: httpx.Response | None = None
            try:
                answer = self._http.request(method, path, **arguments)
            except httpx.TransportError as error:
                lost = error
            if answer is not None and answer.status_code not in _WORTH_REPEATING:
                return answer
            wait = max(pause, _retry_after(answer))
            patience -= time.monotonic() - started + wait
            if patience < 0:
                if answer is not None:
                    return answer
                raise Unreachable(self.base_url, lost) from lost
            self._sleep(wait)
            pause = min(pause * 2, LONGEST_PAUSE_S)


def _name_in(disposition: str) -> str:
    told = Message()
    told["content-disposition"] = disposition
    return Path(told.get_filename() or "").name


def _retry_after(answer: httpx.Response | None) -> float:
    if answer is None:
        return 0.0
    told = answer.headers.get("retry-after", "")
    return float(told) if told.isascii() and told.isdigit() else 0.0
