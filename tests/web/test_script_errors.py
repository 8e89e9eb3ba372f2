"""What fails in pages' own scripts is counted, by kind and file; not a word of what somebody typed gets anywhere."""

import logging

import pytest
from playwright.async_api import Browser, expect

from tests.api.conftest import Live
from tests.api.test_metrics import scraped, series
from tests.api.town import Town
from tests.web.browsing import DESK, new_context
from tests.web.visitor import Visitor

AT = "/script-errors"
SECRET = "110105194912310021"


async def reported(town: Town, **fields: str) -> int:
    async with Visitor(town) as visitor:
        return (await visitor.post(AT, fields)).status_code


async def test_kind_file_and_line_are_told_and_nothing_else(fresh_town: Town, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        assert await reported(fresh_town, kind="TypeError", file="staff.js", line="31", message=SECRET) == 204
        assert await reported(fresh_town, kind=SECRET, file=f"../{SECRET}.js", line=SECRET) == 204
        assert await reported(fresh_town, kind="") == 204
    found = {name: value for name, value in (await scraped(fresh_town)).items() if "script_errors" in name}
    assert found == {
        'onething_script_errors_total{file="staff.js",kind="TypeError"}': 1,
        'onething_script_errors_total{file="other",kind="other"}': 2,
    }
    lines = [one.__dict__ for one in caplog.records if one.message == "a page's script failed"]
    assert [(one["kind"], one["file"], one["line"]) for one in lines] == [
        ("TypeError", "staff.js", 31), ("other", "other", 0), ("other", "other", 0),
    ]  # fmt: skip
    assert SECRET not in str(lines)


async def test_it_is_from_a_page_of_ours_and_not_too_often(limited: Town) -> None:
    async with Visitor(limited) as visitor:
        elsewhere = await visitor.plain().post(AT, data={"kind": "Error"}, headers={"Sec-Fetch-Site": "cross-site"})
        assert elsewhere.status_code == 403
    statuses = [await reported(limited, kind="Error", file="public.js", line="1") for _ in range(32)]
    assert (statuses.count(204), statuses.count(429)) == (30, 2)


async def test_a_browser_tells_what_no_script_caught(browser: Browser, site: Live) -> None:
    """Of our own files; thrown, or in a promise that nobody waits for."""
    context = await new_context(browser, DESK)
    try:
        page = await context.new_page()
        await page.goto(site.url)
        posted: list[str] = []
        page.on("request", lambda one: posted.append(one.post_data or "") if one.url.endswith(AT) else None)
        script = await page.locator('script[src*="public.js"]').get_attribute("src")
        fail = f"""(promised) => {{
            const error = new TypeError("{SECRET}");
            error.stack = "TypeError: {SECRET}\\n    at f ({script}:12:7)";
            if (promised) {{ Promise.reject(error); }} else {{ window.setTimeout(() => {{ throw error; }}); }}
        }}"""
        for promised in (False, True):
            async with page.expect_response(f"**{AT}") as answer:
                await page.evaluate(fail, promised)
            assert (await answer.value).status == 204
        await page.evaluate("() => { window.setTimeout(() => { throw new Error('another'); }); }")  # of no file of ours
        scraping = await context.new_page()
        await scraping.goto(f"{site.url}/metrics")
        text = await scraping.locator("body").inner_text()
        assert series(text + "\n")['onething_script_errors_total{file="public.js",kind="TypeError"}'] >= 2
        await expect(page.locator("h1")).to_be_visible()
        assert posted == [f"kind=TypeError&file=public.js&line={line}" for line in ("12", "12")]
        assert SECRET not in text
    finally:
        await context.close()
