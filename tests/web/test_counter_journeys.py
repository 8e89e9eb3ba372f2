"""综合窗口 in a browser: a birth by the keyboard alone, the scanner, mistakes, the next person at the same desk."""

import re

import pytest
from playwright.async_api import Page, Route, expect

from tests.api.conftest import Live
from tests.support import people
from tests.support.whole import sampled
from tests.web.browsing import DESK, DESK_WITHOUT_SCRIPTS, Window, let_in
from tests.web.conftest import Look, OpenPage, Screenshot, SignedIn
from tests.web.counter_forms import birth_fields, looked_at
from tests.web.keys import POINTER_EVENTS, Keys
from tests.web.site_cases import submitted_case
from tests.web.test_accessibility import WIDTHS, looks_right

NEW = "/counter/new/newborn"
MOST_GROUPS = 40


async def _is_saved(page: Page) -> None:
    await expect(page.locator("#saved")).to_contain_text("已保存")


async def test_journey_5_a_birth_with_all_its_items_by_the_keyboard_alone(
    signed_in: SignedIn, site: Live, axe: Look, screenshot: Screenshot
) -> None:
    page = await signed_in("counter")
    await page.add_init_script(POINTER_EVENTS)
    await page.goto(site.url + NEW)
    keys = Keys(page)
    assert await keys.at() == "/applicant/id_number", "the scan box has the focus"
    for text in (people.WU.id_number, people.WU.name, "13800000000"):
        await keys.put(text)
    await keys.press("F4")
    assert await keys.at() == "/answers/birth_certificate"
    for figure in ("2", "1"):  # no certificate yet, married
        await keys.choose(figure)
    for key in ("Enter", "Enter", "Enter", "Enter", "Enter", "1"):  # … allowance
        await keys.press(key)
    await expect(page.locator("#f-form-employer_name")).to_be_attached()
    await _is_saved(page)
    await keys.press("F4")
    assert await keys.at() == "/form/child_name"
    await keys.put("吴小满")
    await keys.choose("2")
    for text in ("2026-11-10", "杭州市西湖区示例医院", "汉族", "示例医院", "39", "3200"):
        await keys.put(text)
    for text in (people.WU.name, people.WU.id_number, "13800000000", people.LI.name, people.LI.id_number):
        await keys.put(text)
    assert await keys.at() == "/form/father_phone"
    await keys.press("F4")
    assert await keys.at() == "/form/household_address"
    await keys.put("杭州市西湖区文一西路1号")
    await keys.press("1")
    await keys.press("F4")
    for text in (
        "杭州市西湖区文一西路1号",
        "西湖接种门诊",
        "示例银行",
        "示例公司",
        "91330106MA2CFLDG4R",
        "6222020000000000",
    ):
        await keys.put(text)
    assert await keys.at() == "_material/delivery-record"
    await keys.choose("2")
    await keys.choose("3")
    assert await keys.at() == "/delivery/method"
    await keys.press("1")
    await axe(page)
    await screenshot(page, "counter-take-in")
    await looked_at(page)
    async with page.expect_navigation(url=re.compile("/counter/receipt/")):
        await keys.press("Control+Enter")
    assert keys.groups <= MOST_GROUPS, keys.groups
    await expect(page.locator("article")).to_contain_text(re.compile("已受理|办理中"))
    assert await page.evaluate("window.pointed") == 0
    await axe(page)
    await screenshot(page, "counter-receipt")
    await page.evaluate("window.print = () => { window.printed = true; }")
    await keys.press("p")
    assert await page.evaluate("window.printed")
    async with page.expect_navigation():
        await keys.press("n")
    assert page.url == site.url + NEW
    assert await page.locator("#f-applicant-id_number").input_value() == ""


