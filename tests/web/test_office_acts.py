"""Every act of a department on a page: said with its effect, recorded, told afterwards, its letter to be opened."""

import re
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from tests.api import acts, test_commitments, test_fallbacks
from tests.api.conftest import TownBy, built
from tests.api.lawful import REASON, with_a_lease_that_may_be_promised
from tests.api.outside import Outside, outside_of, with_compared_premises
from tests.api.test_discrepancies import FORM_SAYS, OTHER, SAID
from tests.api.test_discrepancies import accepted as differing
from tests.api.test_item_corrections import accepted
from tests.api.town import Town
from tests.support.servers import PostgresServer
from tests.web.office import decision, done, link, press, row_of, task_of
from tests.web.visitor import Visitor


@pytest.fixture
async def outside(
    postgres_server: PostgresServer, migrated: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Outside]:
    definitions = with_compared_premises(tmp_path_factory.mktemp("compared") / "definitions")
    async with built(postgres_server, migrated, definitions) as town, outside_of(town) as outside:
        yield outside


@pytest.fixture
async def by_hand(
    postgres_server: PostgresServer, migrated: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Outside]:
    definitions = test_fallbacks.with_other_fallbacks(tmp_path_factory.mktemp("fallbacks") / "definitions")
    async with built(postgres_server, migrated, definitions) as town, outside_of(town) as outside:
        yield outside


async def test_journey_11_time_opinions_inspections_and_the_way_back(lawful: Town) -> None:
    """Suspend, resume, extend, consult, countersign, take back, inspect, move, conclude, return; each letter opened
    (journey 11)."""
    town = lawful
    case_no = await acts.accepted_case(town)
    address = task_of(case_no)
    async with Visitor(town) as officer, Visitor(town) as fire, Visitor(town) as leader:
        await officer.sign_in("officer.amr")
        await fire.sign_in("officer.fire")
        await leader.sign_in("leader.amr")
        await done(officer, address, "claim", {})

        form = await officer.get(f"{address}/suspend")
        assert "须书面告知申请人" in form.text, "the effect is said before"
        assert "听证（至多 20 个工作日" in form.text
        too_long = await press(officer, address, "suspend", {"/basis": "hearing", "/days": "99", "/reason": REASON})
        assert too_long.status_code == 422
        assert REASON in too_long.text
        assert 'value="hearing"' in too_long.text
        assert "已中止计时" in await done(
            officer, address, "suspend", {"/basis": "hearing", "/days": "10", "/reason": REASON}
        )
        assert "已中止" in row_of(await officer.get("/work?flags=suspended"), case_no), "complaint 29"
        assert "已恢复计时" in await done(officer, address, "resume", {})

        offered = re.findall(
            r'name="/departments" value="[a-z-]+" id="[^"]+">\s*<label[^>]*>([^<]+)<',
            (await officer.get(f"{address}/consult")).text,
        )
        involved = [name for name in offered if name.endswith("（本办件有它的事项）")]
        assert involved, "those with items of the case are named"
        assert offered[: len(involved)] == involved, "and stand at the head"
        for part in (involved, offered[len(involved) :]):
            assert part == sorted(part, key=lambda name: name.encode("gb18030")), "each part by name"
        asked = {"/departments": ["fire"], "/mode": "consult", "/question": "消防通道是否合格", "/days": "2"}
        assert "已发出征求" in await done(officer, address, "consult", asked)
        opinion = f"/work/tasks/{case_no}-registration.c1-1"
        assert row_of(await fire.get("/work"), case_no)
        page = (await fire.get(opinion)).text
        places = [
            page.index(text)
            for text in (
                "市场监督管理局征求贵部门的意见",
                "<blockquote>消防通道是否合格</blockquote>",
                "请在 ",
                'name="/opinion"',
                "申请内容",
            )
        ]
        assert places == sorted(places), "question, who asks, until when, the box for the answer; then the rest"
        assert page.count("消防通道是否合格") == 1
        empty = await press(fire, opinion, "answer", {"/opinion": ""})
        assert empty.status_code == 422
        assert "答复已记录" in await done(fire, opinion, "answer", {"/opinion": "合格"})
        assert "市场监督管理局，3月2日" in (await officer.get(address)).text
        assert "合格" in (await officer.get(address)).text
        sign = {"/departments": ["fire"], "/mode": "countersign", "/rule": "all", "/question": "是否同意", "/days": "1"}
        await done(officer, address, "consult", sign)
        early = await press(officer, address, "decide", decision(case_no))
        assert early.status_code == 409
        assert "会签尚未完成" in early.text
        assert "符合条件" in early.text, "what was written is kept"
        assert "征求已撤回" in await done(
            officer, address, "consult/withdraw", {"/numbers": ["2"], "/reason": "不需要了"}
        )
        async with Visitor(town) as again:
            await again.sign_in("officer.fire")
            assert "不需要了" in (await again.get(f"/work/tasks/{case_no}-registration.c2-1")).text

        assert "联合踏勘已安排" in await done(officer, address, "inspect", {"/on": "2026-03-04", "/days": "3"})
        day_off = await press(officer, address, "inspect/move", {"/on": "2026-03-07"})
        assert day_off.status_code == 422
        assert "联合踏勘已改期" in await done(officer, address, "inspect/move", {"/on": "2026-03-03"})
        town.clock.move(timedelta(days=1))
        for one in (officer, fire, leader):
            await one.sign_in({officer: "officer.amr", fire: "officer.fire", leader: "leader.amr"}[one])
        concluded = await done(officer, address, "conclude", {"/passed": "true", "/conclusion": "现场与申请一致"})
        assert "踏勘结论已记录" in concluded
        assert "现场与申请一致" in concluded

        assert "负责人" in (await officer.get(address)).text, "an officer is told who may extend"
        assert "期限已延长" in await done(leader, address, "extend", {"/days": "1", "/reason": REASON})

        letters = await officer.get(f"{address}?tab=letters")
        for title in ("中止", "踏勘", "延长"):
            assert title in letters.text, title
        pdf = await officer.get(link(letters, f"/work/cases/{case_no}/documents/"))
        assert pdf.status_code == 200
        assert pdf.content.startswith(b"%PDF")
        assert pdf.headers["content-security-policy"].startswith("sandbox")

        await done(officer, address, "decide", decision(case_no))
    async with Visitor(town) as seal, Visitor(town) as officer:
        await seal.sign_in("officer.psb")
        await officer.sign_in("officer.amr")
        back = await press(seal, task_of(case_no, "seal"), "return", {"/to": "registration", "/reason": "名称写错了"})
        assert back.status_code == 303, back.text
        page = await officer.get(task_of(case_no, round_no=2))
        assert "名称写错了" in page.text
        assert "退回前的决定：准予" in page.text
        assert "退回后重新办理" in row_of(await officer.get("/work?flags=returned"), case_no)


