"""A department's own system decides an item, over real HTTP: at once, by a call, twice, never, too late."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import httpx
import orjson
import pytest

from activities.ports import DispatchWork, RevokeWork
from onething.connectors.simulator.numbers import credit_code
from onething.domain.engine.snapshot import Assignment, CaseSnapshot
from onething.domain.events.outcomes import EffectUndone
from onething.domain.kernel.commands import Command
from onething.domain.lookups.answers import DepartmentDecision
from onething.security.signed_calls import sign
from onething.services.items import reassign
from onething.services.items.reassign import Duties
from tests.api import acts
from tests.api.conftest import built
from tests.api.forms import approval
from tests.api.lawful import task, with_a_registration_by_its_system
from tests.api.outside import COMPARE, Outside, outside_of
from tests.support.patience import PATIENCE_S
from tests.support.servers import PostgresServer

ITEM, SYSTEM = "registration", "amr"
CHASED_S = 600
CALM: dict[str, Any] = {"failure_rate": 0, "duplicate": False, "callbacks": 1, "ready_after_s": 0, "record": {}}


def _decision(key: str) -> dict[str, Any]:
    """With which the system answers the order of this key."""
    return {"key": key, "outcome": "approve", "opinion": "符合条件", "outputs": approval(ITEM, key.partition("/")[0])}


@pytest.fixture(scope="module")
async def outside(
    postgres_server: PostgresServer, migrated: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Outside]:
    """One for all: each test has a case of its own and says first how the system behaves."""
    definitions = with_a_registration_by_its_system(tmp_path_factory.mktemp("systems") / "definitions")
    file = definitions / "catalog" / "enterprise-opening" / "v1.yaml"
    compared = file.read_text(encoding="utf-8").replace("\nmaterials:\n", f"{COMPARE}\nmaterials:\n", 1)
    file.write_text(compared, encoding="utf-8")
    async with built(postgres_server, migrated, definitions) as town, outside_of(town) as outside:
        yield outside


async def _opened(outside: Outside, **behaviour: Any) -> tuple[str, str, str]:
    """A case whose registration is with the system: its number, the command and the key."""
    await outside.control(SYSTEM, "departments", **{**CALM, **behaviour})
    case_no = await acts.accepted_case(outside.town)
    command = await outside.command(case_no, ITEM)
    return case_no, command, f"{case_no}/1/{command}"


def _lines(outside: Outside, case_no: str, kind: str = "item_decided") -> list[dict[str, Any]]:
    rows = outside.town.rows(
        "select event, actor from journal where case_no = %s and kind = %s order by seq", case_no, kind
    )
    return [{**event, "by": actor} for event, actor in rows]


def _given(case_no: str, command: str, kind: str) -> Assignment:
    return Assignment(case_no=case_no, epoch=1, command=Command(id=command, kind=kind, target=ITEM))


async def _post(
    outside: Outside, body: Any, department: str = SYSTEM, secret: bytes = b"b" * 32, **headers: str
) -> httpx.Response:
    raw = orjson.dumps(body)
    signed = sign(secret, "call", int(outside.town.clock.now().timestamp()), raw)
    async with httpx.AsyncClient(timeout=PATIENCE_S) as client:
        return await client.post(
            f"{outside.api_url}/api/callbacks/{department}",
            content=raw,
            headers={"Content-Type": "application/json", **signed, **headers},
        )


async def test_it_decides_in_its_answer(outside: Outside) -> None:
    case_no, command, key = await _opened(outside, mode="answer")
    assert (await outside.town.get("officer.amr", task(case_no))).status_code == 404
    news = await outside.dispatch(case_no, command, ITEM)
    assert isinstance(news, CaseSnapshot)
    assert news.items[ITEM] == "approved"
    [line] = _lines(outside, case_no)
    assert line["by"] == {"subject": "system.amr", "role": "department_system", "department": SYSTEM}
    shown = (await outside.town.get("officer.amr", f"/api/cases/{case_no}")).json()
    [item] = [one for one in shown["items"] if one["code"] == ITEM]
    assert item["outputs"]["uscc"] == credit_code(case_no)
    await outside.dispatch(case_no, command, ITEM, 2)  # an attempt that was told nothing does no harm
    [effect] = await outside.listed("effects", key=key)
    assert effect["effects"] == 1


async def test_an_attempt_whose_answer_was_lost_has_one_effect(outside: Outside) -> None:
    case_no, command, key = await _opened(outside, mode="answer", failure_rate=1, failures=["cut"])
    for number in range(1, 6):
        assert isinstance(await outside.dispatch(case_no, command, ITEM, number), float)
    await outside.control(SYSTEM, "departments", failure_rate=0)
    outside.town.clock.move(timedelta(seconds=30))  # the breaker lets it be tried again
    assert isinstance(await outside.dispatch(case_no, command, ITEM, 6), CaseSnapshot)
    [effect] = await outside.listed("effects", key=key)
    assert effect["effects"] == 1


async def test_it_accepts_and_calls_back(outside: Outside) -> None:
    case_no, command, key = await _opened(outside, mode="accept_then_callback", ready_after_s=1500, duplicate=True)
    assert await outside.dispatch(case_no, command, ITEM) == CHASED_S
    await outside.let_pass(seconds=CHASED_S)
    assert await outside.dispatch(case_no, command, ITEM, 2) == CHASED_S
    await outside.let_pass(seconds=900)
    assert await outside.called_back(key, 2) == [200, 202]
    assert len(_lines(outside, case_no)) == 1
    assert isinstance(await outside.dispatch(case_no, command, ITEM, 3), CaseSnapshot)
    assert sum(call["effect"] for call in await outside.listed("calls", key=key)) == 1


@pytest.mark.parametrize("answers", ["by_a_call", "at_once"])
async def test_a_number_that_another_case_has_is_no_decision(outside: Outside, answers: str) -> None:
    first, _, first_key = await _opened(outside, mode="down")
    assert (await _post(outside, _decision(first_key))).status_code == 200
    taken = approval(ITEM, first)
    mode = "down" if answers == "by_a_call" else "answer"
    case_no, command, key = await _opened(outside, mode=mode, record={"outputs": taken})
    if answers == "by_a_call":
        refused = await _post(outside, {**_decision(key), "outputs": taken})
        assert refused.status_code == 422
        assert [(e["pointer"], e["code"]) for e in refused.json()["errors"]] == [("/outputs/uscc", "already_issued")]
        assert _lines(outside, case_no) == []
        assert (await _post(outside, _decision(key))).status_code == 200, "with another it is taken"
    else:
        assert isinstance(await outside.dispatch(case_no, command, ITEM), float), "it is asked again"
        assert _lines(outside, case_no) == []


async def test_a_decision_that_comes_too_late_gives_nothing_out(outside: Outside) -> None:
    case_no, _, key = await _opened(outside, mode="down")
    outside.town.clock.move(timedelta(hours=2))
    await outside.town.gateway.tick(case_no)
    mine = approval(ITEM, "330106202603029999995")
    assert (await _post(outside, {**_decision(key), "outputs": mine})).status_code == 409
    other, _, key = await _opened(outside, mode="down")
    assert (await _post(outside, {**_decision(key), "outputs": mine})).status_code == 200
    assert len(_lines(outside, other)) == 1


async def test_refused_it_is_a_task_of_its_people(outside: Outside) -> None:
    case_no, command, _ = await _opened(outside, mode="refuse")
    assert isinstance(await outside.dispatch(case_no, command, ITEM), CaseSnapshot)
    [line] = _lines(outside, case_no, "dispatch_refused")
    assert line["reason"] == "unknown_item"
    assert (await outside.town.get("officer.amr", task(case_no))).status_code == 200
    await acts.approve(outside.town, case_no, ITEM)


async def test_out_of_patience_its_people_decide_and_the_late_call_is_told_so(outside: Outside) -> None:
    case_no, _, key = await _opened(outside, mode="down")
    outside.town.clock.move(timedelta(hours=2))
    await outside.town.gateway.tick(case_no)
    early = await _post(outside, _decision(key))
    assert (early.status_code, early.json()["code"]) == (409, "not_allowed_now")
    [line] = _lines(outside, case_no, "came_too_late")
    assert (line["item"], line["decided"], line["by"]["role"]) == (ITEM, "approve", "department_system")
    assert (await _post(outside, _decision(key))).status_code == 202
    await acts.approve(outside.town, case_no, ITEM)


async def test_who_was_first_is_told(outside: Outside) -> None:
    case_no, _, key = await _opened(outside, mode="down")
    outside.town.clock.move(timedelta(hours=2))
    await outside.town.gateway.tick(case_no)
    await acts.approve(outside.town, case_no, ITEM)
    late = await _post(outside, {"key": key, "outcome": "refuse", "opinion": "住所不实"})
    assert (late.status_code, late.json()["code"]) == (409, "already_decided")
    assert late.json()["standing"]["outcome"] == "approve"
    assert len(_lines(outside, case_no, "came_too_late")) == 1


async def test_whether_a_late_approval_of_a_withdrawn_case_stands_its_department_says(outside: Outside) -> None:
    """The order is called off at once; what came of it meanwhile may be older than the withdrawal, and is taken back
    by nobody but the department's people (行政许可法 Arts. 8, 69). The look-up's hold is released."""
    case_no, _, key = await _opened(outside, mode="down")
    assert (await outside.town.post("citizen", f"/api/cases/{case_no}/withdraw")).status_code == 200
    late = await _post(outside, _decision(key))
    assert (late.status_code, "由经办人决定" in late.json()["detail"]) == (409, True), late.text
    assert await _given_back(outside, case_no) == ["released"]
    answer = await outside.town.post(
        f"officer.{SYSTEM}", f"/api/tasks/{case_no}-{ITEM}.revoke-1/revoke", {"revoke": True, "opinion": "申请已经撤回"}
    )
    assert answer.status_code == 200, answer.text
    assert await _given_back(outside, case_no) == [(SYSTEM, key)]


async def _given_back(outside: Outside, case_no: str) -> list[tuple[str, str] | str]:
    undone: list[tuple[str, str] | str] = []
    while commands := await outside.town.commands(case_no, "undo_effect"):
        [(command, undoing)] = commands.items()
        work = await outside.town.gateway.undo_work(_given(case_no, command, "undo_effect"))
        undone.append((work.department, work.undo_of) if isinstance(work, RevokeWork) else "released")
        await outside.town.outcome(case_no, EffectUndone(command=command, effect=undoing.target))
    return undone


async def test_the_order_holds_what_the_item_needs_and_no_more(outside: Outside) -> None:
    case_no, command, _ = await _opened(outside)
    work = await outside.town.gateway.dispatch_work(_given(case_no, command, "dispatch_item"))
    assert not isinstance(work, CaseSnapshot)
    assert work.order["form"]["company_name"] == "杭州䶮𠮷商贸有限公司"
    assert "finance_officer_name" not in work.order["form"]
    assert "phone" not in work.order["applicant"]
    assert [field["id"] for field in work.order["decision_form"]] == ["uscc", "established_on"]


@pytest.mark.parametrize(
    ("change", "status", "pointer"),
    [
        ({"outputs": {"uscc": "91110000600037341L"}}, 422, "/outputs/established_on"),
        ({"outcome": "refuse", "opinion": None, "outputs": {}}, 422, "/opinion"),
        ({"outcome": None, "outputs": {}}, 422, "/outcome"),
        ({"refused": True}, 422, "/outcome"),
        ({"key": "33010020260302000001/1/1.dispatch_item.7"}, 404, None),
        ({"key": "nonsense"}, 422, "/key"),
        ({"surprise": 1}, 422, "/surprise"),
    ],
)
async def test_a_call_that_is_not_as_agreed_is_told_what_is_wrong(
    outside: Outside, change: dict[str, Any], status: int, pointer: str | None
) -> None:
    case_no, _, key = await _opened(outside)
    answer = await _post(outside, {**_decision(key), **change})
    assert answer.status_code == status, answer.text
    assert [one["pointer"] for one in answer.json().get("errors", [])] == ([pointer] if pointer else [])
    assert _lines(outside, case_no) == []


async def test_nobody_else_may_call_back(outside: Outside) -> None:
    case_no, _, key = await _opened(outside)
    body = _decision(key)
    wrong = await _post(outside, body, secret=b"x" * 32)
    assert (wrong.status_code, wrong.json()["code"]) == (401, "bad_signature")
    old = await _post(outside, body, **{"webhook-timestamp": "1000000000"})
    assert (old.status_code, old.json()["code"]) == (401, "bad_signature")
    for other in ("tax", "hpf", "no-such-department"):  # one with an item in the case, one without, none at all
        assert (await _post(outside, body, department=other)).status_code == 404
    assert _lines(outside, case_no) == []


async def test_when_duties_move_its_order_is_called_off_there_and_the_heirs_system_gets_one(outside: Outside) -> None:
    town = outside.town
    case_no, _, key = await _opened(outside, mode="down")
    move = reassign.move(town._worker, town.context.writer, town.context.plan_cache, Duties(SYSTEM, "fire", "改革方案"))
    assert (await move).refused == {}
    second = await outside.command(case_no, ITEM)
    listed = (await town.get("officer.fire", "/api/tasks/at-systems")).json()["items"]
    assert (case_no, "fire") in [(one["case_no"], one["department"]) for one in listed]
    work = await town.gateway.dispatch_work(_given(case_no, second, "dispatch_item"))
    assert isinstance(work, DispatchWork)
    assert (work.department, work.key) == ("fire", f"{case_no}/1/{second}")
    assert await _undone(outside, case_no) == [(SYSTEM, key)]
    late = await _post(outside, _decision(key))
    assert (late.status_code, late.json()["code"]) == (409, "not_allowed_now")
    assert (await _post(outside, _decision(key))).status_code == 202
    assert (await _post(outside, _decision(key), "tax")).status_code == 404
    assert await _undone(outside, case_no) == [(SYSTEM, key)], "what it had approved meanwhile"
    answer = await _post(outside, _decision(work.key), "fire")
    assert answer.status_code == 200, answer.text
    decided, late_line = _lines(outside, case_no)[0], _lines(outside, case_no, "came_too_late")[0]
    assert (decided["by"]["department"], late_line["by"]["department"]) == ("fire", SYSTEM)


async def test_who_works_with_it_sees_what_the_system_has_and_who_applied_no_more_than_that(outside: Outside) -> None:
    town = outside.town
    cases = [(await _opened(outside, mode="down"))[0] for _ in range(3)]
    listed, after = [], ""
    while after is not None:
        page = (await town.get("officer.amr", f"/api/tasks/at-systems?limit=2{after}")).json()
        listed += page["items"]
        after = f"&after={page['next']}" if page["next"] else None
    mine = [one for one in listed if one["case_no"] in cases]
    assert len(listed) == len({(one["case_no"], one["item"]) for one in listed})
    assert [one["until"] for one in listed] == sorted(one["until"] for one in listed)
    assert {(one["item"], one["item_name"], one["department"]) for one in mine} == {(ITEM, "企业设立登记", SYSTEM)}
    by_supervisor = (await town.get("supervisor", f"/api/tasks/at-systems?department={SYSTEM}&limit=200")).json()
    assert [one["case_no"] for one in by_supervisor["items"]] == [one["case_no"] for one in listed]
    assert (await town.get("supervisor", "/api/tasks/at-systems")).status_code == 422
    assert (await town.get("officer.tax", "/api/tasks/at-systems")).json()["items"] == []
    assert (await town.get("officer.tax", f"/api/tasks/at-systems?department={SYSTEM}")).status_code == 403
    assert (await town.get("citizen", "/api/tasks/at-systems")).status_code == 403
    assert (await town.get("officer.amr", "/api/tasks/at-systems?after=nonsense")).status_code == 422

    case_no = cases[0]
    shown = {who: await _item(outside, who, case_no) for who in ("officer.amr", "officer.tax", "supervisor", "citizen")}
    told = {name: mine[0][name] for name in ("since", "until")}
    assert [one.get("at_system") for one in shown.values()] == [told, told, told, None]
    town.clock.move(timedelta(hours=2))
    for one in cases:
        await town.gateway.tick(one)
    assert (await _item(outside, "officer.amr", case_no)).get("at_system") is None
    left = (await town.get("officer.amr", "/api/tasks/at-systems?limit=200")).json()["items"]
    assert not [one for one in left if one["case_no"] in cases]


@pytest.mark.parametrize("answers", ["at_once", "by_a_call"])
async def test_it_may_approve_despite_what_disagrees_with_a_word_why(outside: Outside, answers: str) -> None:
    town = outside.town
    record = {"address_code": "1", "usage": "商业", "disputed": False, "standard_address": "杭州市西湖区文一西路11号"}
    await outside.control("standard-address", mode="answer", failure_rate=0, record=record)
    case_no = await acts.received_case(town)
    look_up = await outside.command(case_no, "address-check")
    assert isinstance(await outside.attempt(case_no, look_up, "address-check"), CaseSnapshot)
    await town.fetch_all(case_no)
    assert (await town.post("counter", f"/api/cases/{case_no}/accept")).status_code == 200
    command = await outside.command(case_no, ITEM)
    key = f"{case_no}/1/{command}"
    work = await town.gateway.dispatch_work(_given(case_no, command, "dispatch_item"))
    assert isinstance(work, DispatchWork)
    assert work.order["discrepancies"] == [{"code": "premises", "name": "住所"}]

    silent = await _post(outside, _decision(key))
    assert (silent.status_code, silent.json()["code"]) == (409, "discrepancy")
    unsaid = await _post(outside, {**_decision(key), "opinion": None, "despite": ["premises"]})
    assert [one["pointer"] for one in unsaid.json()["errors"]] == ["/opinion"]
    unknown = await _post(outside, {**_decision(key), "despite": ["nothing"]})
    assert [one["pointer"] for one in unknown.json()["errors"]] == ["/despite/0"]
    if answers == "by_a_call":
        assert (await _post(outside, {**_decision(key), "despite": ["premises"]})).status_code == 200
    else:
        await outside.control(SYSTEM, "departments", **{**CALM, "mode": "answer"})
        assert isinstance(await outside.dispatch(case_no, command, ITEM), float), "it is asked again"
        said = {**_decision(key), "despite": ["premises"]}
        assert isinstance(await town.gateway.dispatched(_given(case_no, command, ""), _read(said)), CaseSnapshot)
    [line] = _lines(outside, case_no)
    assert (line["outcome"], line["despite"]) == ("approve", ["premises"])


def _read(said: dict[str, Any]) -> DepartmentDecision:
    return DepartmentDecision(said["outcome"], said["opinion"], said["outputs"], tuple(said["despite"]))


async def _item(outside: Outside, who: str, case_no: str) -> dict[str, Any]:
    case = (await outside.town.get(who, f"/api/cases/{case_no}")).json()
    [item] = [one for one in case["items"] if one["code"] == ITEM]
    return dict(item)


async def _undone(outside: Outside, case_no: str) -> list[tuple[str, str]]:
    """Whose system was told to undo which order, one after the other."""
    told = []
    while commands := await outside.town.commands(case_no, "undo_effect"):
        [(command, undoing)] = commands.items()
        work = await outside.town.gateway.undo_work(_given(case_no, command, "undo_effect"))
        assert isinstance(work, RevokeWork)
        told.append((work.department, work.undo_of))
        await outside.town.outcome(case_no, EffectUndone(command=command, effect=undoing.target))
    return told
