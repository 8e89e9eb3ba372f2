"""Whoever reads tokens reads what two issuers gave, and nothing that resembles it."""

import traceback
from collections.abc import Callable

import pytest

from onething.domain.principal import Role
from onething.security.blind_index import BlindIndex
from onething.security.identity.claims import SignedIn
from onething.security.identity.issuers import ClaimPaths, Issuer
from onething.security.identity.key_sets import FixedKeys, public_keys
from onething.security.identity.reader import TokenReader, TrustedIssuer
from onething.security.identity.refusals import NotSignedIn
from tests.security.attacks import (
    ATTACKS,
    AUDIENCE,
    CANARY,
    CITIZEN_KEY,
    CITIZENS,
    LIFETIME_S,
    NOW,
    OFFICER_KEYS,
    PUBLISHED,
    STAFF,
    citizen_token,
    officer_token,
)
from tests.security.clock import MovableClock
from tests.security.forge import P256_ORDER, raw_signature
from tests.support import people

ISSUERS = (
    Issuer(
        code="citizens",
        issuer=CITIZENS,
        audience=AUDIENCE,
        roles=frozenset({Role.CITIZEN, Role.AGENT}),
        levels={"password": 1, "face": 2},
        claims=ClaimPaths(identity="identity_number"),
        max_lifetime_s=LIFETIME_S,
    ),
    Issuer(
        code="staff",
        issuer=STAFF,
        audience=AUDIENCE,
        algorithms=frozenset({"ES256", "EdDSA", "RS256", "PS256", "RS512"}),
        token_types=frozenset({"at+jwt", "JWT"}),
        roles=frozenset({Role.OFFICER, Role.LEADER, Role.COUNTER}),
        mfa=frozenset({"otp"}),
        max_lifetime_s=LIFETIME_S,
    ),
)


class NobodyLockedOut:
    def refuse(self, signed_in: SignedIn) -> None:
        pass


@pytest.fixture
def reader() -> TokenReader:
    trusted = [TrustedIssuer(one, FixedKeys(public_keys({"keys": PUBLISHED[one.issuer]}))) for one in ISSUERS]
    return TokenReader(trusted, MovableClock(), BlindIndex(b"i" * 32), NobodyLockedOut())


READ: dict[str, Callable[[], str]] = {
    "a citizen's": lambda: citizen_token(),
    **{f"an officer's, {name}": lambda signer=signer: officer_token(signer) for name, signer in OFFICER_KEYS.items()},
    "an officer's, of a type that its issuer may give": lambda: officer_token(header={"typ": "JWT"}),
    "the type in full": lambda: citizen_token({"typ": "application/at+jwt"}),
    "for others as well": lambda: citizen_token(aud=["urn:other:api", AUDIENCE]),
    "as long as may be": lambda: citizen_token(iat=NOW, exp=NOW + LIFETIME_S),
    "for one more second": lambda: citizen_token(exp=NOW + 1),
    "by a clock that is ahead": lambda: citizen_token(iat=NOW + 60, exp=NOW + 600),
    "valid from now": lambda: citizen_token(nbf=NOW),
    "with more than needed": lambda: citizen_token({"x": 1}, scope="api openid", more={"role": "admin"}),
}


def test_there_are_attacks_enough() -> None:
    assert len(ATTACKS) >= 200


@pytest.mark.parametrize("name", READ)
async def test_a_right_token_is_read(name: str, reader: TokenReader) -> None:
    """Each attack differs from one of these in one thing: so that thing is what it is refused for."""
    principal = (await reader.read(READ[name]())).principal
    assert (principal.subject, principal.role, principal.department, principal.region) in (
        ("citizens:u-1", Role.CITIZEN, None, people.REGION),
        ("staff:o-1", Role.OFFICER, "psb", people.REGION),
    )


async def test_a_subject_that_looks_like_another_issuers_is_nobody_elses(reader: TokenReader) -> None:
    officer = (await reader.read(officer_token())).principal
    citizen = (await reader.read(citizen_token(sub=officer.subject))).principal
    assert citizen.subject == f"citizens:{officer.subject}"


async def test_revoking_works_by_a_name_that_issuers_dont_share(reader: TokenReader) -> None:
    """`jti` is unique for its issuer only."""
    assert (await reader.read(officer_token())).token_id != (await reader.read(citizen_token())).token_id


@pytest.mark.parametrize("name", ATTACKS)
async def test_an_attack_is_not_signed_in(name: str, reader: TokenReader) -> None:
    text = ATTACKS[name]()
    await reader.read(citizen_token())  # what is remembered of a good token is of no use to another
    with pytest.raises(NotSignedIn) as failure:
        await reader.read(text)
    shown = "".join(traceback.format_exception(failure.value))
    assert CANARY not in shown
    assert people.ZHANG.id_number not in shown
    assert not text or len(text) < 20 or text not in shown


async def test_the_twin_of_a_token_is_the_same_token(reader: TokenReader) -> None:
    """With (r, order - s) a signature is as good as with (r, s): whoever revokes the one revokes both."""
    text = citizen_token()
    twin = citizen_token(sign=lambda message: _mirrored(message))
    assert twin != text
    try:
        read = await reader.read(twin)
    except NotSignedIn:
        return
    assert read.token_id == (await reader.read(text)).token_id


def _mirrored(message: bytes) -> bytes:
    r, s = CITIZEN_KEY.numbers(message)
    return raw_signature(r, P256_ORDER - s)
