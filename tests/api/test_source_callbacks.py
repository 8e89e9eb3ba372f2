"""Sources that answer later, over real HTTP: in two hours, twice, never, too late; one effect in their own list."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import Any

import httpx
import orjson
import pytest

from activities.ports import ReleaseWork
from onething.domain.engine.snapshot import Assignment, CaseSnapshot
from onething.domain.kernel.commands import Command
from onething.security.signed_calls import sign
from tests.api import acts
from tests.api.conftest import built
from tests.api.forms import opening
from tests.api.outside import Outside, outside_of, with_sources_that_call_back
from tests.api.town import Town
from tests.support.patience import PATIENCE_S
from tests.support.servers import PostgresServer

DATA, SOURCE = "address-check", "standard-address"
CHASED_S = 900
CALM: dict[str, Any] = {"failure_rate": 0, "duplicate": False, "callbacks": 1, "ready_after_s": 0}
ADDRESS = {"standard_address": "文一西路1号", "address_code": "1", "usage": "商业", "disputed": False}


@pytest.fixture(scope="module")
async def outside(
    postgres_server: PostgresServer, migrated: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Outside]:
    """One for all: each test has a case of its own and says first how the sources behave."""
    definitions = with_sources_that_call_back(tmp_path_factory.mktemp("callbacks") / "definitions")
    async with built(postgres_server, migrated, definitions) as town, outside_of(town) as outside:
        yield outside


async def _asked(outside: Outside, **behaviour: Any) -> tuple[str, str, str]:
    """A case whose address check has been asked for once: its number, the command and the key."""
    await outside.control(SOURCE, **{**CALM, "mode": "accept_then_callback", **behaviour})
    case_no = await acts.received_case(outside.town)
    command = await outside.command(case_no, DATA)
    assert await outside.attempt(case_no, command, DATA) == CHASED_S
    return case_no, command, f"{case_no}/1/{command}"


def _lines(town: Town, case_no: str, kind: str) -> list[dict[str, Any]]:
    found = town.rows("select event, actor from journal where case_no = %s and kind = %s order by seq", case_no, kind)
    return [{**event, "by": actor} for event, actor in found]


def _of_the_address(lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [line for line in lines if line["data"] == DATA]


async def _post(
    outside: Outside, body: Any, source: str = SOURCE, secret: bytes = b"b" * 32, **headers: str
) -> httpx.Response:
    raw = orjson.dumps(body)
    signed = sign(secret, "call", int(outside.town.clock.now().timestamp()), raw)
    async with httpx.AsyncClient(timeout=PATIENCE_S) as client:
        return await client.post(
            f"{outside.api_url}/api/callbacks/sources/{source}",
            content=raw,
            headers={"Content-Type": "application/json", **signed, **headers},
        )


async def test_an_answer_after_two_hours_is_brought_by_the_call(outside: Outside) -> None:
    case_no, command, key = await _asked(outside, ready_after_s=7200)
    for _ in range(7):
        await outside.let_pass(seconds=CHASED_S)
        assert await outside.attempt(case_no, command, DATA, 2) == CHASED_S
    await outside.let_pass(seconds=CHASED_S)
    assert await outside.called_back(key, 1) == [200]
    [line] = _of_the_address(_lines(outside.town, case_no, "record_fetched"))
    assert line["by"] == {"subject": f"sources/{SOURCE}/{case_no}", "role": "source"}
    assert isinstance(await outside.attempt(case_no, command, DATA, 9), CaseSnapshot)
    assert len(_of_the_address(_lines(outside.town, case_no, "record_fetched"))) == 1
    [effect] = await outside.listed("effects", key=key)
    assert effect["effects"] == 1
    assert sum(call["effect"] for call in await outside.listed("calls", key=key)) == 1


async def test_who_is_waited_for_is_seen_by_everybody(outside: Outside) -> None:
    case_no, _, _ = await _asked(outside, ready_after_s=None)
    town = outside.town
    now = town.clock.now()
    assert DATA not in [one["key"] for one in (await town.get("citizen", f"/api/cases/{case_no}")).json()["asked"]]
    await town.post("counter", f"/api/cases/{case_no}/accept")  # what is asked by duty is then told of, too
    for who in ("citizen", "counter", "supervisor"):
        case = (await town.get(who, f"/api/cases/{case_no}")).json()
        [one] = [one for one in case["asked"] if one["key"] == DATA]
        assert (one["department"], one["department_name"]) == ("natres", "自然资源和规划局")
        assert datetime.fromisoformat(one["since"]) == now
        assert datetime.fromisoformat(one["until"]) == now + timedelta(hours=4)
        assert (one["again_s"], one["calls_back"], one["fallback"]) == (CHASED_S, True, "premises-certificate")
    await town.fetch_all(case_no)
    assert "asked" not in (await town.get("citizen", f"/api/cases/{case_no}")).json()


async def test_whoever_has_the_query_code_sees_it_too(outside: Outside) -> None:
    opened = (await outside.town.post("citizen", "/api/cases", opening())).json()
    path = f"/api/progress/{opened['case_no']}?code={opened['query_code']}"
    assert DATA not in [one["key"] for one in (await outside.town.get(None, path)).json()["asked"]]
    await outside.town.post("counter", f"/api/cases/{opened['case_no']}/accept")
    assert DATA in [one["key"] for one in (await outside.town.get(None, path)).json()["asked"]]
    await outside.town.fetch_all(opened["case_no"])
    assert (await outside.town.get(None, path)).json()["asked"] == []


async def test_calls_that_come_twice_are_recorded_once(outside: Outside) -> None:
    case_no, _, key = await _asked(outside, duplicate=True)
    assert await outside.called_back(key, 2) == [200, 202]
    assert len(_of_the_address(_lines(outside.town, case_no, "record_fetched"))) == 1
    assert _lines(outside.town, case_no, "came_too_late") == []


async def test_a_call_that_got_lost_is_made_up_for_by_the_chase(outside: Outside) -> None:
    case_no, _, key = await _asked(outside, ready_after_s=60, callbacks=0)
    await outside.let_pass(seconds=CHASED_S)
    assert await outside.see_through(case_no, DATA, within=timedelta(0)) == 1
    assert (await outside.listed("callbacks", key=key), len(await outside.listed("effects", key=key))) == ([], 1)


async def test_who_never_calls_back_loses_patience_and_what_comes_late_is_kept(outside: Outside) -> None:
    case_no, command, key = await _asked(outside, ready_after_s=5 * 3600)
    await outside.let_pass(hours=4, seconds=1)
    assert isinstance(await outside.attempt(case_no, command, DATA, 17), float)
    await outside.town.gateway.tick(case_no)
    assert isinstance(await outside.attempt(case_no, command, DATA, 18), CaseSnapshot)
    assert len(_lines(outside.town, case_no, "patience_ended")) >= 1
    await outside.let_pass(hours=1)
    assert await outside.called_back(key, 1) == [200]
    [late] = _of_the_address(_lines(outside.town, case_no, "came_too_late"))
    assert (late["of"], late["record"]) == ("record_fetched", f"record:{DATA}")
    again = await _post(outside, {"key": key, "record": ADDRESS, "as_of": "2026-03-02T09:00:00+08:00"})
    assert (again.status_code, again.json()) == (202, {"took": "repeated"})


async def test_what_a_late_call_holds_is_released(outside: Outside) -> None:
    await outside.control("name-reservation", mode="accept_then_callback", ready_after_s=None)
    case_no = await acts.received_case(outside.town)
    command = await outside.command(case_no, "name-reservation")
    await outside.attempt(case_no, command, "name-reservation")
    assert (await outside.town.post("citizen", f"/api/cases/{case_no}/withdraw")).status_code == 200
    record = {"reserved_name": "甲", "reservation_no": "1", "reserved_until": "2026-05-01", "similar_names": 0}
    body = {"key": f"{case_no}/1/{command}", "record": record, "as_of": "2026-03-02T09:00:00+08:00"}
    assert (await _post(outside, body, "name-reservation")).json() == {"took": "late"}
    assert "undo_effect" in [one.kind for one in (await outside.town.commands(case_no)).values()]


async def test_a_source_may_call_back_that_it_refuses(outside: Outside) -> None:
    case_no, _, key = await _asked(outside, ready_after_s=None)
    answer = await _post(outside, {"key": key, "refused": True, "reason": "no_record"})
    assert (answer.status_code, answer.json()) == (200, {"took": "recorded"})
    [line] = _of_the_address(_lines(outside.town, case_no, "record_refused"))
    assert line["reason"] == "no_record"


async def test_done_but_timed_out_is_done_once(outside: Outside) -> None:
    """The first attempts get no answer, though what they asked for was done; the call back comes all the same."""
    await outside.control(SOURCE, **CALM | {"mode": "accept_then_callback", "failure_rate": 1, "failures": ["cut"]})
    case_no = await acts.received_case(outside.town)
    command = await outside.command(case_no, DATA)
    key = f"{case_no}/1/{command}"
    for number in range(1, 8):
        await outside.attempt(case_no, command, DATA, number)
        await outside.let_pass(seconds=60)
        if await outside.listed("callbacks", key=key):
            break
    assert await outside.called_back(key, 1) == [200]
    assert isinstance(await outside.attempt(case_no, command, DATA, 9), CaseSnapshot)
    assert [one["effects"] for one in await outside.listed("effects", key=key)] == [1]
    assert len(_of_the_address(_lines(outside.town, case_no, "record_fetched"))) == 1


async def test_a_source_that_is_polled_is_asked_at_its_pace(outside: Outside) -> None:
    await outside.control("identity-check", mode="accept_then_callback", ready_after_s=100)
    case_no = await acts.received_case(outside.town)
    assert await outside.see_through(case_no, "representative-identity", within=timedelta(seconds=120)) == 5
    assert [one for one in await outside.listed("callbacks") if one["name"] == "sources/identity-check"] == []


async def test_down_for_a_day_is_asked_until_it_is_up(outside: Outside) -> None:
    """Patience of four hours ends first; the source's own list then shows no effect at all."""
    await outside.control(SOURCE, mode="down")
    case_no = await acts.received_case(outside.town)
    command = await outside.command(case_no, DATA)
    number = 0
    while outside.town.clock.now() < (await outside.town.commands(case_no))[command].patience_at:
        number += 1
        waits = await outside.attempt(case_no, command, DATA, number)
        assert isinstance(waits, float)
        outside.town.clock.move(timedelta(seconds=max(waits, 60)))
    assert 0 < number <= 240, "asked at no other pace than its own"
    await outside.town.gateway.tick(case_no)
    await outside.let_pass(hours=20)
    await outside.control(SOURCE, mode="answer")
    assert isinstance(await outside.attempt(case_no, command, DATA, number), CaseSnapshot)
    assert await outside.listed("effects", case_no=case_no) == []


