"""登记公告异议 on the case's page of the department that gave notice, and what everybody sees of it."""

import re
from collections.abc import AsyncIterator

import pytest

from tests.api import acts
from tests.api.conftest import TownBy
from tests.api.lawful import with_a_notice
from tests.api.town import Town
from tests.web.office import done, press
from tests.web.visitor import Visitor

WHAT = "债权人甲公司提出尚有货款未清偿"


@pytest.fixture
async def town(town_by: TownBy) -> AsyncIterator[Town]:
    async with town_by(with_a_notice) as town:
        yield town


async def announced(town: Town) -> str:
    case_no = await acts.accepted_case(town)
    await acts.approve(town, case_no, "registration")
    return case_no


async def test_an_objection_is_recorded_where_the_department_sees_the_case(town: Town) -> None:
    case_no = await announced(town)
    async with Visitor(town) as officer:
        await officer.sign_in("officer.amr")
        address = f"/work/cases/{case_no}"
        assert re.search(r"设立公告（.*）：正在进行，至", (await officer.get(address)).text)
        nothing = await press(officer, address, "period", {"/what": WHAT})
        assert (nothing.status_code, "请先选择是哪一项" in nothing.text) == (422, True)
        told = await done(officer, address, "period", {"subject": "public-notice", "/what": WHAT})
        assert "有人提出异议，已经结束" in told
        assert WHAT in told


async def test_the_applicant_sees_until_when_it_runs_and_not_who_objected(town: Town) -> None:
    case_no = await announced(town)
    async with Visitor(town) as citizen, Visitor(town) as officer:
        await citizen.sign_in("citizen")
        assert "设立公告：正在进行，至" in (await citizen.get(f"/my/cases/{case_no}")).text
        await officer.sign_in("officer.amr")
        await done(officer, f"/work/cases/{case_no}", "period", {"subject": "public-notice", "/what": WHAT})
        page = (await citizen.get(f"/my/cases/{case_no}")).text
        assert "设立公告：有人提出异议，已经结束" in page
        assert WHAT not in page


async def test_the_guide_says_it_before_anybody_applies(town: Town) -> None:
    answers = "company_type=sole_proprietorship&premises=owned&services.seal=1"
    async with Visitor(town) as visitor:
        page = (await visitor.get(f"/guide/enterprise-opening?{answers}")).text
        assert "设立公告：5个自然日，期间有异议即止，不计入承诺（《测试条例》第四条）" in page.replace(" ", "")
        assert "“设立公告”结束后" in page
