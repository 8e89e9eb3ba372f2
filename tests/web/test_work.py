"""A department's pages without scripts: its queue, one task, what is done with it."""

import gzip
import re
from collections.abc import AsyncIterator
from typing import Any

import pytest

from onething.services.available.actions import ON_TASKS
from onething.store.connection.database import Transaction
from onething.store.connection.sql_files import Query
from onething.web.core.forms import Form
from onething.web.tasks.acts import CASE_ACTS, MAIN, TASK_ACTS
from onething.web.tasks.search import search_of
from tests.api import acts
from tests.api.forms import REQUIRED_PAPERS, opening
from tests.api.test_materials import company_draft, upload
from tests.api.town import Town
from tests.support import people
from tests.web.office import decision, link, press, row_of, task_of, ticking
from tests.web.visitor import Visitor, hidden


@pytest.fixture
async def officer(town: Town) -> AsyncIterator[Visitor]:
    async with Visitor(town) as visitor:
        await visitor.sign_in("officer.amr")
        yield visitor


def test_every_act_on_a_task_has_a_page_with_its_effect() -> None:
    assert set(TASK_ACTS) == set(ON_TASKS)
    assert all(words.effect.endswith("。") and words.verb for words in (*TASK_ACTS.values(), *CASE_ACTS.values()))
    assert set(MAIN.values()) <= set(TASK_ACTS)


async def test_the_queue_shows_who_what_and_until_when(officer: Visitor, town: Town) -> None:
    case_no = await acts.accepted_case(town)
    page = await officer.get("/work")
    assert page.status_code == 200
    row = row_of(page, case_no)
    assert "杭州䶮𠮷商贸有限公司" in row
    assert "企业开办" in row
    assert "（承诺）" in row
    assert "未认领" in row
    assert "330106" not in page.text, "no numbers of people"
    assert "aria-current" in page.text


async def test_a_task_is_claimed_from_its_row_and_the_row_is_there_again(officer: Visitor, town: Town) -> None:
    case_no = await acts.accepted_case(town)
    page = await officer.get("/work?bundle=enterprise-opening")
    fields = ticking(page)
    answer = await officer.post(f"{task_of(case_no)}/claim", fields)
    assert answer.status_code == 303
    assert answer.headers["location"] == f"/work?bundle=enterprise-opening#row-{case_no}-registration-1"
    assert ">我<" in row_of(await officer.get("/work?bundle=enterprise-opening"), case_no).replace("<td>我", "<td>>我<")


async def test_opening_does_not_claim(officer: Visitor, town: Town) -> None:
    case_no = await acts.accepted_case(town)
    page = await officer.get(task_of(case_no))
    assert page.status_code == 200
    assert "未认领" in page.text
    assert town.rows("select claimed_by from tasks where task_id = %s", f"{case_no}-registration-1") == [(None,)]


async def test_a_task_shows_what_is_needed_with_where_it_comes_from_and_covers_numbers(
    officer: Visitor, town: Town
) -> None:
    case_no = await acts.accepted_case(town)
    page = await officer.get(task_of(case_no))
    for told in ("杭州市西湖区文一西路1号", "申请时填写", "作出决定", "立即生效", "为什么是这一天"):
        assert told in page.text or told == "为什么是这一天"
    form = (await town.get("officer.amr", f"/api{task_of(case_no).removeprefix('/work')}")).json()["case"]["form"]
    number = form["representative_id"]["number"]
    assert number not in page.text
    shown = await officer.get(f"{task_of(case_no)}?numbers=1")
    assert number in shown.text


async def test_what_was_filled_in_stands_in_the_order_of_the_form_whoever_sent_it(officer: Visitor, town: Town) -> None:
    form = opening()["form"]
    case_no = await acts.accepted_case(town, form=dict(reversed(form.items())))
    page = (await officer.get(task_of(case_no))).text
    labels = [one.label for one in town.context.catalog.latest["enterprise-opening"].form if one.id in form]
    shown = re.findall(r'<th scope="row">([^<]+)', page)
    known = [one for one in shown if one in labels]
    assert known == [one for one in labels if one in known]


