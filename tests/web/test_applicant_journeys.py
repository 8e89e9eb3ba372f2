"""What applicants do, in a real browser: on a phone, at a desk, without scripts, on a slow line, with large letters."""

import asyncio
import io
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from PIL import Image
from playwright.async_api import Page, Route, expect

from onething.documents.picture_child import KEPT_PIXELS
from tests.api.conftest import Live
from tests.api.forms import opening
from tests.support import people
from tests.support.files import jpeg, pdf
from tests.support.whole import sampled
from tests.web.applicant import APPLICANT, fields_of
from tests.web.browsing import DESK, DESK_WITHOUT_SCRIPTS, PHONE, PHONE_WITHOUT_SCRIPTS, Window, sign_in
from tests.web.conftest import Look, OpenPage, Screenshot, SignedIn
from tests.web.test_accessibility import WIDTHS

FORM = opening()["form"]
DRAFT_ENDS = ("check", "check?wrong=true", "delete", "sections/form-2?wrong=true")
PARTNERSHIP = {**opening()["answers"], "company_type": "partnership", "investors": "natural_person"}


@pytest.fixture
async def api(site: Live) -> AsyncIterator[httpx.AsyncClient]:
    """The counter's and the applicant's programs, at the same server."""
    async with httpx.AsyncClient(base_url=site.url, timeout=60) as client:
        yield client


async def said(client: httpx.AsyncClient, site: Live, who: str, path: str, body: Any) -> dict[str, Any]:
    headers = people.bearer(site.token(who)) | {"Idempotency-Key": f"{who}{path}{id(body)}"}
    answer = await client.post(path, json=body, headers=headers)
    assert answer.status_code < 300, answer.text
    told: dict[str, Any] = answer.json()
    return told


async def begun(client: httpx.AsyncClient, site: Live, **changes: Any) -> str:
    """A draft, as a program begins it."""
    return str((await said(client, site, "citizen", "/api/cases", opening(submit=False, **changes)))["case_no"])


async def choose(page: Page, name: str, value: str) -> None:
    """A radio, a box or an entry of a list; by the label that people press."""
    box = page.locator(f'main [name="{name}"][value="{value}"]')
    if await box.count():
        await page.locator(f'label[for="{await box.get_attribute("id")}"]').click()
    else:
        await page.locator(f'main select[name="{name}"]').select_option(value)


async def fill_section(page: Page, values: dict[str, Any]) -> None:
    """Whatever of these the page asks for; then on to the next."""
    for name, value in values.items():
        found = page.locator(f'main [name="{name}"]:not([type=hidden])')
        if not await found.count():
            continue
        kind = await found.first.evaluate("e => e.type")
        if kind in ("radio", "checkbox", "select-one"):
            for one in value if isinstance(value, list) else [value]:
                await choose(page, name, one)
        else:
            await found.fill(value)
    async with page.expect_navigation():
        await page.get_by_role("button", name="保存并继续").click()


async def fill_all(page: Page, at: str) -> None:
    """From the list of a draft, every part of it, in order."""
    values = fields_of(FORM) | {"/delivery/method": "electronic"}
    for _ in range(30):
        open_parts = page.locator(f'.steps li:has(.paused) a[href^="{at}/sections/"]')
        if not await open_parts.count():
            return
        await open_parts.first.click()
        while "/sections/" in page.url:
            await fill_section(page, values)
            assert not await page.locator(".mistakes").count(), await page.locator(".mistakes").inner_text()
    raise AssertionError("parts stay open")


