"""What takes the place of a record that its source does not give: people look, the applicant promises, or the source is
asked on; each over real HTTP."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from onething.domain.engine.snapshot import CaseSnapshot
from tests.api import acts
from tests.api.conftest import built
from tests.api.forms import approval
from tests.api.lawful import task
from tests.api.outside import Outside, outside_of, with_compared_premises
from tests.api.town import Town
from tests.support.servers import PostgresServer

PREMISES, SOURCE, PAPER = "address-check", "standard-address", "premises-certificate"
IDENTITY, COPY = "representative-identity", "representative-id-copy"
NAME = "name-reservation"
SAID, OTHER = "杭州市西湖区文一西路1号", "杭州市西湖区文一西路11号"
RECORD: dict[str, Any] = {"standard_address": SAID, "address_code": "330106001", "usage": "商业", "disputed": False}
CALM: dict[str, Any] = {"mode": "answer", "failure_rate": 0, "stale_days": 0, "callbacks": 1, "ready_after_s": 0}
NOTICE = """  - code: name-notice
    name: 企业名称自主申报告知书
    help: 仅在名称系统无法返回时需要。
"""
OFFER = "{check: all, check_days: 10, basis: {title: 当地告知承诺办法, assumed: true}}"
LATER = timedelta(hours=4)  # the patience of the two sources that call back


def with_other_fallbacks(folder: Path) -> Path:
    """People look up the premises, the copy of the identity card may be promised, and the name is waited for."""
    file = with_compared_premises(folder) / "catalog" / "enterprise-opening" / "v1.yaml"
    text = file.read_text(encoding="utf-8")
    for before, after in (
        ("fallback: premises-certificate\n", f"fallback: {{kind: manual_check, days: 2, material: {PAPER}}}\n"),
        ("fallback: representative-id-copy\n", f"fallback: {{kind: commitment, material: {COPY}}}\n"),
        ("fallback: name-notice\n", "fallback: {kind: wait}\n"),
        ("    name: 负责人身份证件复印件\n", f"    name: 负责人身份证件复印件\n    commitment: {OFFER}\n"),
        (NOTICE, ""),
        ("name-reservation, name-notice, ", "name-reservation, "),
    ):
        assert text.count(before) == 1, before
        text = text.replace(before, after)
    file.write_text(text, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
async def outside(
    postgres_server: PostgresServer, migrated: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Outside]:
    """One of their own: they move its clock."""
    definitions = with_other_fallbacks(tmp_path_factory.mktemp("fallbacks") / "definitions")
    async with built(postgres_server, migrated, definitions) as town, outside_of(town) as outside:
        yield outside


def looking(case_no: str, round_no: int = 1) -> str:
    return f"/api/tasks/{case_no}-{PREMISES}.by-hand-{round_no}"


async def one_asked(town: Town, case_no: str, data: str, who: str = "citizen") -> dict[str, Any] | None:
    listed = (await town.get(who, f"/api/cases/{case_no}")).json().get("asked", ())
    return next((one for one in listed if one["key"] == data), None)


async def of_data(town: Town, case_no: str, data: str = PREMISES, who: str = "officer.amr") -> dict[str, Any]:
    listed: list[dict[str, Any]] = (await town.get(who, f"/api/cases/{case_no}")).json()["records"]
    return next(one for one in listed if one["key"] == data)


async def texts(town: Town, case_no: str) -> list[str]:
    lines = (await town.get("citizen", f"/api/cases/{case_no}/timeline?limit=200")).json()["items"]
    return [one["text"] for one in lines]


async def open_but(town: Town, data: str) -> str:
    """Accepted, with every record but one."""
    case_no = await acts.received_case(town)
    for command in (await town.commands(case_no)).values():
        if command.target == data:
            continue
        found = {"record": RECORD if command.target == PREMISES else {"found": "x"}, "as_of": "2026-03-02T00:00:00Z"}
        await town.record(case_no, command.target, found)
    answer = await town.post("counter", f"/api/cases/{case_no}/accept")
    assert answer.status_code == 200, answer.text
    return case_no


async def test_people_look_and_what_they_find_is_as_good_as_fetched(outside: Outside) -> None:
    town = outside.town
    case_no = await open_but(town, PREMISES)
    await town.refuse_fetch(case_no, PREMISES)
    assert "“住所标准地址核验”无法取得，由主管部门人工核查，同时继续查询" in await texts(town, case_no)
    waiting = await one_asked(town, case_no, PREMISES)
    assert waiting is not None
    assert (waiting["by_hand"], waiting["then"], waiting["fallback"]) == (True, "wait", PAPER)
    assert waiting["department"] == "natres"
    assert (await of_data(town, case_no, who="citizen"))["state"] == "checking"
    assert (await town.get("citizen", f"/api/cases/{case_no}")).json()["missing"] == []

    queue = (await town.get("officer.natres", "/api/tasks?limit=200")).json()["items"]
    (row,) = [one for one in queue if one["case_no"] == case_no]
    assert (row["kind"], row["item"], row["item_name"]) == ("manual_check", PREMISES, "住所标准地址核验")
    assert row["due_at"] == waiting["by_hand_until"]
    seen = (await town.get("officer.natres", looking(case_no))).json()
    assert [(one["id"], one["value"]) for one in seen["look_up"]["params"]] == [("address", SAID)]
    assert [one["id"] for one in seen["look_up"]["fields"]] == list(RECORD)
    assert (seen["case"]["form"], seen["case"]["records"], seen["decision_form"]) == ({}, [], [])
    looks = town.rows("select count(*) from access_log where act = 'view_task' and case_no = %s", case_no)
    assert looks == [(1,)]
    for who, status in (("officer.psb", 404), ("officer.amr", 404), ("supervisor", 403), ("citizen", 403)):
        assert (await town.get(who, looking(case_no))).status_code == status, who

    found = {"found": True, "record": RECORD, "note": "查不动产登记簿第三册"}
    for wrong, pointers in (
        ({"record": RECORD | {"disputed": "no"}}, ["/record/disputed"]),
        ({"record": {"usage": "商业"}}, ["/record/address_code", "/record/disputed", "/record/standard_address"]),
        ({"record": RECORD | {"owner": "x"}}, ["/record/owner"]),
        ({"record": RECORD | {"usage": " \u200b"}}, ["/record/usage"]),
        ({"found": False}, ["/found"]),
        ({"as_of": "2099-01-01T00:00:00Z"}, ["/as_of"]),
        ({"record": None}, ["/record"]),
        ({"note": " "}, ["/note"]),
    ):
        answer = await town.post("officer.natres", f"{looking(case_no)}/look-up", found | wrong)
        assert (answer.status_code, sorted(e["pointer"] for e in answer.json()["errors"])) == (422, pointers)
    for act in ("claim", "decide", "resolve"):
        body = {"decide": {"outcome": "approve"}, "resolve": {"which": "form.address", "note": "x"}}.get(act)
        assert (await town.post("officer.natres", f"{looking(case_no)}/{act}", body)).status_code == 409, act
    assert (await town.post("officer.amr", f"{looking(case_no)}/look-up", found)).status_code == 404
    assert (await town.post("officer.amr", f"{task(case_no)}/look-up", found)).status_code in {404, 409}
    typed = found | {"record": RECORD | {"usage": f" {RECORD['usage']}\u200b "}}
    answer = await town.post("officer.natres", f"{looking(case_no)}/look-up", typed, key=f"look-{case_no}")
    assert answer.status_code == 200, answer.text
    again = await town.post("officer.natres", f"{looking(case_no)}/look-up", typed, key=f"look-{case_no}")
    assert again.content == answer.content
    late = await town.post("leader.natres", f"{looking(case_no)}/look-up", found)
    assert (late.status_code, late.json()["standing"]["outcome"]) == (409, "found")

    record = await of_data(town, case_no)
    assert (record["state"], record["record"], record["by_hand"]) == ("in_hand", RECORD, True)
    assert (record["department"], record["note"]) == ("natres", found["note"])
    assert record["fetched_at"] == answer.json()["at"]
    assert "note" not in await of_data(town, case_no, who="citizen")
    assert "人工核查“住所标准地址核验”：查到记录" in await texts(town, case_no)
    assert await one_asked(town, case_no, PREMISES) is None
    body = {"outcome": "approve", "outputs": approval("registration", case_no)}
    assert (await town.post("officer.amr", f"{task(case_no)}/decide", body)).status_code == 200
    stored = town.rows("select event::text from journal where case_no = %s", case_no)
    assert not [event for (event,) in stored if "文一西路" in event or found["note"] in event]


async def test_what_people_find_is_compared_as_what_is_fetched(outside: Outside) -> None:
    town = outside.town
    case_no = await open_but(town, PREMISES)
    await town.refuse_fetch(case_no, PREMISES)
    found = {"found": True, "record": RECORD | {"standard_address": OTHER}, "note": "查登记簿"}
    assert (await town.post("leader.natres", f"{looking(case_no)}/look-up", found)).status_code == 200
    assert "人工核查“住所标准地址核验”：查到记录，各方数据不一致：住所" in await texts(town, case_no)
    body = {"outcome": "approve", "outputs": approval("registration", case_no)}
    refused = await town.post("officer.amr", f"{task(case_no)}/decide", body)
    assert (refused.status_code, refused.json()["code"]) == (409, "discrepancy")


@pytest.mark.parametrize("said", [True, False])
async def test_nobody_finds_it_and_the_paper_is_asked_for(outside: Outside, said: bool) -> None:
    town = outside.town
    case_no = await open_but(town, PREMISES)
    await town.refuse_fetch(case_no, PREMISES)
    if said:
        body = {"found": False, "note": "登记簿中没有"}
        assert (await town.post("officer.natres", f"{looking(case_no)}/look-up", body)).status_code == 200
        assert "人工核查“住所标准地址核验”：查无此记录" in await texts(town, case_no)
    else:
        await outside.let_pass(days=5)
        await town.gateway.tick(case_no)
        assert "人工核查“住所标准地址核验”的时间已到，改由申请人提供" in await texts(town, case_no)
        late = await town.post("officer.natres", f"{looking(case_no)}/look-up", {"found": False, "note": "没有"})
        assert (late.status_code, late.json()["code"]) == (409, "not_allowed_now")
    assert (await town.get("citizen", f"/api/cases/{case_no}")).json()["missing"] == [PAPER]
    answer = await acts.hand_in(town, case_no, PAPER)
    assert (answer["status"], answer["missing"]) == ("processing", [])


async def test_the_source_calls_back_before_anybody_has_looked(outside: Outside) -> None:
    """Nobody types what has come."""
    town = outside.town
    await outside.control(
        SOURCE, **{**CALM, "mode": "accept_then_callback", "record": RECORD, "ready_after_s": 6 * 3600}
    )
    case_no = await open_but(town, PREMISES)
    first = await outside.command(case_no, PREMISES)
    await outside.attempt(case_no, first, PREMISES)
    await outside.let_pass(hours=5)
    await town.gateway.tick(case_no)
    assert (await of_data(town, case_no))["state"] == "checking"
    again = await outside.command(case_no, PREMISES)
    assert again != first
    await outside.attempt(case_no, again, PREMISES)  # the same request: the key is that of the first
    await outside.let_pass(hours=2)
    assert await outside.called_back(f"{case_no}/1/{first}", 1) == [200]
    record = await of_data(town, case_no)
    assert (record["state"], record.get("by_hand"), record["record"]) == ("in_hand", None, RECORD)
    answer = await town.post("officer.natres", f"{looking(case_no)}/look-up", {"found": False, "note": "没有"})
    assert (answer.status_code, answer.json()["code"]) == (409, "not_allowed_now")
    assert len(await outside.listed("calls", key=f"{case_no}/1/{first}")) >= 1


async def test_other_answers_do_not_take_it_out_of_their_hands(outside: Outside) -> None:
    town = outside.town
    case_no = await acts.received_case(town)
    await town.refuse_fetch(case_no, PREMISES)
    of_taxes = ("finance_officer_name", "finance_officer_id", "finance_officer_phone", "accounting_system")
    fewer = {"answers": {"services": ["seal"], "invoices": None}, "form": dict.fromkeys(of_taxes)}
    answer = await town.post("citizen", f"/api/cases/{case_no}/supplement", fewer)
    assert answer.status_code == 200, answer.text
    seen = await town.get("officer.natres", looking(case_no))
    assert (seen.status_code, seen.json()["state"]) == (200, "open")
    found = {"found": True, "record": RECORD, "note": "查登记簿"}
    assert (await town.post("officer.natres", f"{looking(case_no)}/look-up", found)).status_code == 200


async def test_asked_anew_beside_them_and_withdrawn(outside: Outside) -> None:
    town = outside.town
    case_no = await open_but(town, PREMISES)
    await town.refuse_fetch(case_no, PREMISES)
    answer = await town.post("officer.amr", f"/api/cases/{case_no}/data/{PREMISES}/retry")
    assert answer.status_code == 200, answer.text
    assert (answer.json()["data"]["by_hand"], answer.json()["data"]["then"]) == (True, "wait")
    assert (await town.post("citizen", f"/api/cases/{case_no}/withdraw")).status_code == 200
    ((state, result),) = town.rows(
        "select state, result from tasks where case_no = %s and kind = 'manual_check'", case_no
    )
    assert (state, result) == ("lapsed", "lapsed")
    assert await one_asked(town, case_no, PREMISES) is None


async def test_a_promise_takes_the_place_of_a_record(outside: Outside) -> None:
    town = outside.town
    case_no = await open_but(town, IDENTITY)
    promise = {"commitments": [COPY]}
    early = await town.post("citizen", f"/api/cases/{case_no}/supplement", promise)
    assert [(e["pointer"], e["code"]) for e in early.json()["errors"]] == [("/commitments/0", "unknown_material")]
    await town.refuse_fetch(case_no, IDENTITY)
    assert "“负责人身份核验”无法取得，改由申请人提供或承诺" in await texts(town, case_no)
    case = (await town.get("citizen", f"/api/cases/{case_no}")).json()
    assert case["missing"] == [COPY]
    assert [one["code"] for one in case["materials"] if one.get("may_promise")] == [COPY]
    both = await town.post(
        "citizen", f"/api/cases/{case_no}/supplement", promise | {"materials": [{"code": COPY, "form": "paper"}]}
    )
    assert [e["pointer"] for e in both.json()["errors"]] == ["/commitments/0"]
    answer = await town.post("citizen", f"/api/cases/{case_no}/supplement", promise)
    assert (answer.status_code, answer.json()["status"], answer.json()["missing"]) == (200, "processing", [])
    case = (await town.get("citizen", f"/api/cases/{case_no}")).json()
    assert [one["code"] for one in case["commitments"]["materials"]] == [COPY]
    assert case["commitments"]["said_on"] == "2026-03-02" or "said_on" in case["commitments"]
    assert {one["code"]: one["state"] for one in case["materials"]}[COPY] == "committed"
    assert "承诺代替负责人身份证件复印件" in await texts(town, case_no)
    body = {"outcome": "approve", "outputs": approval("registration", case_no)}
    assert (await town.post("officer.amr", f"{task(case_no)}/decide", body)).status_code == 200
    checks = (await town.get("officer.amr", "/api/tasks?limit=200")).json()["items"]
    (check,) = [one for one in checks if one["case_no"] == case_no and one["kind"] == "check"]
    assert (check["material"], check["due_at"] is not None) == (COPY, True)
    found = {"kept": True, "finding": "证件有效"}
    answer = await town.post("officer.amr", f"/api/cases/{case_no}/commitments/{COPY}/check", found)
    assert answer.status_code == 200, answer.text


async def reminder(town: Town, case_no: str, who: str = "supervisor") -> dict[str, Any] | None:
    listed = (await town.get(who, "/api/supervision/reminders?limit=200")).json()["items"]
    return next((one for one in listed if one["case_no"] == case_no), None)


async def test_who_is_waited_for_is_told_as_long_as_it_lasts(outside: Outside) -> None:
    town = outside.town
    case_no = await open_but(town, NAME)
    begun = town.clock.now()
    before = await one_asked(town, case_no, NAME)
    assert before is not None
    assert (before["then"], before.get("fallback"), await reminder(town, case_no)) == ("wait", None, None)
    await outside.let_pass(hours=5)
    await town.gateway.tick(case_no)
    assert (await town.get("citizen", f"/api/cases/{case_no}")).json()["missing"] == []
    for who in ("supervisor", "leader.amr", "officer.amr"):
        told = await reminder(town, case_no, who)
        assert told is not None
        assert (told["kind"], told["data"], told["departments"], told["overdue"]) == ("look_up", NAME, ["amr"], False)
        assert datetime.fromisoformat(told["since"]) == begun
    assert await reminder(town, case_no, "officer.tax") is None
    waits = await one_asked(town, case_no, NAME)
    assert waits is not None
    assert datetime.fromisoformat(waits["since"]) == begun
    lines = len(await texts(town, case_no))
    await outside.let_pass(days=20)
    await town.gateway.tick(case_no)
    assert len(await texts(town, case_no)) - lines <= 30
    await town.refuse_fetch(case_no, NAME)
    assert "“企业名称保留信息”无法取得，继续查询，已告知主管部门和督办员" in await texts(town, case_no)
    assert not [one for one in (await town.commands(case_no)).values() if one.target == NAME]
    waits = await one_asked(town, case_no, NAME)
    assert waits is not None
    assert waits["until"] == (await reminder(town, case_no) or {})["due_at"]
    await outside.let_pass(days=1)
    await town.gateway.tick(case_no)
    assert "再次查询“企业名称保留信息”" in await texts(town, case_no)
    await outside.control(NAME, **CALM)
    found = await outside.attempt(case_no, await outside.command(case_no, NAME), NAME)
    if not isinstance(found, CaseSnapshot):
        await town.record(case_no, NAME, {"record": {"found": "x"}, "as_of": "2026-03-02T00:00:00Z"})
    assert await reminder(town, case_no) is None
    assert (await town.get("citizen", f"/api/cases/{case_no}")).json()["status"] == "processing"
