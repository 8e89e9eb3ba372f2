"""退回 over HTTP: an officer sends an earlier item back; its department reads why, decides anew, and all goes on."""

import asyncio
from collections import Counter
from typing import Any

import httpx

from onething.services.application import sealed_values
from tests.api import acts
from tests.api.forms import approval
from tests.api.lawful import task
from tests.api.town import Town

WHY = {"to": "registration", "reason": "营业执照上的住所与章程不一致，请张三核对"}


async def return_(
    town: Town, case_no: str, item: str = "seal", who: str = "officer.psb", **changes: Any
) -> httpx.Response:
    return await town.post(who, f"{task(case_no, item)}/return", WHY | changes)


async def registered(town: Town) -> str:
    case_no = await acts.accepted_case(town)
    await acts.approve(town, case_no, "registration")
    return case_no


async def test_it_is_decided_anew_and_the_case_closes(town: Town) -> None:
    case_no = await registered(town)
    answer = await return_(town, case_no)
    assert answer.status_code == 200, answer.text
    states = {one["code"]: (one["state"], one["round"]) for one in answer.json()["items"]}
    assert states == {"registration": ("open", 2), "seal": ("waiting", 1), "tax": ("waiting", 1)}
    again = (await town.get("officer.amr", f"/api/tasks/{case_no}-registration-2")).json()
    (told,) = again["returns"]
    assert (told["reason"], told["item"], told["department"]) == (WHY["reason"], "seal", "psb")
    assert told["decision"]["outcome"] == "approve"
    assert told["decision"]["opinion"] == "符合条件"
    assert told["decision"]["outputs"] == approval("registration", case_no)
    registration = next(one for one in again["case"]["items"] if one["code"] == "registration")
    assert not registration.keys() & {"opinion", "outputs", "decided_at"}, "what counts no more is no result"
    refusal = {"outcome": "refuse", "opinion": "晚了"}
    stale = await town.post("officer.amr", f"{task(case_no)}/decide", refusal)
    assert (stale.status_code, stale.json()["code"]) == (409, "already_decided")
    unfiled = refusal | {"outcome": "out_of_scope"}
    waiting = await town.post("officer.psb", f"{task(case_no, 'seal')}/decide", unfiled)
    assert (waiting.status_code, waiting.json()["code"]) == (409, "not_allowed_now")

    await acts.approve(town, case_no, "registration", 2, uscc="91330106MA2HYR5L3J")
    seal = (await town.get("officer.psb", f"/api/tasks/{case_no}-seal-2")).json()
    assert [one["reason"] for one in seal["returns"]] == [WHY["reason"]]
    assert "decision" not in seal["returns"][0]
    for item in ("seal", "tax"):
        await acts.approve(town, case_no, item, 2)
    await town.finish(case_no)
    case = (await town.get("citizen", f"/api/cases/{case_no}")).json()
    assert case["status"] == "closed"
    assert {one["code"]: one["round"] for one in case["items"]} == {"registration": 2, "seal": 2, "tax": 2}


async def test_certificates_show_what_the_last_round_gave(town: Town) -> None:
    case_no = await registered(town)
    assert (await return_(town, case_no)).status_code == 200
    await acts.approve(town, case_no, "registration", 2, established_on="2026-03-01")
    for item in ("seal", "tax"):
        await acts.approve(town, case_no, item, 2)
    await town.finish(case_no)
    case = (await town.get("citizen", f"/api/cases/{case_no}")).json()
    outputs = {one["code"]: one["outputs"] for one in case["items"]}
    assert outputs["registration"]["established_on"] == "2026-03-01"
    sealed = town.rows("select number, body from certificates where case_no = %s and item = 'registration'", case_no)
    ((name, body),) = [(sealed_values.certificate(number), bytes(body)) for number, body in sealed]
    assert "2026-03-01" in str(town.context.values(case_no, {name: body}).open(name))


