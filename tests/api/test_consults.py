"""Opinions, agreements and joint inspections over HTTP: who may, what each reads, what it stops and what it doesn't."""

import asyncio
from datetime import date, timedelta
from typing import Any

import httpx
import pytest

from definitions.duties import Department
from tests.api import acts
from tests.api.forms import approval
from tests.api.lawful import HEARING, clocks, task
from tests.api.test_letters import letter, listed, send_all
from tests.api.town import Town
from tests.documents.reading import text_of

DAY = timedelta(days=1)
QUESTION = "住所的消防通道李四是否改造完毕"
OPINION = "消防通道符合要求，张三到场"
ASK: dict[str, Any] = {"departments": ["fire"], "question": QUESTION, "days": 2}
SIGN: dict[str, Any] = {"departments": ["fire", "housing"], "mode": "countersign", "question": QUESTION, "days": 2}


def approve(case_no: str) -> dict[str, Any]:
    return {"outcome": "approve", "outputs": approval("registration", case_no)}


async def ask(town: Town, case_no: str, who: str = "officer.amr", **changes: Any) -> httpx.Response:
    return await town.post(who, f"{task(case_no)}/consult", ASK | changes)


def asked(case_no: str, n: int = 1) -> str:
    return f"/api/tasks/{case_no}-registration.c{n}-1"


async def test_an_opinion_is_asked_for_read_and_given(lawful: Town) -> None:
    town = lawful
    case_no = await acts.accepted_case(town)  # Monday 2 March at nine: registration by law until Thursday 5
    answer = await ask(town, case_no)
    assert answer.status_code == 200, answer.text
    told = answer.json()
    assert told["asked"] == [
        {"task_id": asked(case_no).removeprefix("/api/tasks/"), "department": "fire", "department_name": "消防救援支队"}
    ]
    assert (told["mode"], told["due_at"]) == ("consult", "2026-03-04T17:30:00+08:00")
    (row,) = (await town.get("officer.fire", "/api/tasks")).json()["items"]
    assert (row["task_id"], row["kind"], row["due_at"]) == (told["asked"][0]["task_id"], "consult", told["due_at"])
    step = (await clocks(town, case_no))["step:registration:1"]
    assert (step["item"], step["legal_effect"], step["budget"], step["left"]) == ("registration", "none", 2, 2)
    assert sum(day["counted"] for day in step["days"]) == 2

    read = (await town.get("officer.fire", asked(case_no))).json()
    assert (read["consults"][0]["question"], read["decision_form"]) == (QUESTION, [])
    own = (await town.get("officer.amr", task(case_no))).json()
    for part in ("form", "applicant", "records", "answers"):
        assert read["case"][part] == own["case"][part], "who is asked reads what the department reads that asked"

    given = await town.post("officer.fire", f"{asked(case_no)}/answer", {"opinion": OPINION}, key="once")
    assert (given.status_code, given.json()["answer"]) == (200, "answered"), given.text
    assert (await town.post("officer.fire", f"{asked(case_no)}/answer", {"opinion": OPINION}, key="once")).content == (
        given.content
    )
    again = await town.post("leader.fire", f"{asked(case_no)}/answer", {"opinion": "不同"})
    assert (again.status_code, again.json()["standing"]["outcome"]) == (409, "answered")
    (opinion,) = (await town.get("leader.amr", task(case_no))).json()["consults"]
    assert (opinion["opinion"], opinion["department"]) == (OPINION, "fire")
    assert (await town.post("officer.amr", f"{task(case_no)}/decide", approve(case_no))).status_code == 200


async def test_the_eyes_are_lent_for_as_long_as_the_question_stands(lawful: Town) -> None:
    town = lawful
    case_no = await acts.accepted_case(town)
    await ask(town, case_no, departments=["fire"])
    before = (await town.get("officer.fire", asked(case_no))).json()["case"]
    assert before["form"]
    assert any(one.get("record") for one in before["records"])
    await town.post("officer.fire", f"{asked(case_no)}/answer", {"opinion": OPINION})
    after = (await town.get("officer.fire", asked(case_no))).json()
    assert after["case"]["form"].keys() < before["form"].keys()
    assert not after["case"]["records"]
    assert after["consults"][0]["opinion"] == OPINION
    for who in ("officer.tax", "officer.housing"):
        assert (await town.get(who, asked(case_no))).status_code == 404
    for who in ("citizen", "counter", "officer.tax"):
        seen = await town.get(who, f"/api/cases/{case_no}")
        assert QUESTION not in seen.text
        assert OPINION not in seen.text


