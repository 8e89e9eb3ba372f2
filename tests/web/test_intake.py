"""Applying by pages: going on with what was begun, filling in, checking, submitting."""

import asyncio
import re
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from tests.api.forms import opening
from tests.api.town import Town
from tests.support.people import ZHANG
from tests.web import applicant
from tests.web.visitor import Visitor, hidden


@pytest.fixture
async def visitor(town: Town) -> AsyncIterator[Visitor]:
    async with Visitor(town) as visitor:
        await visitor.sign_in("citizen")
        yield visitor


async def test_a_company_is_opened_without_scripts(visitor: Visitor) -> None:
    """Journey 2, from the guide's button on."""
    case_no = await applicant.begin(visitor)
    listed = await visitor.get(f"/my/drafts/{case_no}")
    assert "办理情形" in listed.text
    assert "未填完" in listed.text
    await applicant.fill(visitor, case_no)
    checked = await visitor.get(f"/my/drafts/{case_no}/check")
    assert "未填完" not in checked.text
    assert "杭州䶮𠮷商贸有限公司" in checked.text
    answer = await applicant.submit(visitor, case_no)
    assert (answer.status_code, answer.headers["location"]) == (303, f"/my/cases/{case_no}/submitted")
    told = await visitor.get(answer.headers["location"])
    code = re.search(r'<strong class="lead">([^<]+)</strong>', told.text)
    assert code is not None
    assert "<svg" in told.text
    progress = await visitor.post("/progress", {"number": case_no, "code": code[1]})
    assert progress.headers["location"] == f"/progress/{case_no}"
    case = await visitor.get(f"/my/cases/{case_no}")
    assert "等综合窗口决定是否受理" in case.text
    assert case_no in (await visitor.get("/my")).text


# -- complaints of other systems' users (screens.md 11) ---------------------------------------------------------------


async def test_complaint_2_a_draft_there_is_offered_and_no_second_one_begun_silently(visitor: Visitor) -> None:
    case_no = await applicant.begin(visitor)
    page = await visitor.get("/apply/enterprise-opening")
    assert f'href="/my/drafts/{case_no}">接着填</a>' in page.text
    assert "另开一份" in page.text
    before = visitor.town.rows("select count(*) from cases")
    await visitor.get(f"/guide/enterprise-opening?{applicant.QUERY}")
    assert visitor.town.rows("select count(*) from cases") == before
    # a page that was rendered before there was a draft, sent now
    form = {name: value for name, value in hidden(page, "/apply/enterprise-opening").items() if name != "another"}
    answer = await visitor.post("/apply/enterprise-opening", form | applicant.APPLICANT)
    assert answer.status_code == 200
    assert "接着填" in answer.text
    assert visitor.town.rows("select count(*) from cases") == before
    assert applicant.APPLICANT["/applicant/id_number"] in answer.text, "what was typed is still there"
    wanted = await visitor.send(page, "/apply/enterprise-opening", applicant.APPLICANT)
    assert wanted.status_code == 303


async def test_complaint_3_five_presses_of_a_button_are_one_draft_and_one_case(visitor: Visitor) -> None:
    page = await visitor.get(f"/apply/newborn?{applicant.QUERY}")
    begun = {(await visitor.send(page, "/apply/newborn", applicant.APPLICANT)).headers["location"] for _ in range(1)}
    form = hidden(page, "/apply/newborn") | applicant.APPLICANT | {"another": "1"}
    begun |= {(await visitor.post("/apply/newborn", form)).headers["location"] for _ in range(4)}
    assert len(begun) == 1
    case_no = await applicant.begin(visitor)
    await applicant.fill(visitor, case_no)
    path = f"/my/drafts/{case_no}/check"
    form = hidden(await visitor.get(path), path)
    before = visitor.town.rows("select count(*) from cases")
    answers = await asyncio.gather(*(visitor.post(path, form) for _ in range(5)))
    assert {one.status_code for one in answers} == {303}
    assert {one.headers["location"].split("/")[3] for one in answers} == {case_no}
    assert visitor.town.rows("select count(*) from cases") == before
    lines = visitor.town.rows("select count(*) from journal where case_no = %s and kind = 'submitted'", case_no)
    assert lines == [(1,)]


