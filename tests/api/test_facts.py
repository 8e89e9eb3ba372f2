"""Each fact in each status: taken where the closed table says so, else 409, and then nothing is written."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

import httpx
import pytest

from onething.domain.kernel.lifecycle import FACTS_ALLOWED
from onething.domain.kernel.state import AT_ITS_END, CaseStatus
from tests.api import acts
from tests.api.forms import approval
from tests.api.town import Town
from tests.support.whole import sampled

REACH: dict[CaseStatus, Callable[[Town], Awaitable[str]]] = {
    CaseStatus.DRAFT: acts.draft,
    CaseStatus.SUBMITTED: acts.open_case,
    CaseStatus.CORRECTION: acts.correction,
    CaseStatus.ACCEPTED: acts.accepted_without_records,
    CaseStatus.REJECTED: acts.rejected,
    CaseStatus.PROCESSING: acts.accepted_case,
    CaseStatus.DECIDED: acts.decided,
    CaseStatus.DELIVERED: acts.delivered,
    CaseStatus.CLOSED: acts.closed,
    CaseStatus.WITHDRAWN: acts.withdrawn,
    CaseStatus.TERMINATED: acts.terminated,
}
TASK_FACTS = frozenset(
    {
        *("task_claimed", "task_released", "task_transferred", "item_decided", "item_returned", "undone_by_hand"),
        *("consult_asked", "consult_answered", "inspection_appointed", "inspection_moved", "inspection_concluded"),
    }
)
TASK_KINDS = {"undone_by_hand": "undo", "consult_answered": "consult"}
NEEDED_BEFORE = {
    "task_released": "task_claimed",
    "consult_answered": "consult_asked",
    "inspection_moved": "inspection_appointed",
    "inspection_concluded": "inspection_appointed",
}
WITHOUT_A_ROUTE = frozenset({"calendar_changed", "item_reassigned"})
ELSEWHERE = frozenset(
    {
        *("commitment_checked", "revocation_decided", "discrepancy_resolved", "looked_by_hand"),
        *("rating_contacted", "rating_rectified"),
        *("letter_delivered", "certificate_reissued", "case_reopened"),
        *("demand_taken_back", "consult_taken_back", "review_asked", "notice_objected", "outside_reported"),
        *("party_confirmed", "party_declined"),
        *("days_offered", "day_chosen", "day_set", "part_recorded", "inspection_closed", "points_rectified"),
    }
)
"""What they wait for must have been said before: see test_commitments, test_revoking,
test_discrepancies, test_fallbacks, test_rating, test_deliveries, test_reissue, test_reopenings, test_periods,
test_parties, test_inspections and test_nobody_is_stuck."""
FIRST_ITEM = frozenset({"item_returned"})  # there is nothing to return: see test_returning
TIME_FACTS = frozenset({"item_corrections_asked", "clock_suspended", "clock_resumed", "clock_extended"})
NEVER_HERE = frozenset({"clock_suspended", "clock_resumed"})  # a registration takes no hearing
OVER_BY_THEN = {
    ("look_up_retried", CaseStatus.PROCESSING),  # what the items need has come
    *(("papers_received", one) for one in AT_ITS_END),  # no certificate waits for one here
}
URGING = {
    "urged": ("citizen", "urge", {"text": "请尽快"}),
    "urge_answered": ("officer.amr", "urge/answer", {"text": "明日办结"}),
    "supervised": ("supervisor", "supervise", {"text": "请说明进展"}),
    "supervision_answered": ("leader.amr", "supervise/answer", {"text": "已在办理"}),
}
UNSEEN_DRAFT = frozenset(URGING.keys() - {"urged"})
TASK, CASE = "registration-1", ""
ACTS = {
    "submitted": ("citizen", CASE, "submit"),
    "corrections_asked": ("counter", CASE, "ask_corrections"),
    "supplemented": ("citizen", CASE, "supplement"),
    "papers_received": ("counter", CASE, "receive_paper"),
    "taken_in": ("counter", CASE, "take_in"),
    "accepted": ("counter", CASE, "accept"),
    "rejected": ("counter", CASE, "reject"),
    "look_up_retried": ("counter", CASE, "retry_look_up"),
    "withdrawn": ("citizen", CASE, "withdraw"),
    "delivery_chosen": ("citizen", CASE, "choose_delivery"),
    "rated": ("citizen", CASE, "rate"),
    "urged": ("citizen", CASE, "urge"),
    "urge_answered": ("officer.amr", CASE, "answer_urge"),
    "supervised": ("supervisor", CASE, "supervise"),
    "supervision_answered": ("leader.amr", CASE, "answer_supervision"),
    "task_claimed": ("officer.amr", TASK, "claim"),
    "task_released": ("officer.amr", TASK, "release"),
    "task_transferred": ("leader.amr", TASK, "transfer"),
    "item_decided": ("officer.amr", TASK, "decide"),
    "item_returned": ("officer.amr", TASK, "send_back"),
    "item_corrections_asked": ("officer.amr", TASK, "ask_item_corrections"),
    "clock_suspended": ("officer.amr", TASK, "suspend"),
    "clock_resumed": ("officer.amr", TASK, "resume"),
    "clock_extended": ("leader.amr", TASK, "extend_item"),
    "consult_asked": ("officer.amr", TASK, "consult"),
    "consult_answered": ("officer.fire", "registration.c1-1", "give_opinion"),
    "inspection_appointed": ("officer.amr", TASK, "appoint_inspection"),
    "inspection_moved": ("officer.amr", TASK, "move_inspection"),
    "inspection_concluded": ("officer.amr", TASK, "conclude_inspection"),
    "undone_by_hand": ("officer.psb", "undo", "decide"),
}
"""Who says it (as `say` does), where the answer to a look tells whether they may, and by which act."""
COUNTER_FACTS = frozenset(
    {"taken_in", "papers_received", "corrections_asked", "accepted", "rejected", "look_up_retried"}
)


async def say(town: Town, fact: str, case_no: str) -> httpx.Response:
    case, task = f"/api/cases/{case_no}", f"/api/tasks/{case_no}-registration-1"
    match fact:
        case "submitted":
            return await town.post("citizen", f"{case}/submit")
        case "corrections_asked":
            body = {"items": [{"pointer": "/form/address", "what": "地址不完整"}]}
            return await town.post("counter", f"{case}/corrections", body)
        case "supplemented":
            body = {"materials": [{"code": "name-notice", "form": "paper"}]}
            return await town.post("citizen", f"{case}/supplement", body)
        case "papers_received":
            return await town.post("counter", f"{case}/papers", {"materials": ["name-notice"]})
        case "taken_in":
            return await town.post("counter", f"{case}/take-in")
        case "accepted":
            return await town.post("counter", f"{case}/accept")
        case "rejected":
            return await town.post("counter", f"{case}/reject", {"reason": "理由", "basis": "依据"})
        case "look_up_retried":
            return await town.post("counter", f"{case}/data/name-reservation/retry")
        case "delivery_chosen":
            return await town.post("citizen", f"{case}/delivery", {"method": "counter"})
        case "withdrawn":
            return await town.post("citizen", f"{case}/withdraw")
        case "task_claimed":
            return await town.post("officer.amr", f"{task}/claim")
        case "task_released":
            return await town.post("officer.amr", f"{task}/release")
        case "task_transferred":
            return await town.post("leader.amr", f"{task}/transfer", {"to": "officer.amr"})
        case "item_decided":
            body = {"outcome": "approve", "outputs": approval("registration", case_no)}
            return await town.post("officer.amr", f"{task}/decide", body)
        case "item_returned":
            return await town.post("officer.amr", f"{task}/return", {"to": "seal", "reason": "理由"})
        case "undone_by_hand":
            rows = town.rows("select task_id from tasks where case_no = %s and kind = 'undo'", case_no)
            task_id = rows[0][0] if rows else f"{case_no}-9.approval-1"
            return await town.post("officer.psb", f"/api/tasks/{task_id}/decide", {"outcome": "undone"})
        case "rated":
            return await town.post("citizen", f"{case}/rating", {"grade": 1})
        case "item_corrections_asked":
            body = {"materials": ["name-notice"], "what": "不清晰"}
            return await town.post("officer.amr", f"{task}/correction", body)
        case "clock_suspended":
            body = {"basis": "hearing", "days": 5, "reason": "理由"}
            return await town.post("officer.amr", f"{task}/suspend", body)
        case "clock_resumed":
            return await town.post("officer.amr", f"{task}/resume")
        case "consult_asked":
            body = {"departments": ["fire"], "question": "问题", "days": 1}
            return await town.post("officer.amr", f"{task}/consult", body)
        case "consult_answered":
            path = f"/api/tasks/{case_no}-registration.c1-1/answer"
            return await town.post("officer.fire", path, {"opinion": "意见"})
        case "inspection_appointed":
            on = f"{town.clock.now():%Y-%m-%d}"
            return await town.post("officer.amr", f"{task}/inspect", {"on": on})
        case "inspection_moved":
            on = f"{town.clock.now() + timedelta(days=1):%Y-%m-%d}"
            return await town.post("officer.amr", f"{task}/inspect/move", {"on": on})
        case "inspection_concluded":
            return await town.post("officer.amr", f"{task}/conclude", {"passed": True, "conclusion": "结论"})
        case "clock_extended":
            return await town.post("leader.amr", f"{task}/extend", {"days": 3, "reason": "理由"})
    who, path, words = URGING[fact]
    return await town.post(who, f"{case}/{path}", words)


async def offered(town: Town, fact: str, case_no: str) -> bool | None:
    """What whoever says it is told of the act; None where they see no such case or task."""
    who, where, act = ACTS[fact]
    if where == "undo":
        rows = town.rows("select task_id from tasks where case_no = %s and kind = 'undo'", case_no)
        where = rows[0][0].removeprefix(f"{case_no}-") if rows else "9.approval-1"
    answer = await town.get(who, f"/api/tasks/{case_no}-{where}" if where else f"/api/cases/{case_no}")
    if answer.status_code == 404:
        return None
    [told] = [one for one in answer.json()["available_actions"] if one["act"] == act]
    assert told["allowed"] or told["why"].endswith("。")
    assert set(told) <= {"act", "allowed", "why", "remedy"}
    return bool(told["allowed"])


def has_task(town: Town, fact: str, case_no: str) -> bool:
    kind = TASK_KINDS.get(fact, "decide")
    return bool(town.rows("select 1 from tasks where case_no = %s and kind = %s", case_no, kind))


@pytest.mark.parametrize("status", sampled(list(REACH), 3))
async def test_each_fact(town: Town, status: CaseStatus) -> None:
    case_no = ""
    for fact in sorted(FACTS_ALLOWED.keys() - WITHOUT_A_ROUTE - ELSEWHERE):
        allowed = FACTS_ALLOWED[fact]
        case_no = case_no or await REACH[status](town)  # what was refused left it as it was
        assert town.rows("select status from cases where case_no = %s", case_no) == [(status,)]
        said_before = status in allowed and (fact in NEEDED_BEFORE or fact.endswith("_answered"))
        if fact in NEEDED_BEFORE and status in allowed and has_task(town, NEEDED_BEFORE[fact], case_no):
            assert (await say(town, NEEDED_BEFORE[fact], case_no)).status_code == 200
        there = fact not in TASK_FACTS | TIME_FACTS or has_task(town, fact, case_no)
        # a draft is its maker's own
        there = there and (status is not CaseStatus.DRAFT or fact not in COUNTER_FACTS | UNSEEN_DRAFT)
        if status in allowed and fact.endswith("_answered"):
            await say(town, "urged" if fact == "urge_answered" else "supervised", case_no)
        told = await offered(town, fact, case_no)
        before = town.counts()
        answer = await say(town, fact, case_no)
        assert (answer.status_code == 200) is bool(told), (fact, told, answer.text)
        assert (answer.status_code == 404) is (told is None), (fact, told, answer.text)
        if answer.status_code == 200 or said_before:
            case_no = ""
        if not there:
            assert answer.status_code == 404, (fact, answer.text)
        elif status in allowed and fact in FIRST_ITEM:
            assert answer.status_code == 422, (fact, answer.text)
        elif status in allowed and fact not in NEVER_HERE and (fact, status) not in OVER_BY_THEN:
            assert answer.status_code == 200, (fact, answer.text)
        else:
            assert answer.status_code == 409, (fact, answer.text)
        if answer.status_code != 200:
            assert town.counts() == before, fact


def test_no_status_is_forgotten() -> None:
    assert set(REACH) == set(CaseStatus)
    assert set(FACTS_ALLOWED) >= WITHOUT_A_ROUTE
