"""来前请窗口看一眼, without a browser: asking, waiting, answering, the page with the code, and the window."""

import re
from collections.abc import AsyncIterator
from datetime import timedelta

import httpx
import pytest

from onething.web.cases.scan import read_scan
from tests.api.forms import opening
from tests.api.test_outlets import HALL, TOWN
from tests.api.test_prechecks import FILE, LEASE, OTHER, TOMORROW, answer, asked, own, photographed, upload
from tests.api.town import Town
from tests.support import people
from tests.support.files import pdf
from tests.web.filled import filled, values
from tests.web.visitor import Visitor, hidden


@pytest.fixture
async def citizen(fresh_town: Town) -> AsyncIterator[Visitor]:
    async with Visitor(fresh_town) as visitor:
        await visitor.sign_in("citizen")
        yield visitor


@pytest.fixture
async def clerk(fresh_town: Town) -> AsyncIterator[Visitor]:
    async with Visitor(fresh_town) as visitor:
        await visitor.sign_in("counter")
        yield visitor


def at(case_no: str) -> str:
    return f"/my/drafts/{case_no}/precheck"


def looked_at(case_no: str) -> str:
    return f"/counter/prechecks/{case_no}"


async def test_one_button_asks_and_one_takes_back(citizen: Visitor, fresh_town: Town) -> None:
    case_no = await photographed(fresh_town)
    draft = await citizen.get(f"/my/drafts/{case_no}")
    assert f'href="{at(case_no)}">来前请窗口看一眼</a>' in draft.text
    page = await citizen.get(at(case_no))
    assert "不是收件" in page.text
    fields = hidden(page, at(case_no))
    for _ in range(2):  # pressed twice
        sent = await citizen.post(at(case_no), fields)
        assert (sent.status_code, sent.headers["location"]) == (303, at(case_no))
    waiting = await citizen.get(at(case_no))
    assert "今天 14:30 前答复" in " ".join(waiting.text.split())
    assert "已请窗口看一眼" in (await citizen.get(f"/my/drafts/{case_no}")).text
    gone = await citizen.send(waiting, f"{at(case_no)}/take-back", {})
    assert gone.status_code == 303
    assert "请窗口看一眼</button>" in (await citizen.get(at(case_no))).text


async def test_what_keeps_it_from_being_asked_stands_on_the_page(citizen: Visitor, fresh_town: Town) -> None:
    case_no = await photographed(fresh_town)
    page = await citizen.get(at(case_no))
    refused = await citizen.send(page, at(case_no), {"/outlet": "999999999"})
    assert (refused.status_code, "请换一个网点" in refused.text) == (422, True)
    removed = await fresh_town.client("citizen").delete(f"/api/cases/{case_no}")
    assert removed.status_code == 204
    assert (await citizen.get(at(case_no))).status_code == 404


async def test_the_inbox_tells_how_many_wait_and_which_are_late(clerk: Visitor, fresh_town: Town) -> None:
    case_no = await asked(fresh_town, outlet=TOWN)
    assert "请窗口看一眼 1</a>" in (await clerk.get("/counter")).text
    page = await clerk.get("/counter/prechecks")
    assert looked_at(case_no) in page.text
    assert "已过" not in page.text
    fresh_town.clock.move(timedelta(hours=6))
    await clerk.sign_in("counter")  # an hour without doing anything
    page = await clerk.get("/counter/prechecks")
    assert ("已过" in page.text, "示例镇便民服务中心" in page.text) == (True, True)


async def test_a_clerk_ticks_each_material_and_nothing_typed_is_lost(clerk: Visitor, fresh_town: Town) -> None:
    town = fresh_town
    case_no = await asked(town)
    page = await clerk.get(looked_at(case_no))
    assert "公司类型" in page.text or "有限" in page.text  # what was answered, in words
    photo = await clerk.get(f"{looked_at(case_no)}/materials/{FILE}")
    assert "第 1/1 页" in photo.text
    assert (await clerk.get(f"{looked_at(case_no)}/materials/{FILE}/file")).content == pdf("one")
    form = values(filled(page, looked_at(case_no)))
    ticked = {"/materials/0/verdict": "replace", "/materials/2/verdict": "missing", "/note": "带上公章"}
    wrong = await clerk.post(looked_at(case_no), form | ticked | {"/on": TOMORROW, "/outlet": HALL})
    assert wrong.status_code == 422
    assert 'href="#f-materials-0-what"' in wrong.text  # what is wrong with it
    assert "还没有看" in wrong.text  # the second
    again = values(filled(wrong, looked_at(case_no)))
    assert again["/note"] == ["带上公章"]
    assert again["/materials/0/verdict"] == ["replace"]
    whole = {"/materials/0/what": "缺最后一页", "/materials/1/verdict": "missing"}
    done = await clerk.post(looked_at(case_no), again | whole)
    assert (done.status_code, done.headers["location"]) == (303, looked_at(case_no))
    assert "已经答复" in (await clerk.get(looked_at(case_no))).text
    said = (await own(town, case_no))["answer"]
    assert (said["note"], said["materials"][0]["what"]) == ("带上公章", "缺最后一页")


