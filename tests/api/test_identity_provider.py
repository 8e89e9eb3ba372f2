"""Who comes from a real identity provider: what it says of them is what they may do here, for as long as it says so."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import httpx
import jwt
import pytest
import yaml

from tests.api import acts
from tests.api.conftest import built
from tests.api.forms import approval, opening
from tests.api.town import RunningClock, Town
from tests.support import people
from tests.support.oidc import RESOURCE, Grant, OidcProvider, running_provider
from tests.support.servers import PostgresServer

ALL_ROLES = ("citizen", "agent", "counter", "officer", "leader", "department_system")


def entry(provider: OidcProvider, **changes: Any) -> dict[str, Any]:
    """How an installation trusts the provider."""
    usual = {
        "code": "city",
        "issuer": provider.issuer,
        "audience": RESOURCE,
        "algorithms": ["ES256", "EdDSA"],
        "roles": list(ALL_ROLES),
        "claims": {"identity": "identity_number"},
        "levels": {"password": 1, "face": 2},
        "mfa": ["otp"],
    }
    return usual | changes


def issuers_file(folder: Path, *entries: dict[str, Any]) -> Path:
    file = folder / "issuers.yaml"
    file.write_text(yaml.safe_dump({"issuers": list(entries)}))
    return file


@pytest.fixture(scope="module")
async def city(
    oidc_provider: OidcProvider,
    postgres_server: PostgresServer,
    migrated: str,
    tmp_path_factory: pytest.TempPathFactory,
) -> AsyncIterator[Town]:
    """It trusts the provider for every role, and has demo accounts beside it. Its clock is the machine's."""
    issuers = issuers_file(tmp_path_factory.mktemp("city"), entry(oidc_provider))
    async with built(postgres_server, migrated, clock=RunningClock(), issuers_file=issuers) as town:
        yield town


async def get(town: Town, token: str, path: str, **parameters: Any) -> httpx.Response:
    return await town.get(None, path, params=parameters, headers=people.bearer(token))


async def post(town: Town, token: str, path: str, body: Any = None) -> httpx.Response:
    return await town.post(None, path, body, headers=people.bearer(token))


async def known(town: Town, token: str) -> bool:
    """Whether the caller is let in, whatever they may do there."""
    answer = await get(town, token, "/api/cases")
    assert answer.status_code in (200, 401, 403), answer.text
    return answer.status_code != 401


# -- who they are -------------------------------------------------------------------------------------------------


async def test_a_citizen_files_a_case_and_finds_it_again(city: Town, oidc_provider: OidcProvider) -> None:
    zhang = (await oidc_provider.sign_in("zhang")).access_token
    filed = await post(city, zhang, "/api/cases", opening())
    assert filed.status_code == 201, filed.text
    case_no = filed.json()["case_no"]
    assert case_no in [case["case_no"] for case in (await get(city, zhang, "/api/cases")).json()["items"]]
    li = (await oidc_provider.sign_in("li")).access_token
    assert case_no not in (await get(city, li, "/api/cases")).text
    [(actor,)] = city.rows("select actor ->> 'subject' from journal where case_no = %s and seq = 1", case_no)
    assert actor == "city:zhang"


async def test_whom_it_knows_too_little_of_is_told_how_to_sign_in(city: Town, oidc_provider: OidcProvider) -> None:
    li = (await oidc_provider.sign_in("li")).access_token
    refused = await post(city, li, "/api/cases", opening(applicant=people.LI.applicant))
    assert refused.status_code == 401
    assert "insufficient_user_authentication" in refused.headers["WWW-Authenticate"]
    assert city.rows("select count(*) from journal where actor ->> 'subject' = 'city:li'") == [(0,)]


async def test_an_officer_is_of_the_department_that_the_provider_says(city: Town, oidc_provider: OidcProvider) -> None:
    case_no = await acts.accepted_case(city)
    await acts.approve(city, case_no, "registration")
    officer = (await oidc_provider.sign_in("officer")).access_token
    leader = (await oidc_provider.sign_in("leader")).access_token
    task = f"{case_no}-seal-1"
    assert task in (await get(city, officer, "/api/tasks")).text
    assert task not in (await get(city, leader, "/api/tasks")).text
    decision = {"outcome": "filed", "opinion": "符合条件", "outputs": approval("seal", case_no)}
    assert (await post(city, leader, f"/api/tasks/{task}/decide", decision)).status_code in (403, 404)
    decided = await post(city, officer, f"/api/tasks/{task}/decide", decision)
    assert decided.status_code == 200, decided.text


@pytest.mark.parametrize("department", ["psb", "amr"])
async def test_a_system_works_for_its_own_department(city: Town, oidc_provider: OidcProvider, department: str) -> None:
    token = (await oidc_provider.sign_in_system(f"system.{department}")).access_token
    answers = {other: await get(city, token, f"/api/outbound/{other}", wait=0) for other in ("psb", "amr")}
    assert {other: answer.status_code == 200 for other, answer in answers.items()} == {
        other: other == department for other in answers
    }


async def test_a_provider_of_citizens_makes_no_officers(
    oidc_provider: OidcProvider, postgres_server: PostgresServer, migrated: str, tmp_path: Path
) -> None:
    issuers = issuers_file(tmp_path, entry(oidc_provider, roles=["citizen"]))
    async with built(postgres_server, migrated, clock=RunningClock(), issuers_file=issuers) as town:
        signed_in = {
            account: await known(town, (await oidc_provider.sign_in(account)).access_token)
            for account in ("zhang", "agent", "counter", "officer", "leader")
        }
        assert [account for account, let_in in signed_in.items() if let_in] == ["zhang"]
        assert not await known(town, (await oidc_provider.sign_in_system("system.psb")).access_token)


