"""A repetition gets the first answer: who may do it is judged anew, whether it may be done now is not."""

from datetime import timedelta
from typing import Any

import httpx
import pytest
from fastapi.routing import APIRoute
from starlette.routing import Match

from onething.domain.principal import Assurance, Role
from tests.api.acts import accepted_case, approve, open_case, received_case
from tests.api.forms import approval, opening
from tests.api.lawful import HEARING, task
from tests.api.town import Town
from tests.support import people

SUPPLEMENT = {"form": {"liaison_phone": "13900000001"}}


async def _as(town: Town, who: str, path: str, body: Any = None, *, key: str, **changes: Any) -> httpx.Response:
    """By the same person under their account of now, with these changes."""
    token = people.token(town.context, who, **changes)
    return await town.post(who, path, body, key, headers=people.bearer(token))


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"role": Role.COUNTER, "department": None}, 403),  # a role that never decides
        ({"department": "tax"}, 404),  # whose items the case concerns; the task is not theirs to know of
        ({"region": people.ELSEWHERE}, 404),
    ],
)
async def test_who_lost_role_or_relation_gets_no_answer(fresh_town: Town, changes: dict[str, Any], status: int) -> None:
    town = fresh_town
    case_no = await accepted_case(town)
    path, body = f"{task(case_no)}/decide", {"outcome": "approve", "outputs": approval("registration", case_no)}
    first = await town.post("officer.amr", path, body, key="k")
    refused = await _as(town, "officer.amr", path, body, key="k", **changes)
    assert (refused.status_code, refused.headers["content-type"]) == (status, "application/problem+json")
    logged = town.rows("select act, outcome from access_log where subject = 'officer.amr'")
    assert logged == [("decide", refused.json()["code"])]
    again = await town.post("officer.amr", path, body, key="k")
    assert (again.status_code, again.content) == (200, first.content)


async def test_who_no_longer_has_the_mandate_gets_no_answer(fresh_town: Town) -> None:
    town = fresh_town
    giver = people.ZHANG.named
    helper = {"giver": giver, "agent": "agent", "agent_name": "王帮办", "kind": "helper", "expires_on": "2026-03-31"}
    mandate = (await town.post("citizen", "/api/mandates", helper)).json()["id"]
    opened = await town.post("agent", "/api/cases", opening(), key="open")
    draft = await town.post("agent", "/api/cases", opening(submit=False), key="draft")
    path = f"/api/cases/{opened.json()['case_no']}/supplement"
    first = await town.post("agent", path, SUPPLEMENT, key="more")
    assert [one.status_code for one in (opened, draft, first)] == [201, 201, 200]
    for key, body, before in (("open", {}, opened), ("draft", {"submit": False}, draft)):
        again = await town.post("agent", "/api/cases", opening(**body), key=key)
        assert again.content == before.content
    assert (await town.post("agent", path, SUPPLEMENT, key="more")).content == first.content

    assert (await town.post("citizen", f"/api/mandates/{mandate}/revoke")).status_code == 200
    refused = await town.post("agent", path, SUPPLEMENT, key="more")
    assert (refused.status_code, refused.json()["code"]) == (403, "not_permitted")
    assert "被撤销" in refused.json()["detail"]
    answer = await town.post("agent", "/api/cases", opening(), key="open")
    assert (answer.status_code, answer.json()["code"]) == (403, "not_permitted")
    # anybody may write a draft; it says nothing in the person's name
    assert (await town.post("agent", "/api/cases", opening(submit=False), key="draft")).content == draft.content


async def test_what_the_act_itself_asks_of_the_caller_is_judged_anew(lawful: Town) -> None:
    town = lawful
    case_no = await accepted_case(town)
    path, body = f"{task(case_no)}/suspend", {**HEARING, "basis": "force_majeure"}
    first = await town.post("supervisor", path, body, key="flood")
    assert first.status_code == 200, first.text
    refused = await _as(town, "supervisor", path, body, key="flood", role=Role.OFFICER, department="amr")
    assert (refused.status_code, refused.json()["code"]) == (403, "not_permitted")
    assert (await town.post("supervisor", path, body, key="flood")).content == first.content


async def test_whose_items_need_the_data_is_judged_anew(fresh_town: Town) -> None:
    town = fresh_town
    path = f"/api/cases/{await received_case(town)}/data/address-check/retry"
    first = await town.post("officer.amr", path, key="k")
    assert first.status_code == 200, first.text
    refused = await _as(town, "officer.amr", path, key="k", department="psb")
    assert (refused.status_code, refused.json()["code"]) == (403, "not_permitted")
    assert (await town.post("officer.amr", path, key="k")).content == first.content


async def test_accepting_on_the_spot_is_judged_anew(fresh_town: Town) -> None:
    town = fresh_town
    first = await town.post("counter", "/api/cases", opening(accept=True), key="k")
    assert first.status_code == 201, first.text
    assert (await town.post("counter", "/api/cases", opening(accept=True), key="k")).content == first.content
    refused = await _as(town, "counter", "/api/cases", opening(accept=True), key="k", role=Role.CITIZEN)
    assert (refused.status_code, refused.json()["code"]) == (403, "not_permitted")


