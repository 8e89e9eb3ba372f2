"""The provider that the other tests trust: what it gives is what the standards say, and what a reader needs."""

import time
from typing import Any

import jwt
import pytest

from tests.support.oidc import ACCOUNTS, RESOURCE, SYSTEMS, Grant, OidcProvider, Refused, running_provider

TEN_MINUTES = 600


async def read(provider: OidcProvider, token: str, audience: str = RESOURCE) -> dict[str, Any]:
    """The claims of a token with a good signature by a key that the provider publishes."""
    keys = jwt.PyJWKSet.from_dict(await provider.jwks())
    header = jwt.get_unverified_header(token)
    key = keys[header["kid"]]
    claims: dict[str, Any] = jwt.decode(token, key, [header["alg"]], audience=audience, issuer=provider.issuer)
    return claims


async def test_discovery_says_what_a_reader_needs(oidc_provider: OidcProvider) -> None:
    said = await oidc_provider.discovery()
    assert (said["issuer"], said["jwks_uri"]) == (oidc_provider.issuer, f"{oidc_provider.issuer}/jwks")
    assert "S256" in said["code_challenge_methods_supported"]
    assert "private_key_jwt" in said["token_endpoint_auth_methods_supported"]
    assert said["authorization_response_iss_parameter_supported"] is True
    assert said["backchannel_logout_supported"] is True
    keys = (await oidc_provider.jwks())["keys"]
    assert {(key["kty"], key["crv"]) for key in keys} == {("EC", "P-256"), ("OKP", "Ed25519")}
    assert all(key["use"] == "sig" and key["kid"] and "d" not in key for key in keys)


@pytest.mark.parametrize("account", ["zhang", "officer"])
async def test_a_person_gets_an_access_token_that_says_who_it_is(oidc_provider: OidcProvider, account: str) -> None:
    before = int(time.time())
    grant = await oidc_provider.sign_in(account)
    header = jwt.get_unverified_header(grant.access_token)
    assert (header["typ"], header["alg"]) == ("at+jwt", "ES256")
    claims = await read(oidc_provider, grant.access_token)
    assert claims.items() >= {"sub": account, **ACCOUNTS[account]}.items()
    assert before <= claims["auth_time"] <= claims["iat"] <= time.time()
    assert claims["exp"] - claims["iat"] == grant.expires_in == TEN_MINUTES


@pytest.mark.parametrize("client", SYSTEMS)
async def test_a_system_gets_one_for_what_it_signed(oidc_provider: OidcProvider, client: str) -> None:
    algorithm, expected = SYSTEMS[client]
    grant = await oidc_provider.sign_in_system(client)
    assert jwt.get_unverified_header(grant.access_token)["alg"] == algorithm
    claims = await read(oidc_provider, grant.access_token)
    assert claims.items() >= {"sub": client, **expected}.items()
    assert "auth_time" not in claims  # nobody was there
    assert grant.refresh_token is None


async def test_what_is_refreshed_keeps_the_moment_of_the_sign_in_until_it_is_revoked(
    oidc_provider: OidcProvider,
) -> None:
    first = await oidc_provider.sign_in("zhang")
    second = await oidc_provider.refresh(_refresh_token(first))
    claims = [await read(oidc_provider, grant.access_token) for grant in (first, second)]
    assert claims[0]["auth_time"] == claims[1]["auth_time"]
    assert claims[0]["jti"] != claims[1]["jti"]
    await oidc_provider.revoke(_refresh_token(second))
    with pytest.raises(Refused) as refusal:
        await oidc_provider.refresh(_refresh_token(second))
    assert refusal.value.error == "invalid_grant"


async def test_the_id_token_says_as_much_and_is_made_for_the_client(oidc_provider: OidcProvider) -> None:
    """So a reader has only type and audience to tell the two apart."""
    id_token = (await oidc_provider.sign_in("officer")).id_token
    assert id_token is not None
    assert jwt.get_unverified_header(id_token).get("typ", "JWT") == "JWT"
    claims = await read(oidc_provider, id_token, audience="pages")
    assert (claims["role"], claims["department"]) == ("officer", "psb")


async def test_keys_change_in_two_steps() -> None:
    with running_provider() as provider:
        old = (await provider.sign_in_system("system.psb")).access_token
        await provider.rotate_keys()
        new = (await provider.sign_in_system("system.psb")).access_token
        assert _kid(old) != _kid(new)
        for token in (old, new):
            await read(provider, token)
        await provider.retire_old_keys()
        await read(provider, new)
        with pytest.raises(KeyError):
            await read(provider, old)
        assert await provider.requests("/jwks") == 4


async def test_who_was_signed_in_before_the_keys_changed_still_is() -> None:
    with running_provider() as provider:
        grant = await provider.sign_in("zhang")
        await provider.rotate_keys()
        await provider.retire_old_keys()
        claims = await read(provider, (await provider.refresh(_refresh_token(grant))).access_token)
        assert claims["sub"] == "zhang"


def _kid(token: str) -> str:
    return str(jwt.get_unverified_header(token)["kid"])


def _refresh_token(grant: Grant) -> str:
    assert grant.refresh_token is not None
    return grant.refresh_token
