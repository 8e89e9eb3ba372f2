"""重新办理 over HTTP: a supervisor has a closed case go on with what was set aside; its department decides anew, what
is new is made out and told, and the case closes again."""

import asyncio
from datetime import timedelta
from typing import Any

import httpx
import pytest

from onething.domain.calendar.days import Calendar
from onething.domain.events.outcomes import EffectUndone
from tests.api import acts
from tests.api.test_letters import letter, listed, send_all
from tests.api.test_nobody_is_stuck import allowed
from tests.api.test_timeline import published, texts
from tests.api.town import Town

BASIS, REASON = "杭政复〔2026〕12号", "复议决定认为李䶮提交的印模符合规定，不予备案没有依据"
BODY: dict[str, Any] = {"items": ["seal"], "basis": BASIS, "reason": REASON}


def path(case_no: str) -> str:
    return f"/api/cases/{case_no}/reopen"


async def refuse(town: Town, case_no: str, round_no: int = 1) -> None:
    """The seal."""
    task_id = f"{case_no}-seal-{round_no}"
    body = {"outcome": "out_of_scope", "opinion": "印模不符", "seen": await acts.read(town, "officer.psb", task_id)}
    answer = await town.post("officer.psb", f"/api/tasks/{task_id}/decide", body)
    assert answer.status_code == 200, answer.text


async def closed(town: Town) -> str:
    """With a refusal."""
    case_no = await acts.accepted_case(town)
    await acts.approve(town, case_no, "registration")
    await refuse(town, case_no)
    await acts.approve(town, case_no, "tax")
    await town.finish(case_no)
    return case_no


async def case(town: Town, case_no: str, who: str = "citizen") -> dict[str, Any]:
    view: dict[str, Any] = (await town.get(who, f"/api/cases/{case_no}")).json()
    return view


async def queue(town: Town, who: str) -> list[str]:
    return [one["task_id"] for one in (await town.get(who, "/api/tasks?limit=200")).json()["items"]]


