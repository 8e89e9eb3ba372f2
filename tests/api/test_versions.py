"""What was decided on can't slip away: versions of files, changes of the form, and papers that somebody received."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from tests.api import acts
from tests.api.conftest import TownBy
from tests.api.forms import REQUIRED_PAPERS, approval, opening_with_papers
from tests.api.lawful import task, with_papers_for_seal_and_tax
from tests.api.town import Town
from tests.support.files import png

FIRST, SECOND = png(1), png(2)
ARTICLES = "articles"


@pytest.fixture
async def shared(town_by: TownBy) -> AsyncIterator[Town]:
    """The registration and the tax office look at the same articles of association."""
    async with town_by(with_papers_for_seal_and_tax) as town:
        yield town


async def upload(town: Town, case_no: str, content: bytes) -> httpx.Response:
    files = {"file": ("章程.png", content, "image/png")}
    return await town.client("citizen").put(f"/api/cases/{case_no}/materials/{ARTICLES}", files=files)


async def accepted(town: Town) -> str:
    """With the articles as a file, and the other papers handed in."""
    others = [code for code in REQUIRED_PAPERS if code != ARTICLES]
    draft = await town.post("citizen", "/api/cases", opening_with_papers(*others) | {"submit": False})
    case_no = str(draft.json()["case_no"])
    assert (await upload(town, case_no, FIRST)).status_code == 201
    submitted = await town.post("citizen", f"/api/cases/{case_no}/submit")
    assert submitted.status_code == 200, submitted.text
    await acts.hand_in(town, case_no, *others)
    await town.fetch_all(case_no)
    assert (await town.post("counter", f"/api/cases/{case_no}/accept")).status_code == 200
    return case_no


async def decide(town: Town, case_no: str, seen: dict[str, int]) -> httpx.Response:
    body = {"outcome": "approve", "outputs": approval("registration", case_no), "seen": seen}
    return await town.post("officer.amr", f"{task(case_no)}/decide", body)


async def file_of(town: Town, who: str, case_no: str, version: int | None = None) -> httpx.Response:
    query = "" if version is None else f"?version={version}"
    return await town.get(who, f"/api/cases/{case_no}/materials/{ARTICLES}{query}")


async def test_a_decision_is_made_on_what_was_read_and_that_stays(shared: Town) -> None:
    town = shared
    case_no = await accepted(town)
    read = await acts.read(town, "officer.amr", f"{case_no}-registration-1")
    assert read == dict.fromkeys(REQUIRED_PAPERS, 1)
    before = town.counts()
    unasked = await upload(town, case_no, SECOND)
    assert (unasked.status_code, unasked.json()["code"]) == (422, "not_asked_for"), unasked.text
    unsaid = await decide(town, case_no, {})
    assert (unsaid.status_code, unsaid.json()["errors"][0]["pointer"]) == (422, "/seen"), unsaid.text
    assert town.counts() == before

    asked = {"materials": [ARTICLES], "what": "缺少签名"}
    assert (await town.post("officer.amr", f"{task(case_no)}/correction", asked)).status_code == 200
    assert (await upload(town, case_no, SECOND)).json()["version"] == 2
    newer = await decide(town, case_no, read)
    assert (newer.status_code, newer.json()["code"]) == (409, "newer_material"), newer.text
    assert "“公司章程”（articles）现在是第 2 版" in newer.json()["detail"]
    assert (await decide(town, case_no, read | {ARTICLES: 2})).status_code == 200

    view = (await town.get("officer.amr", f"/api/cases/{case_no}")).json()
    registration = next(one for one in view["items"] if one["code"] == "registration")
    assert registration["seen"] == read | {ARTICLES: 2}
    versions = next(one["versions"] for one in view["materials"] if one["code"] == ARTICLES)
    assert [(one["version"], one["kept"]) for one in versions] == [(1, "file"), (2, "file")]
    for version, content in ((1, FIRST), (2, SECOND), (None, SECOND)):
        assert (await file_of(town, "officer.amr", case_no, version)).content == content
    assert (await file_of(town, "officer.amr", case_no, 3)).status_code == 404
    assert (await file_of(town, "officer.psb", case_no, 1)).status_code == 404
    late = await upload(town, case_no, FIRST)
    assert (late.status_code, late.json()["code"]) == (422, "not_asked_for")

    lines = town.rows("select event from journal where case_no = %s order by seq", case_no)
    came = [one for (event,) in lines for one in event.get("versions", ()) if one["code"] == ARTICLES]
    assert [(one["version"], one["digest"]) for one in came] == [(one["version"], one["digest"]) for one in versions]


async def test_a_version_that_another_asked_for_is_read_before_the_decision(shared: Town) -> None:
    """The tax office has the articles open as well, when the registration's are asked for anew and come."""
    town = shared
    case_no = await accepted(town)
    await acts.approve(town, case_no, "registration")
    seal = await acts.read(town, "officer.psb", f"{case_no}-seal-1")
    tax = await acts.read(town, "officer.tax", f"{case_no}-tax-1")
    assert (set(seal), set(tax)) == ({"premises-lease"}, {ARTICLES, "appointment-documents"})
    asked = {"materials": [ARTICLES], "what": "缺页"}
    assert (await town.post("officer.tax", f"{task(case_no, 'tax')}/correction", asked)).status_code == 200
    assert (await upload(town, case_no, SECOND)).status_code == 201
    view = (await town.get("officer.amr", f"/api/cases/{case_no}")).json()
    registration = next(one for one in view["items"] if one["code"] == "registration")
    assert registration["seen"][ARTICLES] == 1, "what was decided on stays what it was"
    assert (await file_of(town, "officer.amr", case_no, 1)).content == FIRST
    body = {"outcome": "approve", "outputs": approval("tax", case_no), "seen": tax}
    stale = await town.post("officer.tax", f"{task(case_no, 'tax')}/decide", body)
    assert (stale.status_code, stale.json()["code"]) == (409, "newer_material")
    await acts.approve(town, case_no, "tax")


