"""Signing out, locking out, and how sure of the caller an act has to be."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import httpx
import pytest

from onething.domain.errors import FailureCode, OneThingError
from onething.domain.principal import Assurance
from onething.edge.problems import STATUS
from onething.security.identity.claims import SignedIn
from onething.security.identity.refusals import IdentityUnavailable, NotSignedIn
from onething.services.cases import stream
from onething.services.core import lockout_watch
from tests.api import acts
from tests.api.forms import opening
from tests.api.town import Town
from tests.support import people
from tests.support.patience import PATIENCE_S


async def ask(town: Town, token: str, path: str = "/api/cases") -> httpx.Response:
    return await town.client().get(path, headers=people.bearer(token))


async def until_status(town: Town, token: str, status: int) -> None:
    """Another process hears of it in its own time; this one by the database's notice."""
    for _ in range(200):
        if (await ask(town, token)).status_code == status:
            return
        await asyncio.sleep(0.05)
    raise AssertionError((await ask(town, token)).text)


async def test_who_signs_out_is_out_with_that_token_only(town: Town) -> None:
    first, second = people.token(town.context, "citizen2"), people.token(town.context, "citizen2")
    answer = await town.client().post("/api/auth/sign-out", headers=people.bearer(first))
    assert (answer.status_code, answer.content) == (204, b"")
    await until_status(town, first, 401)
    assert "退出" in (await ask(town, first)).json()["detail"]
    assert (await ask(town, second)).status_code == 200


async def test_a_dismissed_officer_is_out_whatever_the_token(fresh_town: Town) -> None:
    town = fresh_town
    tokens = [people.token(town.context, "officer.tax") for _ in range(2)]
    body = {"subject": "officer.tax", "reason": "调离"}
    assert (await town.post("admin", "/api/lockouts", body)).status_code == 201
    for token in tokens:
        await until_status(town, token, 401)
    await until_status(town, people.token(town.context, "officer.tax"), 401)
    listed = (await town.get("admin", "/api/lockouts")).json()["items"]
    assert [(one["subject"], one["by"], one["reason"]) for one in listed] == [("officer.tax", "admin", "调离")]
    assert (await ask(town, people.token(town.context, "officer.amr"))).status_code == 200
    assert (await town.post("admin", "/api/lockouts/lift", {"subject": "officer.tax"})).json()["items"] == []
    await until_status(town, people.token(town.context, "officer.tax"), 200)
    assert (await town.post("admin", "/api/lockouts/lift", {"subject": "officer.tax"})).status_code == 404


async def test_nobody_locks_out_themselves_and_only_an_administrator_others(town: Town) -> None:
    body = {"subject": "admin", "reason": "x"}
    assert (await town.post("admin", "/api/lockouts", body)).status_code == 422
    for who in ("citizen", "agent", "counter", "officer.amr", "leader.amr", "supervisor", "system.amr"):
        assert (await town.post(who, "/api/lockouts", body)).status_code == 403
        assert (await town.get(who, "/api/lockouts")).status_code == 403


async def test_a_stream_ends_when_its_caller_is_locked_out(fresh_town: Town) -> None:
    town = fresh_town
    case_no = await acts.open_case(town)
    signed_in = await town.context.tokens.read(people.token(town.context, "citizen"))
    watching = stream.watch(town.context, signed_in, case_no, 0)
    while await anext(watching) is not None:
        pass
    await town.post("admin", "/api/lockouts", {"subject": "citizen", "reason": "x"})
    with pytest.raises(OneThingError, match="停用"):
        await asyncio.wait_for(_to_the_end(watching), 10)  # its own next look would be in fifteen seconds


