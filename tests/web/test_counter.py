"""综合窗口, without a browser: inbox, scan box, taking in, accepting, rejecting, corrections, papers, delivery."""

import re
from collections.abc import AsyncIterator

import httpx
import pytest

from onething.domain.kernel.state import DataState
from onething.domain.names import MATERIAL_STATE_NAMES
from onething.web.cases.scan import read_scan
from tests.api import acts
from tests.api.deaths import by_neighbour, death
from tests.api.forms import REQUIRED_PAPERS, opening_with_papers
from tests.api.town import Town
from tests.support import people
from tests.support.files import pdf
from tests.web.counter_forms import birth_fields
from tests.web.filled import filled, values
from tests.web.visitor import Visitor, hidden

NEW = "/counter/new/newborn"
PDF = pdf()


@pytest.fixture
async def clerk(town: Town) -> AsyncIterator[Visitor]:
    async with Visitor(town) as visitor:
        await visitor.sign_in("counter")
        yield visitor


async def begun(clerk: Visitor, **changes: object) -> tuple[str, httpx.Response]:
    """A draft with all of a birth in it: its number, its page."""
    empty = await clerk.get(NEW)
    answer = await clerk.post(NEW, hidden(empty, NEW) | birth_fields(**changes))
    assert answer.status_code == 303, answer.text
    path = answer.headers["location"]
    return path.partition("draft=")[2], await clerk.get(path)


async def pressed(clerk: Visitor, page: httpx.Response, button: str, **changes: object) -> httpx.Response:
    """The page's form as it stands, sent by that button. Others that may be the same have been looked at."""
    looked_at = re.search(r'name="_not_duplicate" value="([^"]+)"', page.text)
    if looked_at:
        changes = {"_not_duplicate": looked_at[1], **changes}
    return await clerk.post(NEW, values(filled(page, NEW)) | {"_do": button} | changes)


# -- the scan box -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (people.ZHANG.id_number, "id_number"),
        (f"\x02{people.ZHANG.id_number}\r\n", "id_number"),
        ("330100202611290000017", "case_no"),
        ("https://example.gov/progress?number=330100202611290000017", "case_no"),
        ("https://example.gov/counter/cases/330100202611290000017", "case_no"),
        ("33010020261129000001701ABCDEF", "certificate"),
        ("91330106MA2CFLDG4R", "id_number"),
    ],
)
def test_what_is_scanned_says_what_it_is(text: str, kind: str) -> None:
    scan = read_scan(text)
    assert scan is not None
    assert getattr(scan, kind)


@pytest.mark.parametrize("text", ["", "你好", "12345", "330106199001011234", "https://example.gov/"])
def test_what_is_none_of_them_is_nothing(text: str) -> None:
    assert read_scan(text) is None


async def test_a_code_on_a_receipt_opens_its_case(clerk: Visitor, town: Town) -> None:
    case_no = await acts.open_case(town)
    page = await clerk.get("/counter/find")
    answer = await clerk.send(page, "/counter/find", {"scan": f"http://pages/progress?number={case_no}\r"})
    assert answer.headers["location"] == f"/counter/cases/{case_no}"
    assert (await clerk.get(f"/counter/cases/{case_no}")).status_code == 200


async def test_people_are_looked_for_with_a_reason_and_never_in_an_address(clerk: Visitor, town: Town) -> None:
    case_no = await acts.open_case(town)
    page = await clerk.get("/counter/find")
    fields = {"scan": people.ZHANG.id_number}
    refused = await clerk.send(page, "/counter/find", fields)
    assert refused.status_code == 422
    assert 'href="#f-reason"' in refused.text
    assert people.ZHANG.id_number in refused.text, "what was typed stays"
    found = await clerk.send(page, "/counter/find", fields | {"/reason": "当事人在窗口问办到哪里了"})
    assert found.status_code == 200
    assert f'href="/counter/cases/{case_no}"' in found.text


async def test_what_nobody_knows_is_told_at_the_box(clerk: Visitor) -> None:
    page = await clerk.get("/counter/find")
    answer = await clerk.send(page, "/counter/find", {"scan": "12345"})
    assert answer.status_code == 422
    assert "没有认出这是什么号码" in answer.text


# -- taking in --------------------------------------------------------------------------------------------------------