async def test_why_a_date_is_the_one_that_it_is(officer: Visitor, town: Town) -> None:
    case_no = await acts.accepted_case(town)
    page = await officer.get(f"{task_of(case_no)}?tab=clocks")
    assert "为什么是这一天" in page.text
    assert "起算当日，不计入" in page.text
    assert "经过" in (await officer.get(f"{task_of(case_no)}?tab=timeline")).text
    part = await officer.get(f"{task_of(case_no)}?tab=clocks", headers={"HX-Request": "true", "HX-Target": "more"})
    assert part.text.lstrip().startswith('<div id="more">')


async def test_journey_8_filter_open_decide_next(officer: Visitor, town: Town) -> None:
    """And the row appears in the next department (journey 8)."""
    first, second = [await acts.accepted_case(town) for _ in range(2)]
    queue = await officer.get("/work?bundle=enterprise-opening&holder=unclaimed")
    assert row_of(queue, first)
    link = re.search(rf'href="(/work/tasks/{first}-registration-1[^"]*)"', queue.text)
    assert link is not None
    page = await officer.get(link[1].replace("&amp;", "&"))
    answer = await officer.send(page, f"{task_of(first)}/decide", decision(first))
    assert answer.status_code == 303, answer.text
    after = await officer.get(answer.headers["location"])
    assert "决定已记录" in after.text
    onward = re.search(r'href="(/work/next[^"]*)"', after.text)
    assert onward is not None
    following = await officer.get(onward[1].replace("&amp;", "&"))
    assert following.status_code == 303
    assert following.headers["location"].startswith("/work/tasks/")
    assert first not in following.headers["location"]
    assert "bundle%3Denterprise-opening" in following.headers["location"], "the filter goes along"
    async with Visitor(town) as seal:
        await seal.sign_in("officer.psb")
        assert row_of(await seal.get("/work"), first)
    assert second in (await officer.get("/work?bundle=enterprise-opening&holder=unclaimed")).text


async def test_pressed_twice_it_is_decided_once(officer: Visitor, town: Town) -> None:
    case_no = await acts.accepted_case(town)
    page = await officer.get(task_of(case_no))
    fields = hidden(page, f"{task_of(case_no)}/decide") | decision(case_no)
    answers = [await officer.post(f"{task_of(case_no)}/decide", fields) for _ in range(2)]
    assert [one.status_code for one in answers] == [303, 303]
    decided = town.rows("select count(*) from journal where case_no = %s and kind = 'item_decided'", case_no)
    assert decided == [(1,)]


async def test_what_is_wrong_is_said_at_the_field_and_all_that_was_typed_is_kept(officer: Visitor, town: Town) -> None:
    case_no = await acts.accepted_case(town)
    typed = decision(case_no, **{"/opinion": "意见不能丢", "/outputs/uscc": "不是代码"})
    answer = await press(officer, task_of(case_no), "decide", typed)
    assert answer.status_code == 422
    assert "<title>错误：" in answer.text
    assert 'href="#f-outputs-uscc"' in answer.text
    assert "意见不能丢" in answer.text
    assert 'value="不是代码"' in answer.text
    assert 'value="approve" id="f-outcome" checked' in answer.text


async def test_a_refusal_says_why(officer: Visitor, town: Town) -> None:
    case_no = await acts.accepted_case(town)
    answer = await press(officer, task_of(case_no), "decide", {"/outcome": "refuse"})
    assert answer.status_code == 422
    assert "不予的，请写明理由和依据" in answer.text
    answer = await press(officer, task_of(case_no), "decide", {"/outcome": "refuse", "/opinion": "住所不实"})
    assert answer.status_code == 303


