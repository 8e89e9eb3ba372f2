"""当场受理: the counter submits and accepts in one act."""

from tests.api.forms import opening, opening_with_papers
from tests.api.town import Town


async def test_the_counter_submits_and_accepts_in_one_act(town: Town) -> None:
    body = {**opening(), "accept": True}
    first = await town.post("counter", "/api/cases", body, key="on-the-spot")
    assert first.status_code == 201, first.text
    case_no = first.json()["case_no"]
    assert (first.json()["status"], first.json()["due_at"][:10]) == ("accepted", "2026-03-05")
    again = await town.post("counter", "/api/cases", body, key="on-the-spot")
    assert again.content == first.content
    lines = town.rows("select kind, xmin::text from journal where case_no = %s order by seq", case_no)
    assert [kind for kind, _ in lines] == ["submitted", "accepted"]
    assert len({transaction for _, transaction in lines}) == 1
    await town.fetch_all(case_no)
    task = (await town.get("officer.amr", f"/api/tasks/{case_no}-registration-1")).json()
    assert (task["case_no"], task["item"]) == (case_no, "registration")


async def test_who_may_not_accept_submits_nothing_either(town: Town) -> None:
    before = town.counts()
    for who in ("citizen", "agent"):
        refused = await town.post(who, "/api/cases", {**opening(), "accept": True})
        assert (refused.status_code, refused.json()["code"]) == (403, "not_permitted")
    assert town.counts() == before


async def test_what_is_incomplete_is_neither_accepted_nor_submitted(town: Town) -> None:
    before = town.counts()
    missing = {**opening_with_papers(), "materials": [], "accept": True}
    refused = await town.post("counter", "/api/cases", missing)
    assert refused.status_code in (409, 422), refused.text
    draft = await town.post("counter", "/api/cases", {**opening(), "submit": False, "accept": True})
    assert (draft.status_code, draft.json()["errors"][0]["pointer"]) == (422, "/accept")
    assert town.counts() == before
