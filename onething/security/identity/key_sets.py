"""Where issuers' public keys come from: a file read once, or an address asked now and then (RFC 7517)."""

import asyncio
import logging
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Protocol

import httpx
import jwt
import orjson
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from onething.security.identity.discovery import discovery, fetched
from onething.security.identity.issuers import Issuer, IssuersUnusable, require_safe
from onething.security.identity.refusals import IdentityUnavailable

log = logging.getLogger(__name__)

FRESH_S = 300.0
"""After so long the keys are fetched anew: a key that the issuer took out is refused from then on."""
UNKNOWN_EVERY_S = 30.0
"""A key that is not known makes us ask again, but no more often; nor is an issuer that is away asked more often."""
KEPT_S = 24 * 3600.0
"""So long the last keys serve while the issuer can't be reached."""
_LEAST_RSA_BITS = 2048

Keys = Mapping[str, jwt.PyJWK]
MonotonicClock = Callable[[], float]
"""In seconds."""


class KeySet(Protocol):
    async def key(self, kid: str) -> jwt.PyJWK | None:
        """Raises IdentityUnavailable while the issuer's keys are not to be had."""
        ...


class FixedKeys:
    def __init__(self, keys: Keys) -> None:
        self._keys = keys

    @classmethod
    def of_file(cls, file: Path) -> "FixedKeys":
        """Raises IssuersUnusable."""
        try:
            return cls(public_keys(orjson.loads(file.read_bytes())))
        except (OSError, ValueError):
            raise IssuersUnusable(f"{file} 读不了或不是 JWKS（RFC 7517）：请从签发方重新取一份公钥。") from None

    async def key(self, kid: str) -> jwt.PyJWK | None:
        return self._keys.get(kid)


class RemoteKeys:
    """Fetched when first needed, and then kept. Of many who need them at once one fetches."""

    def __init__(self, issuer: Issuer, http: httpx.AsyncClient, seconds: MonotonicClock) -> None:
        self._issuer = issuer
        self._http = http
        self._seconds = seconds
        self._keys: Keys = {}
        self._fetched_at: float | None = None
        self._tried_at: float | None = None
        self._sought_at: float | None = None  # because of a key that was not known
        self._turn = asyncio.Lock()

    async def key(self, kid: str) -> jwt.PyJWK | None:
        """Raises IdentityUnavailable where there are none, or none of the last day."""
        known = kid in self._keys
        if (not known or self._needs_fetching(kid)) and not (known and self._turn.locked()):
            async with self._turn:  # who doesn't know the key waits for whoever is asking already
                if self._needs_fetching(kid):
                    await self._fetch(kid)
        if self._fetched_at is None or self._seconds() - self._fetched_at > KEPT_S:
            raise IdentityUnavailable
        return self._keys.get(kid)

    def _needs_fetching(self, kid: str) -> bool:
        """Looks for news and looks for a key are counted apart: one that signs since a moment ago is found at once,
        however lately we looked for news."""
        if self._fetched_at is None or self._seconds() - self._fetched_at > FRESH_S:
            return self._is_past(self._tried_at)
        return kid not in self._keys and self._is_past(self._sought_at)

    def _is_past(self, moment: float | None) -> bool:
        return moment is None or self._seconds() - moment >= UNKNOWN_EVERY_S

    async def _fetch(self, kid: str) -> None:
        """What can't be fetched leaves things as they were."""
        self._tried_at = self._seconds()
        if self._fetched_at is not None and kid not in self._keys:
            self._sought_at = self._tried_at
        try:
            url = self._issuer.jwks_url or await self._discovered()
            keys = public_keys(await self._get(url))
        except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
            log.warning(
                "keys of an issuer could not be fetched",
                extra={"issuer": self._issuer.code, "reason": type(error).__name__},
            )
            return
        self._keys, self._fetched_at = keys, self._seconds()

    async def _discovered(self) -> str:
        url = (await discovery(self._http, self._issuer)).get("jwks_uri")
        if not isinstance(url, str):
            raise ValueError("the document names no keys")
        require_safe(url)
        return url

    async def _get(self, url: str) -> Mapping[str, object]:
        return await fetched(self._http, "GET", url)


def public_keys(jwks: Any) -> Keys:
    """By `kid`; what is for something else than signing, of a kind that we don't know, or too short is left out.
    ValueError unless it is a key set."""
    entries = jwks.get("keys") if isinstance(jwks, dict) else None
    if not isinstance(entries, list):
        raise ValueError("no key set")
    found = {}
    for entry in entries:
        if not isinstance(entry, dict) or not isinstance(entry.get("kid"), str) or entry.get("kty") == "oct":
            continue
        if entry.get("use", "sig") != "sig":
            continue
        try:
            key = jwt.PyJWK(entry)
        except (jwt.PyJWTError, ValueError, TypeError, KeyError):
            continue
        if isinstance(key.key, RSAPublicKey) and key.key.key_size < _LEAST_RSA_BITS:
            continue
        found[entry["kid"]] = key
    return found
