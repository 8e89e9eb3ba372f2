"""One POST to a counterpart, and what its answer means, whoever it is."""

import asyncio
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

import httpx
import orjson

from onething.connectors.breaker import BreakerPolicy
from onething.connectors.gate import LIMIT_RETRY_S, Gate
from onething.domain.outside import Cause, Done, Refused, SourceAnswerMalformed, SourceUnavailable
from onething.domain.timing import Clock

logger = logging.getLogger(__name__)

LONGEST_RETRY_AFTER_S = 3600.0
LONGEST_REASON = 60
CONNECT_TIMEOUT_S = 2.0

NO_HEADERS: Mapping[str, str] = {}

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Counterpart:
    """Who is asked. `name` appears in logs and errors, and counterparts of one name share a breaker and a limit."""

    name: str
    timeout_s: float = 5.0
    max_concurrent: int = 50


class Caller:
    """One shared pool of connections; make one for each process and close it at the end.

    200 is read, 202 means not yet, 4xx with `{"refused": true}` is a refusal; 408, 425, 429, 5xx, timeouts and broken
    connections are unavailability; all else is malformed. Exceptions and logs hold the counterpart and the key only.
    """

    def __init__(
        self,
        base_url: str,
        clock: Clock,
        *,
        policy: BreakerPolicy | None = None,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self._clock = clock
        self._policy = policy or BreakerPolicy()
        self._gates: dict[str, Gate] = {}
        self._client = httpx.AsyncClient(
            base_url=base_url,
            transport=transport,
            limits=httpx.Limits(max_connections=400, max_keepalive_connections=100, keepalive_expiry=30),
            trust_env=False,  # settings only: a proxy of the environment is not for department networks
        )

    async def aclose(self) -> None:
        await self._client.aclose()

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
        try:
            with self._gate(who).attempt():
                response = await self._send(who, path, body, key, headers)
                return _judge(who, response, read)
        except (SourceUnavailable, SourceAnswerMalformed) as error:
            logger.info("%s, key %s: %s", who.name, key, getattr(error, "cause", error.code))
            raise

    def _gate(self, who: Counterpart) -> Gate:
        gate = self._gates.get(who.name)
        if gate is None:
            gate = self._gates[who.name] = Gate(who.name, who.max_concurrent, self._policy, self._clock)
        return gate

    async def _send(
        self, who: Counterpart, path: str, body: Mapping[str, object], key: str, headers: Mapping[str, str]
    ) -> httpx.Response:
        # `from None`: httpx's errors carry the request, and with it what must not travel into a failure's chain.
        try:
            async with asyncio.timeout(who.timeout_s):
                return await self._client.post(
                    path,
                    content=orjson.dumps(body),
                    headers={**headers, "Idempotency-Key": key, "Content-Type": "application/json"},
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
