"""来前请窗口看一眼 in a browser: asked for on a phone, answered at a desk, shown at the window and taken in there."""

import re
from datetime import date, timedelta
from itertools import count

import httpx
from playwright.async_api import expect

from definitions.loader import load_catalog
from onething.domain.calendar.days import local_date
from onething.domain.outlets import openings
from tests.api.conftest import Live
from tests.api.forms import opening_with_papers
from tests.api.test_outlets import HALL
from tests.support import people
from tests.support.files import pdf
from tests.web.browsing import DESK, PHONE, let_in
from tests.web.conftest import Look, OpenPage, Screenshot
from tests.web.counter_forms import looked_at
from tests.web.test_accessibility import looks_right
from tests.web.test_printing import printed


def next_open_day(after: date) -> date:
    """Of the hall."""
    catalog = load_catalog()
    hall = catalog.outlets[HALL]
    days = (after + timedelta(days=n) for n in count(1))
    return next(day for day in days if openings(hall.hours, catalog.calendars[hall.calendar], day))


async def photographed(site: Live) -> str:
    """A draft with all that is asked, and a photo of one of three papers."""
    headers = people.bearer(site.token("citizen"))
    async with httpx.AsyncClient(base_url=site.url, headers=headers, trust_env=False) as client:
        body = opening_with_papers() | {"submit": False}
        begun = await client.post("/api/cases", json=body, headers={"Idempotency-Key": "a draft to look at"})
        assert begun.status_code == 201, begun.text
        case_no = str(begun.json()["case_no"])
        files = {"file": ("a.pdf", pdf("articles"), "application/pdf")}
        kept = await client.put(f"/api/cases/{case_no}/materials/articles", files=files)
        assert kept.status_code == 201, kept.text
    return case_no


async def test_journey_a_look_before_travelling(
    open_page: OpenPage, site: Live, axe: Look, screenshot: Screenshot
) -> None:
    case_no = await photographed(site)
    phone, desk = await open_page(PHONE), await open_page(DESK)
    await let_in(phone, site.url, "citizen")
    await phone.goto(f"{site.url}/my/drafts/{case_no}")
    await phone.get_by_role("link", name="来前请窗口看一眼").click()
    await axe(phone)
    await phone.get_by_role("button", name="请窗口看一眼").click()
    await expect(phone.locator("h1")).to_have_text("已请窗口看一眼")
    await axe(phone)
    await screenshot(phone, "precheck-waiting")

    await let_in(desk, site.url, "counter")
    await desk.goto(f"{site.url}/counter")
    await desk.get_by_role("link", name="请窗口看一眼").click()
    await axe(desk)
    await desk.locator(f'a[href="/counter/prechecks/{case_no}"]').click()
    await axe(desk)
    photo = await desk.get_by_role("link", name="看照片").get_attribute("href")
    shown = await open_page(DESK)
    await let_in(shown, site.url, "counter")
    await shown.goto(f"{site.url}{photo}")
    await expect(shown.locator("#viewer img")).to_be_visible()
    await axe(shown)
    await desk.get_by_label("可以").check()
    for one in await desk.get_by_label("还缺").all():
        if not await one.is_checked() and await one.get_attribute("name") != "/materials/0/verdict":
            await one.check()
    day = next_open_day(local_date(site.clock.now()))
    await desk.locator('[name="/on"]').fill(day.isoformat())
    await desk.locator('[name="/outlet"]').select_option(HALL)
    await desk.locator('[name="/note"]').fill("公章不用带")
    await screenshot(desk, "precheck-answering")
    await desk.get_by_role("button", name="答复").click()
    await expect(desk.get_by_role("heading", name="已经答复")).to_be_visible()
    await axe(desk)

    await phone.reload()
    await expect(phone.locator("h1")).to_have_text("您来一趟就够，带这 4 样")
    await expect(phone.locator("svg.qr")).to_be_visible()
    await axe(phone)
    await looks_right(phone)
    await screenshot(phone, "precheck-answered")
    code = await phone.locator("dd.number strong").inner_text()
    on_paper = (await printed(phone)).text
    assert [one for one in ("您来一趟就够，带这 4 样", code, case_no) if one not in on_paper] == []

    await desk.goto(f"{site.url}/counter/find")
    box = desk.locator('[name="scan"]')
    await box.fill(f"{site.url}/my/drafts/{case_no}/precheck#{code}")
    await desk.get_by_role("button", name="查找").click()
    await desk.wait_for_url(re.compile("/counter/new/enterprise-opening"))
    await desk.locator('[name="/seen/0/document"]').select_option("resident_id")
    for paper in ("appointment-documents", "premises-lease"):
        await desk.locator(f'[name="_material/{paper}"][value="paper"]').check()
    await looked_at(desk)
    await desk.get_by_role("button", name="收件并受理").click()
    await desk.wait_for_url(re.compile("/counter/receipt/"))
    await expect(desk.locator("article")).to_contain_text(re.compile("已受理|办理中"))

    board = await open_page(DESK)
    await let_in(board, site.url, "supervisor")
    await board.goto(f"{site.url}/supervise")
    await expect(board.locator("main")).to_contain_text(re.compile(r"来前窗口看过的\s*100.0%（1/1）"))
    await axe(board)
