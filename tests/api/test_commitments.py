"""告知承诺 over HTTP: promised in place of a material, taken on trust, and checked by who relied on it."""

import json
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from onething.domain.calendar.days import Calendar
from tests.api import acts
from tests.api.conftest import TownBy
from tests.api.forms import REQUIRED_PAPERS, approval, opening_with_papers
from tests.api.lawful import clocks, plain_opening, task, with_a_lease_that_may_be_promised, written
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


PROMISE = """\
    commitment:
      statement: premises-lease
      says: 住所符合要求。
      check: {how: all, within: {amount: 10, unit: working_day, for: office, basis: assumed}}
      rectify: {within: {amount: 15, unit: calendar_day, for: person, basis: assumed}}
      bars: 再次申请的，不适用告知承诺。
      basis: {title: 《当地条例》, article: 第九条}
"""


def with_a_registration_on_a_statement(folder: Path) -> Path:
    """The plain opening, whose registration is decided on what the applicant states of the premises."""
    text = plain_opening()
    item = "    name: 企业设立登记\n"
    assert text.count(item) == 1
    return written(folder, text.replace(item, item + PROMISE))


@pytest.fixture
async def stating(town_by: TownBy) -> AsyncIterator[Town]:
    async with town_by(with_a_registration_on_a_statement) as town:
        yield town


async def test_what_is_stated_stands_in_the_statement_word_for_word(stating: Town) -> None:
    case_no = await approved(stating)
    seen = (await stating.get("citizen", f"/api/cases/{case_no}")).json()
    [told] = seen["commitments"]["materials"]
    assert (told["code"], told["basis"]) == (LEASE, "《当地条例》第九条")
    assert told["says"] == [
        "承诺：住所符合要求",
        "办成后10个工作日内核查",
        "核查不符的，15个自然日内改正；仍不符的，依法撤销",
        "再次申请的，不适用告知承诺",
    ]


async def test_what_is_not_so_is_put_right_first_and_revoked_only_after_that(stating: Town) -> None:
    town = stating
    case_no = await approved(town)
    answer = await town.post("officer.amr", path(case_no), FOUND)
    assert answer.status_code == 200, answer.text
    told = await letter(town, case_no, "commitment_broken")
    assert told["paragraphs"][-1] == (
        "请在本告知书发出之日起 15 个自然日内改正；逾期没有改正，或者仍不符合的，依法撤销（依据：《当地条例》第九条）。"
    )
    until = (await clocks(town, case_no))[f"rectify:{LEASE}"]
    assert (until["title"], until["due_at"][:10]) == ("改正（房屋租赁合同）", "2026-03-17")
    [row] = [one for one in (await town.get("officer.amr", "/api/tasks")).json()["items"] if one["kind"] == "check"]
    assert row["task_id"] == f"{case_no}-{LEASE}.check-2"
    assert "due_at" not in row or row["due_at"] is None
    early = await town.post("officer.amr", path(case_no), FOUND)
    assert (early.status_code, early.json()["detail"][:20]) == (409, "改正期限（2026-03-17）届满以前")
    seen = (await town.get("officer.amr", f"/api/cases/{case_no}")).json()
    assert {one["code"]: one["state"] for one in seen["materials"]}[LEASE] == "committed_rectifying"
    town.clock.move(20 * DAY)
    answer = await town.post("officer.amr", path(case_no), {"kept": False, "finding": "到期仍未改正"})
    assert answer.status_code == 200, answer.text
    [task_row] = [
        one for one in (await town.get("officer.amr", "/api/tasks")).json()["items"] if one["kind"] == "revoke"
    ]
    revoked = {"revoke": True, "opinion": "改正期满仍不符合"}
    answer = await town.post("officer.amr", f"/api/tasks/{task_row['task_id']}/revoke", revoked)
    assert answer.status_code == 200, answer.text
    fallen = await letter(town, case_no, "approval_revoked")
    assert fallen["paragraphs"][-2:] == ["该承诺不实的情况已作失信记录。", "再次申请的，不适用告知承诺。"]
    notes = (await town.get("supervisor", "/api/supervision/credit-notes")).json()["items"]
    assert [(one["item"], one["material"], one["finding"]) for one in notes] == [
        ("registration", LEASE, f"finding:{LEASE}:2")
    ]
    lines = (await town.get("citizen", f"/api/cases/{case_no}/timeline")).json()["items"]
    assert "“房屋租赁合同”的改正期限届满，再次核查" in [one["text"] for one in lines]


async def test_a_statement_on_paper_is_looked_at_as_well(stating: Town) -> None:
    town = stating
    answer = await town.post("citizen", "/api/cases", opening_with_papers(*REQUIRED_PAPERS))
    case_no = str(answer.json()["case_no"])
    await acts.hand_in(town, case_no, *REQUIRED_PAPERS)
    await town.fetch_all(case_no)
    await town.post("counter", f"/api/cases/{case_no}/accept")
    outputs, seen = approval("registration", case_no), await acts.read(town, "officer.amr", f"{case_no}-registration-1")
    body = {"outcome": "approve", "opinion": "符合条件", "outputs": outputs, "seen": seen}
    assert (await town.post("officer.amr", f"{task(case_no)}/decide", body)).status_code == 200
    assert row_of(town, case_no)[0][0]["state"] == "open"