async def test_complaint_4_back_after_submitting_shows_the_case_that_it_has_become(visitor: Visitor) -> None:
    case_no = await applicant.begin(visitor)
    await applicant.fill(visitor, case_no)
    path = f"/my/drafts/{case_no}/check"
    old = await visitor.get(path)
    await visitor.send(old, path, {})
    again = await visitor.send(old, path, {})  # Back, and pressed once more
    assert again.headers["location"] == f"/my/cases/{case_no}"
    shown = await visitor.get(again.headers["location"])
    assert re.search(r"已于 \d+月\d+日 \d\d:\d\d 提交", shown.text)
    for path in (f"/my/drafts/{case_no}", f"/my/drafts/{case_no}/check", f"/my/drafts/{case_no}/sections/applicant"):
        assert (await visitor.get(path)).headers["location"] == f"/my/cases/{case_no}"


async def test_complaint_4_before_that_an_answer_changed_from_the_summary_is_kept(visitor: Visitor) -> None:
    case_no = await applicant.begin(visitor)
    await applicant.fill(visitor, case_no)
    section = f"/my/drafts/{case_no}/sections/form-1"
    page = await visitor.get(f"{section}?back=check")
    typed = applicant.values(page, section) | {"/form/company_name": "改过的名字有限公司"}
    kept = await visitor.post(
        section, typed | {"/form/business_scope": "软件开发", "/form/operating_term": "unlimited"}
    )
    assert kept.headers["location"] == f"/my/drafts/{case_no}/check"
    assert "改过的名字有限公司" in (await visitor.get(kept.headers["location"])).text


async def test_complaint_5_two_tabs_that_change_different_fields_keep_both(visitor: Visitor) -> None:
    case_no = await applicant.begin(visitor)
    await applicant.fill(visitor, case_no)
    path = f"/my/drafts/{case_no}/sections/form-4"  # 联系人
    first, second = await visitor.get(path), await visitor.get(path)
    await visitor.post(path, applicant.values(first, path) | {"/form/liaison_name": "甲"})
    answer = await visitor.post(path, applicant.values(second, path) | {"/form/liaison_phone": "13811112222"})
    assert answer.status_code == 303
    shown = applicant.values(await visitor.get(path), path)
    assert (shown["/form/liaison_name"], shown["/form/liaison_phone"]) == ("甲", "13811112222")


async def test_complaint_5_two_tabs_that_change_the_same_field_are_asked_which_holds(visitor: Visitor) -> None:
    case_no = await applicant.begin(visitor)
    await applicant.fill(visitor, case_no)
    path = f"/my/drafts/{case_no}/sections/form-4"
    first, second = await visitor.get(path), await visitor.get(path)
    await visitor.post(path, applicant.values(first, path) | {"/form/liaison_name": "甲"})
    own = {"/form/liaison_name": "乙", "/form/liaison_phone": "13811112222"}
    clash = await visitor.post(path, applicant.values(second, path) | own)
    assert clash.status_code == 412
    assert "这里填的：乙" in clash.text
    assert "另一处填的：甲" in clash.text
    shown = applicant.values(await visitor.get(path), path)
    assert (shown["/form/liaison_name"], shown["/form/liaison_phone"]) == ("甲", "13811112222"), "the others are saved"
    unchosen = await visitor.send(clash, path, {})
    assert unchosen.status_code == 422
    assert "这里填的：乙" in unchosen.text
    chosen = await visitor.send(unchosen, path, {"_choose/liaison_name": "mine"})
    assert chosen.status_code == 303
    assert applicant.values(await visitor.get(path), path)["/form/liaison_name"] == "乙"


