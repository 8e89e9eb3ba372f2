"""Chromium for tests: started alike everywhere, with one Chinese font, and asking nobody but this machine."""

import os
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from xml.sax.saxutils import escape

from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, BrowserContext, Page, async_playwright, expect

from onething.embedded import programs
from tests.support import people

FLAGS = (
    "--disable-gpu",
    "--disable-quic",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",  # a page of ours needs no other host
)
"""Beside Playwright's own, which go without a sandbox: tests run as root in containers, and load no pages but ours."""

WAIT_MS = 60_000
"""For an element or a page: a busy machine shows what is there within it, and what is not there is a red test."""

expect.set_options(timeout=WAIT_MS)

_OPTIONS = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]},
    "resultTypes": ["violations"],
    "preload": {"assets": ["media"]},  # and no style sheets: none of these rules reads them
}

_FONTCONFIG = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>{fonts}</dir>
  <cachedir>{cache}</cachedir>
</fontconfig>
"""


@dataclass(frozen=True)
class Window:
    """What a person looks through. A test chooses by `@pytest.mark.parametrize("window", [PHONE], indirect=True)`."""

    width: int
    height: int
    scripts: bool = True
    zone: str = "Asia/Shanghai"  # that the computer is set to

    def __str__(self) -> str:
        return f"{self.width}x{self.height}{'' if self.scripts else ' without scripts'}"


PHONE, DESK = Window(390, 844), Window(1280, 800)
NARROWEST = Window(320, 640)
PHONE_WITHOUT_SCRIPTS, DESK_WITHOUT_SCRIPTS = Window(390, 844, scripts=False), Window(1280, 800, scripts=False)


@asynccontextmanager
async def running_chromium() -> AsyncIterator[Browser]:
    """A browser, gone with all of its processes afterwards. Raises `ProgramMissing`, which says how to get one."""
    program = programs.chromium()
    with tempfile.TemporaryDirectory(prefix="onething-") as folder:
        environment = {**os.environ, "FONTCONFIG_FILE": str(_one_font_only(Path(folder)))}
        async with async_playwright() as playwright:
            browser = await playwright.chromium.launch(
                executable_path=program, args=FLAGS, env=environment, timeout=WAIT_MS
            )
            try:
                yield browser
            finally:
                await browser.close()


def _one_font_only(folder: Path) -> Path:
    """A configuration that knows the font of a wheel and no other, so that pages look alike on every machine."""
    found = find_spec("cvttf_NotoSansCJK_Regular")
    assert found is not None, "the wheel with the font is missing: make test installs it"
    assert found.origin is not None
    configuration = folder / "fonts.conf"
    fonts = escape(str(Path(found.origin).parent))
    configuration.write_text(_FONTCONFIG.format(fonts=fonts, cache=escape(str(folder / "cache"))), encoding="utf-8")
    return configuration


async def new_context(browser: Browser, window: Window) -> BrowserContext:
    """A person's own browser: no cookie of anybody else, Chinese, in Chinese time."""
    context = await browser.new_context(
        viewport={"width": window.width, "height": window.height},
        java_script_enabled=window.scripts,
        locale="zh-CN",
        timezone_id=window.zone,
    )
    context.set_default_timeout(WAIT_MS)
    return context


async def sign_in(page: Page, site: str, account: str) -> None:
    """Through the form of `site`/sign-in, as a person does; `account`: a demo account's name."""
    await page.goto(f"{site}/sign-in")
    credentials = people.credentials(account)
    form = page.locator("form").filter(has=page.locator('input[name="password"]'))
    for name, value in credentials.items():
        await form.locator(f'input[name="{name}"]').fill(value)
    async with page.expect_navigation():
        await form.locator('button:not([type="button"]), input[type="submit"]').first.click()
    assert urlsplit(page.url).path != "/sign-in", f"{account} was not let in: {await page.locator('body').inner_text()}"


async def let_in(page: Page, site: str, account: str) -> None:
    """As by the form, which others than this one are about: the browser has its cookie, and has drawn no page yet."""
    answer = await page.context.request.post(
        f"{site}/sign-in", form=people.credentials(account), headers={"Sec-Fetch-Site": "same-origin"}, max_redirects=0
    )
    assert answer.status == 303, f"{account} was not let in: {await answer.text()}"


async def accessibility_findings(page: Page) -> list[str]:
    """What axe finds against WCAG 2.2 AA: one line each, with rule and selector. The page must run scripts."""
    results = await Axe().run(page, options=_OPTIONS)
    violations: list[dict[str, Any]] = results.response["violations"]
    return [
        f"{violation['id']} at {_selector(node['target'])}: {violation['help']} ({node['failureSummary']})"
        for violation in violations
        for node in violation["nodes"]
    ]


def _selector(target: list[str | list[str]]) -> str:
    """Through frames; a list inside is a way through shadow roots."""
    return " ".join(part if isinstance(part, str) else " >>> ".join(part) for part in target)