async def test_journey_9_two_officers_one_task(officer: Visitor, town: Town) -> None:
    """Who comes second is told what stands, and keeps what they wrote (journey 9)."""
    case_no = await acts.accepted_case(town)
    async with Visitor(town) as leader:
        await leader.sign_in("leader.amr")
        theirs = await leader.get(task_of(case_no))
        assert (await press(officer, task_of(case_no), "decide", decision(case_no))).status_code == 303
        late = await leader.send(theirs, f"{task_of(case_no)}/decide", {"/outcome": "refuse", "/opinion": "我认为不符"})
    assert late.status_code == 409
    assert "市场监督管理局已于" in late.text
    assert "准予" in late.text
    assert "您的意见没有记录" in late.text
    assert "我认为不符" in late.text
    assert "回待办" in late.text


async def test_transfer_release_and_take_again(officer: Visitor, town: Town) -> None:
    case_no = await acts.accepted_case(town)
    address = task_of(case_no)
    assert (await press(officer, address, "claim", {})).status_code == 303
    wrong = await press(officer, address, "transfer", {"/to": "officer.tax"})
    assert wrong.status_code == 422
    assert 'value="officer.tax"' in wrong.text
    assert (await press(officer, address, "transfer", {"/to": "leader.amr"})).status_code == 303
    assert "leader.amr" in row_of(await officer.get("/work"), case_no)
    refused = await officer.post(
        f"{address}/release", hidden(await officer.get("/work/at-systems"), "/sign-out") | {"_key": "k"}
    )
    assert refused.status_code == 409


async def test_giving_back_is_offered_of_what_somebody_has_and_claiming_of_what_oneself_has_not(town: Town) -> None:
    case_no = await acts.accepted_case(town)
    address, task = task_of(case_no), f"/api/tasks/{case_no}-registration-1"
    async with Visitor(town) as leader:
        await leader.sign_in("leader.amr")
        free = await leader.get(address)
        assert f'action="{address}/claim"' in free.text
        assert f'action="{address}/release"' not in free.text
        assert "待办没有人认领，不需要放回。" in free.text
        refused = await town.post("leader.amr", f"{task}/release")
        assert (refused.status_code, refused.json()["code"]) == (409, "not_allowed_now")
        assert (await town.post("leader.amr", f"{task}/claim")).status_code == 200
        mine = await leader.get(address)
        assert f'action="{address}/claim"' not in mine.text
        assert f'action="{address}/release"' in mine.text


async def test_who_may_not_do_it_is_told_why(officer: Visitor, town: Town) -> None:
    """An act that is not allowed stands there with its reason."""
    case_no = await acts.accepted_case(town)
    page = await officer.get(task_of(case_no))
    assert "现在不能办的" in page.text
    assert "恢复计时" in page.text
    assert (await officer.get("/work/tasks/330100202603020000017-registration-1")).status_code == 404


async def test_another_department_has_no_such_page(town: Town) -> None:
    case_no = await acts.accepted_case(town)
    async with Visitor(town) as tax:
        await tax.sign_in("officer.tax")
        assert (await tax.get(task_of(case_no))).status_code == 404
    async with Visitor(town) as citizen:
        await citizen.sign_in("citizen")
        assert (await citizen.get("/work")).status_code in (403, 404)


async def test_a_case_shows_all_its_items_and_an_urge_is_answered(officer: Visitor, town: Town) -> None:
    case_no = await acts.accepted_case(town)
    assert (await town.post("citizen", f"/api/cases/{case_no}/urge", {"item": "registration"})).status_code == 200
    queue = await officer.get("/work?flags=urged")
    assert "申请人催办，还没有答复" in row_of(queue, case_no)
    page = await officer.get(task_of(case_no))
    assert f"/work/cases/{case_no}/answer-urge" in page.text
    answer = await press(officer, f"/work/cases/{case_no}", "answer-urge", {"/text": "今天办完"})
    assert answer.status_code == 303, answer.text
    assert "催办已答复" in (await officer.get(answer.headers["location"])).text
    assert case_no not in (await officer.get("/work?flags=urged")).text