async def test_corrections_are_asked_for_and_taken_back(lawful: Town) -> None:
    """After acceptance, of the item's own materials; the applicant is told, the promise waits."""
    town = lawful
    case_no = await accepted(town)
    address = task_of(case_no)
    async with Visitor(town) as officer:
        await officer.sign_in("officer.amr")
        nothing = await press(officer, address, "correction", {"/what": "请补"})
        assert nothing.status_code == 422
        asked = {"/materials": ["articles"], "/what": "章程缺最后一页"}
        assert "补正要求已发出" in await done(officer, address, "correction", asked)
        row = row_of(await officer.get("/work?flags=correction_open"), case_no)
        assert "等申请人补正" in row
        assert "（法定）" in row, "the law's date runs on while the promise waits"
        assert "没有期限" not in (await officer.get(address)).text
        assert "补正要求已撤回" in await done(officer, address, "correction/withdraw", {"/reason": "已经找到"})
        assert case_no not in (await officer.get("/work?flags=correction_open")).text


async def test_values_that_differ_stand_as_a_pair_until_their_owner_has_looked(outside: Outside) -> None:
    """And an approval all the same has to say so, and why."""
    town = outside.town
    case_no = await differing(outside, OTHER)
    async with Visitor(town) as officer, Visitor(town) as owner:
        await officer.sign_in("officer.amr")
        await owner.sign_in("officer.natres")
        page = await officer.get(task_of(case_no))
        pair = page.text[page.text.index('class="dense pair"') :].split("</table>")[0]
        assert SAID in pair
        assert OTHER in pair
        assert "数据不一致，还没有核实" in row_of(await officer.get("/work?flags=discrepancy"), case_no)
        refused = await press(officer, task_of(case_no), "decide", decision(case_no))
        assert refused.status_code == 409
        assert "符合条件" in refused.text
        looking = f"/work/tasks/{case_no}-premises.differs-1"
        unsaid = await press(owner, looking, "resolve", {"/note": "现场看过"})
        assert unsaid.status_code == 422
        assert "现场看过" in unsaid.text
        resolved = await done(owner, looking, "resolve", {"/which": FORM_SAYS, "/note": "现场看过"})
        assert "核实结果已记录" in resolved
        after = await officer.get(task_of(case_no))
        assert "以此为准" in after.text
        assert "决定已记录" in await done(officer, task_of(case_no), "decide", decision(case_no))


async def test_an_approval_despite_what_differs_says_so(outside: Outside) -> None:
    case_no = await differing(outside, OTHER)
    async with Visitor(outside.town) as officer:
        await officer.sign_in("officer.amr")
        known = decision(case_no) | {"/despite": "premises"}
        assert "决定已记录" in await done(officer, task_of(case_no), "decide", known)