@pytest.mark.parametrize(
    ("change", "status", "pointer"),
    [
        ({"record": {**ADDRESS, "usage": None}}, 422, "/record/usage"),
        ({"record": None}, 422, "/record"),
        ({"as_of": "yesterday"}, 422, "/as_of"),
        ({"as_of": "2026-03-02T09:00:00"}, 422, "/as_of"),
        ({"key": "20260302000001/1/1.fetch_record.1"}, 404, None),
        ({"key": "nonsense"}, 422, "/key"),
        ({"surprise": 1}, 422, "/surprise"),
    ],
)
async def test_a_call_that_is_not_as_agreed_is_told_what_is_wrong(
    outside: Outside, change: dict[str, Any], status: int, pointer: str | None
) -> None:
    case_no, _, key = await _asked(outside, ready_after_s=None)
    body = {"key": key, "record": ADDRESS, "as_of": "2026-03-02T09:00:00+08:00", **change}
    answer = await _post(outside, body)
    assert answer.status_code == status, answer.text
    assert [one["pointer"] for one in answer.json().get("errors", [])] == ([pointer] if pointer else [])
    assert _of_the_address(_lines(outside.town, case_no, "record_fetched")) == []


async def test_nobody_else_may_call_back(outside: Outside) -> None:
    case_no, _, key = await _asked(outside, ready_after_s=None)
    body = {"key": key, "record": ADDRESS, "as_of": "2026-03-02T09:00:00+08:00"}
    wrong = await _post(outside, body, secret=b"x" * 32)
    assert (wrong.status_code, wrong.json()["code"]) == (401, "bad_signature")
    old = await _post(outside, body, **{"webhook-timestamp": "1000000000"})
    assert (old.status_code, old.json()["code"]) == (401, "bad_signature")
    other_source = await _post(outside, body, source="identity-check")
    assert other_source.status_code in (404, 422)
    nobody = await _post(outside, body, source="no-such-source")
    assert nobody.status_code == 404
    assert _of_the_address(_lines(outside.town, case_no, "record_fetched")) == []


