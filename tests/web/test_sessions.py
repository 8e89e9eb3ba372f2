"""A session that ends, in a real browser: said once, extended by one press, and nothing typed is lost."""

from datetime import timedelta

import pytest
from playwright.async_api import expect

from tests.api.conftest import Live
from tests.web.browsing import DESK, DESK_WITHOUT_SCRIPTS, Window, sign_in
from tests.web.conftest import Look, OpenPage


async def test_a_session_that_is_about_to_end_is_said_once_and_goes_on_by_one_press(
    open_page: OpenPage, site: Live, axe: Look
) -> None:
    page = await open_page(DESK)
    await page.clock.install()
    await sign_in(page, site.url, "citizen")
    await page.goto(site.url + "/")
    site.clock.move(timedelta(minutes=28))
    try:
        await page.clock.fast_forward(28 * 60 * 1000)
        dialog = page.get_by_role("dialog", name="还在吗？")
        await expect(dialog).to_be_visible()
        await expect(page.get_by_role("button", name="继续使用")).to_be_focused()
        await axe(page)
        await page.keyboard.press("Enter")
        await expect(dialog).to_be_hidden()
    finally:
        site.clock.come_back()


async def test_at_its_end_the_page_says_that_what_was_typed_is_there(open_page: OpenPage, site: Live) -> None:
    page = await open_page(DESK)
    await page.clock.install()
    await sign_in(page, site.url, "citizen")
    await page.goto(site.url + "/")
    site.clock.move(timedelta(minutes=45))
    try:
        await page.clock.fast_forward(45 * 60 * 1000)
        await expect(page.locator("#notices")).to_contain_text("登录已到期")
    finally:
        site.clock.come_back()


@pytest.mark.parametrize("window", [DESK, DESK_WITHOUT_SCRIPTS], ids=str)
async def test_what_is_sent_after_its_end_is_there_after_signing_in(
    open_page: OpenPage, site: Live, window: Window
) -> None:
    page = await open_page(window)
    await sign_in(page, site.url, "citizen")
    await page.goto(site.url + "/")
    site.clock.move(timedelta(minutes=45))
    try:
        await page.get_by_role("button", name="退出", exact=True).click()
        await expect(page.get_by_role("status")).to_contain_text("您刚才填的内容还在")
        await page.get_by_label("试用账户").fill("citizen")
        await page.get_by_label("密码").fill("onething")
        await page.get_by_role("button", name="登录", exact=True).click()
        await expect(page.get_by_role("heading", level=1)).to_have_text("您刚才填的内容还在")
        await page.get_by_role("button", name="接着提交").click()
        await expect(page.get_by_role("link", name="登录")).to_be_visible()
    finally:
        site.clock.come_back()
