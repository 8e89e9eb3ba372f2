"""Items whose ends have words of their own, on the pages of the department, of who applied, and in a sheet."""

from collections.abc import AsyncIterator

import pytest

from onething.web.core.spreadsheets import read_sheets
from tests.api import acts
from tests.api.town import Town
from tests.web import applicant
from tests.web.office import decision, done, press, task_of
from tests.web.test_sheets import HEADS, TOLD, book, confirmed, sent
from tests.web.visitor import Visitor


@pytest.fixture
async def police(town: Town) -> AsyncIterator[Visitor]:
    async with Visitor(town) as visitor:
        await visitor.sign_in("officer.psb")
        yield visitor


async def with_a_seal(town: Town) -> str:
    case_no = await acts.accepted_case(town)
    await acts.approve(town, case_no, "registration")
    return case_no


async def test_a_filing_is_filed_on_its_page_and_read_as_filed(police: Visitor, town: Town) -> None:
    case_no = await with_a_seal(town)
    seal = task_of(case_no, "seal")
    page = await police.get(f"{seal}/decide")
    form = page.text.partition("<form")[2]
    for words in ("已备案", "不属于备案范围", "材料不全"):
        assert f"{words}</label>" in form
    assert "准予</label>" not in form
    assert "不予</label>" not in form
    assert "已办结：已备案" in await done(police, seal, "decide", decision(case_no, "seal"))
    async with Visitor(town) as citizen:
        await citizen.sign_in("citizen")
        case = await citizen.get(f"/my/cases/{case_no}")
    assert "✓ 已备案</span>" in case.text


async def test_what_was_typed_as_its_result_does_not_count_where_it_is_not_filed(police: Visitor, town: Town) -> None:
    case_no = await with_a_seal(town)
    refusal = {"/outcome": "out_of_scope", "/opinion": ""}
    answer = await press(police, task_of(case_no, "seal"), "decide", decision(case_no, "seal", **refusal))
    assert answer.status_code == 422
    assert "不属于备案范围的，请写明理由和依据" in answer.text
    said = decision(case_no, "seal", **refusal | {"/opinion": "这类印章不备案"})
    assert "已办结：不属于备案范围" in await done(police, task_of(case_no, "seal"), "decide", said)


async def test_a_sheet_offers_and_takes_the_item_s_own_outcomes(police: Visitor, town: Town) -> None:
    case_no = await with_a_seal(town)
    task = f"{case_no}-seal-1"
    ((name, rows),) = read_sheets((await police.get(f"/work/sheet.xlsx?ticked={task}")).content).items()
    heads, row = rows[HEADS], rows[TOLD]
    row += [""] * (len(heads) - len(row))
    row[heads.index("决定")] = "准予"
    assert "“决定”请填已备案或不属于备案范围或材料不全。" in (await sent(police, book({name: rows}))).text
    row[heads.index("决定")], row[heads.index("意见")] = "材料不全", "缺少法定代表人身份证件"
    look = await sent(police, book({name: rows}))
    assert 'class="tag late">材料不全' in look.text
    assert "1 件" in (await confirmed(police, look)).text
    (result,) = (await town.get("officer.psb", f"/api/tasks/{task}")).json()["result_name"].split()
    assert result == "材料不全"


async def test_a_guide_says_how_what_is_no_decision_may_end(town: Town) -> None:
    async with Visitor(town) as visitor:
        page = await visitor.get(f"/guide/enterprise-opening?{applicant.QUERY}")
    assert "结果：已备案、不属于备案范围、材料不全" in page.text
