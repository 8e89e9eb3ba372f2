"""联合查验 on pages: the lead offers days, the applicant chooses, departments record their parts, the list is seen and
reported as mended."""

from collections.abc import AsyncIterator

import pytest

from tests.api.conftest import TownBy
from tests.api.lawful import with_an_inspection
from tests.api.test_inspections import BLOCKED, LEADS, NO_BOOKS, TAX, begun, days
from tests.api.town import Town
from tests.web.office import done, press
from tests.web.visitor import Visitor


@pytest.fixture
async def town(town_by: TownBy) -> AsyncIterator[Town]:
    async with town_by(with_an_inspection) as town:
        yield town


async def test_from_the_days_to_what_is_mended(town: Town) -> None:
    case_no = await begun(town)
    work, mine = f"/work/cases/{case_no}", f"/my/cases/{case_no}"
    async with Visitor(town) as lead, Visitor(town) as tax, Visitor(town) as citizen:
        await lead.sign_in(LEADS)
        await tax.sign_in(TAX)
        await citizen.sign_in("citizen")
        today, tomorrow = days(town, 0, 1)
        few = await press(lead, work, "inspection-days", {"subject": "site", "/days": today})
        assert (few.status_code, "至少提供 2 个日期" in few.text) == (422, True)
        told = await done(lead, work, "inspection-days", {"subject": "site", "/days": f"{today}、{tomorrow}"})
        assert "请选日期：" in told
        assert "去选日期" in (await citizen.get(mine)).text
        nothing = await press(citizen, mine, "inspection", {})
        assert (nothing.status_code, "请选一个日期" in nothing.text) == (422, True)
        assert "选定" in await done(citizen, mine, "inspection", {"/on": today})
        found = {"subject": "seal", "/officers": "2", "/points": f"{BLOCKED}\n\n灭火器过期", "/note": "现场照片三张"}
        assert BLOCKED not in await done(lead, work, "inspection-part", found)  # not before the list is out
        await done(tax, work, "inspection-part", {"subject": "tax", "/officers": "2", "/points": NO_BOOKS})
        listed = await done(lead, work, "inspection-list", {"subject": "site"})
        assert "清单已告知申请人" in listed
        assert BLOCKED in listed
        page = (await citizen.get(mine)).text
        assert "整改清单" in page
        assert "灭火器过期" in page
        assert "现场照片三张" not in page
        assert "报告已整改" in page
        mended = await done(citizen, mine, "inspection", {"/what": "都已改好"})
        assert "报告“现场联合查验”发现的问题已经整改" in mended.replace(" ", "")
        await done(lead, work, "inspection-days", {"subject": "site", "/days": today})
        await done(citizen, mine, "inspection", {"/on": today})
        again = (await tax.get(f"{work}/inspection-part")).text
        assert "仍没有改好的" in again
        assert NO_BOOKS in again
        await done(tax, work, "inspection-part", {"subject": "tax", "/officers": "2", "/unmended": "tax-1"})
        await done(lead, work, "inspection-part", {"subject": "seal", "/officers": "2"})
        assert "已经结束" in await done(lead, work, "inspection-list", {"subject": "site"})


async def test_where_no_day_fits_the_lead_sets_one(town: Town) -> None:
    case_no = await begun(town)
    work, mine = f"/work/cases/{case_no}", f"/counter/cases/{case_no}"
    async with Visitor(town) as lead, Visitor(town) as counter:
        await lead.sign_in(LEADS)
        await counter.sign_in("counter")
        today, tomorrow = days(town, 0, 1)
        await done(lead, work, "inspection-days", {"subject": "site", "/days": f"{today} {tomorrow}"})
        await done(counter, mine, "inspection", {"/on": "none"})
        assert "定于" in await done(lead, work, "inspection-day", {"subject": "site", "/on": tomorrow})


async def test_the_guide_says_it_before_anybody_applies(town: Town) -> None:
    answers = "company_type=sole_proprietorship&premises=owned&services.seal=1&services.tax=1"
    async with Visitor(town) as visitor:
        page = (await visitor.get(f"/guide/enterprise-opening?{answers}")).text.replace(" ", "")
        assert "现场联合查验（公章刻制备案、" in page
        assert "至多复验1次、只看没有通过的问题" in page
