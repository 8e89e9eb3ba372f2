"""期间 over HTTP: a public notice that somebody objects to, and one that nobody does."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from definitions.lint import require_clean
from definitions.loader import load_catalog
from tests.api import acts
from tests.api.conftest import TownBy
from tests.api.lawful import with_a_notice
from tests.api.test_letters import letter, send_all
from tests.api.town import Town

WHAT = "债权人甲公司提出尚有货款未清偿"


@pytest.fixture
async def town(town_by: TownBy) -> AsyncIterator[Town]:
    async with town_by(with_a_notice) as town:
        yield town


def test_its_definitions_are_in_order(tmp_path: Path) -> None:
    require_clean(load_catalog(with_a_notice(tmp_path)))


async def announced(town: Town) -> str:
    case_no = await acts.accepted_case(town)
    await acts.approve(town, case_no, "registration")
    return case_no


async def states(town: Town, case_no: str) -> dict[str, str]:
    case = (await town.get("citizen", f"/api/cases/{case_no}")).json()
    return {item["code"]: item["state"] for item in case["items"]}


async def test_everybody_sees_until_when_it_runs_and_what_waits(town: Town) -> None:
    case_no = await announced(town)
    [period] = (await town.get("citizen", f"/api/cases/{case_no}")).json()["periods"]
    assert (period["state"], period["text"]) == ("running", "正在进行，至 2026-03-09")
    assert (await states(town, case_no))["seal"] == "waiting"
    clocks = (await town.get("citizen", f"/api/cases/{case_no}/clocks")).json()["items"]
    [clock] = [one for one in clocks if one["name"] == "period:public-notice"]
    assert clock["title"] == "设立公告"


async def test_its_time_ends_and_what_waited_goes_on(town: Town) -> None:
    case_no = await announced(town)
    town.clock.move(timedelta(days=8))
    await town.gateway.tick(case_no)
    assert (await states(town, case_no))["seal"] == "open"
    lines = (await town.get("citizen", f"/api/cases/{case_no}/timeline")).json()["items"]
    assert "“设立公告”期满" in [line["text"] for line in lines]
    await send_all(town, case_no)
    told = await letter(town, case_no, "period_ended")
    assert told["title"] == "期间结束告知书"
    assert "“设立公告”已经期满，其后的事项继续办理。" in str(told["paragraphs"])


async def test_the_department_that_gave_notice_records_an_objection(town: Town) -> None:
    case_no = await announced(town)
    path = f"/api/cases/{case_no}/periods/public-notice"
    for who in ("citizen", "counter", "officer.tax", "supervisor"):
        assert (await town.post(who, path, {"what": WHAT})).status_code in {403, 404}, who
    assert (await town.post("officer.amr", f"/api/cases/{case_no}/periods/none", {"what": WHAT})).status_code == 404
    recorded = await town.post("officer.amr", path, {"what": WHAT})
    assert recorded.status_code == 200, recorded.text
    assert (await states(town, case_no))["seal"] == "skipped"
    again = await town.post("officer.amr", path, {"what": WHAT})
    assert (again.status_code, again.json()["detail"]) == (409, "“设立公告”已经结束。")


async def test_who_objected_is_for_departments_alone(town: Town) -> None:
    case_no = await announced(town)
    await town.post("officer.amr", f"/api/cases/{case_no}/periods/public-notice", {"what": WHAT})
    for who, told in (("officer.amr", True), ("citizen", False), ("counter", False), ("supervisor", False)):
        case = await town.get(who, f"/api/cases/{case_no}")
        assert case.status_code == 200, who
        assert (WHAT in case.text) is told, who
        timeline = await town.get(who, f"/api/cases/{case_no}/timeline")
        assert WHAT not in timeline.text
    lines = (await town.get("citizen", f"/api/cases/{case_no}/timeline")).json()["items"]
    assert "“设立公告”期间有人提出异议，须等它顺利结束的事项不再办理" in [line["text"] for line in lines]
    documents = await town.get("citizen", f"/api/cases/{case_no}/documents")
    assert WHAT not in documents.text
