"""发件箱 in a browser: the line is cut wherever it can be, a colleague sits down at the same computer, and nothing that
the browser keeps can be read."""

import asyncio
import re
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import count
from typing import Any
from urllib.parse import parse_qs
from zoneinfo import ZoneInfo

import httpx
import pytest
from playwright.async_api import Dialog, Page, Request, expect

from tests.api.conftest import Live
from tests.api.test_metrics import series
from tests.support import people
from tests.support.files import pdf
from tests.support.patience import PATIENCE_S
from tests.web.browsing import DESK, let_in, sign_in
from tests.web.conftest import Look, OpenPage, Screenshot
from tests.web.counter_forms import birth_fields
from tests.web.line import Cut, Line, line_to
from tests.web.site_cases import call

MOTHER = "欧阳若溪"
NEW = "/counter/new/newborn"
OUTBOX = "/counter/outbox"
ENTRIES = "onething_outbox_entries"
SCANS = ("birth-certificate-paper", "marriage-certificate", "parent-household-booklet")
ENTRY = "#outbox-entries > li"
READY = """Boolean(navigator.serviceWorker.controller)
  && JSON.parse(localStorage.getItem("onething-forms") || "{}").newborn
    === new Date().toLocaleDateString("en-CA", { timeZone: "Asia/Shanghai" })"""
EVERYTHING = """async () => {
  const texts = [];
  const answer = asked => new Promise(done => { asked.onsuccess = () => done(asked.result); });
  const text = value => {
    if (value instanceof ArrayBuffer) { value = new Uint8Array(value); }
    if (ArrayBuffer.isView(value)) { return new TextDecoder("utf-8").decode(value); }
    if (value instanceof CryptoKey) { return "key, extractable: " + value.extractable; }
    if (value && typeof value === "object") {
      return Object.entries(value).map(([name, one]) => name + " " + text(one)).join(" ");
    }
    return String(value);
  };
  for (const found of await indexedDB.databases()) {
    const database = await answer(indexedDB.open(found.name));
    for (const name of database.objectStoreNames) {
      texts.push(name + " " + text(await answer(database.transaction(name).objectStore(name).getAll())));
    }
    database.close();
  }
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const request of await cache.keys()) {
      texts.push(request.url + " " + await (await cache.match(request)).text());
    }
  }
  texts.push(JSON.stringify(localStorage), JSON.stringify(sessionStorage), document.cookie);
  return texts.join("\\n");
}"""


@pytest.fixture
async def line(site: Live) -> AsyncIterator[Line]:
    async with line_to(site.url) as line:
        yield line


_serials = count(200)


def a_birth(child: str, **changes: Any) -> dict[str, Any]:
    """Of a mother whom nobody has seen before."""
    mother = people.resident_id("330106", date(1990, 1, 1), next(_serials))
    own = {"/applicant/id_number": mother, "/applicant/name": MOTHER, "/form/mother_name": MOTHER}
    return birth_fields(**own, **{"/form/mother_id/number": mother, "/form/child_name": child}, **changes)


async def until(page: Page, script: str) -> None:
    """It is so. A page's policy lets nobody evaluate a text in it for long."""
    async with asyncio.timeout(PATIENCE_S):
        while not await page.evaluate(script):  # noqa: ASYNC110  the browser tells nobody
            await asyncio.sleep(0.05)


async def prepared(page: Page, line: Line, account: str = "counter") -> None:
    """Signed in, with the form open and what is needed of it put by."""
    await let_in(page, line.url, account)
    await page.goto(line.url + NEW)
    await until(page, READY)


async def cut(page: Page, line: Line) -> None:
    line.cut()
    await page.context.set_offline(True)


async def mend(page: Page, line: Line) -> None:
    await page.context.set_offline(False)
    line.mend()


async def fill(page: Page, fields: dict[str, Any]) -> None:
    for name, value in fields.items():
        field = page.locator(f"[name='{name}']").first
        kind = await field.get_attribute("type")
        if kind in ("radio", "checkbox"):
            await page.locator(f"input[name='{name}'][value='{value}']").check()
        elif kind == "hidden":
            continue
        elif await field.evaluate("field => field.tagName") == "SELECT":
            await field.select_option(value)
        else:
            await field.fill(value)


