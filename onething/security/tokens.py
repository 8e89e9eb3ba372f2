"""Bearer tokens: the embedded issuer's own (HS256), behind a Protocol that an OIDC reader can implement as well.

Time comes from the injected clock: pyjwt only checks signature, audience and issuer; `exp` and `nbf` are judged here.
"""

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

import jwt
from pydantic import Field, StrictInt, ValidationError

from onething.domain.base import Code, Tolerant
from onething.domain.calendar.time_source import TimeSource
from onething.domain.errors import FailureCode, OneThingError
from onething.domain.principal import Principal, Region, Role
from onething.security.keys import require_key

_ALGORITHM = "HS256"
_LAST_MOMENT = int(datetime(9999, 12, 31, tzinfo=UTC).timestamp())


class NotSignedIn(OneThingError):
    """No token, or one that is forged, foreign or expired. Never quotes the token."""

    def __init__(self, detail: str = "请先登录。") -> None:
        super().__init__(FailureCode.NOT_SIGNED_IN, detail)


@dataclass(frozen=True)
class IssuedToken:
    access_token: str
    expires_in: int  # seconds


@dataclass(frozen=True)
class SignedIn:
    """What a valid token says. A stream opened with it ends at `expires_at`."""

    principal: Principal
    expires_at: datetime
    token_id: str


class TokenReader(Protocol):
    def read(self, token: str) -> SignedIn:
        """Raises NotSignedIn."""
        ...


class Claims(Tolerant):
    """The claims that a token must carry, whoever issued it; others are ignored."""

    sub: str
    jti: str = Field(min_length=1, max_length=200)
    iat: StrictInt
    exp: StrictInt = Field(ge=0, le=_LAST_MOMENT)
    nbf: StrictInt | None = None
    role: Role
    department: Code | None = None
    region: Region
    name: str
    identity: str | None = None


class TokenIssuer:
    """The embedded stack's own issuer. Production uses OIDC instead."""

    def __init__(
        self, key: bytes, clock: TimeSource, *, issuer: str, audience: str, lifetime: timedelta = timedelta(hours=8)
    ) -> None:
        """`key`: at least 32 bytes, or ValueError. `lifetime`: a working day by default."""
        self._key = require_key("token key", key)
        self._clock = clock
        self._issuer = issuer
        self._audience = audience
        self._lifetime = int(lifetime.total_seconds())

    def issue(self, principal: Principal) -> IssuedToken:
        issued_at = int(self._clock.now().timestamp())
        claims: dict[str, Any] = {
            "iss": self._issuer,
            "aud": self._audience,
            "sub": principal.subject,
            "jti": secrets.token_urlsafe(16),
            "iat": issued_at,
            "exp": issued_at + self._lifetime,
            "role": principal.role.value,
            "department": principal.department,
            "region": principal.region,
            "name": principal.name,
        }
        if principal.identity is not None:
            claims["identity"] = principal.identity
        return IssuedToken(jwt.encode(claims, self._key, algorithm=_ALGORITHM), self._lifetime)


class EmbeddedTokenReader:
    """Reads what `TokenIssuer` wrote with the same key, issuer and audience."""

    def __init__(self, key: bytes, clock: TimeSource, *, issuer: str, audience: str) -> None:
        self._key = require_key("token key", key)
        self._clock = clock
        self._issuer = issuer
        self._audience = audience

    def read(self, token: str) -> SignedIn:
        """Whom the token signs in. Raises NotSignedIn unless it is of this issuer, for us, and in force."""
        try:
            payload = jwt.decode(
                token,
                self._key,
                algorithms=[_ALGORITHM],
                audience=self._audience,
                issuer=self._issuer,
                options={
                    "require": ["iss", "aud", "sub", "jti", "iat", "exp"],
                    "verify_exp": False,
                    "verify_nbf": False,
                    "verify_iat": False,
                },
            )
        except (jwt.PyJWTError, ValueError):
            # ValueError: pyjwt lets through what a lone surrogate raises
            raise NotSignedIn("登录凭证无效，请重新登录。") from None
        return signed_in(payload, self._clock.now())


def signed_in(payload: dict[str, Any], now: datetime) -> SignedIn:
    """What the claims of a token with a good signature say at `now`. Raises NotSignedIn."""
    try:
        claims = Claims.model_validate(payload)
        principal = Principal(
            subject=claims.sub,
            role=claims.role,
            department=claims.department,
            region=claims.region,
            name=claims.name,
            identity=claims.identity,
        )
    except ValidationError:
        # the validation error quotes the claims, a name among them
        raise NotSignedIn("登录凭证内容不完整，请重新登录。") from None
    if now.timestamp() >= claims.exp:
        raise NotSignedIn("登录已过期，请重新登录。")
    if claims.nbf is not None and now.timestamp() < claims.nbf:
        raise NotSignedIn("登录凭证尚未生效，请稍后再试。")
    return SignedIn(principal, datetime.fromtimestamp(claims.exp, UTC), claims.jti)
