"""督办, without a browser: the board, rows behind its figures, the spreadsheet, a case, urging and supervising."""

import io
import re
import zipfile
from collections.abc import AsyncIterator
from datetime import timedelta
from xml.etree import ElementTree

import pytest

from onething.services.reporting.departments import DepartmentMeasures
from onething.web.reporting.league import ENOUGH, RANKING, ranked
from tests.api import acts
from tests.api.town import Town
from tests.support import people
from tests.web.filled import filled, values
from tests.web.visitor import Visitor

_CELL = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


@pytest.fixture
async def supervisor(town: Town) -> AsyncIterator[Visitor]:
    async with Visitor(town) as visitor:
        await visitor.sign_in("supervisor")
        yield visitor


def sheets(content: bytes) -> dict[str, list[list[str]]]:
    """What stands in a spreadsheet: name of the sheet → rows of texts."""
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        strings = ["".join(node.itertext()) for node in ElementTree.fromstring(book.read("xl/sharedStrings.xml"))]
        names = [
            node.attrib["name"] for node in ElementTree.fromstring(book.read("xl/workbook.xml")).iter(f"{_CELL}sheet")
        ]
        found = {}
        for number, name in enumerate(names, start=1):
            sheet = ElementTree.fromstring(book.read(f"xl/worksheets/sheet{number}.xml"))
            found[name] = [
                [_text(cell, strings) for cell in row.iter(f"{_CELL}c")] for row in sheet.iter(f"{_CELL}row")
            ]
    return found


def _text(cell: ElementTree.Element, strings: list[str]) -> str:
    value = cell.findtext(f"{_CELL}v") or ""
    return strings[int(value)] if cell.get("t") == "s" else value


def cells(page: str, caption: str) -> list[list[str]]:
    """Of the table in the section of that heading."""
    section = page[page.index(f'id="{caption}"') :]
    table = section[section.index("<tbody>") : section.index("</tbody>")]
    rows = re.findall(r"<tr.*?</tr>", table, re.DOTALL)
    return [
        [re.sub(r"<[^>]+>|\s+", "", cell) for cell in re.findall(r"<t[hd].*?</t[hd]>", row, re.DOTALL)] for row in rows
    ]


async def test_what_is_exported_is_what_is_shown(supervisor: Visitor, town: Town) -> None:
    await acts.decided(town)
    page = await supervisor.get("/supervise")
    assert page.status_code == 200
    shown = {row[0]: row[1] for row in cells(page.text, "departments")}
    path = re.search(r'href="(/supervise/export\.xlsx[^"]*)"', page.text)
    assert path is not None
    answer = await supervisor.get(path[1].replace("&amp;", "&"))
    book = sheets(answer.content)
    exported = {row[0]: row[1] for row in book["部门"][2:]}
    assert shown == exported
    for sheet in ("部门", "事项"):
        period, heads, *rows = book[sheet]
        assert "杭州市" in period[0]
        assert "330100" not in period[0]
        assert heads[-2:] == ["地区", "地区代码"]
        assert all(row[-2:] == ["杭州市", "330100"] for row in rows)
    for text in (page.text, (await supervisor.get("/supervise/league")).text):
        assert "，杭州市。" in text
        assert "330100" not in re.sub(r"<[^>]+>", " ", text)
    assert shown["市场监督管理局"] != "0"
    assert [row[0] for row in book["指标说明"][1:]] == book["部门"][1][1:-2], "each figure is explained"
    assert len(book["事项"]) - 2 == len(cells(page.text, "items"))


async def test_nobody_is_named_on_the_board_and_in_the_spreadsheet(supervisor: Visitor, town: Town) -> None:
    await acts.decided(town)
    page, sheet = await supervisor.get("/supervise"), await supervisor.get("/supervise/export.xlsx")
    texts = page.text + str(sheets(sheet.content))
    assert people.ZHANG.name not in texts
    assert people.ZHANG.id_number not in texts


async def test_each_figure_has_its_definition_and_a_chart_its_table(supervisor: Visitor, town: Town) -> None:
    await acts.decided(town)
    page = await supervisor.get("/supervise")
    asked = re.findall(r'href="#(def-[a-z_]+)"', page.text)
    assert len(asked) == len(set(asked)) == 19
    assert all(f'id="{one}"' in page.text for one in asked)
    assert page.text.count('<svg class="chart"') == 2
    assert "<style" not in page.text
    assert not re.search(r"<script(?![^>]*\bsrc=)", page.text)


async def test_period_and_department_stand_in_the_address_and_hold(supervisor: Visitor, town: Town) -> None:
    await acts.decided(town)
    page = await supervisor.get("/supervise?from=2026-02-20&to=2026-03-20&department=amr")
    assert 'value="2026-02-20"' in page.text
    assert [row[0] for row in cells(page.text, "departments")] == ["市场监督管理局"]
    assert "department=amr" in page.text