async def begun(page: Page, line: Line, child: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """A draft of a birth, with the answers that say what else is asked: all its fields, and what is left to fill."""
    await prepared(page, line)
    fields = a_birth(child)
    answers = {name: value for name, value in fields.items() if name.startswith("/answers/")}
    await fill(page, {"/applicant/id_number": fields["/applicant/id_number"], **answers})
    await page.get_by_role("button", name="更新下面要填的内容").click()
    await page.wait_for_url(re.compile("draft="))
    return fields, {name: value for name, value in fields.items() if name not in answers}


async def put_aside(page: Page, line: Line, fields: dict[str, Any], *, scans: bool = False) -> None:
    """Taken in without a line, from a blank form."""
    await page.goto(line.url + NEW)
    await expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("^离线收件"))
    await fill(page, fields)
    if scans:
        for code in SCANS:
            file = {"name": f"{code}.pdf", "mimeType": "application/pdf", "buffer": pdf(code)}
            await page.locator(f"#scan-{code}").set_input_files(file)  # type: ignore[arg-type]  # a dict of its keys
    await page.get_by_role("button", name="存入发件箱").click()
    await page.wait_for_url(line.url + OUTBOX)
    await expect(page.locator("#outbox-slip")).to_contain_text("暂存回执")


async def sent_now(page: Page) -> None:
    await page.get_by_role("button", name="现在发出").click()


async def number_of(page: Page) -> str:
    await expect(page.locator(f"{ENTRY} .tag.done").last).to_contain_text("已收到")
    return (await page.locator(f"{ENTRY} .tag.done").last.inner_text()).rpartition(" ")[2]


async def asked(site: Live, method: str, path: str, **kwargs: Any) -> dict[str, Any]:
    async with httpx.AsyncClient(base_url=site.url, trust_env=False) as client:
        answer = await client.request(method, path, headers=people.bearer(site.token("counter")), **kwargs)
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


async def cases_of(site: Live, mother: str) -> list[str]:
    """Numbers of all that she has, drafts too."""
    body = {"id_number": mother, "reason": "acceptance"}
    return [one["case_no"] for one in (await asked(site, "POST", "/api/cases/search", json=body))["items"]]


async def case(site: Live, case_no: str) -> dict[str, Any]:
    return await asked(site, "GET", f"/api/cases/{case_no}")


async def test_journey_6_an_open_form_whose_line_is_cut_is_finished_and_sent(
    open_page: OpenPage, site: Live, line: Line, axe: Look, screenshot: Screenshot
) -> None:
    page = await open_page(DESK)
    fields, the_rest = await begun(page, line, "张开口")
    line.cut()  # the browser does not know of it
    await fill(page, the_rest)
    await page.keyboard.press("Control+Enter")
    await page.wait_for_url(line.url + OUTBOX)
    slip = page.locator("#outbox-slip")
    await expect(slip).to_contain_text("暂存回执")
    await expect(slip).to_contain_text("这不是受理凭证，还没有办件编号")
    await expect(slip).not_to_contain_text("已受理")
    await expect(slip).to_contain_text("还给不了评价码，联网后另给的收件回执上有")
    await expect(page.locator(ENTRY)).to_have_count(1)
    await expect(page.locator(f"{ENTRY} .tag")).to_have_text("待发")
    await expect(page.locator("nav a[href='/counter/outbox']")).to_have_text("待发 1")
    await axe(page)
    await screenshot(page, "outbox-slip")
    await page.emulate_media(media="print")
    await expect(slip.locator("article")).to_be_visible()
    for rest in ("h1", "#outbox", "#day-list", "nav"):
        await expect(page.locator(rest).first).to_be_hidden()
    await page.emulate_media(media="screen")
    await page.evaluate("window.print = () => { window.printed = true; }")
    await page.locator("h1").click()
    await page.keyboard.press("p")
    assert await page.evaluate("window.printed")
    await page.reload()
    await expect(page.locator(f"{ENTRY} .tag")).to_have_text("待发")
    line.mend()
    await sent_now(page)
    case_no = await number_of(page)
    view = await case(site, case_no)
    assert (view["status"], view["form"]["child_name"]) == ("submitted", "张开口")
    assert await cases_of(site, fields["/applicant/id_number"]) == [case_no]
    await expect(page.locator("nav a[href='/counter/outbox']")).to_have_text("待发 0")
    await axe(page)
    await screenshot(page, "outbox-received")


