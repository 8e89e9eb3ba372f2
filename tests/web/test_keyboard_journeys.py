"""What happens more rarely, with a keyboard and nothing else: opinions, inspections, more time, sending back; mandates
and withdrawing; views that are saved; what a new version changes. Pressed twice, gone back to, in two tabs, after the
session has ended."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from playwright.async_api import Page, expect

from tests.api import acts
from tests.api.conftest import TownBy
from tests.api.forms import opening
from tests.api.town import Town
from tests.support import people
from tests.support.whole import sampled
from tests.web.browsing import DESK, Window, sign_in
from tests.web.conftest import Look, OpenPage, Screenshot, pages_of
from tests.web.keys import POINTER_EVENTS
from tests.web.office import task_of
from tests.web.test_accessibility import WIDTHS, looks_right
from tests.web.test_admin import OPENING, two_versions

CALLED = """() => {
  const at = document.activeElement;
  if (!at || at === document.body) { return ""; }
  return ((at.labels && at.labels[0] && at.labels[0].innerText) || at.innerText || at.value || "").trim();
}"""
MOST_TABS = 70


class Hands:
    """Of somebody who has no pointer: what is pressed, and where it leads."""

    def __init__(self, page: Page) -> None:
        self.page = page

    @classmethod
    async def of(cls, open_page: OpenPage, window: Window, site: str, account: str, path: str) -> "Hands":
        page = await open_page(window)
        await sign_in(page, site, account)
        await page.goto(site + path)
        await page.evaluate(POINTER_EVENTS)
        return cls(page)

    async def to(self, called: str) -> None:
        """Tab by tab, to what is called so."""
        passed = []
        for _ in range(MOST_TABS):
            await self.page.keyboard.press("Tab")
            passed.append(await self.page.evaluate(CALLED))
            if passed[-1].startswith(called):
                return
        raise AssertionError(f"nobody comes to “{called}” from {self.page.url} by Tab: {passed}")

    async def press(self, called: str, key: str = "Enter") -> None:
        await self.to(called)
        await self.page.keyboard.press(key)

    async def follow(self, called: str) -> None:
        """A link or a button that leads to another page."""
        await self.to(called)
        async with self.page.expect_navigation():
            await self.page.keyboard.press("Enter")

    async def write(self, called: str, text: str) -> None:
        await self.to(called)
        await self.page.keyboard.insert_text(text)

    async def send(self) -> None:
        """By the page's main button, wherever one is."""
        async with self.page.expect_navigation():
            await self.page.keyboard.press("Control+Enter")

    async def signs_in(self, account: str) -> None:
        await self.write("试用账户", account)
        await self.write("密码", people.credentials(account)["password"])
        async with self.page.expect_navigation():
            await self.page.keyboard.press("Enter")

    async def is_told(self, text: str) -> None:
        await expect(self.page.locator("main")).to_contain_text(text)


async def day(hands: Hands, called: str, date: str) -> None:
    """A browser's own field, whose parts stand in the order of the machine's language."""
    await hands.to(called)
    await hands.page.locator(":focus").fill(date)


def count(town: Town, case_no: str, kind: str) -> int:
    ((many,),) = town.rows("select count(*) from journal where case_no = %s and kind = %s", case_no, kind)
    return int(many)


@pytest.fixture
async def lawful_site(lawful: Town) -> AsyncIterator[str]:
    async with pages_of(lawful) as address:
        yield address


async def test_an_opinion_is_asked_for_and_given_once_however_often_it_is_sent(
    open_page: OpenPage, lawful: Town, lawful_site: str, axe: Look, screenshot: Screenshot
) -> None:
    case_no = await acts.accepted_case(lawful)
    officer = await Hands.of(open_page, DESK, lawful_site, "officer.amr", task_of(case_no))
    await officer.follow("征求意见、会签")
    await officer.is_told("征求哪些部门")
    await officer.press("其他部门")  # those without an item of the case are behind it
    await officer.press("消防", "Space")
    await officer.write("征求什么", "消防通道是否合格")
    await officer.write("几个工作日内答复", "2")
    await axe(officer.page)
    await officer.send()
    await officer.is_told("已发出征求")

    fire = await Hands.of(open_page, DESK, lawful_site, "officer.fire", "/work")
    await fire.page.keyboard.press("j")
    async with fire.page.expect_navigation():
        await fire.page.keyboard.press("Enter")
    await fire.is_told("市场监督管理局征求贵部门的意见")
    await screenshot(fire.page, "work-opinion")
    await fire.write("意见", "疏散通道合格")
    await fire.send()
    await fire.is_told("答复已记录")
    await fire.page.go_back()
    await fire.is_told("疏散通道合格")
    await fire.page.reload()
    await fire.is_told("这件待办已经办结")
    assert count(lawful, case_no, "consult_answered") == 1
    await officer.page.reload()
    await officer.is_told("疏散通道合格")


