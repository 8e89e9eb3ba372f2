"""更正、补发、换发: a certificate is made out once more, by its department, and the one before counts no more."""

from datetime import timedelta
from typing import Any

import pytest

from onething.connectors.simulator.numbers import credit_code
from tests.api import acts
from tests.api.test_letters import letter, send_all
from tests.api.test_nobody_is_stuck import allowed
from tests.api.test_timeline import published, texts
from tests.api.town import Town
from tests.support import people

LOST: dict[str, Any] = {"why": "lost", "reason": "张三声明遗失"}
TYPING: dict[str, Any] = {
    "why": "typing_error",
    "reason": "录入时写错",
    "outputs": {"established_on": "2026-03-01"},
    "form": {"address": "杭州市西湖区文一西路11号"},
    "applicant": {"name": "张三丰"},
}


def path(case_no: str, item: str = "registration") -> str:
    return f"/api/cases/{case_no}/items/{item}/reissue"


def unused(case_no: str) -> str:
    """A credit code that no other case of the shared town has: of a case far ahead."""
    return credit_code(f"{case_no[:-7]}9{case_no[-6:]}")


async def certificates(town: Town, case_no: str, item: str = "registration") -> list[dict[str, Any]]:
    """Oldest first."""
    found = (await town.get("citizen", f"/api/cases/{case_no}/documents")).json()["items"]
    return sorted((one for one in found if one.get("item") == item), key=lambda one: one["content"]["edition"])


def shown(certificate: dict[str, Any]) -> dict[str, str]:
    return {one["label"]: one["value"] for one in certificate["content"]["fields"]}


async def verified(town: Town, number: str) -> dict[str, Any]:
    told: dict[str, Any] = (await town.get(None, f"/api/certificates/{number}/verify")).json()
    return told


async def test_a_typing_error_is_corrected_after_the_case_has_closed(town: Town) -> None:
    case_no = await acts.closed(town)
    old = acts.certificate_no(town, case_no)
    for who, status in (("citizen", 403), ("counter", 403), ("supervisor", 403), ("officer.hrss", 404)):
        assert (await town.post(who, path(case_no), TYPING)).status_code == status, who
    assert (await town.post("officer.tax", path(case_no), TYPING)).status_code == 403
    assert allowed((await town.get("officer.amr", f"/api/cases/{case_no}")).json(), "reissue_certificate")
    assert not allowed((await town.get("officer.tax", f"/api/cases/{case_no}")).json(), "reissue_certificate")

    answer = await town.post("officer.amr", path(case_no), TYPING, key="once")
    assert answer.status_code == 200, answer.text
    told = answer.json()
    assert (told["edition"], told["papers"], told["status"]) == (
        2,
        [{"output": "business_licence", "name": "营业执照"}],
        "closed",
    )
    assert [(one["item"], one["department_name"]) for one in told["relying"]] == [
        ("seal", "公安局"),
        ("tax", "税务局"),
    ]
    assert (await town.post("officer.amr", path(case_no), TYPING, key="once")).content == answer.content
    assert (await verified(town, old))["valid"] is True, "the old one stands until the new one is there"
    again = await town.post("officer.amr", path(case_no), LOST)
    assert (again.status_code, "正在重新签发" in again.json()["detail"]) == (409, True)
    for command_id in await town.commands(case_no, "issue_certificates"):
        await town._issue(case_no, command_id)
    await send_all(town, case_no)

    first, second = await certificates(town, case_no)
    assert (first["number"], first["replaced_by"]) == (old, second["number"])
    assert second["number"] != old
    assert (second["content"]["replaces"], second["content"]["reissued"]) == (old, "typing_error")
    assert (second["content"]["bearer"], first["content"]["bearer"]) == ("张三丰", people.ZHANG.name)
    says = shown(second)
    assert (says["成立日期"], says["住所（经营场所）"]) == ("2026-03-01", "杭州市西湖区文一西路11号")
    assert says["统一社会信用代码"] == credit_code(case_no)
    before, after = await verified(town, old), await verified(town, second["number"])
    assert (before["genuine"], before["valid"], before["revoked"]) == (True, False, True)
    assert before["replaced"]["text"] == "本证照已作废：已于2026年3月2日由更正的证照替代。"
    assert second["number"] not in str(before), "its number opens the other, to whoever holds the old paper"
    assert (after["genuine"], after["valid"], after["revoked"]) == (True, True, False)

    view = (await town.get("officer.tax", f"/api/cases/{case_no}")).json()
    assert (
        next(one["outputs"] for one in view["items"] if one["code"] == "registration")["established_on"] == "2026-03-01"
    )
    paper = await letter(town, case_no, "reissued")
    assert (paper["title"], paper["department"], "reached_at" in paper["delivery"]) == ("证照更正告知书", "amr", True)
    assert paper["paragraphs"][0] == "“企业开办”中的“企业设立登记”，决定更正“营业执照”。原证照所载内容有误，更正如下："
    assert "“成立日期”：2026-03-02 → 2026-03-01" in paper["paragraphs"]
    assert f"“持证人姓名或名称”：{people.ZHANG.name} → 张三丰" in paper["paragraphs"]
    assert (await letter(town, case_no, "reissued", "officer.tax"))["kind"] == "reissued"
    (said,) = await texts(town, case_no, "certificate_reissued")
    assert said == (
        "更正“企业设立登记”的“营业执照”：成立日期、申请表“住所（经营场所）”、申请人姓名或名称；"
        "“公章刻制备案”、“税务信息确认与发票领用”依据它作出决定，请其部门核对"
    )
    assert (await texts(town, case_no, "certificates_issued"))[1] == "签发证照：“营业执照”，所替代的原证照作废"
    ((kind, data),) = published(town, case_no, "certificate_reissued")
    assert (kind, data["item"], data["outputs"], data["why"]) == (
        "onething.item.certificate_reissued",
        "registration",
        ["business_licence"],
        "typing_error",
    )
    lines = str(town.rows("select line from journal where case_no = %s", case_no))
    assert "张三" not in lines
    assert "2026-03-01" not in lines


