"""Keys of a real provider: fetched over HTTP where its discovery document says, seldom, and kept while it is away."""

from collections.abc import AsyncIterator

import httpx
import jwt
import pytest

from onething.security.identity.issuers import Issuer
from onething.security.identity.key_sets import KEPT_S, UNKNOWN_EVERY_S, RemoteKeys
from onething.security.identity.refusals import IdentityUnavailable
from tests.support.oidc import RESOURCE, OidcProvider, running_provider


class Seconds:
    """A monotonic clock that the test moves."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
async def http() -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient() as client:
        yield client


def keys_of(provider: OidcProvider, http: httpx.AsyncClient, seconds: Seconds) -> RemoteKeys:
    return RemoteKeys(Issuer(code="city", issuer=provider.issuer, audience=RESOURCE), http, seconds)


async def kid_of_now(provider: OidcProvider) -> str:
    """Of the key that it signs with."""
    token = (await provider.sign_in_system("system.psb")).access_token
    return str(jwt.get_unverified_header(token)["kid"])


async def test_forged_names_of_keys_make_us_ask_once_in_half_a_minute(http: httpx.AsyncClient) -> None:
    with running_provider() as provider:
        seconds = Seconds()
        keys = keys_of(provider, http, seconds)
        good = await kid_of_now(provider)
        assert await keys.key(good) is not None
        for minute in range(1, 4):
            for number in range(20):
                assert await keys.key(f"forged-{number}") is None
                assert await keys.key(good) is not None
            assert await provider.requests("/jwks") == 1 + minute
            seconds.now += UNKNOWN_EVERY_S


async def test_a_new_key_is_known_at_once_though_keys_were_fetched_a_moment_ago(http: httpx.AsyncClient) -> None:
    with running_provider() as provider:
        keys = keys_of(provider, http, Seconds())
        old = await kid_of_now(provider)
        assert await keys.key(old) is not None
        await provider.rotate_keys()
        new = await kid_of_now(provider)
        assert new != old
        assert await keys.key(new) is not None
        assert await keys.key(old) is not None


async def test_while_the_provider_is_away_its_last_keys_serve_for_a_day(http: httpx.AsyncClient) -> None:
    seconds = Seconds()
    with running_provider() as provider:
        keys = keys_of(provider, http, seconds)
        good = await kid_of_now(provider)
        assert await keys.key(good) is not None
    seconds.now += KEPT_S
    assert await keys.key(good) is not None
    seconds.now += 1
    with pytest.raises(IdentityUnavailable):
        await keys.key(good)
