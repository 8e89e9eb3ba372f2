"""A real identity provider for tests (npm `oidc-provider`, `tests/identity/provider`), and its clients: people by code
and PKCE, systems by a signed assertion."""

import base64
import hashlib
import json
import re
import secrets
import select
import ssl
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from html import unescape
from typing import IO, Any
from urllib.parse import parse_qs, urlencode, urljoin, urlsplit

import httpx
import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tests.support import people
from tests.support.patience import PATIENCE_S
from tools import node_packages

RESOURCE = "urn:onething:api"
PAGES = "pages"
"""The client by which people sign in: it has no secret, so it needs PKCE."""
REDIRECT = "http://127.0.0.1:8765/callback"
"""Nobody listens there: the test takes the code from the address."""

_NO_TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
"""Made once: each client would load all authorities of the machine, which takes longer than signing in."""

Claims = dict[str, Any]


def _who(role: str, name: str, **more: Any) -> Claims:
    return {"role": role, "region": people.REGION, "name": name, **more}


_FACE: Claims = {"acr": "face", "amr": ["face", "sms"]}
_STAFF: Claims = {"acr": "password", "amr": ["pwd", "otp"]}

ACCOUNTS: Mapping[str, Claims] = {
    "zhang": _who("citizen", people.ZHANG.name, identity_number=people.ZHANG.id_number, **_FACE),
    "li": _who("citizen", people.LI.name, identity_number=people.LI.id_number, acr="password", amr=["pwd"]),
    "agent": _who("agent", "帮办员", **_FACE),
    "counter": _who("counter", "窗口", **_STAFF),
    "officer": _who("officer", "经办人", department="psb", **_STAFF),
    "leader": _who("leader", "负责人", department="amr", **_STAFF),
}
"""People who may sign in → the claims of their tokens; `sub` is the account's name, `auth_time` comes with them."""

SYSTEMS: Mapping[str, tuple[str, Claims]] = {
    "system.psb": ("ES256", _who("department_system", "人口系统", department="psb")),
    "system.amr": ("EdDSA", _who("department_system", "登记系统", department="amr")),
}
"""Programs that may sign in → the algorithm of their tokens, and their claims; `sub` is the client."""


@dataclass(frozen=True)
class Grant:
    """What the provider gave to a client; `expires_in` in seconds."""

    access_token: str
    expires_in: int
    refresh_token: str | None
    id_token: str | None


class Refused(Exception):
    """The provider's answer to a client that may not; `error` is its code (`invalid_grant` …)."""

    def __init__(self, answer: httpx.Response) -> None:
        super().__init__(f"{answer.status_code} {answer.text[:500]}")
        self.error: str = answer.json()["error"]