async def test_a_lost_paper_is_replaced_again_and_again_and_searched_as_what_it_is(town: Town) -> None:
    case_no = await acts.closed(town)
    first = await town.post("leader.amr", path(case_no), LOST)
    assert (first.status_code, first.json()["relying"]) == (200, []), first.text
    await town.finish(case_no)
    second = await town.post("officer.amr", path(case_no), {"why": "damaged", "reason": "水浸"})
    assert (second.status_code, second.json()["edition"]) == (200, 3), second.text
    await town.finish(case_no)
    papers = await certificates(town, case_no)
    assert [("replaced_by" in one, one["content"].get("reissued")) for one in papers] == [
        (True, None),
        (True, "lost"),
        (False, "damaged"),
    ]
    assert len({one["number"] for one in papers}) == 3
    assert [one["content"]["fields"] for one in papers[1:]] == [papers[0]["content"]["fields"]] * 2
    whose = {"id_type": "resident_id", "id_number": people.ZHANG.applicant["id_number"]}
    found = (await town.post("citizen", "/api/licences/search", whose)).json()["items"]
    states = {one["number"]: (one["state"], one.get("replaced", {}).get("why")) for one in found}
    assert [states[one["number"]] for one in papers] == [("revoked", "lost"), ("revoked", "damaged"), ("valid", None)]
    assert [row["title"] for row in (await town.get("citizen", f"/api/cases/{case_no}/documents")).json()["letters"]][
        :2
    ] == ["证照换发告知书", "证照补发告知书"]