async def test_at_systems_is_there(officer: Visitor) -> None:
    page = await officer.get("/work/at-systems")
    assert page.status_code == 200
    assert "业务系统在办" in page.text


async def test_complaint_16_earliest_due_first(officer: Visitor, town: Town) -> None:
    await acts.accepted_case(town)
    page = await officer.get("/work")
    shown = re.findall(r'data-task="([^"]+)"', page.text)
    rows = (await town.get("officer.amr", "/api/tasks?limit=50")).json()["items"]
    assert shown == [one["task_id"] for one in rows]


async def test_complaint_25_each_part_of_a_filter_applies_and_can_be_taken_out(officer: Visitor, town: Town) -> None:
    case_no = await acts.accepted_case(town)
    page = await officer.get("/work?bundle=enterprise-opening&holder=unclaimed&item=registration")
    assert row_of(page, case_no)
    for rest in (
        "/work?bundle=enterprise-opening&amp;item=registration",
        "/work?bundle=enterprise-opening&amp;holder=unclaimed",
        "/work?holder=unclaimed",
    ):
        assert f'href="{rest}"' in page.text
    assert case_no not in (await officer.get("/work?bundle=newborn&holder=unclaimed")).text


async def test_complaint_29_what_is_done_and_what_stands_still_stays_findable(officer: Visitor, town: Town) -> None:
    case_no = await acts.accepted_case(town)
    await press(officer, task_of(case_no), "claim", {})
    await press(officer, task_of(case_no), "decide", decision(case_no))
    done = await officer.get("/work?state=closed&holder=mine")
    assert "准予" in row_of(done, case_no)


async def test_complaint_19_a_note_typed_beside_a_decision_is_kept(officer: Visitor, town: Town) -> None:
    case_no = await acts.accepted_case(town)
    note = {"note/text": "电话核实过住所"}
    wrong = await press(officer, task_of(case_no), "decide", {"/outcome": "refuse", **note})
    assert wrong.status_code == 422
    assert "电话核实过住所" in wrong.text
    answer = await press(officer, task_of(case_no), "decide", decision(case_no, **note))
    assert answer.status_code == 303
    assert "电话核实过住所" in (await officer.get(task_of(case_no))).text
    async with Visitor(town) as seal:
        await seal.sign_in("officer.psb")
        assert "电话核实过住所" not in (await seal.get(task_of(case_no, "seal"))).text


async def test_what_is_pinned_stands_at_its_field_and_two_who_pin_see_both(officer: Visitor, town: Town) -> None:
    case_no = await acts.accepted_case(town)
    page = await officer.get(task_of(case_no))
    address = f"{task_of(case_no)}/note"
    mine = {"_token": hidden(page, address)["_token"], "pin/place": "form/address", "pin/version": "0"}
    assert page.text.count('name="pin/place" value="form/address"') == 1
    places = re.findall(r'name="pin/place" value="(material/[^"]+)"', page.text)
    assert len(places) > 3
    for place in places:
        assert (await officer.post(address, {**mine, "pin/place": place, "pin/text": place})).status_code == 303, place
    pinned = await officer.post(address, {**mine, "pin/text": "与登记簿核对过"})
    assert (pinned.status_code, pinned.headers["location"]) == (303, f"{task_of(case_no)}#f-pin-form-address")
    again = (await officer.get(task_of(case_no))).text
    assert re.search(r"与登记簿核对过 <span[^>]*>officer.amr", again)
    assert 'id="f-pin-form-address"' in again
    late = await officer.post(address, {**mine, "pin/text": "我后写的"})
    assert late.status_code == 412
    assert "与登记簿核对过" in late.text
    assert re.search(r"<textarea[^>]*pin/text[^>]*>我后写的</textarea>", late.text), "what was typed is still there"


