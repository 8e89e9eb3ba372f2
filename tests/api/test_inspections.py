"""联合查验 over HTTP: a day, what each department finds, the one list, looking again, and who did not come."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from definitions.lint import require_clean
from definitions.loader import load_catalog
from tests.api import acts
from tests.api.conftest import TownBy
from tests.api.lawful import with_an_inspection
from tests.api.test_letters import letter, send_all
from tests.api.town import Town

BLOCKED = "二层疏散通道被张三的货物占用"
NO_BOOKS = "没有按规定设置账簿"
LEADS, TAX = "officer.psb", "officer.tax"


@pytest.fixture
async def town(town_by: TownBy) -> AsyncIterator[Town]:
    async with town_by(with_an_inspection) as town:
        yield town


def test_its_definitions_are_in_order(tmp_path: Path) -> None:
    require_clean(load_catalog(with_an_inspection(tmp_path)))


async def begun(town: Town) -> str:
    case_no = await acts.accepted_case(town)
    await acts.approve(town, case_no, "registration")
    return case_no


async def say(town: Town, who: str, case_no: str, end: str, body: Any = None) -> httpx.Response:
    return await town.post(who, f"/api/cases/{case_no}/inspections/site/{end}", body or {})


async def find(town: Town, who: str, case_no: str, item: str, **said: Any) -> httpx.Response:
    return await town.post(who, f"/api/cases/{case_no}/items/{item}/inspection", {"officers": 2, **said})


async def done(answer: httpx.Response) -> None:
    assert answer.status_code == 200, answer.text


def days(town: Town, *after: int) -> list[str]:
    return [(town.clock.now() + timedelta(days=n)).date().isoformat() for n in after]


async def the_day_comes(town: Town, case_no: str, *, first: bool = True) -> None:
    offered = days(town, 0, 1) if first else days(town, 0)
    await done(await say(town, LEADS, case_no, "days", {"days": offered}))
    await done(await say(town, "citizen", case_no, "choice", {"on": offered[0]}))


async def site(town: Town, case_no: str, who: str = "citizen") -> dict[str, Any]:
    [found] = (await town.get(who, f"/api/cases/{case_no}")).json()["inspections"]
    told: dict[str, Any] = found
    return told


async def listed(town: Town) -> str:
    """Both have found something; the list is out."""
    case_no = await begun(town)
    await the_day_comes(town, case_no)
    await done(await find(town, LEADS, case_no, "seal", points=[BLOCKED], note="现场照片三张"))
    await done(await find(town, TAX, case_no, "tax", points=[NO_BOOKS]))
    await done(await say(town, LEADS, case_no, "list"))
    return case_no


async def test_the_lead_offers_days_and_the_applicant_chooses(town: Town) -> None:
    case_no = await begun(town)
    assert (await site(town, case_no))["text"] == "等牵头部门提供日期"
    two = days(town, 1, 2)
    for who in ("citizen", TAX, "supervisor"):
        assert (await say(town, who, case_no, "days", {"days": two})).status_code in {403, 404}, who
    few = await say(town, LEADS, case_no, "days", {"days": two[:1]})
    assert (few.status_code, few.json()["errors"][0]["detail"]) == (422, "至少提供 2 个日期供选择，现在只有 1 个。")
    assert few.json()["errors"][0]["pointer"] == "/days"
    await done(await say(town, LEADS, case_no, "days", {"days": two}))
    assert (await site(town, case_no))["offered"] == two
    await send_all(town, case_no)
    told = await letter(town, case_no, "days_offered")
    assert told["title"] == "联合查验日期选择告知书"
    assert "请从下列日期中选一个" in str(told["paragraphs"])
    assert (await say(town, LEADS, case_no, "choice", {"on": two[0]})).status_code == 403
    assert (await say(town, "citizen", case_no, "choice")).status_code == 422
    await done(await say(town, "citizen", case_no, "choice", {"none_fits": True}))
    await done(await say(town, LEADS, case_no, "day", {"on": days(town, 3)[0]}))
    assert (await site(town, case_no))["text"] == f"定于 {days(town, 3)[0]}"
    lines = [one["text"] for one in (await town.get("citizen", f"/api/cases/{case_no}/timeline")).json()["items"]]
    assert "“现场联合查验”：提供的日期都不合适" in lines


async def test_a_department_decides_when_its_own_part_is_recorded(town: Town) -> None:
    case_no = await begun(town)
    await the_day_comes(town, case_no)
    early = await town.post(
        TAX,
        f"/api/tasks/{case_no}-tax-1/decide",
        {"outcome": "approve", "opinion": "x", "outputs": acts.approval("tax", case_no, acts.today(town))},
    )
    assert early.status_code == 409, early.text
    assert "还没有登记本部门的查验结果" in early.json()["detail"]
    assert (await find(town, LEADS, case_no, "tax")).status_code == 403
    alone = await find(town, TAX, case_no, "tax", officers=1)
    assert (alone.status_code, alone.json()["detail"]) == (422, "至少 2 人签字，现在只有 1 人。")
    await done(await find(town, TAX, case_no, "tax"))
    await acts.approve(town, case_no, "tax")
    await done(await find(town, LEADS, case_no, "seal"))
    assert (await site(town, case_no))["state"] == "closed"


async def test_one_list_goes_out_and_only_what_failed_is_looked_at_again(town: Town) -> None:
    case_no = await listed(town)
    now = await site(town, case_no)
    assert (now["state"], [one["text"] for one in now["points"]]) == ("rectifying", [BLOCKED, NO_BOOKS])
    await send_all(town, case_no)
    told = await letter(town, case_no, "inspection_list")
    assert told["title"] == "整改清单"
    assert f"1. {BLOCKED}" in told["paragraphs"]
    assert f"2. {NO_BOOKS}" in told["paragraphs"]
    clocks = {one["name"]: one for one in (await town.get("citizen", f"/api/cases/{case_no}/clocks")).json()["items"]}
    assert clocks["item:tax"]["state"] == "suspended"
    assert clocks["mend:site"]["title"] == "整改（现场联合查验）"
    assert (await say(town, LEADS, case_no, "rectified", {"what": "x"})).status_code == 403
    await done(await say(town, "citizen", case_no, "rectified", {"what": "通道已清空，账簿已设置"}))
    assert (await site(town, case_no, LEADS))["mended"] == "通道已清空，账簿已设置"
    await the_day_comes(town, case_no, first=False)
    new = await find(town, TAX, case_no, "tax", points=["又一个问题"])
    assert (new.status_code, new.json()["errors"][0]["pointer"]) == (422, "/points")
    unknown = await find(town, TAX, case_no, "tax", unmended=["tax-9"])
    assert (unknown.status_code, "不能提出新的：tax-9" in unknown.json()["detail"]) == (422, True)
    await done(await find(town, LEADS, case_no, "seal"))
    await done(await find(town, TAX, case_no, "tax", unmended=["tax-1"]))
    await done(await say(town, LEADS, case_no, "list"))
    now = await site(town, case_no)
    assert (now["state"], [one["state"] for one in now["parts"]]) == ("closed", ["passed", "failed"])
    assert [one["text"] for one in now["points"]] == [NO_BOOKS]
    body = {"outcome": "approve", "opinion": "x", "outputs": acts.approval("tax", case_no, acts.today(town))}
    refused = await town.post(TAX, f"/api/tasks/{case_no}-tax-1/decide", body)
    assert (refused.status_code, "（tax-1）没有整改到位" in refused.json()["detail"]) == (409, True)


async def test_what_was_found_is_told_to_the_applicant_and_departments_and_to_nobody_else(town: Town) -> None:
    case_no = await listed(town)
    for who, told in (("citizen", True), (LEADS, True), (TAX, True), ("counter", True), ("supervisor", False)):
        case = await town.get(who, f"/api/cases/{case_no}")
        assert (BLOCKED in case.text) is told, who
        assert ("现场照片三张" in case.text) is (who in {LEADS, TAX}), who
        assert BLOCKED not in (await town.get(who, f"/api/cases/{case_no}/timeline")).text


async def test_who_did_not_come_is_told_of_to_leaders_and_supervisors(town: Town) -> None:
    case_no = await begun(town)
    await the_day_comes(town, case_no)
    await done(await find(town, LEADS, case_no, "seal", points=[BLOCKED]))
    town.clock.move(timedelta(days=1))
    await town.gateway.tick(case_no)
    assert [one["state"] for one in (await site(town, case_no))["parts"]] == ["points", "absent"]
    cards = (await town.get("supervisor", "/api/supervision/cards")).json()["items"]
    assert [(one["item"], one["card"]) for one in cards if one["clock"] == "joint:site"] == [("tax", "yellow")]
    await acts.approve(town, case_no, "tax")


async def test_time_to_mend_ends(town: Town) -> None:
    case_no = await listed(town)
    town.clock.move(timedelta(days=13))
    await town.gateway.tick(case_no)
    assert [one["state"] for one in (await site(town, case_no))["parts"]] == ["failed", "failed"]
    await send_all(town, case_no)
    assert (await letter(town, case_no, "not_mended"))["title"] == "整改逾期告知书"