class OidcProvider:
    """A running one. Its accounts are ACCOUNTS and SYSTEMS; its time is the machine's."""

    def __init__(self, issuer: str, system_keys: Mapping[str, Ed25519PrivateKey]) -> None:
        self.issuer = issuer
        self._system_keys = system_keys

    async def discovery(self) -> dict[str, Any]:
        """What it says of itself at the address that readers know."""
        return await self._json("/.well-known/openid-configuration")

    async def jwks(self) -> dict[str, Any]:
        return await self._json("/jwks")

    async def sign_in(self, account: str, **parameters: str) -> Grant:
        """As a person with a browser. `parameters`: more of the authorization request, such as `max_age`."""
        verifier, state = secrets.token_urlsafe(48), secrets.token_urlsafe(16)
        digest = hashlib.sha256(verifier.encode()).digest()
        request = {
            "client_id": PAGES,
            "response_type": "code",
            "redirect_uri": REDIRECT,
            "scope": "openid offline_access api",
            "resource": RESOURCE,
            "prompt": "consent",  # without it nothing is given for later (offline_access)
            "state": state,
            "nonce": secrets.token_urlsafe(16),
            "code_challenge": base64.urlsafe_b64encode(digest).decode().rstrip("="),
            "code_challenge_method": "S256",
            **parameters,
        }
        back = await self.through_forms(f"{self.issuer}/auth?{urlencode(request)}", account, REDIRECT)
        assert (back["state"], back["iss"]) == (state, self.issuer), back
        return await self._grant(
            grant_type="authorization_code",
            client_id=PAGES,
            code=back["code"],
            redirect_uri=REDIRECT,
            code_verifier=verifier,
            resource=request["resource"],
        )

    async def refresh(self, refresh_token: str) -> Grant:
        """Raises Refused, with `invalid_grant` where it was revoked."""
        return await self._grant(
            grant_type="refresh_token", client_id=PAGES, refresh_token=refresh_token, resource=RESOURCE
        )

    async def sign_in_system(self, client: str, *, resource: str = RESOURCE) -> Grant:
        """As a program of SYSTEMS, by an assertion that it signs (private_key_jwt)."""
        now = int(time.time())
        claims = {"iss": client, "sub": client, "aud": self.issuer, "iat": now, "exp": now + 60}
        assertion = jwt.encode({**claims, "jti": secrets.token_urlsafe(16)}, self._system_keys[client], "EdDSA")
        return await self._grant(
            grant_type="client_credentials",
            client_id=client,
            client_assertion_type="urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
            client_assertion=assertion,
            scope="api",
            resource=resource,
        )

    async def revoke(self, refresh_token: str) -> None:
        """At the provider, which gives no more tokens for it. Those that it gave are nobody's to take back but ours."""
        async with _http() as client:
            form = {"client_id": PAGES, "token": refresh_token, "token_type_hint": "refresh_token"}
            (await client.post(f"{self.issuer}/token/revocation", data=form)).raise_for_status()

    async def rotate_keys(self) -> None:
        """New keys sign from now on; the old ones stay in the JWKS."""
        await self._json("/test/rotate")

    async def retire_old_keys(self) -> None:
        """The JWKS has the keys that sign, and no others."""
        await self._json("/test/retire")

    async def requests(self, path: str = "/jwks") -> int:
        """How often this path was asked for so far."""
        counted = await self._json("/test/requests")
        return int(counted["requests"].get(path, 0))

    async def through_forms(self, address: str, account: str, redirect: str) -> dict[str, str]:
        """Follows redirects and sends forms until the provider sends the browser back to `redirect`: what it says."""
        async with _http() as browser:
            answer = await browser.get(address)
            for _ in range(20):
                if answer.is_redirect:
                    address = urljoin(address, answer.headers["Location"])
                    if address.startswith(redirect):
                        return {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
                    answer = await browser.get(address)
                else:
                    action, form = _form(answer.raise_for_status().text)
                    address = urljoin(address, action)
                    if form["prompt"] == "login":
                        form |= {"login": account, "password": "any"}
                    answer = await browser.post(address, data=form)
        raise AssertionError(f"signing in does not end: {answer.status_code} {answer.text[:500]}")

    async def _grant(self, **form: str) -> Grant:
        async with _http() as client:
            answer = await client.post(f"{self.issuer}/token", data=form)
        if answer.is_error:
            raise Refused(answer)
        given = answer.json()
        return Grant(given["access_token"], given["expires_in"], given.get("refresh_token"), given.get("id_token"))

    async def _json(self, path: str) -> dict[str, Any]:
        async with _http() as client:
            content: dict[str, Any] = (await client.get(self.issuer + path)).raise_for_status().json()
            return content


def _http() -> httpx.AsyncClient:
    """Cookies, as browsers have them, are each client's own; the provider speaks plain HTTP on this machine."""
    return httpx.AsyncClient(verify=_NO_TLS, trust_env=False, timeout=PATIENCE_S)


def _form(page: str) -> tuple[str, dict[str, str]]:
    """Where the page's form goes, and its hidden fields."""
    action = re.search(r'<form[^>]*\baction="([^"]+)"', page)
    assert action is not None, page
    fields = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page)
    return unescape(action[1]), {name: unescape(value) for name, value in fields}


@contextmanager
def running_provider() -> Iterator[OidcProvider]:
    """A provider of its own process, on a port of its own; gone at the end."""
    assert node_packages.installed(), node_packages.REMEDIES
    keys = {client: Ed25519PrivateKey.generate() for client in SYSTEMS}
    systems = {
        client: {"alg": algorithm, "claims": claims, "jwk": _public_jwk(keys[client])}
        for client, (algorithm, claims) in SYSTEMS.items()
    }
    who = json.dumps({"accounts": dict(ACCOUNTS), "systems": systems})
    with tempfile.TemporaryFile("w+") as log:
        process = subprocess.Popen(
            ["node", "provider.mjs"],
            cwd=node_packages.FOLDER,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        )
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            process.stdin.write(f"{who}\n")
            process.stdin.flush()
            yield OidcProvider(json.loads(_first_line(process.stdout, log))["issuer"], keys)
        finally:
            process.kill()
            process.communicate()


def _public_jwk(key: Ed25519PrivateKey) -> dict[str, str]:
    raw = key.public_key().public_bytes_raw()
    return {"kty": "OKP", "crv": "Ed25519", "x": base64.urlsafe_b64encode(raw).decode().rstrip("=")}


def _first_line(output: IO[str], log: IO[str]) -> str:
    """What the provider says when it is ready; an error with what it said before if it ended, or takes too long."""
    ready, _, _ = select.select([output], [], [], PATIENCE_S)
    line = output.readline() if ready else ""
    if not line:
        log.seek(0)
        raise AssertionError(f"the identity provider did not start:\n{log.read()[-4000:]}")
    return line