def problem(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["detail"]


async def test_the_whole_way(fresh_town: Town) -> None:
    town = fresh_town
    case_no = await closed(town)
    first = acts.certificate_no(town, case_no)
    before = await case(town, case_no)
    assert (before["status"], "ended_at" in before) == ("closed", True)
    for who, status in (
        ("citizen", 403),
        ("counter", 403),
        ("officer.psb", 403),
        ("leader.psb", 403),
        ("auditor", 403),
    ):
        assert (await town.post(who, path(case_no), BODY)).status_code == status, who
    assert allowed(await case(town, case_no, "supervisor"), "reopen_case")

    town.clock.move(timedelta(hours=1))
    answer = await town.post("supervisor", path(case_no), BODY, key="once")
    assert answer.status_code == 200, answer.text
    standing = answer.json()
    assert (standing["status"], "due_at" in standing) == ("processing", True)
    assert {one["code"]: (one["state"], one["round"]) for one in standing["items"]} == {
        "registration": ("approved", 1),
        "seal": ("open", 2),
        "tax": ("approved", 1),
    }
    again = await town.post("supervisor", path(case_no), BODY, key="once")
    assert again.content == answer.content
    assert problem(await town.post("supervisor", path(case_no), BODY))[0] == 409, "it is not closed any more"
    assert not allowed(await case(town, case_no, "supervisor"), "reopen_case")
    assert town.rows("select true from handovers where case_no = %s", case_no), "its workflow begins anew"

    view = await case(town, case_no)
    assert "ended_at" not in view
    task_id = f"{case_no}-seal-2"
    assert task_id in await queue(town, "officer.psb")
    task = (await town.get("officer.psb", f"/api/tasks/{task_id}")).json()
    told = [one["content"] for one in task["case"]["notices"] if one["kind"] == "case_reopened"]
    assert told == [{"reason": REASON, "basis": BASIS}]
    assert "印模不符" not in str(task["case"]["items"]), "what was set aside decides nothing"
    await send_all(town, case_no)
    paper = await letter(town, case_no, "reopened")
    assert (paper["title"], paper["legal_basis"]) == ("重新办理通知书", BASIS)
    assert "“公章刻制备案”重新办理" in paper["paragraphs"][0]
    assert paper["paragraphs"][1] == f"理由：{REASON}"
    assert (await letter(town, case_no, "reopened", "officer.psb"))["kind"] == "reopened"
    assert await texts(town, case_no, "case_reopened") == [f"重新办理“公章刻制备案”（{BASIS}）"]
    ((kind, data),) = published(town, case_no, "case_reopened")
    assert (kind, data) == ("onething.case.reopened", {"items": ["seal"]})
    assert "李䶮" not in str(town.rows("select line from journal where case_no = %s", case_no))
    assert "李䶮" not in str(await case(town, case_no, "supervisor"))

    await acts.approve(town, case_no, "seal", 2)
    await town.finish(case_no)
    after = await case(town, case_no)
    assert (after["status"], after["ended_at"] > before["ended_at"]) == ("closed", True)
    assert acts.certificate_no(town, case_no) == first, "what was out stays"
    seal = acts.certificate_no(town, case_no, "seal")
    assert (await town.get(None, f"/api/certificates/{seal}/verify")).json()["valid"] is True
    results = [one["id"] for one in await listed(town, case_no) if one["kind"] == "result"]
    assert len(results) == 2, "the first result stays on file"
    done = [
        (await town.get("citizen", f"/api/cases/{case_no}/documents/{one}")).json()["paragraphs"] for one in results
    ]
    assert ["公章刻制备案" in paragraphs[1] for paragraphs in done] == [True, False], "newest first"
    listed_again = (await town.get("supervisor", "/api/cases?status=closed&limit=200")).json()["items"]
    assert case_no in {one["case_no"] for one in listed_again}


async def test_what_was_revoked_is_approved_anew_and_the_old_certificate_stays_void(town: Town) -> None:
    case_no = await acts.closed(town)
    old = acts.certificate_no(town, case_no, "seal")
    wrong = {"items": ["seal"], "basis": BASIS, "reason": REASON}
    status, detail = problem(await town.post("supervisor", path(case_no), wrong))
    assert (status, "先请其部门复核（review）" in detail) == (409, True)
    corrected = {"why": "typing_error", "reason": "录入错误", "outputs": {"seal_filing_no": f"W{case_no}"}}
    answer = await town.post("officer.psb", f"/api/cases/{case_no}/items/seal/reissue", corrected)
    assert answer.status_code == 200, answer.text
    await town.finish(case_no)
    await town.post("supervisor", f"/api/cases/{case_no}/items/seal/review", {"reason": "材料不实"})
    revoke = f"/api/tasks/{case_no}-seal.revoke-1/revoke"
    assert (await town.post("officer.psb", revoke, {"revoke": True, "opinion": "材料不实"})).status_code == 200
    status, detail = problem(await town.post("supervisor", path(case_no), BODY))
    assert (status, "还在撤销" in detail) == (409, True)
    ((undo,),) = town.rows("select task_id from tasks where case_no = %s and kind = 'undo'", case_no)
    assert (await town.post("officer.psb", f"/api/tasks/{undo}/decide", {"outcome": "undone"})).status_code == 200
    await town.finish(case_no)
    answer = await town.post("supervisor", path(case_no), BODY)
    assert answer.status_code == 200, answer.text
    await acts.approve(town, case_no, "seal", 2)
    await town.finish(case_no)
    rows = town.rows("select number, edition from certificates where case_no = %s and item = 'seal'", case_no)
    numbers = {edition: number for number, edition in rows}
    assert sorted(numbers) == [1, 2, 3]
    verified = {n: (await town.get(None, f"/api/certificates/{number}/verify")).json() for n, number in numbers.items()}
    assert {n: (one["genuine"], one["valid"]) for n, one in verified.items()} == {
        1: (True, False),
        2: (True, False),
        3: (True, True),
    }
    assert numbers[1] == old
    documents = (await town.get("citizen", f"/api/cases/{case_no}/documents")).json()["items"]
    (content,) = [one["content"] for one in documents if one.get("number") == numbers[3]]
    assert "replaces" not in content
    assert f"W{case_no}" not in str(content), "what was corrected of the decision before is no part of this one"


async def test_of_a_case_that_ended_otherwise_nothing_is_reopened(town: Town) -> None:
    body = {**BODY, "items": ["registration"]}
    for case_no in (await acts.terminated(town), await acts.withdrawn(town), await acts.rejected(town)):
        status, detail = problem(await town.post("supervisor", path(case_no), body))
        assert (status, detail.endswith("不能重新办理；请申请人重新申请。")) == (409, True)
        (told,) = [
            one for one in (await case(town, case_no, "supervisor"))["available_actions"] if one["act"] == "reopen_case"
        ]
        assert (told["allowed"], told["why"]) == (False, detail)


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"items": ["seal", "none"]}, "/items/1"),
        ({"items": ["seal", "seal"]}, "/items/1"),
        ({"items": []}, "/items"),
        ({"basis": ""}, "/basis"),
        ({"basis": "第一行\n第二行"}, "/basis"),
        ({"reason": " "}, "/reason"),
    ],
)
async def test_what_is_wrong_is_told_where_it_was_sent(town: Town, change: dict[str, Any], pointer: str) -> None:
    answer = await town.post("supervisor", path(await closed(town)), BODY | change)
    assert (answer.status_code, [one["pointer"] for one in answer.json()["errors"]]) == (422, [pointer])