async def test_asked_anew_it_is_the_same_request_to_the_source(outside: Outside) -> None:
    """Accepted, asked anew, called back under the first key: one effect, and what was reserved is released by it."""
    await outside.control("name-reservation", mode="accept_then_callback", ready_after_s=3600)
    case_no = await acts.received_case(outside.town)
    data = "name-reservation"
    command = await outside.command(case_no, data)
    await outside.attempt(case_no, command, data)
    retried = await outside.town.post("counter", f"/api/cases/{case_no}/data/{data}/retry")
    assert retried.json()["took"] == "asked", retried.text
    again = await outside.command(case_no, data)
    assert isinstance(await outside.attempt(case_no, command, data), CaseSnapshot)
    assert await outside.attempt(case_no, again, data) == CHASED_S
    key = f"{case_no}/1/{command}"
    await outside.let_pass(hours=1)
    assert await outside.called_back(key, 1) == [200]
    [line] = [one for one in _lines(outside.town, case_no, "record_fetched") if one["data"] == data]
    assert line["command"] == again
    assert (await outside.town.post("citizen", f"/api/cases/{case_no}/withdraw")).status_code == 200
    [(undo, one)] = [(n, o) for n, o in (await outside.town.commands(case_no)).items() if o.kind == "undo_effect"]
    given = Assignment(case_no=case_no, epoch=1, command=Command(id=undo, kind=one.kind, target=one.target))
    work = await outside.town.gateway.undo_work(given)
    assert isinstance(work, ReleaseWork)
    assert work.of_key == key
    assert [one["effects"] for one in await outside.listed("effects", key=key)] == [1]
    assert await outside.listed("effects", key=f"{case_no}/1/{again}") == []