async def test_two_who_write_a_note_see_both(officer: Visitor, town: Town) -> None:
    case_no = await acts.accepted_case(town)
    address = f"{task_of(case_no)}/note"
    async with Visitor(town) as leader:
        await leader.sign_in("leader.amr")
        theirs = hidden(await leader.get(task_of(case_no)), f"{task_of(case_no)}/decide")
        mine = hidden(await officer.get(task_of(case_no)), f"{task_of(case_no)}/decide")
        saved = await officer.post(address, {**mine, "note/text": "我先写的", "/opinion": "写了一半"})
        assert (saved.status_code, "已保存" in saved.text, "写了一半" in saved.text) == (200, True, True)
        late = await leader.post(address, {**theirs, "note/text": "我后写的"})
    assert late.status_code == 412
    assert "我先写的" in late.text
    assert "我后写的" in late.text


async def test_a_search_is_in_no_address(officer: Visitor, town: Town) -> None:
    case_no = await acts.accepted_case(town)
    page = await officer.get("/work/search")
    answer = await officer.send(page, "/work/search", {"/what": "杭州䶮𠮷商贸有限公司"})
    assert answer.status_code == 200
    assert f"/work/tasks/{case_no}-registration-1" in answer.text
    person = await officer.send(page, "/work/search", {"/what": "张三"})
    assert person.status_code == 422
    assert "为什么查" in person.text
    assert 'value="张三"' in person.text


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("330100202603020000017", {"case_no": "330100202603020000017"}),
        ("3301 0020 2603 0200 0001 7", {"case_no": "330100202603020000017"}),
        ("https://onething.test/progress/330100202603020000017", {"case_no": "330100202603020000017"}),
        (people.ZHANG.id_number, {"id_number": people.ZHANG.id_number, "id_type": "resident_id"}),
        ("91330106MA2CFLDG4R", {"id_number": "91330106MA2CFLDG4R", "id_type": "uscc"}),
        ("E12345678", {"id_number": "E12345678", "id_type": "passport"}),
        ("杭州䶮𠮷商贸有限公司", {"enterprise_name": "杭州䶮𠮷商贸有限公司"}),
        ("阿依古丽·买买提", {"applicant_name": "阿依古丽·买买提"}),
        ("张三", {"applicant_name": "张三"}),
        ("老张面馆杭州分店", {"enterprise_name": "老张面馆杭州分店"}),
        ("123", {"applicant_name": "123"}),
    ],
)
def test_one_box_knows_what_is_written_in_it(text: str, wanted: dict[str, str]) -> None:
    assert search_of(Form((("/what", text),))) == wanted
    chosen = search_of(Form((("/what", text), ("/as", "enterprise_name"), ("/reason", "核对"))))
    assert chosen == {"enterprise_name": text, "reason": "核对"}, "or it is told"


async def test_a_view_is_saved_opened_and_removed(officer: Visitor) -> None:
    page = await officer.get("/work?bundle=enterprise-opening&holder=unclaimed")
    saved = await officer.send(page, "/work/views", {"/name": "开办未认领"})
    assert saved.status_code == 303
    queue = await officer.get(saved.headers["location"])
    address = "/work?bundle=enterprise-opening&amp;holder=unclaimed"
    assert f'<a href="{address}">开办未认领</a>' in queue.text
    number = re.search(r'name="view" value="(\d+)"', queue.text)
    assert number is not None
    assert (await officer.send(queue, "/work/views/remove", {"view": number[1]})).status_code == 303
    assert "开办未认领" not in (await officer.get("/work")).text
    nameless = await officer.send(page, "/work/views", {"/name": ""})
    assert nameless.status_code == 422


async def test_complaint_10_the_count_and_the_rows_are_of_one_moment(officer: Visitor, town: Town) -> None:
    """One answer has both, also where the page asks by itself; asking so is no use of the session."""
    case_no = await acts.accepted_case(town)
    headers = {"HX-Request": "true", "HX-Target": "queue"}
    before = await officer.get("/work/live?holder=unclaimed", headers=headers)
    assert before.text.lstrip().startswith('<div id="queue"')
    assert row_of(before, case_no)
    assert (await press(officer, task_of(case_no), "decide", decision(case_no))).status_code == 303
    after = await officer.get("/work/live?holder=unclaimed", headers=headers)
    assert f"/{case_no}" not in after.text
    assert total(before.text) - total(after.text) == 1