async def test_time_counts_by_the_calendar_of_today(fresh_town: Town) -> None:
    town = fresh_town
    case_no = await closed(town)
    old = town.context.calendar("cn").model_dump(mode="json", by_alias=True)
    newer = Calendar.model_validate(old | {"version": old["version"] + 1})
    await town.publish_calendar(newer)
    assert (await town.post("supervisor", path(case_no), BODY)).status_code == 200
    kinds = town.rows("select kind from journal where case_no = %s order by seq desc limit 2", case_no)
    assert kinds == [("calendar_changed",), ("case_reopened",)]
    assert f"{newer.digest}" in str(town.rows("select event from journal where kind = 'calendar_changed'"))


async def test_two_at_once_reopen_it_once_and_one_key_has_one_answer(town: Town) -> None:
    case_no = await closed(town)
    for keys, statuses in ((("a", "b"), [200, 409]), (("c", "c", "c"), [200, 200, 200])):
        answers = await asyncio.gather(*(town.post("supervisor", path(case_no), BODY, f"{case_no}{k}") for k in keys))
        assert sorted(one.status_code for one in answers) == statuses, [one.text for one in answers]
        assert len({one.content for one in answers}) == len(set(keys))
        await refuse(town, case_no, 2 if "a" in keys else 3)
        await town.finish(case_no)
    kinds = [kind for (kind,) in town.rows("select kind from journal where case_no = %s order by seq", case_no)]
    assert kinds.count("case_reopened") == 2


@pytest.mark.parametrize("revoke", [True, False])
async def test_what_others_still_decide_goes_on_meanwhile(town: Town, revoke: bool) -> None:
    """Whether another approval stands, what a rating is owed, and who has the first result in hand."""
    case_no = await closed(town)
    (first,) = [one["id"] for one in await listed(town, case_no) if one["kind"] == "result"]
    assert (await town.post("citizen", f"/api/cases/{case_no}/rating", {"grade": 1})).status_code == 200
    review = await town.post("supervisor", f"/api/cases/{case_no}/items/tax/review", {"reason": "材料不实"})
    assert review.status_code == 200, review.text
    handed = {"channel": "counter", "outcome": "handed_over"}
    answers = await asyncio.gather(
        town.post("supervisor", path(case_no), BODY),
        town.post("counter", f"/api/cases/{case_no}/rating/contact", {"text": "已致歉"}),
        town.post("counter", f"/api/cases/{case_no}/documents/{first}/deliveries", handed),
    )
    assert [one.status_code for one in answers] == [200] * 3, [one.text for one in answers]
    task = f"/api/tasks/{case_no}-tax.revoke-1/revoke"
    said = await town.post("officer.tax", task, {"revoke": revoke, "opinion": "已核实"})
    assert said.status_code == 200, said.text
    assert (await case(town, case_no))["status"] == "processing"
    await acts.approve(town, case_no, "seal", 2)
    for undo, command in (await town.commands(case_no, "undo_effect")).items():
        await town.outcome(case_no, EffectUndone(command=undo, effect=command.target))
    await town.finish(case_no)
    after = await case(town, case_no)
    assert after["status"] == "closed"
    assert {one["code"]: one["state"] for one in after["items"]}["tax"] == ("undone" if revoke else "approved")