async def test_the_window_is_not_judged_anew(lawful: Town) -> None:
    """Neither the state of case and task, nor a time limit."""
    town = lawful
    case_no = await accepted_case(town)
    suspended = await _suspend(town, case_no, "s")
    resumed = await town.post("officer.amr", f"{task(case_no)}/resume", key="r")
    urged = await town.post("citizen", f"/api/cases/{case_no}/urge", {"text": "请尽快"}, key="u")
    assert [one.status_code for one in (suspended, resumed, urged)] == [200, 200, 200]
    await approve(town, case_no, "registration")
    assert (await town.post("citizen", f"/api/cases/{case_no}/withdraw")).status_code == 200
    town.clock.move(timedelta(days=20))
    assert (await _suspend(town, case_no, "s")).content == suspended.content
    assert (await town.post("officer.amr", f"{task(case_no)}/resume", key="r")).content == resumed.content
    again = await town.post("citizen", f"/api/cases/{case_no}/urge", {"text": "请尽快"}, key="u")
    assert (again.status_code, again.content) == (200, urged.content)


async def test_a_key_belongs_to_the_act_and_what_it_is_about(fresh_town: Town) -> None:
    town = fresh_town
    case_no = await accepted_case(town)
    path = task(case_no)
    assert (await town.post("officer.amr", f"{path}/claim", key="k")).json()["claimed_by"] == "officer.amr"
    assert "claimed_by" not in (await town.post("officer.amr", f"{path}/release", key="k")).json()
    other = await open_case(town)
    assert (await town.post("counter", f"/api/cases/{other}/accept", key="k")).json()["case_no"] == other
    third = await open_case(town)
    # an empty body is as good as none
    assert (await town.post("counter", f"/api/cases/{third}/accept", {}, key="k")).json()["case_no"] == third
    assert (await town.post("counter", f"/api/cases/{third}/accept", key="k")).status_code == 200
    scopes = {scope for (scope,) in town.rows("select route from idempotency where key = 'k'")}
    assert scopes == {
        f"claim {case_no}-registration-1",
        f"release {case_no}-registration-1",
        f"accept {other}",
        f"accept {third}",
    }


async def test_what_an_act_is_about_may_be_a_part_of_a_case(fresh_town: Town) -> None:
    town = fresh_town
    case_no = await open_case(town)
    first, second = (await _data(town, case_no))[:2]
    answers = [
        await town.post("counter", f"/api/cases/{case_no}/data/{data}/retry", key="k") for data in (first, second)
    ]
    assert [answer.json()["data"]["key"] for answer in answers] == [first, second], answers[0].text


async def _suspend(town: Town, case_no: str, key: str) -> httpx.Response:
    return await town.post("officer.amr", f"{task(case_no)}/suspend", HEARING, key=key)


async def _data(town: Town, case_no: str) -> list[str]:
    commands = await town.commands(case_no, "fetch_record")
    return [command.target for command in commands.values()]


async def test_an_act_on_an_item_and_a_repetition_take_three_messages(lawful: Town) -> None:
    """BEGIN, all that is asked first, and COMMIT with all that is written, if something is."""
    town = lawful
    first, second = [await accepted_case(town) for _ in range(2)]
    assert (
        await _suspend(town, first, "k")
    ).status_code == 200  # what a connection's first use prepares is not counted
    messages: list[str] = []
    pool = town.context.database._pool
    for connection in [await pool.acquire() for _ in range(pool.get_size())]:
        connection.add_query_logger(lambda record: messages.append(record.query.split()[0]))
        await pool.release(connection)
    assert (await _suspend(town, second, "k")).status_code == 200
    performed, messages[:] = list(messages), []
    assert (await _suspend(town, second, "k")).status_code == 200
    assert performed == ["begin;", "select", "set"]
    assert messages == ["begin;", "select", "commit"]


async def test_a_decision_is_found_first_and_asks_the_framework_for_little(town: Town) -> None:
    """Routes are tried one after the other, and each dependency is solved at each request: context, caller and key."""
    asked = {"type": "http", "method": "POST", "path": f"{task('330109202603020000017')}/decide", "headers": []}
    routes = town.app.router.routes
    tried = next(n for n, route in enumerate(routes, 1) if route.matches(dict(asked))[0] is Match.FULL)
    decide = routes[tried - 1]
    assert tried <= 2  # behind the one that describes the API
    assert isinstance(decide, APIRoute)
    assert len(decide.dependant.dependencies) == 3
    assert not any(one.dependencies for one in decide.dependant.dependencies)


@pytest.mark.parametrize("level", [1, 2])
async def test_how_well_the_caller_is_known_is_judged_anew(fresh_town: Town, level: int) -> None:
    """Level, second factor and a sign-in of just now, each where its act asks for it; nothing of the first answer."""
    town, weak = fresh_town, Assurance(level=level)
    case_no = await accepted_case(town)
    soon = {"giver": people.ZHANG.named, "agent": "agent", "agent_name": "王", "kind": "helper"}
    acts: list[tuple[str, str, Any, bool]] = [
        ("citizen", f"/api/cases/{case_no}/withdraw", None, level < 2),
        ("citizen", "/api/mandates", {**soon, "expires_on": "2026-03-31"}, True),
        ("officer.amr", f"{task(case_no)}/claim", None, True),
        ("citizen", f"/api/cases/{case_no}/urge", {"text": "请尽快"}, level < 2),
        ("citizen", "/api/cases", opening(submit=False), False),
    ]
    firsts = [await town.post(who, path, body, key="k") for who, path, body, _ in reversed(acts)]
    assert {one.status_code for one in firsts} <= {200, 201}, [one.text for one in firsts]
    tokens = {who: people.token(town.context, who, assurance=weak) for who in ("citizen", "officer.amr")}
    town.clock.move(timedelta(minutes=15, seconds=1))
    for (who, path, body, refused), first in zip(reversed(acts), firsts, strict=True):
        again = await town.post(who, path, body, "k", headers=people.bearer(tokens[who]))
        if refused:
            assert (again.status_code, again.json()["code"]) == (401, "insufficient_user_authentication")
            assert case_no not in again.text
        else:
            assert again.content == first.content
