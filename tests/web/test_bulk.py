"""Several tasks at once: those that were ticked, on whatever page, and no others; a result for each."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.api import acts
from tests.api.conftest import TownBy
from tests.api.forms import opening
from tests.api.lawful import plain_opening, written
from tests.api.town import Town
from tests.web.office import done, link, row_of, task_of, ticking
from tests.web.visitor import Visitor, hidden


@pytest.fixture
async def officer(town: Town) -> AsyncIterator[Visitor]:
    async with Visitor(town) as visitor:
        await visitor.sign_in("officer.amr")
        yield visitor


async def cases(town: Town, number: int) -> list[str]:
    return [await acts.accepted_case(town) for _ in range(number)]


def ids(case_nos: list[str]) -> list[str]:
    return [f"{one}-registration-1" for one in case_nos]


def claimed(town: Town, case_nos: list[str]) -> list[str | None]:
    rows = town.rows("select task_id, claimed_by from tasks where task_id = any(%s)", ids(case_nos))
    return [dict(rows)[one] for one in ids(case_nos)]


async def test_complaint_18_exactly_what_is_ticked_is_done_with_a_result_for_each(officer: Visitor, town: Town) -> None:
    """Ticks of another page go along; what fails keeps nothing else from being done (journey 10, complaint 18)."""
    here, elsewhere, left, others = await cases(town, 4)
    queue = await officer.get("/work?bundle=enterprise-opening")
    moved = await officer.post("/work/ticks", {**ticking(queue), "ticked": ids([elsewhere]), "after": ""})
    assert moved.status_code == 303
    assert f"ticked={elsewhere}-registration-1" in moved.headers["location"]
    queue = await officer.get(moved.headers["location"])
    assert "已选 1 件" in queue.text
    chosen = {**ticking(queue), "ticked": ids([elsewhere, here, others]), "act": "claim"}
    look = await officer.get((await officer.post("/work/bulk", chosen)).headers["location"])
    assert "将认领 3 件" in look.text
    assert claimed(town, [here, elsewhere, left, others]) == [None] * 4, "looking records nothing"
    assert (await town.post("leader.amr", f"/api/tasks/{others}-registration-1/claim")).status_code == 200
    fields = {**hidden(look, "/work/bulk/run"), "ticked": ids([elsewhere, here, others])}
    results = await officer.post("/work/bulk/run", fields)
    assert results.status_code == 200
    assert "2 件已认领，1 件没有办成" in results.text
    assert "重试失败的 1 件" in results.text
    assert claimed(town, [here, elsewhere, left, others]) == ["officer.amr", "officer.amr", None, "leader.amr"]
    again = await officer.post("/work/bulk/run", fields)
    assert "2 件已认领，1 件没有办成" in again.text, "sent twice it is done once, and answers the same"


async def test_each_failure_stands_under_its_number_reason_by_reason_with_what_to_do(
    officer: Visitor, town: Town
) -> None:
    done, refused = await cases(town, 2)
    look = await officer.get(f"/work/bulk?act=claim&ticked={','.join(ids([done, refused]))}")
    fields = {**hidden(look, "/work/bulk/run"), "ticked": ids([done, refused]), "act": "approve", "/opinion": "符合"}
    fields |= {f"outcome/{one}": "approve" for one in ids([done, refused])}
    fields[f"seen/{task_of(done).rpartition('/')[2]}"] = "一:二"
    results = await officer.post("/work/bulk/run", fields)
    assert "0 件已通过，2 件没有办成" in results.text
    rows = re.findall(r"<li>.*?</li>", results.text.partition('id="results"')[2].partition("</ul>")[0], re.DOTALL)
    assert len(rows) == 2
    for row, case_no in zip(rows, (done, refused), strict=True):
        assert f'case-no">{case_no[:-7]}<b>{case_no[-7:]}</b>' in row
        assert f'<a href="{task_of(case_no)}">单独办理这一件' in row
    told = rows[1].partition("</span><br>")[2].partition(" <a ")[0].split("<br>")
    assert len(told) == 2, "the two results that are asked for, each with its own line"


async def test_what_is_not_allowed_is_named_with_the_reason(officer: Visitor, town: Town) -> None:
    free, taken = await cases(town, 2)
    assert (await town.post("leader.amr", f"/api/tasks/{taken}-registration-1/claim")).status_code == 200
    look = await officer.get(
        f"/work/bulk?act=claim&ticked={','.join([*ids([free, taken]), '330100202601010000017-x-1'])}"
    )
    assert "将认领 1 件" in look.text
    assert "2 件不在其中" in look.text
    assert "不归本部门办理" in look.text
    approve = await officer.get(f"/work/bulk?act=approve&ticked={ids([free])[0]}")
    assert "通过时要填写结果（统一社会信用代码、成立日期）" in approve.text
    assert f'<a href="/work/tasks/{ids([free])[0]}">单独办理这一件' in approve.text
    assert "/work/bulk/run" not in approve.text


async def test_equal_rows_differ_by_their_numbers_in_every_list(fresh_town: Town) -> None:
    """The same person, thing and item twice: whole, so that it can be copied."""
    one, two = await cases(fresh_town, 2)
    async with Visitor(fresh_town) as officer:
        await officer.sign_in("officer.amr")
        await _numbers_are_in_every_list(officer, one, two)


async def _numbers_are_in_every_list(officer: Visitor, one: str, two: str) -> None:
    queue = await officer.get("/work")
    bulk = await officer.get(f"/work/bulk?act=claim&ticked={','.join(ids([one, two]))}")
    fields = {**hidden(bulk, "/work/bulk/run"), "ticked": ids([one, two])}
    results = await officer.post("/work/bulk/run", fields)
    search = await officer.get("/work/search")
    found = await officer.send(search, "/work/search", {"/what": two})
    for page, numbers in ((queue, (one, two)), (bulk, (one, two)), (results, (one, two)), (found, (two,))):
        for number in numbers:
            assert f'case-no">{number[:-7]}<b>{number[-7:]}</b>' in page.text


async def test_who_chooses_by_the_enterprise_confirms_by_it_too(fresh_town: Town) -> None:
    """One person may apply for several."""
    [case_no] = await cases(fresh_town, 1)
    name = opening()["form"]["company_name"]
    async with Visitor(fresh_town) as officer:
        await officer.sign_in("officer.amr")
        assert name in row_of(await officer.get("/work"), case_no)
        bulk = await officer.get(f"/work/bulk?act=claim&ticked={ids([case_no])[0]}")
        assert f"{name}</a> · 企业设立登记" in bulk.text
        assert f"企业设立登记 · {name}</h1>" in (await officer.get(task_of(case_no))).text


async def test_approving_together_is_offered_only_where_an_approval_says_nothing_else(town_by: TownBy) -> None:
    async with town_by(without_results) as town:
        case_no = await acts.accepted_case(town)
        await acts.approve(town, case_no, "registration")
        await acts.accepted_case(town)
        for account, offered in (("officer.amr", False), ("officer.tax", True)):
            async with Visitor(town) as officer:
                await officer.sign_in(account)
                queue = await officer.get("/work")
                assert ("批量通过…" in queue.text) is offered
                assert ("本页的待办不能批量通过" in queue.text) is not offered
                assert "批量认领…" in queue.text


def without_results(folder: Path) -> Path:
    """The plain opening, of whose tax item an approval says no more than that."""
    text = plain_opening()
    at = text.index("  - code: tax\n")
    tax = text[at:].replace("        type: choice\n", "        type: choice\n        required: false\n", 1)
    tax = tax.replace("type: text, max_length: 60", "type: text, required: false, max_length: 60", 1)
    return written(folder, text[:at] + tax)


async def test_items_without_results_are_approved_together_on_what_was_looked_at(town_by: TownBy) -> None:
    async with town_by(without_results) as town:
        case_nos = await cases(town, 2)
        for one in case_nos:
            await acts.approve(town, one, "registration")
        tax = [f"{one}-tax-1" for one in case_nos]
        async with Visitor(town) as officer:
            await officer.sign_in("officer.tax")
            look = await officer.get(f"/work/bulk?act=approve&ticked={','.join(tax)}")
            assert "将通过 2 件" in look.text
            assert "立即生效" in look.text
            fields = {**hidden(look, "/work/bulk/run"), "ticked": tax, "/opinion": "核对无误"}
            results = await officer.post("/work/bulk/run", fields)
            assert "2 件已通过" in results.text
            shown = await officer.get(f"/work/tasks/{tax[0]}")
            assert "核对无误" in shown.text
        assert town.rows("select result from tasks where task_id = any(%s)", tax) == [("approve",)] * 2


async def test_handing_on_to_nobody_is_said_before_any_is_tried(officer: Visitor, town: Town) -> None:
    case_nos = await cases(town, 2)
    look = await officer.get(f"/work/bulk?act=transfer&ticked={','.join(ids(case_nos))}")
    assert "不在其中" in look.text
    for one in case_nos:
        await done(officer, task_of(one), "claim", {})
    look = await officer.get(f"/work/bulk?act=transfer&ticked={','.join(ids(case_nos))}")
    fields = {**hidden(look, "/work/bulk/run"), "ticked": ids(case_nos)}
    refused = await officer.post("/work/bulk/run", {**fields, "/to": ""})
    assert refused.status_code == 422
    handed = await officer.post("/work/bulk/run", {**fields, "/to": "leader.amr"})
    assert "2 件已转交" in handed.text
    assert claimed(town, case_nos) == ["leader.amr"] * 2


async def test_what_is_ticked_can_be_looked_at_and_gone_back_to(officer: Visitor, town: Town) -> None:
    [one] = await cases(town, 1)
    queue = await officer.get("/work?holder=unclaimed&limit=100")
    chosen = {**ticking(queue), "ticked": ids([one]), "act": ""}
    look = await officer.get((await officer.post("/work/bulk", chosen)).headers["location"])
    assert "已选 1 件" in look.text
    back = await officer.get(link(look, "/work?"))
    assert f'value="{one}-registration-1" aria-label' in back.text
    assert "已选 1 件" in back.text
