"""Every page, for everybody: nothing that axe finds, a title, one heading, no scrolling aside on the narrowest phone.

A page is a line of PAGES: who looks at it, and where it is. Each is looked at on every day, at one of the two widths.
"""

from itertools import product

import pytest
from playwright.async_api import Page

from tests.api.conftest import Live
from tests.support.whole import sampled
from tests.web.browsing import DESK, NARROWEST, PHONE, Window, let_in
from tests.web.conftest import Look, OpenPage, Screenshot, SignedIn

WIDTHS = (NARROWEST, DESK)
PAGES = [
    (None, "/"),
    (None, "/?q=月球"),
    (None, "/guide/newborn"),
    (None, "/guide/enterprise-opening"),
    (None, "/progress"),
    (None, "/verify"),
    (None, "/verify/NO-SUCH-NUMBER"),
    (None, "/sign-in"),
    (None, "/no-such-page"),
    ("citizen", "/sessions"),
    ("officer.amr", "/work/sheet"),
    ("admin", "/admin"),
    ("admin", "/admin/definitions"),
    ("admin", "/admin/definitions/enterprise-opening"),
    ("admin", "/admin/definitions/enterprise-opening/difference"),
    ("admin", "/admin/definitions/enterprise-opening/try?company_type=llc&premises=owned"),
    ("admin", "/admin/definitions/enterprise-opening/departments/amr"),
    ("admin", "/admin/subscriptions"),
    ("admin", "/admin/subscriptions/new"),
    ("admin", "/admin/sessions"),
    ("auditor", "/audit"),
    ("auditor", "/audit/search"),
    ("auditor", "/audit/alarms"),
    ("auditor", "/audit/verifications"),
]
_SIZES = "all => all.map(one => parseFloat(getComputedStyle(one).fontSize))"
_HEIGHTS = "all => all.map(one => one.getBoundingClientRect().height)"
_ASIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.mark.parametrize(
    ("account", "path", "window"),
    sampled(
        [(*page, window) for page, window in product(PAGES, WIDTHS)], len(PAGES), kind=lambda one: (one[0], one[1])
    ),
    ids=str,
)
async def test_a_page_is_for_everybody(
    open_page: OpenPage, site: Live, axe: Look, screenshot: Screenshot, account: str | None, path: str, window: Window
) -> None:
    page = await open_page(window)
    if account is not None:
        await let_in(page, site.url, account)
    await page.goto(site.url + path)
    await axe(page)
    await looks_right(page)
    await screenshot(page, f"{account or 'anybody'}{path.replace('/', '_').replace('?', '_')}-{window.width}")


async def looks_right(page: Page) -> None:
    assert (await page.title()).endswith(" · 一件事")
    assert await page.locator("h1").count() == 1
    assert await page.evaluate(_ASIDE) <= 0, f"it has to be scrolled aside: {page.url}"
    assert await page.locator("main#main").count() == 1


@pytest.mark.parametrize("path", sampled(["/", "/guide/newborn"], 1))
async def test_the_large_version_is_one_column_of_large_letters(
    open_page: OpenPage, site: Live, axe: Look, screenshot: Screenshot, path: str
) -> None:
    page = await open_page(PHONE)
    await page.goto(site.url + path)
    await page.get_by_role("button", name="长辈版").click()
    await page.wait_for_selector("html.large")
    assert page.url == site.url + path, "back where they were"
    await axe(page)
    await looks_right(page)
    sizes = await page.evaluate(
        "[...document.querySelectorAll('main p, main li')].map(e => parseFloat(getComputedStyle(e).fontSize))"
    )
    assert min(sizes) >= 20
    heights = await page.evaluate(
        "[...document.querySelectorAll('main .button')].map(e => e.getBoundingClientRect().height)"
    )
    assert all(height >= 60 for height in heights)
    await screenshot(page, f"large{path.replace('/', '_')}")


async def test_no_badge_runs_off_a_phone(signed_in: SignedIn, site: Live) -> None:
    """However long it is: it breaks, and leaves what stands beside it in view."""
    for account, path in (("citizen", "/my"), ("supervisor", "/supervise")):
        page = await signed_in(account)
        await page.set_viewport_size({"width": 390, "height": 844})
        await page.goto(site.url + path)
        await page.evaluate(
            """() => { const tag = document.createElement("span"); tag.className = "tag late";
            tag.textContent = "■ 不予受理：" + "申请事项依法不需要取得行政许可".repeat(4);
            document.querySelector("main").prepend(tag); }"""
        )
        assert await page.evaluate("document.documentElement.scrollWidth") <= 390, path