async def test_what_is_offered_is_a_page_each(clerk: Visitor) -> None:
    page = await clerk.get("/counter/new")
    for path in re.findall(r'href="(/counter/new/[^"]+)"', page.text):
        assert (await clerk.get(path)).status_code == 200


async def test_opening_the_page_begins_nothing(clerk: Visitor, town: Town) -> None:
    before = town.counts()
    await clerk.get(NEW)
    assert town.counts() == before


async def test_all_that_is_typed_is_there_again(clerk: Visitor) -> None:
    _, page = await begun(clerk)
    kept = dict(filled(page, NEW))
    for name, value in birth_fields().items():
        assert kept[name] == value, name


async def test_a_draft_is_submitted_and_accepted_by_one_button(clerk: Visitor, town: Town) -> None:
    case_no, page = await begun(clerk)
    answer = await pressed(clerk, page, "accept")
    assert answer.headers["location"] == f"/counter/receipt/{case_no}", answer.text
    kinds = [kind for (kind,) in town.rows("select kind from journal where case_no = %s order by seq", case_no)]
    assert kinds[:2] == ["submitted", "accepted"]
    receipt = await clerk.get(f"/counter/receipt/{case_no}")
    assert case_no in receipt.text
    assert "承诺" in receipt.text
    assert "<svg" in receipt.text


async def test_a_baby_that_was_taken_in_before_is_looked_at_first(clerk: Visitor, town: Town) -> None:
    born = {"/form/born_on": "2026-01-17"}
    first, page = await begun(clerk, **born)
    assert (await pressed(clerk, page, "accept")).status_code == 303
    father = {"/applicant/id_number": people.LI.id_number, "/applicant/name": people.LI.name}
    second, page = await begun(clerk, **born, **father)
    assert "可能重复" in page.text
    assert f'href="/counter/cases/{first}"' in page.text
    unseen = await pressed(clerk, page, "accept", _not_duplicate="")
    assert unseen.status_code == 422
    assert 'href="#f-duplicates"' in unseen.text, "the summary leads to what has to be said"
    view = (await town.get("counter", f"/api/cases/{second}")).json()
    assert view["status"] == "draft"
    done = await pressed(clerk, unseen, "accept")
    assert done.headers.get("location") == f"/counter/receipt/{second}", done.text
    case = await clerk.get(f"/counter/cases/{second}")
    assert f'<a href="/counter/cases/{first}">{first}</a>' in case.text
    await town.fetch_all(second)
    async with Visitor(town) as officer:
        await officer.sign_in("officer.psb")
        queue = await officer.get("/work?bundle=newborn")
        assert f"可能重复：{first}" in queue.text
        task = await officer.get(f"/work/tasks/{second}-household-1")
        assert f'<a href="/work/cases/{first}">{first}</a>' in task.text


async def test_what_was_typed_into_a_draft_that_was_deleted_elsewhere_stays_on_the_page(clerk: Visitor) -> None:
    case_no, page = await begun(clerk)
    gone = await clerk.get(f"/counter/drafts/{case_no}/delete")
    assert (await clerk.send(gone, f"/counter/drafts/{case_no}/delete", {})).status_code == 303
    answer = await pressed(clerk, page, "", **{"/form/child_name": "张还在"})
    assert answer.status_code == 404
    assert dict(filled(answer, NEW))["/form/child_name"] == "张还在"


async def test_the_receipt_tells_the_code_that_opens_the_progress(clerk: Visitor) -> None:
    case_no, page = await begun(clerk)
    await pressed(clerk, page, "accept")
    receipt = await clerk.get(f"/counter/receipt/{case_no}")
    found = re.search(r'<dt>查询码</dt>\s*<dd class="number">([0-9A-Z]+)</dd>', receipt.text)
    assert found is not None
    progress = await clerk.post("/progress", {"number": case_no, "code": found[1]})
    assert progress.headers["location"] == f"/progress/{case_no}"
    assert all(found[1] not in value for value in clerk.cookies.values()), "it is kept sealed"


async def test_another_clerk_s_browser_does_not_know_the_code(clerk: Visitor, town: Town) -> None:
    case_no, page = await begun(clerk)
    await pressed(clerk, page, "accept")
    async with Visitor(town) as other:
        await other.sign_in("counter")
        receipt = await other.get(f"/counter/receipt/{case_no}")
    assert "收件时已经告知" in receipt.text


