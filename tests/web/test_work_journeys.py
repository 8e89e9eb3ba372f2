"""Departments' journeys in a real browser: by keyboard, with rows that come and go while somebody is at them."""

import asyncio

import pytest
from playwright.async_api import Page, expect

from onething.web.core.spreadsheets import read_sheets
from tests.api import acts
from tests.api.forms import approval
from tests.api.town import Town
from tests.support.whole import sampled
from tests.web import test_sheets as sheet
from tests.web.browsing import DESK, let_in
from tests.web.conftest import Look, OpenPage, Screenshot
from tests.web.test_accessibility import WIDTHS, looks_right


@pytest.fixture
async def officer(open_page: OpenPage, site_of: str) -> Page:
    page = await open_page(DESK)
    await let_in(page, site_of, "officer.amr")
    await page.goto(f"{site_of}/work")
    return page


async def cases(town: Town, number: int) -> list[str]:
    return [await acts.accepted_case(town) for _ in range(number)]


def row(page: Page, case_no: str) -> str:
    return f'[data-task="{case_no}-registration-1"]'


async def claimed_by(town: Town, case_no: str) -> str | None:
    [(who,)] = town.rows("select claimed_by from tasks where task_id = %s", f"{case_no}-registration-1")
    return None if who is None else str(who)


@pytest.mark.parametrize("window", sampled(WIDTHS, 1), ids=str)
async def test_pages_of_departments_are_for_everybody(
    open_page: OpenPage, site_of: str, fresh_town: Town, axe: Look, screenshot: Screenshot, window: object
) -> None:
    [case_no] = await cases(fresh_town, 1)
    task = f"/work/tasks/{case_no}-registration-1"
    page = await open_page(window)  # type: ignore[arg-type]
    await let_in(page, site_of, "officer.amr")
    paths = {
        "queue": "/work?bundle=enterprise-opening",
        "empty": "/work?flags=urged",
        "task": f"{task}?tab=clocks",
        "consult": f"{task}/consult",
        "inspect": f"{task}/inspect",
        "bulk": f"/work/bulk?act=claim&ticked={case_no}-registration-1",
        "case": f"/work/cases/{case_no}",
        "search": "/work/search",
        "at-systems": "/work/at-systems",
    }
    for name, path in paths.items():
        await page.goto(site_of + path)
        await axe(page)
        await looks_right(page)
        await screenshot(page, f"work-{name}-{window}")


async def test_journey_8_by_keyboard_filter_open_decide_next(
    officer: Page, site_of: str, fresh_town: Town, open_page: OpenPage, screenshot: Screenshot
) -> None:
    """Down to a row, open it, decide, on to the next; back with `g q`: the same filter. In the next department the row
    is there by itself, within a second or two (journey 8, complaint 10)."""
    first, second = await cases(fresh_town, 2)
    seal = await open_page(DESK)
    await let_in(seal, site_of, "officer.psb")
    await seal.goto(f"{site_of}/work")
    await expect(seal.locator("#queue-total")).to_have_text("0")
    await officer.goto(f"{site_of}/work?bundle=enterprise-opening")
    await officer.keyboard.press("j")
    await expect(officer.locator(f"{row(officer, first)} .row-link")).to_be_focused()
    await officer.keyboard.press("c")
    await expect(officer.locator(row(officer, first))).to_contain_text("我")
    await expect(officer.locator(f"{row(officer, first)} .row-link")).to_be_focused()
    assert await claimed_by(fresh_town, first) == "officer.amr"
    await officer.keyboard.press("Enter")
    await expect(officer.locator("h1")).to_contain_text("设立登记")
    await officer.get_by_label("准予").check()
    await officer.get_by_label("统一社会信用代码").fill(str(approval("registration", first)["uscc"]))
    await officer.get_by_label("成立日期").fill("2026-03-02")
    await officer.get_by_label("意见").fill("符合条件")
    await screenshot(officer, "work-decide")
    await officer.keyboard.press("Control+Enter")
    await expect(officer.locator(".inset.done")).to_contain_text("决定已记录")
    await expect(seal.locator(row(seal, first).replace("registration", "seal"))).to_be_visible()
    await expect(seal.locator("#queue-views")).to_contain_text("全部 1")
    await officer.get_by_role("link", name="下一件").click()
    await expect(officer.locator("h1")).to_contain_text("设立登记")
    assert second in officer.url
    await officer.locator("h1").click()
    await officer.keyboard.press("g")
    await officer.keyboard.press("q")
    await officer.wait_for_url("**/work?bundle=enterprise-opening**")
    await expect(officer.locator(f"{row(officer, second)} .row-link")).to_be_focused()