async def test_a_figure_chooses_and_only_enter_goes_on(signed_in: SignedIn, site: Live) -> None:
    """A figure and Enter at every question: none is skipped, none asked twice, and no figure lands in a text."""
    page = await signed_in("counter")
    await page.goto(site.url + NEW)
    keys = Keys(page)
    for text in (people.WU.id_number, people.WU.name, "13800000000"):
        await keys.put(text)
    await keys.press("F4")
    asked: list[str] = []
    while (at := await keys.at()).startswith("/answers/") and at not in asked:
        asked.append(at)
        await keys.press("1")
        assert await keys.at() == at, "a figure does not move"
        await _is_saved(page)
        await keys.press("Enter")
    shown = await page.locator("input[type=radio][name^='/answers/']").evaluate_all(
        "radios => [...new Set(radios.map(one => one.name))]"
    )
    assert asked == shown
    assert await page.locator("input[type=radio][name^='/answers/']:checked").count() == len(shown)
    for name, text in (("id_number", people.WU.id_number), ("name", people.WU.name), ("phone", "13800000000")):
        assert await page.locator(f"#f-applicant-{name}").input_value() == text


async def test_enter_after_the_last_field_stays_and_sends_nothing(signed_in: SignedIn, site: Live) -> None:
    page = await signed_in("counter")
    await page.goto(site.url + NEW)
    await _fill(page)
    kept = await page.locator("#f-applicant-id_number").input_value()
    await page.locator("#incomplete").focus()
    keys = Keys(page)
    for key in ("Enter", "1", "Enter"):
        await keys.press(key)
        assert await keys.at() == "_incomplete"
    async with page.expect_navigation():
        await page.get_by_role("button", name="更新下面要填的内容").click()
    await keys.press("1")
    assert await page.locator("#f-applicant-id_number").input_value() == kept, "a page that comes back marks nothing"


async def test_case_24_what_a_scanner_sends_submits_nothing(signed_in: SignedIn, site: Live) -> None:
    page = await signed_in("counter")
    await page.goto(site.url + NEW)
    await page.locator("#f-applicant-name").focus()
    await page.keyboard.insert_text(people.ZHANG.name)
    await page.keyboard.press("Enter")
    await page.keyboard.press("F2")
    await page.locator("#f-applicant-id_number").evaluate(
        "(box, text) => { box.value = text; }", f"\x02{people.ZHANG.id_number}\x03"
    )
    await page.keyboard.press("Enter")
    assert await page.locator("#f-applicant-id_number").input_value() == people.ZHANG.id_number
    await _is_saved(page)
    assert page.url.startswith(site.url + NEW), "nothing is submitted"
    assert "draft=" in page.url


async def test_what_is_typed_while_a_page_is_saved_stays(signed_in: SignedIn, site: Live) -> None:
    """The answer puts other fields in place: what was typed into those that stay is kept, and saved next."""
    page = await signed_in("counter")
    await page.goto(site.url + NEW)
    keys = Keys(page)
    await keys.put(people.ZHANG.id_number)
    await _is_saved(page)

    async def late(route: Route) -> None:
        await page.keyboard.insert_text("张三丰")
        await route.continue_()

    await page.route(lambda url: NEW in url, late)
    await page.locator("input[name='/answers/parents']").first.check()
    await page.locator("#f-applicant-name").focus()
    await expect(page.locator("#f-form-child_name")).to_be_attached()
    assert await page.locator("#f-applicant-name").input_value() == "张三丰"
    await page.unroute_all()
    await expect(page.locator("input[name='_version']")).to_have_value("3")  # begun, situation, name
    await page.reload()
    await expect(page.locator("#f-applicant-name")).to_have_value("张三丰")


async def test_f8_goes_from_one_mistake_to_the_next(signed_in: SignedIn, site: Live) -> None:
    page = await signed_in("counter")
    await page.goto(site.url + NEW)
    await _fill(page)
    await page.locator("#f-form-mother_phone").fill("12")
    await page.locator("#f-form-born_on").fill("昨天")
    await page.keyboard.press("Control+Enter")
    await expect(page.locator("#mistakes")).to_be_focused()
    for name in ("/form/born_on", "/form/mother_phone"):
        await page.keyboard.press("F8")
        await expect(page.locator(f"[name='{name}']")).to_be_focused()


async def _fill(page: Page) -> None:
    """As people do who fill in all of it; situations first, for they say what else there is."""
    fields = birth_fields()
    await page.locator("#f-applicant-id_number").fill(fields["/applicant/id_number"])
    for name, value in fields.items():
        if name.startswith("/answers/"):
            await page.locator(f"input[name='{name}'][value='{value}']").check()
    button = page.get_by_role("button", name="更新下面要填的内容")
    await button.click()
    await page.wait_for_url(re.compile("draft="))
    for name, value in fields.items():
        field = page.locator(f"[name='{name}']").first
        if name.startswith("_material/"):
            await page.locator(f"input[name='{name}'][value='{value}']").check()
        elif name.startswith("/answers/") or await field.get_attribute("type") == "hidden":
            continue
        elif await field.evaluate("field => field.tagName") == "SELECT":
            await field.select_option(value)
        else:
            await field.fill(value)