async def test_what_may_be_corrected_is_what_the_certificate_shows(town: Town) -> None:
    case_no, other = await acts.closed(town), await acts.closed(town)
    wrong: list[tuple[dict[str, Any], str, str]] = [
        ({"outputs": {"established_on": "2026-03-02"}}, "/outputs/established_on", "相同"),
        ({"outputs": {"established_on": "昨天"}}, "/outputs/established_on", "成立日期"),
        ({"outputs": {"established_on": ""}}, "/outputs/established_on", "请填写"),
        ({"outputs": {"uscc": credit_code(other)}}, "/outputs/uscc", "已经发给了别的办件"),
        ({"outputs": {"nothing": "1"}}, "/outputs/nothing", "没有这一项"),
        ({"form": {"liaison_name": "李四"}}, "/form/liaison_name", "不载明"),
        ({"applicant": {"name": people.ZHANG.name}}, "/applicant/name", "相同"),
        ({"applicant": {"id_number": "1"}}, "/applicant", ""),
        ({}, "/outputs", "established_on（成立日期）"),
        ({"output": "business_licence", "form": {"address": "新"}}, "/output", "删去"),
    ]
    for body, pointer, detail in wrong:
        answer = await town.post("officer.amr", path(case_no), {"why": "typing_error", "reason": "x", **body})
        assert answer.status_code == 422, (body, answer.text)
        told = [one for one in answer.json()["errors"] if one["pointer"].startswith(pointer)]
        assert told, (body, answer.text)
        assert detail in str(told), (body, answer.text)
    answer = await town.post("officer.amr", path(case_no), LOST | {"form": {"address": "新"}, "output": "x"})
    assert {one["pointer"] for one in answer.json()["errors"]} == {"/form", "/output"}
    assert (await town.post("officer.amr", path(case_no, "nothing"), LOST)).status_code == 404
    decided = {"why": "typing_error", "reason": "x", "outputs": {"uscc": credit_code(case_no)}}
    answer = await town.post("officer.psb", path(case_no, "seal"), decided)
    assert "“统一社会信用代码”是“企业设立登记”的决定内容" in answer.json()["errors"][0]["detail"]
    # a number of its own that nobody has: the old one stays taken too
    free = unused(case_no)
    corrected = {"why": "typing_error", "reason": "x", "outputs": {"uscc": free}}
    assert (await town.post("officer.amr", path(case_no), corrected)).status_code == 200
    for number in (credit_code(case_no), free):
        taken = await town.post("officer.amr", path(other), corrected | {"outputs": {"uscc": number}})
        assert taken.json()["errors"][0]["code"] == "already_issued"


async def test_what_the_item_before_corrected_is_shown_by_the_paper_of_the_next(town: Town) -> None:
    case_no = await acts.closed(town)
    free = unused(case_no)
    corrected = {"why": "typing_error", "reason": "x", "outputs": {"uscc": free}}
    assert (await town.post("officer.amr", path(case_no), corrected)).status_code == 200
    await town.finish(case_no)
    assert (await town.post("officer.psb", path(case_no, "seal"), {"why": "damaged", "reason": "x"})).status_code == 200
    await town.finish(case_no)
    first, second = await certificates(town, case_no, "seal")
    assert {one["label"]: one["value"] for one in second["content"]["fields"]}["统一社会信用代码"] == free
    assert {one["label"]: one["value"] for one in first["content"]["fields"]}["统一社会信用代码"] == credit_code(
        case_no
    )


async def test_nothing_is_reissued_that_is_not_out_or_does_not_stand(town: Town) -> None:
    case_no = await acts.decided(town)
    assert (await town.post("officer.amr", path(case_no), LOST)).status_code == 409
    await town.finish(case_no)
    answer = await town.post("officer.tax", path(case_no, "tax"), LOST)
    assert (answer.status_code, "不颁发证照" in answer.json()["detail"]) == (409, True)
    withdrawn = await acts.withdrawn(town)
    assert (await town.post("officer.amr", path(withdrawn), LOST)).status_code == 409
    for command_id, command in (await town.commands(withdrawn)).items():
        if command.kind == "issue_certificates":
            await town._issue(withdrawn, command_id)
    assert (await town.post("officer.amr", path(withdrawn), LOST)).status_code == 200
    terminated = await acts.terminated(town)
    assert (await town.post("officer.amr", path(terminated), LOST)).status_code == 409
    draft = await acts.open_case(town)
    assert (await town.post("officer.amr", path(draft), LOST)).status_code == 409


async def test_a_paper_whose_time_is_over_is_renewed_and_not_replaced(
    fresh_town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    last = fresh_town.clock.now() + timedelta(days=3)
    monkeypatch.setattr("onething.services.documents.certificates._valid_until", lambda *_: last)
    case_no = await acts.closed(fresh_town)
    fresh_town.clock.move(timedelta(days=4))
    lost = await fresh_town.post("officer.amr", path(case_no), LOST)
    assert (lost.status_code, "有效期" in lost.json()["detail"]) == (409, True), lost.text
    wrong = {"why": "typing_error", "reason": "x", "outputs": {"established_on": "2026-03-01"}}
    assert (await fresh_town.post("officer.amr", path(case_no), wrong)).status_code == 200