async def open_a_company(page: Page, site: Live, screenshot: Screenshot, name: str) -> str:
    """From the guide to the confirmation; the number."""
    await page.goto(
        f"{site.url}/guide/enterprise-opening?company_type=sole_proprietorship&premises=owned&services.seal=1"
    )
    await page.get_by_role("link", name="开始申请").click()
    if "/sign-in" in page.url:
        for field, value in people.credentials("citizen").items():
            await page.locator(f'input[name="{field}"]').fill(value)
        await page.get_by_role("button", name="登录").click()
        await page.wait_for_url("**/apply/**")
    for field, value in APPLICANT.items():
        entry = page.locator(f'[name="{field}"]')
        if await entry.evaluate("e => e.tagName") == "SELECT":
            await entry.select_option(value)
        else:
            await entry.fill(value)
    await page.locator("form.narrow button").click()
    await page.wait_for_url("**/my/drafts/*")
    at = page.url.removeprefix(site.url)
    await screenshot(page, f"{name}-list")
    await fill_all(page, at)
    await page.get_by_role("link", name="核对并提交").click()
    await screenshot(page, f"{name}-check")
    await page.get_by_role("button", name="提交申请").click()
    await page.wait_for_url("**/submitted")
    await screenshot(page, f"{name}-submitted")
    return at.rpartition("/")[2]


@pytest.mark.parametrize("window", [PHONE, PHONE_WITHOUT_SCRIPTS], ids=str, indirect=True)
async def test_journeys_1_and_2_a_company_is_opened_on_a_phone(
    page: Page, site: Live, screenshot: Screenshot, window: Window
) -> None:
    name = f"company-{'scripts' if window.scripts else 'plain'}"
    case_no = await open_a_company(page, site, screenshot, name)
    code = await page.locator("dd strong.lead").inner_text()
    await page.goto(f"{site.url}/progress?number={case_no}")
    await page.locator('[name="code"]').fill(code)
    await page.locator("main form button").click()
    await page.wait_for_url(f"**/progress/{case_no}")
    assert "企业开办" in await page.locator("h1").inner_text()
    await page.goto(f"{site.url}/my/cases/{case_no}")
    assert "等综合窗口决定是否受理" in await page.locator("main").inner_text()
    await screenshot(page, f"{name}-case")


async def test_answers_given_faster_than_the_line_are_all_kept(page: Page, site: Live) -> None:
    """The page that comes back for the first answer must not take the second away."""
    await page.goto(f"{site.url}/guide/enterprise-opening")
    second_given = asyncio.Event()

    async def slowly(route: Route) -> None:
        await second_given.wait()
        await route.continue_()

    await page.route("**/guide/enterprise-opening?*", slowly)
    await choose(page, "company_type", "llc")
    await choose(page, "premises", "rented")
    second_given.set()
    await expect(page.get_by_role("heading", name="您需要")).to_be_visible()
    assert await page.locator('[name="company_type"]:checked').get_attribute("value") == "llc"
    assert await page.locator('[name="premises"]:checked').get_attribute("value") == "rented"


@pytest.mark.parametrize("window", [PHONE], ids=str, indirect=True)
async def test_journey_2_on_a_slow_line_each_page_is_there_within_its_time(
    signed_in: SignedIn, site: Live, api: httpx.AsyncClient
) -> None:
    case_no = await begun(api, site)
    page = await signed_in("citizen")
    line = await page.context.new_cdp_session(page)
    await line.send("Network.enable")
    slow = {"offline": False, "latency": 400, "downloadThroughput": 50_000, "uploadThroughput": 50_000}
    await line.send("Network.emulateNetworkConditions", slow)
    await page.goto(f"{site.url}/my/drafts/{case_no}")
    sizes: list[int] = []
    line.on("Network.loadingFinished", lambda loaded: sizes.append(int(loaded["encodedDataLength"])))
    for path in ("/sections/form-1", "/check", ""):
        sizes.clear()
        await page.goto(f"{site.url}/my/drafts/{case_no}{path}")
        assert sum(sizes) <= 15_000, path


