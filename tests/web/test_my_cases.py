"""A case as its applicant looks at it: how it stands, what is asked, taking it back, urging, rating, letters."""

import json
import re
from collections.abc import AsyncIterator

import pypdfium2  # type: ignore[import-untyped]  # it carries no types
import pytest

from tests.api import acts
from tests.api.forms import opening
from tests.api.town import Town
from tests.support import people
from tests.web import applicant
from tests.web.visitor import Visitor, hidden


@pytest.fixture
async def visitor(town: Town) -> AsyncIterator[Visitor]:
    async with Visitor(town) as visitor:
        await visitor.sign_in("citizen")
        yield visitor


async def test_what_needs_the_person_comes_first(visitor: Visitor) -> None:
    waiting = await acts.correction(visitor.town)
    running = await acts.open_case(visitor.town)
    begun = await acts.draft(visitor.town)
    ended = await acts.rejected(visitor.town)
    page = await visitor.get("/my")
    places = [page.text.index(f"/my/{path}") for path in (f"cases/{waiting}/supplement", f"cases/{running}")]
    places += [page.text.index(f"/my/{path}") for path in (f"drafts/{begun}", f"cases/{ended}")]
    assert places == sorted(places)
    assert "去补正 1 项" in page.text


async def test_a_case_says_who_holds_it_and_why_then(visitor: Visitor) -> None:
    case_no = await acts.accepted_case(visitor.town)
    page = await visitor.get(f"/my/cases/{case_no}")
    assert "现在由市场监督管理局办理。" in page.text
    assert "为什么是这一天" in page.text
    assert re.search(r"承诺 \d+ 个工作日", page.text)
    assert "法定" in page.text
    assert page.text.count("受理") > 1
    part = await visitor.get(f"/my/cases/{case_no}", headers={"HX-Request": "true", "HX-Target": "case"})
    assert part.text.lstrip().startswith('<div id="case"')


async def test_another_persons_case_is_not_there(visitor: Visitor) -> None:
    case_no = await acts.accepted_case(visitor.town)
    async with Visitor(visitor.town) as other:
        await other.sign_in("citizen2")
        for path in ("", "/withdraw", "/urge", "/rate", "/supplement", "/submitted"):
            assert (await other.get(f"/my/cases/{case_no}{path}")).status_code == 404


async def test_complaint_21_three_fields_are_three_pairs_and_the_next_starts_from_the_present(visitor: Visitor) -> None:
    """Journey 4: in part first, then the rest."""
    town, case_no = visitor.town, await acts.open_case(visitor.town)
    asked = {"liaison_phone": "电话打不通", "address": "请写到门牌号", "company_name": "名称不符"}
    items = [{"pointer": f"/form/{name}", "what": what} for name, what in asked.items()]
    answer = await town.post("counter", f"/api/cases/{case_no}/corrections", {"items": items})
    assert answer.status_code == 200, answer.text
    path = f"/my/cases/{case_no}/supplement"
    page = await visitor.get(path)
    for what in asked.values():
        assert f"要求：{what}" in page.text
    form = applicant.values(page, path)
    nothing = await visitor.post(path, form)
    assert nothing.status_code == 422
    first = await visitor.post(path, form | {"/form/liaison_phone": "13811112222", "/form/address": "文一西路2号"})
    assert first.status_code == 200
    assert first.text.count("<dt>改前</dt>") == 2
    assert "还有没改的：企业名称" in first.text
    done = await visitor.send(first, path, {"sure": "1"})
    assert (done.status_code, done.headers["location"]) == (303, path)
    page = await visitor.get(path)
    assert "要求：名称不符" in page.text
    assert "要求：电话打不通" not in page.text
    second = await visitor.post(path, applicant.values(page, path) | {"/form/company_name": "新名称有限公司"})
    back = await visitor.send(second, path, {"back": "1"})
    assert 'value="新名称有限公司"' in back.text
    done = await visitor.send(second, path, {"sure": "1"})
    assert done.headers["location"] == f"/my/cases/{case_no}"
    shown = await visitor.get(f"/my/cases/{case_no}")
    assert shown.text.count("改为“") == 3
    assert "13811112222" in shown.text
    again = {"items": [{"pointer": "/form/liaison_phone", "what": "还是打不通"}]}
    said = await town.post("counter", f"/api/cases/{case_no}/corrections", again)
    assert said.status_code == 200, said.text
    assert applicant.values(await visitor.get(path), path)["/form/liaison_phone"] == "13811112222"


