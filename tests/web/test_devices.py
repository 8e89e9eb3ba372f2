"""Devices of a counter: a card's chip fills and is proof of whom the clerk saw, a camera's picture becomes a material,
and without them everything goes on by hand."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import pytest
from playwright.async_api import Page, Route, expect

from onething.web.core.headers import page_headers
from tests.api import acts
from tests.api.conftest import Live, serving
from tests.api.forms import opening
from tests.api.town import Town
from tests.support import people
from tests.support.devices import Devices, card, refusal, serving_devices
from tests.support.servers import PostgresServer
from tests.web.browsing import DESK, let_in
from tests.web.conftest import Look, OpenPage, Screenshot
from tests.web.counter_forms import birth_fields
from tests.web.filled import filled, values
from tests.web.visitor import Visitor

NEW = "/counter/new/newborn"
LOCAL = "http://127.0.0.1:9123"
SEEN = {"party": "applicant", "document": "resident_id", "presence": "in_person"}


# -- what the server makes of it ---------------------------------------------------------------------------------------


async def test_a_chip_with_the_applicants_number_is_kept_as_proof(town: Town) -> None:
    number = people.ZHANG.id_number
    for read in (number, f"{number[:6]} {number[6:]}".lower()):
        body = opening(seen=[{**SEEN, "chip_number": read}])
        answer = await town.post("counter", "/api/cases", body)
        assert answer.status_code == 201, answer.text
        case_no = answer.json()["case_no"]
        (event,) = town.rows("select event::jsonb from journal where case_no = %s and kind = 'submitted'", case_no)[0]
        assert event["seen"] == [{**SEEN, "chip": True}], "the number stands with the applicant, and nowhere else"
        told = (await town.get("counter", f"/api/cases/{case_no}/timeline")).json()["items"][0]["text"]
        assert "窗口用读卡器读了证件" in told


async def test_by_the_eye_alone_nothing_is_said_of_a_chip(town: Town) -> None:
    answer = await town.post("counter", "/api/cases", opening())
    case_no = answer.json()["case_no"]
    (event,) = town.rows("select event::jsonb from journal where case_no = %s and kind = 'submitted'", case_no)[0]
    assert not event["seen"][0].get("chip")
    assert "芯片" not in (await town.get("counter", f"/api/cases/{case_no}/timeline")).text


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"chip_number": people.LI.id_number}, "不一致"),
        ({"chip_number": people.ZHANG.id_number, "document": "household_book"}, "能读芯片的只有"),
        ({"chip": True}, "chip"),
    ],
)
async def test_somebody_elses_card_or_a_paper_without_a_chip_is_refused(
    town: Town, changes: dict[str, object], told: str
) -> None:
    answer = await town.post("counter", "/api/cases", opening(seen=[{**SEEN, **changes}]))
    assert answer.status_code == 422, answer.text
    assert told in answer.text
    assert people.LI.id_number not in answer.text


async def test_nobody_but_a_counter_says_that_a_chip_was_read(town: Town) -> None:
    body = opening(seen=[{**SEEN, "chip_number": people.ZHANG.id_number}])
    assert (await town.post("citizen", "/api/cases", body)).status_code == 422


async def test_another_card_than_the_applicants_is_told_at_the_paper_and_nothing_is_lost(town: Town) -> None:
    async with Visitor(town) as visitor:
        await visitor.sign_in("counter")
        page = await visitor.get(NEW)
        fields = {**values(filled(page, NEW)), **birth_fields(), "/seen/0/chip_number": people.LI.id_number}
        refused = await visitor.post(NEW, {**fields, "_do": "submit"})
        assert refused.status_code == 422
        assert 'href="#f-seen-0-document"' in refused.text
        assert "从芯片读到的号码和填写的申请人证件号码不一致" in refused.text
        assert f'value="{people.ZHANG.id_number}"' in refused.text


@pytest.mark.parametrize("path", ["/counter", "/counter/new/newborn"])
def test_pages_of_a_counter_reach_the_devices_of_their_computer(path: str) -> None:
    assert f"connect-src 'self' {LOCAL};" in page_headers(path, LOCAL)["Content-Security-Policy"]
    assert LOCAL not in page_headers(path, None)["Content-Security-Policy"]


@pytest.mark.parametrize("path", ["/", "/my", "/work", "/counterfeit", "/admin", "/sign-in"])
def test_no_other_page_does(path: str) -> None:
    assert LOCAL not in page_headers(path, LOCAL)["Content-Security-Policy"]


# -- in a browser ------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def devices() -> Iterator[Devices]:
    with serving_devices() as devices:
        yield devices


@pytest.fixture(scope="module")
def hall(postgres_server: PostgresServer, migrated: str, devices: Devices) -> Iterator[Live]:
    """A counter whose computers have devices."""
    with serving(postgres_server, migrated, devices=devices.origin) as hall:
        yield hall


@asynccontextmanager
async def answering(devices: Devices, verb: str, answer: tuple[int, dict[str, object]]) -> AsyncIterator[None]:
    before = devices.answers[verb]
    devices.answers[verb] = answer
    yield
    devices.answers[verb] = before


async def at_the_counter(open_page: OpenPage, hall: Live, path: str) -> Page:
    page = await open_page(DESK)
    await let_in(page, hall.url, "counter")
    await page.goto(hall.url + path)
    return page


async def test_a_card_fills_in_who_it_is_and_is_seen_by_its_chip(
    open_page: OpenPage, hall: Live, devices: Devices, axe: Look, screenshot: Screenshot
) -> None:
    page = await at_the_counter(open_page, hall, NEW)
    await page.keyboard.press("F3")
    await expect(page.locator("#device-state")).to_contain_text("已读芯片")
    assert await page.locator("#f-applicant-id_number").input_value() == people.ZHANG.id_number
    assert await page.locator("#f-applicant-name").input_value() == people.ZHANG.name
    assert await page.locator("#f-seen-0-chip_number").input_value() == people.ZHANG.id_number
    assert devices.asked[-1] == ("read_card", hall.url)
    await expect(page.locator("#saved")).to_contain_text("已保存")
    await axe(page)
    await screenshot(page, "counter-card-read")
    await page.reload()
    assert await page.locator("#f-seen-0-chip_number").input_value() == people.ZHANG.id_number, "kept with the draft"
    await page.locator("#f-applicant-id_number").fill(people.LI.id_number)
    await page.locator("#f-applicant-name").focus()
    await expect(page.locator("#device-state")).to_contain_text("不算数")
    assert await page.locator("#f-seen-0-chip_number").input_value() == ""


async def test_another_card_changes_nothing_that_was_typed(open_page: OpenPage, hall: Live, devices: Devices) -> None:
    page = await at_the_counter(open_page, hall, NEW)
    await page.locator("#f-applicant-id_number").fill(people.WU.id_number)
    async with answering(devices, "read_card", card(people.LI)):
        await page.get_by_role("button", name="读卡").click()
        await expect(page.locator("#device-state")).to_contain_text("不一致")
    told = await page.locator("#device-state").inner_text()
    assert people.LI.id_number[-4:] in told
    assert people.LI.id_number not in told
    assert await page.locator("#f-applicant-id_number").input_value() == people.WU.id_number
    assert await page.locator("#f-seen-0-chip_number").input_value() == ""


async def test_a_camera_gives_the_pages_of_a_material(
    open_page: OpenPage, hall: Live, devices: Devices, axe: Look, screenshot: Screenshot
) -> None:
    page = await at_the_counter(open_page, hall, NEW)
    await page.locator("#f-applicant-id_number").fill(people.ZHANG.id_number)
    await page.locator("#f-applicant-name").focus()
    await expect(page.locator("#saved")).to_contain_text("已保存")
    draft = await page.locator("input[name='_draft']").input_value()
    case_path = f"/counter/cases/{draft}/materials/delivery-record"
    await page.goto(hall.url + case_path)
    for count in (1, 2):
        await page.get_by_role("button", name="高拍仪").click()
        await expect(page.locator("#device-state")).to_contain_text(f"已有 {count} 张")
    await page.get_by_role("button", name="签名板").click()
    await expect(page.locator("#device-state")).to_contain_text("已有 3 张")
    assert [verb for verb, _ in devices.asked[-3:]] == ["capture", "capture", "sign"]
    await axe(page)
    await screenshot(page, "counter-camera")
    async with page.expect_navigation():
        await page.get_by_role("button", name="上传").click()
    await page.goto(hall.url + case_path)
    await expect(page.locator("main")).to_contain_text("第 1 版")
    await expect(page.locator("main")).to_contain_text("扫描件（")


async def test_devices_that_are_away_or_refuse_cost_one_sentence(
    open_page: OpenPage, hall: Live, devices: Devices
) -> None:
    page = await at_the_counter(open_page, hall, NEW)
    await page.locator("#f-applicant-name").fill(people.WU.name)
    async with answering(devices, "read_card", refusal("没有放证件，请放好再读。")):
        await page.keyboard.press("F3")
        await expect(page.locator("#device-state")).to_have_text("没有放证件，请放好再读。")

    async def away(route: Route) -> None:
        await route.abort("connectionrefused")

    await page.route(f"{devices.origin}/**", away)
    await page.keyboard.press("F3")
    await expect(page.locator("#device-state")).to_contain_text("没有连上这台电脑的设备")
    assert await page.locator("#f-applicant-name").input_value() == people.WU.name
    await page.locator("#f-applicant-id_number").fill(people.WU.id_number)
    await page.locator("#f-applicant-name").focus()
    await expect(page.locator("#saved")).to_contain_text("已保存")


async def test_a_counter_without_devices_has_no_buttons_for_them(open_page: OpenPage, site: Live) -> None:
    page = await at_the_counter(open_page, site, NEW)
    assert await page.locator("[data-device]").count() == 0
    assert "F3" not in await page.locator("main").inner_text()


async def test_pages_elsewhere_may_not_speak_to_the_devices(open_page: OpenPage, hall: Live, devices: Devices) -> None:
    """The browser itself refuses it, by the policy of the page."""
    page = await at_the_counter(open_page, hall, "/")
    asked = len(devices.asked)
    asking = f"fetch('{devices.origin}/read_card', {{method: 'POST', body: '{{}}'}})"
    speak = f"{asking}.then(() => 'answered', () => 'refused')"
    assert await page.evaluate(speak) == "refused"
    assert len(devices.asked) == asked
    await page.goto(hall.url + "/counter")
    assert await page.evaluate(speak) == "answered"


async def test_a_case_that_was_taken_in_by_chip_says_so(town: Town) -> None:
    case_no = await acts.open_case(town, "counter", seen=[{**SEEN, "chip_number": people.ZHANG.id_number}])
    async with Visitor(town) as visitor:
        await visitor.sign_in("counter")
        assert "窗口用读卡器读了证件" in (await visitor.get(f"/counter/cases/{case_no}")).text