async def demand(town: Town, case_no: str, *points: str) -> dict[str, Any]:
    items = [{"pointer" if one.startswith("/") else "material": one, "what": "请更正"} for one in points]
    answer = await town.post("counter", f"/api/cases/{case_no}/corrections", {"items": items})
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


async def supplement(town: Town, case_no: str, **body: Any) -> httpx.Response:
    return await town.post("citizen", f"/api/cases/{case_no}/supplement", body)


async def test_what_changed_is_told_before_and_after_and_what_nobody_asked_for_is_flagged(town: Town) -> None:
    case_no = await acts.open_case(town)
    await demand(town, case_no, "/form/address")
    form = {"address": "杭州市西湖区文一西路1号101室", "liaison_phone": "13900000001"}
    corrected = await supplement(town, case_no, form=form)
    assert (corrected.status_code, corrected.json()["status"]) == (200, "submitted"), corrected.text
    line = corrected.json()["seq"]
    for who in ("counter", "citizen"):
        told = (await town.get(who, f"/api/cases/{case_no}")).json()["changes"]
        assert [(one["pointer"], one["before"], one["after"], one["asked"], one["seq"]) for one in told] == [
            ("/form/address", "杭州市西湖区文一西路1号", form["address"], True, line),
            ("/form/liaison_phone", "13900000000", "13900000001", False, line),
        ], who
        entries = (await town.get(who, f"/api/cases/{case_no}/timeline")).json()["items"]
        entry = next(one for one in entries if one["kind"] == "supplemented")
        phone = "申请表“联络员手机”"
        assert entry["text"] == f"修改申请表“住所（经营场所）”、{phone}（未经要求：{phone}）"
        assert entry["changes"] == told
    assert "13900000001" not in str(town.rows("select event::text from journal where case_no = %s", case_no))
    seen = (await town.get("supervisor", f"/api/cases/{case_no}/timeline")).text
    assert "13900000001" not in seen

    path = f"/api/cases/{case_no}/accept"
    blind = await town.post("counter", path)
    assert (blind.status_code, blind.json()["errors"][0]["pointer"]) == (422, "/seen"), blind.text
    again = await supplement(town, case_no, form={"liaison_phone": "13900000002"})
    raced = await town.post("counter", path, {"seen": line})
    assert (raced.status_code, raced.json()["code"]) == (409, "newer_change")
    assert (await town.post("counter", path, {"seen": again.json()["seq"]})).status_code == 200
    officer = (await town.get("officer.amr", f"/api/cases/{case_no}")).json()["changes"]
    assert {one["pointer"] for one in officer} == {"/form/address", "/form/liaison_phone"}
    fixed = await supplement(town, case_no, form={"liaison_phone": "13900000003"})
    assert (fixed.status_code, fixed.json()["code"]) == (422, "plan_fixed")