async def test_a_wrong_correction_is_told_at_the_field_and_kept(visitor: Visitor) -> None:
    case_no = await acts.correction(visitor.town)
    path = f"/my/cases/{case_no}/supplement"
    form = applicant.values(await visitor.get(path), path) | {"/form/liaison_phone": "不是号码"}
    sure = await visitor.post(path, form)
    refused = await visitor.send(sure, path, {"sure": "1"})
    assert refused.status_code == 422
    assert 'value="不是号码"' in refused.text
    assert 'href="#f-form-liaison_phone"' in refused.text


async def test_what_withdrawing_brings_is_said_before(visitor: Visitor) -> None:
    case_no = await acts.accepted_case(visitor.town)
    await acts.approve(visitor.town, case_no, "registration")
    path = f"/my/cases/{case_no}/withdraw"
    page = await visitor.get(path)
    assert "已经办成的" in page.text
    assert "撤回后仍然有效" in page.text
    assert "不再办理的" in page.text
    assert (await visitor.send(page, path, {})).status_code == 303
    assert "您已撤回申请" in (await visitor.get(f"/my/cases/{case_no}")).text
    again = await visitor.post(path, hidden(await visitor.get(path), path))
    assert again.status_code == 409


async def test_complaint_20_urging_twice_is_once_and_its_answer_is_due(visitor: Visitor) -> None:
    case_no = await acts.accepted_case(visitor.town)
    path = f"/my/cases/{case_no}/urge"
    page = await visitor.get(path)
    for _ in range(2):
        sent = await visitor.send(page, path, {"/text": "请快一点"})
        assert sent.status_code == 303
        assert "催办已经送到承办部门" in (await visitor.get(sent.headers["location"])).text
    lines = visitor.town.rows("select count(*) from journal where case_no = %s and kind = 'urged'", case_no)
    assert lines == [(1,)]
    shown = await visitor.get(f"/my/cases/{case_no}")
    assert re.search(r"已送达承办部门（\d+月\d+日 \d\d:\d\d）.*前答复", shown.text)
    early = await visitor.send(await visitor.get(path), path, {"/text": "再快一点"})
    assert early.status_code == 429
    assert "再快一点" in early.text
    answered = await visitor.town.post("officer.amr", f"/api/cases/{case_no}/urge/answer", {"text": "今天办好"})
    assert answered.status_code == 200, answered.text
    assert "今天办好" in (await visitor.get(f"/my/cases/{case_no}")).text


async def test_an_urge_about_what_was_decided_meanwhile_says_so(visitor: Visitor) -> None:
    town, case_no = visitor.town, await acts.accepted_case(visitor.town)
    path = f"/my/cases/{case_no}/urge"
    answered = await acts.accepted_case(town)
    for number in (case_no, answered):
        asked = {"item": "registration", "text": "请快一点"}
        assert (await town.post("citizen", f"/api/cases/{number}/urge", asked)).status_code == 200
        done = await town.post(
            "supervisor", f"/api/cases/{number}/supervise", {"item": "registration", "text": "为什么"}
        )
        assert done.status_code == 200, done.text
    for act, reply in (("urge", {"text": "好"}), ("supervise", {"item": "registration", "text": "好"})):
        said = await town.post("officer.amr", f"/api/cases/{answered}/{act}/answer", reply)
        assert said.status_code == 200, said.text
    assert "已办结：" not in (await visitor.get(f"/my/cases/{case_no}")).text
    await acts.approve(town, case_no, "registration")
    await acts.approve(town, answered, "registration")
    shown = await visitor.get(f"/my/cases/{case_no}")
    assert re.search(r"催办：企业设立登记</b>.*\s*✓ 已办结：", shown.text)
    assert "督办：" not in shown.text
    assert path not in shown.text or "不再另行答复" in shown.text
    assert "已办结：" not in (await visitor.get(f"/my/cases/{answered}")).text, "it was answered"
    async with Visitor(town) as supervisor:
        await supervisor.sign_in("supervisor")
        seen = await supervisor.get(f"/supervise/cases/{case_no}")
        assert re.search(r"督办：企业设立登记</b>.*\s*✓ 已办结：", seen.text)
        assert re.search(r"催办：企业设立登记</b>.*\s*✓ 已办结：", seen.text)


