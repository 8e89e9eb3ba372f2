"""People with other papers than a resident identity card, and values in one form, through the whole of the API."""

from datetime import date
from typing import Any

import httpx
import pytest

from onething.connectors.simulator.numbers import credit_code
from onething.domain.engine.snapshot import JointAssignment
from onething.domain.identity import IdType
from onething.domain.kernel.commands import Command
from tests.api import acts
from tests.api.catalogue import situations
from tests.api.forms import APPLICANT, opening, opening_with_papers
from tests.api.town import Town
from tests.support import people

PASSPORT = {"id_type": "passport", "id_number": "E12345678"}
PERMIT = "830000198501010022"
RESIDENT = {"kind": "hmt_residence_permit", "number": PERMIT}


def _as_holder(town: Town, kind: IdType, number: str) -> dict[str, str]:
    """Headers of a citizen whose issuer vouches for this paper."""
    token = people.token(town.context, "citizen", identity_number=number, identity_kind=kind)
    return people.bearer(token)


def _pointers(answer: httpx.Response) -> list[str]:
    assert answer.status_code == 422, answer.text
    return [one["pointer"] for one in answer.json()["errors"]]


def _with(form: dict[str, Any], **changes: Any) -> dict[str, Any]:
    return opening(**{**changes, "form": opening()["form"] | form})


async def test_a_person_with_a_passport_applies_and_reads_their_case(fresh_town: Town) -> None:
    town = fresh_town
    by = _as_holder(town, IdType.PASSPORT, "e1234-5678")
    applicant = {**APPLICANT, "id_type": "passport", "id_number": "ｅ12345678"}
    form = {"representative_id": {"kind": "passport", "number": "e 12345678"}, "finance_officer_id": RESIDENT}
    made = await town.post("citizen", "/api/cases", _with(form, applicant=applicant), headers=by)
    assert made.status_code == 201, made.text
    case_no = made.json()["case_no"]
    view = (await town.get("citizen", f"/api/cases/{case_no}", headers=by)).json()
    assert (view["applicant"]["id_type"], view["applicant"]["id_number"]) == ("passport", "E12345678")
    assert view["form"]["representative_id"] == {"kind": "passport", "number": "E12345678"}
    assert view["form"]["finance_officer_id"] == RESIDENT
    # the same text proved as that of another paper is somebody else
    other = _as_holder(town, IdType.HM_TRAVEL_PERMIT, "E12345678")
    assert (await town.get("citizen", f"/api/cases/{case_no}", headers=other)).status_code == 404
    found = await town.post("counter", "/api/cases/search", {**PASSPORT, "reason": "来电查询进度"})
    assert [row["case_no"] for row in found.json()["items"]] == [case_no]
    unlike = await town.post("counter", "/api/cases/search", {**PASSPORT, "id_type": "other", "reason": "来电查询进度"})
    assert unlike.json()["items"] == []


async def test_a_source_is_asked_by_number_and_kind(town: Town) -> None:
    case_no = await acts.open_case(town, form=opening()["form"] | {"representative_id": RESIDENT})
    await town.post("counter", f"/api/cases/{case_no}/take-in")  # it is nobody's proved number
    commands = await town.commands(case_no, "fetch_record")
    joint = _joint(case_no, commands)
    work = await town.gateway.joint_work(joint)
    asked = {one.source.code: dict(one.params) for one in work.values()}  # type: ignore[union-attr]
    assert asked["identity-check"] == {
        "name": people.ZHANG.name,
        "id_number": PERMIT,
        "id_kind": "hmt_residence_permit",
    }


def _joint(case_no: str, commands: Any) -> JointAssignment:
    made = tuple(Command(id=id_, kind=one.kind, target=one.target) for id_, one in commands.items())
    return JointAssignment(case_no=case_no, epoch=1, commands=made)


