"""Over HTTP: demands and questions are taken back, and a wrong approval is looked at anew, by who may."""

from typing import Any

import httpx

from tests.api import acts
from tests.api.forms import REQUIRED_PAPERS, opening_with_papers
from tests.api.lawful import clocks, task
from tests.api.test_letters import letter
from tests.api.town import Town

WHY = {"reason": "张三的信息已从登记簿查得"}


async def accepted(town: Town) -> str:
    case_no = await acts.open_case(town, **opening_with_papers(*REQUIRED_PAPERS))
    await town.fetch_all(case_no)
    assert (await town.post("counter", f"/api/cases/{case_no}/accept")).status_code == 200
    return case_no


def allowed(view: dict[str, Any], act: str) -> bool:
    return next(bool(one["allowed"]) for one in view["available_actions"] if one["act"] == act)


async def demand(town: Town, case_no: str) -> httpx.Response:
    body = {"materials": ["articles"], "what": "缺少签名"}
    return await town.post("officer.amr", f"{task(case_no)}/correction", body)


async def test_a_demand_has_a_time_and_can_be_taken_back(lawful: Town) -> None:
    town = lawful
    case_no = await accepted(town)
    path = f"{task(case_no)}/correction/withdraw"
    assert (await town.post("officer.amr", path, WHY)).status_code == 409
    assert (await demand(town, case_no)).status_code == 200
    told = await letter(town, case_no, "corrections")
    assert "请在本告知书发出之日起 10 个工作日内补正；逾期没有补正的，按现有材料依法作出决定" in told["paragraphs"][-2]
    running = (await clocks(town, case_no))["demand:registration"]
    assert (running["title"], running["state"]) == ("补正（企业设立登记）", "running")
    view = (await town.get("officer.amr", task(case_no))).json()
    assert allowed(view, "take_back_demand")
    for who, status in (("citizen", 403), ("officer.psb", 404), ("supervisor", 403)):
        assert (await town.post(who, path, WHY)).status_code == status
    answer = await town.post("officer.amr", path, WHY)
    assert (answer.status_code, answer.json()["state"]) == (200, "open"), answer.text
    told = await letter(town, case_no, "demand_taken_back")
    assert told["paragraphs"][-1] == f"说明：{WHY['reason']}"
    assert (await town.get("citizen", f"/api/cases/{case_no}")).json()["missing"] == []
    assert "张三" not in str(town.rows("select event::text from journal where case_no = %s", case_no))
    late = await town.post("citizen", f"/api/cases/{case_no}/supplement", {"materials": [{"code": "articles"}]})
    assert (late.status_code, late.json()["code"]) == (422, "not_asked_for")


async def test_the_time_of_a_demand_ends_by_itself(lawful: Town) -> None:
    case_no = await accepted(lawful)
    await demand(lawful, case_no)
    due_at = (await clocks(lawful, case_no))["demand:registration"]["due_at"]
    assert due_at == "2026-03-16T17:30:00+08:00"
    lawful.clock.move(acts.until(lawful, due_at))
    await lawful.gateway.tick(case_no)
    view = (await lawful.get("officer.amr", task(case_no))).json()
    assert next(one["state"] for one in view["case"]["items"] if one["code"] == "registration") == "open"
    refusal = {"outcome": "refuse", "opinion": "逾期未补正", "seen": view["decides_on"]}
    assert (await lawful.post("officer.amr", f"{task(case_no)}/decide", refusal)).status_code == 200


async def test_questions_are_taken_back_and_more_than_five_are_asked(lawful: Town) -> None:
    town = lawful
    case_no = await accepted(town)
    departments = [code for code in town.context.departments_on_duty() if code != "amr"][:7]
    assert len(departments) > 5
    body = {"departments": departments, "mode": "countersign", "question": "是否同意", "days": 2}
    asked = await town.post("officer.amr", f"{task(case_no)}/consult", body)
    assert asked.status_code == 200, asked.text
    first = asked.json()["asked"][0]
    objection = {"agree": False, "opinion": "不同意"}
    said = await town.post(f"officer.{departments[0]}", f"/api/tasks/{first['task_id']}/answer", objection)
    assert said.status_code == 200, said.text
    path = f"{task(case_no)}/consult/withdraw"
    wrong = await town.post("officer.amr", path, WHY | {"numbers": [1]})
    assert (wrong.status_code, "不同意的须由" in wrong.json()["detail"] or "改变意见" in wrong.json()["detail"]) == (
        409,
        True,
    )
    back = await town.post("officer.amr", path, WHY)
    assert (back.status_code, back.json()["numbers"]) == (200, [2, 3, 4, 5, 6, 7]), back.text
    for code, reads in ((departments[1], True), ("citizen", False)):
        who = "citizen" if code == "citizen" else f"officer.{code}"
        where = f"/api/cases/{case_no}" if code == "citizen" else f"/api/tasks/{asked.json()['asked'][1]['task_id']}"
        assert (WHY["reason"] in (await town.get(who, where)).text) is reads
    approval = await town.post(
        "officer.amr",
        f"{task(case_no)}/decide",
        {
            "outcome": "approve",
            "outputs": {"uscc": "91110000600037341L", "established_on": "2026-03-02"},
            "seen": await acts.read(town, "officer.amr", f"{case_no}-registration-1"),
        },
    )
    assert (approval.status_code, town.context.department(departments[0]) in approval.json()["detail"]) == (409, True)


async def test_a_wrong_approval_is_reviewed_after_the_case_has_closed(town: Town) -> None:
    case_no = await acts.closed(town)
    path = f"/api/cases/{case_no}/items/registration/review"
    for who, status in (("citizen", 403), ("counter", 403), ("officer.hrss", 404)):
        assert (await town.post(who, path, WHY)).status_code == status, who
    assert (await town.post("officer.psb", f"/api/cases/{case_no}/items/tax/review", WHY)).status_code == 403
    view = (await town.get("officer.tax", f"/api/cases/{case_no}")).json()
    assert allowed(view, "ask_review")
    answer = await town.post("officer.tax", path, WHY)
    assert answer.status_code == 200, answer.text
    revoke = f"/api/tasks/{case_no}-registration.revoke-1"
    seen = (await town.get("officer.amr", revoke)).json()
    assert f"请求复核的理由：{WHY['reason']}" in seen["warnings"]
    decided = await town.post("officer.amr", f"{revoke}/revoke", {"revoke": True, "opinion": "出资人身份有误"})
    assert decided.status_code == 200, decided.text
    told = await letter(town, case_no, "approval_revoked")
    assert told["legal_basis"] == "《中华人民共和国行政许可法》第六十九条"
    assert "经复核" in told["paragraphs"][0]
    for dependant, who in (("seal", "officer.psb"), ("tax", "officer.tax")):
        assert (await town.get(who, f"/api/tasks/{case_no}-{dependant}.revoke-1")).status_code == 200
    number = acts.certificate_no(town, case_no)
    assert (await town.get(None, f"/api/certificates/{number}/verify")).json()["revoked"] is True
