"""Public keys: fetched when needed, kept while the issuer is away, never because a stranger asks for it."""

import asyncio
from typing import Any

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from onething.security.identity.key_sets import FRESH_S, KEPT_S, UNKNOWN_EVERY_S, RemoteKeys, public_keys
from onething.security.identity.refusals import IdentityUnavailable
from tests.security.identity.signing import GOV, Signer

DISCOVERY = "https://sso.example/.well-known/openid-configuration"


class Provider:
    """Answers like an issuer, and counts."""

    def __init__(self) -> None:
        self.keys = [Signer("k1").jwk]
        self.asked: list[str] = []
        self.away = False
        self.document: dict[str, Any] = {"issuer": GOV.issuer, "jwks_uri": "https://sso.example/jwks"}
        self.body: bytes | None = None
        self.now = 1000.0

    async def answer(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(str(request.url))
        await asyncio.sleep(0)
        if self.away:
            raise httpx.ConnectError("away")
        if str(request.url) == DISCOVERY:
            return httpx.Response(200, json=self.document)
        return httpx.Response(200, content=self.body) if self.body else httpx.Response(200, json={"keys": self.keys})

    def remote(self, **changes: Any) -> RemoteKeys:
        http = httpx.AsyncClient(transport=httpx.MockTransport(self.answer))
        return RemoteKeys(GOV.model_copy(update=changes), http, lambda: self.now)


async def test_they_are_found_by_discovery_and_fetched_once_for_many() -> None:
    provider = Provider()
    keys = provider.remote()
    found = await asyncio.gather(*(keys.key("k1") for _ in range(50)))
    assert all(found)
    assert provider.asked == [DISCOVERY, "https://sso.example/jwks"], provider.asked


async def test_an_unknown_key_makes_us_ask_once_in_half_a_minute() -> None:
    provider = Provider()
    keys = provider.remote(jwks_url="https://sso.example/jwks")
    assert await keys.key("k1") is not None
    provider.keys.append(Signer("k2").jwk)
    provider.now += UNKNOWN_EVERY_S
    assert await keys.key("k2") is not None
    for number in range(100):
        assert await keys.key(f"forged-{number}") is None
    assert len(provider.asked) == 2
    provider.now += UNKNOWN_EVERY_S
    assert await keys.key("forged") is None
    assert len(provider.asked) == 3


async def test_a_key_that_was_taken_out_is_refused_soon() -> None:
    provider = Provider()
    keys = provider.remote(jwks_url="https://sso.example/jwks")
    assert await keys.key("k1") is not None
    provider.keys = [Signer("k2").jwk]
    provider.now += FRESH_S - 1
    assert await keys.key("k1") is not None
    provider.now += 2
    assert await keys.key("k1") is None


async def test_the_last_keys_serve_for_a_day() -> None:
    provider = Provider()
    keys = provider.remote(jwks_url="https://sso.example/jwks")
    assert await keys.key("k1") is not None
    provider.away = True
    provider.now += KEPT_S
    assert await keys.key("k1") is not None
    provider.now += 1
    with pytest.raises(IdentityUnavailable):
        await keys.key("k1")
    provider.away = False
    provider.now += UNKNOWN_EVERY_S
    assert await keys.key("k1") is not None


async def test_an_issuer_that_was_never_there_lets_nobody_in() -> None:
    provider = Provider()
    provider.away = True
    with pytest.raises(IdentityUnavailable):
        await provider.remote().key("k1")


@pytest.mark.parametrize(
    "document",
    [
        {"issuer": "https://other.example", "jwks_uri": "https://sso.example/jwks"},
        {"issuer": GOV.issuer, "jwks_uri": "http://sso.example/jwks"},
        {"issuer": GOV.issuer, "jwks_uri": "file:///etc/passwd"},
        {"issuer": GOV.issuer},
    ],
)
async def test_a_discovery_document_that_leads_astray_is_not_followed(document: dict[str, Any]) -> None:
    provider = Provider()
    provider.document = document
    with pytest.raises(IdentityUnavailable):
        await provider.remote().key("k1")
    assert provider.asked == [DISCOVERY]


@pytest.mark.parametrize("body", [b"[]", b"nonsense", b'{"keys": 1}', b" " * 300_000])
async def test_what_is_no_key_set_changes_nothing(body: bytes) -> None:
    provider = Provider()
    keys = provider.remote(jwks_url="https://sso.example/jwks")
    assert await keys.key("k1") is not None
    provider.body = body
    provider.now += FRESH_S + 1
    assert await keys.key("k1") is not None
    assert len(provider.asked) == 2


def test_only_keys_that_are_good_for_signatures_are_taken() -> None:
    good, weak = Signer("good").jwk, rsa.generate_private_key(65537, 1024).public_key()
    short = {**jwt.algorithms.RSAAlgorithm.to_jwk(weak, as_dict=True), "kid": "short", "alg": "RS256"}
    bad = [
        {**good, "kid": "enc", "use": "enc"},
        {"kty": "oct", "k": "c2VjcmV0", "kid": "secret", "alg": "HS256"},
        {**good, "kid": 7},
        {**good, "kid": "curve", "crv": "P-000"},
        {"kty": "EC", "kid": "empty"},
        "key",
        short,
    ]
    assert set(public_keys({"keys": [*bad, good]})) == {"good"}
