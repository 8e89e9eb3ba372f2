"""Signing in to the pages with a real identity provider: by code and PKCE, back to where one came from, and for longer
than a token lives."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from tests.api.conftest import built
from tests.api.test_identity_provider import entry, issuers_file
from tests.api.town import RunningClock, Town
from tests.support import people
from tests.support.oidc import PAGES, OidcProvider
from tests.support.servers import PostgresServer
from tests.web.visitor import Visitor

PUBLIC = "http://127.0.0.1:8765"
BACK = f"{PUBLIC}/sign-in/callback"
SIGN_IN = {"client_id": PAGES, "name": "统一身份认证", "parameters": {"prompt": "consent"}}
OUT = "退出</button>"


@pytest.fixture(scope="module")
async def city(
    oidc_provider: OidcProvider,
    postgres_server: PostgresServer,
    migrated: str,
    tmp_path_factory: pytest.TempPathFactory,
) -> AsyncIterator[Town]:
    """People sign in to its pages with the provider. Its clock is the machine's, and may be moved."""
    issuers = issuers_file(tmp_path_factory.mktemp("city"), entry(oidc_provider, pages=SIGN_IN))
    clock = RunningClock()
    async with built(postgres_server, migrated, clock=clock, issuers_file=issuers, public_url=PUBLIC) as town:
        yield town


@pytest.fixture
async def visitor(city: Town) -> AsyncIterator[Visitor]:
    async with Visitor(city) as visitor:
        yield visitor


async def came_back(visitor: Visitor, provider: OidcProvider, account: str, query: str = "") -> dict[str, str]:
    """What the provider sends the browser back with."""
    begun = await visitor.get(f"/sign-in/city{query}")
    assert begun.status_code == 303
    return await provider.through_forms(begun.headers["location"], account, BACK)


async def test_the_page_offers_the_provider(visitor: Visitor) -> None:
    page = await visitor.get("/sign-in?return_to=/my")
    assert "用统一身份认证登录" in page.text


async def test_who_signs_in_is_back_where_they_came_from(visitor: Visitor, oidc_provider: OidcProvider) -> None:
    back = await came_back(visitor, oidc_provider, "zhang", "?return_to=/guide/newborn")
    answer = await visitor.get("/sign-in/callback", params=back)
    assert (answer.status_code, answer.headers["location"]) == (303, "/guide/newborn")
    page = await visitor.get("/")
    assert OUT in page.text
    assert people.ZHANG.name in page.text


async def test_who_comes_back_in_the_same_browser_ends_the_session_that_it_had(
    visitor: Visitor, city: Town, oidc_provider: OidcProvider
) -> None:
    """Also the same person, whom the provider still knows: the new token is of use, the old one is not."""
    await visitor.get("/sign-in/callback", params=await came_back(visitor, oidc_provider, "zhang"))
    async with Visitor(city) as copy:
        copy.cookies.set("onething", visitor.cookies["onething"])
        assert OUT in (await copy.get("/")).text
        await visitor.get("/sign-in/callback", params=await came_back(visitor, oidc_provider, "zhang"))
        assert OUT not in (await copy.get("/")).text
    assert OUT in (await visitor.get("/")).text


@pytest.mark.parametrize(
    "changes",
    [
        {"state": "another"},
        {"iss": "https://elsewhere.example"},
        {"code": "another"},
        {"error": "access_denied"},
        {"code": ""},
    ],
)
async def test_an_answer_that_was_not_asked_for_signs_nobody_in(
    visitor: Visitor, oidc_provider: OidcProvider, changes: dict[str, str]
) -> None:
    back = await came_back(visitor, oidc_provider, "zhang")
    answer = await visitor.get("/sign-in/callback", params=back | changes)
    assert answer.status_code == 401
    assert OUT not in (await visitor.get("/")).text


async def test_a_code_is_of_no_use_in_another_browser(
    city: Town, visitor: Visitor, oidc_provider: OidcProvider
) -> None:
    """Whoever is sent a link with somebody's code is not signed in as them."""
    back = await came_back(visitor, oidc_provider, "zhang")
    async with Visitor(city) as other:
        assert (await other.get("/sign-in/callback", params=back)).status_code == 401
        assert OUT not in (await other.get("/")).text


async def test_a_session_outlives_its_token_while_the_provider_gives_another(
    visitor: Visitor, city: Town, oidc_provider: OidcProvider
) -> None:
    await visitor.get("/sign-in/callback", params=await came_back(visitor, oidc_provider, "zhang"))
    before = await oidc_provider.requests("/token")
    assert isinstance(city.clock, RunningClock)
    try:
        for _ in range(3):
            city.clock.move(timedelta(minutes=9))
            last = await visitor.get("/")
        renewed = await oidc_provider.requests("/token") - before
    finally:
        city.clock.come_back()
    # what it gives is of the machine's time, which is behind ours here: that it was asked for is what can be seen
    assert renewed >= 1
    assert last.status_code == 200


async def test_who_may_not_come_in_any_more_is_out(visitor: Visitor, city: Town, oidc_provider: OidcProvider) -> None:
    await visitor.get("/sign-in/callback", params=await came_back(visitor, oidc_provider, "zhang"))
    answer = await city.post("admin", "/api/lockouts", {"subject": "city:zhang", "reason": "test"})
    assert answer.status_code == 201
    try:
        assert OUT not in (await visitor.get("/")).text
    finally:
        await city.post("admin", "/api/lockouts/lift", {"subject": "city:zhang"})


async def test_a_provider_that_there_is_not_is_no_page(visitor: Visitor) -> None:
    assert (await visitor.get("/sign-in/nobody")).status_code == 404
