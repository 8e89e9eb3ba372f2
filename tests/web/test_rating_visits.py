"""评价器 and the code on the receipt: whoever came rates that one time, without signing in and without scripts; the
clerk's page says that it was done and not what was said."""

import re
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from uuid import uuid4

import httpx
import pypdfium2  # type: ignore[import-untyped]  # it carries no types
import pytest
from playwright.async_api import Page, expect

from tests.api import acts
from tests.api.conftest import Live, serving
from tests.api.forms import opening
from tests.api.town import Town
from tests.support import people
from tests.support.devices import Devices, refusal, serving_devices
from tests.support.servers import PostgresServer
from tests.web.browsing import DESK, NARROWEST, PHONE, PHONE_WITHOUT_SCRIPTS, Window, let_in
from tests.web.conftest import Look, OpenPage, Screenshot
from tests.web.test_accessibility import looks_right
from tests.web.visitor import Visitor, hidden

_CODE = re.compile(r'评价码：<br><span class="number">([0-9A-Z ]{14})</span>')
GOOD = {"/grade": "5", "/tags": "kind"}
_CUT_OFF = """svg => {
  const all = svg.getBoundingClientRect(), drawn = svg.querySelector("path").getBoundingClientRect();
  return ["left", "right", "top", "bottom"].filter(side =>
    ["left", "top"].includes(side) ? drawn[side] < all[side] : drawn[side] > all[side]);
}"""
BAD = {"/grade": "1", "/tags": "unkind"}


def code_on(text: str) -> str:
    found = _CODE.search(text)
    assert found is not None, text
    return found[1]


@pytest.fixture
async def clerk(fresh_town: Town) -> AsyncIterator[Visitor]:
    async with Visitor(fresh_town) as visitor:
        await visitor.sign_in("counter")
        yield visitor


@pytest.mark.parametrize("paper", ["a5", "slip"])
async def test_the_receipt_tells_whoever_came_how_to_rate_it(clerk: Visitor, paper: str) -> None:
    case_no = await acts.open_case(clerk.town, "counter")
    receipt = await clerk.get(f"/counter/receipt/{case_no}?paper={paper}")
    code = code_on(receipt.text)
    assert code.replace(" ", "") not in receipt.text, "no address on the page has it"
    async with Visitor(clerk.town) as nobody:
        rated = await nobody.post("/rate", {"/code": code, **GOOD})
        assert (rated.status_code, rated.headers["location"]) == (303, "/rate/done")
        assert "已经记下" in (await nobody.get("/rate/done")).text
    again = await clerk.get(f"/counter/receipt/{case_no}")
    assert code_on(again.text) == code, "the clerk does not learn that it was used"


async def test_another_clerk_prints_no_code_of_it(clerk: Visitor) -> None:
    case_no = await acts.open_case(clerk.town, "counter")
    clerk.town.rows("update visits set by = 'another-clerk' where case_no = %s returning id", case_no)
    assert "评价码：" not in (await clerk.get(f"/counter/receipt/{case_no}")).text
    page = await clerk.get(f"/counter/visits/{case_no}")
    assert (page.status_code, "只有当时经手的人能打印" in page.text) == (404, True)


async def test_wrong_used_and_over_look_the_same_and_keep_what_was_said(clerk: Visitor) -> None:
    town = clerk.town
    code = code_on((await clerk.get(f"/counter/visits/{await acts.open_case(town, 'counter')}")).text)
    async with Visitor(town) as nobody:
        assert (await nobody.post("/rate", {"/code": code, **BAD})).status_code == 303
        used = await nobody.post("/rate", {"/code": code, **GOOD})
        wrong = await nobody.post("/rate", {"/code": "WRONG", **GOOD})
    for page in (used, wrong):
        assert page.status_code == 404
        assert "评价码不正确、已经用过，或者过了期限" in page.text
        assert 'value="5" id="f-grade" checked' in page.text
    without = {"code": used.text.replace(code, "")}, {"code": wrong.text.replace("WRONG", "")}
    assert without[0] == without[1]


