"""审计: who looked at what, by account; alarms; what verifying found; by whose number, which stands in no address."""

import re
from collections.abc import AsyncIterator

import httpx
import pytest

from onething.security.policy import Act
from onething.web.audit.wording import ACT_NAMES
from onething.web.core.spreadsheets import read_sheets
from tests.api import acts
from tests.api.forms import opening
from tests.api.town import MORNING, Town
from tests.support import people
from tests.web.visitor import Visitor


@pytest.fixture
async def auditor(fresh_town: Town) -> AsyncIterator[Visitor]:
    async with Visitor(fresh_town) as visitor:
        await visitor.sign_in("auditor")
        yield visitor


def lines(page: httpx.Response) -> list[list[str]]:
    """The cells of each row."""
    assert page.status_code == 200, page.text
    rows = re.findall(r"<tr>(<td>.*?)</tr>", page.text, re.DOTALL)
    return [[re.sub(r"<[^>]+>", "", cell).strip() for cell in re.findall(r"<td>(.*?)</td>", row)] for row in rows]


async def test_the_ways_of_an_auditor_lead_to_pages_of_theirs(auditor: Visitor) -> None:
    """They begin there, and see no page of others."""
    page = await auditor.get("/audit")
    ways = re.findall(r'<li><a href="(/audit[^"]*)"', page.text)
    assert ways == ["/audit", "/audit/search", "/audit/alarms", "/audit/verifications"]
    assert [(await auditor.get(way)).status_code for way in ways] == [200] * 4
    assert [(await auditor.get(path)).status_code for path in ("/admin", "/work", "/counter", "/supervise")] == [
        404
    ] * 4


async def test_who_looked_at_a_case_on_which_day(auditor: Visitor, fresh_town: Town) -> None:
    case_no, other = await acts.accepted_case(fresh_town), await acts.accepted_case(fresh_town)
    await fresh_town.get("officer.amr", f"/api/cases/{case_no}")
    await fresh_town.get("officer.psb", f"/api/cases/{other}")
    day = f"{MORNING:%Y-%m-%d}"
    found = lines(await auditor.get(f"/audit?case_no={case_no}&act=view_case&first={day}&last={day}&subject=&outcome="))
    assert [(row[1], row[3], row[4]) for row in found] == [("officer.amr", "查看办件", case_no)]
    assert lines(await auditor.get(f"/audit?case_no={case_no}&last=2026-03-01")) == []
    by_person = lines(await auditor.get("/audit?subject=officer.psb&act=view_case"))
    assert [row[4] for row in by_person] == [other]
    read = lines(await auditor.get(f"/audit?subject=auditor&case_no={case_no}"))
    assert len(read) >= 2, "each look is a line itself"


def test_every_act_and_what_else_is_logged_has_words() -> None:
    assert {str(act) for act in Act} - ACT_NAMES.keys() == set()
    assert len(set(ACT_NAMES.values())) == len(ACT_NAMES), "one is told from another"


async def test_it_holds_no_word_of_the_case(auditor: Visitor, fresh_town: Town) -> None:
    case_no = await acts.accepted_case(fresh_town)
    await fresh_town.get("officer.amr", f"/api/cases/{case_no}")
    book = await auditor.get(f"/audit/export.xlsx?case_no={case_no}")
    text = (await auditor.get(f"/audit?case_no={case_no}")).text + str(read_sheets(book.content))
    assert case_no in text
    form = opening()["form"]
    words = [one for one in form.values() if isinstance(one, str) and len(one) > 5 and not one.isascii()]
    assert [one for one in [*words, people.ZHANG.id_number, people.ZHANG.name] if one in text] == []


async def test_what_is_exported_is_what_was_filtered(auditor: Visitor, fresh_town: Town) -> None:
    case_no = await acts.accepted_case(fresh_town)
    await fresh_town.get("officer.amr", f"/api/cases/{case_no}")
    page = await auditor.get(f"/audit?case_no={case_no}&subject=officer.amr")
    address = re.search(r'href="(/audit/export\.xlsx\?[^"]+)"', page.text)
    assert address is not None
    book = await auditor.get(address[1].replace("&amp;", "&"))
    assert "attachment" in book.headers["content-disposition"]
    [(_, rows)] = read_sheets(book.content).items()
    shown = lines(page)
    assert [(row[1], row[6], row[7]) for row in rows[2:]] == [(row[1], row[3], row[4]) for row in shown]
    assert rows[0][0] == f"共 {len(shown)} 行"


async def test_who_looked_for_somebody_is_asked_with_a_reason_and_in_no_address(
    auditor: Visitor, fresh_town: Town
) -> None:
    number = people.ZHANG.id_number
    await fresh_town.post("counter", "/api/cases/search", {"id_number": number, "reason": "来电询问进度"})
    page = await auditor.get("/audit/search")
    asked = {"/id_type": "resident_id", "/id_number": number}
    refused = await auditor.send(page, "/audit/search", asked)
    assert (refused.status_code, "reason" in refused.text) == (422, True)
    found = await auditor.send(page, "/audit/search", {**asked, "/reason": "市民投诉信息被查"})
    assert ("counter", "查找办件") in [(row[1], row[3]) for row in lines(found)]
    [(reason,)] = fresh_town.rows(
        "select count(*) from access_log where act = 'view_access_log' and whose is not null and reason is not null"
    )
    assert reason == 1


async def test_alarms_and_verifications_are_told(auditor: Visitor, fresh_town: Town) -> None:
    assert "还没有核对过" in (await auditor.get("/audit/verifications")).text
    fresh_town.change(
        "insert into access_log (at, subject, role, act, found, outcome)"
        " select now(), 'worker', 'worker', 'verify_journal', n, case n when 0 then 'done' else 'alarm' end"
        " from unnest(array[0, 2]) n"
    )
    text = (await auditor.get("/audit/verifications")).text
    assert "没有发现问题" in text
    assert "发现 2 处问题" in text
    assert [(row[3], row[7]) for row in lines(await auditor.get("/audit/alarms"))] == [("核对流水", "报警")]
