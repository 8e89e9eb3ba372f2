"""How far a draft is filled, and what somebody has begun already: told with the list, to who may go on with it."""

from datetime import timedelta
from typing import Any

from tests.api import acts
from tests.api.forms import REQUIRED_PAPERS, opening_with_papers
from tests.api.test_audit import statements
from tests.api.town import Town
from tests.support import people
from tests.support.files import pdf

BUNDLE = "enterprise-opening"


async def row(town: Town, who: str, case_no: str, **query: str) -> dict[str, Any]:
    answer = await town.get(who, "/api/cases", params={"limit": "200", **query})
    assert answer.status_code == 200, answer.text
    return next(one for one in answer.json()["items"] if one["case_no"] == case_no)


async def begin(town: Town, who: str = "citizen", **changes: Any) -> str:
    """A limited company in rented premises, of which nothing has been handed in; unless the changes say otherwise."""
    body = opening_with_papers() | {"submit": False} | changes
    answer = await town.post(who, "/api/cases", body)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["case_no"])


def _states(progress: dict[str, Any]) -> dict[str, str]:
    return {one["title"]: one["state"] for one in progress["sections"]}


async def test_a_whole_draft_is_done_everywhere(fresh_town: Town) -> None:
    papers = [{"code": code, "form": "paper"} for code in REQUIRED_PAPERS]
    case_no = await begin(fresh_town, materials=papers)
    told = (await row(fresh_town, "citizen", case_no))["draft"]
    assert set(_states(told).values()) == {"done"}
    assert (told["done"], told["missing"], told["problems"]) == (len(told["sections"]), 0, 0)
    assert "at" not in told


async def test_what_is_open_and_what_is_wrong_is_told_by_section(fresh_town: Town) -> None:
    town = fresh_town
    form = dict(opening_with_papers()["form"])
    form["liaison_phone"] = "12"
    del form["address"]
    case_no = await begin(town, form=form)
    town.clock.move(timedelta(days=2))
    patched = await town.client("citizen").patch(
        f"/api/cases/{case_no}", json={"form": {"business_scope": "软件开发"}}, headers={"If-Match": "*"}
    )
    assert patched.status_code == 200, patched.text
    told = (await row(town, "citizen", case_no))["draft"]
    fields = {field.id: field.section for field in town.context.applications.definition(BUNDLE).form}
    states = _states(told)
    assert states[fields["liaison_phone"] or "其他"] == "wrong"
    assert states[fields["address"] or "其他"] in ("open", "wrong")
    assert states["材料"] == "open"
    assert states["申请人"] == states["送达方式"] == "done"
    assert told["problems"] == 1
    assert told["missing"] >= 2
    assert told["at"] == next(one["title"] for one in told["sections"] if one["state"] != "done")
    assert told["saved_at"] == "2026-03-04T09:00:00+08:00"
    shown = (await town.get("citizen", f"/api/cases/{case_no}")).json()
    assert shown["draft"] == told
    assert shown["expires_at"] == "2026-04-03T09:00:00+08:00"


async def test_while_answers_are_missing_nobody_knows_what_applies(fresh_town: Town) -> None:
    case_no = await begin(fresh_town, answers={}, form={})
    told = (await row(fresh_town, "citizen", case_no))["draft"]
    states = _states(told)
    if states["办理情形"] == "done":  # every question has a default
        assert "unknown" not in states.values()
    else:
        assert states["申请内容"] == states["材料"] == "unknown"
    assert told["at"] is not None


async def test_an_upload_counts_and_no_word_of_the_draft_is_told(fresh_town: Town) -> None:
    town = fresh_town
    case_no = await begin(town, form={})
    before = (await row(town, "citizen", case_no))["draft"]
    files = {"file": ("a.pdf", pdf(), "application/pdf")}
    put = await town.client("citizen").put(f"/api/cases/{case_no}/materials/articles", files=files)
    assert put.status_code == 201, put.text
    after = await row(town, "citizen", case_no)
    missing = {one["title"]: one["missing"] for one in before["sections"]}["材料"]
    assert {one["title"]: one["missing"] for one in after["draft"]["sections"]}["材料"] == missing - 1
    assert people.ZHANG.id_number not in str(after["draft"])
    assert people.ZHANG.name not in str(after["draft"])


async def test_only_drafts_are_looked_into(fresh_town: Town) -> None:
    case_no = await acts.open_case(fresh_town)
    assert "draft" not in await row(fresh_town, "citizen", case_no)
    assert "draft" not in await row(fresh_town, "counter", case_no)


async def begun(town: Town, who: str) -> list[tuple[str, str]]:
    answer = await town.get(who, f"/api/bundles/{BUNDLE}/begun")
    assert answer.status_code == 200, answer.text
    return [(one["case_no"], one["status"]) for one in answer.json()["items"]]


async def test_what_was_begun_is_told_until_it_has_ended(fresh_town: Town) -> None:
    town = fresh_town
    assert await begun(town, "citizen") == []
    draft = await begin(town)
    running = await acts.open_case(town)
    assert await begun(town, "citizen") == [(running, "submitted"), (draft, "draft")]
    assert await begun(town, "citizen2") == []
    other = await town.get("citizen", "/api/bundles/newborn/begun")
    assert other.json() == {"items": []}
    await town.post("citizen", f"/api/cases/{running}/withdraw")
    assert (await town.client("citizen").delete(f"/api/cases/{draft}")).status_code == 204
    assert await begun(town, "citizen") == []
    assert (await town.get("citizen", "/api/bundles/nothing/begun")).status_code == 404
    assert (await town.get(None, f"/api/bundles/{BUNDLE}/begun")).status_code == 401


async def test_who_acts_for_somebody_learns_what_that_person_has_begun(fresh_town: Town) -> None:
    town = fresh_town
    draft = await begin(town)
    assert await begun(town, "agent") == []
    given = {"giver": people.ZHANG.named, "agent": "agent", "agent_name": "王帮办", "kind": "helper",
             "expires_on": "2026-04-30", "acts": ["apply"], "bundles": [BUNDLE]}  # fmt: skip
    assert (await town.post("citizen", "/api/mandates", given)).status_code == 201
    assert await begun(town, "agent") == [(draft, "draft")]


async def test_progress_costs_one_statement_for_all_drafts_of_a_page(fresh_town: Town) -> None:
    town = fresh_town
    counts = []
    for _ in range(2):
        for _ in range(3):
            await begin(town)
        counts.append(await _statements(town))
    assert counts[0] == counts[1]


async def _statements(town: Town) -> int:
    await town.get("citizen", "/api/cases")
    with statements(town) as sent:
        await town.get("citizen", "/api/cases")
    return len(sent)
