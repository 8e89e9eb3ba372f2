"""Reading a token: by its issuer's key, its claims, and whether its caller is locked out. The one way in for everybody.

What verifying found is kept for a minute by the token's digest: most callers come again at once. Expiry and lockouts
are judged each time.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

import jwt
from cachetools import LRUCache
from jwt.utils import base64url_decode

from onething.domain.calendar.time_source import TimeSource
from onething.security.blind_index import BlindIndex
from onething.security.identity.claims import SignedIn, signed_in
from onething.security.identity.issuers import Issuer
from onething.security.identity.key_sets import KeySet
from onething.security.identity.refusals import NotSignedIn

_KEPT = timedelta(seconds=60)
_MOST_KEPT = 20_000
_LONGEST = 8_192
_APPLICATION = "application/"
_COMPACT = re.compile(r"([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]+)\.[A-Za-z0-9_-]+")
_VERIFIED_BY_US: Any = {
    "verify_exp": False,
    "verify_nbf": False,
    "verify_iat": False,
    "verify_sub": False,
    "verify_jti": False,
    "enforce_minimum_key_length": True,
}  # time is the injected clock's


class LockoutCheck(Protocol):
    def refuse(self, signed_in: SignedIn) -> None:
        """Raises NotSignedIn for who is locked out, IdentityUnavailable where nobody can tell."""
        ...


@dataclass(frozen=True, slots=True)
class TrustedIssuer:
    entry: Issuer
    keys: KeySet


class TokenReader:
    def __init__(
        self, issuers: Iterable[TrustedIssuer], clock: TimeSource, index: BlindIndex, lockouts: LockoutCheck
    ) -> None:
        """`index`: of the identity numbers that tokens carry, which go no further than here."""
        self._issuers = {one.entry.issuer: one for one in issuers}
        self._clock = clock
        self._index = index
        self._lockouts = lockouts
        self._kept: LRUCache[bytes, tuple[SignedIn, datetime]] = LRUCache(_MOST_KEPT)

    async def read(self, token: str) -> SignedIn:
        """Whom the token signs in. Raises NotSignedIn unless it is of an issuer that we trust, for us, in force and
        its caller is not locked out; IdentityUnavailable while that can't be told."""
        if not token:
            raise NotSignedIn
        found = await self._verified(token)
        self.still(found)
        return found

    def still(self, found: SignedIn) -> None:
        """Whether a token that was read before is in force still. Raises NotSignedIn, IdentityUnavailable as `read`."""
        if self._clock.now() >= found.expires_at:
            raise NotSignedIn("登录已过期，请重新登录。")
        self._lockouts.refuse(found)

    async def _verified(self, token: str) -> SignedIn:
        if len(token) > _LONGEST or not token.isascii():
            raise _bad()
        digest, now = hashlib.sha256(token.encode()).digest(), self._clock.now()
        kept = self._kept.get(digest)
        if kept is not None and now < kept[1]:
            return kept[0]
        issuer, payload = await self._opened(token)
        found = signed_in(payload, issuer, self._index, now)
        self._kept[digest] = found, now + _KEPT
        return found

    async def _opened(self, token: str) -> tuple[Issuer, Mapping[str, Any]]:
        """The issuer, and what stands in a token with its signature, for our audience."""
        try:
            header, unproved = _parts(token)
            trusted = self._issuers[unproved["iss"]]
            algorithm = _acceptable(header, trusted.entry)
            key = await trusted.keys.key(header["kid"])
            if key is None or key.algorithm_name != algorithm:
                raise _bad()
            payload = jwt.decode(
                token,
                key,
                algorithms=[algorithm],
                audience=trusted.entry.audience,
                issuer=trusted.entry.issuer,
                options=_VERIFIED_BY_US,
            )
        except (jwt.PyJWTError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
            # what is no token at all can make the library stumble in many ways
            raise _bad() from None
        return trusted.entry, payload


def _parts(token: str) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """Header and claims as everybody reads them: of what is said twice some take the first and the library the last;
    it also takes other encodings than UTF-8, and padding. Raises NotSignedIn, ValueError, RecursionError."""
    written = _COMPACT.fullmatch(token)
    if written is None:
        raise _bad()
    header, claims = (json.loads(base64url_decode(part).decode(), object_pairs_hook=_once) for part in written.groups())
    if not isinstance(header, dict) or not isinstance(claims, dict):
        raise _bad()
    return header, claims


def _once(members: list[tuple[str, object]]) -> object:
    """Raises NotSignedIn where a member is there twice."""
    found = dict(members)
    if len(found) < len(members):
        raise _bad()
    return found


def _acceptable(header: Mapping[str, object], issuer: Issuer) -> str:
    """Its algorithm. Keys that the token itself brings along or points to are not looked at. Raises NotSignedIn."""
    algorithm, kind, kid = header.get("alg"), header.get("typ"), header.get("kid")
    if "crit" in header or "b64" in header or "zip" in header or "enc" in header:
        raise _bad()
    if algorithm not in issuer.algorithms or not isinstance(kid, str) or not isinstance(kind, str):
        raise _bad()
    if kind.lower().removeprefix(_APPLICATION) not in issuer.token_types:
        raise _bad()
    return str(algorithm)


def _bad() -> NotSignedIn:
    return NotSignedIn("登录凭证无效，请重新登录。")
