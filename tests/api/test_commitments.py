"""告知承诺 over HTTP: promised in place of a material, taken on trust, and checked by who relied on it."""

import json
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest

from onething.domain.calendar.days import Calendar
from tests.api import acts
from tests.api.conftest import TownBy
from tests.api.forms import REQUIRED_PAPERS, approval, opening_with_papers
from tests.api.lawful import clocks, task, with_a_lease_that_may_be_promised
from tests.api.test_letters import letter, listed, send_all
from tests.api.town import Town

DAY = timedelta(days=1)
LEASE = "premises-lease"
CLOCK = f"check:{LEASE}"
PAPERS = [code for code in REQUIRED_PAPERS if code != LEASE]
FOUND: dict[str, Any] = {"kept": False, "finding": "现场查看，租期已经届满"}


@pytest.fixture
async def trusting(town_by: TownBy) -> AsyncIterator[Town]:
    async with town_by(with_a_lease_that_may_be_promised) as town:
        yield town


async def submitted(town: Town) -> str:
    answer = await town.post("citizen", "/api/cases", {**opening_with_papers(*PAPERS), "commitments": [LEASE]})
    assert answer.status_code == 201, answer.text
    case_no = str(answer.json()["case_no"])
    await acts.hand_in(town, case_no, *PAPERS)
    return case_no


async def approved(town: Town) -> str:
    case_no = await submitted(town)
    await town.fetch_all(case_no)
    accepted = await town.post("counter", f"/api/cases/{case_no}/accept")
    assert (accepted.json()["status"], accepted.json()["missing"]) == ("processing", []), accepted.text
    outputs, seen = approval("registration", case_no), await acts.read(town, "officer.amr", f"{case_no}-registration-1")
    body = {"outcome": "approve", "opinion": "符合条件", "outputs": outputs, "seen": seen}
    answer = await town.post("officer.amr", f"{task(case_no)}/decide", body)
    assert answer.status_code == 200, answer.text
    return case_no


def path(case_no: str) -> str:
    return f"/api/cases/{case_no}/commitments/{LEASE}/check"


async def test_promised_relied_on_and_checked(trusting: Town) -> None:
    town = trusting
    case_no = await approved(town)
    told = (await clocks(town, case_no))[CLOCK]
    assert (told["title"], told["due_at"]) == ("核查承诺（房屋租赁合同）", "2026-03-16T17:30:00+08:00")
    for who, status in (("officer.psb", 403), ("citizen", 403), ("counter", 403), ("supervisor", 403), (None, 401)):
        assert (await town.post(who, path(case_no), FOUND)).status_code == status, who
    answer = await town.post("officer.amr", path(case_no), FOUND, key="check")
    assert answer.status_code == 200, answer.text
    assert (await town.post("officer.amr", path(case_no), FOUND, key="check")).content == answer.content
    again = await town.post("leader.amr", path(case_no), FOUND)
    assert (again.status_code, again.json()["detail"][:8]) == (409, "没有等待核查的这")
    assert CLOCK not in await clocks(town, case_no)
    assert "commitment_broken" in [one.target for one in (await town.commands(case_no)).values()]


async def test_what_is_told_and_to_whom(trusting: Town) -> None:
    town = trusting
    case_no = await approved(town)
    before = (await town.get("citizen", f"/api/cases/{case_no}")).json()
    assert (before["commitments"]["said_on"], before["commitments"]["materials"][0]["code"]) == ("2026-03-02", LEASE)
    assert {one["code"]: one["state"] for one in before["materials"]}[LEASE] == "committed_checking"
    await town.post("officer.amr", path(case_no), FOUND)
    after = (await town.get("officer.amr", f"/api/cases/{case_no}")).json()
    assert {one["code"]: one["state"] for one in after["materials"]}[LEASE] == "committed_broken"
    for who in ("citizen", "supervisor", "officer.amr"):
        timeline = await town.get(who, f"/api/cases/{case_no}/timeline")
        assert "核查以承诺代替的“房屋租赁合同”：不实" in [one["text"] for one in timeline.json()["items"]]
        assert FOUND["finding"] not in timeline.text
    told = await letter(town, case_no, "commitment_broken", "counter")
    assert (told["title"], told["issuer"]) == ("承诺核查结果告知书", "市场监督管理局")
    promise = "您在申请“企业开办”时对“房屋租赁合同”所作的承诺，经核查不实。"
    assert told["paragraphs"] == [promise, f"核查情况：{FOUND['finding']}"]
    await send_all(town, case_no)
    assert (await letter(town, case_no, "commitment_broken", "counter"))["delivery"]["state"] == "reached"
    assert "commitment_broken" not in [one["kind"] for one in await listed(town, case_no, "officer.psb")]
    stored = town.rows("select event::text from journal where case_no = %s", case_no)
    assert not [event for (event,) in stored if FOUND["finding"] in event]
    ((promise,),) = town.rows("select body from sealed_values where case_no = %s and name = 'commitments'", case_no)
    assert not [word for word in (LEASE, "2026-03-02") if word.encode() in bytes(promise)]