@pytest.mark.parametrize(
    ("account", "path"),
    [
        ("supervisor", "/supervise"),
        ("supervisor", "/supervise/league"),
        ("supervisor", "/supervise/cards"),
        ("leader.amr", "/work/figures"),
    ],
)
async def test_the_fields_hold_the_period_that_is_shown(town: Town, account: str, path: str) -> None:
    """Whoever looks without naming one changes one of its days, and does not guess the other."""
    last = town.context.today()
    first = last - timedelta(days=29)
    async with Visitor(town) as visitor:
        await visitor.sign_in(account)
        page = await visitor.get(path)
    assert dict(re.findall(r'name="(from|to)" value="([^"]*)"', page.text)) == {"from": f"{first}", "to": f"{last}"}


@pytest.mark.parametrize("query", ["from=gestern", "from=2026-03-01&to=2026-01-01", "from=2020-01-01"])
async def test_a_period_that_is_none_is_told_with_what_was_typed(supervisor: Visitor, query: str) -> None:
    for path in ("/supervise", "/supervise/cards", "/supervise/league"):
        answer = await supervisor.get(f"{path}?{query}")
        assert answer.status_code == 422, path
        assert 'role="alert"' in answer.text
        assert query.partition("&")[0].removeprefix("from=") in answer.text
    assert (await supervisor.get(f"/supervise/export.xlsx?{query}")).status_code == 422


@pytest.mark.parametrize(
    "path",
    [
        "cards",
        "cards?card=red",
        "reminders",
        "sources",
        "ratings",
        "ratings?bad=true",
        "league",
        "at-systems",
        "at-systems?department=tax",
        "credit-notes",
    ],
)
async def test_lists_are_there(supervisor: Visitor, path: str) -> None:
    assert (await supervisor.get(f"/supervise/{path}")).status_code == 200


async def test_departments_are_ranked_by_the_figure_that_was_chosen(supervisor: Visitor, town: Town) -> None:
    for _ in range(ENOUGH):
        await acts.decided(town)
    page = await supervisor.get("/supervise/league")
    assert "部门排名：按时办结率" in page.text
    rows = cells(page.text, "league")
    places = {row[1]: row[0] for row in rows}
    assert places["市场监督管理局"] == "1"
    asked = re.findall(r'href="#(def-[a-z_]+)"', page.text)
    assert len(asked) == len(RANKING)
    assert all(f'id="{one}"' in page.text for one in asked), "each figure is explained"
    to_rows = re.findall(r'href="(/supervise\?department=amr#items)"', page.text)
    assert to_rows, "each figure leads to its rows"
    behind = await supervisor.get(to_rows[0])
    assert [row[0] for row in cells(behind.text, "departments")] == ["市场监督管理局"]
    other = await supervisor.get("/supervise/league?by=paused_rate")
    assert "部门排名：中止时间占比" in other.text
    assert "部门排名：按时办结率" in (await supervisor.get("/supervise/league?by=none")).text


def measured(department: str, decided: int, on_time: float | None) -> DepartmentMeasures:
    counts = dict.fromkeys(
        ("met", "missed", "dated", "early", "extensions", "yellow_cards", "red_cards", "returned", "corrected"), 0
    )
    return DepartmentMeasures(
        department=department,
        department_name=department,
        decided=decided,
        on_time_rate=on_time,
        paused_rate=on_time,
        paused_hours=0,
        corrected_again=0,
        channels={},
        by_channel={},
        identity_only=0,
        **counts,
    )


def test_who_does_equally_well_has_the_same_place_and_few_decisions_none() -> None:
    measures = [
        measured("a", ENOUGH, 0.5),
        measured("b", ENOUGH, 0.9),
        measured("c", ENOUGH - 1, 1.0),
        measured("d", ENOUGH, None),
        measured("e", ENOUGH, 0.9),
        measured("f", ENOUGH, 0.1),
    ]
    figures = {one.code: one for one in RANKING}
    best = [(row.measures.department, row.place) for row in ranked(measures, figures["on_time_rate"])]
    assert best == [("b", 1), ("e", 1), ("a", 3), ("f", 4), ("c", None), ("d", None)]
    least = [(row.measures.department, row.place) for row in ranked(measures, figures["paused_rate"])]
    assert least == [("f", 1), ("a", 2), ("b", 3), ("e", 3), ("c", None), ("d", None)]