@pytest.mark.parametrize("window", [DESK_WITHOUT_SCRIPTS], indirect=True, ids=str)
async def test_a_birth_is_taken_in_without_scripts(signed_in: SignedIn, site: Live) -> None:
    page = await signed_in("counter")
    await page.goto(site.url + NEW)
    await _fill(page)
    await looked_at(page)
    await page.get_by_role("button", name="收件并受理").click()
    await page.wait_for_url(re.compile("/counter/receipt/"))
    await expect(page.locator("article")).to_contain_text(re.compile("已受理|办理中"))


@pytest.mark.parametrize("window", sampled(WIDTHS, 1), ids=str)
async def test_pages_of_the_counter_are_for_everybody(
    open_page: OpenPage, site: Live, axe: Look, screenshot: Screenshot, window: Window
) -> None:
    case_no = await submitted_case(site)
    page = await open_page(window)
    await let_in(page, site.url, "counter")
    case = f"/counter/cases/{case_no}"
    paths = ["/counter", "/counter?view=drafts", "/counter/find", "/counter/new", NEW, "/counter/delivery"]
    paths += ["/counter/outbox", "/counter/outbox/blank", "/counter/outbox/forms/enterprise-opening"]
    for path in (*paths, "/counter/prefills", case, f"{case}/corrections", f"{case}/reject"):
        await page.goto(site.url + path)
        await axe(page)
        await looks_right(page)
    await page.locator("#f-reason").fill("不属于本机关职权范围")
    await page.locator("#f-basis").fill("行政许可法第三十二条")
    await page.get_by_role("button", name="不予受理").click()
    await page.wait_for_url(f"{site.url}{case}?done=reject")
    await page.locator("a[href*='/letters/']").first.click()
    await page.wait_for_url(re.compile("/letters/"))
    await axe(page)
    await looks_right(page)
    await screenshot(page, f"counter-letter-{window.width}")


async def test_case_28_the_next_person_finds_nothing_of_the_last(open_page: OpenPage, site: Live) -> None:
    """公用电脑: signed out, going back shows nothing, and a new page is empty."""
    page = await open_page(DESK)
    await let_in(page, site.url, "counter")
    await page.goto(site.url + NEW)
    keys = Keys(page)
    await keys.put(people.ZHANG.id_number)
    await keys.put(people.ZHANG.name)
    await _is_saved(page)
    await page.get_by_role("button", name="退出").click()
    await page.wait_for_url(site.url + "/")
    await page.go_back()
    await page.wait_for_url(re.compile("/sign-in"))
    assert people.ZHANG.name not in await page.content()
    await let_in(page, site.url, "counter")
    await page.goto(site.url + NEW)
    assert await page.locator("#f-applicant-id_number").input_value() == ""
    assert await page.locator("#f-applicant-id_number").get_attribute("autocomplete") == "off"


async def test_n_takes_in_the_next_from_every_page_but_a_form_that_is_being_filled_in(
    signed_in: SignedIn, site: Live
) -> None:
    page = await signed_in("counter")
    for path in ("/counter", "/counter/delivery", "/counter/outbox"):
        await page.goto(site.url + path)
        await page.locator("h1").click()  # out of the box that has the focus
        await page.keyboard.press("n")
        await page.wait_for_url(site.url + "/counter/new")
    await page.goto(site.url + NEW)
    await page.locator("h1").click()
    await page.keyboard.press("n")
    await expect(page.locator("#take-in")).to_be_visible()
    assert page.url.startswith(site.url + NEW)


async def test_control_and_enter_says_what_it_has_done(signed_in: SignedIn, site: Live) -> None:
    case_no = await submitted_case(site)
    page = await signed_in("counter")
    await page.goto(f"{site.url}/counter/cases/{case_no}")
    await page.keyboard.press("Control+Enter")
    await expect(page.get_by_role("status").filter(has_text="已受理，承诺的期限开始计算")).to_be_visible()