async def test_pressed_twice_there_is_one_case_and_one_receipt(clerk: Visitor, town: Town) -> None:
    case_no, page = await begun(clerk)
    first = await pressed(clerk, page, "accept")
    before = town.rows("select count(*) from journal")
    for _ in range(3):
        again = await pressed(clerk, page, "accept")
        assert again.headers["location"] == first.headers["location"]
    assert town.rows("select count(*) from journal") == before
    assert (await clerk.get(f"{NEW}?draft={case_no}")).headers["location"] == f"/counter/cases/{case_no}"


async def test_what_is_wrong_stands_at_its_field_and_nothing_is_lost(clerk: Visitor) -> None:
    case_no, page = await begun(clerk)
    wrong = {"/form/mother_phone": "12", "/form/born_on": "昨天", "/form/child_name": ""}
    answer = await pressed(clerk, page, "accept", **wrong)
    assert answer.status_code == 422
    assert "<title>错误：" in answer.text
    for pointer in ("form-mother_phone", "form-born_on", "form-child_name"):
        assert f'href="#f-{pointer}"' in answer.text
        assert f'id="f-{pointer}"' in answer.text
    kept = dict(filled(answer, NEW))
    assert (kept["/form/mother_phone"], kept["/form/born_on"]) == ("12", "昨天")
    assert kept["_draft"] == case_no
    right = {name: birth_fields()[name] for name in wrong} | {"/form/born_on": "2026-01-18"}
    mended = await pressed(clerk, answer, "accept", **right)
    assert mended.headers["location"] == f"/counter/receipt/{case_no}"


async def test_whom_the_counter_saw_has_to_be_said(clerk: Visitor) -> None:
    _, page = await begun(clerk)
    answer = await pressed(clerk, page, "submit", **{"/seen/0/document": ""})
    assert answer.status_code == 422
    assert 'href="#f-seen-0-document"' in answer.text


async def test_what_does_not_apply_any_more_keeps_nobody_from_applying(clerk: Visitor) -> None:
    """The mother alone: what was said of the father stays in the draft until it is submitted, and goes then."""
    case_no, page = await begun(clerk)
    alone = {"/answers/parents": "mother_only"}
    page = await clerk.get((await pressed(clerk, page, "", **alone)).headers["location"])
    assert "/form/father_name" not in dict(filled(page, NEW))
    back = await clerk.get((await pressed(clerk, page, "", **{"/answers/parents": "married"})).headers["location"])
    assert dict(filled(back, NEW))["/form/father_name"] == people.LI.name, "nothing typed is lost"
    page = await clerk.get((await pressed(clerk, back, "", **alone)).headers["location"])
    fields = {"_material/paternity-statement": "paper", "_material/marriage-certificate": ""}
    answer = await pressed(clerk, page, "accept", **fields)
    assert answer.headers.get("location") == f"/counter/receipt/{case_no}", answer.text


async def test_two_windows_with_one_draft_lose_nothing_silently(clerk: Visitor) -> None:
    case_no, first = await begun(clerk)
    second = await clerk.get(f"{NEW}?draft={case_no}")
    assert (await pressed(clerk, first, "", **{"/form/child_name": "张大满"})).status_code == 303
    answer = await pressed(clerk, second, "", **{"/form/child_name": "张中满"})
    assert answer.status_code == 412
    assert "张大满" in answer.text, "what stands"
    assert dict(filled(answer, NEW))["/form/child_name"] == "张中满", "what was typed"
    assert (await pressed(clerk, answer, "")).status_code == 303
    now = await clerk.get(f"{NEW}?draft={case_no}")
    assert dict(filled(now, NEW))["/form/child_name"] == "张中满"


async def test_a_browser_that_saves_by_itself_gets_the_line_that_says_so(clerk: Visitor) -> None:
    empty = await clerk.get(NEW)
    by_script = {"HX-Request": "true", "HX-Target": "saved"}
    first = values(filled(empty, NEW)) | {"/applicant/id_number": people.ZHANG.id_number}
    answer = await clerk.post(NEW, first, headers=by_script)
    assert answer.status_code == 200
    assert "已保存" in answer.text
    assert "<h1" not in answer.text
    path = answer.headers["hx-replace-url"]
    draft = dict(re.findall(r'name="(_draft|_version)" value="([^"]+)"', answer.text))
    assert path == f"{NEW}?draft={draft['_draft']}"
    situated = await clerk.post(NEW, first | draft | {"/answers/parents": "married"}, headers=by_script)
    assert situated.headers["hx-retarget"] == "#parts", "other fields apply now"
    assert "/form/child_name" in situated.text