def total(text: str) -> int:
    found = re.search(r'id="queue-total">(\d+)<', text)
    assert found is not None
    return int(found[1])


async def test_complaint_15_a_filter_survives_opening_deciding_and_coming_back(officer: Visitor, town: Town) -> None:
    case_no = await acts.accepted_case(town)
    queue = await officer.get("/work?bundle=enterprise-opening&flags=&due=week&holder=unclaimed")
    page = await officer.get(link(queue, f"{task_of(case_no)}?"))
    answer = await officer.send(page, f"{task_of(case_no)}/decide", decision(case_no))
    after = await officer.get(answer.headers["location"])
    back = link(after, "/work?")
    assert back.startswith("/work?bundle=enterprise-opening&holder=unclaimed&due=week#")


async def test_complaint_21_three_fields_corrected_are_three_pairs(officer: Visitor, town: Town) -> None:
    case_no = await acts.open_case(town)
    asked = [{"pointer": f"/form/{name}", "what": "请核对"} for name in ("liaison_phone", "address", "liaison_name")]
    assert (await town.post("counter", f"/api/cases/{case_no}/corrections", {"items": asked})).status_code == 200
    form = {"liaison_phone": "13911112222", "address": "杭州市西湖区文二路2号", "liaison_name": "王五"}
    assert (await town.post("citizen", f"/api/cases/{case_no}/supplement", {"form": form})).status_code == 200
    await town.fetch_all(case_no)
    assert (await town.post("counter", f"/api/cases/{case_no}/accept")).status_code == 200
    page = await officer.get(f"{task_of(case_no)}?numbers=1")
    pairs = page.text[page.text.index('id="changes"') :].split("</table>")[0]
    for before, after in (
        ("买买提·艾力", "王五"),
        ("杭州市西湖区文一西路1号", "杭州市西湖区文二路2号"),
        ("13900000000", "13911112222"),
    ):
        assert before in pairs
        assert after in pairs
    covered = await officer.get(task_of(case_no))
    assert "139＊＊＊00" in covered.text
    assert "13900000000" not in covered.text


_COPIES = """
    insert into tasks (task_id, case_no, kind, item, name, department, region, bundle, round, state, due_at, opened_at)
    select no || '-registration-1', no, kind, item, name, department, region, bundle, round, state,
           due_at + n * interval '1 second', opened_at
    from tasks, generate_series(1, %s) n, lateral (select '33010020260301' || lpad(n::text, 7, '0') as no) numbered
    where task_id = %s
"""