def row_of(town: Town, case_no: str) -> list[tuple[Any, ...]]:
    return town.rows("select to_jsonb(t) from tasks t where case_no = %s and kind = 'check'", case_no)


async def test_the_check_is_a_task_of_the_department_that_relied_on_it(trusting: Town) -> None:
    town = trusting
    case_no = await approved(town)
    task_id = f"{case_no}-{LEASE}.check-1"
    due = (await clocks(town, case_no))[CLOCK]["due_at"]

    async def queued(who: str, state: str = "open") -> list[dict[str, Any]]:
        page = (await town.get(who, f"/api/tasks?state={state}")).json()["items"]
        return [one for one in page if one["kind"] == "check"]

    (one,) = await queued("officer.amr")
    told = ("task_id", "item", "item_name", "material", "material_name", "due_at", "state")
    assert [one[name] for name in told] == [
        task_id, "registration", "企业设立登记", LEASE, "房屋租赁合同", due, "open"
    ]  # fmt: skip
    assert await queued("officer.tax") == []
    read = await town.get("officer.amr", f"/api/tasks/{task_id}")
    assert (read.json()["material"], read.json()["decision_form"]) == (LEASE, []), read.text
    assert (await town.get("officer.tax", f"/api/tasks/{task_id}")).status_code == 404

    for act, body in (
        *(("claim", None), ("release", None), ("decide", {"outcome": "refuse", "opinion": "x"})),
        *(("inspect", {"on": "2026-03-03"}), ("answer", {"opinion": "x"})),
    ):
        answer = await town.post("officer.amr", f"/api/tasks/{task_id}/{act}", body)
        assert (answer.status_code, answer.json()["code"]) == (409, "not_allowed_now"), (act, answer.text)

    old = town.context.calendar("cn").model_dump(mode="json", by_alias=True)
    off = {"version": old["version"] + 1, "holidays": old["holidays"] | {"2026-03-10": "停电"}}
    await town.change_calendar(case_no, Calendar.model_validate_json(json.dumps(old | off)))
    assert (await queued("officer.amr"))[0]["due_at"] == "2026-03-17T17:30:00+08:00"

    assert (await town.post("officer.amr", path(case_no), FOUND)).status_code == 200
    assert await queued("officer.amr") == []
    (closed,) = await queued("leader.amr", "closed")
    assert (closed["state"], closed["result"]) == ("done", "broken")


async def test_when_the_case_ends_early_what_stands_is_checked_all_the_same(trusting: Town) -> None:
    """What was granted on trust stands, and so does what was promised for it (许可法 69, 告知承诺)."""
    case_no = await approved(trusting)
    withdrawn = await trusting.post("citizen", f"/api/cases/{case_no}/withdraw")
    assert (withdrawn.status_code, withdrawn.json()["status"]) == (200, "withdrawn"), withdrawn.text
    assert [(row["state"], row["result"]) for (row,) in row_of(trusting, case_no)] == [("open", None)]
    answer = await trusting.post("officer.amr", path(case_no), FOUND)
    assert answer.status_code == 200, answer.text
    assert row_of(trusting, case_no)[0][0]["result"] == "broken"


async def test_nobody_looked_in_time(trusting: Town) -> None:
    case_no = await approved(trusting)
    trusting.clock.move(15 * DAY)
    answer = await trusting.post("officer.amr", path(case_no), FOUND | {"kept": True})
    assert answer.status_code == 200, answer.text
    assert (await clocks(trusting, case_no))[CLOCK]["state"] == "missed"
    assert "commitment_broken" not in [one.target for one in (await trusting.commands(case_no)).values()]
    assert "commitment_broken" not in [one["kind"] for one in await listed(trusting, case_no)]


async def test_what_is_wrong_is_pointed_at(trusting: Town) -> None:
    body = {**opening_with_papers(*REQUIRED_PAPERS), "commitments": [LEASE, "articles"]}
    answer = await trusting.post("citizen", "/api/cases", body)
    told = [(one["pointer"], one["code"]) for one in answer.json()["errors"]]
    assert told == [("/commitments/0", "invalid_value"), ("/commitments/1", "unknown_material")]
    case_no = await approved(trusting)
    wrong = await trusting.post("officer.amr", path(case_no), {"kept": "yes", "finding": " "})
    assert (wrong.status_code, {one["pointer"] for one in wrong.json()["errors"]}) == (422, {"/kept", "/finding"})


@pytest.mark.parametrize("share", [30, 70])
async def test_a_share_is_drawn_by_lot(town_by: TownBy, share: int) -> None:
    how = f"check: random, check_days: 10, share_percent: {share}"
    async with town_by(lambda folder: with_a_lease_that_may_be_promised(folder, how)) as town:
        for _ in range(30):
            await submitted(town)
        drawn = sum(bool(found) for (found,) in town.rows("select event -> 'checked' from journal where seq = 1"))
        assert share * 0.3 - 8 < drawn < share * 0.3 + 8
