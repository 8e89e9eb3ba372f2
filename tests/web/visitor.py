"""A browser without scripts, for tests that look at what is sent and not at how it looks: cookies, forms, redirects."""

import re
from html import unescape
from typing import Any

import httpx

from onething.security.identity.code_flow import Tokens
from onething.services.identity import page_sessions
from tests.api.town import Town
from tests.support import people

SAME_ORIGIN = {"Sec-Fetch-Site": "same-origin"}
_HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')


class Visitor:
    """One browser at a town's pages. Use as an async context manager."""

    def __init__(self, town: Town) -> None:
        self._client = httpx.AsyncClient(transport=httpx.ASGITransport(town.app), base_url="http://pages")
        self.town = town

    async def __aenter__(self) -> "Visitor":
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._client.aclose()

    @property
    def cookies(self) -> httpx.Cookies:
        return self._client.cookies

    def plain(self) -> httpx.AsyncClient:
        """Its client: a request goes out as it is given."""
        return self._client

    async def get(self, path: str, **kwargs: Any) -> httpx.Response:
        return await self._client.get(path, **kwargs)

    async def post(self, path: str, fields: dict[str, Any], **kwargs: Any) -> httpx.Response:
        """As a form of this site: nothing is added but where it comes from."""
        headers = SAME_ORIGIN | kwargs.pop("headers", {})
        return await self._client.post(path, data=fields, headers=headers, **kwargs)

    async def send(self, page: httpx.Response, action: str, fields: dict[str, Any]) -> httpx.Response:
        """The form of the page with that action, with its hidden fields."""
        return await self.post(action, {**hidden(page, action), **fields})

    async def known_as(self, token: str) -> None:
        """Signed in with a token, for whom there is no account."""
        tokens = Tokens(token, refresh=None)
        session = await page_sessions.begin(self.town.context, tokens, shared=False, browser="", earlier="")
        self._client.cookies.set("onething", session.secret)

    async def sign_in(self, account: str, **fields: str) -> httpx.Response:
        return await self.post("/sign-in", {**people.credentials(account), **fields})


def hidden(page: httpx.Response, action: str) -> dict[str, str]:
    """The hidden fields of the page's form with that action."""
    found = re.search(rf'<form[^>]* action="{re.escape(action)}"[^>]*>(.*?)</form>', page.text, re.DOTALL)
    assert found is not None, f"no form {action} on {page.url}"
    return {unescape(name): unescape(value) for name, value in _HIDDEN.findall(found[1])}