async def test_another_process_hears_of_it_at_once(fresh_town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """Told by the database: it would look by itself in an hour only."""
    monkeypatch.setattr(lockout_watch, "EVERY_S", 3600.0)
    town = fresh_town
    officer = await town.context.tokens.read(people.token(town.context, "officer.tax"))
    other = lockout_watch.LockoutWatch(town.context.database, town._owner_url, town.clock, lambda: 0.0)
    await other.open()
    try:
        other.refuse(officer)
        assert (await town.post("admin", "/api/lockouts", {"subject": "officer.tax", "reason": "x"})).status_code == 201
        async with asyncio.timeout(PATIENCE_S):
            while not _refused(other, officer):  # noqa: ASYNC110  the database tells it
                await asyncio.sleep(0.01)
    finally:
        await other.close()


def _refused(watch: lockout_watch.LockoutWatch, who: SignedIn) -> bool:
    try:
        watch.refuse(who)
    except NotSignedIn:
        return True
    return False


async def test_staff_are_not_let_in_where_nobody_can_tell_who_is_locked_out(town: Town) -> None:
    now = 0.0
    watch = lockout_watch.LockoutWatch(town.context.database, town._owner_url, town.clock, lambda: now)
    officer = await town.context.tokens.read(people.token(town.context, "officer.tax"))
    citizen = await town.context.tokens.read(people.token(town.context, "citizen"))
    with pytest.raises(IdentityUnavailable):  # nothing is known yet
        watch.refuse(officer)
    await watch.look()
    now = lockout_watch.TRUSTED_S
    for who in (citizen, officer):
        watch.refuse(who)
    now += 0.1
    watch.refuse(citizen)
    with pytest.raises(IdentityUnavailable) as refused:
        watch.refuse(officer)
    assert STATUS[refused.value.code] == 503
    assert lockout_watch.TRUSTED_S == 30


async def _to_the_end(watching: AsyncIterator[object]) -> None:
    async for _ in watching:
        pass


@pytest.mark.parametrize(
    ("who", "assurance", "path", "body", "challenge"),
    [
        ("citizen", Assurance(level=1), "/api/cases/{case}/submit", {}, 'acr_values="2"'),
        ("citizen", Assurance(level=1), "/api/cases/{case}/withdraw", {}, 'acr_values="2"'),
        ("counter", Assurance(level=3), "/api/cases/{case}/accept", {}, "insufficient_user_authentication"),
    ],
)
async def test_who_is_not_known_well_enough_is_told_how(
    town: Town, who: str, assurance: Assurance, path: str, body: dict[str, str], challenge: str
) -> None:
    case_no = await acts.draft(town)
    token = people.token(town.context, who, assurance=assurance)
    headers = people.bearer(token) | {"Idempotency-Key": f"weak-{who}-{path}"}
    before = town.counts()
    answer = await town.client().post(path.format(case=case_no), json=body, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (401, FailureCode.INSUFFICIENT_AUTHENTICATION)
    assert challenge in answer.headers["www-authenticate"]
    assert "重新登录" in answer.json()["detail"]
    assert town.counts() == before


@pytest.mark.parametrize("level", [0, 1])
async def test_a_weakly_known_citizen_has_drafts_of_their_own_alone(fresh_town: Town, level: int) -> None:
    """Whoever only knows name and number of somebody is known as well as that."""
    town = fresh_town
    case_no, by_other = await acts.open_case(town), await acts.draft(town)
    typed = await town.post("citizen2", "/api/cases", opening(submit=False))
    weak = people.bearer(
        people.token(
            town.context,
            "citizen2",
            subject="weak",
            identity_number=people.ZHANG.id_number,
            assurance=Assurance(level=level),
        )
    )
    for path in (case_no, by_other, typed.json()["case_no"], f"{case_no}/timeline", f"{case_no}/documents"):
        refused = await town.get("citizen2", f"/api/cases/{path}", headers=weak)
        assert (refused.status_code, refused.json()["code"]) == (401, FailureCode.INSUFFICIENT_AUTHENTICATION), path
        assert people.ZHANG.name not in refused.text
    begun = await town.post("citizen2", "/api/cases", opening(submit=False), headers=weak)
    own = f"/api/cases/{begun.json()['case_no']}"
    assert (await town.get("citizen2", own, headers=weak)).json()["form"] == opening()["form"]
    for query, there in (("", [own]), ("?to_confirm=true", []), ("?mine=true", [own])):
        listed = await town.get("citizen2", f"/api/cases{query}", headers=weak)
        assert [f"/api/cases/{one['case_no']}" for one in listed.json()["items"]] == there
    known = people.token(town.context, "citizen2", subject="weak", identity_number=people.ZHANG.id_number)
    assert len((await ask(town, known)).json()["items"]) == 4


async def test_who_is_not_known_well_enough_may_still_sign_out(town: Town) -> None:
    one_factor = people.token(town.context, "officer.tax", assurance=Assurance(level=3))
    assert (await ask(town, one_factor)).status_code == 401
    answer = await town.client().post("/api/auth/sign-out", headers=people.bearer(one_factor))
    assert answer.status_code == 204, answer.text
    await until_status(town, one_factor, 401)
    assert "退出" in (await ask(town, one_factor)).json()["detail"]


async def test_a_mandate_asks_for_a_sign_in_of_the_last_minutes(fresh_town: Town) -> None:
    town = fresh_town
    token = people.token(town.context, "citizen")
    mandate = {
        "giver": people.ZHANG.named, "agent": "agent", "agent_name": "王帮办", "kind": "helper",
        "acts": ["apply"], "expires_on": f"{town.clock.now() + timedelta(days=30):%Y-%m-%d}",
    }  # fmt: skip
    town.clock.move(timedelta(minutes=15, seconds=1))
    headers = people.bearer(token) | {"Idempotency-Key": "stale"}
    answer = await town.client().post("/api/mandates", json=mandate, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (401, FailureCode.INSUFFICIENT_AUTHENTICATION)
    assert 'max_age="900"' in answer.headers["www-authenticate"]
    fresh = people.bearer(people.token(town.context, "citizen")) | {"Idempotency-Key": "stale"}
    assert (await town.client().post("/api/mandates", json=mandate, headers=fresh)).status_code == 201


async def test_two_tokens_are_none(town: Town) -> None:
    token = people.token(town.context, "citizen")
    headers = [*people.bearer(token).items(), *people.bearer(token).items()]
    assert (await town.client().get("/api/cases", headers=headers)).status_code == 401
