"""容缺 over HTTP: submitted and accepted without a material, supplied later, or terminated."""

from collections.abc import AsyncIterator
from datetime import timedelta

import httpx
import pytest

from tests.api import acts
from tests.api.conftest import TownBy
from tests.api.forms import REQUIRED_PAPERS, approval, opening_with_papers
from tests.api.lawful import clocks, task, with_a_lease_that_may_wait
from tests.api.town import Town

DAY = timedelta(days=1)
LEASE = "premises-lease"
PAPERS = [code for code in REQUIRED_PAPERS if code != LEASE]


@pytest.fixture
async def lenient(town_by: TownBy) -> AsyncIterator[Town]:
    async with town_by(with_a_lease_that_may_wait) as town:
        yield town


async def submitted(town: Town) -> str:
    answer = await town.post("citizen", "/api/cases", opening_with_papers(*PAPERS))
    assert answer.status_code == 201, answer.text
    case_no = str(answer.json()["case_no"])
    await acts.hand_in(town, case_no, *PAPERS)
    await town.fetch_all(case_no)
    return case_no


async def accept(town: Town, case_no: str, *codes: str, who: str = "counter", key: str | None = None) -> httpx.Response:
    return await town.post(who, f"/api/cases/{case_no}/accept", {"deferred": list(codes)}, key)


async def approve(town: Town, case_no: str) -> httpx.Response:
    outputs, seen = approval("registration", case_no), await acts.read(town, "officer.amr", f"{case_no}-registration-1")
    body = {"outcome": "approve", "opinion": "符合条件", "outputs": outputs, "seen": seen}
    return await town.post("officer.amr", f"{task(case_no)}/decide", body)


async def supply(town: Town, case_no: str) -> httpx.Response:
    return await town.post("counter", f"/api/cases/{case_no}/papers", {"materials": [LEASE]})


async def test_deferred_supplied_and_approved(lenient: Town) -> None:
    town = lenient
    case_no = await submitted(town)
    answer = await accept(town, case_no, LEASE, key="accept")
    assert answer.status_code == 200, answer.text
    assert (answer.json()["status"], answer.json()["missing"]) == ("processing", [LEASE])
    assert (await accept(town, case_no, LEASE, key="accept")).content == answer.content

    told = (await clocks(town, case_no))[f"deferred:{LEASE}"]  # registration is promised by Thursday 5
    assert (told["title"], told["due_at"]) == ("补交房屋租赁合同", "2026-03-04T17:30:00+08:00")
    assert (told["left"], told["days"][-1]["date"]) == (2, "2026-03-04")
    assert "约定 20 个工作日，并须在承办事项承诺到期前 1 个工作日" in told["explain"]

    refused = await approve(town, case_no)
    assert (refused.status_code, refused.json()["code"]) == (409, "not_allowed_now")
    assert refused.json()["detail"].startswith(f"容缺的“房屋租赁合同”（{LEASE}）还没有补交")
    town.clock.move(1 * DAY)
    assert (await supply(town, case_no)).json()["missing"] == []
    assert f"deferred:{LEASE}" not in await clocks(town, case_no)
    assert (await approve(town, case_no)).status_code == 200


async def test_what_is_told_and_to_whom(lenient: Town) -> None:
    town = lenient
    case_no = await submitted(town)
    await accept(town, case_no, LEASE)
    assert [one.target for one in (await town.commands(case_no)).values()] == ["accepted"]
    for who, sees in (("citizen", True), ("counter", True), ("officer.amr", True), ("supervisor", False)):
        case = (await town.get(who, f"/api/cases/{case_no}")).json()
        assert ("notices" in case) is sees, who
        if sees:
            states = {one["code"]: one["state"] for one in case["materials"]}
            assert states[LEASE] == "deferred"
    (notice,) = (await town.get("citizen", f"/api/cases/{case_no}")).json()["notices"]
    (deferred,) = notice["content"]["deferred"]
    assert (deferred["name"], deferred["within"]["amount"], deferred["before_promise_days"]) == ("房屋租赁合同", 20, 1)
    assert deferred["basis"].startswith("《当地容缺受理条例》")
    timeline = (await town.get("citizen", f"/api/cases/{case_no}/timeline")).json()["items"]
    assert "受理，容缺房屋租赁合同" in [one["text"] for one in timeline]


async def test_not_supplied_in_time_it_is_terminated(lenient: Town) -> None:
    town = lenient
    case_no = await submitted(town)
    await accept(town, case_no, LEASE)
    town.clock.move(4 * DAY)
    late = await supply(town, case_no)
    assert late.status_code == 409, late.text
    timeline = (await town.get("citizen", f"/api/cases/{case_no}/timeline")).json()["items"]
    ended = next(one for one in timeline if one["kind"] == "deferred_time_ended")
    assert (ended["text"], ended["at"]) == (
        "容缺的“房屋租赁合同”逾期未补交，尚未作出决定的终止办理",
        "2026-03-04T17:30:00+08:00",
    )
    assert (await town.get("citizen", f"/api/cases/{case_no}")).json()["status"] == "terminated"


async def test_what_may_not_wait_is_pointed_at_and_what_may_is_not_forgotten(lenient: Town) -> None:
    case_no = await submitted(lenient)
    before = lenient.counts()
    wrong = await accept(lenient, case_no, LEASE, "articles")
    assert (wrong.status_code, [one["pointer"] for one in wrong.json()["errors"]]) == (422, ["/deferred/1"])
    forgotten = await lenient.post("counter", f"/api/cases/{case_no}/accept")
    assert (forgotten.status_code, "可以容缺受理的请列入 deferred" in forgotten.json()["detail"]) == (409, True)
    for who, status in (("citizen", 403), ("officer.amr", 403), ("supervisor", 403)):
        assert (await accept(lenient, case_no, LEASE, who=who)).status_code == status
    assert lenient.counts() == before


async def test_a_definition_that_lets_nothing_wait(town: Town) -> None:
    answer = await town.post("citizen", "/api/cases", opening_with_papers(*PAPERS))
    assert answer.status_code == 422
    case_no = await acts.open_case(town)
    wrong = await accept(town, case_no, LEASE)
    assert (wrong.status_code, wrong.json()["errors"][0]["code"]) == (422, "unknown_material")