async def test_without_a_line_every_page_of_the_counter_says_so_and_where_to_go_on(
    open_page: OpenPage, line: Line, axe: Look, screenshot: Screenshot
) -> None:
    page = await open_page(replace(DESK, zone="America/New_York"))
    await prepared(page, line)
    await cut(page, line)
    notice = page.locator("#notices")
    await expect(notice).to_contain_text("网络断开，可以继续填写；收件会先存入发件箱")
    await notice.get_by_role("link", name="另收一件：空白表单").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("离线收件：新生儿出生")
    for path in ("/counter", "/counter?view=drafts", "/counter/cases/330100202603020000015", "/counter/delivery"):
        await page.goto(line.url + path)
        await expect(page.get_by_role("heading", level=1)).to_have_text("网络断开，这一页现在打不开")
        await expect(page.get_by_role("link", name="发件箱")).to_have_attribute("href", OUTBOX)
    await axe(page)
    await screenshot(page, "outbox-away")
    await page.get_by_role("link", name="离线收件：新生儿出生").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("离线收件：新生儿出生")
    await put_aside(page, line, a_birth("张离线"))
    taken_in = datetime.now(ZoneInfo("Asia/Shanghai"))
    shown = await page.locator(f"{ENTRY} .muted").inner_text()
    assert re.search(rf"{taken_in.month}月{taken_in.day}日", shown), shown
    hours = {f"{(taken_in - timedelta(minutes=late)):%H}" for late in (0, 5)}
    assert re.search(rf"\b({'|'.join(hours)}):\d\d", shown), shown
    await sent_now(page)
    await expect(notice).to_contain_text("网络断开，没有发出；都还存在这台电脑上")
    await expect(page.locator(f"{ENTRY} .tag")).to_have_text("待发")
    await mend(page, line)
    await sent_now(page)
    await number_of(page)


async def test_journey_6_and_case_14_a_form_with_three_files_cut_at_every_step_is_one_case(
    open_page: OpenPage, site: Live, line: Line, axe: Look, screenshot: Screenshot
) -> None:
    page = await open_page(DESK)
    await prepared(page, line)
    await cut(page, line)
    await page.goto(line.url + NEW)
    await axe(page)
    await screenshot(page, "outbox-blank-form")
    fields = a_birth("张三卷")
    await put_aside(page, line, fields, scans=True)
    taken_in = datetime.fromisoformat(await page.evaluate("new Date().toISOString()"))
    for request, how in (
        ("POST /counter/outbox/drafts", Cut.BEFORE),
        ("POST /counter/outbox/drafts", Cut.AFTER),
        (f"POST /counter/outbox/cases/.*/{SCANS[0]}", Cut.WITHIN),
        (f"POST /counter/outbox/cases/.*/{SCANS[1]}", Cut.AFTER),
        (f"POST /counter/outbox/cases/.*/{SCANS[2]}", Cut.BEFORE),
        ("POST /counter/outbox/cases/.*/submission", Cut.BEFORE),
        ("POST /counter/outbox/cases/.*/submission", Cut.AFTER),
    ):
        await page.context.set_offline(False)
        line.restore(request, how)
        await sent_now(page)
        await line.fell()
        await expect(page.locator(f"{ENTRY} .tag")).to_have_text("待发")
        await cut(page, line)
        await page.reload()
        await expect(page.locator(ENTRY)).to_have_count(1)
        await expect(page.locator(f"{ENTRY} .tag")).to_have_text("待发")
        assert not await page.locator(f"{ENTRY} .done").count(), "it has no number before the server said so"
    await mend(page, line)
    await sent_now(page)
    case_no = await number_of(page)
    assert await cases_of(site, fields["/applicant/id_number"]) == [case_no]
    view = await case(site, case_no)
    assert view["status"] == "submitted", "it is never accepted by itself"
    kept = {one["code"]: one.get("version") for one in view["materials"] if one.get("kept") == "file"}
    assert kept == dict.fromkeys(SCANS, 1)
    received = datetime.fromisoformat(view["submitted_at"])
    assert received >= taken_in
    await expect(page.locator(ENTRY)).to_have_count(1)


NEVER_DONE_AT_FIRST = """if (location.pathname === "/counter/outbox" && !sessionStorage.getItem("came")) {
  sessionStorage.setItem("came", "1");
  indexedDB.open = () => ({});
}"""


async def test_who_goes_on_before_the_outbox_has_looked_finds_the_slip_at_the_next_page(
    open_page: OpenPage, line: Line
) -> None:
    page = await open_page(DESK)
    await prepared(page, line)
    await cut(page, line)
    await page.add_init_script(NEVER_DONE_AT_FIRST)
    await page.goto(line.url + NEW)
    await fill(page, a_birth("张后看"))
    await page.get_by_role("button", name="存入发件箱").click()
    await page.wait_for_url(line.url + OUTBOX)
    await expect(page.locator("#outbox-slip")).to_be_hidden()
    await page.reload()
    await expect(page.locator("#outbox-slip")).to_contain_text("暂存回执")