async def test_complaint_9_each_line_of_the_summary_leads_to_an_input(visitor: Visitor) -> None:
    case_no = await applicant.begin(visitor)
    path = f"/my/drafts/{case_no}/sections/form-1"
    page = await visitor.get(path)
    answer = await visitor.send(page, path, {"/form/registered_capital": "很多", "/form/company_name": "甲公司"})
    answer = await visitor.get(answer.headers["location"])
    assert "<title>错误：" in answer.text
    links = re.findall(r'<li><a href="#([^"]+)">', answer.text)
    assert links
    for link in links:
        assert re.search(rf'<(input|select|textarea)[^>]* id="{re.escape(link)}"', answer.text), link
    assert 'value="很多"' in answer.text, "what was typed is still there"
    kept = await visitor.get(path)
    assert 'value="很多"' in kept.text
    tasks = (await visitor.get(f"/my/drafts/{case_no}")).text
    assert f'href="{path}?wrong=true"' in tasks, "from the list, where it is counted, one comes to where it is told"
    later = await visitor.send(answer, path, {"later": "1", "/form/registered_capital": "很多"})
    assert later.status_code == 303


# -- filling in -------------------------------------------------------------------------------------------------------


async def test_what_other_answers_asked_for_goes_with_them(visitor: Visitor) -> None:
    case_no = await applicant.begin(visitor)
    await applicant.fill(visitor, case_no)
    path = f"/my/drafts/{case_no}/sections/situation"
    page = await visitor.get(path)
    answer = await visitor.send(
        page, path, applicant.ANSWERS | {"/answers/services": ["seal"], "/answers/invoices": ""}
    )
    assert answer.status_code == 303
    checked = await visitor.get(f"/my/drafts/{case_no}/check")
    assert "税务" not in checked.text.replace("税务局", "")


async def test_answers_that_ask_for_more_come_back_with_the_new_questions(visitor: Visitor) -> None:
    case_no = await applicant.begin(visitor, "")
    path = f"/my/drafts/{case_no}/sections/situation"
    page = await visitor.get(path)
    assert "出资人有哪些" in page.text
    answer = await visitor.send(page, path, {"/answers/company_type": "llc"})
    assert answer.status_code in (303, 422)
    page = await visitor.get(path)
    assert 'value="llc" id="f-answers-company_type" checked' in page.text


async def test_people_in_a_list_have_a_page_each(visitor: Visitor) -> None:
    query = applicant.QUERY.replace("sole_proprietorship", "llc")
    case_no = await applicant.begin(visitor, query)
    section = f"/my/drafts/{case_no}/sections/form-2"
    assert "添加一项" in (await visitor.get(section)).text
    row = f"{section}/directors/0"
    page = await visitor.get(row)
    wrong = {"/form/directors/0/name": "甲", "/form/directors/0/id_number/kind": "resident_id"}
    answer = await visitor.send(page, row, wrong | {"/form/directors/0/id_number/number": "123"})
    answer = await visitor.get(answer.headers["location"])
    assert "<title>错误：" in answer.text
    assert 'value="123"' in answer.text
    right = {"/form/directors/0/id_number/number": ZHANG.id_number, "/form/directors/0/position": "director"}
    answer = await visitor.send(answer, row, wrong | right)
    assert answer.headers["location"] == section
    assert "甲，" in (await visitor.get(section)).text
    added = await visitor.get(f"{section}/directors/1")
    answer = await visitor.send(added, f"{section}/directors/1", {"/form/directors/1/name": "乙", "later": "1"})
    assert answer.status_code == 303
    first = await visitor.get(row)
    await visitor.send(first, row, {"remove": "1"})
    left = await visitor.get(section)
    assert "乙" in left.text
    assert "甲，" not in left.text


