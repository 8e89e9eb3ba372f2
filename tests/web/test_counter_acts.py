"""What a counter does for a person beside taking in and accepting: corrections that were brought, delivery, withdrawal,
look-ups, call-backs, mandates, licences, drafts that are given up."""

import re
from collections.abc import AsyncIterator

import httpx
import pytest

from tests.api import acts, test_deliveries, test_licences, test_retry
from tests.api.forms import opening
from tests.api.town import Town
from tests.support import people
from tests.web.office import press
from tests.web.visitor import Visitor


@pytest.fixture
async def clerk(town: Town) -> AsyncIterator[Visitor]:
    async with Visitor(town) as visitor:
        await visitor.sign_in("counter")
        yield visitor


async def test_what_was_asked_for_is_corrected_beside_the_person(clerk: Visitor, town: Town) -> None:
    case_no = await acts.correction(town)
    address = f"/counter/cases/{case_no}"
    assert f'href="{address}/supplement"' in (await clerk.get(address)).text
    form = await clerk.get(f"{address}/supplement")
    assert "电话打不通" in form.text
    check = await clerk.send(form, f"{address}/supplement", {"/form/liaison_phone": "13900000001"})
    assert "要改 1 处" in check.text
    sent = await clerk.send(check, f"{address}/supplement", {"sure": "1"})
    assert sent.headers.get("location") == address, sent.text
    assert town.rows("select status from cases where case_no = %s", case_no) == [("submitted",)]


async def test_the_way_of_delivery_is_changed(clerk: Visitor, town: Town) -> None:
    case_no = await acts.accepted_case(town)
    address = f"/counter/cases/{case_no}"
    without = await press(clerk, address, "delivery", {"/method": "post", "/address": ""})
    assert without.status_code == 422
    assert 'value="post" id="f-method' in without.text
    post = {f"/{name}": value for name, value in test_deliveries.POST.items()}
    assert (await press(clerk, address, "delivery", post)).headers.get("location") == address
    view = (await town.get("citizen", f"/api/cases/{case_no}")).json()
    assert view["delivery"] == test_deliveries.POST


async def test_the_applicant_changes_it_too(town: Town) -> None:
    case_no = await acts.accepted_case(town)
    address = f"/my/cases/{case_no}"
    async with Visitor(town) as citizen:
        await citizen.sign_in("citizen")
        assert f'href="{address}/delivery"' in (await citizen.get(address)).text
        assert (await press(citizen, address, "delivery", {"/method": "counter"})).headers.get("location") == address


async def test_an_application_is_withdrawn(clerk: Visitor, town: Town) -> None:
    case_no = await acts.accepted_case(town)
    address = f"/counter/cases/{case_no}"
    asked = await clerk.get(f"{address}/withdraw")
    assert "不再办理的" in asked.text
    assert (await clerk.send(asked, f"{address}/withdraw", {})).headers.get("location") == address
    assert town.rows("select status from cases where case_no = %s", case_no) == [("withdrawn",)]


async def test_a_source_is_asked_again(clerk: Visitor, town: Town) -> None:
    case_no = await acts.received_case(town)
    address = f"/counter/cases/{case_no}"
    sent = await press(clerk, address, "retry", {"subject": test_retry.DATA})
    assert sent.headers.get("location") == f"{address}?done=retry", sent.text
    assert "再次查询" in (await clerk.get(address)).text
    soon = await press(clerk, address, "retry", {"subject": test_retry.DATA})
    assert soon.status_code == 429


async def test_a_bad_rating_is_answered(clerk: Visitor, town: Town) -> None:
    case_no = await acts.closed(town)
    rated = await town.post("citizen", f"/api/cases/{case_no}/rating", {"grade": 1, "tags": ["slow"]})
    assert rated.status_code == 200, rated.text
    address = f"/counter/cases/{case_no}"
    unsaid = await press(clerk, address, "contact", {"/text": ""})
    assert unsaid.status_code == 422
    for act in ("contact", "rectify"):
        sent = await press(clerk, address, act, {"/text": "已电话回访，并已改正"})
        assert sent.headers.get("location") == f"{address}?done={act}", sent.text


async def test_who_calls_back_reads_what_was_written_and_nobody_reads_of_good_ones(clerk: Visitor, town: Town) -> None:
    for grade, comment, told in ((1, "等了三个小时", True), (2, None, True), (5, "办得真快", False)):
        case_no = await acts.rejected(town)
        body = {"grade": grade, **({"comment": comment} if comment else {})}
        assert (await town.post("citizen", f"/api/cases/{case_no}/rating", body)).status_code == 200
        page = (await clerk.get(f"/counter/cases/{case_no}")).text
        assert ("差评，等回访" in page) is told
        assert (f"评价：{grade} 分" in page) is told
        assert ((comment or "评价时没有写什么") in page) is told
        if told:
            await press(clerk, f"/counter/cases/{case_no}", "contact", {"/text": "已电话致歉"})
            page = (await clerk.get(f"/counter/cases/{case_no}")).text
            assert "差评已回访，等整改" in page
            assert "回访：已电话致歉" in page


async def test_a_mandate_is_recorded_by_a_signed_paper_and_revoked(clerk: Visitor) -> None:
    form = await clerk.get("/counter/mandates/new")
    given = {
        "/giver/name": people.ZHANG.name,
        "/giver/id_number": people.ZHANG.id_number,
        "/agent": "agent",
        "/agent_name": "王帮办",
        "/kind": "helper",
        "/acts": ["apply"],
        "/expires_on": "2026-03-31",
    }
    unsigned = await clerk.send(form, "/counter/mandates/new", given)
    assert unsigned.status_code == 422
    assert "王帮办" in unsigned.text
    before = listed(await clerk.get("/counter/mandates"))
    sent = await clerk.send(form, "/counter/mandates/new", {**given, "/paper": "true"})
    assert sent.headers.get("location") == "/counter/mandates", sent.text
    [path] = listed(await clerk.get("/counter/mandates")) - before
    page = await clerk.get(path)
    assert "委托人的名义" in page.text
    assert (await clerk.send(page, f"{path}/revoke", {})).headers.get("location") == "/counter/mandates"
    assert "已撤销" in (await clerk.get("/counter/mandates")).text


def listed(page: httpx.Response) -> set[str]:
    return set(re.findall(r'href="(/counter/mandates/m[0-9a-f]{16})"', page.text))


@pytest.mark.parametrize(("account", "place"), [("counter", "/counter"), ("officer.amr", "/work")])
async def test_licences_are_looked_up_with_consent_and_a_reason(town: Town, account: str, place: str) -> None:
    fields = {f"/{name}": value for name, value in test_licences.MINE.items()}
    async with Visitor(town) as visitor:
        await visitor.sign_in(account)
        form = await visitor.get(f"{place}/licences")
        assert "理由" in form.text
        refused = await visitor.send(form, f"{place}/licences", {**fields, "/reason": "为办理变更登记"})
        assert refused.status_code == 403
        assert "授权" in refused.text
        assert "为办理变更登记" in refused.text, "what was written is kept"


async def test_a_draft_is_given_up_by_who_wrote_it(clerk: Visitor, town: Town) -> None:
    made = await town.post("counter", "/api/cases", opening(submit=False))
    assert made.status_code == 201, made.text
    path = f"/counter/drafts/{made.json()['case_no']}/delete"
    asked = await clerk.get(path)
    assert "不能恢复" in asked.text
    assert (await clerk.send(asked, path, {})).headers.get("location") == "/counter"
    assert (await clerk.get(path)).status_code == 404
