"""Tasks on a spreadsheet and back: for departments that type in a system of their own. What was changed, or is another
department's, is refused; what is read is looked at before anything is decided."""

import io
import re
import zipfile
from collections.abc import AsyncIterator, Mapping
from html import escape, unescape
from typing import Any

import httpx
import pytest
from xlsxwriter import Workbook

from onething.domain.errors import FailureCode, OneThingError
from onething.services.tasks.schemas import TaskView
from onething.web.core.spreadsheets import Rows, read_sheets
from onething.web.dispatch.task_sheet import results
from tests.api import acts
from tests.api.forms import approval, opening
from tests.api.town import Town
from tests.support import people
from tests.web.visitor import SAME_ORIGIN, Visitor, hidden

TOLD, HEADS = 2, 1  # rows of a sheet: a hint, the heads, then the tasks
CASES = "select count(*) from journal where kind = 'item_decided' and case_no = any(%s)"


@pytest.fixture
async def officer(town: Town) -> AsyncIterator[Visitor]:
    async with Visitor(town) as visitor:
        await visitor.sign_in("officer.amr")
        yield visitor


def task(case_no: str) -> str:
    return f"{case_no}-registration-1"


async def exported(visitor: Visitor, *case_nos: str) -> dict[str, Rows]:
    answer = await visitor.get(f"/work/sheet.xlsx?ticked={','.join(map(task, case_nos))}")
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-disposition"].startswith("attachment")
    return read_sheets(answer.content)


def book(sheets: Mapping[str, Rows]) -> bytes:
    """As another program saves it."""
    content = io.BytesIO()
    with Workbook(content, {"in_memory": True}) as made:
        for name, rows in sheets.items():
            sheet = made.add_worksheet(name)
            for number, row in enumerate(rows):
                for place, cell in enumerate(row):
                    sheet.write_number(number, place, cell) if isinstance(cell, float) else sheet.write_string(
                        number, place, cell
                    )
    return content.getvalue()


def filled(sheets: dict[str, Rows], case_no: str, **cells: str | float) -> dict[str, Rows]:
    """With these in the row of that task, by the heads of their columns."""
    for rows in sheets.values():
        for row in rows[TOLD:]:
            if row[0] == task(case_no):
                row += [""] * (len(rows[HEADS]) - len(row))
                for head, cell in cells.items():
                    row[rows[HEADS].index(head)] = cell
    return sheets


def approved(case_no: str) -> dict[str, str]:
    uscc, day = approval("registration", case_no).values()
    return {"决定": "准予", "意见": "符合条件", "统一社会信用代码": uscc, "成立日期": day}


async def sent(visitor: Visitor, content: bytes) -> httpx.Response:
    token = hidden(await visitor.get("/work/sheet"), "/work/sheet")["_token"]
    file = {"file": ("结果.xlsx", content, "application/octet-stream")}
    return await visitor.plain().post("/work/sheet", data={"_token": token}, files=file, headers=SAME_ORIGIN)


async def confirmed(visitor: Visitor, look: httpx.Response) -> httpx.Response:
    fields: dict[str, Any] = hidden(look, "/work/sheet/run")
    return await visitor.post("/work/sheet/run", fields)


def decided(town: Town, *case_nos: str) -> int:
    return int(town.rows(CASES, list(case_nos))[0][0])


async def test_a_sheet_tells_what_the_task_tells_and_each_reading_leaves_a_line(officer: Visitor, town: Town) -> None:
    first, second = await acts.accepted_case(town), await acts.accepted_case(town)
    before = town.rows("select count(*) from access_log where act = 'view_task' and subject = 'officer.amr'")
    ((name, rows),) = (await exported(officer, first, second)).items()
    assert name == "1 企业设立登记"
    assert [row[0] for row in rows[TOLD:]] == [task(first), task(second)]
    assert people.ZHANG.id_number in rows[TOLD]
    seen = set((await town.get("officer.amr", f"/api/tasks/{task(first)}")).json()["case"]["form"])
    labels = {one.label for one in town.context.catalog.latest["enterprise-opening"].form if one.id in seen}
    at = rows[HEADS].index("校验（勿改）")
    known = {"待办编号", "事项", "申请人", "证件号码", "材料版本"}
    assert set(map(str, rows[HEADS][:at])) == labels | known, "what its department sees, and no more"
    assert rows[HEADS][at + 1 :] == ["决定", "意见", "统一社会信用代码", "成立日期"]
    after = town.rows("select count(*) from access_log where act = 'view_task' and subject = 'officer.amr'")
    assert after[0][0] - before[0][0] >= 2


