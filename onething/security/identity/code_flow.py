"""Signing in to the pages with an issuer: authorization code with PKCE (RFC 6749, 7636, 9207), and refreshing.

Where to send people and where to redeem codes is found by discovery, once.
"""

import base64
import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode

import httpx

from onething.security.identity.discovery import discovery, fetched
from onething.security.identity.issuers import Issuer, PageSignIn, require_safe
from onething.security.identity.refusals import IdentityUnavailable, NotSignedIn

_AUTHORIZE, _TOKEN = "authorization_endpoint", "token_endpoint"


@dataclass(frozen=True)
class SignInBegun:
    """`url`: where the person goes. `state`, `verifier`: what their browser has to bring back, and what proves it."""

    url: str
    state: str
    verifier: str = field(repr=False)


@dataclass(frozen=True)
class Tokens:
    access: str = field(repr=False)
    refresh: str | None = field(repr=False)  # none: the session ends with the token


class CodeFlow:
    def __init__(self, issuer: Issuer, pages: PageSignIn, http: httpx.AsyncClient, secret: str | None) -> None:
        self.name = pages.name
        self._issuer = issuer
        self._pages = pages
        self._http = http
        self._secret = secret
        self._found: Mapping[str, str] = {}

    async def begin(self, redirect_uri: str) -> SignInBegun:
        """Raises IdentityUnavailable."""
        verifier, state = secrets.token_urlsafe(48), secrets.token_urlsafe(24)
        challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")
        request = {
            **self._pages.parameters,
            "client_id": self._pages.client_id,
            "response_type": "code",
            "redirect_uri": redirect_uri,
            "scope": self._pages.scope,
            "resource": self._issuer.audience,
            "state": state,
            "code_challenge": challenge,
            "code_challenge_method": "S256",
        }
        return SignInBegun(f"{await self._endpoint(_AUTHORIZE)}?{urlencode(request)}", state, verifier)

    def require_from(self, issuer: str | None) -> None:
        """Raises NotSignedIn where an answer says that it is another issuer's (RFC 9207)."""
        if issuer is not None and issuer != self._issuer.issuer:
            raise NotSignedIn("登录的回应来自另一个平台，没有采用，请重新登录。")

    async def redeem(self, code: str, verifier: str, redirect_uri: str) -> Tokens:
        """Raises NotSignedIn for a code that is of no use, IdentityUnavailable."""
        return await self._tokens(
            grant_type="authorization_code", code=code, redirect_uri=redirect_uri, code_verifier=verifier
        )

    async def refresh(self, refresh: str) -> Tokens:
        """Raises NotSignedIn where the issuer gives no more, IdentityUnavailable."""
        found = await self._tokens(grant_type="refresh_token", refresh_token=refresh)
        return found if found.refresh else Tokens(found.access, refresh)

    async def _tokens(self, **fields: str) -> Tokens:
        own = {"client_id": self._pages.client_id, "resource": self._issuer.audience}
        if self._secret is not None:
            own["client_secret"] = self._secret
        try:
            answer = await fetched(self._http, "POST", await self._endpoint(_TOKEN), {**fields, **own})
        except httpx.HTTPStatusError as refused:
            if refused.response.is_client_error:
                raise NotSignedIn("登录没有完成，请重新登录。") from None
            raise IdentityUnavailable from None
        except (httpx.HTTPError, httpx.InvalidURL, ValueError):
            raise IdentityUnavailable from None
        access, refresh = answer.get("access_token"), answer.get("refresh_token")
        if not isinstance(access, str):
            raise IdentityUnavailable
        return Tokens(access, refresh if isinstance(refresh, str) else None)

    async def _endpoint(self, name: str) -> str:
        if not self._found:
            try:
                document = await discovery(self._http, self._issuer)
                found = {one: str(document[one]) for one in (_AUTHORIZE, _TOKEN)}
                for url in found.values():
                    require_safe(url)
            except (httpx.HTTPError, httpx.InvalidURL, ValueError, KeyError):
                raise IdentityUnavailable from None
            self._found = found
        return self._found[name]
