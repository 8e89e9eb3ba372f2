"""One call to a counterpart, and what its answer means, whoever it is."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

import httpx
import orjson

from onething.connectors.breaker import BreakerPolicy, BreakerState
from onething.connectors.credentials import SourceCredentials
from onething.connectors.gate import LIMIT_RETRY_S, Gate
from onething.connectors.poll_address import own_address
from onething.connectors.rate import SharedRate
from onething.connectors.slots import SharedSlots
from onething.domain.calendar.time_source import TimeSource
from onething.domain.lookups.answers import (
    Cause,
    Done,
    Refused,
    SourceAnswerMalformed,
    SourceUnavailable,
)
from onething.domain.sources.source import Authentication, MutualTls

logger = logging.getLogger(__name__)

LONGEST_RETRY_AFTER_S = 3600.0
LONGEST_REASON = 60
CONNECT_TIMEOUT_S = 2.0
_AT_ONCE_S = 1.0
AT_ONCE_OF_A_PROCESS = 50
"""Calls to a counterpart that states no limit."""

CALLBACK_URL = "Callback-Url"
"""Header that tells a counterpart where to call back, signed, once it knows."""
NO_HEADERS: Mapping[str, str] = {}

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Counterpart:
    """Who is asked. `name` appears in logs and errors, and counterparts of one name share a breaker and their limits.
    `per_second`, `at_once`: calls at most, of all workers together."""

    name: str
    timeout_s: float = 5.0
    authentication: Authentication | None = None
    per_second: float | None = None
    at_once: int | None = None
    status_under: str | None = None  # where it may say that its answer will be; none: what it says is not heeded


class AcceptedAt(SourceUnavailable):
    """Taken, not yet done; the answer will be at `address`, which the counterpart has named (see `status`)."""

    def __init__(self, counterpart: str, retry_after: float | None, address: str) -> None:
        super().__init__(counterpart, Cause.IN_PROGRESS, retry_after)
        self.address = address


class HttpClient:
    """One shared pool of connections; make one for each process and close it at the end.

    200 is read, 202 means not yet, 303 that the answer is elsewhere, 4xx with `{"refused": true}` is a refusal; 408,
    425, 429, 5xx, timeouts and broken connections are unavailability; all else is malformed. Exceptions and logs hold
    the counterpart and the key only.
    """

    def __init__(
        self,
        base_url: str,
        clock: TimeSource,
        *,
        policy: BreakerPolicy | None = None,
        transport: httpx.AsyncBaseTransport | None = None,
        credentials: SourceCredentials | None = None,
        rate: SharedRate | None = None,
        slots: SharedSlots | None = None,
    ) -> None:
        """Without a `rate`, limits of calls per second don't hold; without `slots`, limits of calls at once are this
        process's."""
        self._clock = clock
        self._policy = policy or BreakerPolicy()
        self._credentials = credentials or SourceCredentials({}, clock)
        self._rate = rate
        self._slots = slots
        self._gates: dict[str, Gate] = {}
        self._base = httpx.URL(base_url)
        self._new_client = partial(
            httpx.AsyncClient,
            base_url=base_url,
            transport=transport,
            limits=httpx.Limits(max_connections=400, max_keepalive_connections=100, keepalive_expiry=30),
            trust_env=False,  # settings only: a proxy of the environment is not for department networks
        )
        self._client = self._new_client()
        self._with_certificate: dict[MutualTls, httpx.AsyncClient] = {}

    async def aclose(self) -> None:
        for client in (self._client, *self._with_certificate.values()):
            await client.aclose()
        if self._slots is not None:
            await self._slots.aclose()

    def breaker(self, name: str) -> BreakerState:
        """As this process sees that counterpart."""
        gate = self._gates.get(name)
        return gate.breaker.state if gate else BreakerState.CLOSED

    async def post(
        self,
        who: Counterpart,
        path: str,
        body: Mapping[str, object],
        key: str,
        read: Callable[[Any], T],
        headers: Mapping[str, str] = NO_HEADERS,
    ) -> T | Refused:
        """Ask once. `read` takes the JSON of a 200 and raises SourceAnswerMalformed for what was not agreed. `headers`
        beside those that every call has.

        Raises SourceUnavailable and SourceAnswerMalformed; after both the same key may and should ask again.
        """
        content = orjson.dumps(body)
        headers = {**headers, "Content-Type": "application/json"}
        return await self._attempt(who, key, read, lambda: self._send(who, "POST", path, content, key, headers))

    async def look(self, who: Counterpart, address: str, key: str, read: Callable[[Any], T]) -> T | Refused:
        """Ask once, where the counterpart has said that its answer will be. As `post`."""
        return await self._attempt(who, key, read, lambda: self._send(who, "GET", address, b"", key, NO_HEADERS))

    async def _attempt(
        self, who: Counterpart, key: str, read: Callable[[Any], T], send: Callable[[], Awaitable[httpx.Response]]
    ) -> T | Refused:
        try:
            with self._gate(who).attempt():
                async with self._slot(who):
                    if who.per_second is not None and self._rate is not None:
                        await self._rate.take(who.name, who.per_second)
                    response = await send()
                if response.status_code in (202, 303) and (address := self._address(who, response)):
                    raise AcceptedAt(
                        who.name, _AT_ONCE_S if response.status_code == 303 else _retry_after(response), address
                    )
                return _judge(who, response, read)
        except (SourceUnavailable, SourceAnswerMalformed) as error:
            logger.info("%s, key %s: %s", who.name, key, getattr(error, "cause", error.code))
            raise

    def _gate(self, who: Counterpart) -> Gate:
        gate = self._gates.get(who.name)
        if gate is None:
            at_once = who.at_once or AT_ONCE_OF_A_PROCESS
            gate = self._gates[who.name] = Gate(who.name, at_once, self._policy, self._clock)
        return gate

    def _slot(self, who: Counterpart) -> AbstractAsyncContextManager[None]:
        if who.at_once is None or self._slots is None:
            return nullcontext()
        return self._slots.slot(who.name, who.at_once, who.timeout_s)

    def _address(self, who: Counterpart, response: httpx.Response) -> str | None:
        location = response.headers.get("location")
        if location is None or who.status_under is None:
            return None
        address = own_address(self._base, who.status_under, response.request.url, location)
        if address is None:
            raise SourceAnswerMalformed(who.name, "Location")
        return address

    async def _send(
        self, who: Counterpart, method: str, path: str, content: bytes, key: str, headers: Mapping[str, str]
    ) -> httpx.Response:
        client = self._client_for(who.authentication)
        # `from None`: httpx's errors carry the request, and with it what must not travel into a failure's chain.
        try:
            async with asyncio.timeout(who.timeout_s):
                who_we_are = await self._credentials.headers(client, who.name, who.authentication, key, content)
                answer = await client.request(
                    method,
                    path,
                    content=content or None,
                    headers={**headers, **who_we_are, "Idempotency-Key": key},
                    timeout=httpx.Timeout(who.timeout_s, connect=min(CONNECT_TIMEOUT_S, who.timeout_s)),
                )
        except httpx.PoolTimeout:
            raise SourceUnavailable(who.name, Cause.LIMIT_FULL, LIMIT_RETRY_S) from None
        except (TimeoutError, httpx.TimeoutException):
            raise SourceUnavailable(who.name, Cause.TIMEOUT) from None
        except httpx.TransportError:
            raise SourceUnavailable(who.name, Cause.CONNECTION) from None
        except httpx.DecodingError:
            raise SourceAnswerMalformed(who.name, "content encoding") from None
        if answer.status_code == httpx.codes.UNAUTHORIZED:
            self._credentials.refused(who.authentication)
        return answer

    def _client_for(self, how: Authentication | None) -> httpx.AsyncClient:
        if not isinstance(how, MutualTls):
            return self._client
        if how not in self._with_certificate:
            self._with_certificate[how] = self._new_client(verify=self._credentials.tls(how))
        return self._with_certificate[how]