async def test_the_history_shows_both_rounds_and_the_applicant_no_reason(town: Town) -> None:
    case_no = await registered(town)
    assert (await return_(town, case_no)).status_code == 200
    await acts.approve(town, case_no, "registration", 2)
    told = (await town.get("citizen", f"/api/cases/{case_no}/timeline")).json()["items"]
    lines = [one["text"] for one in told if one["kind"] in {"item_decided", "item_returned"}]
    assert lines == [
        "“企业设立登记”准予登记",
        "“公章刻制备案”的办理部门将“企业设立登记”退回，重新办理",
        "“企业设立登记”准予登记",
    ]
    seen = [(await town.get("citizen", f"/api/cases/{case_no}{part}")).text for part in ("", "/timeline", "/clocks")]
    assert not any("张三核对" in text for text in seen)
    journal = str(town.rows("select event::text from journal where case_no = %s", case_no))
    assert "张三" not in journal


async def test_only_what_it_needs_and_what_was_approved(town: Town) -> None:
    case_no = await registered(town)
    before = town.counts()
    for to in ("tax", "seal", "nothing"):
        answer = await return_(town, case_no, to=to)
        assert (answer.status_code, [one["pointer"] for one in answer.json()["errors"]]) == (422, ["/to"]), answer.text
    assert (await return_(town, case_no, reason="")).status_code == 422
    assert [(await return_(town, case_no, who=who)).status_code for who in ("citizen", "counter", "officer.tax")] == [
        403,
        403,
        404,
    ]
    assert town.counts() == before
    assert (await return_(town, case_no)).status_code == 200
    twice = await return_(town, case_no)
    assert (twice.status_code, twice.json()["code"]) == (409, "not_allowed_now")


async def test_not_past_what_was_decided_on_it(town: Town) -> None:
    case_no = await registered(town)
    await acts.approve(town, case_no, "tax")
    answer = await return_(town, case_no)
    assert answer.status_code == 409
    assert "逐级退回" in answer.json()["detail"]


async def test_only_by_whom_the_task_is(town: Town) -> None:
    case_no = await registered(town)
    assert (await town.post("leader.psb", f"{task(case_no, 'seal')}/claim")).status_code == 200
    answer = await return_(town, case_no)
    assert (answer.status_code, answer.json()["code"]) == (409, "claimed_by_another")
    assert (await return_(town, case_no, who="leader.psb")).status_code == 200


async def test_a_return_and_a_decision_at_once(town: Town) -> None:
    """Whichever is first makes the other impossible."""
    for _ in range(5):
        case_no = await registered(town)
        decision = {"outcome": "approve", "outputs": approval("tax", case_no)}
        answers = await asyncio.gather(
            return_(town, case_no), town.post("officer.tax", f"{task(case_no, 'tax')}/decide", decision)
        )
        assert Counter(one.status_code for one in answers) == {200: 1, 409: 1}


async def test_two_who_return_it_at_once(town: Town) -> None:
    case_no = await registered(town)
    answers = await asyncio.gather(return_(town, case_no), return_(town, case_no, "tax", "officer.tax"))
    assert Counter(one.status_code for one in answers) == {200: 1, 409: 1}
    assert town.rows("select round from tasks where case_no = %s and item = 'registration' order by 1", case_no) == [
        (1,),
        (2,),
    ]


async def test_withdrawn_in_the_second_round(town: Town) -> None:
    case_no = await registered(town)
    assert (await return_(town, case_no)).status_code == 200
    assert (await town.post("citizen", f"/api/cases/{case_no}/withdraw")).status_code == 200
    await town.finish(case_no, until="withdrawn")
    undone = "select target from commands where case_no = %s and kind = 'undo_effect' and target like %s"
    assert town.rows(undone, case_no, "%.approval") == [], "what was approved in the first round had not left the house"
    left = town.rows("select result, count(*) from tasks where case_no = %s group by 1 order by 1", case_no)
    assert left == [("approve", 1), ("lapsed", 1), ("returned", 2)]