# -- what is no access token for us, or not shown as one ----------------------------------------------------------


async def test_what_was_made_for_something_else_lets_nobody_in(city: Town, oidc_provider: OidcProvider) -> None:
    grant = await oidc_provider.sign_in("officer")
    elsewhere = await oidc_provider.sign_in_system("system.psb", resource="urn:other:api")
    assert await known(city, grant.access_token)
    for text in (grant.id_token, grant.refresh_token, elsewhere.access_token):
        assert text is not None
        assert not await known(city, text)


_ELSEWHERE: dict[str, Callable[[str], dict[str, Any]]] = {
    "in the address": lambda token: {"params": {"access_token": token}},
    "as a cookie": lambda token: {"headers": {"Cookie": f"access_token={token}; Authorization={token}"}},
    "in another header": lambda token: {"headers": {"X-Authorization": people.bearer(token)["Authorization"]}},
    "by another scheme": lambda token: {"headers": {"Authorization": f"Basic {token}"}},
    "without a scheme": lambda token: {"headers": {"Authorization": token}},
    "twice": lambda token: {"headers": [*people.bearer(token).items(), *people.bearer(token).items()]},
    "and another one": lambda token: {"headers": [*people.bearer(token).items(), ("Authorization", "Basic eDp5")]},
    "after another one": lambda token: {"headers": [("Authorization", "Basic eDp5"), *people.bearer(token).items()]},
    "in a list": lambda token: {"headers": people.bearer(f"{token}, {token}")},
    "after two spaces": lambda token: {"headers": people.bearer(f" {token}")},
    "before a space": lambda token: {"headers": people.bearer(f"{token} x")},
}
"""Ways of showing a token that we don't look at, or refuse (RFC 6750, 2; RFC 9110, 5.3)."""


@pytest.mark.parametrize("where", _ELSEWHERE)
@pytest.mark.parametrize("path", ["/api/cases", "/api/tasks"])
async def test_a_token_is_shown_once_and_in_one_header(
    city: Town, oidc_provider: OidcProvider, where: str, path: str
) -> None:
    token = (await oidc_provider.sign_in_system("system.psb")).access_token
    assert (await get(city, token, path)).status_code in (200, 403)
    refused = await city.get(None, path, **_ELSEWHERE[where](token))
    assert refused.status_code in (401, 422), refused.text  # 422: no route knows such a parameter
    assert (await city.get(None, path)).status_code == 401


# -- keys change --------------------------------------------------------------------------------------------------


async def test_nobody_is_turned_away_while_the_keys_change(
    postgres_server: PostgresServer, migrated: str, tmp_path: Path
) -> None:
    """Eight callers with a new token for each request, and an old one between; after a third the keys change."""
    answers: Counter[tuple[str, int]] = Counter()
    with running_provider() as provider:
        issuers = issuers_file(tmp_path, entry(provider))
        async with built(postgres_server, migrated, clock=RunningClock(), issuers_file=issuers) as town:
            first = (await provider.sign_in_system("system.psb")).access_token

            enough = asyncio.Event()

            async def call(token: str) -> None:
                answer = await get(town, token, "/api/outbound/psb", wait=0)
                answers[_kid(token), answer.status_code] += 1
                if answers.total() == 70:
                    enough.set()

            async def caller() -> None:
                for _ in range(13):
                    await call((await provider.sign_in_system("system.psb")).access_token)
                    await call(first)

            async def change() -> None:
                await enough.wait()
                await provider.rotate_keys()

            await asyncio.gather(change(), *(caller() for _ in range(8)))
            fetched = await provider.requests("/jwks")
    by_key = Counter({kid: count for (kid, _), count in answers.items()})
    assert {status for _, status in answers} == {200}
    assert answers.total() == 208
    assert len(by_key) == 2
    assert min(by_key.values()) >= 40
    assert fetched == 2


# -- taken back ---------------------------------------------------------------------------------------------------


async def test_who_signs_out_is_out_with_that_token(city: Town, oidc_provider: OidcProvider) -> None:
    here, elsewhere = [await oidc_provider.sign_in("zhang") for _ in range(2)]
    assert (await post(city, here.access_token, "/api/auth/sign-out")).status_code == 204
    assert not await known(city, here.access_token)
    assert await known(city, elsewhere.access_token)
    assert await known(city, (await oidc_provider.refresh(_refresh_token(here))).access_token)


async def test_who_is_locked_out_is_out_with_every_token_until_let_in_again(
    city: Town, oidc_provider: OidcProvider
) -> None:
    before, another = [await oidc_provider.sign_in("counter") for _ in range(2)]
    assert await known(city, before.access_token)
    body = {"subject": "city:counter", "reason": "离岗"}
    locked = await city.post("admin", "/api/lockouts", body)
    assert locked.status_code == 201, locked.text
    after = await oidc_provider.sign_in("counter")  # the provider doesn't know
    for grant in (before, another, after):
        assert not await known(city, grant.access_token)
    assert await known(city, (await oidc_provider.sign_in("zhang")).access_token)
    lifted = await city.post("admin", "/api/lockouts/lift", {"subject": "city:counter"})
    assert lifted.status_code == 200, lifted.text
    assert await known(city, before.access_token)


def _kid(token: str) -> str:
    return str(jwt.get_unverified_header(token)["kid"])


def _refresh_token(grant: Grant) -> str:
    assert grant.refresh_token is not None
    return grant.refresh_token
