"""办成后补交: handed in after the decision, or its department decides what becomes of it; over HTTP and by pages."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.api import acts
from tests.api.conftest import TownBy
from tests.api.lawful import clocks, with_a_lease_for_the_licence
from tests.api.test_deferral import LEASE, submitted
from tests.api.test_handed_in import hand_in, materials
from tests.api.test_letters import letter
from tests.api.town import Town
from tests.web.visitor import Visitor

BEFORE = "{at: issue, basis: {title: 《当地办法》, article: 第九条}}"
AFTER = (
    "{at: after_decision, within: {amount: 10, unit: calendar_day, for: person}, missed: revoke, "
    "basis: {title: 《当地条例》, article: 第九条}}"
)


def with_a_lease_after_the_decision(folder: Path) -> Path:
    with_a_lease_for_the_licence(folder)
    file = folder / "catalog" / "enterprise-opening" / "v1.yaml"
    text = file.read_text(encoding="utf-8")
    assert text.count(BEFORE) == 1
    file.write_text(text.replace(BEFORE, AFTER), encoding="utf-8")
    return folder


@pytest.fixture
async def owing(town_by: TownBy) -> AsyncIterator[Town]:
    async with town_by(with_a_lease_after_the_decision) as town:
        yield town


async def closed(town: Town) -> str:
    case_no = await submitted(town)
    assert (await materials(town, case_no))[LEASE] == "afterwards"
    assert (await town.post("counter", f"/api/cases/{case_no}/accept")).status_code == 200
    for item in ("registration", "seal", "tax"):
        await acts.approve(town, case_no, item)
    await town.finish(case_no)
    assert (await town.get("citizen", f"/api/cases/{case_no}")).json()["status"] == "closed"
    return case_no


async def test_it_is_taken_when_the_case_has_closed(owing: Town) -> None:
    town = owing
    case_no = await closed(town)
    assert (await materials(town, case_no))[LEASE] == "owed"
    until = (await clocks(town, case_no))[f"owed:{LEASE}"]
    assert until["title"] == "办成后补交房屋租赁合同"
    async with Visitor(town) as citizen, Visitor(town) as counter:
        await citizen.sign_in("citizen")
        page = (await citizen.get(f"/my/cases/{case_no}")).text
        assert "请把“房屋租赁合同”交到窗口" in page
        await counter.sign_in("counter")
        page = (await counter.get(f"/counter/cases/{case_no}")).text
        assert "已经办成，等候补交" in page
        assert f'name="/materials" value="{LEASE}"' in page
    assert await hand_in(town, case_no) == 200
    assert (await materials(town, case_no))[LEASE] == "in_hand"
    assert f"owed:{LEASE}" not in await clocks(town, case_no)
    assert await hand_in(town, case_no) == 409


async def test_it_never_comes_and_its_department_decides(owing: Town) -> None:
    town = owing
    case_no = await closed(town)
    town.clock.move(timedelta(days=15))
    assert (await town.post("citizen", f"/api/cases/{case_no}/withdraw")).status_code == 409  # somebody looks
    told = await letter(town, case_no, "not_handed_in")
    late = "办成后应当补交的“房屋租赁合同”在规定的期限内没有补交，请尽快交到窗口；"
    said = f"{late}仍不补交的，由部门依法决定是否撤销（依据：《当地条例》第九条）。"
    assert (told["title"], told["paragraphs"]) == ("逾期未补交告知书", [said])
    queue = (await town.get("officer.amr", "/api/tasks")).json()["items"]
    [row] = [one for one in queue if one["kind"] == "revoke"]
    task = (await town.get("officer.amr", f"/api/tasks/{row['task_id']}")).json()
    assert any("逾期没有补交，请依法决定是否撤销（《当地条例》第九条）" in one for one in task["warnings"]), task
    body = {"revoke": True, "opinion": "经催告仍未补交"}
    answer = await town.post("officer.amr", f"/api/tasks/{row['task_id']}/revoke", body)
    assert answer.status_code == 200, answer.text
    revoked = await letter(town, case_no, "approval_revoked")
    assert "办成后应当补交的“房屋租赁合同”逾期没有补交，决定撤销" in revoked["paragraphs"][0]
    notes = (await town.get("supervisor", "/api/supervision/credit-notes")).json()["items"]
    assert notes == [], "no promise was broken"
