"""督办 in a browser: from the board to the rows, a case, a supervision; and every page of it for everybody."""

import re
from itertools import product

import pytest
from playwright.async_api import expect

from tests.api.conftest import Live
from tests.support.whole import sampled
from tests.web.browsing import PHONE, Window, let_in
from tests.web.conftest import Look, OpenPage, Screenshot, SignedIn
from tests.web.site_cases import accepted_case, decided_birth
from tests.web.test_accessibility import WIDTHS, looks_right
from tests.web.test_supervision import sheets

PATHS = ("", "/league", "/cards", "/reminders", "/sources", "/ratings", "/at-systems", "/credit-notes")


async def test_journey_12_from_the_board_to_a_supervision(
    signed_in: SignedIn, site: Live, axe: Look, screenshot: Screenshot
) -> None:
    await decided_birth(site)
    case_no = await accepted_case(site)
    page = await signed_in("supervisor")
    await page.goto(site.url + "/supervise")
    await axe(page)
    await looks_right(page)
    await screenshot(page, "supervise-board")
    board = await page.locator("#departments ~ div table tbody tr").all_inner_texts()
    async with page.expect_download() as download:
        await page.get_by_role("link", name="导出表格").click()
    path = await (await download.value).path()
    book = sheets(path.read_bytes())
    assert [row[0] for row in book["部门"][2:]] == [text.split()[0] for text in board]
    await page.get_by_label("办结是什么").click()
    await expect(page.locator("#def-decided")).to_be_in_viewport()
    await page.goto(site.url + f"/supervise/cases/{case_no}")
    await axe(page)
    await looks_right(page)
    await page.locator("#act").get_by_role("link", name="督办", exact=True).click()
    await axe(page)
    await page.get_by_label("要求说明什么").fill("请说明办到哪一步")
    await page.get_by_role("button", name="督办").click()
    await expect(page.get_by_role("heading", name="等待答复")).to_be_visible()
    await screenshot(page, "supervise-case")
    await page.goto(site.url + "/supervise/reminders")
    await page.get_by_role("link", name=case_no).click()
    await page.wait_for_url(re.compile(f"/supervise/cases/{case_no}"))


async def test_a_figure_is_read_whole_on_a_phone(open_page: OpenPage, site: Live) -> None:
    await decided_birth(site)
    page = await open_page(PHONE)
    await let_in(page, site.url, "supervisor")
    await page.goto(site.url + "/supervise")
    figure = await page.locator(".figures td", has_text="%").first.bounding_box()
    assert figure is not None
    assert figure["height"] < 4 * 24, "two lines at most, and what a department's name takes beside it"


@pytest.mark.parametrize(
    ("path", "window"), sampled(list(product(PATHS, WIDTHS)), len(PATHS), kind=lambda one: one[0]), ids=str
)
async def test_pages_of_supervision_are_for_everybody(
    open_page: OpenPage, site: Live, axe: Look, path: str, window: Window
) -> None:
    page = await open_page(window)
    await let_in(page, site.url, "supervisor")
    await page.goto(site.url + "/supervise" + path)
    await axe(page)
    await looks_right(page)