async def test_a_number_of_a_case_in_the_box_of_the_applicant_leads_there(clerk: Visitor, town: Town) -> None:
    case_no = await acts.open_case(town)
    page = await clerk.get(NEW)
    answer = await clerk.post(
        NEW, hidden(page, NEW) | birth_fields(**{"/applicant/id_number": case_no}) | {"_do": "submit"}
    )
    assert answer.status_code == 422
    assert f'href="/counter/cases/{case_no}"' in answer.text
    assert "这是办件编号" in answer.text


# -- accepting, rejecting, corrections, papers ------------------------------------------------------------------------


async def test_the_inbox_lists_what_waits(clerk: Visitor, town: Town) -> None:
    waiting, answering, draft = await acts.open_case(town), await acts.correction(town), (await begun(clerk))[0]
    for path, case_no in (("?limit=200", waiting), ("?view=correction&limit=200", answering), ("?view=drafts", draft)):
        page = await clerk.get(f"/counter{path}")
        assert case_no in page.text, path
        assert re.search(r"待受理 \d+\+?</a>", page.text), "how many wait"
    assert people.ZHANG.name not in (await clerk.get("/counter")).text, "the whole region's list: masked"


async def test_the_inbox_says_what_to_look_at(clerk: Visitor, town: Town) -> None:
    case_no, _ = await acts.correction(town), await acts.draft(town)
    row = _row(await clerk.get("/counter?view=correction&limit=200"), case_no)
    assert "告知补正" in row
    assert "可能重复" in row
    body = {"form": {"liaison_phone": "13900000001"}}
    assert (await town.post("citizen", f"/api/cases/{case_no}/supplement", body)).status_code == 200
    for view in ("submitted", "answered"):
        row = _row(await clerk.get(f"/counter?view={view}&limit=200"), case_no)
        assert "补正已回" in row
        assert "他人代为提交" not in row
    assert f"/{case_no}" not in (await clerk.get("/counter?view=correction&limit=200")).text


def _row(page: httpx.Response, case_no: str) -> str:
    return next(row for row in re.findall(r"<tr>.*?</tr>", page.text, re.DOTALL) if f"/{case_no}" in row)


async def test_a_case_is_accepted_on_its_page(clerk: Visitor, town: Town) -> None:
    case_no = await acts.open_case(town)
    page = await clerk.get(f"/counter/cases/{case_no}")
    answer = await clerk.send(page, f"/counter/cases/{case_no}/accept", {})
    assert answer.headers["location"] == f"/counter/cases/{case_no}?done=accept"
    after = (await clerk.get(answer.headers["location"])).text
    assert "✓ 已受理，承诺的期限开始计算。" in after, "the page says what was done"
    again = await clerk.send(page, f"/counter/cases/{case_no}/accept", {})
    assert again.status_code == 303, "the same press"
    late = await clerk.post(f"/counter/cases/{case_no}/accept", hidden(page, "/sign-out") | {"_key": "another"})
    assert late.status_code == 409
    assert "已受理" in late.text


@pytest.mark.parametrize("seen", ["1" * 5_000, "٣", "x"])
async def test_what_no_page_of_ours_sends_is_refused(clerk: Visitor, town: Town, seen: str) -> None:
    case_no = await acts.open_case(town)
    page = await clerk.get(f"/counter/cases/{case_no}")
    answer = await clerk.send(page, f"/counter/cases/{case_no}/accept", {"/seen": seen})
    assert answer.status_code == 422, answer.text


async def test_numbers_are_masked_until_they_are_asked_for(clerk: Visitor, town: Town) -> None:
    case_no = await acts.open_case(town)
    page = await clerk.get(f"/counter/cases/{case_no}")
    assert people.ZHANG.name in page.text
    assert people.ZHANG.id_number not in page.text
    assert people.ZHANG.phone not in page.text
    assert people.ZHANG.id_number in (await clerk.get(f"/counter/cases/{case_no}?numbers=true")).text
    assert people.ZHANG.id_number not in (await clerk.get(f"/counter/cases/{case_no}/supplement")).text


