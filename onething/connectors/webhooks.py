"""One POST to a subscriber. Only to where it may go: https in the public network, or hosts that the operator named."""

import asyncio
import logging
import socket
from collections.abc import Collection, Mapping

import httpx

from onething.security.addresses import is_public

log = logging.getLogger(__name__)

_TIMEOUT_S = 10.0
_LOOKED_UP_WITHIN_S = 3.0
_GONE = 410


class Undelivered(Exception):
    """Why, in words that hold nothing of what was sent or answered. `gone`: the subscriber wants no more (410)."""

    def __init__(self, why: str, *, gone: bool = False) -> None:
        super().__init__(why)
        self.why = why
        self.gone = gone


class WebhookClient:
    """Follows no redirects, reads no answers. `allowed`: hosts (`host` or `host:port`) that may be of the private
    network, and be spoken to without TLS."""

    def __init__(self, allowed: Collection[str] = (), transport: httpx.AsyncBaseTransport | None = None) -> None:
        self._allowed = frozenset(allowed)
        self._http = httpx.AsyncClient(timeout=_TIMEOUT_S, follow_redirects=False, trust_env=False, transport=transport)

    async def aclose(self) -> None:
        await self._http.aclose()

    async def post(self, url: str, headers: Mapping[str, str], body: bytes) -> None:
        """Raises Undelivered unless the answer is a 2xx."""
        try:
            async with asyncio.timeout(_TIMEOUT_S):
                request = await self._request(httpx.URL(url), headers, body)
                answer = await self._http.send(request, stream=True)
                await answer.aclose()
        except (httpx.HTTPError, TimeoutError, OSError) as failure:
            raise Undelivered(type(failure).__name__) from None
        if not answer.is_success:
            raise Undelivered(f"HTTP {answer.status_code}", gone=answer.status_code == _GONE)

    async def _request(self, url: httpx.URL, headers: Mapping[str, str], body: bytes) -> httpx.Request:
        if is_allowed(url, self._allowed):
            return self._http.build_request("POST", url, headers=headers, content=body)
        if url.scheme != "https":
            raise Undelivered("not https")
        # the address that was looked at is the one that is spoken to: a name may resolve to another a moment later
        address = await _public_address(url.host, url.port or 443)
        return self._http.build_request(
            "POST",
            url.copy_with(host=address),
            headers={**headers, "Host": url.netloc.decode("ascii")},
            content=body,
            extensions={"sni_hostname": url.host},
        )


def is_allowed(url: httpx.URL, allowed: Collection[str]) -> bool:
    """Whether the operator named this host."""
    return url.host in allowed or url.netloc.decode("ascii") in allowed


async def leads_inside(host: str) -> bool:
    """Whether an address or name is known to lead into the private network, now: it may be another when something is
    sent, and is looked at again. False for a name that is unknown, or not known in time."""
    try:
        async with asyncio.timeout(_LOOKED_UP_WITHIN_S):
            return not all(map(is_public, await _addresses(host, 443)))
    except (OSError, TimeoutError, UnicodeError):
        return False


async def _public_address(host: str, port: int) -> str:
    addresses = await _addresses(host, port)
    if not addresses or not all(map(is_public, addresses)):
        raise Undelivered("not a public address")
    return addresses[0]


async def _addresses(host: str, port: int) -> list[str]:
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(one[4][0]) for one in found]