def read_done(answer: Any) -> Done:
    """Of acts that answer nothing but that they are done: the status says it."""
    return Done()


def _judge(who: Counterpart, response: httpx.Response, read: Callable[[Any], T]) -> T | Refused:
    status = response.status_code
    match status:
        case 200:
            return read(_json(who, response))
        case 202:
            raise SourceUnavailable(who.name, Cause.IN_PROGRESS, _retry_after(response))
        case 429:
            raise SourceUnavailable(who.name, Cause.THROTTLED, _retry_after(response))
        case 408 | 425:
            raise SourceUnavailable(who.name, Cause.TIMEOUT, _retry_after(response))
    if status >= 500:
        raise SourceUnavailable(who.name, Cause.SERVER_ERROR, _retry_after(response))
    if status >= 400:
        answer = _json(who, response)
        if isinstance(answer, dict) and answer.get("refused") is True:
            return Refused(reason_word(answer.get("reason")))
    raise SourceAnswerMalformed(who.name, f"status {status}")


def _json(who: Counterpart, response: httpx.Response) -> Any:
    try:
        return orjson.loads(response.content)
    except orjson.JSONDecodeError:
        raise SourceAnswerMalformed(who.name, "not JSON") from None


def reason_word(reason: object) -> str:
    """A word for programs; a sentence may hold a name, so it stays outside."""
    if isinstance(reason, str) and len(reason) <= LONGEST_REASON and reason.isascii() and reason.isidentifier():
        return reason
    return "unspecified"


def _retry_after(response: httpx.Response) -> float | None:
    text = response.headers.get("retry-after", "")
    return min(float(text), LONGEST_RETRY_AFTER_S) if text.isascii() and text.isdigit() else None