async def test_what_was_filled_in_stands_in_the_order_of_the_form(clerk: Visitor, town: Town) -> None:
    case_no = await acts.open_case(town)
    shown = re.findall(r"<h2>([^<]+)</h2>", (await clerk.get(f"/counter/cases/{case_no}")).text)
    form = town.context.catalog.latest["enterprise-opening"].form
    sections = [name for name in dict.fromkeys(one.section for one in form) if name in shown]
    assert len(sections) > 3
    assert [name for name in shown if name in sections] == sections


async def test_how_materials_stand_is_said_in_the_words_of_everywhere(clerk: Visitor, town: Town) -> None:
    assert {*DataState} <= MATERIAL_STATE_NAMES.keys()
    body = opening_with_papers() | {"incomplete": True}
    case_no = str((await town.post("citizen", "/api/cases", body)).json()["case_no"])
    page = (await clerk.get(f"/counter/cases/{case_no}")).text
    said = re.findall(r"</th><td>(?:申请人|系统取得)</td><td>([^<]*)</td>", page)
    assert len(set(said)) > 1
    assert set(said) <= set(MATERIAL_STATE_NAMES.values())


async def test_papers_are_received_and_the_case_accepted(clerk: Visitor, town: Town) -> None:
    body = opening_with_papers() | {"incomplete": True}
    case_no = str((await town.post("citizen", "/api/cases", body)).json()["case_no"])
    path = f"/counter/cases/{case_no}"
    page = await clerk.get(path)
    assert "还不能受理" in page.text
    answer = await clerk.send(page, f"{path}/papers", {"/materials": list(REQUIRED_PAPERS)})
    assert answer.headers.get("location") == f"{path}?done=papers", answer.text
    page = await clerk.get(path)
    assert (await clerk.send(page, f"{path}/accept", {})).status_code == 303


async def test_all_corrections_go_out_in_one_notice_that_was_looked_at(clerk: Visitor, town: Town) -> None:
    case_no = await acts.open_case(town)
    path = f"/counter/cases/{case_no}/corrections"
    page = await clerk.get(path)
    nothing = await clerk.post(path, values(filled(page, path)) | {"_do": "preview"})
    assert "还没有写" in nothing.text
    pins = {"_what/form/liaison_phone": "电话打不通", "_what/applicant/phone": "请写本人的"}
    preview = await clerk.post(path, values(filled(page, path)) | pins | {"_do": "preview"})
    assert "申请人将看到" in preview.text
    assert "电话打不通" in preview.text
    notices = "select count(*) from journal where case_no = %s and kind = 'corrections_asked'"
    assert town.rows(notices, case_no) == [(0,)]
    answer = await clerk.post(path, values(filled(preview, path)) | {"_do": "send"})
    assert answer.headers.get("location") == f"/counter/cases/{case_no}?done=corrections", answer.text
    assert town.rows(notices, case_no) == [(1,)]


async def test_what_is_wrong_with_a_correction_stands_where_it_was_written(clerk: Visitor, town: Town) -> None:
    case_no = await acts.correction(town)
    path = f"/counter/cases/{case_no}/corrections"
    page = await clerk.get(path)
    pins = {"_what/form/address": "请写到门牌号"}
    answer = await clerk.post(path, values(filled(page, path)) | pins | {"_do": "send"})
    assert answer.status_code in (403, 409), "a second notice is not the counter's"
    assert "请写到门牌号" in answer.text


async def test_a_rejection_says_why_and_on_what_basis(clerk: Visitor, town: Town) -> None:
    case_no = await acts.open_case(town)
    path = f"/counter/cases/{case_no}/reject"
    page = await clerk.get(path)
    refused = await clerk.send(page, path, {"/reason": "不属于本机关职权范围", "/basis": ""})
    assert refused.status_code == 422
    assert "不属于本机关职权范围" in refused.text
    assert 'href="#f-basis"' in refused.text
    answer = await clerk.send(page, path, {"/reason": "不属于本机关职权范围", "/basis": "行政许可法第三十二条"})
    assert answer.headers["location"] == f"/counter/cases/{case_no}?done=reject"
    case = await clerk.get(f"/counter/cases/{case_no}")
    letter = re.search(rf'href="(/counter/cases/{case_no}/letters/[0-9]+)"', case.text)
    assert letter is not None
    assert "不属于本机关职权范围" in (await clerk.get(letter[1])).text