async def test_texts_are_in_no_event_and_the_timeline_has_words(lawful: Town) -> None:
    town = lawful
    case_no = await acts.accepted_case(town)
    await town.post("officer.amr", f"{task(case_no)}/consult", SIGN)
    await town.post("officer.fire", f"{asked(case_no, 1)}/answer", {"agree": True, "opinion": OPINION})
    await town.post("officer.amr", f"{task(case_no)}/inspect", {"on": "2026-03-02"})
    await town.post("officer.amr", f"{task(case_no)}/conclude", {"passed": True, "conclusion": OPINION})
    timeline = (await town.get("citizen", f"/api/cases/{case_no}/timeline")).json()["items"]
    assert [one["text"] for one in timeline][-4:] == [
        "“企业设立登记”向消防救援支队、住房和城乡建设局会签",
        "“企业设立登记”的会签已答复",
        "安排联合踏勘：“企业设立登记”，2026-03-02",
        "“企业设立登记”的联合踏勘结论：通过",
    ]
    journal = str(town.rows("select event from journal where case_no = %s", case_no))
    assert OPINION not in journal
    assert QUESTION not in journal


async def test_no_approval_without_the_agreements(lawful: Town) -> None:
    town = lawful
    case_no = await acts.accepted_case(town)
    await town.post("officer.amr", f"{task(case_no)}/consult", SIGN)
    missing = await town.post("officer.amr", f"{task(case_no)}/decide", approve(case_no))
    assert (missing.status_code, missing.json()["code"]) == (409, "not_allowed_now")
    assert "消防救援支队、住房和城乡建设局" in missing.json()["detail"]
    unsaid = await town.post("officer.fire", f"{asked(case_no, 1)}/answer", {"opinion": OPINION})
    assert (unsaid.status_code, unsaid.json()["errors"][0]["pointer"]) == (422, "/agree")
    agreed = await town.post("officer.fire", f"{asked(case_no, 1)}/answer", {"agree": True, "opinion": OPINION})
    assert agreed.json()["answer"] == "agreed"
    refused = await town.post("officer.housing", f"{asked(case_no, 2)}/answer", {"agree": False, "opinion": "不同意"})
    assert refused.json()["answer"] == "disagreed"
    assert (await town.post("officer.amr", f"{task(case_no)}/decide", approve(case_no))).status_code == 409
    await town.post("officer.amr", f"{task(case_no)}/consult", {**SIGN, "departments": ["housing"], "rule": "any"})
    await town.post("officer.housing", f"{asked(case_no, 3)}/answer", {"agree": True, "opinion": OPINION})
    assert (await town.post("officer.amr", f"{task(case_no)}/decide", approve(case_no))).status_code == 200


async def test_a_decision_calls_off_what_is_still_asked(lawful: Town) -> None:
    town = lawful
    case_no = await acts.accepted_case(town)
    await ask(town, case_no)
    await acts.approve(town, case_no, "registration")
    late = await town.post("officer.fire", f"{asked(case_no)}/answer", {"opinion": OPINION})
    assert (late.status_code, late.json()["detail"]) == (409, "该事项已经作出决定或不再办理，不需要意见了。")
    rows = town.rows("select state, result from tasks where case_no = %s and kind = 'consult'", case_no)
    assert rows == [("lapsed", "lapsed")]
    assert "step:registration:1" not in await clocks(town, case_no)


async def test_decision_and_answer_at_once(lawful: Town) -> None:
    """One order: the answer is either before the decision, or told that nobody waits for it."""
    town = lawful
    for turn in range(4):
        case_no = await acts.accepted_case(town)
        await ask(town, case_no)
        calls = [
            town.post("officer.fire", f"{asked(case_no)}/answer", {"opinion": OPINION}),
            town.post("officer.amr", f"{task(case_no)}/decide", approve(case_no)),
        ]
        if turn % 2:
            answered, decided = await asyncio.gather(*calls)
        else:
            decided, answered = await asyncio.gather(*reversed(calls))
        assert decided.status_code == 200, decided.text
        kinds = [kind for (kind,) in town.rows("select kind from journal where case_no = %s order by seq", case_no)]
        if answered.status_code == 200:
            assert kinds.index("consult_answered") < kinds.index("item_decided")
        else:
            assert answered.status_code == 409
            assert "consult_answered" not in kinds
        assert (
            town.rows("select 1 from tasks where case_no = %s and kind = 'consult' and state = 'open'", case_no) == []
        )