async def test_journey_6_between_submit_and_answer(open_page: OpenPage, site: Live, line: Line) -> None:
    """By the form's own button: what it has done is not done again."""
    page = await open_page(DESK)
    fields, the_rest = await begun(page, line, "张问答")
    await fill(page, the_rest)
    await expect(page.locator("#saved")).to_contain_text("已保存")
    line.cut_at("POST /counter/new/newborn", Cut.AFTER)
    await page.get_by_role("button", name="只收件").click()
    await page.wait_for_url(line.url + OUTBOX)
    await expect(page.locator(f"{ENTRY} .tag")).to_have_text("待发")
    [number] = await cases_of(site, fields["/applicant/id_number"])
    before = await case(site, number)
    assert before["status"] == "submitted", "the site has done it; only the answer was lost"
    line.mend()
    await sent_now(page)
    assert await number_of(page) == number
    assert await cases_of(site, fields["/applicant/id_number"]) == [number]


async def test_a_form_that_arrives_leaves_nothing_behind(open_page: OpenPage, line: Line) -> None:
    page = await open_page(DESK)
    fields, the_rest = await begun(page, line, "张一路")
    await fill(page, the_rest)
    await page.locator("#f-form-born_on").fill("昨天")
    await page.get_by_role("button", name="只收件").click()
    await expect(page.locator("#mistakes")).to_be_visible()
    await page.locator("#f-form-born_on").fill(fields["/form/born_on"])
    await page.get_by_role("button", name="只收件").click()
    await page.wait_for_url(re.compile("/counter/receipt/"))
    assert "#" not in page.url
    await expect(page.locator("nav a[href='/counter/outbox']")).to_have_text("待发 0")
    await page.goto(line.url + OUTBOX)
    await expect(page.locator("#outbox-none")).to_be_visible()


async def test_who_runs_the_system_is_told_what_waited_once_there_is_a_line(
    open_page: OpenPage, site: Live, line: Line
) -> None:
    """How many and how long, and nothing else; not with every page again."""
    page = await open_page(DESK)
    await prepared(page, line)
    told: list[dict[str, list[str]]] = []

    def note(request: Request) -> None:
        if request.url.endswith(f"{OUTBOX}/waiting"):
            told.append(parse_qs(request.post_data or ""))

    page.on("request", note)
    before = await scraped_at(site)
    await cut(page, line)
    for child in ("张等候", "张再等"):
        await put_aside(page, line, a_birth(child))
    assert told == [], "there was nobody to tell"
    await page.context.set_offline(False)  # the browser takes it for a line that there is not
    await page.reload()
    line.mend()
    await page.reload()
    await number_of(page)  # sent after it was told
    await expect(page.locator(f"{ENTRY} .tag.done")).to_have_count(2)
    now = await scraped_at(site)
    assert [now[name] - before.get(name, 0) for name in (f"{ENTRIES}_count", f"{ENTRIES}_sum")] == [1, 2]
    only = told[-1]
    assert set(only) == {"entries", "oldest_s", "_token"}
    assert only["entries"] == ["2"]
    await page.reload()
    await expect(page.locator(f"{ENTRY} .tag.done")).to_have_count(2)
    await page.goto(line.url + NEW)
    again = await scraped_at(site)
    assert again[f"{ENTRIES}_count"] == now[f"{ENTRIES}_count"], "not more often than now and then"


async def scraped_at(site: Live) -> dict[str, float]:
    async with httpx.AsyncClient(base_url=site.url, trust_env=False) as client:
        return series((await client.get("/metrics")).text)


async def test_what_may_be_the_same_is_asked_about_before_it_is_sent(
    open_page: OpenPage, site: Live, line: Line, axe: Look, screenshot: Screenshot
) -> None:
    page = await open_page(DESK)
    await prepared(page, line)
    fields = a_birth("张两回")
    await cut(page, line)
    for _ in range(2):
        await put_aside(page, line, fields)
    await mend(page, line)
    await page.goto(line.url + OUTBOX)
    await sent_now(page)
    asked_about = page.locator(ENTRY).nth(1)
    await expect(asked_about.locator(".tag")).to_have_text("需要您处理")
    await expect(asked_about).to_contain_text("可能重复，还没有发出")
    first = (await page.locator(ENTRY).nth(0).locator(".tag.done").inner_text()).rpartition(" ")[2]
    await expect(asked_about.get_by_role("link", name=f"打开 {first}")).to_be_visible()
    await axe(page)
    await screenshot(page, "outbox-duplicate")
    mother = fields["/applicant/id_number"]
    states = [(await case(site, one))["status"] for one in await cases_of(site, mother)]
    assert sorted(states) == ["draft", "submitted"]
    await asked_about.get_by_role("button", name="不是同一件，照发").click()
    await expect(asked_about.locator(".tag.done")).to_contain_text("已收到")
    states = [(await case(site, one))["status"] for one in await cases_of(site, mother)]
    assert states == ["submitted", "submitted"]