async def test_a_rating_has_no_grade_preset_and_is_given_once(visitor: Visitor) -> None:
    case_no = await acts.closed(visitor.town)
    assert f"/my/cases/{case_no}/rate" in (await visitor.get(f"/my/cases/{case_no}")).text
    path = f"/my/cases/{case_no}/rate"
    page = await visitor.get(path)
    assert " checked" not in page.text
    empty = await visitor.send(page, path, {"/comment": "很好"})
    assert empty.status_code == 422
    assert "很好" in empty.text
    assert (await visitor.send(empty, path, {"/grade": "1" * 5_000})).status_code == 422
    given = await visitor.send(empty, path, {"/grade": "5", "/tags": ["fast", "slow"], "/comment": "很好"})
    assert given.status_code == 303
    thanked = (await visitor.get(given.headers["location"])).text
    assert "谢谢您的评价" in thanked
    assert "您可以</h2>" not in thanked, "nothing is left to do"
    ((event,),) = visitor.town.rows("select event from journal where case_no = %s and kind = 'rated'", case_no)
    assert event["tags"] == ["fast"]
    assert f'href="/my/cases/{case_no}/rate"' not in (await visitor.get(f"/my/cases/{case_no}")).text


async def test_a_letter_is_read_with_its_remedies_and_marked(visitor: Visitor) -> None:
    case_no = await acts.rejected(visitor.town)
    page = await visitor.get(f"/my/cases/{case_no}")
    found = re.search(rf'href="(/my/cases/{case_no}/documents/\d+)"', page.text)
    assert found is not None
    letter = await visitor.get(found[1])
    assert "不属于本机关职权范围" in letter.text
    assert "不服怎么办" in letter.text
    paper = await visitor.get(f"{found[1]}.pdf")
    assert paper.content.startswith(b"%PDF")
    assert "sandbox" in paper.headers["content-security-policy"]
    assert "收到" in (await visitor.get(f"/my/cases/{case_no}")).text


async def test_certificates_lead_to_where_they_are_verified(visitor: Visitor) -> None:
    case_no = await acts.delivered(visitor.town)
    number = acts.certificate_no(visitor.town, case_no)
    page = await visitor.get(f"/my/cases/{case_no}")
    assert f'href="/verify/{number}"' in page.text


async def test_a_certificate_is_taken_home_from_its_case_and_from_own_licences(visitor: Visitor) -> None:
    town = visitor.town
    common = json.dumps(opening()["form"], ensure_ascii=False).replace("䶮", "一").replace("𠮷", "吉").replace("🚀", "")
    form = json.loads(common)  # no font for rarer characters is needed
    case_no = await acts.accepted_case(town, applicant=people.ZHAO.applicant, form=form)
    for item in ("registration", "seal", "tax"):
        await acts.approve(town, case_no, item)
    await town.finish(case_no, until="delivered")
    number = acts.certificate_no(town, case_no)
    page, mine = await visitor.get(f"/my/cases/{case_no}"), await visitor.get("/my/licences")
    for shown, path in ((page, f"/my/cases/{case_no}/certificates/{number}.pdf"), (mine, f"/my/licences/{number}.pdf")):
        assert f'href="{path}"' in shown.text
        paper = await visitor.get(path)
        assert (paper.status_code, paper.headers["content-type"]) == (200, "application/pdf"), paper.text
        words = pypdfium2.PdfDocument(paper.content)[0].get_textpage().get_text_range()
        for said in ("营业执照", number, f"/verify/{number}"):
            assert said in "".join(words.split()), words
        assert f'filename="{number}.pdf"' in paper.headers["content-disposition"]
        async with Visitor(town) as other:
            await other.sign_in("citizen2")
            assert (await other.get(path)).status_code == 404
    looked = town.rows(
        "select act, case_no from access_log where detail in (%s, %s) order by id", number, f"own:{number}"
    )
    assert looked == [("view_documents", case_no), ("search_licences", None)]