async def test_two_questions_at_once_are_two(lawful: Town) -> None:
    town = lawful
    case_no = await acts.accepted_case(town)
    answers = await asyncio.gather(ask(town, case_no), ask(town, case_no, "leader.amr", departments=["housing"]))
    assert [answer.status_code for answer in answers] == [200, 200]
    rows = town.rows("select name from tasks where case_no = %s and kind = 'consult' order by name", case_no)
    assert rows == [("registration.c1",), ("registration.c2",)]


async def test_withdrawing_ends_it_and_a_clock_that_ran_out_is_told(lawful: Town) -> None:
    town = lawful
    case_no = await acts.accepted_case(town)
    await ask(town, case_no, days=1)
    town.clock.move(2 * DAY)
    step = (await clocks(town, case_no))["step:registration:1"]
    assert step["state"] in {"running", "overdue"}  # nobody has looked since
    await town.post("officer.amr", f"{task(case_no)}/claim")
    assert (await clocks(town, case_no))["step:registration:1"]["state"] == "overdue"
    timeline = (await town.get("citizen", f"/api/cases/{case_no}/timeline")).json()["items"]
    assert "“企业设立登记·征求意见”超期" in [one["text"] for one in timeline]
    assert (await town.post("citizen", f"/api/cases/{case_no}/withdraw")).status_code == 200
    assert town.rows("select state from tasks where case_no = %s and kind = 'consult'", case_no) == [("lapsed",)]
    assert (await town.post("officer.fire", f"{asked(case_no)}/answer", {"opinion": "迟"})).status_code == 409


async def test_what_may_not_be_asked(lawful: Town) -> None:
    town = lawful
    case_no = await acts.accepted_case(town)
    for changes, pointer in (
        ({"departments": ["nobody"]}, "/departments/0"),
        ({"departments": ["fire", "amr"]}, "/departments/1"),
        ({"departments": ["fire", "fire"]}, "/departments/1"),
        ({"departments": []}, "/departments"),
        ({"rule": "any"}, "/rule"),
        ({"question": " "}, "/question"),
        ({"days": 0}, "/days"),
        ({"days": 4}, "/days"),
    ):
        answer = await ask(town, case_no, **changes)
        assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, pointer), answer.text
    assert "不超过 3 个工作日" in (await ask(town, case_no, days=4)).text
    unsaid = await ask(town, case_no, days=None)
    assert (unsaid.status_code, unsaid.json()["days"]) == (200, 3), "five, or what is left"
    for who, status in (("citizen", 403), ("counter", 403), ("supervisor", 403), ("officer.tax", 404)):
        assert (await ask(town, case_no, who)).status_code == status
    await town.post("officer.amr", f"{task(case_no)}/suspend", HEARING)
    assert (await ask(town, case_no)).status_code == 409


async def test_a_task_to_answer_is_for_answering_only(lawful: Town) -> None:
    town = lawful
    case_no = await acts.accepted_case(town)
    await ask(town, case_no)
    for act, body in (
        ("claim", None),
        ("release", None),
        ("decide", {"outcome": "refuse", "opinion": "x"}),
        ("suspend", HEARING),
        ("consult", ASK | {"departments": ["housing"]}),
        ("inspect", {"on": "2026-03-03"}),
    ):
        answer = await town.post("officer.fire", f"{asked(case_no)}/{act}", body)
        assert (answer.status_code, answer.json()["code"]) == (409, "not_allowed_now"), (act, answer.text)
    wrong = await town.post("officer.amr", f"{task(case_no)}/answer", {"opinion": "x"})
    assert wrong.status_code == 409
    assert (await town.post("officer.amr", f"{asked(case_no)}/answer", {"opinion": "x"})).status_code == 404
    unasked = await town.post("officer.fire", f"{asked(case_no)}/answer", {"opinion": "x", "agree": True})
    assert (unasked.status_code, unasked.json()["errors"][0]["pointer"]) == (422, "/agree")