async def test_journey_7_and_case_12_what_a_leaves_is_sent_by_a_alone(
    open_page: OpenPage, site: Live, line: Line, axe: Look, screenshot: Screenshot
) -> None:
    page = await open_page(DESK)
    await prepared(page, line)
    await cut(page, line)
    births = [a_birth("张早早"), a_birth("张晚晚")]
    for fields in births:
        await put_aside(page, line, fields, scans=True)
    await expect(page.locator(ENTRY)).to_have_count(2)

    kept = await page.evaluate(EVERYTHING)
    assert "extractable: false" in kept
    assert "联网后核对" in kept, "the blank form is there"
    numbers = [fields["/applicant/id_number"] for fields in births]
    for told in (
        MOTHER,
        "张早早",
        "张晚晚",
        people.LI.name,
        people.LI.id_number,
        "演示综合窗口",
        'name="_token"',
        *numbers,
    ):
        assert told not in kept
    for code in SCANS:
        assert f"{code}.pdf" not in kept
    assert "%PDF" not in kept

    await page.context.set_offline(False)
    line.restore("POST /counter/outbox/key", Cut.BEFORE)  # nothing goes out before A leaves
    asked_about: list[str] = []

    async def agree(dialog: Dialog) -> None:
        asked_about.append(dialog.message)
        await dialog.accept()

    await page.goto(line.url + "/counter/find")
    await line.fell()
    line.mend()
    page.on("dialog", agree)
    await page.route("**/counter/outbox/**", lambda route: route.abort())
    await page.get_by_role("button", name="退出").click()
    await page.wait_for_url(line.url + "/")
    await page.unroute_all()
    assert re.search("还有 2 份收件没有发出", asked_about[0])
    assert "extractable" not in await page.evaluate(EVERYTHING), "the key has gone"

    await sign_in(page, line.url, "counter.330106000")
    await page.goto(line.url + OUTBOX)
    await expect(page.locator("#outbox-others")).to_have_text("这台电脑上还有 2 份其他同事未发出的收件")
    await expect(page.locator(ENTRY)).to_have_count(0)
    await expect(page.locator("nav a[href='/counter/outbox']")).to_have_text("待发 0")
    assert MOTHER not in await page.content()
    await axe(page)
    await screenshot(page, "outbox-others")
    await page.get_by_role("button", name="退出").click()
    await page.wait_for_url(line.url + "/")
    assert len(asked_about) == 1, "who has left nothing is not asked"

    await sign_in(page, line.url, "counter")
    await page.goto(line.url + OUTBOX)
    await expect(page.locator(f"{ENTRY} .tag.done")).to_have_count(2)
    for fields in births:
        [case_no] = await cases_of(site, fields["/applicant/id_number"])
        assert "outlet" not in await case(site, case_no), "taken in by A, who is of no outlet, and not by B"


async def test_case_13_what_was_submitted_elsewhere_meanwhile_needs_its_clerk(
    open_page: OpenPage, site: Live, line: Line, axe: Look, screenshot: Screenshot
) -> None:
    page = await open_page(DESK)
    fields, the_rest = await begun(page, line, "张别处")
    await fill(page, the_rest)
    async with page.expect_navigation():
        await page.get_by_role("button", name="保存", exact=True).click()
    await expect(page.locator("#saved")).to_contain_text("已保存")
    await cut(page, line)
    await page.locator("#f-applicant-phone").fill("13900000000")
    await page.get_by_role("button", name="收件并受理").click()
    await page.wait_for_url(line.url + OUTBOX)
    [case_no] = await cases_of(site, fields["/applicant/id_number"])
    await call(site, "counter", f"/api/cases/{case_no}/submit")
    await call(site, "counter", f"/api/cases/{case_no}/accept")
    await mend(page, line)
    await sent_now(page)
    row = page.locator(ENTRY)
    await expect(row.locator(".tag")).to_have_text("需要您处理")
    await expect(row).to_contain_text(re.compile(f"现在：{case_no} (已受理|办理中)"))
    await expect(row.get_by_role("link", name=f"打开办件 {case_no}")).to_be_visible()
    await axe(page)
    await screenshot(page, "outbox-needs-you")
    view = await case(site, case_no)
    assert view["applicant"]["phone"] != "13900000000", "nothing was carried out"
    await row.get_by_role("button", name="移出").click()
    await expect(page.locator(ENTRY)).to_have_count(0)


