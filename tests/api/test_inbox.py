"""The counter's inbox: rows say since when they wait and what to look at, and are read by status, the longest first."""

from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest

from tests.api import acts
from tests.api.forms import opening
from tests.api.test_birth_registration import birth
from tests.api.test_mandates import HELPER
from tests.api.town import Town
from tests.support import people

MARKS = {"waiting_since", "submitted_by_other", "possible_duplicate", "corrections_answered"}


async def listed(town: Town, who: str = "counter", **query: str) -> list[dict[str, Any]]:
    answer = await town.get(who, "/api/cases", params={"limit": "200", **query})
    assert answer.status_code == 200, answer.text
    rows: list[dict[str, Any]] = answer.json()["items"]
    return rows


def numbers(rows: list[dict[str, Any]]) -> list[str]:
    return [row["case_no"] for row in rows]


async def one(town: Town, case_no: str, who: str = "counter") -> dict[str, Any]:
    return next(row for row in await listed(town, who) if row["case_no"] == case_no)


async def answer_correction(town: Town, case_no: str) -> None:
    form = {"form": {"liaison_phone": "13900000001"}}
    answer = await town.post("citizen", f"/api/cases/{case_no}/supplement", form)
    assert answer.status_code == 200, answer.text


async def test_several_statuses_are_asked_for_at_once(fresh_town: Town) -> None:
    town = fresh_town
    open_, asked, accepted = await acts.open_case(town), await acts.correction(town), await acts.accepted_case(town)
    assert numbers(await listed(town, status="submitted,correction")) == [asked, open_]
    assert numbers(await listed(town, status="correction,correction")) == [asked]
    assert numbers(await listed(town, status="submitted,processing")) == [accepted, open_]
    assert numbers(await listed(town, "supervisor", status="submitted,correction")) == [asked, open_]
    assert numbers(await listed(town, "citizen", status="correction,processing")) == [accepted, asked]
    assert await listed(town, status="withdrawn,closed") == []
    first = (await town.get("counter", "/api/cases?status=submitted,correction&limit=1")).json()
    then = await town.get("counter", f"/api/cases?status=submitted,correction&limit=1&after={first['next']}")
    assert numbers([*first["items"], *then.json()["items"]]) == [asked, open_]
    assert then.json()["next"] is None


@pytest.mark.parametrize("text", ["moon", "submitted,moon", "submitted,", ",", "", "submitted;correction"])
async def test_a_status_that_there_is_not_is_refused(town: Town, text: str) -> None:
    answer = await town.get("counter", "/api/cases", params={"status": text})
    assert (answer.status_code, answer.json()["errors"][0]["parameter"]) == (422, "status")


async def test_what_was_asked_for_has_come(fresh_town: Town) -> None:
    town = fresh_town
    waits = await acts.open_case(town)
    town.clock.move(timedelta(days=1))
    case_no = await acts.correction(town)
    asked = await one(town, case_no)
    assert (asked["status"], asked["corrections_answered"]) == ("correction", False)
    assert await listed(town, corrections_answered="true") == []
    town.clock.move(timedelta(days=1))
    await answer_correction(town, case_no)
    came = await one(town, case_no)
    assert (came["status"], came["corrections_answered"]) == ("submitted", True)
    waited = datetime.fromisoformat(came["waiting_since"]) - datetime.fromisoformat(asked["waiting_since"])
    assert waited == timedelta(days=1), "the answer is what waits, and not the application of before"
    for query in ({}, {"status": "submitted"}, {"status": "correction,submitted"}, {"order": "waiting"}):
        assert numbers(await listed(town, corrections_answered="true", **query)) == [case_no], query
    assert numbers(await listed(town, order="waiting")) == [waits, case_no]
    # accepted, nothing is left to look at anew
    await town.fetch_all(case_no)
    assert (await town.post("counter", f"/api/cases/{case_no}/accept")).status_code == 200
    assert (await one(town, case_no))["corrections_answered"] is False
    assert await listed(town, corrections_answered="true") == []


async def test_the_longest_waiting_comes_first_page_by_page(fresh_town: Town) -> None:
    town = fresh_town
    asked = await acts.correction(town)
    town.clock.move(timedelta(hours=1))
    waits = [await acts.open_case(town) for _ in range(3)]
    town.clock.move(timedelta(hours=1))
    await answer_correction(town, asked)
    seen: list[str] = []
    query = {"order": "waiting", "limit": "1"}
    while True:
        page = (await town.get("counter", "/api/cases", params=query)).json()
        seen += numbers(page["items"])
        if page["next"] is None:
            break
        query["after"] = page["next"]
    assert seen == [*sorted(waits), asked], "what came back waits from then on"
    assert numbers(await listed(town, order="waiting", status="submitted")) == seen
    assert await listed(town, order="waiting", status="correction") == []


@pytest.mark.parametrize(
    ("who", "query", "field"),
    [
        ("citizen", {"order": "waiting"}, "/order"),
        ("citizen", {"corrections_answered": "true"}, "/corrections_answered"),
        ("counter", {"order": "waiting", "mine": "true"}, "/order"),
        ("counter", {"order": "waiting", "status": "submitted,closed"}, "/order"),
        ("counter", {"order": "waiting", "status": "draft"}, "/order"),
        ("counter", {"corrections_answered": "true", "applicant_ended": "true"}, "/corrections_answered"),
        ("counter", {"corrections_answered": "true", "status": "correction"}, "/corrections_answered"),
    ],
)
async def test_what_does_not_go_together_is_refused(town: Town, who: str, query: dict[str, str], field: str) -> None:
    answer: httpx.Response = await town.get(who, "/api/cases", params=query)
    assert answer.status_code == 422, answer.text
    assert [problem["pointer"] for problem in answer.json()["errors"]] == [field]
    assert "请" in answer.json()["errors"][0]["detail"]