@pytest.mark.parametrize("window", [PHONE], ids=str, indirect=True)
async def test_journey_1_a_photo_is_sent_with_progress_and_one_too_large_not_at_all(
    signed_in: SignedIn, site: Live, api: httpx.AsyncClient, tmp_path: Path, screenshot: Screenshot
) -> None:
    """Complaints 6 and 8."""
    case_no = await begun(api, site, answers=PARTNERSHIP)
    page = await signed_in("citizen")
    await page.goto(f"{site.url}/my/drafts/{case_no}/materials/partnership-agreement")
    large, photo = tmp_path / "很大.pdf", tmp_path / "协议.jpg"
    large.write_bytes(pdf(size=21 * 2**20))
    photo.write_bytes(jpeg())
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.method))
    await page.locator("#file").set_input_files(large)
    told = page.locator("#file-mistake")
    assert "很大.pdf" in await told.inner_text()
    assert "20 MB" in await told.inner_text()
    await page.get_by_role("button", name="上传").click()
    assert "POST" not in requests
    await page.locator("#file").set_input_files(photo)
    assert not await told.is_visible()
    async with page.expect_navigation():
        await page.get_by_role("button", name="上传").click()
    assert "已上传" in await page.locator("main").inner_text()
    await screenshot(page, "material")


@pytest.mark.parametrize("window", [PHONE], ids=str, indirect=True)
async def test_a_photo_larger_than_need_be_is_made_smaller_before_it_is_sent(
    signed_in: SignedIn, site: Live, api: httpx.AsyncClient, tmp_path: Path
) -> None:
    """Over a phone's line the phone does it; which way up it is stays as it is seen."""
    case_no = await begun(api, site, answers=PARTNERSHIP)
    page = await signed_in("citizen")
    at = f"{site.url}/my/drafts/{case_no}/materials/partnership-agreement"
    await page.goto(at)
    grain = Image.effect_noise((4608, 3456), 30).convert("RGB")
    grain.paste("blue", (0, 0, 2304, 1728))
    exif = Image.Exif()
    exif[0x0112] = 6
    grain.save(tmp_path / "大.jpg", quality=80, exif=exif.tobytes())
    assert 2**20 < (tmp_path / "大.jpg").stat().st_size < 20 * 2**20
    await page.locator("#file").set_input_files(tmp_path / "大.jpg")
    async with page.expect_navigation():
        await page.get_by_role("button", name="上传").click()
    await expect(page.locator("main")).to_contain_text("已上传")
    kept = await page.context.request.get(f"{at}/file")
    with Image.open(io.BytesIO(await kept.body())) as image:
        assert image.width * image.height <= KEPT_PIXELS
        assert image.width / image.height == pytest.approx(3 / 4, abs=0.01)
        pixel = image.convert("RGB").getpixel((image.width - 50, 50))
        assert isinstance(pixel, tuple)
        assert pixel[2] > 200 > 60 > pixel[0], "the sensor's upper left is its upper right"
    view = (await api.get(f"/api/cases/{case_no}", headers=people.bearer(site.token("citizen")))).json()
    (material,) = [one for one in view["materials"] if one["code"] == "partnership-agreement"]
    assert "originals" not in material["versions"][-1], "it came small enough: nothing was left to be done here"


@pytest.mark.parametrize("window", [PHONE], ids=str, indirect=True)
async def test_complaint_6_a_cut_line_leaves_the_file_to_be_sent_again(
    signed_in: SignedIn, site: Live, api: httpx.AsyncClient, tmp_path: Path
) -> None:
    case_no = await begun(api, site, answers=PARTNERSHIP)
    page = await signed_in("citizen")
    await page.goto(f"{site.url}/my/drafts/{case_no}/materials/partnership-agreement")
    photo = tmp_path / "协议.jpg"
    photo.write_bytes(jpeg())
    await page.locator("#file").set_input_files(photo)
    await page.context.set_offline(True)
    await page.get_by_role("button", name="上传").click()
    await page.get_by_role("button", name="重试").wait_for()
    assert "没有上传成功" in await page.locator("#file-mistake").inner_text()
    await page.context.set_offline(False)
    async with page.expect_navigation():
        await page.get_by_role("button", name="重试").click()
    assert "已上传" in await page.locator("main").inner_text()