async def test_a_day_list_is_prepared_and_taken_in_without_a_line(
    open_page: OpenPage, line: Line, axe: Look, screenshot: Screenshot
) -> None:
    page = await open_page(DESK)
    await sign_in(page, line.url, "counter.330106000")
    await page.goto(line.url + OUTBOX)
    row = page.locator("#day-list [data-bundle=newborn]")
    await row.get_by_role("button", name="备好").click()
    await expect(row).to_contain_text("今天已备好")
    await until(page, "Boolean(navigator.serviceWorker.controller)")
    await axe(page)
    await screenshot(page, "outbox-day-list")
    await cut(page, line)
    await page.goto(line.url + "/counter/new")
    await page.get_by_role("link", name="离线收件：新生儿出生").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("离线收件：新生儿出生")
    await put_aside(page, line, a_birth("张流动"))
    await expect(page.locator(f"{ENTRY} .tag")).to_have_text("待发")
    await mend(page, line)
    await sent_now(page)
    await number_of(page)


async def test_a_draft_is_carried_along_and_gone_on_with_without_a_line(
    open_page: OpenPage, site: Live, line: Line
) -> None:
    """Of somebody with an appointment: begun where there is a line, finished in a village."""
    page = await open_page(DESK)
    await sign_in(page, line.url, "counter")
    await page.goto(line.url + NEW)
    fields = a_birth("张带上")
    begun = {name: value for name, value in fields.items() if name.startswith(("/applicant/", "/answers/"))}
    await fill(page, begun)
    await page.get_by_role("button", name="更新下面要填的内容").click()
    await page.wait_for_url(re.compile("draft="))
    case_no = page.url.rpartition("=")[2]
    await page.goto(line.url + OUTBOX)
    row = page.locator(f"#day-list [data-draft='{case_no}']")
    for _ in range(2):
        await row.get_by_role("button", name="带上").click()
        await expect(row).to_contain_text("已带上")
    await expect(page.locator(ENTRY)).to_have_count(1)
    await expect(page.locator(f"{ENTRY} .tag")).to_have_text(f"带着的草稿 {case_no}")
    await expect(page.locator("nav a[href='/counter/outbox']")).to_have_text("待发 0")
    assert MOTHER not in await page.evaluate(EVERYTHING)
    await until(page, READY)
    await cut(page, line)
    await page.locator(ENTRY).get_by_role("link", name="接着填").click()
    await expect(page.locator("#f-applicant-name")).to_have_value(MOTHER)
    await expect(page.locator("input[name='/answers/parents'][value='married']")).to_be_checked()
    await fill(page, {name: value for name, value in fields.items() if name not in begun})
    await page.get_by_role("button", name="存入发件箱").click()
    await page.wait_for_url(line.url + OUTBOX)
    await expect(page.locator(f"{ENTRY} .tag")).to_have_text("待发")
    await mend(page, line)
    await sent_now(page)
    assert await number_of(page) == case_no
    assert await cases_of(site, fields["/applicant/id_number"]) == [case_no]
    assert (await case(site, case_no))["form"]["child_name"] == "张带上"


async def test_what_is_sent_back_says_why_and_is_put_right(
    open_page: OpenPage, site: Live, line: Line, axe: Look, screenshot: Screenshot
) -> None:
    """What could not be read at all is opened again, with its scans; what lacks something is a draft by then."""
    page = await open_page(DESK)
    await prepared(page, line)
    await cut(page, line)
    fields = a_birth("张退回")
    unreadable = {"/applicant/id_number": "", "/form/birth_place": ""}
    await put_aside(page, line, {**fields, **unreadable}, scans=True)
    await mend(page, line)
    await sent_now(page)
    row = page.locator(ENTRY)
    await expect(row.locator(".tag")).to_have_text("被退回")
    await expect(row.locator("ul li")).to_have_text(["请填写证件号码。"])
    await axe(page)
    await screenshot(page, "outbox-sent-back")
    slip = "window.onethingOutbox.list().then(found => found.entries[0].at)"
    taken_in = await page.evaluate(slip)
    await row.get_by_role("link", name="打开修改").click()
    await expect(page.locator("#f-form-child_name")).to_have_value("张退回")
    await page.locator("#f-applicant-id_number").fill(fields["/applicant/id_number"])
    await page.get_by_role("button", name="存入发件箱").click()
    await page.wait_for_url(line.url + OUTBOX)
    await expect(row).to_contain_text("3 个文件")
    assert await page.evaluate(slip) == taken_in, "it was received when its slip says, whatever is put right later"
    await expect(row.locator(".tag")).to_have_text("被退回")
    [case_no] = await cases_of(site, fields["/applicant/id_number"])
    await row.get_by_role("button", name=f"到草稿 {case_no} 里改").click()
    await page.wait_for_url(re.compile(f"draft={case_no}"))
    await expect(page.locator("#f-form-child_name")).to_have_value("张退回")
    await page.locator("#f-form-birth_place").fill(fields["/form/birth_place"])
    await page.get_by_role("button", name="只收件").click()
    await page.wait_for_url(re.compile(f"/counter/receipt/{case_no}"))
    view = await case(site, case_no)
    assert {one["code"] for one in view["materials"] if one.get("kept") == "file"} == set(SCANS)
    await page.goto(line.url + OUTBOX)
    await expect(page.locator("#outbox-none")).to_be_visible()


