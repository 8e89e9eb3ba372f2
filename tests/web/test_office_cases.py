"""What departments do about a case beside its tasks: papers, look-ups, certificates; lists, reminders and figures."""

from collections.abc import AsyncIterator

import pytest

from tests.api import acts, test_reissue, test_retry
from tests.api.forms import REQUIRED_PAPERS, opening_with_papers
from tests.api.town import Town
from tests.support import people
from tests.web.office import done, press
from tests.web.visitor import Visitor


@pytest.fixture
async def officer(town: Town) -> AsyncIterator[Visitor]:
    async with Visitor(town) as visitor:
        await visitor.sign_in("officer.amr")
        yield visitor


async def test_a_department_takes_papers_that_its_items_look_at(officer: Visitor, town: Town) -> None:
    opened = await town.post("citizen", "/api/cases", opening_with_papers(*REQUIRED_PAPERS))
    assert opened.status_code == 201, opened.text
    case_no = str(opened.json()["case_no"])
    address = f"/work/cases/{case_no}"
    assert f'href="{address}/papers"' in (await officer.get(address)).text
    nothing = await press(officer, address, "papers", {"/how": "post"})
    assert nothing.status_code == 422
    assert 'value="post" id="f-how-1" checked' in nothing.text
    received = await done(officer, address, "papers", {"/materials": ["articles"], "/how": "post"})
    assert "纸质件已登记收到" in received
    [(how,)] = town.rows("select event ->> 'how' from journal where case_no = %s and kind = 'papers_received'", case_no)
    assert how == "post"


async def test_a_record_is_asked_for_again(officer: Visitor, town: Town) -> None:
    case_no = await acts.received_case(town)
    address = f"/work/cases/{case_no}"
    unchosen = await press(officer, address, "retry", {})
    assert unchosen.status_code == 422
    assert "已再次查询" in await done(officer, address, "retry", {"subject": test_retry.DATA})
    soon = await press(officer, address, "retry", {"subject": test_retry.DATA})
    assert soon.status_code == 429


async def test_a_certificate_is_corrected_and_made_out_again(officer: Visitor, town: Town) -> None:
    case_no = await acts.closed(town)
    address = f"/work/cases/{case_no}"
    old = acts.certificate_no(town, case_no)
    page = await officer.get(f"{address}/reissue")
    assert "原证照作废" in page.text, "the effect is said before"
    assert 'name="/form/address"' in page.text
    assert 'name="/form/liaison_phone"' not in page.text, "only what the certificate shows"
    typing = {"/why": "typing_error", "/reason": "录入时写错"}
    nothing = await press(officer, address, "reissue", typing)
    assert nothing.status_code == 422
    assert "录入时写错" in nothing.text
    corrected = {**typing, "/outputs/established_on": "2026-03-01", "/form/address": "杭州市西湖区文一西路11号"}
    wrong = await press(officer, address, "reissue", {**corrected, "/outputs/established_on": "昨天"})
    assert wrong.status_code == 422
    assert 'value="昨天"' in wrong.text
    assert "已重新签发" in await done(officer, address, "reissue", corrected)
    for command_id in await town.commands(case_no, "issue_certificates"):
        await town._issue(case_no, command_id)
    assert (await test_reissue.verified(town, old))["revoked"] is True


async def test_lost_is_made_out_as_it_was(officer: Visitor, town: Town) -> None:
    case_no = await acts.closed(town)
    lost = {"/why": "lost", "/reason": "声明遗失"}
    assert "已重新签发" in await done(officer, f"/work/cases/{case_no}", "reissue", lost)


async def test_cases_are_listed_whatever_their_status(officer: Visitor, town: Town) -> None:
    under_way, ended = await acts.accepted_case(town), await acts.closed(town)
    page = await officer.get("/work/cases")
    assert f'href="/work/cases/{under_way}"' in page.text
    assert f'href="/work/cases/{ended}"' in page.text
    only = await officer.get("/work/cases?status=closed")
    assert ended in only.text
    assert under_way not in only.text
    to_case = await officer.get(f"/work/cases?number={under_way}")
    assert to_case.headers["location"] == f"/work/cases/{under_way}"
    wrong = await officer.get("/work/cases?number=12")
    assert wrong.status_code == 422
    assert 'value="12"' in wrong.text


async def test_a_supervisor_lists_the_regions_cases_and_nobody_by_name(town: Town) -> None:
    case_no = await acts.accepted_case(town)
    async with Visitor(town) as supervisor:
        await supervisor.sign_in("supervisor")
        page = await supervisor.get("/supervise/cases")
        assert f'href="/supervise/cases/{case_no}"' in page.text
        assert people.ZHANG.name not in page.text


async def test_what_waits_for_an_answer_is_listed_with_the_way_to_it(officer: Visitor, town: Town) -> None:
    case_no = await acts.accepted_case(town)
    assert (await town.post("citizen", f"/api/cases/{case_no}/urge", {"text": "请尽快"})).status_code == 200
    page = await officer.get("/work/reminders")
    assert f'href="/work/cases/{case_no}/answer-urge"' in page.text


async def test_figures_of_a_department_are_its_leaders(officer: Visitor, town: Town) -> None:
    await acts.decided(town)
    assert (await officer.get("/work/figures")).status_code == 404
    async with Visitor(town) as leader:
        await leader.sign_in("leader.amr")
        assert 'href="/work/figures"' in (await leader.get("/work")).text
        page = await leader.get("/work/figures")
        assert "本部门合计" in page.text
        assert "税务" not in page.text
        wrong = await leader.get("/work/figures?from=gestern")
        assert wrong.status_code == 422
        assert "gestern" in wrong.text
