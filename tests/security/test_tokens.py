"""Tokens: what was issued is read back until it expires by the injected clock; anything else is not signed in."""

import base64
import json
import traceback
from datetime import timedelta
from typing import Any

import jwt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from onething.domain.errors import FailureCode
from onething.domain.principal import DEPARTMENT_ROLES, Principal, Role
from onething.security.tokens import EmbeddedTokenReader, NotSignedIn, TokenIssuer
from tests.security.clock import MovableClock
from tests.support import people

KEY = b"t" * 32
clock = MovableClock()
issuer = TokenIssuer(KEY, clock, issuer="onething", audience="onething-api")
reader = EmbeddedTokenReader(KEY, clock, issuer="onething", audience="onething-api")
officer = people.officer("psb").model_copy(update={"name": "䶮𠮷👮"})


@st.composite
def callers(draw: st.DrawFn) -> Principal:
    role = draw(st.sampled_from(Role))
    return Principal(
        subject=draw(st.text(min_size=1, max_size=50)),
        role=role,
        department="psb" if role in DEPARTMENT_ROLES else None,
        region=draw(st.from_regex(r"[0-9]{6}", fullmatch=True)),
        name=draw(st.text(min_size=1, max_size=50)),
    )


@given(caller=callers())
def test_a_caller_comes_back_whole(caller: Principal) -> None:
    issued = issuer.issue(caller)
    read = reader.read(issued.access_token)
    assert read.principal == caller
    assert read.expires_at == clock.now() + timedelta(seconds=issued.expires_in)


def test_a_token_lives_by_the_injected_clock() -> None:
    own_clock = MovableClock()
    own_issuer = TokenIssuer(KEY, own_clock, issuer="onething", audience="onething-api", lifetime=timedelta(minutes=10))
    own_reader = EmbeddedTokenReader(KEY, own_clock, issuer="onething", audience="onething-api")
    token = own_issuer.issue(officer).access_token
    own_clock.move(minutes=9, seconds=59.9)
    own_reader.read(token)
    own_clock.move(seconds=0.1)
    with pytest.raises(NotSignedIn, match="过期") as failure:
        own_reader.read(token)
    assert failure.value.code is FailureCode.NOT_SIGNED_IN


def test_every_token_has_its_own_id() -> None:
    assert len({reader.read(issuer.issue(officer).access_token).token_id for _ in range(50)}) == 50


def _payload(**changes: Any) -> dict[str, Any]:
    token = issuer.issue(officer).access_token
    claims: dict[str, Any] = jwt.decode(token, options={"verify_signature": False})
    return {name: value for name, value in (claims | changes).items() if value is not ...}


def _signed(**changes: Any) -> str:
    return jwt.encode(_payload(**changes), KEY, algorithm="HS256")


@pytest.mark.parametrize("claim", ["iss", "aud", "sub", "jti", "iat", "exp", "role", "region", "name"])
def test_every_claim_is_needed(claim: str) -> None:
    with pytest.raises(NotSignedIn):
        reader.read(_signed(**{claim: ...}))


@pytest.mark.parametrize(
    "changes",
    [
        {"iss": "somebody-else"},
        {"aud": "another-api"},
        {"role": "emperor"},
        {"role": "citizen"},  # with a department
        {"department": None},  # an officer without one
        {"department": "../psb"},
        {"region": "hangzhou"},
        {"exp": "9999999999"},
        {"exp": 9999999999.5},
        {"exp": float("nan")},
        {"exp": 10**30},
        {"exp": True},
        {"sub": ""},
    ],
)
def test_a_claim_that_does_not_fit_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(NotSignedIn):
        reader.read(_signed(**changes))


def test_a_token_is_not_valid_before_its_time() -> None:
    now = int(clock.now().timestamp())
    reader.read(_signed(nbf=now))
    with pytest.raises(NotSignedIn):
        reader.read(_signed(nbf=now + 1))


def test_unknown_claims_are_ignored() -> None:
    assert reader.read(_signed(scope="openid")).principal == officer


def test_another_key_is_refused() -> None:
    forged = TokenIssuer(b"f" * 32, clock, issuer="onething", audience="onething-api").issue(officer)
    with pytest.raises(NotSignedIn):
        reader.read(forged.access_token)


@pytest.mark.parametrize("algorithm", ["HS384", "HS512"])
def test_another_algorithm_is_refused(algorithm: str) -> None:
    with pytest.raises(NotSignedIn):
        reader.read(jwt.encode(_payload(), KEY * 2, algorithm=algorithm))


def test_an_unsigned_token_is_refused() -> None:
    with pytest.raises(NotSignedIn):
        reader.read(jwt.encode(_payload(), "", algorithm="none"))


def test_a_changed_payload_is_refused() -> None:
    header, _, signature = issuer.issue(officer).access_token.split(".")
    promoted = base64.urlsafe_b64encode(json.dumps(_payload(role="leader")).encode()).rstrip(b"=").decode()
    with pytest.raises(NotSignedIn):
        reader.read(f"{header}.{promoted}.{signature}")


@given(garbage=st.one_of(st.text(), st.from_regex(r"[A-Za-z0-9_-]{0,20}\.[A-Za-z0-9_-]{0,20}\.[A-Za-z0-9_-]{0,20}")))
def test_garbage_is_not_signed_in(garbage: str) -> None:
    with pytest.raises(NotSignedIn):
        reader.read(garbage)


DEEP = base64.urlsafe_b64encode(b"[" * 30_000).decode()


@pytest.mark.parametrize(
    "garbage", [f"{DEEP}.{DEEP}.{DEEP}", "\ud800.a.b", "é.é.é", "eyJhbGciOiJIUzI1NiJ9.e30.é", "a" * 100_000, "\x00"]
)
def test_odd_garbage_is_not_signed_in(garbage: str) -> None:
    with pytest.raises(NotSignedIn):
        reader.read(garbage)


def test_failures_quote_nothing() -> None:
    token = _signed(region="SECRETREGION", name="SECRETNAME")
    with pytest.raises(NotSignedIn) as failure:
        reader.read(token)
    shown = "".join(traceback.format_exception(failure.value))
    assert "SECRET" not in shown
    assert token not in shown
    assert officer.name not in repr(officer)


def test_a_short_key_is_refused() -> None:
    with pytest.raises(ValueError, match="5 bytes"):
        TokenIssuer(b"short", clock, issuer="i", audience="a")
    with pytest.raises(ValueError, match="5 bytes"):
        EmbeddedTokenReader(b"short", clock, issuer="i", audience="a")
