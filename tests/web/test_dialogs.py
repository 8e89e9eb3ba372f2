"""Dialogs by keyboard alone (complaint 26): opened, gone round, left with Esc, and back where one was; and the keys
that act by themselves."""

import pytest
from playwright.async_api import Page, expect

from tests.api import acts
from tests.api.conftest import Live
from tests.api.town import Town
from tests.web.browsing import DESK, let_in
from tests.web.conftest import Look, OpenPage, SignedIn

PAGES = [
    ("citizen", "/my"),
    ("counter", "/counter"),
    ("counter", "/counter/new/newborn"),
    ("officer.amr", "/work"),
    ("supervisor", "/supervise"),
]
BY_KEY = {"keys": "?"}
"""Which open by a key; all others open by themselves, as of a session that ends."""
_WHERE = """() => {
  const at = document.activeElement;
  return at === document.body ? "" : at.closest("dialog") ? "inside" : "outside";
}"""


async def opened(page: Page, dialog: str) -> None:
    if dialog in BY_KEY:
        await page.keyboard.press(BY_KEY[dialog])
    else:
        await page.evaluate("id => document.getElementById(id).showModal()", dialog)
    await expect(page.locator(f"#{dialog}")).to_be_visible()


@pytest.mark.parametrize(("account", "path"), PAGES)
async def test_every_dialog_keeps_the_focus_and_gives_it_back(
    signed_in: SignedIn, site: Live, axe: Look, account: str, path: str
) -> None:
    page = await signed_in(account)
    await page.goto(site.url + path)
    dialogs = await page.locator("dialog").evaluate_all("all => all.map(one => one.id)")
    assert "session-ends" in dialogs
    assert ("keys" in dialogs) is (account != "citizen")
    for dialog in dialogs:
        before = page.locator("main a, main button").first
        await before.focus()
        await opened(page, dialog)
        assert await page.evaluate(_WHERE) == "inside", f"{dialog} takes the focus"
        await axe(page)
        stops = await page.locator(f"#{dialog}").locator("a, button, input, select, textarea").count()
        for key in ("Tab", "Shift+Tab"):
            places = []
            for _ in range(2 * stops + 2):
                await page.keyboard.press(key)
                places.append(await page.evaluate(_WHERE))
            assert "outside" not in places, f"{dialog} by {key}"
            assert places.count("inside") > stops, f"{dialog} is gone round by {key}"
        await page.keyboard.press("Escape")
        await expect(page.locator(f"#{dialog}")).to_be_hidden()
        await expect(before).to_be_focused()


async def test_keys_that_act_by_themselves_are_listed_and_switched_off(
    open_page: OpenPage, site_of: str, fresh_town: Town, axe: Look
) -> None:
    await acts.accepted_case(fresh_town)
    page = await open_page(DESK)
    await let_in(page, site_of, "officer.amr")
    await page.goto(f"{site_of}/work")
    await page.keyboard.press("j")
    await expect(page.locator("#queue-rows .row-link").first).to_be_focused()
    await page.locator("#bundle").focus()
    await page.keyboard.press("?")
    await expect(page.locator("#keys")).to_be_hidden()
    await page.locator(".row-link").first.focus()
    await page.keyboard.press("?")
    await page.get_by_role("link", name="关掉或打开单键快捷键").click()
    await axe(page)
    await page.get_by_role("button", name="关掉单键快捷键").click()
    await page.get_by_role("link", name="返回", exact=True).click()
    await page.wait_for_url("**/work")
    for key in ("j", "?"):
        await page.keyboard.press(key)
    await expect(page.locator("#keys")).to_be_hidden()
    assert await page.evaluate("document.activeElement === document.body")
    await page.goto(f"{site_of}/keys?return_to=/work")
    await page.get_by_role("button", name="打开单键快捷键").click()
    await expect(page.get_by_role("button", name="关掉单键快捷键")).to_be_visible()
    await page.get_by_role("link", name="返回", exact=True).click()
    await page.wait_for_url("**/work")
    await page.keyboard.press("j")
    await expect(page.locator("#queue-rows .row-link").first).to_be_focused()


async def test_no_key_acts_while_signs_are_composed(signed_in: SignedIn, site: Live) -> None:
    page = await signed_in("officer.amr")
    await page.goto(f"{site.url}/work")
    press = """init => document.body.dispatchEvent(
        new KeyboardEvent("keydown", Object.assign({ key: "?", bubbles: true, cancelable: true }, init)))"""
    await page.evaluate(press, {"isComposing": True})
    await expect(page.locator("#keys")).to_be_hidden()
    await page.evaluate(press, {})
    await expect(page.locator("#keys")).to_be_visible()


async def test_keys_are_there_for_who_has_not_signed_in(open_page: OpenPage, site: Live, axe: Look) -> None:
    page = await open_page(DESK)
    await page.goto(f"{site.url}/keys")
    await axe(page)
    await expect(page.get_by_role("heading", name="综合窗口")).to_be_visible()