async def test_an_inspection_is_appointed_moved_and_concluded_after_the_session_had_ended(
    open_page: OpenPage, lawful: Town, lawful_site: str, axe: Look
) -> None:
    case_no = await acts.accepted_case(lawful)
    officer = await Hands.of(open_page, DESK, lawful_site, "officer.amr", task_of(case_no))
    await officer.follow("安排联合踏勘")
    await day(officer, "哪一天", "2026-03-07")  # a Saturday
    await officer.send()
    await officer.is_told("周末")
    await expect(officer.page.locator("#mistakes")).to_be_focused()
    await day(officer, "哪一天", "2026-03-04")
    await officer.send()
    await officer.is_told("联合踏勘已安排")
    await officer.follow("踏勘改期")
    await day(officer, "改到哪一天", "2026-03-03")
    await axe(officer.page)
    await officer.send()
    await officer.is_told("联合踏勘已改期")
    lawful.clock.move(timedelta(days=1))  # before the day nobody concludes
    await officer.page.reload()
    await officer.signs_in("officer.amr")
    await officer.follow("登记踏勘结论")
    await officer.press("通过", "Space")
    await officer.write("所见", "现场与申请一致")
    lawful.clock.move(timedelta(minutes=45))
    await officer.send()
    await officer.is_told("您刚才填的内容还在")
    await officer.signs_in("officer.amr")
    await officer.follow("接着提交")
    await officer.is_told("踏勘结论已记录")
    await officer.is_told("现场与申请一致")
    assert count(lawful, case_no, "inspection_concluded") == 1


async def test_more_time_is_given_once_in_two_tabs_and_by_who_may(
    open_page: OpenPage, lawful: Town, lawful_site: str
) -> None:
    case_no = await acts.accepted_case(lawful)
    officer = await Hands.of(open_page, DESK, lawful_site, "officer.amr", f"{task_of(case_no)}/extend")
    await officer.is_told("这件待办不能由您延长期限")
    await officer.is_told("负责人批准")
    leader = await Hands.of(open_page, DESK, lawful_site, "leader.amr", task_of(case_no))
    await leader.follow("延长期限")
    await leader.write("延长几个工作日", "99")
    await leader.write("理由", "需要专家论证")
    tab = Hands(await leader.page.context.new_page())
    await tab.page.goto(f"{lawful_site}{task_of(case_no)}/extend#act")
    await leader.send()
    await leader.is_told("至多延长")
    await expect(leader.page.get_by_label("理由")).to_have_value("需要专家论证")
    await leader.to("延长几个工作日")
    await leader.page.keyboard.press("Control+a")
    await leader.page.keyboard.insert_text("1")
    await leader.send()
    await leader.is_told("期限已延长")
    await tab.write("延长几个工作日", "1")
    await tab.write("理由", "另一处也写了")
    await tab.send()
    await tab.is_told("已经延长过")
    await expect(tab.page.get_by_label("您刚才写的")).to_have_value("另一处也写了\n")
    assert count(lawful, case_no, "clock_extended") == 1


async def test_an_item_is_sent_back_once_though_pressed_twice(
    open_page: OpenPage, lawful: Town, lawful_site: str
) -> None:
    case_no = await acts.accepted_case(lawful)
    await acts.approve(lawful, case_no, "registration")
    seal = await Hands.of(open_page, DESK, lawful_site, "officer.psb", task_of(case_no, "seal"))
    await seal.follow("退回前一事项")
    await seal.press("企业设立登记", "Space")
    await seal.write("理由", "名称写错了")
    await seal.page.keyboard.press("Control+Enter")
    await seal.page.keyboard.press("Control+Enter")
    await seal.is_told("已退回")
    assert count(lawful, case_no, "item_returned") == 1
    officer = await Hands.of(open_page, DESK, lawful_site, "officer.amr", "/work?flags=returned")
    await officer.page.keyboard.press("j")
    async with officer.page.expect_navigation():
        await officer.page.keyboard.press("Enter")
    await officer.is_told("名称写错了")


