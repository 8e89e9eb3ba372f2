"""The HTTP contract word by word: names that other people's clients are written against are there, also when null."""

from datetime import timedelta
from functools import partial

import pytest

from tests.api import acts
from tests.api.forms import AMR, opening
from tests.api.town import Town
from tests.support import people

LINKS = {"self", "timeline", "events", "progress"}


async def test_a_new_case_has_every_field(town: Town) -> None:
    for submit in (True, False):
        answer = await town.post("citizen", "/api/cases", opening(submit=submit))
        body = answer.json()
        members = {"case_no", "query_code", "status", "due_at", "expires_at", "outlet", "links"}
        assert (answer.status_code, body.keys()) == (201, members)
        assert (body["due_at"], body["links"].keys()) == (None, LINKS)
        assert (body["expires_at"] is None) is submit, "only drafts expire"


async def test_where_a_case_stands_has_every_field(town: Town) -> None:
    case_no = await acts.draft(town)
    submitted = (await town.post("citizen", f"/api/cases/{case_no}/submit")).json()
    assert submitted.keys() == {"case_no", "status", "due_at", "outlet", "links"}
    withdrawn = (await town.post("citizen", f"/api/cases/{case_no}/withdraw")).json()
    assert (withdrawn["status"], withdrawn["due_at"]) == ("withdrawn", None)


async def test_progress_says_that_no_end_is_known_yet(fresh_town: Town) -> None:
    opened = (await fresh_town.post("citizen", "/api/cases", opening())).json()
    shown = await fresh_town.get(None, f"{opened['links']['progress']}?code={opened['query_code']}")
    assert shown.json()["due_at"] is None
    assert all({"state", "holder"} <= item.keys() for item in shown.json()["items"])


async def test_every_list_is_items_and_next_and_takes_limit_and_after(fresh_town: Town) -> None:
    town = fresh_town
    case_no = await acts.closed(town)
    for _ in range(2):
        town.clock.move(timedelta(seconds=1))
        await acts.accepted_case(town)
    found = {"id_number": people.ZHANG.id_number, "reason": "来电查询进度"}
    lists = [
        (None, "GET", "/api/bundles"),
        ("citizen", "GET", "/api/cases"),
        ("counter", "POST", "/api/cases/search"),
        ("citizen", "GET", f"/api/cases/{case_no}/timeline"),
        ("citizen", "GET", f"/api/cases/{case_no}/clocks"),
        ("citizen", "GET", f"/api/cases/{case_no}/documents"),
        ("officer.amr", "GET", "/api/tasks"),
    ]
    for who, method, path in lists:
        ask = partial(town.client(who).request, method, path, json=found if method == "POST" else None)
        whole = (await ask()).json()
        assert (whole.keys() >= {"items"}, whole["next"]) == (True, None), path
        assert len(whole["items"]) > 1, path
        first = (await ask(params={"limit": "1"})).json()
        rest = (await ask(params={"after": first["next"]})).json()
        assert first["items"] + rest["items"] == whole["items"], path
        assert (len(first["items"]), rest["next"]) == (1, None), path
        assert (await ask(params={"after": "nonsense"})).status_code == 422, path
        assert (await ask(params={"limit": "0"})).status_code == 422, path


@pytest.mark.parametrize("act", ["claim", "release", "decide"])
async def test_whoever_comes_after_the_decision_is_told_it(town: Town, act: str) -> None:
    case_no = await acts.accepted_case(town)
    won = await acts.approve(town, case_no, "registration")
    body = {"outcome": "refuse", "opinion": "住所不实"} if act == "decide" else None
    lost = await town.post("leader.amr", f"/api/tasks/{case_no}-registration-1/{act}", body)
    assert (lost.status_code, lost.json()["code"]) == (409, "already_decided")
    assert lost.json()["standing"] == {"outcome": "approve", "outcome_name": "准予", "at": won["at"], **AMR}


async def test_a_pointer_points_into_what_was_sent(town: Town) -> None:
    answer = await town.post("citizen", "/api/cases", opening(form={"Bad/Key": 1}))
    assert answer.status_code == 422
    assert [one["pointer"] for one in answer.json()["errors"]] == ["/form/Bad~1Key"]
