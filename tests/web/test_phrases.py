"""常用语: kept by each for themselves, put into an opinion without scripts and with them."""

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import expect

from tests.api import acts
from tests.api.town import Town
from tests.web.browsing import DESK, let_in
from tests.web.conftest import Look, OpenPage
from tests.web.office import decision, press, task_of
from tests.web.visitor import Visitor, hidden

FIRST, SECOND = "经审查，申请材料齐全，符合法定形式。", "住所权属清楚。"


@pytest.fixture
async def officer(fresh_town: Town) -> AsyncIterator[Visitor]:
    async with Visitor(fresh_town) as visitor:
        await visitor.sign_in("officer.amr")
        yield visitor


async def keep(visitor: Visitor, text: str) -> None:
    page = await visitor.get("/work/phrases")
    assert (await visitor.send(page, "/work/phrases", {"/text": text})).headers.get("location") == "/work/phrases"


async def test_a_phrase_is_put_into_the_opinion_and_nothing_that_was_typed_is_lost(officer: Visitor) -> None:
    town = officer.town
    await keep(officer, FIRST)
    case_no = await acts.accepted_case(town)
    address = task_of(case_no)
    page = await officer.get(address)
    typed = {**decision(case_no), "note/text": "待办完再核", "phrase": FIRST, "_phrase": "insert"}
    before = town.counts()["journal"]
    answer = await officer.post(f"{address}/phrase", {**hidden(page, f"{address}/decide"), **typed})
    assert answer.status_code == 200
    assert f"符合条件\n{FIRST}</textarea>" in answer.text
    assert "待办完再核" in answer.text
    assert 'value="approve" id="f-outcome" checked' in answer.text
    assert town.counts()["journal"] == before, "nothing is recorded"
    decided = await officer.post(f"{address}/decide", {**hidden(answer, f"{address}/decide"), **decision(case_no)})
    assert decided.status_code == 303, decided.text


async def test_an_opinion_is_kept_as_a_phrase_once(officer: Visitor) -> None:
    town = officer.town
    case_no = await acts.accepted_case(town)
    address = task_of(case_no)
    page = await officer.get(address)
    for key in ("first", "second"):
        fields = {**hidden(page, f"{address}/decide"), "_key": key, "/opinion": SECOND, "_phrase": "keep"}
        answer = await officer.post(f"{address}/phrase", fields)
        assert answer.status_code == 200
    assert (await officer.get("/work/phrases")).text.count('name="phrase"') == 1
    empty = {**hidden(page, f"{address}/decide"), "_key": "third", "/opinion": "", "_phrase": "keep"}
    assert (await officer.post(f"{address}/phrase", empty)).status_code == 422


async def test_phrases_are_each_ones_own_sealed_and_few(officer: Visitor) -> None:
    town = officer.town
    await keep(officer, FIRST)
    async with Visitor(town) as colleague:
        await colleague.sign_in("leader.amr")
        assert FIRST not in (await colleague.get("/work/phrases")).text
    assert town.rows("select count(*) from phrases where body like %s", FIRST.encode()) == [(0,)]
    page = await officer.get("/work/phrases")
    for number in range(29):
        fields = {**hidden(page, "/work/phrases"), "_key": f"k{number}", "/text": f"第{number}条"}
        assert (await officer.post("/work/phrases", fields)).status_code == 303
    full = await press(officer, "/work", "phrases", {"/text": "再来一条"})
    assert full.status_code == 409
    assert "再来一条" in full.text
    token = hidden(page, "/work/phrases")["_token"]
    gone = await officer.post("/work/phrases/remove", {"_token": token, "phrase": "1"})
    assert gone.headers.get("location") == "/work/phrases"
    assert FIRST not in (await officer.get("/work/phrases")).text
    await keep(officer, "再来一条")


async def test_in_a_browser_it_goes_where_the_writer_is(
    open_page: OpenPage, site_of: str, fresh_town: Town, axe: Look
) -> None:
    case_no = await acts.accepted_case(fresh_town)
    page = await open_page(DESK)
    await let_in(page, site_of, "officer.amr")
    await page.goto(f"{site_of}/work/phrases")
    await axe(page)
    await page.get_by_label("新的常用语").fill(SECOND)
    await page.get_by_role("button", name="保存常用语").click()
    await page.goto(f"{site_of}{task_of(case_no)}")
    opinion = page.locator("#f-opinion")
    await opinion.fill("甲乙")
    await opinion.evaluate("field => field.setSelectionRange(1, 1)")
    await page.get_by_text("常用语（").click()
    await page.get_by_label("选一条").select_option(SECOND)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    await page.get_by_role("button", name="插入意见").click()
    await expect(opinion).to_have_value(f"甲{SECOND}乙")
    assert asked == []
    await axe(page)