async def test_a_case_is_supervised_and_waits_for_its_answer(supervisor: Visitor, town: Town) -> None:
    case_no = await acts.accepted_case(town)
    path = f"/supervise/cases/{case_no}"
    action = f"{path}/supervise"
    assert f'href="{action}"' in (await supervisor.get(path)).text
    page = await supervisor.get(action)
    assert "发给现在有事要办的：市场监督管理局。只在等别人的部门不发" in page.text
    assert people.ZHANG.name not in page.text
    assert people.ZHANG.id_number not in page.text
    refused = await supervisor.post(action, values(filled(page, action)) | {"/text": "", "/days": "99"})
    assert refused.status_code == 422
    assert 'href="#f-days"' in refused.text
    assert 'id="f-days"' in refused.text
    assert 'value="99"' in refused.text
    fields = values(filled(page, action)) | {"/text": "请说明为何还没有办", "/days": "2", "/item": "registration"}
    answer = await supervisor.post(action, fields)
    assert answer.headers.get("location") == f"{path}?done=supervise", answer.text
    assert (await supervisor.post(action, fields)).headers["location"] == f"{path}?done=supervise", "the same press"
    after = (await supervisor.get(answer.headers["location"])).text
    assert "督办已发出" in after
    assert "督办：" in after
    assert case_no in (await supervisor.get("/supervise/reminders")).text
    kinds = town.rows("select count(*) from journal where case_no = %s and kind = 'supervised'", case_no)
    assert kinds == [(1,)]


async def test_urged_twice_it_says_when_again(supervisor: Visitor, town: Town) -> None:
    case_no = await acts.accepted_case(town)
    path = f"/supervise/cases/{case_no}"
    action = f"{path}/urge"
    page = await supervisor.get(action)
    assert (await supervisor.post(action, values(filled(page, action)))).status_code == 303
    again = await supervisor.post(action, values(filled(page, action)) | {"_key": "another", "/text": "请快一些"})
    assert again.status_code == 429
    assert "再" in again.text
    assert "请快一些" in again.text, "what was written is kept"


async def test_a_bad_rating_is_answered(supervisor: Visitor, town: Town) -> None:
    case_no = await acts.closed(town)
    rated = await town.post("citizen", f"/api/cases/{case_no}/rating", {"grade": 1, "tags": ["slow"]})
    assert rated.status_code == 200, rated.text
    listed = await supervisor.get("/supervise/ratings?bad=true")
    assert f'href="/supervise/cases/{case_no}"' in listed.text
    assert "办得慢" in listed.text
    path = f"/supervise/cases/{case_no}"
    for act in ("contact", "rectify"):
        action = f"{path}/{act}"
        page = await supervisor.get(action)
        answer = await supervisor.post(action, values(filled(page, action)) | {"/text": "已电话回访，并已改正"})
        assert answer.headers.get("location") == f"{path}?done={act}_after_rating", answer.text


@pytest.mark.parametrize("account", ["citizen", "counter", "officer.amr"])
async def test_supervision_is_the_supervisors(town: Town, account: str) -> None:
    async with Visitor(town) as visitor:
        await visitor.sign_in(account)
        for path in ("/supervise", "/supervise/cards", "/supervise/export.xlsx"):
            assert (await visitor.get(path)).status_code == 404


async def test_from_the_board_to_what_is_late_now_and_who_holds_it(fresh_town: Town) -> None:
    """A figure on the board leads to its rows, due first at the head; each says who has it in hand, and since when."""
    town = fresh_town
    late = await acts.accepted_case(town)
    town.clock.move(timedelta(days=9))
    soon = await acts.accepted_case(town)
    await town.gateway.tick(late)
    async with Visitor(town) as supervisor:
        await supervisor.sign_in("supervisor")
        board = await supervisor.get("/supervise")
        now = board.text[board.text.index('id="now"') :].partition("</section>")[0]
        assert re.findall(r'href="([^"]+)".*?<b>(\d+)</b>', now, re.DOTALL) == [
            ("/supervise/cases?due=overdue", "1"),
            ("/supervise/cases?due=soon", "0"),
        ]
        page = await supervisor.get("/supervise/cases?due=overdue")
        assert f'href="/supervise/cases/{late}"' in page.text
        assert soon not in page.text
        assert "■ 已超期，3月5日（周四）" in page.text
        assert "市场监督管理局：企业设立登记，3月2日" in page.text
        assert "已过部门的期限" in page.text
        assert 'aria-current="page">已超期' in page.text
        narrowed = await supervisor.get("/supervise/cases?due=overdue&bundle=newborn")
        assert "没有超期的办件" in narrowed.text
        assert 'name="due" value="overdue"' in narrowed.text, "another filter beside it keeps what was chosen"
        assert "没有即将到期的办件" in (await supervisor.get("/supervise/cases?due=soon")).text
    async with Visitor(town) as officer:
        await officer.sign_in("officer.amr")
        assert f'href="/work/cases/{late}"' in (await officer.get("/work/cases?due=overdue")).text