@pytest.mark.parametrize("window", [DESK], ids=str, indirect=True)
async def test_what_is_typed_is_kept_without_a_press_and_after_signing_in_again(
    signed_in: SignedIn, site: Live, api: httpx.AsyncClient
) -> None:
    """Complaint 1: the session is gone, a field is changed, they sign in, and nothing is typed twice."""
    case_no = await begun(api, site)
    page = await signed_in("citizen")
    path = f"{site.url}/my/drafts/{case_no}/sections/form-4"
    await page.goto(path)
    await page.locator('[name="/form/liaison_name"]').fill("甲")
    await page.locator("#saved:has-text('已保存')").wait_for()
    await page.reload()
    assert await page.locator('[name="/form/liaison_name"]').input_value() == "甲"
    await page.context.clear_cookies()
    await page.locator('[name="/form/liaison_name"]').fill("乙")
    await page.locator("#saved a").wait_for()
    other = await page.context.new_page()
    await sign_in(other, site.url, "citizen")
    await other.close()
    await page.locator('[name="/form/liaison_phone"]').fill("13811112222")
    await page.locator("#saved:has-text('已保存')").wait_for()
    await page.reload()
    assert await page.locator('[name="/form/liaison_name"]').input_value() == "乙"
    assert await page.locator('[name="/form/liaison_phone"]').input_value() == "13811112222"


@pytest.mark.parametrize("window", [DESK, DESK_WITHOUT_SCRIPTS], ids=str, indirect=True)
async def test_a_list_is_added_to_and_nothing_beside_it_is_lost(
    signed_in: SignedIn, site: Live, api: httpx.AsyncClient, axe: Look, window: Window
) -> None:
    case_no = await begun(api, site, answers={**opening()["answers"], "company_type": "llc"})
    page = await signed_in("citizen")
    section = f"{site.url}/my/drafts/{case_no}/sections/form-2"
    await page.goto(section)
    name = page.locator('[name="/form/representative_name"]')
    await name.fill("甲")
    await page.get_by_role("button", name="添加一项").click()
    await page.wait_for_url(f"{section}/directors/0")
    await page.locator('[name="/form/directors/0/name"]').fill("乙")
    await page.locator('[name="/form/directors/0/position"][value="supervisor"]').check()
    await page.get_by_role("button", name="保存这一项").click()
    await page.get_by_role("button", name="先这样存着").click()
    await page.wait_for_url(section)
    assert await name.input_value() == "甲"
    assert "乙，职务：监事" in await page.locator(".rows").inner_text()
    await name.fill("丙")
    await page.get_by_role("button", name=re.compile("^修改")).click()
    await page.wait_for_url(f"{section}/directors/0")
    await page.get_by_role("button", name="删去这一项").click()
    await page.wait_for_url(section)
    assert await name.input_value() == "丙"
    await name.fill("丁")
    await name.press("Enter")  # as 保存并继续, not as a button of the list
    await page.wait_for_url(re.compile("wrong=true|form-3"))
    await page.goto(section)
    assert await name.input_value() == "丁"
    if window.scripts:
        await axe(page)


async def test_complaint_5_and_9_two_tabs_choose_and_a_summary_takes_and_gives_the_focus(
    signed_in: SignedIn, site: Live, api: httpx.AsyncClient, screenshot: Screenshot, axe: Look
) -> None:
    case_no = await begun(api, site)
    first = await signed_in("citizen")
    second = await first.context.new_page()
    path = f"{site.url}/my/drafts/{case_no}/sections/form-4"
    for page in (first, second):
        await page.goto(path)
    for page, name in ((first, "甲"), (second, "乙")):
        await page.locator('[name="/form/liaison_name"]').fill(name)
        async with page.expect_navigation():
            await page.get_by_role("button", name="保存并继续").click()
    assert "这份草稿在另一处改过" in await second.locator("h1").inner_text()
    await axe(second)
    await screenshot(second, "clash")
    await second.get_by_label("这里填的：乙").check()
    async with second.expect_navigation():
        await second.get_by_role("button", name="保存所选的").click()
    await first.goto(path)
    assert await first.locator('[name="/form/liaison_name"]').input_value() == "乙"
    await first.locator('[name="/form/liaison_phone"]').fill("12")
    await first.get_by_role("button", name="保存并继续").click()
    await expect(first.locator("#mistakes")).to_be_focused()
    await axe(first)
    await screenshot(first, "mistakes")
    await first.keyboard.press("Tab")
    await first.keyboard.press("Enter")
    await expect(first.locator('[name="/form/liaison_phone"]')).to_be_focused()
    label = await first.locator("label[for=f-form-liaison_phone]").bounding_box()
    assert label is not None
    assert label["y"] >= 0