async def test_nothing_given_is_told_at_the_field(clerk: Visitor) -> None:
    page = await clerk.post("/rate", {"/code": "", "/tags": "kind"})
    assert page.status_code == 422
    assert 'href="#f-code"' in page.text
    assert 'href="#f-grade"' in page.text


async def test_the_supervisor_answers_a_bad_one_and_puts_it_right(clerk: Visitor) -> None:
    town = clerk.town
    case_no = await acts.open_case(town, "counter")
    await clerk.post("/rate", {"/code": code_on((await clerk.get(f"/counter/visits/{case_no}")).text), **BAD})
    async with Visitor(town) as supervisor:
        await supervisor.sign_in("supervisor")
        listed = await supervisor.get("/supervise/ratings?bad=true")
        assert "一次到窗口" in listed.text
        found = re.search(r'href="(/supervise/visits/\d+)"', listed.text)
        assert found is not None
        at = found[1]
        page = await supervisor.get(at)
        assert "态度不好" in page.text
        assert not [text for text in people.ZHANG.named.values() if text in page.text]
        empty = await supervisor.send(page, f"{at}/contact", {"/text": ""})
        assert empty.status_code == 422
        assert (await supervisor.send(page, f"{at}/contact", {"/text": "已核实"})).status_code == 303
        page = await supervisor.get(at)
        assert (await supervisor.send(page, f"{at}/rectify", {"/text": "已培训"})).status_code == 303
        done = (await supervisor.get(at)).text
        assert "已核实" in done
        assert "已培训" in done
        assert '<form method="post" action="/supervise/visits' not in done
        board = (await supervisor.get("/supervise")).text
        assert "到场办理 0.0%（0/1，共到场 1 次）" in board
    assert (await clerk.get(at)).status_code == 404


async def test_who_looked_on_site_prints_the_code_after_the_act(fresh_town: Town) -> None:
    town = fresh_town
    case_no = await acts.accepted_case(town)
    await town.fetch_all(case_no)
    task = f"{case_no}-registration-1"
    assert (await town.post("officer.amr", f"/api/tasks/{task}/inspect", {"on": "2026-03-03"})).status_code == 200
    town.clock.move(timedelta(days=1))
    async with Visitor(town) as officer:
        await officer.sign_in("officer.amr")
        at = f"/work/tasks/{task}/conclude"
        page = await officer.get(at)
        said = await officer.post(at, hidden(page, at) | {"/passed": "true", "/conclusion": "符合要求"})
        assert said.status_code == 303, said.text
        after = await officer.get(said.headers["location"])
        assert f'href="/work/visits/{case_no}"' in after.text
        assert "现场" in (await officer.get(f"/work/visits/{case_no}")).text


# -- in a browser ------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def devices() -> Iterator[Devices]:
    with serving_devices() as devices:
        yield devices


@pytest.fixture(scope="module")
def hall(postgres_server: PostgresServer, migrated: str, devices: Devices) -> Iterator[Live]:
    """A counter whose computers have a pad."""
    with serving(postgres_server, migrated, devices=devices.origin) as hall:
        yield hall


async def taken_in(hall: Live) -> str:
    """Somebody has just been at the counter."""
    headers = people.bearer(hall.token("counter")) | {"Idempotency-Key": uuid4().hex}
    async with httpx.AsyncClient(base_url=hall.url, headers=headers, trust_env=False) as counter:
        answer = await counter.post("/api/cases", json=opening(seen=people.SEEN))
    assert answer.status_code == 201, answer.text
    return str(answer.json()["case_no"])


async def code_at(page: Page, hall: Live, case_no: str) -> str:
    await let_in(page, hall.url, "counter")
    await page.goto(f"{hall.url}/counter/visits/{case_no}")
    return (await page.locator(".visit-code .number").inner_text()).replace(" ", "")