async def test_a_record_is_looked_for_by_hand(by_hand: Outside) -> None:
    """By what its source would have been asked, and nothing else of the application."""
    town = by_hand.town
    case_no = await test_fallbacks.open_but(town, test_fallbacks.PREMISES)
    await town.refuse_fetch(case_no, test_fallbacks.PREMISES)
    [(task_id, department)] = town.rows(
        "select task_id, department from tasks where case_no = %s and kind = 'manual_check'", case_no
    )
    address = f"/work/tasks/{task_id}"
    async with Visitor(town) as officer:
        await officer.sign_in(f"officer.{department}")
        page = await officer.get(address)
        assert "请核查：" in page.text
        assert "买买提·艾力" not in page.text
        unsaid = await press(officer, address, "look-up", {"/found": "true", "/note": "档案室"})
        assert unsaid.status_code == 422
        assert "档案室" in unsaid.text
        record = {"/found": "true", "/note": "档案室", "/record/standard_address": SAID, "/record/disputed": "false"}
        wrong = await press(officer, address, "look-up", {**record, "/record/standard_address": ""})
        assert wrong.status_code == 422
        found = await done(officer, address, "look-up", record | {"/record/address_code": "1", "/record/usage": "商业"})
        assert "核查结果已记录" in found
    assert town.rows("select result from tasks where task_id = %s", task_id) == [("found",)]


async def test_a_broken_promise_leads_to_the_question_whether_the_approval_stands(town_by: TownBy) -> None:
    async with town_by(with_a_lease_that_may_be_promised) as town, Visitor(town) as officer:
        case_no = await test_commitments.approved(town)
        await officer.sign_in("officer.amr")
        assert "核查承诺" in row_of(await officer.get("/work"), case_no)
        [(task_id,)] = town.rows("select task_id from tasks where case_no = %s and kind = 'check'", case_no)
        page = await officer.get(f"/work/tasks/{task_id}")
        form = await officer.get(link(page, f"/work/cases/{case_no}/check"))
        unsaid = await officer.send(form, f"/work/cases/{case_no}/check", {"/kept": "false", "/finding": "租期已满"})
        assert unsaid.status_code == 422
        assert "请先选择是哪一项" in unsaid.text
        said = {"subject": test_commitments.LEASE, "/kept": "false", "/finding": "租期已满"}
        answer = await officer.send(form, f"/work/cases/{case_no}/check", said)
        assert answer.status_code == 303, answer.text
        [(question,)] = town.rows("select task_id from tasks where case_no = %s and kind = 'revoke'", case_no)
        asked = await officer.get(f"/work/tasks/{question}")
        assert "经核查不实，请决定准予是否撤销" in asked.text
        told = await done(officer, f"/work/tasks/{question}", "revoke", {"/revoke": "false", "/opinion": "已经续租"})
        assert "决定已记录" in told


async def test_what_is_not_so_is_put_right_before_the_approval_is_in_question(town_by: TownBy) -> None:
    async with town_by(test_commitments.with_a_registration_on_a_statement) as town, Visitor(town) as officer:
        case_no = await test_commitments.approved(town)
        await officer.sign_in("officer.amr")
        at = f"/work/cases/{case_no}/check"
        said = {"subject": test_commitments.LEASE, "/kept": "false", "/finding": "住所不存在"}
        assert (await officer.send(await officer.get(at), at, said)).status_code == 303
        assert town.rows("select 1 from tasks where case_no = %s and kind = 'revoke'", case_no) == []
        assert "核查承诺" in row_of(await officer.get("/work"), case_no)
        assert "改正期满以前，只能登记已经改正" in (await officer.get(at)).text
        early = await officer.send(await officer.get(at), at, said)
        assert "届满以前，只能登记已经改正" in early.text
        right = await officer.send(await officer.get(at), at, said | {"/kept": "true", "/finding": "已经改正"})
        assert right.status_code == 303, right.text


async def test_a_decision_that_no_page_of_ours_sends_is_refused(town: Town) -> None:
    case_no = await acts.accepted_case(town)
    path = f"/work/tasks/{case_no}-registration-1/decide"
    async with Visitor(town) as officer:
        await officer.sign_in("officer.amr")
        page = await officer.get(path)
        answer = await officer.send(page, path, {"/outcome": "approve", "/seen": "x"})
    assert answer.status_code == 422, answer.text


async def test_what_falls_with_a_case_is_undone_by_hand(lawful: Town) -> None:
    """The task says what to undo, and is closed when that is done."""
    case_no = await acts.withdrawn(lawful)
    found = lawful.rows("select task_id, department from tasks where case_no = %s and kind = 'undo'", case_no)
    for task_id, department in found:
        async with Visitor(lawful) as officer:
            await officer.sign_in(f"officer.{department}")
            page = await officer.get(f"/work/tasks/{task_id}")
            assert "要撤销的" in page.text
            answer = await officer.send(page, f"/work/tasks/{task_id}/decide", {})
            assert answer.status_code == 303, answer.text
    assert found