def quoted(content: bytes) -> set[str]:
    """The texts of a book that editing leaves texts."""
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        styles, sheet, strings = (
            parts.read(f"xl/{name}.xml").decode() for name in ("styles", "worksheets/sheet1", "sharedStrings")
        )
    formats = re.findall(r"<xf [^>]*>", styles.partition("<cellXfs")[2])
    texts = re.findall(r"<si><t[^>]*>([^<]*)</t></si>", strings)
    cells = re.findall(r'<c r="[A-Z]+[0-9]+" s="([0-9]+)" t="s"><v>([0-9]+)</v>', sheet)
    return {unescape(texts[int(text)]) for style, text in cells if 'quotePrefix="1"' in formats[int(style)]}


async def test_what_looks_like_a_formula_stays_a_text_and_the_row_unchanged(officer: Visitor, town: Town) -> None:
    form = opening()["form"] | {"business_scope": "=1+1", "address": "@SUM(A1)", "liaison_name": "阿-依"}
    case_no = await acts.accepted_case(town, form=form)
    answer = await officer.get(f"/work/sheet.xlsx?ticked={task(case_no)}")
    assert quoted(answer.content) == {"=1+1", "@SUM(A1)"}
    sheets = filled(read_sheets(answer.content), case_no, **approved(case_no))
    assert "将作出 1 个决定" in (await sent(officer, book(sheets))).text


async def test_results_are_looked_at_and_then_decided_once(officer: Visitor, town: Town) -> None:
    yes, no, later = [await acts.accepted_case(town) for _ in range(3)]
    sheets = await exported(officer, yes, no, later)
    filled(sheets, yes, **approved(yes))
    filled(sheets, no, 决定="不予", 意见="住所不符合规定，依据《市场主体登记管理条例》第十一条")
    look = await sent(officer, book(sheets))
    assert look.status_code == 200, look.text
    assert "将作出 2 个决定" in look.text
    assert "data-countdown" in look.text
    assert decided(town, yes, no, later) == 0, "looking records nothing"
    fields = hidden(look, "/work/sheet/run")
    for _ in range(2):
        done = await officer.post("/work/sheet/run", fields)
        assert "2 件已决定" in done.text
        assert "没有办成" not in done.text
    assert decided(town, yes, no, later) == 2
    told = (await town.get("officer.amr", f"/api/cases/{yes}")).json()["items"]
    assert next(one for one in told if one["code"] == "registration")["state"] == "approved"
    again = await sent(officer, book(sheets))
    assert "没有可以决定的" in again.text
    assert "2 行不在其中" in again.text


async def test_what_one_form_can_not_send_waits_for_the_next(officer: Visitor, town: Town) -> None:
    """Opinions at length: a form that is too large would decide nothing."""
    case_nos = [await acts.accepted_case(town) for _ in range(13)]
    sheets = await exported(officer, *case_nos)
    for case_no in case_nos:
        filled(sheets, case_no, 决定="不予", 意见="住所不符合规定。" * 500)
    look = await sent(officer, book(sheets))
    assert "将作出 11 个决定" in look.text
    assert "其余 2 件" in look.text
    assert "11 件已决定" in (await confirmed(officer, look)).text
    assert "将作出 2 个决定" in (await sent(officer, book(sheets))).text


async def test_what_was_changed_is_another_departments_or_twice_there_is_refused(officer: Visitor, town: Town) -> None:
    changed, twice = await acts.accepted_case(town), await acts.accepted_case(town)
    sheets = await exported(officer, changed, twice)
    for case_no in (changed, twice):
        filled(sheets, case_no, **approved(case_no))
    (rows,) = sheets.values()
    rows[TOLD][rows[HEADS].index("申请人")] = "别人"
    rows.append(list(rows[TOLD + 1]))
    look = await sent(officer, book(sheets))
    assert "将作出 1 个决定" in look.text
    assert "左边的内容改动过" in look.text
    assert "出现了两次" in look.text
    async with Visitor(town) as other:
        await other.sign_in("officer.psb")
        refused = await sent(other, book(sheets))
        assert "没有可以决定的" in refused.text
        assert "不是给本部门导出的" in refused.text
    assert decided(town, changed, twice) == 0