async def test_journey_3_begun_on_the_phone_and_submitted_in_the_hall(
    open_page: OpenPage, site: Live, api: httpx.AsyncClient
) -> None:
    phone = await open_page(PHONE)
    await sign_in(phone, site.url, "citizen")
    case_no = await begun(api, site)
    await phone.goto(f"{site.url}/my/drafts/{case_no}/sections/form-4")
    await phone.locator('[name="/form/liaison_name"]').fill("在手机上填的人")
    async with phone.expect_navigation():
        await phone.get_by_role("button", name="保存并继续").click()
    hall = await open_page(DESK)
    await hall.goto(f"{site.url}/sign-in")
    await hall.get_by_label("这是公用电脑").check()
    for field, value in people.credentials("citizen").items():
        await hall.locator(f'input[name="{field}"]').fill(value)
    await hall.get_by_role("button", name="登录").click()
    await hall.wait_for_url("**/my")
    await hall.locator(f'a[href="/my/drafts/{case_no}"]').first.click()
    await hall.get_by_role("link", name="核对并提交").click()
    assert "在手机上填的人" in await hall.locator("main").inner_text()
    await hall.get_by_role("button", name="提交申请").click()
    await hall.wait_for_url("**/submitted")
    await phone.reload()
    await phone.wait_for_url(f"**/my/cases/{case_no}")


@pytest.mark.parametrize("window", [PHONE], ids=str, indirect=True)
async def test_journey_4_supplied_in_part_then_whole_then_taken_back(
    signed_in: SignedIn, site: Live, api: httpx.AsyncClient, axe: Look, screenshot: Screenshot
) -> None:
    case_no = (await said(api, site, "citizen", "/api/cases", opening()))["case_no"]
    asked = [("liaison_phone", "打不通"), ("address", "请写到门牌号")]
    items = [{"pointer": f"/form/{name}", "what": what} for name, what in asked]
    await said(api, site, "counter", f"/api/cases/{case_no}/corrections", {"items": items})
    page = await signed_in("citizen")
    await page.goto(f"{site.url}/my")
    await page.locator(f'a[href="/my/cases/{case_no}/supplement"]').click()
    for name, value in (("liaison_phone", "13811112222"), ("address", "杭州市西湖区文一西路2号101室")):
        await axe(page)
        await page.locator(f'[name="/form/{name}"]').fill(value)
        async with page.expect_navigation():
            await page.get_by_role("button", name="看一看改了什么").click()
        assert await page.locator("dt", has_text="改前").count() == 1
        await axe(page)
        await screenshot(page, "supplement-check")
        async with page.expect_navigation():
            await page.get_by_role("button", name="提交补正").click()
    await page.wait_for_url(f"**/my/cases/{case_no}")
    await page.get_by_role("link", name="撤回申请").click()
    await page.get_by_role("button", name="撤回申请").click()
    await page.wait_for_url(f"**/my/cases/{case_no}")
    assert "您已撤回申请" in await page.locator("main").inner_text()
    await page.get_by_role("link", name="评价").click()
    await page.get_by_label("非常满意", exact=True).check()
    await axe(page)
    await screenshot(page, "rate")
    await page.get_by_role("button", name="提交评价").click()
    await expect(page.get_by_text("谢谢您的评价")).to_be_visible()