async def test_a_plan_of_promises_only_asks_too_within_the_laws_time(town: Town) -> None:
    case_no = await acts.accepted_case(town)
    assert (await ask(town, case_no, days=4)).status_code == 422
    assert (await ask(town, case_no)).status_code == 200


async def test_a_joint_inspection_from_appointment_to_conclusion(lawful: Town) -> None:
    town = lawful
    case_no = await acts.accepted_case(town)
    unknown = await town.post("officer.amr", f"{task(case_no)}/suspend", HEARING | {"basis": "joint_inspection"})
    assert unknown.status_code == 422, "行政许可法第四十五条 knows none"
    law = (await clocks(town, case_no))["item:registration:statutory"]["due_at"]
    visit = {"basis": "site_visit", "days": 2, "reason": "等待联合踏勘"}
    for body, pointer in (
        ({"on": "2026-03-01"}, "/on"),
        ({"on": "2026-03-20", "days": 3}, "/on"),
        ({"on": "2026-03-07"}, "/on"),  # a Saturday, without a word
        ({"on": "2026-03-03", "items": ["seal"]}, "/items"),
        ({"on": "2026-03-03", "items": ["registration", "none"]}, "/items/1"),
        ({"on": "2026-03-03", "items": ["registration", "registration"]}, "/items/1"),
        ({"on": "soon"}, "/on"),
    ):
        answer = await town.post("officer.amr", f"{task(case_no)}/inspect", body)
        assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, pointer), answer.text
    unopened = {"on": "2026-03-03", "items": ["registration", "seal"]}
    assert (await town.post("officer.amr", f"{task(case_no)}/inspect", unopened)).status_code == 409
    answer = await town.post("officer.amr", f"{task(case_no)}/inspect", {"on": "2026-03-04", "days": 3})
    assert answer.status_code == 200, answer.text
    told = answer.json()
    assert (told["n"], told["waiting"], told["due_at"]) == (1, ["registration"], "2026-03-05T17:30:00+08:00")
    assert (await clocks(town, case_no))["inspection:1"]["title"] == "联合踏勘"
    assert (await town.post("officer.amr", f"{task(case_no)}/suspend", visit)).status_code == 200
    standing = await clocks(town, case_no)
    assert standing["item:registration"]["state"] == "suspended"
    assert (standing["item:registration:statutory"]["state"], standing["item:registration:statutory"]["due_at"]) == (
        "running",
        law,
    )
    early = await town.post("officer.amr", f"{task(case_no)}/conclude", {"passed": False, "conclusion": OPINION})
    assert (early.status_code, "此前不能作出结论" in early.json()["detail"]) == (409, True), early.text
    town.clock.move(timedelta(days=2))
    done = await town.post("officer.amr", f"{task(case_no)}/conclude", {"passed": False, "conclusion": OPINION})
    assert (done.status_code, done.json()["waiting"], done.json()["passed"]) == (200, [], False), done.text
    assert "inspection:1" not in await clocks(town, case_no)
    read = (await town.get("officer.amr", task(case_no))).json()
    assert read["case"]["items"][0]["state"] == "suspended", "a person resumes"
    assert read["inspections"] == [
        {"n": 1, "on": "2026-03-04", "items": ["registration"], "passed": False, "conclusion": OPINION}
    ]
    again = await town.post("officer.amr", f"{task(case_no)}/conclude", {"passed": True, "conclusion": "x"})
    assert again.status_code == 409
    assert (await town.post("officer.amr", f"{task(case_no)}/resume")).status_code == 200