async def test_adding_to_a_list_keeps_what_was_typed_beside_it(visitor: Visitor) -> None:
    case_no = await applicant.begin(visitor, applicant.QUERY.replace("sole_proprietorship", "llc"))
    section = f"/my/drafts/{case_no}/sections/form-2"
    page = await visitor.get(section)
    assert 'name="row" value="directors/0"' in page.text
    typed = {
        "/form/representative_name": "甲",
        "/form/representative_id/kind": "resident_id",
        "/form/representative_id/number": ZHANG.id_number,
        "/form/representative_phone": "138",  # not yet whole
    }
    answer = await visitor.send(page, section, typed | {"row": "directors/0"})
    assert (answer.status_code, answer.headers["location"]) == (303, f"{section}/directors/0")
    kept = applicant.values(await visitor.get(section), section)
    assert kept["/form/representative_name"] == "甲"
    assert kept["/form/representative_phone"] == "138"
    for elsewhere in ("//example.com", "directors/../..", "nobody/0", "directors/1000"):
        answer = await visitor.send(await visitor.get(section), section, typed | {"row": elsewhere})
        assert answer.headers["location"] == f"{section}?wrong=true"


async def test_a_row_is_kept_while_it_is_typed_and_told_from_the_others(visitor: Visitor) -> None:
    case_no = await applicant.begin(visitor, applicant.QUERY.replace("sole_proprietorship", "llc"))
    section = f"/my/drafts/{case_no}/sections/form-2"
    row = f"{section}/directors/0"
    page = await visitor.get(row)
    assert f'data-autosave="{section}/autosave"' in page.text
    sent = hidden(page, row)
    nothing = await visitor.post(f"{section}/autosave", sent)
    assert nothing.json()["version"] == sent["_version"], "an empty row is none yet"
    told = (await visitor.post(f"{section}/autosave", sent | {"/form/directors/0/name": "甲"})).json()
    assert told["saved"].startswith("已保存 ")
    sent |= {"_version": told["version"], "_was": told["was"], "/form/directors/0/position": "manager"}
    again = await visitor.post(f"{section}/autosave", sent | {"/form/directors/0/name": "甲乙"})
    assert again.json()["saved"]
    listed = (await visitor.get(section)).text
    assert "甲乙，职务：经理" in listed
    assert "directors/1" in listed, "one row, and one to add"
    assert "directors/2" not in listed


async def test_an_applicant_without_a_phone_can_be_changed(visitor: Visitor) -> None:
    begin = f"/apply/enterprise-opening?{applicant.QUERY}&another=1"
    answer = await visitor.send(
        await visitor.get(begin), "/apply/enterprise-opening", applicant.APPLICANT | {"/applicant/phone": ""}
    )
    page = await visitor.get(f"{answer.headers['location']}/sections/applicant")
    assert page.status_code == 200
    assert ZHANG.name in page.text


async def test_a_page_asks_for_eight_things_at_most(visitor: Visitor) -> None:
    case_no = await applicant.begin(
        visitor, "birth_certificate=issued&parents=married&consent=true&settle_with=mother", "newborn"
    )
    for path in applicant.sections(await visitor.get(f"/my/drafts/{case_no}")):
        if "/form-" in path:
            names = set(re.findall(r'name="(/form/[a-z_]+)', (await visitor.get(path)).text))
            assert 0 < len(names) <= 8


async def test_autosave_keeps_what_is_typed_and_tells_when(visitor: Visitor) -> None:
    case_no = await applicant.begin(visitor)
    path = f"/my/drafts/{case_no}/sections/form-4"
    page = await visitor.get(path)
    typed = applicant.values(page, path) | {"/form/liaison_phone": "不是号码"}
    answer = await visitor.post(f"{path}/autosave", typed)
    told = answer.json()
    assert told["saved"].startswith("已保存 ")
    assert answer.headers["cache-control"] == "no-store"
    again = await visitor.post(
        f"{path}/autosave",
        typed | {"_version": told["version"], "_was": told["was"], "/form/liaison_phone": "13900000000"},
    )
    assert again.json()["saved"]
    stale = await visitor.post(f"{path}/autosave", typed | {"/form/liaison_phone": "13911111111"})
    assert "另一处" in stale.json()["clash"]
    assert applicant.values(await visitor.get(path), path)["/form/liaison_phone"] == "13900000000"