async def test_complaint_17_every_row_of_800_once_though_rows_end_while_one_pages(
    fresh_town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One is decided and one claimed between two pages: no other is left out or shown twice; and what a page asks of
    the database, and how long it is, does not grow with the list."""
    town = fresh_town
    case_nos = [await acts.accepted_case(town) for _ in range(4)]
    asked = _counted(monkeypatch)
    async with Visitor(town) as officer:
        await officer.sign_in("officer.amr")
        await officer.get("/work")
        asked.clear()
        await officer.get("/work")
        few = len(asked)
        town.change(_COPIES, 796, f"{case_nos[0]}-registration-1")
        shown, address = [], "/work?limit=100"
        asked.clear()
        first = await officer.get("/work")
        assert len(asked) == few, "as many questions for 800 as for four"
        assert len(gzip.compress(first.content)) < 25_000
        assert first.text.count("data-task=") == 50
        while address:
            page = await officer.get(address)
            shown += re.findall(r'data-task="([^"]+)"', page.text)
            after = re.search(r'name="after" value="([^"]+)" id="next-page"', page.text)
            if address == "/work?limit=100":
                assert "下一页" in page.text
                decided = shown[1].removesuffix("-registration-1")
                assert (await press(officer, task_of(decided), "decide", decision(decided))).status_code == 303
                claim = await officer.post(f"/work/tasks/{shown[2]}/claim", ticking(page))
                assert claim.status_code == 303
            moved = after and await officer.post("/work/ticks", {**ticking(page), "after": after[1]})
            address = moved.headers["location"] if moved else ""
    assert len(shown) == len(set(shown)) == 800
    assert {f"{one}-registration-1" for one in case_nos} <= set(shown)


def _counted(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What is asked of the database, as it is asked."""
    asked: list[str] = []
    rows = Transaction.rows

    async def counted_rows(self: Transaction, query: Query, **values: Any) -> Any:
        asked.append(query.text)
        return await rows(self, query, **values)

    monkeypatch.setattr(Transaction, "rows", counted_rows)
    return asked


async def test_complaint_22_a_document_is_looked_at_page_by_page_and_changes_by_hand_only(
    officer: Visitor, town: Town
) -> None:
    case_no = await company_draft(town)
    for code in REQUIRED_PAPERS:
        assert (await upload(town, case_no, code)).status_code == 201
    assert (await town.post("citizen", f"/api/cases/{case_no}/submit")).status_code == 200
    await town.fetch_all(case_no)
    assert (await town.post("counter", f"/api/cases/{case_no}/accept")).status_code == 200
    page = await officer.get(task_of(case_no))
    address = link(page, f"/work/cases/{case_no}/materials/articles/view?")
    part = await officer.get(address, headers={"HX-Request": "true", "HX-Target": "viewer"})
    assert part.text.lstrip().startswith('<figure id="viewer"')
    assert "第 1/1 页" in part.text
    assert "data:image/jpeg;base64," in part.text
    assert (await officer.get(f"/work/cases/{case_no}/materials/articles/view?page=2")).status_code == 404
    file = await officer.get(link(page, f"/work/cases/{case_no}/materials/articles?version="))
    assert file.content.startswith(b"%PDF")
    assert file.headers["content-disposition"].startswith("attachment")
    assert file.headers["content-security-policy"].startswith("sandbox")


@pytest.mark.parametrize(
    "path",
    [
        "/work/bulk",
        "/work/bulk/run",
        "/work/ticks",
        "/work/views",
        "/work/views/remove",
        "/work/search",
        "note",
        "decide",
        "consult/withdraw",
        "look-up",
        "transfer",
        "case/check",
        "case/answer-supervision",
    ],
)
async def test_what_no_page_sends_is_refused_as_what_is_wrong(officer: Visitor, town: Town, path: str) -> None:
    case_no = await acts.accepted_case(town)
    address = path if path.startswith("/") else f"{task_of(case_no)}/{path}"
    if path.startswith("case/"):
        address = f"/work/cases/{case_no}/{path.removeprefix('case/')}"
    token = hidden(await officer.get("/work/at-systems"), "/sign-out")
    odd = {
        "back": "bundle=x&due=never&after=%00&ticked=1" + "y" * 5_000,
        "ticked": ["x" * 200, "²", f"{case_no}-registration-1"] * 80,
        "act": "approve",
        "/numbers": "9" * 5_000,
        "subject": "²/../x",
        "view": "²",
        "seen/x": "a:²",
        "/seen/articles": "²",
        "/found": "maybe",
        "/record/x": "1.1e999",
        "kind/record/x": "number",
        "note/text": "y" * 4_001,
        "note/version": "²",
        "note/before": "",
        "/to": "²",
        "/name": "y" * 31,
    }
    answer = await officer.post(address, {**token, "_key": "odd", **odd})
    assert answer.status_code in (200, 303, 403, 404, 409, 412, 422), answer.text
    if answer.status_code == 303:
        assert (await officer.get(answer.headers["location"])).status_code in (200, 404, 422)
