"""What tests of pages stand on: a browser that starts, Chinese that can be read, faults that are found."""

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page
from playwright.async_api import Error as BrowserError

from tests.api.conftest import Live
from tests.support.patience import PATIENCE_S
from tests.web.browsing import (
    DESK,
    DESK_WITHOUT_SCRIPTS,
    PHONE,
    PHONE_WITHOUT_SCRIPTS,
    Window,
    accessibility_findings,
    new_context,
    sign_in,
)
from tests.web.conftest import Look, OpenPage, SignedIn
from tests.web.own_site import OwnSite, own_site
from tests.web.processes import parents

ROOT = Path(__file__).parents[2]

_PAGE = """<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><title>{title}</title>{head}
<meta name="viewport" content="width=device-width, initial-scale=1"></head><body><main>{body}</main></body></html>"""
_SIGN_IN = """<h1>登录</h1><form method="post" action="/sign-in">
<label>账号 <input name="username" autocomplete="username"></label>
<label>密码 <input name="password" type="password" autocomplete="current-password"></label>
<button type="button">显示密码</button><button>登录</button></form>"""


def written(title: str, body: str, head: str = "") -> str:
    return _PAGE.format(title=title, body=body, head=head)


@pytest.fixture
def small_site() -> Iterator[OwnSite]:
    pages = {
        "/": written(
            "一件事", '<h1 id="heading">证照 𠮷䶮</h1><p id="scripts">静</p>', '<script src="/own.js" defer></script>'
        ),
        "/own.js": "document.getElementById('scripts').textContent = '动'",
        "/broken": written("坏", "<h1>坏</h1>", '<script src="/broken.js" defer></script>'),
        "/broken.js": "throw new Error('nobody catches it')",
        "/faulty": written("有毛病", '<h1>照片</h1><img id="portrait" src="/portrait.png"><input id="nameless">'),
        "/sign-in": written("登录", _SIGN_IN),
        "/after": written("首页", "<h1>您好</h1>"),
    }
    with own_site(pages) as site:
        yield site


# -- what is seen -------------------------------------------------------------------------------------------------


async def test_chinese_is_drawn_by_a_font_that_has_it(page: Page, small_site: OwnSite) -> None:
    """Rare characters of names too; what a font lacks would be boxes that are all alike."""
    await page.goto(small_site.url)
    session = await page.context.new_cdp_session(page)
    await session.send("DOM.enable")
    await session.send("CSS.enable")
    document = await session.send("DOM.getDocument")
    heading = await session.send("DOM.querySelector", {"nodeId": document["root"]["nodeId"], "selector": "#heading"})
    used = await session.send("CSS.getPlatformFontsForNode", {"nodeId": heading["nodeId"]})
    [font] = used["fonts"]
    assert (font["familyName"].startswith("Noto Sans CJK"), font["glyphCount"]) == (True, 5)
    drawn = await page.evaluate(
        """characters => [...characters].map(character => {
            const canvas = document.createElement("canvas"), context = canvas.getContext("2d")
            context.font = "40px sans-serif"
            context.fillText(character, 10, 60)
            return [context.measureText(character).width, canvas.toDataURL()]
        })""",
        "证照𠮷䶮\u0378",
    )
    assert [width for width, _ in drawn][:4] == [40, 40, 40, 40]
    assert len({picture for _, picture in drawn}) == 5
    assert len(await page.screenshot(full_page=True)) > 1000


@pytest.mark.parametrize("window", [PHONE, DESK, PHONE_WITHOUT_SCRIPTS, DESK_WITHOUT_SCRIPTS], ids=str, indirect=True)
async def test_a_window_has_its_size_and_runs_scripts_or_not(page: Page, window: Window, small_site: OwnSite) -> None:
    await page.goto(small_site.url)
    assert page.viewport_size == {"width": window.width, "height": window.height}
    box = await page.locator("html").bounding_box()
    assert box is not None
    assert box["width"] == window.width
    assert await page.locator("#scripts").inner_text() == ("动" if window.scripts else "静")


