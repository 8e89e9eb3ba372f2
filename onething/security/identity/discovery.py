"""What an issuer says of itself (OpenID Connect Discovery), and answers of JSON: short, soon, from where we asked."""

from collections.abc import Mapping

import httpx
import orjson

from onething.security.identity.issuers import Issuer

_MOST_BYTES = 256 * 1024
_PATIENCE_S = 5.0
_PATH = "/.well-known/openid-configuration"


async def discovery(http: httpx.AsyncClient, issuer: Issuer) -> Mapping[str, object]:
    """Raises httpx.HTTPError, httpx.InvalidURL, ValueError."""
    document = await fetched(http, "GET", issuer.issuer.rstrip("/") + _PATH)
    if document.get("issuer") != issuer.issuer:
        raise ValueError("the document is another issuer's")
    return document


async def fetched(
    http: httpx.AsyncClient, method: str, url: str, fields: Mapping[str, str] | None = None
) -> Mapping[str, object]:
    """The object that is answered. Raises httpx.HTTPError (httpx.HTTPStatusError for a refusal), httpx.InvalidURL,
    ValueError for what is too long, redirected, or no object."""
    body = b""
    async with http.stream(method, url, data=fields, follow_redirects=False, timeout=_PATIENCE_S) as answer:
        answer.raise_for_status()
        if answer.is_redirect:
            raise ValueError("redirected")
        async for part in answer.aiter_bytes():
            body += part
            if len(body) > _MOST_BYTES:
                raise ValueError("too long")
    found = orjson.loads(body)
    if not isinstance(found, dict):
        raise ValueError("no object")
    return found