async def test_a_draft_that_was_changed_elsewhere_is_sent_when_its_clerk_says_so(
    open_page: OpenPage, site: Live, line: Line
) -> None:
    page = await open_page(DESK)
    fields, the_rest = await begun(page, line, "张两处")
    case_no = page.url.rpartition("=")[2]
    await cut(page, line)
    await fill(page, the_rest)
    await page.get_by_role("button", name="只收件").click()
    await page.wait_for_url(line.url + OUTBOX)
    async with httpx.AsyncClient(base_url=site.url, trust_env=False) as client:
        headers = {**people.bearer(site.token("counter")), "If-Match": "*"}
        elsewhere = {"form": {"birth_place": "别处写的医院"}}
        changed = await client.patch(f"/api/cases/{case_no}", json=elsewhere, headers=headers)
    assert changed.status_code == 200, changed.text
    await mend(page, line)
    await sent_now(page)
    row = page.locator(ENTRY)
    await expect(row.locator(".tag")).to_have_text("需要您处理")
    await expect(row).to_contain_text("不同的有：")
    assert (await case(site, case_no))["form"]["birth_place"] == "别处写的医院"
    await row.get_by_role("button", name="以这里填的为准，再发").click()
    assert await number_of(page) == case_no
    assert (await case(site, case_no))["form"]["birth_place"] == fields["/form/birth_place"]


async def test_what_has_lost_its_draft_is_sent_as_a_new_one(open_page: OpenPage, site: Live, line: Line) -> None:
    page = await open_page(DESK)
    _, the_rest = await begun(page, line, "张无稿")
    case_no = page.url.rpartition("=")[2]
    await cut(page, line)
    await fill(page, the_rest)
    await page.get_by_role("button", name="只收件").click()
    await page.wait_for_url(line.url + OUTBOX)
    async with httpx.AsyncClient(base_url=site.url, trust_env=False) as client:
        deleted = await client.delete(f"/api/cases/{case_no}", headers=people.bearer(site.token("counter")))
    assert deleted.status_code == 204, deleted.text
    await mend(page, line)
    await sent_now(page)
    row = page.locator(ENTRY)
    await expect(row.locator(".tag")).to_have_text("需要您处理")
    await row.get_by_role("button", name="作为新的收件发").click()
    number = await number_of(page)
    assert number != case_no
    assert (await case(site, number))["form"]["child_name"] == "张无稿"


async def test_a_file_that_nobody_asks_for_any_more_is_left_out(open_page: OpenPage, site: Live, line: Line) -> None:
    page = await open_page(DESK)
    await prepared(page, line)
    await cut(page, line)
    await put_aside(page, line, a_birth("张少一"), scans=True)
    gone = re.compile(rf"/materials/{SCANS[1]}$")
    told = '{"detail": "这份申请不要这种材料。", "code": "not_found", "fields": [], "stands": null}'
    await page.route(gone, lambda route: route.fulfill(status=404, body=told, content_type="application/json"))
    await mend(page, line)
    await sent_now(page)
    row = page.locator(ENTRY)
    await expect(row.locator(".tag")).to_have_text("需要您处理")
    await row.get_by_role("button", name=f"不发“{SCANS[1]}.pdf”，接着发").click()
    view = await case(site, await number_of(page))
    kept = {one["code"] for one in view["materials"] if one.get("kept") == "file"}
    assert kept == {*SCANS} - {SCANS[1]}