async def test_a_mandate_is_given_by_whatever_paper_and_counts_for_that(fresh_town: Town) -> None:
    town = fresh_town
    giver = {"name": "Seán O'Neil", **PASSPORT}
    mandate = {
        "giver": giver,
        "agent": "agent",
        "agent_name": "王帮办",
        "kind": "helper",
        "expires_on": "2026-03-31",
        "paper": True,
    }
    assert (await town.post("counter", "/api/mandates", mandate)).status_code == 201
    applicant = {**APPLICANT, **PASSPORT}
    assert (await town.post("agent", "/api/cases", opening(applicant=applicant))).status_code == 201
    travel = {**APPLICANT, "id_type": "other", "id_number": "E12345678"}
    assert (await town.post("agent", "/api/cases", opening(applicant=travel))).status_code == 403
    wrong = await town.post("counter", "/api/mandates", mandate | {"giver": giver | {"id_type": "resident_id"}})
    assert _pointers(wrong) == ["/giver/id_number"]


@pytest.mark.parametrize(
    ("number", "status"),
    [
        ("320219198506151220", 201),  # a county that the library does not list: it ended in HTTP 500
        ("330114202105010025", 201),  # born in a district founded in 2021
        ("830000198501010022", 201),
        (people.resident_id("330106", date(2026, 3, 2), 1), 201),
        (people.resident_id("330106", date(2026, 3, 3), 1), 422),  # tomorrow
        (people.resident_id("990106", date(1985, 3, 3), 1), 422),
        ("330106198505122", 422),
    ],
)
async def test_a_number_decides_nothing_by_its_county(town: Town, number: str, status: int) -> None:
    applicant = {**APPLICANT, "id_number": number}
    answer = await town.post("counter", "/api/cases", opening(applicant=applicant))
    assert answer.status_code == status, answer.text
    if status == 422:
        assert _pointers(answer) == ["/applicant/id_number"]


async def test_an_officer_registers_a_baby_of_a_district_that_no_table_knew(town: Town) -> None:
    newborn = situations("newborn")[0]
    made = await town.post("citizen", "/api/cases", newborn.application(people.ZHANG, {}))
    assert made.status_code == 201, made.text
    case_no = made.json()["case_no"]
    await town.fetch_all(case_no)
    assert (await town.post("counter", f"/api/cases/{case_no}/accept")).status_code == 200

    async def registered(number: str) -> httpx.Response:
        outputs = {"child_id_number": number, "registered_on": "2026-03-02"}
        return await town.post(
            "officer.psb", f"/api/tasks/{case_no}-household-1/decide", {"outcome": "approve", "outputs": outputs}
        )

    unborn = await registered(people.resident_id("330114", date(2026, 3, 3), 2))  # 钱塘区 was founded in 2021
    assert _pointers(unborn) == ["/outputs/child_id_number"] * 2, "not born yet, and on another day than applied for"
    assert (await registered(people.resident_id("330114", date(2026, 2, 1), 2))).status_code == 200


async def test_a_village_cooperative_invests(town: Town) -> None:
    whole = opening_with_papers("articles", "appointment-documents", "premises-lease")
    whole["answers"]["investors"] = "both"
    whole["form"]["shareholders"][0]["id_number"] = {
        "kind": "hmt_residence_permit",
        "number": "８３００００ 19850101 0022",
    }
    investor = {"investor_name": "某村股份经济合作社", "investor_contribution": "1", "registered_capital": "1000001"}
    for code, status in (("N2330100MA2KPT6W4J", 201), ("N2330100MA2KPT6W4K", 422)):
        whole["form"] |= {**investor, "investor_uscc": code}
        answer = await town.post("citizen", "/api/cases", whole)
        assert answer.status_code == status, answer.text
        if status == 201:
            form = (await town.get("citizen", f"/api/cases/{answer.json()['case_no']}")).json()["form"]
            assert (form["investor_uscc"], form["shareholders"][0]["id_number"]) == (code, RESIDENT)