@pytest.mark.parametrize("window", [PHONE, NARROWEST, PHONE_WITHOUT_SCRIPTS], ids=str)
async def test_the_code_of_a_receipt_is_in_no_address_that_anybody_is_told(
    open_page: OpenPage, hall: Live, axe: Look, screenshot: Screenshot, window: Window
) -> None:
    code = await code_at(await open_page(DESK), hall, await taken_in(hall))
    page = await open_page(window)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    if window.scripts:
        await page.goto(f"{hall.url}/rate#{code}")
        await expect(page.locator("#f-code")).to_have_value(code)
        assert page.url == f"{hall.url}/rate", "nor kept in the history"
        await axe(page)
        await looks_right(page)
    else:
        await page.goto(f"{hall.url}/rate")
        await page.locator("#f-code").fill(code.lower())
    await page.get_by_label("非常满意", exact=True).check()
    await page.get_by_label("态度好").check()
    await page.get_by_role("button", name="提交评价").click()
    await page.wait_for_url("**/rate/done")
    await expect(page.locator("main")).to_contain_text("已经记下")
    if window.scripts:
        await axe(page)
        await looks_right(page)
    await screenshot(page, f"rate-visit-done-{window}")
    assert not [url for url in asked if code in url.upper().partition("#")[0]]


async def test_on_the_pad_who_was_served_says_it_and_the_screen_does_not(
    open_page: OpenPage, hall: Live, devices: Devices, axe: Look, screenshot: Screenshot
) -> None:
    case_no = await taken_in(hall)
    page = await open_page(DESK)
    await let_in(page, hall.url, "counter")
    await page.goto(f"{hall.url}/counter/receipt/{case_no}")
    before = devices.answers["rate"]
    devices.answers["rate"] = refusal("来人没有按评价器。")
    button = page.get_by_role("button", name="评价器")
    await button.click()
    await expect(page.locator("#device-state")).to_have_text("来人没有按评价器。")
    devices.answers["rate"] = (200, {"grade": 1, "tags": ["unkind"]})
    await button.click()
    await expect(page.locator("#device-state")).to_have_text("✓ 评价已经记下。")
    devices.answers["rate"] = before
    assert devices.asked[-1] == ("rate", hall.url)
    await expect(button).to_have_count(0)
    assert "态度" not in await page.locator("main").inner_text()
    await axe(page)
    await screenshot(page, "counter-pad")
    await page.reload()
    await page.get_by_role("button", name="评价器").click()  # says the other grade, of what was rated
    await expect(page.locator("#device-state")).to_contain_text("没有记下")


@pytest.mark.parametrize("paper", ["a5", "slip"])
async def test_on_paper_the_code_stands_in_one_piece_and_the_receipt_on_one_sheet(
    open_page: OpenPage, hall: Live, paper: str
) -> None:
    case_no = await taken_in(hall)
    page = await open_page(DESK)
    await let_in(page, hall.url, "counter")
    await page.goto(f"{hall.url}/counter/receipt/{case_no}?paper={paper}")
    sheets = pypdfium2.PdfDocument(await page.pdf(prefer_css_page_size=True))
    texts = [sheet.get_textpage().get_text_bounded() for sheet in sheets]
    (whole,) = [text for text in texts if "这次办得怎么样" in text]
    assert re.search("[0-9A-Z]{4} [0-9A-Z]{4} [0-9A-Z]{4}", whole)
    assert "经手的人看不到是谁评的" in "".join(whole.split())
    if paper == "a5":
        assert len(texts) == 1, "without papers that were taken in"


async def test_pages_of_the_code_fit_a_phone_and_paper(
    open_page: OpenPage, hall: Live, axe: Look, screenshot: Screenshot
) -> None:
    case_no = await taken_in(hall)
    page = await open_page(NARROWEST)
    await let_in(page, hall.url, "counter")
    for path in (f"/counter/visits/{case_no}", f"/counter/receipt/{case_no}?paper=slip"):
        await page.goto(hall.url + path)
        for code in await page.locator(".qr").all():
            assert await code.evaluate(_CUT_OFF) == [], "a code of which a part is missing can't be scanned"
        await axe(page)
        await looks_right(page)
    await page.emulate_media(media="print")
    for code in await page.locator(".qr").all():
        assert await code.evaluate(_CUT_OFF) == []
    await expect(page.locator(".visit-code .number")).to_be_visible()
    await expect(page.get_by_role("button", name="评价器")).to_be_hidden()
