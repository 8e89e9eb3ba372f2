"""An issuer of the tests' own, whose tokens say whatever a test wants them to."""

from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import ec

from onething.domain.principal import Role
from onething.security.blind_index import BlindIndex
from onething.security.identity.claims import SignedIn
from onething.security.identity.issuers import ClaimPaths, Issuer
from onething.security.identity.key_sets import FixedKeys, KeySet, public_keys
from onething.security.identity.locked_out import Lockouts
from onething.security.identity.reader import TokenReader, TrustedIssuer
from tests.security.clock import MovableClock

INDEX = BlindIndex(b"i" * 32)
NUMBER = "11010519491231002X"
GOV = Issuer(
    code="gov",
    issuer="https://sso.example",
    audience="onething-api",
    roles=frozenset({Role.OFFICER, Role.CITIZEN, Role.DEPARTMENT_SYSTEM}),
    levels={"loa1": 1, "loa2": 2},
    mfa=frozenset({"otp"}),
    claims=ClaimPaths(identity="identity_number"),
)


class Signer:
    """Signs with one P-256 key, which `keys` has under `kid`."""

    def __init__(self, kid: str = "k1") -> None:
        self.kid = kid
        self.key = ec.generate_private_key(ec.SECP256R1())

    @property
    def jwk(self) -> dict[str, Any]:
        public = jwt.algorithms.ECAlgorithm.to_jwk(self.key.public_key(), as_dict=True)
        return {**public, "kid": self.kid, "alg": "ES256", "use": "sig"}

    @property
    def keys(self) -> FixedKeys:
        return FixedKeys(public_keys({"keys": [self.jwk]}))

    def sign(self, payload: dict[str, Any], **headers: Any) -> str:
        every = {"typ": "at+jwt", "kid": self.kid, **headers}
        given = {name: value for name, value in every.items() if value is not ...}
        return jwt.encode(payload, self.key, algorithm="ES256", headers=given)


def claims(clock: MovableClock, **changes: Any) -> dict[str, Any]:
    """An officer's, as GOV gives them; `...` leaves one out."""
    now = int(clock.now().timestamp())
    whole = {
        "iss": GOV.issuer,
        "aud": GOV.audience,
        "sub": "0042",
        "jti": "t-1",
        "iat": now,
        "exp": now + 600,
        "auth_time": now - 60,
        "acr": "loa2",
        "amr": ["pwd", "otp"],
        "role": "officer",
        "department": "psb",
        "region": "330100",
        "name": "䶮𠮷",
    }
    return {name: value for name, value in (whole | changes).items() if value is not ...}


class Locked:
    """LockoutCheck that a test sets."""

    def __init__(self) -> None:
        self.lockouts = Lockouts()

    def refuse(self, signed_in: SignedIn) -> None:
        self.lockouts.refuse(signed_in)


def reader_of(
    signer: Signer, clock: MovableClock, issuer: Issuer = GOV, keys: KeySet | None = None, locked: Locked | None = None
) -> TokenReader:
    return TokenReader([TrustedIssuer(issuer, keys or signer.keys)], clock, INDEX, locked or Locked())
