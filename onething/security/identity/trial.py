"""The embedded stack's own issuer, for trying things out: one key of its own, read by the same reader as all others."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import timedelta

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from onething.domain.calendar.time_source import TimeSource
from onething.domain.identity import IdType
from onething.domain.principal import Principal, Role
from onething.security.identity.issuers import ClaimPaths, Issuer
from onething.security.identity.key_sets import FixedKeys, public_keys
from onething.security.identity.reader import TrustedIssuer
from onething.security.keys import decode_key

CODE = "trial"
_ISSUER = "urn:onething:trial"
_AUDIENCE = "onething-api"
_ALGORITHM = "ES256"
_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551  # of the curve P-256
_MFA = "otp"
_WORKING_DAY = timedelta(hours=8)


class TrialIssuer(Issuer):
    """Its callers go by the names of their accounts. Those of all others have a code before them, so nobody's is the
    same."""

    def subject(self, sub: str) -> str:
        return sub


@dataclass(frozen=True)
class IssuedToken:
    access_token: str
    expires_in: int  # seconds


class TokenIssuer:
    def __init__(self, key: bytes, clock: TimeSource, *, lifetime: timedelta = _WORKING_DAY) -> None:
        """`key`: 32 bytes that the private key is made of."""
        scalar = int.from_bytes(hashlib.sha512(b"onething/trial-token\0" + key).digest()) % (_ORDER - 1) + 1
        self._key = ec.derive_private_key(scalar, ec.SECP256R1())
        self._clock = clock
        self._lifetime = int(lifetime.total_seconds())
        public = jwt.algorithms.ECAlgorithm.to_jwk(self._key.public_key(), as_dict=True)
        raw = self._key.public_key().public_bytes(
            serialization.Encoding.X962, serialization.PublicFormat.CompressedPoint
        )
        self._kid = hashlib.sha256(raw).hexdigest()[:16]
        self.jwks = {"keys": [{**public, "kid": self._kid, "alg": _ALGORITHM, "use": "sig"}]}

    @classmethod
    def from_setting(cls, text: str, clock: TimeSource) -> "TokenIssuer":
        """From base64 of 32 bytes. Raises ValueError without quoting it."""
        return cls(decode_key("trial token key", text), clock)

    @property
    def trusted(self) -> TrustedIssuer:
        """As the reader trusts it: with all roles but those of our own processes."""
        entry = TrialIssuer(
            code=CODE,
            issuer=_ISSUER,
            audience=_AUDIENCE,
            roles=frozenset(Role) - {Role.WORKER},
            claims=ClaimPaths(identity="identity_number", identity_kind="identity_kind"),
            levels={str(level): level for level in range(4)},
            mfa=frozenset({_MFA}),
            max_lifetime_s=int(_WORKING_DAY.total_seconds()),
            jwks_url="https://not.fetched.invalid/",
        )
        return TrustedIssuer(entry, FixedKeys(public_keys(self.jwks)))

    def issue(
        self,
        principal: Principal,
        identity_number: str | None = None,
        identity_kind: IdType = IdType.RESIDENT_ID,
    ) -> IssuedToken:
        """For a caller who signs in now. `identity_number`: which they have proved, of a paper of `identity_kind`."""
        now = int(self._clock.now().timestamp())
        assured = principal.assurance
        claims: dict[str, object] = {
            "iss": _ISSUER,
            "aud": _AUDIENCE,
            "sub": principal.subject,
            "jti": secrets.token_urlsafe(16),
            "iat": now,
            "exp": now + self._lifetime,
            "auth_time": now,
            "acr": str(assured.level),
            "amr": ["pwd", _MFA] if assured.mfa else ["pwd"],
            "role": principal.role.value,
            "department": principal.department,
            "region": principal.region,
            "name": principal.name,
        }
        if principal.outlets is not None:
            too = [f"region:{principal.region}"] if principal.outlets.region_too else []
            claims["scopes"] = [*(f"outlet:{code}" for code in principal.outlets.own), *too]
        if identity_number is not None:
            claims |= {"identity_number": identity_number, "identity_kind": identity_kind.value}
        headers = {"typ": "at+jwt", "kid": self._kid}
        return IssuedToken(jwt.encode(claims, self._key, algorithm=_ALGORITHM, headers=headers), self._lifetime)