async def test_the_applicant_gets_the_day_in_writing_and_another_one_too(lawful: Town) -> None:
    town = lawful
    case_no = await acts.accepted_case(town)
    unset = await town.post("officer.amr", f"{task(case_no)}/inspect/move", {"on": "2026-03-04"})
    assert (unset.status_code, unset.json()["code"]) == (409, "not_allowed_now")
    assert (await town.post("officer.amr", f"{task(case_no)}/inspect", {"on": "2026-03-04"})).status_code == 200
    first = await letter(town, case_no, "inspection")
    assert (first["title"], first["issuer"], first["department"]) == ("联合踏勘告知书", "市场监督管理局", "amr")
    assert (
        first["paragraphs"][0] == "办理“企业开办”，有关部门定于 2026 年 03 月 04 日联合踏勘，涉及事项：“企业设立登记”。"
    )
    assert [one["kind"] for one in await listed(town, case_no, "officer.amr")] == ["inspection", "accepted"]
    assert [one["kind"] for one in await listed(town, case_no, "officer.tax")] == ["accepted"]

    for on, pointer in (("2026-03-01", "/on"), ("2026-03-04", "/on"), ("2026-04-30", "/on"), ("soon", "/on")):
        answer = await town.post("officer.amr", f"{task(case_no)}/inspect/move", {"on": on})
        assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, pointer), answer.text
    for who, status in (("citizen", 403), ("counter", 403), ("supervisor", 403), ("officer.tax", 404)):
        answer = await town.post(who, f"{task(case_no)}/inspect/move", {"on": "2026-03-06"})
        assert answer.status_code == status, answer.text
    moves = [town.post("officer.amr", f"{task(case_no)}/inspect/move", {"on": "2026-03-06"}, key="m") for _ in range(2)]
    moved, again = await asyncio.gather(*moves)
    assert (moved.status_code, moved.json()["on"]) == (200, "2026-03-06"), moved.text
    assert again.content == moved.content
    told = await letter(town, case_no, "inspection_moved")
    days = "原定 2026 年 03 月 04 日的联合踏勘改到 2026 年 03 月 06 日"
    assert told["paragraphs"][0] == f"办理“企业开办”，{days}，涉及事项：“企业设立登记”。"
    assert (await town.get("officer.amr", task(case_no))).json()["inspections"][0]["on"] == "2026-03-06"
    timeline = (await town.get("citizen", f"/api/cases/{case_no}/timeline")).json()["items"]
    assert timeline[-1]["text"] == "联合踏勘改期：“企业设立登记”，由 2026-03-04 改到 2026-03-06"

    templates = [command.target for command in (await town.commands(case_no)).values()]
    assert templates == ["accepted", "inspection", "inspection_moved"]
    assert (told["delivery"]["state"], "reached_at" in told["delivery"]) == ("known", False)
    await send_all(town, case_no)
    assert all("reached_at" in one["delivery"] for one in (await listed(town, case_no))[:2])
    paper = await town.get("citizen", told["pdf"])
    assert paper.headers["content-type"] == "application/pdf"
    assert days in text_of(paper.content).replace("\n", "")


async def test_only_departments_on_duty_are_asked_and_the_refusal_names_them(
    fresh_town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    town = fresh_town
    case_no = await acts.accepted_case(town)
    duties = town.context.catalog.duties
    heir = {"successor": "natres", "basis": "机构改革方案"}
    monkeypatch.setitem(duties, "eco", Department(name="环境保护局", until=date(2026, 3, 1), **heir))
    monkeypatch.setitem(duties, "culture", Department(name="文化和旅游局", since=date(2026, 3, 3)))
    before = town.counts()
    asked = {"departments": ["eco", "culture", "nobody"], "question": "问题", "days": 1}
    answer = await town.post("officer.amr", f"{task(case_no)}/consult", asked)
    assert (answer.status_code, [one["pointer"] for one in answer.json()["errors"]]) == (
        422,
        ["/departments/0", "/departments/1", "/departments/2"],
    )
    over, early, unknown = (one["detail"] for one in answer.json()["errors"])
    assert "“环境保护局”（eco）现在不履职，职责由“自然资源和规划局”（natres）接续。" in over
    assert "现在不履职。" in early
    assert "没有部门“nobody”" in unknown
    for detail in (over, early, unknown):
        told = detail.partition("可以征求的有：")[2]
        assert "消防救援支队（fire）" in told
        assert not any(f"（{code}）" in told for code in ("eco", "culture", "amr"))
    assert town.counts() == before
    town.clock.move(timedelta(days=1))  # its first day
    asked["departments"] = ["culture"]
    assert (await town.post("officer.amr", f"{task(case_no)}/consult", asked)).status_code == 200