async def test_what_is_pinned_at_a_field_and_at_a_material_is_read_there_by_colleagues_alone(
    officer: Page, site_of: str, fresh_town: Town, open_page: OpenPage, axe: Look, screenshot: Screenshot
) -> None:
    """By keyboard: the pin opens, takes what is typed, and the page comes back where it stands. Who pins the same place
    later reads what is there, and keeps what they typed."""
    [case_no] = await cases(fresh_town, 1)
    task = f"{site_of}/work/tasks/{case_no}-registration-1"
    leader = await open_page(DESK)
    await let_in(leader, site_of, "leader.amr")
    await leader.goto(task)
    await officer.goto(task)
    at_field, at_material = officer.locator("#f-pin-form-address"), officer.locator("[id^='f-pin-material-']").first
    await at_field.locator("summary").focus()
    await officer.keyboard.press("Enter")
    await expect(at_field.locator("textarea")).to_be_visible()
    await officer.keyboard.press("Tab")
    await officer.keyboard.type("与登记簿核对过")
    await axe(officer)
    await officer.keyboard.press("Tab")
    await officer.keyboard.press("Enter")
    await officer.wait_for_url("**#f-pin-form-address")
    await expect(officer.locator("#f-pin-form-address-said")).to_contain_text("与登记簿核对过 officer.amr")
    await expect(at_field).to_be_in_viewport()
    await at_material.locator("summary").click()
    await at_material.locator("textarea").fill("第二页没有盖章")
    place = await at_material.get_attribute("id")
    await at_material.get_by_role("button", name="保存标注").click()
    await officer.wait_for_url(f"**#{place}")
    await expect(officer.locator(f"#{place}-said")).to_contain_text("第二页没有盖章")
    await screenshot(officer, "work-pins")
    theirs = leader.locator("#f-pin-form-address")
    await theirs.locator("summary").click()
    await theirs.locator("textarea").fill("我再问一次")
    await theirs.get_by_role("button", name="保存标注").click()
    await expect(leader.locator("#f-pin-form-address-said")).to_contain_text("与登记簿核对过")
    await expect(theirs.locator("textarea")).to_have_value("我再问一次")
    await theirs.get_by_role("button", name="保存标注").click()
    await expect(leader.locator("#f-pin-form-address-said")).to_contain_text("我再问一次 leader.amr")
    seal = await open_page(DESK)
    await let_in(seal, site_of, "officer.psb")
    await acts.approve(fresh_town, case_no, "registration")
    await seal.goto(f"{site_of}/work/tasks/{case_no}-seal-1")
    await expect(seal.locator("h1")).to_be_visible()
    for words in ("与登记簿核对过", "我再问一次", "第二页没有盖章"):
        assert words not in await seal.content()


async def test_a_row_under_focus_does_not_move_and_new_ones_wait(
    officer: Page, site_of: str, fresh_town: Town, screenshot: Screenshot
) -> None:
    """With nobody at the rows they come in by themselves, marked as new (complaints 11 and 17)."""
    [first] = await cases(fresh_town, 1)
    await expect(officer.locator(row(officer, first))).to_be_visible()
    await officer.locator(f"{row(officer, first)} .row-link").focus()
    box = await officer.locator(row(officer, first)).bounding_box()
    second = (await cases(fresh_town, 1))[0]
    await expect(officer.locator("#queue-news")).to_contain_text("新到 1 件 · 显示")
    await screenshot(officer, "work-news")
    assert await officer.locator("#queue-rows tr").count() == 1
    assert await officer.locator(row(officer, first)).bounding_box() == box
    await expect(officer.locator(f"{row(officer, first)} .row-link")).to_be_focused()
    await officer.get_by_role("button", name="显示").click()
    await expect(officer.locator(row(officer, second))).to_be_visible()
    assert await officer.locator("#queue-rows tr").count() == 2


async def test_journey_9_a_colleague_decides_while_one_writes(
    officer: Page, site_of: str, fresh_town: Town, axe: Look, screenshot: Screenshot
) -> None:
    """What stands is said, what was written is kept, and can be copied (journey 9)."""
    [case_no] = await cases(fresh_town, 1)
    await officer.goto(f"{site_of}/work/tasks/{case_no}-registration-1")
    await officer.get_by_label("不予").check()
    await officer.get_by_label("意见").fill("住所与登记不符")
    outputs = approval("registration", case_no)
    body = {"outcome": "approve", "opinion": "符合条件", "outputs": outputs}
    decided = await fresh_town.post("leader.amr", f"/api/tasks/{case_no}-registration-1/decide", body)
    assert decided.status_code == 200
    await officer.get_by_role("button", name="作出决定").click()
    refusal = officer.locator("#mistakes")
    await expect(refusal).to_be_focused()
    await expect(refusal).to_contain_text("市场监督管理局已于")
    await expect(refusal).to_contain_text("您的意见没有记录")
    await expect(officer.get_by_label("您刚才写的（没有记录）")).to_have_value("住所与登记不符\n")
    await officer.get_by_role("button", name="复制我的意见").click()
    await expect(officer.get_by_role("button", name="已复制")).to_be_visible()
    await axe(officer)
    await screenshot(officer, "work-conflict")


