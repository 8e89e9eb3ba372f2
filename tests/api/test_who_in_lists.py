"""Lists say who applies, as far as it is the reader's business, and every look at one leaves a line."""

from typing import Any

from tests.api.acts import accepted_case, draft, open_case
from tests.api.forms import opening
from tests.api.town import Town
from tests.support import people

MASKED = f"{people.ZHANG.name[0]}＊"


async def row(town: Town, who: str, path: str, case_no: str, **query: str) -> dict[str, Any]:
    answer = await town.get(who, path, params={"limit": "200", **query})
    assert answer.status_code == 200, answer.text
    return next(one for one in answer.json()["items"] if one["case_no"] == case_no)


async def test_who_applies_is_told_to_whom_it_concerns(town: Town) -> None:
    case_no = await open_case(town)
    assert (await row(town, "citizen", "/api/cases", case_no))["applicant_name"] == people.ZHANG.name
    assert (await row(town, "counter", "/api/cases", case_no))["applicant_name"] == MASKED
    assert "applicant_name" not in await row(town, "supervisor", "/api/cases", case_no)
    assert "applicant_name" not in await row(town, "officer.amr", "/api/cases", case_no)  # before acceptance
    accepted = await accepted_case(town)
    assert (await row(town, "officer.amr", "/api/cases", accepted))["applicant_name"] == people.ZHANG.name
    task = await row(town, "officer.amr", "/api/tasks", accepted)
    assert task["applicant_name"] == people.ZHANG.name
    number = people.ZHANG.id_number
    found = await town.post("counter", "/api/cases/search", {"id_number": number, "reason": "来电询问进度"})
    assert {one.get("applicant_name") for one in found.json()["items"]} == {MASKED}
    assert number not in found.text


async def test_of_a_draft_too(town: Town) -> None:
    case_no = await draft(town)
    mine = await row(town, "citizen", "/api/cases", case_no, status="draft")
    assert mine["applicant_name"] == people.ZHANG.name
    by_counter = await town.post("counter", "/api/cases", opening(submit=False))
    theirs = await row(town, "counter", "/api/cases", by_counter.json()["case_no"], mine="true")
    assert theirs["applicant_name"] == MASKED


async def test_each_look_leaves_a_line(town: Town) -> None:
    await accepted_case(town)
    for who, path, act in (("counter", "/api/cases", "list_cases"), ("officer.amr", "/api/tasks", "list_tasks")):
        answer = await town.get(who, path, params={"limit": "1"})
        last = "select subject, outcome, found from access_log where act = %s order by id desc limit 1"
        assert town.rows(last, act) == [(who, "done", len(answer.json()["items"]))]