async def test_own_licences_are_listed_by_the_identity_that_was_proved(visitor: Visitor) -> None:
    number = acts.certificate_no(visitor.town, await acts.delivered(visitor.town))
    assert number in (await visitor.get("/my/licences?limit=200")).text
    logged = "select outcome, detail from access_log where act = 'search_licences' order by id desc limit 1"
    assert visitor.town.rows(logged) == [("done", "own")]
    async with Visitor(visitor.town) as other:
        await other.sign_in("agent")
        assert "没有核验过证件号码" in (await other.get("/my/licences")).text


async def test_own_licences_are_found_by_a_number_that_is_posted(visitor: Visitor) -> None:
    case_no = await acts.delivered(visitor.town)
    number = acts.certificate_no(visitor.town, case_no)
    page = await visitor.get("/my/licences")
    own = {"/id_type": "resident_id", "/id_number": applicant.APPLICANT["/applicant/id_number"]}
    found = await visitor.send(page, "/my/licences", own)
    assert number in found.text
    other = await visitor.send(page, "/my/licences", own | {"/id_number": people.LI.id_number})
    assert other.status_code == 403
    assert (await visitor.send(page, "/my/licences", own | {"/id_number": ""})).status_code == 422


async def test_a_mandate_is_given_shown_and_revoked(visitor: Visitor) -> None:
    page = await visitor.get("/my/mandates/new")
    giver = {"/giver/name": "张三", "/giver/id_number": applicant.APPLICANT["/applicant/id_number"]}
    told = giver | {"/agent": "agent", "/agent_name": "帮办员", "/kind": "helper", "/acts": ["apply", "supply"]}
    wrong = await visitor.send(page, "/my/mandates/new", told)
    assert wrong.status_code == 422
    assert 'value="帮办员"' in wrong.text
    expires = f"{visitor.town.clock.now().year + 1}-01-31"
    given = await visitor.send(wrong, "/my/mandates/new", told | {"/expires_on": expires})
    assert given.headers["location"] == "/my/mandates", given.text
    listed = await visitor.get("/my/mandates")
    path = re.search(r'href="(/my/mandates/m[0-9a-f]{16})"', listed.text)
    assert path is not None
    one = await visitor.get(path[1])
    assert "提交申请、补正" in one.text
    assert (await visitor.send(one, f"{path[1]}/revoke", {})).status_code == 303
    assert "已撤销" in (await visitor.get("/my/mandates")).text


async def test_who_looked_is_told_by_office_and_never_by_account(visitor: Visitor) -> None:
    case_no = await acts.accepted_case(visitor.town)
    await visitor.town.get("officer.amr", f"/api/cases/{case_no}")
    page = await visitor.get("/my/access")
    assert "市场监督管理局" in page.text
    assert "officer.amr" not in page.text
    assert "为什么：办理归本部门的事项" in page.text
    assert "连我自己的也看" in page.text
    assert (await visitor.get("/my/access?own=true")).status_code == 200


async def test_notices_say_so_when_there_are_none(visitor: Visitor) -> None:
    assert "没有要告知您的" in (await visitor.get("/my/notices")).text


async def test_no_page_has_a_script_or_style_of_its_own_text(visitor: Visitor) -> None:
    case_no = await acts.accepted_case(visitor.town)
    begun = await acts.draft(visitor.town)
    paths = ["/my", "/my/licences", "/my/mandates", "/my/mandates/new", "/my/access", "/my/notices"]
    paths += [f"/my/cases/{case_no}{end}" for end in ("", "/withdraw", "/urge", "/supplement")]
    paths += [
        f"/my/drafts/{begun}{end}" for end in ("", "/check", "/sections/situation", "/sections/form-1", "/delete")
    ]
    for path in paths:
        text = (await visitor.get(path)).text
        assert "<h1" in text, path
        assert not re.search(r"<script(?![^>]*\bsrc=)", text), path
        assert not re.search(r"<style|\sstyle=|\son[a-z]+=", text), path