async def test_form_before_material_and_material_before_form(town: Town) -> None:
    for form_first in (True, False):
        case_no = await acts.open_case(town, **opening_with_papers(*REQUIRED_PAPERS))
        told = await demand(town, case_no, ARTICLES, "/form/address", "/form/liaison_phone")
        assert (told["missing"], told["open_fields"]) == ([ARTICLES], ["/form/address", "/form/liaison_phone"])
        assert await listed(town, case_no) == 3

        async def by_form(case_no: str = case_no) -> httpx.Response:
            return await supplement(town, case_no, form={"address": "杭州市上城区延安路2号"})

        async def by_file(case_no: str = case_no) -> httpx.Response:
            return await upload(town, case_no, FIRST)

        for said in (by_form, by_file) if form_first else (by_file, by_form):
            answer = await said()
            assert answer.status_code in (200, 201), answer.text
        view = (await town.get("citizen", f"/api/cases/{case_no}")).json()
        assert (view["status"], view["open_fields"], view["missing"]) == ("correction", ["/form/liaison_phone"], [])
        assert await listed(town, case_no) == 1
        # that the value was right all along is an answer, too
        done = await supplement(town, case_no, form={"liaison_phone": "13900000000"})
        assert (done.json()["status"], done.json()["open_fields"]) == ("submitted", [])
        assert await listed(town, case_no) == 0


async def listed(town: Town, case_no: str) -> int:
    rows = (await town.get("citizen", "/api/cases")).json()["items"]
    return next(int(row["open_demands"]) for row in rows if row["case_no"] == case_no)


async def test_other_answers_may_take_a_paper_that_comes_afterwards(town: Town) -> None:
    case_no = await acts.open_case(town)
    changed = await supplement(town, case_no, answers={"premises": "rented"})
    assert (changed.status_code, changed.json()["missing"]) == (200, ["premises-lease"]), changed.text
    early = await town.post("counter", f"/api/cases/{case_no}/accept", {"seen": changed.json()["seq"]})
    assert (early.status_code, "还缺“房屋租赁合同”" in early.json()["detail"]) == (409, True), early.text
    await acts.hand_in(town, case_no, "premises-lease")
    late = await town.post("counter", f"/api/cases/{case_no}/accept", {"seen": changed.json()["seq"]})
    assert late.status_code == 200, late.text


async def test_only_what_the_applicant_can_give_is_asked_for(town: Town) -> None:
    case_no = await acts.open_case(town)
    for pointer in ("/applicant/id_number", "/agent/name"):
        body = {"items": [{"pointer": pointer, "what": "不对"}]}
        refused = await town.post("counter", f"/api/cases/{case_no}/corrections", body)
        assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/items/0/pointer")
    await demand(town, case_no, "/applicant/phone", "/delivery")
    assert (await supplement(town, case_no, applicant={"phone": "13911111111"})).json()["open_fields"] == ["/delivery"]
    told = await supplement(town, case_no, delivery={"method": "counter"})
    assert told.json()["status"] == "submitted", told.text
    view = (await town.get("citizen", f"/api/cases/{case_no}")).json()
    assert (view["applicant"]["phone"], view["delivery"]["method"]) == ("13911111111", "counter")


async def test_who_says_paper_has_brought_none(town: Town) -> None:
    """Online it is to be handed in; the counter, or the department whose item looks at it, says that it is there."""
    opened = await town.post("citizen", "/api/cases", opening_with_papers(*REQUIRED_PAPERS))
    case_no = str(opened.json()["case_no"])
    view = (await town.get("citizen", f"/api/cases/{case_no}")).json()
    assert {one["state"] for one in view["materials"] if one["code"] in REQUIRED_PAPERS} == {"to_hand_in"}
    assert set(view["missing"]) == set(REQUIRED_PAPERS)
    early = await town.post("counter", f"/api/cases/{case_no}/accept")
    assert (early.status_code, "收到以后才能受理" in early.json()["detail"]) == (409, True)
    said = {"materials": [{"code": ARTICLES, "form": "paper"}]}
    assert (await supplement(town, case_no, **said)).json()["missing"] == view["missing"]
    for who, status in (("citizen", 403), ("agent", 403), ("supervisor", 403)):
        answer = await town.post(who, f"/api/cases/{case_no}/papers", {"materials": [ARTICLES]})
        assert answer.status_code == status, answer.text
    others = [code for code in REQUIRED_PAPERS if code != ARTICLES]
    await acts.hand_in(town, case_no, *others)
    posted = {"materials": [ARTICLES], "how": "post"}
    assert (await town.post("officer.psb", f"/api/cases/{case_no}/papers", posted)).status_code == 404
    assert (await town.post("officer.amr", f"/api/cases/{case_no}/papers", posted)).status_code == 200
    assert (await town.post("counter", f"/api/cases/{case_no}/accept")).status_code == 200
    entries = (await town.get("citizen", f"/api/cases/{case_no}/timeline")).json()["items"]
    assert "收到邮寄来的纸质件：公司章程" in [one["text"] for one in entries]
    unwanted = await town.post("counter", f"/api/cases/{case_no}/papers", {"materials": [ARTICLES]})
    assert (unwanted.status_code, unwanted.json()["code"]) == (422, "not_asked_for")
