"""How we say who we are, over real HTTP where it matters."""

import asyncio
import base64
import ssl
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from onething.connectors.credentials import SourceCredentials
from onething.connectors.http_client import Counterpart, HttpClient, read_done
from onething.domain.lookups.answers import Cause, Done, SourceAnswerMalformed, SourceUnavailable
from onething.domain.sources.source import (
    ApiKey,
    Authentication,
    ClientCredentials,
    Hmac,
    MutualTls,
    SourceDefinition,
)
from onething.security.signed_calls import SharedSecrets
from tests.connectors.support import MovedClock, a_source

KEY = b"k" * 32
SECRETS = {"a": "s3cret-a", "signing": base64.b64encode(KEY).decode()}
OAUTH = ClientCredentials(token_path="/token", client_id="我们", secret="a", scope="records")


def caller(handler: Callable[[httpx.Request], httpx.Response], clock: MovedClock) -> HttpClient:
    transport = httpx.MockTransport(handler)
    return HttpClient("http://outside", clock, transport=transport, credentials=SourceCredentials(SECRETS, clock))


async def post(by: HttpClient, how: Authentication | None) -> None:
    assert isinstance(await by.post(Counterpart("x", authentication=how), "/x", {"a": 1}, "key/1", read_done), Done)


async def test_an_api_key_goes_into_its_header() -> None:
    seen: list[httpx.Request] = []
    by = caller(lambda request: seen.append(request) or httpx.Response(200, json={}), MovedClock())
    await post(by, ApiKey(secret="a", header="X-Token"))
    assert seen[0].headers["X-Token"] == "s3cret-a"
    await post(by, None)
    assert "s3cret-a" not in str(seen[1].headers)


async def test_a_signed_call_is_verified_by_its_receiver() -> None:
    clock, seen = MovedClock(), list[httpx.Request]()
    by = caller(lambda request: seen.append(request) or httpx.Response(200, json={}), clock)
    await post(by, Hmac(secret="signing"))
    secrets = SharedSecrets([("sources/us", KEY)])
    assert secrets.verify("sources/us", seen[0].headers, seen[0].content, clock) == "key/1"


class Issuer:
    """Gives numbered tokens and takes the newest only."""

    def __init__(self) -> None:
        self.issued = 0
        self.status = 200

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if request.url.path == "/token":
            self.issued += 1
            assert request.headers["Authorization"] == "Basic " + base64.b64encode("我们:s3cret-a".encode()).decode()
            assert request.content == b"grant_type=client_credentials&scope=records"
            return httpx.Response(self.status, json={"access_token": f"t{self.issued}", "expires_in": 600})
        known = request.headers["Authorization"] == f"Bearer t{self.issued}"
        return httpx.Response(200 if known else 401, json={})


async def test_a_token_is_kept_until_shortly_before_its_end() -> None:
    clock, issuer = MovedClock(), Issuer()
    by = caller(issuer, clock)
    for moved, issued in ((0, 1), (500, 1), (60, 1), (20, 2)):
        clock.move(moved)
        await post(by, OAUTH)
        assert issuer.issued == issued


async def test_a_token_that_is_refused_is_not_shown_again() -> None:
    issuer = Issuer()
    by = caller(issuer, MovedClock())
    await post(by, OAUTH)
    issuer.issued += 1  # somebody revoked ours
    with pytest.raises(SourceAnswerMalformed):
        await post(by, OAUTH)
    await post(by, OAUTH)


async def test_no_token_no_call_and_no_secret_in_the_failure() -> None:
    issuer = Issuer()
    by = caller(issuer, MovedClock())
    issuer.status = 503
    with pytest.raises(SourceUnavailable) as failure:
        await post(by, OAUTH)
    assert failure.value.cause is Cause.SERVER_ERROR
    by = caller(lambda _: httpx.Response(401, json={"error": "invalid_client"}), MovedClock())
    with pytest.raises(SourceAnswerMalformed) as malformed:
        await post(by, OAUTH)
    assert "s3cret" not in f"{failure.value} {malformed.value}"


def certificate(folder: Path) -> Path:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "onething")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now)
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    encoding, plain = serialization.Encoding.PEM, serialization.NoEncryption()
    file = folder / "us.pem"
    file.write_bytes(
        made.public_bytes(encoding) + key.private_bytes(encoding, serialization.PrivateFormat.PKCS8, plain)
    )
    return file


async def test_a_certificate_is_shown_to_who_asks_for_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One that both sides trust, and that both show."""
    file = certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    server_side = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server_side.load_cert_chain(file)
    server_side.load_verify_locations(file)
    server_side.verify_mode = ssl.CERT_REQUIRED

    async def answers(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\n{}")
        writer.close()

    server = await asyncio.start_server(answers, "127.0.0.1", 0, ssl=server_side)
    clock = MovedClock()
    port = server.sockets[0].getsockname()[1]
    by = HttpClient(f"https://127.0.0.1:{port}", clock, credentials=SourceCredentials({"us": str(file)}, clock))
    await post(by, MutualTls(secret="us"))
    with pytest.raises(SourceUnavailable) as refused:
        await post(by, None)
    assert refused.value.cause is Cause.CONNECTION
    await by.aclose()
    server.close()


@pytest.mark.parametrize(
    ("how", "named"),
    [
        (ApiKey(secret="nowhere"), "nowhere is missing"),
        (Hmac(secret="a"), "a: not valid base64"),
        (MutualTls(secret="a"), "a is no PEM file"),
    ],
)
def test_what_is_missing_is_told_before_anybody_is_asked(how: Authentication, named: str) -> None:
    with pytest.raises(ValueError, match=named) as wrong:
        SourceCredentials(SECRETS, MovedClock()).check([None, how])
    assert "s3cret" not in str(wrong.value)


def test_a_definition_names_secrets_and_holds_none() -> None:
    plain = a_source().model_dump(mode="json", by_alias=True)
    for authentication in (
        {"kind": "api_key", "secret": "amr-key"},
        {"kind": "oauth2_client_credentials", "token_path": "/token", "client_id": "onething", "secret": "amr"},
    ):
        assert SourceDefinition.model_validate(plain | {"authentication": authentication}).authentication
    for wrong in ({"kind": "api_key", "secret": "Sk_live_1"}, {"kind": "password", "secret": "x"}):
        with pytest.raises(ValueError, match="authentication"):
            SourceDefinition.model_validate(plain | {"authentication": wrong})


def test_the_setting_is_read() -> None:
    read = SourceCredentials.from_setting("amr-key:a:b=, psb: x", MovedClock())
    read.check([ApiKey(secret="amr-key"), ApiKey(secret="psb")])