async def test_what_is_missing_leads_to_the_page_where_it_is_asked(visitor: Visitor) -> None:
    case_no = await applicant.begin(visitor)
    answer = await applicant.submit(visitor, case_no)
    answer = await visitor.get(answer.headers["location"])
    assert "<title>错误：" in answer.text
    links = re.findall(rf'<li><a href="(/my/drafts/{case_no}/[^"]+)">', answer.text)
    assert f"/my/drafts/{case_no}/sections/form-1" in links
    assert f"/my/drafts/{case_no}/sections/delivery" in links
    assert "electronic" not in answer.text, "people know no codes"
    assert "（articles）" not in answer.text
    for link in set(links):
        assert (await visitor.get(link.partition("#")[0])).status_code == 200


async def test_a_draft_is_deleted_when_it_was_asked_twice(visitor: Visitor) -> None:
    case_no = await applicant.begin(visitor)
    asked = await visitor.get(f"/my/drafts/{case_no}/delete")
    assert "不能恢复" in asked.text
    assert (await visitor.send(asked, f"/my/drafts/{case_no}/delete", {})).headers["location"] == "/my"
    assert (await visitor.get(f"/my/drafts/{case_no}")).status_code == 404


async def test_journey_3_a_draft_of_the_phone_is_submitted_at_another_computer(visitor: Visitor) -> None:
    case_no = await applicant.begin(visitor)
    await applicant.fill(visitor, case_no)
    async with Visitor(visitor.town) as hall:
        await hall.sign_in("citizen", shared="1")
        assert f"/my/drafts/{case_no}" in (await hall.get("/my")).text
        assert (await applicant.submit(hall, case_no)).status_code == 303
        told = await hall.get(f"/my/cases/{case_no}/submitted")
        assert "查询码" in told.text
    await visitor.sign_in("citizen")
    assert "查询码，不登录" not in (await visitor.get(f"/my/cases/{case_no}/submitted")).text, "it is told there alone"


async def test_nobody_elses_draft_is_there(visitor: Visitor) -> None:
    case_no = await applicant.begin(visitor)
    async with Visitor(visitor.town) as other:
        await other.sign_in("citizen2")
        for path in ("", "/check", "/sections/applicant", "/delete"):
            assert (await other.get(f"/my/drafts/{case_no}{path}")).status_code == 404


async def test_what_another_prepared_is_read_whole_and_confirmed_by_who_has_just_signed_in(fresh_town: Town) -> None:
    made = await fresh_town.post("agent", "/api/cases", opening(submit=False))
    case_no = made.json()["case_no"]
    async with Visitor(fresh_town) as visitor:
        await visitor.sign_in("citizen")
        assert "请您确认" in (await visitor.get("/my")).text
        path = f"/my/drafts/{case_no}/check"
        page = await visitor.get(path)
        assert "杭州䶮𠮷商贸有限公司" in page.text
        fresh_town.clock.move(timedelta(minutes=16))
        answer = await visitor.send(page, path, {})
        assert answer.status_code == 401
        assert f'href="/sign-in?return_to={path}"' in answer.text
        await visitor.sign_in("citizen", return_to=path)
        page = await visitor.get(path)
        body = {"form": {"liaison_name": "另一个人"}}
        agent = fresh_town.client("agent")
        changed = await agent.patch(f"/api/cases/{case_no}", json=body, headers={"If-Match": "*"})
        assert changed.status_code == 200, changed.text
        stale = await visitor.send(page, path, {})
        assert stale.status_code == 412
        assert "另一个人" in stale.text
        done = await visitor.send(stale, path, {})
        assert done.status_code == 303