async def test_journey_10_thirty_seven_of_two_pages_three_of_which_fail(
    officer: Page, site_of: str, fresh_town: Town, axe: Look, screenshot: Screenshot
) -> None:
    """Nothing is sent before the time is over; cancelled, and left, within it nothing was (journey 10)."""
    town = fresh_town
    ticked, left = (found := await cases(town, 40))[:37], found[37:]
    await officer.goto(f"{site_of}/work?limit=30")
    await tick(officer, ticked)
    await officer.get_by_role("button", name="下一页").click()
    await officer.wait_for_url("**after=**")
    await tick(officer, ticked)
    await expect(officer.locator("#ticked-count")).to_have_text("已选 37 件（含不在本页的 30 件）")
    await officer.get_by_role("button", name="批量认领").click()
    await expect(officer.get_by_role("heading", name="将认领 37 件")).to_be_visible()
    await axe(officer)
    await screenshot(officer, "work-bulk")
    await officer.get_by_role("button", name="认领这 37 件").click()
    await expect(officer.get_by_role("status")).to_contain_text("秒发出")
    await officer.get_by_role("button", name="取消").click()
    await expect(officer.get_by_role("status")).to_have_count(0)
    await officer.get_by_role("button", name="认领这 37 件").click()
    officer.once("dialog", lambda dialog: asyncio.ensure_future(dialog.accept()))
    await officer.goto(f"{site_of}/work")
    await officer.go_back()
    assert [await claimed_by(town, one) for one in ticked] == [None] * 37, "nothing was sent"
    for one in ticked[:3]:
        assert (await town.post("leader.amr", f"/api/tasks/{one}-registration-1/claim")).status_code == 200
    await officer.get_by_role("button", name="认领这 37 件").click()
    await expect(officer.get_by_role("heading", level=1)).to_have_text("34 件已认领，3 件没有办成")
    await screenshot(officer, "work-bulk-results")
    owners = [await claimed_by(town, one) for one in found]
    assert owners == ["leader.amr"] * 3 + ["officer.amr"] * 34 + [None] * 3, left
    await officer.get_by_role("button", name="重试失败的 3 件").click()
    await expect(officer.get_by_role("heading", name="3 件不在其中")).to_be_visible()


async def tick(page: Page, case_nos: list[str]) -> None:
    """Those of them that the page shows."""
    for one in case_nos:
        box = page.locator(f"{row(page, one)} input[type=checkbox]")
        if await box.count():
            await box.check()


async def test_complaint_19_a_note_saves_itself(officer: Page, site_of: str, fresh_town: Town) -> None:
    [case_no] = await cases(fresh_town, 1)
    address = f"{site_of}/work/tasks/{case_no}-registration-1"
    await officer.goto(address)
    await officer.get_by_text("内部备注").click()
    await officer.get_by_label("只有本部门的人看得到").fill("等对方寄来原件")
    await officer.get_by_label("意见").focus()
    await expect(officer.locator("#note-saved")).to_contain_text("已保存")
    await officer.goto(address)
    await expect(officer.get_by_label("只有本部门的人看得到")).to_have_value("等对方寄来原件")


async def test_complaint_22_what_is_looked_at_stays_while_parts_change(
    officer: Page, site_of: str, fresh_town: Town
) -> None:
    """Opening another part keeps what was typed, and where one was."""
    [case_no] = await cases(fresh_town, 1)
    await officer.goto(f"{site_of}/work/tasks/{case_no}-registration-1")
    await officer.get_by_label("意见").fill("写了一半")
    await officer.get_by_role("link", name="时限").click()
    await expect(officer.locator("#more")).to_contain_text("为什么是这一天")
    await officer.get_by_role("link", name="经过").click()
    await expect(officer.locator("#more ol")).to_be_visible()
    await expect(officer.get_by_label("意见")).to_have_value("写了一半")


async def test_results_typed_elsewhere_come_back_on_a_sheet(
    officer: Page, site_of: str, fresh_town: Town, axe: Look, screenshot: Screenshot
) -> None:
    """Exported, filled in, looked at, called off, and decided once."""
    [case_no] = await cases(fresh_town, 1)
    page = officer
    await page.goto(f"{site_of}/work/bulk?ticked={sheet.task(case_no)}")
    async with page.expect_download() as begun:
        await page.get_by_role("link", name="导出表格").click()
    sheets = read_sheets((await (await begun.value).path()).read_bytes())
    await page.get_by_role("link", name="导入办理结果").click()
    await axe(page)
    content = sheet.book(sheet.filled(sheets, case_no, **sheet.approved(case_no)))
    await page.locator("#file").set_input_files({"name": "结果.xlsx", "mimeType": "x/y", "buffer": content})
    await page.get_by_role("button", name="看看要决定哪些").click()
    await expect(page.locator("h1")).to_have_text("将作出 1 个决定")
    await axe(page)
    await looks_right(page)
    await screenshot(page, "work-sheet")
    await page.get_by_role("button", name="作出这 1 个决定").click()
    await page.get_by_role("button", name="取消").click()
    await page.get_by_role("button", name="作出这 1 个决定").click()
    await expect(page.locator("h1")).to_have_text("1 件已决定")
    await axe(page)