async def test_a_delivery_is_recorded_with_what_came_of_it(clerk: Visitor, town: Town) -> None:
    case_no = await acts.rejected(town)
    case = await clerk.get(f"/counter/cases/{case_no}")
    found = re.search(rf'href="(/counter/cases/{case_no}/letters/[0-9]+)"', case.text)
    assert found is not None
    path = found[1]
    page = await clerk.get(path)
    nothing = await clerk.send(page, path, {"_done": ""})
    assert nothing.status_code == 422
    unnumbered = await clerk.send(page, path, {"_done": "post sent", "/note": "寄到户籍地址"})
    assert unnumbered.status_code == 422
    assert "寄到户籍地址" in unnumbered.text
    answer = await clerk.send(page, path, {"_done": "counter handed_over"})
    assert answer.headers.get("location") == path, answer.text
    assert "申请人已经知道" in (await clerk.get(path)).text


async def test_the_list_of_deliveries_and_of_prefills_is_there(clerk: Visitor) -> None:
    for path in ("/counter/delivery", "/counter/prefills"):
        assert (await clerk.get(path)).status_code == 200


async def test_a_scan_comes_with_a_draft_and_with_a_case_that_waits_for_it(clerk: Visitor, town: Town) -> None:
    case_no, _ = await begun(clerk)
    path = f"/counter/cases/{case_no}/materials/marriage-certificate"
    form = await clerk.get(path)
    action = f"/counter/cases/{case_no}/materials/marriage-certificate/file"
    token = hidden(form, action)["_token"]
    files = {"file": ("扫描.pdf", PDF, "application/pdf")}
    assert (await clerk.post(action, {"_token": "00" * 32}, files=files)).status_code == 403
    answer = await clerk.post(action, {"_token": token}, files=files)
    assert answer.status_code == 303, answer.text
    back = await clerk.get((await clerk.get(answer.headers["location"])).headers["location"])
    assert "✓ 已有扫描件" in back.text
    accepted = await pressed(clerk, back, "accept", **{"_material/marriage-certificate": ""})
    assert accepted.headers.get("location") == f"/counter/receipt/{case_no}", accepted.text
    stored = await clerk.get(f"{action}?version=1")
    assert stored.content == PDF
    assert "attachment" in stored.headers["content-disposition"]
    assert (await clerk.get(path)).status_code == 200
    assert (await clerk.get(f"/counter/cases/{case_no}/materials/child-photo")).status_code == 404, "it needs none"
    wrong = await clerk.post(action, {"_token": token}, files={"file": ("a.pdf", b"no pdf", "application/pdf")})
    assert wrong.status_code in (409, 415, 422)


# -- who may ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("account", ["citizen2", "officer.amr", "supervisor"])
async def test_the_counter_s_pages_are_the_counter_s(town: Town, account: str) -> None:
    case_no = await acts.open_case(town)
    async with Visitor(town) as visitor:
        await visitor.sign_in(account)
        assert (await visitor.get("/counter/delivery")).status_code in (403, 404)
        page = await visitor.get("/")
        token = hidden(page, "/sign-out")
        answer = await visitor.post(f"/counter/cases/{case_no}/accept", token | {"_key": "k"})
        assert answer.status_code in (403, 404)


async def test_nobody_who_is_not_signed_in_gets_there(town: Town) -> None:
    async with Visitor(town) as visitor:
        answer = await visitor.get("/counter")
        assert answer.headers["location"] == "/sign-in?return_to=%2Fcounter"


async def test_a_clerk_is_told_that_a_death_has_a_case_already(clerk: Visitor, town: Town) -> None:
    first = await town.post("citizen2", "/api/cases", death(people.SHEN))
    body = by_neighbour(people.SHEN) | {"applicant": people.ZHAO.applicant}
    second = await town.post("citizen", "/api/cases", body)
    assert (first.status_code, second.status_code) == (201, 201), second.text
    says = "这名逝者的身后事已经有一件在办"
    assert says in (await clerk.get(f"/counter/cases/{second.json()['case_no']}")).text
    assert says not in (await clerk.get(f"/counter/cases/{first.json()['case_no']}")).text