async def test_a_row_moved_onto_another_task_is_refused(officer: Visitor, town: Town) -> None:
    first, second = await acts.accepted_case(town), await acts.accepted_case(town)
    (rows,) = (await exported(officer, first, second)).values()
    rows[TOLD][0], rows[TOLD + 1][0] = rows[TOLD + 1][0], rows[TOLD][0]
    sheets = {"1": rows}
    filled(sheets, first, **approved(first))
    assert "没有可以决定的" in (await sent(officer, book(sheets))).text


async def test_what_is_wrong_with_a_row_stands_line_by_line_under_its_number(officer: Visitor, town: Town) -> None:
    case_no = await acts.accepted_case(town)
    cells = approved(case_no) | {"统一社会信用代码": "不是代码", "成立日期": "哪天"}
    look = await sent(officer, book(filled(await exported(officer, case_no), case_no, **cells)))
    done = await confirmed(officer, look)
    (row,) = re.findall(r"<li>.*?</li>", done.text.partition('id="results"')[2].partition("</ul>")[0], re.DOTALL)
    assert f'href="/work/tasks/{task(case_no)}"' in row
    assert f'case-no">{case_no[:-7]}<b>{case_no[-7:]}</b>' in row
    told = row.removesuffix("</li>").split("<br>")[1:]
    assert [("统一社会信用代码" in one, "成立日期" in one) for one in told] == [(True, False), (False, True)]
    again = await sent(officer, book(filled(await exported(officer, case_no), case_no, 意见="只写了意见")))
    (row,) = re.findall(r"<li>.*?</li>", again.text.partition("1 行不在其中")[2].partition("</ul>")[0], re.DOTALL)
    assert f'href="/work/tasks/{task(case_no)}"' in row
    assert f'case-no">{case_no[:-7]}<b>{case_no[-7:]}</b>' in row
    assert "不能导入</b><br>“决定”请填准予或不予。" in row


@pytest.mark.parametrize(
    ("cells", "why"),
    [
        ({"决定": "同意"}, "请填准予或不予"),
        ({"意见": "只写了意见"}, "请填准予或不予"),
        ({"决定": "准予", "意见": "长" * 20_001}, "“意见”"),
    ],
)
async def test_what_can_not_be_read_is_named(officer: Visitor, town: Town, cells: dict[str, str], why: str) -> None:
    case_no = await acts.accepted_case(town)
    look = await sent(officer, book(filled(await exported(officer, case_no), case_no, **cells)))
    assert look.status_code == 200, look.text
    assert "没有可以决定的" in look.text
    assert why in look.text


async def test_one_that_is_refused_keeps_none_of_the_others(officer: Visitor, town: Town) -> None:
    good, bad = await acts.accepted_case(town), await acts.accepted_case(town)
    sheets = filled(await exported(officer, good, bad), good, **approved(good))
    filled(sheets, bad, **{**approved(bad), "统一社会信用代码": "不是代码"})
    done = await confirmed(officer, await sent(officer, book(sheets)))
    assert "1 件已决定，1 件没有办成" in done.text
    assert decided(town, good, bad) == 1


async def test_a_day_may_be_a_day_of_the_spreadsheet(officer: Visitor, town: Town) -> None:
    """46083 is 2026-03-02 there."""
    case_no = await acts.accepted_case(town)
    sheets = filled(await exported(officer, case_no), case_no, **{**approved(case_no), "成立日期": 46083.0})
    look = await sent(officer, book(sheets))
    assert "成立日期：2026-03-02" in unescape(look.text)


@pytest.mark.parametrize("cell", [20260302.0, -1.0, float("nan"), float("inf")])
async def test_a_number_that_is_no_day_is_named(officer: Visitor, town: Town, cell: float) -> None:
    """As people type it: 20260302."""
    case_no = await acts.accepted_case(town)
    sheets = filled(await exported(officer, case_no), case_no, **approved(case_no))
    (rows,) = sheets.values()
    place = rows[HEADS].index("成立日期")
    content = of_one_sheet(
        "".join(_row(row, {place: cell} if number == TOLD else {}) for number, row in enumerate(rows))
    )
    look = await sent(officer, content)
    assert look.status_code == 200, look.text
    assert "“成立日期”填的" in look.text