async def test_another_under_way_or_a_draft_is_told_and_nothing_of_it(fresh_town: Town) -> None:
    town = fresh_town
    first = await acts.open_case(town)
    assert (await one(town, first))["possible_duplicate"] is False
    drafted = await acts.draft(town)
    assert (await one(town, first))["possible_duplicate"] is True
    assert drafted not in numbers(await listed(town))
    assert (await town.client("citizen").delete(f"/api/cases/{drafted}")).status_code == 204
    assert (await one(town, first))["possible_duplicate"] is False
    second = await acts.open_case(town)
    assert {row["possible_duplicate"] for row in await listed(town)} == {True}
    assert (await town.post("citizen", f"/api/cases/{second}/withdraw")).status_code == 200
    assert (await one(town, first))["possible_duplicate"] is False, "what has ended is none"
    assert not MARKS & (await one(town, second)).keys()


async def taken_in(town: Town, who: str = "counter", born_on: str = "2026-02-20", **changes: object) -> str:
    body = birth(seen=people.SEEN, accept=True, **changes)
    body["form"]["born_on"] = born_on
    opened = await town.post(who, "/api/cases", body)
    assert opened.status_code == 201, opened.text
    return str(opened.json()["case_no"])


async def test_a_baby_that_the_father_brings_after_the_mother_is_told(fresh_town: Town) -> None:
    town = fresh_town
    first = await taken_in(town)
    other = await taken_in(town, born_on="2026-02-02")
    assert (await one(town, other))["possible_duplicate"] is False, "another child of the same mother"
    second = await taken_in(town, applicant=people.LI.applicant)
    for case_no, twin in ((second, first), (first, second)):
        told = await one(town, case_no)
        view = (await town.get("counter", f"/api/cases/{case_no}")).json()
        for shown in (told, view):
            assert (shown["possible_duplicate"], shown["duplicates"]) == (True, [twin])
    for who in ("citizen", "supervisor"):
        assert "possible_duplicate" not in (await town.get(who, f"/api/cases/{first}")).json()
    await town.fetch_all(first)
    await town.fetch_all(second)
    rows = (await town.get("officer.psb", "/api/tasks")).json()["items"]
    told = {row["case_no"]: row.get("duplicates") for row in rows if row["item"] == "household"}
    assert told == {first: [second], second: [first], other: None}
    task = (await town.get("officer.psb", f"/api/tasks/{second}-household-1")).json()
    assert (task["possible_duplicate"], task["duplicates"]) == (True, [first])


async def test_a_draft_that_is_about_the_same_is_told_before_it_is_submitted(fresh_town: Town) -> None:
    town = fresh_town
    first = await taken_in(town)
    body = birth(seen=people.SEEN, submit=False, applicant=people.LI.applicant)
    draft = (await town.post("counter", "/api/cases", body)).json()["case_no"]
    view = (await town.get("counter", f"/api/cases/{draft}")).json()
    assert (view["possible_duplicate"], view["duplicates"]) == (True, [first])
    changed = await town.client("counter").patch(
        f"/api/cases/{draft}", json={"form": {"born_on": "2026-02-02"}}, headers={"If-Match": "*"}
    )
    assert changed.status_code == 200, changed.text
    assert (await town.get("counter", f"/api/cases/{draft}")).json()["possible_duplicate"] is False


async def test_a_name_that_was_corrected_is_compared_as_it_is_now(fresh_town: Town) -> None:
    town = fresh_town
    first = await acts.open_case(town, "counter", applicant=people.LI.applicant, seen=people.SEEN)
    second = await acts.correction(town)
    assert (await one(town, second))["duplicates"] == [first], "another applicant, the same enterprise"
    body = {"form": {"liaison_phone": "13900000001", "company_name": "杭州另一家公司有限公司"}}
    answer = await town.post("citizen", f"/api/cases/{second}/supplement", body)
    assert answer.status_code == 200, answer.text
    assert (await one(town, second))["possible_duplicate"] is False


async def test_what_was_decided_lately_is_told_and_where_it_is_not_theirs_no_number(fresh_town: Town) -> None:
    town = fresh_town
    first = await acts.closed(town)
    second = await acts.open_case(town, "counter.330109115", applicant=people.LI.applicant, seen=people.SEEN)
    told = await one(town, second, "counter.330109115")
    assert (told["possible_duplicate"], "duplicates" in told) == (True, False)
    assert (await one(town, second))["duplicates"] == [first]
    town.clock.move(timedelta(days=200))
    assert (await one(town, second))["possible_duplicate"] is False


async def test_who_submitted_is_told_where_it_was_another(fresh_town: Town) -> None:
    town = fresh_town
    own = await acts.open_case(town)
    assert (await town.post("citizen", "/api/mandates", HELPER)).status_code == 201
    opened = await town.post("agent", "/api/cases", opening())
    assert opened.status_code == 201, opened.text
    assert (await one(town, own))["submitted_by_other"] is False
    assert (await one(town, opened.json()["case_no"]))["submitted_by_other"] is True


@pytest.mark.parametrize("who", ["citizen", "supervisor", "officer.amr"])
async def test_marks_are_for_the_counter_alone(town: Town, who: str) -> None:
    case_no = await acts.accepted_case(town)
    assert (await one(town, case_no)).keys() >= MARKS
    assert not MARKS & (await one(town, case_no, who)).keys()
    view = (await town.get("counter", f"/api/cases/{case_no}")).json()
    assert MARKS & view.keys() == {"possible_duplicate"}