async def test_what_is_signed_is_in_one_form_and_so_is_what_is_read(town: Town) -> None:
    case_no = await acts.accepted_case(
        town,
        form=opening()["form"]
        | {"company_name": " 杭州㐀商贸有限公司 ", "registered_capital": "１000000.0", "address": "文一西路９号"},
    )
    code = credit_code(case_no)
    uscc, registered = "".join(chr(ord(one) + 0xFEE0) for one in code.lower()), "２０２６-０３-０２"
    await acts.approve(town, case_no, "registration", uscc=uscc, established_on=registered)
    for item in ("seal", "tax"):
        await acts.approve(town, case_no, item)
    await town.finish(case_no)
    documents = (await town.get("citizen", f"/api/cases/{case_no}/documents")).json()["items"]
    licence = next(one["content"] for one in documents if one["item"] == "registration")
    fields = {one["label"]: one["value"] for one in licence["fields"]}
    assert fields["统一社会信用代码"] == code
    assert fields["成立日期"] == "2026-03-02"
    assert fields["注册资本（元）"] == "1000000"
    assert fields["住所（经营场所）"] == "文一西路9号"
    assert (licence["bearer_id_type"], licence["bearer_id_number"]) == ("resident_id", people.ZHANG.id_number)


async def test_nothing_in_what_does_not_apply_is_nothing_and_something_is_named(town: Town) -> None:
    nothing = {"operating_until": "", "monthly_sales": None, "investor_name": "", "shareholders": []}
    whole = _with(nothing, delivery={"method": "electronic", "address": ""})
    whole["applicant"] = {**APPLICANT, "phone": ""}
    whole["answers"] |= {"investors": ""}
    made = await town.post("citizen", "/api/cases", whole)
    assert made.status_code == 201, made.text
    view = (await town.get("citizen", f"/api/cases/{made.json()['case_no']}")).json()
    assert not nothing.keys() & view["form"].keys()
    answer = await town.post("citizen", "/api/cases", _with({"investor_name": "甲公司"}))
    assert _pointers(answer) == ["/form/investor_name"]
    assert "法人出资人名称" in answer.json()["errors"][0]["detail"]


async def test_a_name_that_may_look_otherwise_elsewhere_is_asked_for_again(town: Town) -> None:
    applicant = {**APPLICANT, "name": "张\ue863"}
    names = {"liaison_name": "\U0003fffd二", "representative_name": "䶮𠮷"}
    case_no = await acts.open_case(town, applicant=applicant, form=opening()["form"] | names)
    for who in ("counter", "citizen"):
        view = (await town.get(who, f"/api/cases/{case_no}")).json()
        assert view["applicant"]["name"] == "张\ue863"
        assert [(one["pointer"], one["characters"]) for one in view["names_to_ask"]] == [
            ("/form/liaison_name", ["U+3FFFD"]),
            ("/applicant/name", ["U+E863"]),
        ]
    plain = await acts.open_case(town)
    assert "names_to_ask" not in (await town.get("counter", f"/api/cases/{plain}")).json()


UNSEEN = ["\u200b", "\ufeff\u2060", "\u3164", "\u2800", " \u200b\u3000"]


@pytest.mark.parametrize("unseen", UNSEEN)
async def test_a_text_that_nobody_sees_is_none(fresh_town: Town, unseen: str) -> None:
    """Wherever a text is asked for: reasons, notes, names, searches."""
    town = fresh_town
    whole = _with({"company_name": unseen}, applicant={**APPLICANT, "name": unseen})
    blank = _pointers(await town.post("citizen", "/api/cases", whole))
    assert sorted(blank) == ["/applicant/name", "/form/company_name"]
    case_no = await acts.open_case(town)
    at = f"/api/cases/{case_no}"
    mandate = {"giver": people.ZHANG.named, "agent": "agent", "agent_name": unseen, "kind": "helper"}
    asked: list[tuple[str, str, dict[str, Any], str]] = [
        ("counter", f"{at}/reject", {"reason": unseen, "basis": "法"}, "/reason"),
        ("counter", f"{at}/corrections", {"items": [{"pointer": "/form/address", "what": unseen}]}, "/items/0/what"),
        ("citizen", "/api/mandates", {**mandate, "expires_on": "2026-03-31"}, "/agent_name"),
        ("counter", "/api/cases/search", {"id_number": people.ZHANG.id_number, "reason": unseen}, "/reason"),
        ("auditor", "/api/audit/access/search", {"id_number": people.ZHANG.id_number, "reason": unseen}, "/reason"),
        ("citizen", "/api/cases/search", {"id_number": unseen}, "/id_number"),
        ("supervisor", f"{at}/supervise", {"text": unseen}, "/text"),
    ]
    for who, path, body, pointer in asked:
        answer = await town.post(who, path, body)
        assert _pointers(answer) == [pointer], path
    accepted = await acts.accepted_case(town)
    refusal = {"outcome": "refuse", "opinion": unseen}
    answer = await town.post("officer.amr", f"/api/tasks/{accepted}-registration-1/decide", refusal)
    assert _pointers(answer) == ["/opinion"]