async def test_a_clerk_reads_their_own_words_and_which_item_is_missing(clerk: Visitor, fresh_town: Town) -> None:
    case_no = await asked(fresh_town)
    path = looked_at(case_no)
    page = await clerk.get(path)
    assert "申请人或他人的信息" in page.text
    assert "您或他人的信息" not in page.text
    sent = {name: "" for name in values(filled(page, path)) if not name.startswith("_")} | {"/on": "哪天都行"}
    refused = await clerk.send(page, path, sent)
    assert refused.status_code == 422
    assert "哪一天：值不正确，请核对。" in refused.text
    without = await clerk.post(path, hidden(page, path))
    assert without.status_code == 422
    assert "哪一天：缺少这一项，请补上。" in without.text
    assert ">缺少这一项" not in without.text


async def test_checking_before_sending_says_what_is_missing(citizen: Visitor, fresh_town: Town) -> None:
    case_no = await photographed(fresh_town)
    page = await citizen.get(f"/my/drafts/{case_no}/check")
    assert page.status_code == 200
    assert "还不能提交：" in page.text
    assert re.search(rf'<a href="/my/drafts/{case_no}#materials">[^<]*(租赁|任职)[^<]*</a>', page.text), page.text
    assert "没有填手机" not in page.text
    applicant = {name: value for name, value in people.ZHANG.applicant.items() if name != "phone"}
    body = opening(submit=False, applicant=applicant, delivery={"method": "electronic"})
    silent = (await fresh_town.post("citizen", "/api/cases", body)).json()["case_no"]
    page = await citizen.get(f"/my/drafts/{silent}/check")
    assert "没有填手机" in page.text
    assert f'href="/my/drafts/{silent}/sections/applicant?back=check"' in page.text


async def test_the_page_to_take_along_and_the_window(citizen: Visitor, clerk: Visitor, fresh_town: Town) -> None:
    town = fresh_town
    case_no = await asked(town)
    assert (await answer(town, case_no)).status_code == 200
    page = await citizen.get(at(case_no))
    assert "您来一趟就够，带这 4 样" in page.text
    assert f'href="{at(case_no)}">带什么、凭证码</a>' in (await citizen.get(f"/my/drafts/{case_no}")).text
    code = re.search(r'凭证码</dt><dd class="number"><strong class="lead">([^<]+)</strong>', page.text)
    assert code is not None
    assert "<svg" in page.text
    await upload(town, case_no, "another")
    assert "窗口看过以后您又换过“公司章程”" in (await citizen.get(at(case_no))).text
    notices = await citizen.get("/my/notices")
    assert case_no in notices.text

    find = await clerk.get("/counter/find")
    wrong = await clerk.send(find, "/counter/find", {"scan": f"https://gov.example{at(case_no)}#{code[1][::-1]}"})
    assert (wrong.status_code, "凭证码不对" in wrong.text) == (422, True)
    opened = await scanned(clerk, f"https://gov.example{at(case_no)}#{code[1]}\r")
    path = f"/counter/new/enterprise-opening?draft={case_no}"
    assert (opened.status_code, opened.headers["location"]) == (303, path)
    draft = await clerk.get(path)
    assert "杭州䶮𠮷商贸有限公司" in draft.text
    form = values(filled(draft, "/counter/new/enterprise-opening"))
    seen = {"/seen/0/document": "resident_id", "/seen/0/presence": "in_person", "_do": "accept"}
    papers = {f"_material/{one}": "paper" for one in (OTHER, LEASE)}
    taken = await clerk.post("/counter/new/enterprise-opening", form | seen | papers)
    assert (taken.status_code, taken.headers["location"]) == (303, f"/counter/receipt/{case_no}"), taken.text
    # scanned once more it is the case
    again = await scanned(clerk, f"https://gov.example{at(case_no)}#{code[1]}")
    assert again.headers["location"] == f"/counter/cases/{case_no}"
    assert (await citizen.get(at(case_no))).headers["location"] == f"/my/cases/{case_no}"
    async with Visitor(town) as supervisor:
        await supervisor.sign_in("supervisor")
        board = " ".join((await supervisor.get("/supervise")).text.split())
    assert "来前窗口看过的 100.0%（1/1），没有看过的 还没有" in board