@pytest.mark.parametrize("typed", ["--5", "9" * 30, "9" * 5_000, "٣"])
def test_what_is_no_number_that_can_be_kept_is_named(typed: str) -> None:
    field = {"id": "n", "label": "数量", "type": "integer"}
    task = TaskView.model_construct(decision_form=[field])
    assert results(task, {"数量": typed}) == ({}, [f"“数量”填的“{typed}”看不懂，请照网页上的选项或写法填。"])


async def test_a_version_that_nobody_wrote_is_no_row_of_ours(officer: Visitor, town: Town) -> None:
    case_no = await acts.accepted_case(town)
    (rows,) = filled(await exported(officer, case_no), case_no, **approved(case_no)).values()
    rows[TOLD][rows[HEADS].index("材料版本")] = f"articles:{'9' * 5_000}"
    look = await sent(officer, book({"1": rows}))
    assert look.status_code == 200, look.text
    assert "左边的内容改动过" in look.text


async def test_nothing_to_decide_is_not_exported(officer: Visitor, town: Town) -> None:
    case_no = await acts.decided(town)
    answer = await officer.get(f"/work/sheet.xlsx?ticked={task(case_no)},{task('330100202603020000999')}")
    assert answer.status_code == 422
    assert "没有导出" in answer.text


async def test_the_way_there_is_beside_what_is_ticked(officer: Visitor, town: Town) -> None:
    case_no = await acts.accepted_case(town)
    page = await officer.get(f"/work/bulk?ticked={task(case_no)}")
    assert f'href="/work/sheet.xlsx?ticked={task(case_no)}"' in page.text
    assert 'href="/work/sheet"' in page.text


# -- what is no spreadsheet --------------------------------------------------------------------------------------------


def packed(**parts: str) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as made:
        for name, text in parts.items():
            made.writestr(name.replace("__", "/"), text)
    return content.getvalue()


MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = '<Relationships><Relationship Id="r1" Target="worksheets/s.xml"/></Relationships>'
LIST = (
    f'<workbook xmlns="{MAIN}" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
    '<sheets><sheet name="a" r:id="r1"/></sheets></workbook>'
)


def of_one_sheet(rows: str, head: str = "") -> bytes:
    return packed(
        **{
            "xl__workbook.xml": LIST,
            "xl___rels__workbook.xml.rels": RELATIONS,
            "xl__worksheets__s.xml": f'{head}<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData></worksheet>',
        }
    )


def _row(row: list[Any], cells: Mapping[int, float]) -> str:
    told = (
        f"<c><v>{cells[place]}</v></c>"
        if place in cells
        else f'<c t="inlineStr"><is><t>{escape(str(text))}</t></is></c>'
        for place, text in enumerate(row)
    )
    return f"<row>{''.join(told)}</row>"


def locked(content: bytes) -> bytes:
    """With a password, as far as its heads say."""
    changed = bytearray(content)
    for head, flags in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        for found in re.finditer(re.escape(head), content):
            changed[found.start() + flags] |= 1
    return bytes(changed)


def spoilt(content: bytes) -> bytes:
    at = content.index(b"xl/workbook.xml") + len(b"xl/workbook.xml")
    return content[:at] + b"\xff\xff" + content[at + 2 :]


def with_sheet(xml: bytes) -> bytes:
    parts = {"xl/workbook.xml": LIST, "xl/_rels/workbook.xml.rels": RELATIONS, "xl/worksheets/s.xml": xml}
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as made:
        for name, text in parts.items():
            made.writestr(name, text)
    return content.getvalue()


