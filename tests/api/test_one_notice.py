"""一次告知 over HTTP: what a notice forgot is a supervisor's to add; what departments want stands in one letter."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from tests.api import acts
from tests.api.conftest import TownBy
from tests.api.forms import REQUIRED_PAPERS, opening_with_papers
from tests.api.lawful import task, with_papers_for_seal_and_tax
from tests.api.test_item_corrections import accepted, supply
from tests.api.test_letters import listed
from tests.api.town import Town

PHONE = {"pointer": "/form/liaison_phone", "what": "电话打不通"}
ADDRESS = {"pointer": "/form/address", "what": "写到门牌号"}
ARTICLES = {"material": "articles", "what": "缺少签名"}


async def demand(town: Town, case_no: str, *items: dict[str, str], who: str = "counter") -> httpx.Response:
    return await town.post(who, f"/api/cases/{case_no}/corrections", {"items": list(items)})


async def answer(town: Town, case_no: str, **form: str) -> None:
    told = await town.post("citizen", f"/api/cases/{case_no}/supplement", {"form": form})
    assert (told.status_code, told.json()["status"]) == (200, "submitted"), told.text


async def test_what_the_first_notice_forgot_takes_a_supervisor(town: Town) -> None:
    case_no = await acts.correction(town)
    await answer(town, case_no, liaison_phone="13900000001")
    before = town.counts()
    forgotten = await demand(town, case_no, PHONE, ADDRESS)
    assert (forgotten.status_code, forgotten.json()["code"]) == (409, "second_demand")
    assert "/form/address" in forgotten.json()["detail"]
    assert "/form/liaison_phone" not in forgotten.json()["detail"]
    assert "督办员" in forgotten.json()["detail"]
    assert (await demand(town, case_no, PHONE, who="supervisor")).status_code == 403  # needs none
    assert town.counts() == before
    assert (await demand(town, case_no, PHONE)).status_code == 200  # told once, and still wrong
    await answer(town, case_no, liaison_phone="13900000002")
    allowed = await demand(town, case_no, ADDRESS, who="supervisor")
    assert (allowed.status_code, allowed.json()["status"]) == (200, "correction"), allowed.text
    letters = [one for one in await listed(town, case_no) if one["kind"] == "corrections"]
    newest = await town.get("citizen", f"/api/cases/{case_no}/documents/{letters[0]['id']}")
    assert newest.json()["paragraphs"][1:] == ["1. 申请表“住所（经营场所）”：写到门牌号"]
    assert len(letters) == 3
    await answer(town, case_no, address="杭州市西湖区文一西路1号101室")
    assert (await demand(town, case_no, ADDRESS)).status_code == 200  # by now it was told


async def test_a_supervisor_of_another_case_s_first_notice_is_refused(town: Town) -> None:
    case_no = await acts.open_case(town)
    assert (await demand(town, case_no, ADDRESS, who="supervisor")).status_code == 403
    assert (await demand(town, case_no, ADDRESS)).status_code == 200


async def test_other_answers_are_another_application(town: Town) -> None:
    case_no = await acts.correction(town)
    of_tax = ("finance_officer_name", "finance_officer_id", "finance_officer_phone", "accounting_system")
    form = {"liaison_phone": "13900000001"} | dict.fromkeys(of_tax)
    body = {"form": form, "answers": {"services": ["seal"], "invoices": None}}
    told = await town.post("citizen", f"/api/cases/{case_no}/supplement", body)
    assert (told.status_code, told.json()["status"]) == (200, "submitted"), told.text
    assert (await demand(town, case_no, ADDRESS)).status_code == 200


@pytest.fixture
async def papers_for_all(town_by: TownBy) -> AsyncIterator[Town]:
    async with town_by(with_papers_for_seal_and_tax) as town:
        yield town


async def want(town: Town, case_no: str, who: str, item: str, what: str, *materials: str) -> httpx.Response:
    return await town.post(who, f"{task(case_no, item)}/correction", {"materials": list(materials), "what": what})


async def letters(town: Town, case_no: str, who: str = "citizen") -> list[list[str]]:
    """What each notice says, newest first."""
    rows = [one for one in await listed(town, case_no, who) if one["kind"] == "corrections"]
    paths = [f"/api/cases/{case_no}/documents/{row['id']}" for row in rows]
    return [(await town.get(who, path)).json()["paragraphs"] for path in paths]


async def test_two_departments_one_letter_and_a_second_demand(papers_for_all: Town) -> None:
    town = papers_for_all
    case_no = await accepted(town)
    await acts.approve(town, case_no, "registration")
    assert (await want(town, case_no, "officer.psb", "seal", "租期已满", "premises-lease")).status_code == 200
    assert (await want(town, case_no, "officer.tax", "tax", "缺第二页", "articles")).status_code == 200
    until = (
        "请在本告知书发出之日起 10 个工作日内补正；逾期没有补正的，"
        "按现有材料依法作出决定（依据：受理后补正期限的地方规定（假定值，以当地规定为准））。"
    )
    waits = "补正期间承诺期限中止计算，法定期限照常计算。"
    both, first = await letters(town, case_no)
    assert first == [
        "办理“企业开办”中的“公章刻制备案”，需要您补正以下材料：",
        "1. 房屋租赁合同",
        "需要补正的内容：租期已满",
        until,
        waits,
    ]
    assert both == [
        "办理“企业开办”，下列部门需要您补正材料，请一次备齐：",
        "公安局办理“公章刻制备案”：",
        "1. 房屋租赁合同",
        "需要补正的内容：租期已满",
        "税务局办理“税务信息确认与发票领用”：",
        "1. 公司章程",
        "需要补正的内容：缺第二页",
        until,
        waits,
    ]
    (of_tax,) = await letters(town, case_no, "officer.tax")  # what another department wrote is not theirs to read
    assert "需要补正的内容：租期已满" not in of_tax
    assert "需要补正的内容：缺第二页" in of_tax
    told = (await town.get("citizen", f"/api/cases/{case_no}/timeline")).json()["items"]
    assert "“税务信息确认与发票领用”要求补正：公司章程，与“公章刻制备案”的补正合并告知" in [one["text"] for one in told]

    assert (await supply(town, case_no, "articles"))["missing"] == ["premises-lease"]
    before = town.counts()
    more = await want(town, case_no, "officer.tax", "tax", "任命书也不对", "articles", "appointment-documents")
    assert (more.status_code, more.json()["code"]) == (409, "second_demand")
    assert "appointment-documents" in more.json()["detail"]
    assert (await want(town, case_no, "supervisor", "tax", "仍缺第二页", "articles")).status_code == 403
    assert town.counts() == before
    assert (await want(town, case_no, "supervisor", "tax", "任命书也不对", "appointment-documents")).status_code == 200
    newest = (await letters(town, case_no))[0]
    assert "1. 法定代表人、董事、监事和经理的任职文件" in newest
    assert "需要补正的内容：任命书也不对" in newest
    await supply(town, case_no, "appointment-documents", "premises-lease")
    again = await want(town, case_no, "officer.tax", "tax", "还是不对", "appointment-documents")
    assert again.status_code == 200, again.text
    (text, *_) = await letters(town, case_no)
    assert text[0] == "办理“企业开办”中的“税务信息确认与发票领用”，需要您补正以下材料："


async def test_a_demand_is_only_for_a_supervisor_of_the_region(papers_for_all: Town) -> None:
    case_no = await accepted(papers_for_all)
    answer_: Any = await want(papers_for_all, case_no, "supervisor", "registration", "缺页", "articles")
    assert (answer_.status_code, answer_.json()["code"]) == (403, "not_permitted")


REJECTION = {"reason": "仍不符合法定形式", "basis": "行政许可法第三十二条"}


async def test_who_answers_every_point_is_not_turned_away(town: Town) -> None:
    """行政许可法 Art. 32 (5): whoever supplies all that was demanded shall be accepted, unless a point is unmet."""
    case_no = await acts.correction(town)
    await answer(town, case_no, liaison_phone="13900000001")
    before = town.counts()
    path = f"/api/cases/{case_no}/reject"
    refused = await town.post("counter", path, REJECTION)
    assert (refused.status_code, "应当受理" in refused.json()["detail"]) == (409, True), refused.text
    unheard = await town.post("counter", path, REJECTION | {"unmet": ["/form/address"]})
    assert (unheard.status_code, unheard.json()["errors"][0]["pointer"]) == (422, "/unmet"), unheard.text
    assert town.counts() == before
    unknown = await town.post("counter", path, REJECTION | {"unmet": ["of-no-case"]})
    assert (unknown.status_code, unknown.json()["errors"][0]["pointer"]) == (422, "/unmet"), unknown.text
    unmet = await town.post("counter", path, REJECTION | {"unmet": ["/form/liaison_phone"]})
    assert (unmet.status_code, unmet.json()["status"]) == (200, "rejected"), unmet.text
    (row,) = [one for one in await listed(town, case_no) if one["kind"] == "rejected"]
    told = (await town.get("citizen", f"/api/cases/{case_no}/documents/{row['id']}")).json()["paragraphs"]
    assert any(one.startswith("补正告知中仍未满足的：") and "/form" not in one for one in told)


async def test_what_the_supplement_brought_up_may_be_asked_about(town: Town) -> None:
    case_no = await acts.correction(town)
    await answer(town, case_no, liaison_phone="13900000001", address="杭州市西湖区文三路99号")
    told = await demand(town, case_no, ADDRESS)  # it was changed since the notice
    assert told.status_code == 200, told.text


async def test_nobody_is_kept_from_applying_by_a_form(town: Town) -> None:
    """Sent although something is missing: the counter says what, and does not accept it so (仍要提交)."""
    papers = [code for code in REQUIRED_PAPERS if code != "articles"]
    body = opening_with_papers(*papers)
    assert (await town.post("citizen", "/api/cases", body)).json()["errors"][0]["code"] == "missing_material"
    opened = await town.post("citizen", "/api/cases", body | {"incomplete": True})
    assert opened.status_code == 201, opened.text
    case_no = opened.json()["case_no"]
    early = await town.post("counter", f"/api/cases/{case_no}/accept")
    assert (early.status_code, "公司章程" in early.json()["detail"]) == (409, True), early.text
    assert (await demand(town, case_no, ARTICLES)).status_code == 200
