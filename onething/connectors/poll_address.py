"""Where a source says that its answer will be (RFC 9110, 15.3.3: a status monitor).

It may name a place of its own only: what it names is asked with our credentials, from inside our network.
"""

from typing import Protocol
from urllib.parse import unquote

import httpx

LONGEST = 1000


class StatusAddresses(Protocol):
    """What was told is kept where the next attempt finds it, whichever worker makes it."""

    async def of(self, key: str) -> str | None: ...
    async def keep(self, key: str, address: str, minutes: int) -> None: ...
    async def forget(self, key: str) -> None: ...


def own_address(base: httpx.URL, under: str, requested: httpx.URL, location: str) -> str | None:
    """The address that `location`, an answer to `requested`, means: path and query as seen from `base`.

    None unless it is at or below the path `under` of the same host.
    """
    if len(location) > LONGEST or not location.isascii() or not location.isprintable() or set(location) & set(' \\"<>'):
        return None
    try:
        told = requested.join(location)
    except httpx.InvalidURL:
        return None
    origins = [(url.scheme, url.host, url.port, url.userinfo) for url in (base, told)]
    path, _, query = told.raw_path.decode("ascii").partition("?")
    own = base.raw_path.decode("ascii").rstrip("/")
    below = path == own + under or path.startswith(f"{own}{under}/")
    if origins[0] != origins[1] or told.fragment or not below or _leads_elsewhere(path):
        return None
    return path[len(own) :] + (f"?{query}" if query else "")


def _leads_elsewhere(path: str) -> bool:
    """Somebody on the way may take an encoded dot or slash for a plain one."""
    segments = [unquote(segment) for segment in path.split("/")]
    return any(segment in (".", "..") or set(segment) & set("/\\") or "%" in segment for segment in segments)