def told_often(times: int, sheets: int = 1) -> bytes:
    """One long text, in many cells, on many sheets."""
    named = "".join(f'<sheet name="{n}" r:id="r1"/>' for n in range(sheets))
    cells = '<c t="s"><v>0</v></c>' * times
    return packed(
        **{
            "xl__workbook.xml": LIST.replace('<sheet name="a" r:id="r1"/>', named),
            "xl___rels__workbook.xml.rels": RELATIONS,
            "xl__sharedStrings.xml": f'<sst xmlns="{MAIN}"><si><t>{LONG}</t></si></sst>',
            "xl__worksheets__s.xml": f'<worksheet xmlns="{MAIN}"><sheetData><row>{cells}</row></sheetData></worksheet>',
        }
    )


LONG = "长" * 100_000
ENTITY = f'<!DOCTYPE x [<!ENTITY a "a">]><worksheet xmlns="{MAIN}">&a;</worksheet>'


@pytest.mark.parametrize("text", ["一\r\n二", "_x000D_", "_x005F_x", "=1+1", "1e5", "'", "<&>"])
def test_a_text_comes_back_as_it_went(text: str) -> None:
    assert read_sheets(book({"a": [[text]]})) == {"a": [[text]]}


def test_how_a_text_is_pronounced_is_not_of_it() -> None:
    cell = '<c t="inlineStr"><is><r><t>张</t></r><r><t>三</t></r><rPh sb="0" eb="1"><t>zhang</t></rPh></is></c>'
    assert read_sheets(of_one_sheet(f"<row>{cell}</row>")) == {"a": [["张三"]]}


def test_cells_that_were_left_out_are_empty_and_texts_may_stand_in_place() -> None:
    first = '<row><c r="B1" t="inlineStr"><is><t>二</t></is></c><c r="D1"><v>4.5</v></c></row>'
    assert read_sheets(of_one_sheet(f"{first}<row/><row><c><v>7</v></c></row>")) == {
        "a": [["", "二", "", 4.5], [], [7.0]]
    }


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"no zip", FailureCode.WRONG_FILE_TYPE),
        (packed(other="x"), FailureCode.WRONG_FILE_TYPE),
        (of_one_sheet("<row>"), FailureCode.WRONG_FILE_TYPE),
        (of_one_sheet('<row><c t="s"><v>9</v></c></row>'), FailureCode.WRONG_FILE_TYPE),
        (of_one_sheet("", '<!DOCTYPE x [<!ENTITY a "a">]>'), FailureCode.WRONG_FILE_TYPE),
        (locked(of_one_sheet("<row/>")), FailureCode.WRONG_FILE_TYPE),
        (spoilt(of_one_sheet("<row/>")), FailureCode.WRONG_FILE_TYPE),
        (with_sheet(f'<?xml version="1.0" encoding="utf-16"?>{ENTITY}'.encode("utf-16")), FailureCode.WRONG_FILE_TYPE),
        (with_sheet(b'<?xml version="1.0" encoding="none-such"?><a/>'), FailureCode.WRONG_FILE_TYPE),
        (of_one_sheet("<row/>" * 2_001), FailureCode.TOO_LARGE),
        (told_often(200), FailureCode.TOO_LARGE),
        (told_often(0, sheets=20_000), FailureCode.TOO_LARGE),
        (of_one_sheet("<row/>" + " " * 10_000_001), FailureCode.TOO_LARGE),
        (of_one_sheet('<row><c r="XFD1"><v>1</v></c></row>'), FailureCode.TOO_LARGE),
        (of_one_sheet('<row><c r="A1"><v>1</v></c></row>' * 2_002), FailureCode.TOO_LARGE),
    ],
    ids=[
        *("no zip", "another zip", "broken", "no such text", "entities", "locked", "spoilt", "entities unseen"),
        *("an unknown encoding", "empty rows", "one text in many cells", "one part for many sheets", "a bomb"),
        *("far away", "too many rows"),
    ],
)
def test_what_is_no_spreadsheet_of_people_is_refused(content: bytes, code: FailureCode) -> None:
    assert len(content) < 100_000
    with pytest.raises(OneThingError) as refused:
        read_sheets(content)
    assert refused.value.code is code


async def test_a_file_that_is_not_ours_is_told_on_the_page(officer: Visitor) -> None:
    for content, told in ((b"no zip", "不是能读的 .xlsx"), (of_one_sheet("<row/>"), "不是从“已选的待办”导出的")):
        answer = await sent(officer, content)
        assert answer.status_code == 415
        assert told in re.sub(r"<[^>]+>", "", answer.text)