async def scanned(clerk: Visitor, text: str) -> httpx.Response:
    return await clerk.send(await clerk.get("/counter/find"), "/counter/find", {"scan": text})


async def test_the_code_may_be_typed(clerk: Visitor, fresh_town: Town) -> None:
    case_no = await asked(fresh_town)
    assert (await answer(fresh_town, case_no)).status_code == 200
    code = (await own(fresh_town, case_no))["code"]
    page = await clerk.get(looked_at(case_no))
    assert code not in page.text
    wrong = await clerk.send(page, f"{looked_at(case_no)}/take-over", {"/code": "12345678"})
    assert (wrong.status_code, "凭证码不对" in wrong.text) == (422, True)
    opened = await clerk.send(wrong, f"{looked_at(case_no)}/take-over", {"/code": code})
    assert opened.headers["location"].endswith(f"?draft={case_no}")
    path = opened.headers["location"].partition("?")[0]
    form = values(filled(await clerk.get(opened.headers["location"]), path))
    another = await clerk.post(path, form | {"/applicant/id_number": people.LI.id_number, "_do": ""})
    assert (another.status_code, "请另开一份" in another.text) == (422, True)
    assert 'href="#f-applicant-id_number"' in another.text


async def test_a_draft_whose_situation_was_left_open_again_is_handed_over_with_what_it_holds(
    clerk: Visitor, fresh_town: Town
) -> None:
    """Which fields apply is not known then; that some are filled in is."""
    town = fresh_town
    case_no = await asked(town)
    assert (await answer(town, case_no)).status_code == 200
    code = (await own(town, case_no))["code"]
    before = (await town.get("citizen", f"/api/cases/{case_no}")).json()
    undone = {"answers": {"company_type": None}}
    changed = await town.client("citizen").patch(f"/api/cases/{case_no}", json=undone, headers={"If-Match": "*"})
    assert changed.status_code == 200
    page = await clerk.get(looked_at(case_no))
    assert (page.status_code, "申请人到了" in page.text) == (200, True)
    opened = await clerk.send(page, f"{looked_at(case_no)}/take-over", {"/code": code})
    draft = await clerk.get(opened.headers["location"])
    path = "/counter/new/enterprise-opening"
    form = values(filled(draft, path))
    assert form["/form/company_name"] == [opening()["form"]["company_name"]]
    assert "/form/company_name" not in form["_shown"]
    assert "company_name" in form["_shown"][0].split()
    assert "下面是已经填了的内容" in draft.text
    kept = await clerk.post(path, form | {"/form/company_name": "另一个名字", "_do": ""})
    assert kept.status_code == 303, kept.text
    view = (await town.get("counter", f"/api/cases/{case_no}")).json()
    assert view["form"] == before["form"] | {"company_name": "另一个名字"}


@pytest.mark.parametrize(
    "text",
    [
        "https://gov.example/my/drafts/330100202611290000017/precheck#AB2C3D4E",
        "\x02https://gov.example/my/drafts/330100202611290000017/precheck#AB2C3D4E\r\n",
        "330100202611290000017 ab2c3d4e",
    ],
)
def test_the_scan_box_knows_it(text: str) -> None:
    scan = read_scan(text)
    assert scan is not None
    assert (scan.case_no, scan.code.upper()) == ("330100202611290000017", "AB2C3D4E")
    assert scan.code not in repr(scan)


async def test_other_people_s_pages_are_not_there(clerk: Visitor, fresh_town: Town) -> None:
    case_no = await asked(fresh_town)
    for who, path in (("citizen2", at(case_no)), ("officer.amr", looked_at(case_no)), ("citizen", looked_at(case_no))):
        async with Visitor(fresh_town) as other:
            await other.sign_in(who)
            assert (await other.get(path)).status_code == 404, who