@pytest.mark.parametrize("char", ["\u202e", "\u2066", "\u200f", "\x1b", "\u0378", "\ufffe"])
async def test_what_would_turn_or_break_the_print_is_refused_wherever_it_stands(town: Town, char: str) -> None:
    whole = _with({"company_name": f"甲{char}乙", "shareholders": [{"name": f"{char}丙"}]})
    assert _pointers(await town.post("citizen", "/api/cases", whole)) == [
        "/form/company_name",
        "/form/shareholders/0/name",
    ]
    assert _pointers(await town.post("citizen", "/api/cases/search", {"id_number": f"1{char}"})) == ["/id_number"]
    query = {"subject": f"a{char}"}
    answer = await town.get("auditor", "/api/audit/access", params=query)
    assert (answer.status_code, answer.json()["errors"][0]["parameter"]) == (422, "subject")


async def test_a_repetition_with_what_nobody_sees_is_the_same_request(town: Town) -> None:
    whole = _with({"company_name": "甲公司"})
    first = await town.post("citizen", "/api/cases", whole, key="unseen-1")
    whole["form"]["company_name"] = "甲\u200b公司"
    again = await town.post("citizen", "/api/cases", whole, key="unseen-1")
    assert again.json() == first.json()


NASTY = [
    "\u0660" * 18, "²" * 18, "Ⅻ" * 18, "１" * 18, "0" * 18, "9" * 18, "-" * 18, "﷽" * 18, "ﷺ" * 18, "\u0301" * 18,
    "1e400", "0x1F", "NaN", "+" + "9" * 30, "9999-99-99", "0000-00-00", "٢٠٢٦-٠١-٠١", "㍻" * 8, "🏳️‍🌈" * 9, "ß" * 18,
]  # fmt: skip


@pytest.mark.parametrize("text", NASTY)
async def test_nasty_text_in_every_field_is_answered(town: Town, text: str) -> None:
    """422 at worst: no reader of a value, ours or a library's, ends in 500."""
    whole = opening_with_papers("articles", "appointment-documents", "premises-lease")
    fields = {field.id: text for field in town.context.applications.definition("enterprise-opening").form}
    row = dict.fromkeys(("name", "id_number", "contribution", "due_on", "position"), text)
    for kind in IdType:
        paper = {"kind": kind.value, "number": text}
        form = fields | {"representative_id": paper, "shareholders": [row | {"id_number": paper}]}
        applicant = {**APPLICANT, "id_type": kind.value, "id_number": text, "phone": text, "name": text}
        for who in ("citizen", "counter"):
            answer = await town.post(who, "/api/cases", {**whole, "form": form, "applicant": applicant})
            assert answer.status_code in (403, 422), answer.text
        search = {"id_type": kind.value, "id_number": text, "reason": "来电查询进度"}
        assert (await town.post("counter", "/api/cases/search", search)).status_code in (200, 422)
    case_no = await acts.accepted_case(town)
    outputs = {"outcome": "approve", "outputs": {"uscc": text, "established_on": text}}
    answer = await town.post("officer.amr", f"/api/tasks/{case_no}-registration-1/decide", outputs)
    assert answer.status_code == 422, answer.text