async def test_pages_reach_no_other_host(page: Page) -> None:
    with pytest.raises(BrowserError, match="ERR_NAME_NOT_RESOLVED"):
        await page.goto("http://onething.example/")


async def test_our_pages_carry_the_library_that_they_lock(page: Page, site: Live) -> None:
    await page.goto(site.url)
    assert await page.evaluate("htmx.version") == "2.0.10"


# -- what is found ------------------------------------------------------------------------------------------------


async def test_axe_names_what_is_wrong_and_where(page: Page, small_site: OwnSite, axe: Look) -> None:
    await page.goto(f"{small_site.url}/faulty")
    findings = await accessibility_findings(page)
    assert [finding.split(":")[0] for finding in findings] == ["image-alt at #portrait", "label at #nameless"]
    with pytest.raises(AssertionError, match=r"(?s)/faulty.*#portrait.*#nameless"):
        await axe(page)


async def test_axe_finds_nothing_where_nothing_is_wrong(page: Page, small_site: OwnSite, axe: Look) -> None:
    """Under the policy of our pages, which allows no evaluation of text."""
    await page.goto(f"{small_site.url}/sign-in")
    await axe(page)


async def test_an_error_that_no_script_catches_is_seen(browser: Browser, small_site: OwnSite) -> None:
    context = await new_context(browser, DESK)
    page = await context.new_page()
    async with context.expect_event("weberror") as found:
        await page.goto(f"{small_site.url}/broken")
    assert "nobody catches it" in str((await found.value).error)
    await context.close()


# -- who looks ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("window", [PHONE, PHONE_WITHOUT_SCRIPTS], ids=str, indirect=True)
async def test_people_sign_in_by_the_form(page: Page, small_site: OwnSite) -> None:
    await sign_in(page, small_site.url, "officer.amr")
    assert small_site.posted == [("/sign-in", {"username": "officer.amr", "password": "onething"})]
    assert page.url == f"{small_site.url}/after"


async def test_who_is_not_let_in_is_named(page: Page, small_site: OwnSite) -> None:
    small_site.then = "/sign-in"
    with pytest.raises(AssertionError, match=r"officer.amr was not let in: 登录"):
        await sign_in(page, small_site.url, "officer.amr")


@pytest.mark.parametrize("window", [PHONE, PHONE_WITHOUT_SCRIPTS], ids=str, indirect=True)
async def test_several_people_are_signed_in_at_once(signed_in: SignedIn, site: Live) -> None:
    pages = {account: await signed_in(account) for account in ("citizen", "officer.amr")}
    for page in pages.values():
        await page.goto(site.url)
    names = [await page.locator("header .name").inner_text() for page in pages.values()]
    assert all(names)
    assert len(set(names)) == 2


async def test_two_people_have_nothing_in_common(open_page: OpenPage, small_site: OwnSite) -> None:
    first, second = await open_page(PHONE), await open_page(DESK)
    for page in (first, second):
        await page.goto(small_site.url)
    await first.evaluate("document.cookie = 'who=first'")
    assert await second.evaluate("document.cookie") == ""


# -- what is left -------------------------------------------------------------------------------------------------

_STARTED = """
import asyncio, os
from tests.web.browsing import running_chromium
from tests.web.processes import descendants

async def main():
    async with running_chromium() as browser:
        await browser.new_page()
        print(*descendants(), flush=True)
        {then}

asyncio.run(main())
"""


@pytest.mark.browser
@pytest.mark.parametrize(("then", "code"), [("raise SystemExit(3)", 3), ("os.kill(os.getpid(), 9)", -9)])
def test_no_process_is_left_of_a_run_that_ends_badly(then: str, code: int) -> None:
    run = subprocess.run(
        [sys.executable, "-c", _STARTED.format(then=then)], cwd=ROOT, capture_output=True, text=True, timeout=PATIENCE_S
    )
    started = {int(process) for process in run.stdout.split()}
    assert (run.returncode, len(started) >= 3) == (code, True), run.stderr  # driver, browser, its children
    until = time.monotonic() + PATIENCE_S
    while (left := started & parents().keys()) and time.monotonic() < until:
        time.sleep(0.1)
    assert left == set()