@pytest.mark.parametrize("window", sampled(WIDTHS, 1), ids=str)
async def test_a_mandate_is_given_and_revoked_and_a_case_withdrawn(
    open_page: OpenPage, site_of: str, fresh_town: Town, axe: Look, screenshot: Screenshot, window: Window
) -> None:
    town = fresh_town
    helper = await Hands.of(open_page, window, site_of, "agent", "/sessions")
    await helper.is_told("您的账户：agent")
    person = await Hands.of(open_page, window, site_of, "citizen", "/my/mandates")
    await person.follow("委托别人")
    await person.is_told("随时可以撤销")
    await person.write("您的居民身份证号码", people.ZHANG.id_number)
    await person.write("受托人的账户", "agent")
    await person.write("受托人的姓名", "王帮办")
    await person.to("家人")
    await person.page.keyboard.press("ArrowDown")
    await person.page.keyboard.press("ArrowDown")
    await day(person, "到哪一天为止", "2026-03-31")
    await axe(person.page)
    await screenshot(person.page, f"my-mandate-{window}")
    await person.follow("委托")
    await person.page.wait_for_url("**/my/mandates")
    await looks_right(person.page)
    (mandate,) = town.rows("select id, kind from mandates")
    assert mandate[1] == "helper"
    await person.follow("演示市民甲 委托 王帮办")
    await person.follow("撤销委托")
    await person.page.wait_for_url("**/my/mandates")
    await person.is_told("已撤销")
    await person.page.go_back()
    await person.page.reload()
    await expect(person.page.get_by_role("button", name="撤销委托")).to_have_count(0)

    case_no = await acts.open_case(town)
    await person.page.goto(f"{site_of}/my/cases/{case_no}")
    await person.follow("撤回申请")
    await person.is_told("撤回以后不能恢复")
    await axe(person.page)
    await person.follow("撤回申请")
    await person.is_told("已撤回")
    await person.page.go_back()
    await person.page.reload()
    await person.is_told("撤回")
    assert count(town, case_no, "withdrawn") == 1


async def test_a_view_is_saved_opened_and_removed(open_page: OpenPage, site_of: str, fresh_town: Town) -> None:
    case_no = await acts.accepted_case(fresh_town)
    queue = "/work?holder=unclaimed&bundle=enterprise-opening"
    officer = await Hands.of(open_page, DESK, site_of, "officer.amr", queue)
    await officer.press("我的视图")
    await officer.write("把现在的筛选存为", "开办未认领")
    async with officer.page.expect_navigation():
        await officer.page.keyboard.press("Enter")
    await officer.is_told("我的视图（1）")
    await officer.page.goto(f"{site_of}/work?flags=urged")
    await officer.press("我的视图")
    await officer.follow("开办未认领")
    await expect(officer.page.locator(f'[data-task="{case_no}-registration-1"]')).to_be_visible()
    await officer.press("我的视图")
    await officer.follow("删去")
    await officer.is_told("我的视图（0）")
    await officer.page.goto(f"{site_of}/work/views")
    await officer.is_told("这个地址只用来提交表单")


async def test_what_a_new_version_changes_is_chosen_by_two_lists(open_page: OpenPage, town_by: TownBy) -> None:
    async with town_by(two_versions) as town, pages_of(town) as site:
        begun = await town.post("citizen", "/api/cases", opening(submit=False, bundle="enterprise-opening@1"))
        assert begun.status_code == 201, begun.text
        admin = await Hands.of(open_page, DESK, site, "admin", OPENING)
        await admin.follow("版本差异")
        await admin.is_told("承诺期限 1 → 2 个工作日")
        await admin.to("从")
        await admin.page.keyboard.press("ArrowUp")
        await admin.follow("比较")
        await admin.is_told("两边选的都是第 2 版")