async def _told(outside: Outside, who: str = "supervisor", **asked: Any) -> dict[str, dict[str, Any]]:
    answer = await outside.town.get(who, "/api/supervision/sources", params=asked)
    assert answer.status_code == 200, answer.text
    return {one["source"]: one for one in answer.json()["items"]}


async def test_supervisors_see_how_sources_do(outside: Outside) -> None:
    """Failures until the breaker opens, and closes again; a call back after two hours."""
    await outside.flusher.tell()
    outside.town.clock.move(timedelta(days=9))  # past what the others left
    await outside.control("identity-check", mode="down")
    case_no, _, key = await _asked(outside, ready_after_s=7200)
    who = await outside.command(case_no, "representative-identity")
    before = (await _told(outside))["identity-check"]["pending"]
    for number in range(1, 8):
        await outside.attempt(case_no, who, "representative-identity", number)
    await outside.flusher.tell()
    identity = (await _told(outside))["identity-check"]
    assert (identity["failed"], identity["success_rate"], identity["answered"]) == (5, 0.0, 0)
    assert (identity["breaker"], identity["breaker_workers"], identity["pending"]) == ("open", 1, before)
    assert datetime.fromisoformat(identity["pending_since"]) <= outside.town.clock.now()
    await outside.control("identity-check", mode="answer")
    await outside.let_pass(seconds=10)
    await outside.attempt(case_no, who, "representative-identity", 8)
    await outside.flusher.tell()
    identity = (await _told(outside))["identity-check"]
    assert (identity["breaker"], identity["answered"], identity["pending"]) == ("closed", 1, before - 1)
    await outside.let_pass(hours=2)
    assert await outside.called_back(key, 1) == [200]
    address = (await _told(outside))[SOURCE]
    assert (address["answered"], address["not_yet"], address["failed"], address["breaker"]) == (1, 1, 0, "closed")
    assert (address["success_rate"], address["department_name"]) == (1.0, "自然资源和规划局")
    assert 7200 <= address["wait_p50_s"] == address["wait_p90_s"] <= 7210 * 1.2
    assert address["age_p50_s"] >= 0.001
    outside.town.clock.move(timedelta(hours=3))
    assert (await _told(outside, hours=1))[SOURCE]["answered"] == 0


async def test_leaders_see_their_own_sources_and_nobody_else_any(outside: Outside) -> None:
    for told in (await _told(outside, "leader.natres"), await _told(outside, department="natres")):
        assert {one["department"] for one in told.values()} == {"natres"}
    for who, params in (
        ("leader.natres", {"department": "amr"}),
        ("counter", {}),
        ("citizen", {}),
        ("officer.amr", {}),
    ):
        refused = await outside.town.get(who, "/api/supervision/sources", params=params)
        assert (refused.status_code, refused.json()["code"]) == (403, "not_permitted")
    assert (await outside.town.get("supervisor", "/api/supervision/sources?hours=169")).status_code == 422
