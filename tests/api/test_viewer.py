"""GET /api/docs: all of it from here, under a policy that lets nothing else in; only where people try things out."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from html.parser import HTMLParser
from typing import Any

import httpx
import pytest

from onething.settings import Settings
from onething.wiring.api import build_api
from tests.api.conftest import key

DOCS = "/api/docs"
TYPES = {".js": "text/javascript", ".css": "text/css", ".png": "image/png"}


@asynccontextmanager
async def site(**chosen: Any) -> AsyncIterator[httpx.AsyncClient]:
    """An API process that has not met its database: the page needs none."""
    settings = Settings(
        database_api_url="postgresql://onething_api:x@127.0.0.1:1/x",
        sealing_keys=f"k1:{key('s')}",
        index_key=key("i"),
        trial_token_key=key("t"),
        certificate_key=key("c"),
        **chosen,
    )
    transport = httpx.ASGITransport(build_api(settings))
    async with httpx.AsyncClient(transport=transport, base_url="http://here") as client:
        yield client


class Page(HTMLParser):
    """What a page loads, and the text of its scripts."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.loads: list[str] = []
        self.attributes: set[str] = set()
        self.inline: list[str] = []
        self._within = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._within = tag
        self.attributes |= {name for name, _ in attrs}
        self.loads += [value for name, value in attrs if name in ("src", "href") and value]

    def handle_endtag(self, tag: str) -> None:
        self._within = ""

    def handle_data(self, data: str) -> None:
        if self._within in ("script", "style"):
            self.inline.append(data)


async def test_the_page_and_all_that_it_loads_come_from_here() -> None:
    async with site(trial=True) as client:
        answer = await client.get(DOCS)
        assert (answer.status_code, answer.headers["content-type"]) == (200, "text/html; charset=utf-8")
        page = Page(answer.text)
        assert len(page.loads) == 4
        files = {address: await client.get(str(answer.url.join(address))) for address in page.loads}
    for address, file in files.items():
        assert file.url.host == "here", address
        assert file.status_code == 200, address
        assert file.headers["content-type"].startswith(TYPES["." + address.rpartition(".")[2]]), address
        assert file.headers["x-content-type-options"] == "nosniff"
    assert "SwaggerUIBundle" in files["docs/swagger-ui-bundle.js"].text
    foreign = re.findall(r"url\((?![\"']?data:)[^)]*\)|@import", files["docs/swagger-ui.css"].text)
    assert foreign == []


async def test_the_description_is_where_the_page_looks_for_it() -> None:
    async with site(trial=True) as client:
        start = (await client.get(f"{DOCS}/start.js")).text
        (address,) = re.findall(r'url: "(.+)"', start)
        page = httpx.URL(f"http://here{DOCS}")
        described = await client.get(str(page.join(address)))
    assert "paths" in described.json()
    assert DOCS not in described.json()["paths"]
    assert "validatorUrl: null" in start


async def test_the_policy_lets_nothing_in_from_elsewhere_and_nothing_inline() -> None:
    async with site(trial=True) as client:
        answer = await client.get(DOCS)
        other = await client.get("/api/openapi.json")
    policy = dict(part.strip().split(" ", 1) for part in answer.headers["content-security-policy"].split(";"))
    assert policy.pop("default-src") == "'none'"
    assert {name for name, sources in policy.items() if sources == "'none'"} == {
        "base-uri", "form-action", "frame-ancestors",
    }  # fmt: skip
    assert {source for sources in policy.values() for source in sources.split()} == {"'none'", "'self'", "data:"}
    assert [name for name, sources in policy.items() if "data:" in sources] == ["img-src"]
    page = Page(answer.text)
    assert page.inline == []
    assert not {name for name in page.attributes if name.startswith("on") or name == "style"}
    assert answer.headers["x-frame-options"] == "DENY"
    assert other.headers["content-security-policy"] == "default-src 'none'; frame-ancestors 'none'"


@pytest.mark.parametrize("name", ["__init__.py", "index.html", "..%2fmain.py", "swagger-ui-bundle.js.map"])
async def test_no_other_file_is_given(name: str) -> None:
    async with site(trial=True) as client:
        answer = await client.get(f"{DOCS}/{name}")
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


@pytest.mark.parametrize(
    ("chosen", "status"),
    [
        ({"trial": True}, 200),
        ({}, 404),
        ({"api_docs": True}, 200),
    ],
)
async def test_only_a_trial_has_it_unless_it_is_switched_on(chosen: dict[str, bool], status: int) -> None:
    async with site(**chosen) as client:
        for path in (DOCS, f"{DOCS}/swagger-ui.css", f"{DOCS}/start.js"):
            answer = await client.get(path)
            assert answer.status_code == status, path
            if status == 404:
                assert answer.json()["code"] == "not_found"
