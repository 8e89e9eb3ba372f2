"""What several sources say differently, over real HTTP: found, looked into, decided despite it; and where it all came
from."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from onething.cli.commands import application_file
from onething.cli.demo.command import EXAMPLES
from onething.domain.calendar.days import Calendar
from onething.domain.engine.snapshot import CaseSnapshot
from onething.domain.engine.step import fold
from onething.domain.events.union import EVENT
from onething.domain.plan.plan import Plan
from tests.api import acts
from tests.api.conftest import built
from tests.api.forms import approval, opening
from tests.api.lawful import task
from tests.api.outside import Outside, outside_of, with_compared_premises
from tests.api.town import Town
from tests.support.servers import PostgresServer

DATA, SOURCE = "address-check", "standard-address"
SAID, OTHER = "杭州市西湖区文一西路1号", "杭州市西湖区文一西路11号"
RECORD: dict[str, Any] = {"address_code": "1", "usage": "商业", "disputed": False}
FORM_SAYS, REGISTER_SAYS = "form.address", f"data.{DATA}.standard_address"
CALM: dict[str, Any] = {"mode": "answer", "failure_rate": 0, "stale_days": 0, "callbacks": 1, "ready_after_s": 0}


@pytest.fixture(scope="module")
async def outside(
    postgres_server: PostgresServer, migrated: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Outside]:
    definitions = with_compared_premises(tmp_path_factory.mktemp("compared") / "definitions")
    async with built(postgres_server, migrated, definitions) as town, outside_of(town) as outside:
        yield outside


async def looked_up(outside: Outside, says: str, **behaviour: Any) -> str:
    """A case of which every record is there; the register says this of the premises."""
    town = outside.town
    await outside.control(SOURCE, **{**CALM, "record": {**RECORD, "standard_address": says}, **behaviour})
    case_no = await acts.received_case(town)
    assert isinstance(await outside.attempt(case_no, await outside.command(case_no, DATA), DATA), CaseSnapshot)
    await town.fetch_all(case_no)
    return case_no


async def accepted(outside: Outside, says: str, **behaviour: Any) -> str:
    case_no = await looked_up(outside, says, **behaviour)
    answer = await outside.town.post("counter", f"/api/cases/{case_no}/accept")
    assert answer.status_code == 200, answer.text
    return case_no


def looking(case_no: str, round_no: int = 1) -> str:
    return f"/api/tasks/{case_no}-premises.differs-{round_no}"


async def queued(town: Town, who: str, case_no: str) -> list[dict[str, Any]]:
    page = (await town.get(who, "/api/tasks?limit=200")).json()["items"]
    return [one for one in page if one["case_no"] == case_no and one["kind"] == "discrepancy"]


async def approve(town: Town, case_no: str, **said: Any) -> httpx.Response:
    body = {"outcome": "approve", "outputs": approval("registration", case_no), **said}
    return await town.post("officer.amr", f"{task(case_no)}/decide", body)


async def texts(town: Town, case_no: str) -> list[str]:
    lines = (await town.get("citizen", f"/api/cases/{case_no}/timeline?limit=200")).json()["items"]
    return [one["text"] for one in lines]


@pytest.mark.parametrize("written", [SAID, "浙江省杭州市西湖区文一西路1号", "杭州市 西湖区 文一西路一号"])
async def test_the_same_in_other_words_is_the_same(outside: Outside, written: str) -> None:
    case_no = await accepted(outside, written)
    town = outside.town
    assert await queued(town, "officer.natres", case_no) == []
    assert "discrepancies" not in (await town.get("officer.amr", f"/api/cases/{case_no}")).json()
    assert (await approve(town, case_no)).status_code == 200


async def test_the_owner_looks_and_the_officer_sees_both(outside: Outside) -> None:
    town = outside.town
    case_no = await accepted(outside, OTHER)
    (one,) = await queued(town, "officer.natres", case_no)
    told = [one[name] for name in ("item", "item_name", "comparison", "comparison_name", "round")]
    assert told == [DATA, "住所标准地址核验", "premises", "住所", 1]
    clocks = (await town.get("officer.amr", f"/api/cases/{case_no}/clocks?limit=200")).json()["items"]
    (clock,) = (clock for clock in clocks if clock["name"] == "differs:premises")
    assert (clock["title"], clock["due_at"], clock["budget"]) == ("核实住所", one["due_at"], 3)

    seen = (await town.get("officer.amr", task(case_no))).json()
    (differs,) = seen["case"]["discrepancies"]
    (warning,) = [one for one in seen["warnings"] if "各方数据不一致" in one]  # of its name others are under way
    assert warning.startswith(f"“住所”的各方数据不一致，{differs['department_name']}尚未核实")
    assert "在 despite 里写 premises" in warning
    assert [(side["value"], side["said"]) for side in differs["values"]] == [(FORM_SAYS, SAID), (REGISTER_SAYS, OTHER)]
    assert (differs["state"], differs["department"], differs["items"]) == ("open", "natres", ["registration"])
    assert differs["values"][1]["source"] == SOURCE

    owner = (await town.get("officer.natres", looking(case_no))).json()
    assert [side["said"] for side in owner["case"]["discrepancies"][0]["values"]] == [SAID, OTHER]
    assert (owner["warnings"], owner["decision_form"], owner["case"]["form"]) == ([], [], {})
    assert [one["key"] for one in owner["case"]["records"]] == []
    assert "discrepancies" not in (await town.get("supervisor", f"/api/cases/{case_no}")).json()
    for who, status in (("officer.psb", 404), ("officer.tax", 404), ("supervisor", 403), ("citizen", 403)):
        assert (await town.get(who, looking(case_no))).status_code == status, who

    refused = await approve(town, case_no, opinion="符合条件")
    assert (refused.status_code, refused.json()["code"]) == (409, "discrepancy")
    assert "“住所”（premises）" in refused.json()["detail"]

    found = {"which": REGISTER_SAYS, "note": "以不动产登记簿为准"}
    for act in ("claim", "decide", "answer"):
        body = {"decide": {"outcome": "approve"}, "answer": {"opinion": "x"}}.get(act)
        assert (await town.post("officer.natres", f"{looking(case_no)}/{act}", body)).status_code == 409, act
    assert (await town.post("officer.amr", f"{looking(case_no)}/resolve", found)).status_code == 404
    assert (await town.post("officer.amr", f"{task(case_no)}/resolve", found)).status_code == 409
    wrong = await town.post("officer.natres", f"{looking(case_no)}/resolve", found | {"which": "form.other"})
    assert [(e["pointer"], e["code"]) for e in wrong.json()["errors"]] == [("/which", "invalid_value")], wrong.text
    answer = await town.post("officer.natres", f"{looking(case_no)}/resolve", found, key=f"look-{case_no}")
    assert answer.status_code == 200, answer.text
    again = await town.post("officer.natres", f"{looking(case_no)}/resolve", found, key=f"look-{case_no}")
    assert again.content == answer.content
    late = await town.post("leader.natres", f"{looking(case_no)}/resolve", found)
    assert (late.status_code, late.json()["standing"]["outcome"]) == (409, "resolved")
    assert await queued(town, "officer.natres", case_no) == []

    after = (await town.get("officer.amr", task(case_no))).json()
    (differs,) = after["case"]["discrepancies"]
    assert (differs["state"], differs["which"], differs["note"]) == ("resolved", REGISTER_SAYS, found["note"])
    assert not [warning for warning in after["warnings"] if "各方数据不一致" in warning]
    assert (await approve(town, case_no)).status_code == 200
    told_all = await texts(town, case_no)
    assert "取得“住所标准地址核验”，各方数据不一致：住所" in told_all
    assert "核实“住所”，以“住所标准地址核验”为准" in told_all
    stored = town.rows("select event::text from journal where case_no = %s", case_no)
    assert not [event for (event,) in stored if "文一西路" in event or found["note"] in event]


async def test_approved_despite_it_with_a_word_why(outside: Outside) -> None:
    town = outside.town
    case_no = await accepted(outside, OTHER)
    for said, pointer in (
        ({"despite": ["premises"]}, "/opinion"),
        ({"despite": ["premises", "premise"], "opinion": "已看原件"}, "/despite/1"),
    ):
        answer = await approve(town, case_no, **said)
        assert [e["pointer"] for e in answer.json()["errors"]] == [pointer], answer.text
    refusal = {"outcome": "refuse", "opinion": "x", "despite": ["premises"]}
    answer = await town.post("officer.amr", f"{task(case_no)}/decide", refusal)
    assert [e["pointer"] for e in answer.json()["errors"]] == ["/despite"]
    answer = await approve(town, case_no, despite=["premises"], opinion="已看不动产权证原件，门牌号为1号")
    assert answer.status_code == 200, answer.text
    ((despite,),) = town.rows(
        "select event -> 'despite' from journal where case_no = %s and kind = 'item_decided'", case_no
    )
    assert despite == ["premises"]
    assert len(await queued(town, "officer.natres", case_no)) == 1  # the register is still to be looked at
    found = {"which": FORM_SAYS, "note": "登记簿已更正"}
    assert (await town.post("officer.natres", f"{looking(case_no)}/resolve", found)).status_code == 200


async def test_what_the_applicant_sets_right_is_looked_at_no_more(outside: Outside) -> None:
    town = outside.town
    case_no = await looked_up(outside, OTHER)
    assert len(await queued(town, "officer.natres", case_no)) == 1
    answer = await town.post("citizen", f"/api/cases/{case_no}/supplement", {"form": {"address": OTHER}})
    assert answer.status_code == 200, answer.text
    assert await queued(town, "officer.natres", case_no) == []
    assert isinstance(await outside.attempt(case_no, await outside.command(case_no, DATA), DATA), CaseSnapshot)
    assert await queued(town, "officer.natres", case_no) == []
    case = (await town.get("citizen", f"/api/cases/{case_no}")).json()
    by_origin = {one["origin"]: one["fields"] for one in case["provenance"]}
    assert by_origin["supplement"] == ["address"]
    assert "company_name" in by_origin["applicant"]


async def test_what_comes_after_the_paper_is_compared_with_it(outside: Outside) -> None:
    """The source calls back when patience has ended and the applicant has brought the certificate instead."""
    town = outside.town
    record = {**RECORD, "standard_address": OTHER}
    await outside.control(
        SOURCE, **{**CALM, "mode": "accept_then_callback", "record": record, "ready_after_s": 6 * 3600}
    )
    case_no = await acts.received_case(town)
    command = await outside.command(case_no, DATA)
    await outside.attempt(case_no, command, DATA)
    for other in ("name-reservation", "representative-identity"):
        assert isinstance(await outside.attempt(case_no, await outside.command(case_no, other), other), CaseSnapshot)
    await outside.let_pass(hours=5)
    await town.gateway.tick(case_no)
    await acts.hand_in(town, case_no, "premises-certificate")
    assert (await town.post("counter", f"/api/cases/{case_no}/accept")).json()["status"] == "processing"
    await outside.let_pass(hours=2)
    assert await outside.called_back(f"{case_no}/1/{command}", 1) == [200]
    assert "“住所标准地址核验”的结果迟到，已记录，各方数据不一致：住所" in await texts(town, case_no)
    seen = (await town.get("officer.amr", task(case_no))).json()
    sides = seen["case"]["discrepancies"][0]["values"]
    assert [(side["said"], side.get("late")) for side in sides] == [(SAID, None), (OTHER, True)]
    assert (await approve(town, case_no, opinion="x")).json()["code"] == "discrepancy"
    assert (await town.post("citizen", f"/api/cases/{case_no}/withdraw")).status_code == 200
    assert await queued(town, "officer.natres", case_no) == []


async def test_every_value_knows_where_it_came_from(outside: Outside) -> None:
    town = outside.town
    case_no = await accepted(outside, SAID, stale_days=3)
    assert (await approve(town, case_no, opinion="符合")).status_code == 200
    for path in (f"/api/cases/{case_no}", task(case_no)):
        told = (await town.get("officer.amr", path)).json()
        case = told.get("case", told)
        (origin,) = case["provenance"]
        assert (origin["origin"], set(origin["fields"])) == ("applicant", set(case["form"]))
        record = next(one for one in case["records"] if one["key"] == DATA)
        assert (record["source"], record["department"], record["age_hours"]) == (SOURCE, "natres", 72)
        assert record["fetched_at"] >= record["as_of"]
        decided = next(one for one in case["items"] if one["code"] == "registration")
        assert decided["decided_at"] is not None
    seal = (await town.get("officer.psb", f"/api/cases/{case_no}")).json()
    assert (
        {field for one in seal["provenance"] for field in one["fields"]} == set(seal["form"]) < set(opening()["form"])
    )
    assert "provenance" not in (await town.get("supervisor", f"/api/cases/{case_no}")).json()


COUNTED = ("found", "open", "resolved", "matched", "source_right")


async def quality(town: Town, who: str = "supervisor") -> dict[str, Any]:
    answer = await town.get(who, "/api/supervision/data-quality")
    assert answer.status_code == 200, answer.text
    return next(one for one in answer.json()["items"] if one["source"] == SOURCE)


async def test_the_quality_of_each_source(outside: Outside) -> None:
    town = outside.town
    before = await quality(town)
    for which in (REGISTER_SAYS, FORM_SAYS, None):
        case_no = await looked_up(outside, OTHER)
        if which is not None:
            found = {"which": which, "note": "已查"}
            answer = await town.post("officer.natres", f"{looking(case_no)}/resolve", found)
            assert answer.status_code == 200, answer.text
    await looked_up(outside, SAID)
    after = await quality(town)
    assert [after[name] - before[name] for name in COUNTED] == [3, 1, 2, 0, 1]
    assert (after["department"], after["name"]) == ("natres", "住所标准地址核验")
    assert after["source_right_rate"] == round(after["source_right"] / after["resolved"], 4)
    assert await quality(town, "leader.natres") == after
    others = (await town.get("leader.amr", "/api/supervision/data-quality")).json()
    assert SOURCE not in [one["source"] for one in others["items"]]
    for who, status in (("officer.natres", 403), ("counter", 403), ("citizen", 403), (None, 401)):
        assert (await town.get(who, "/api/supervision/data-quality")).status_code == status, who
    wrong = await town.get("supervisor", "/api/supervision/data-quality?from=2026-03-09&to=2026-03-02")
    assert wrong.status_code == 422


async def test_how_old_its_records_were_lately(outside: Outside) -> None:
    """A source that calls back counts for itself."""
    town = outside.town
    before = (await quality(town))["lately"]
    await outside.control(
        SOURCE,
        **{**CALM, "mode": "accept_then_callback", "record": {**RECORD, "standard_address": SAID}, "stale_days": 30},
    )
    case_no = await acts.received_case(town)
    command = await outside.command(case_no, DATA)
    await outside.attempt(case_no, command, DATA)
    assert await outside.called_back(f"{case_no}/1/{command}", 1) == [200]
    after = (await quality(town))["lately"]
    assert (after["days"], after["answered"] - before["answered"]) == (7, 1)
    assert after["age_p99_s"] == pytest.approx(30 * 86400, rel=0.25)


async def test_a_journal_of_many_compared_values_folds_to_what_is_stored(town: Town) -> None:
    """PostgreSQL gives them back in an order of its own, and the state is the same to the byte."""
    application = dict(application_file.read(EXAMPLES / "newborn.yaml").body)
    application["form"] = application["form"] | {"born_on": "2026-02-10"}
    sent = await town.post("counter", "/api/cases", application)
    assert sent.status_code == 201, sent.text
    case_no = sent.json()["case_no"]
    lines = town.rows("select seq, at, event from journal where case_no = %s order by seq", case_no)
    assert len(lines[0][2]["compared"]) > 2
    plans = {digest: Plan.model_validate_json(body) for digest, body in town.rows("select digest, body from plans")}
    calendars = {
        digest: Calendar.model_validate_json(body) for digest, body in town.rows("select digest, body from calendars")
    }
    folded = fold(plans, calendars, [(seq, at, EVENT.validate_python(event)) for seq, at, event in lines])
    [[stored]] = town.rows("select body from case_state where case_no = %s", case_no)
    assert folded.to_json().decode() == stored