async def test_journey_14_back_after_submitting_after_a_mistake_and_from_the_summary(
    signed_in: SignedIn, site: Live, api: httpx.AsyncClient
) -> None:
    """Complaints 3 and 4."""
    case_no = await begun(api, site)
    page = await signed_in("citizen")
    at = f"{site.url}/my/drafts/{case_no}"
    await page.goto(f"{at}/sections/form-4")
    await page.locator('[name="/form/liaison_phone"]').fill("12")
    async with page.expect_navigation():
        await page.get_by_role("button", name="保存并继续").click()
    await page.locator('[name="/form/liaison_phone"]').fill("13811112222")
    async with page.expect_navigation():
        await page.get_by_role("button", name="保存并继续").click()
    await page.go_back()  # to where the mistake was told: what stands there is what was typed last
    assert await page.locator('[name="/form/liaison_phone"]').input_value() == "13811112222"
    await page.goto(f"{at}/check")
    await page.get_by_role("link", name=re.compile("修改.*联系人")).click()
    assert await page.locator('[name="/form/liaison_phone"]').input_value() == "13811112222"
    await page.go_back()
    button = page.get_by_role("button", name="提交申请")
    await button.dblclick()
    await page.wait_for_url("**/my/cases/**")
    await page.reload()
    await page.go_back()
    if "/check" in page.url and await button.count():
        await button.click()
    await page.wait_for_url(f"**/my/cases/{case_no}**")
    await page.goto(f"{site.url}/my/cases/{case_no}")
    assert re.search(r"已于 \d+月\d+日 \d\d:\d\d 提交", await page.locator("main").inner_text())


@pytest.mark.parametrize("window", [PHONE], ids=str, indirect=True)
async def test_journey_16_with_large_letters_and_forced_colours(
    page: Page, site: Live, axe: Look, screenshot: Screenshot
) -> None:
    await page.emulate_media(forced_colors="active")
    await page.goto(site.url)
    await page.get_by_role("button", name="长辈版").click()
    await page.wait_for_selector("html.large")
    case_no = await open_a_company(page, site, screenshot, "large")
    assert await page.locator("html.large").count() == 1
    aside = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert await page.evaluate(aside) <= 0
    heights = "[...document.querySelectorAll('main .button:not([hidden])')].map(e => e.getBoundingClientRect().height)"
    assert all(height >= 60 for height in await page.evaluate(heights))
    await page.goto(f"{site.url}/my/cases/{case_no}")
    await axe(page)
    assert await page.evaluate(aside) <= 0


@pytest.mark.parametrize("window", sampled(WIDTHS, 1), ids=str, indirect=True)
async def test_pages_of_applicants_are_for_everybody(
    signed_in: SignedIn, site: Live, api: httpx.AsyncClient, axe: Look, screenshot: Screenshot, window: Window
) -> None:
    draft = await begun(api, site)
    case_no = (await said(api, site, "citizen", "/api/cases", opening()))["case_no"]
    await said(api, site, "counter", f"/api/cases/{case_no}/accept", {})
    ends = ["/my", "/my/licences", "/my/mandates", "/my/mandates/new", "/my/access", "/my/notices"]
    ends += ["/apply/enterprise-opening", f"/my/drafts/{draft}", *(f"/my/drafts/{draft}/{end}" for end in DRAFT_ENDS)]
    ends += [f"/my/drafts/{draft}/sections/{one}" for one in ("situation", "applicant", "delivery", "form-1", "form-2")]
    ends += [f"/my/cases/{case_no}{end}" for end in ("", "/withdraw", "/urge", "/supplement", "/submitted")]
    page = await signed_in("citizen")
    for path in ends:
        await page.goto(site.url + path)
        await axe(page)
        assert (await page.title()).endswith(" · 一件事"), path
        assert await page.locator("h1").count() == 1, path
        aside = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert await page.evaluate(aside) <= 0, path
        name = re.sub(r"[0-9]{8,}", "n", path).replace("/", "_").replace("?", "_")
        await screenshot(page, f"citizen{name}-{window.width}")