async def test_the_key_goes_when_nobody_has_done_anything_and_is_given_again_to_the_same_account(
    open_page: OpenPage, line: Line
) -> None:
    page = await open_page(DESK)
    await page.clock.install()
    await prepared(page, line)
    await cut(page, line)
    await put_aside(page, line, a_birth("张到期"))
    assert "extractable: false" in await page.evaluate(EVERYTHING)
    await page.clock.fast_forward(61 * 60 * 1000)
    await page.reload()
    await expect(page.locator("#outbox-others")).to_have_text("这台电脑上还有 1 份其他同事未发出的收件")
    assert "extractable" not in await page.evaluate(EVERYTHING)
    assert MOTHER not in await page.content()
    await page.goto(line.url + NEW)
    await page.locator("#f-applicant-name").fill(MOTHER)
    await page.get_by_role("button", name="存入发件箱").click()
    await expect(page.locator("#notices")).to_contain_text("没有存下来：登录已到期")
    await expect(page.locator("#f-applicant-name")).to_have_value(MOTHER)
    await mend(page, line)
    await sign_in(page, line.url, "counter")
    await page.goto(line.url + OUTBOX)
    await number_of(page)


DAMAGE = """async () => {
  const answer = asked => new Promise(done => { asked.onsuccess = () => done(asked.result); });
  const database = await answer(indexedDB.open("onething-outbox"));
  const entries = () => database.transaction("entries", "readwrite").objectStore("entries");
  const rows = await answer(entries().getAll());
  delete rows[0].entry;
  rows[1].entry.data = rows[1].entry.data.slice(1);
  rows[2].files[0].data = rows[2].files[0].data.slice(1);
  for (const row of rows) { await answer(entries().put(row)); }
  database.close();
}"""


async def test_what_is_damaged_is_told_and_may_be_deleted_and_the_others_are_sent(
    open_page: OpenPage, site: Live, line: Line, axe: Look
) -> None:
    page = await open_page(DESK)
    await prepared(page, line)
    await cut(page, line)
    births = [a_birth(child) for child in ("张坏一", "张坏二", "张坏三", "张完好")]
    for number, fields in enumerate(births):
        await put_aside(page, line, fields, scans=number == 2)
    await page.goto(line.url + "/counter/find")  # a page that works at none of them meanwhile
    await page.evaluate(DAMAGE)
    await mend(page, line)
    await page.goto(line.url + OUTBOX)
    await number_of(page)
    [_] = await cases_of(site, births[3]["/applicant/id_number"])
    damaged = page.locator(ENTRY).filter(has_text="这一份读不出来了")
    await expect(damaged).to_have_count(2)
    other = page.locator(ENTRY).filter(has_text=f"“{SCANS[0]}.pdf”在这台电脑上读不出来了")
    await expect(other.locator(".tag")).to_have_text("需要您处理")
    await axe(page)

    asked_about: list[str] = []

    async def refuse(dialog: Dialog) -> None:
        asked_about.append(dialog.message)
        await dialog.dismiss()

    async def agree(dialog: Dialog) -> None:
        await dialog.accept()

    delete = damaged.first.get_by_role("button", name="删除这一份")
    page.once("dialog", refuse)
    await delete.click()
    assert "不能恢复" in asked_about[0]
    await expect(damaged).to_have_count(2)
    page.once("dialog", agree)
    await delete.click()
    await expect(damaged).to_have_count(1)
    await other.get_by_role("button", name=f"不发“{SCANS[0]}.pdf”，接着发").click()
    await expect(page.locator(f"{ENTRY} .tag.done")).to_have_count(2)


async def test_an_old_page_of_somebody_else_leaves_the_key_of_who_is_here_alone(
    open_page: OpenPage, line: Line
) -> None:
    old = await open_page(DESK)
    await prepared(old, line, "counter.330106000")
    page = await old.context.new_page()
    await page.goto(line.url + "/counter/find")
    await page.get_by_role("button", name="退出").click()
    await page.wait_for_url(line.url + "/")
    await prepared(page, line)
    await until(page, "window.onethingOutbox.keys().then(Boolean)")  # the forms had been put by before
    await cut(page, line)
    assert await old.evaluate("window.onethingOutbox.keys()") is None, "of its own it has none any more"
    await put_aside(page, line, a_birth("张留住"))
    await mend(page, line)
    await sent_now(page)
    await number_of(page)


async def test_who_signs_in_where_another_has_not_signed_out_has_a_key_of_their_own(
    open_page: OpenPage, line: Line
) -> None:
    page = await open_page(DESK)
    await prepared(page, line)
    before = await page.evaluate("window.onethingOutbox.keys().then(kept => kept.account)")
    await page.context.clear_cookies()
    await sign_in(page, line.url, "counter.330106000")
    await page.goto(line.url + "/counter/find")
    own = "window.onethingOutbox.keys().then(kept => kept && kept.account)"
    await until(page, own)
    assert await page.evaluate(own) not in (before, None)
