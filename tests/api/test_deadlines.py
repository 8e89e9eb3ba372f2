"""Time stopped, started again and given over HTTP: who may, once, what is told to whom, and what every date shows."""

import json
from datetime import timedelta
from typing import Any, get_args

import pytest

from onething.domain.calendar.countdown import PauseBasis
from onething.domain.calendar.days import Calendar
from onething.services.deadlines.schemas import SuspensionRequest
from tests.api import acts
from tests.api.forms import AMR
from tests.api.lawful import HEARING, REASON, clocks, suspend, task
from tests.api.town import Town
from tests.domain.builders import UNPLANNED

DAY = timedelta(days=1)
LAW, PROMISE = "item:registration:statutory", "item:registration"
MORE: dict[str, Any] = {"days": 3, "reason": "需要补充核实李四的出资"}


def the_bases() -> set[str]:
    return set(get_args(SuspensionRequest.model_fields["basis"].annotation))


def test_every_basis_but_what_follows_from_the_handling_may_be_sent() -> None:
    assert the_bases() == set(PauseBasis) - (UNPLANNED - {PauseBasis.FORCE_MAJEURE})


async def test_suspending_stops_the_due_moment_and_resuming_gives_back_what_was_left(lawful: Town) -> None:
    town = lawful
    case_no = await acts.accepted_case(town)  # Monday 2 March at nine: registration by law until Thursday 5
    before = await clocks(town, case_no)
    assert (before[LAW]["due_at"], before[LAW]["left"]) == ("2026-03-05T17:30:00+08:00", 3)
    town.clock.move(1 * DAY)
    too_long = await suspend(town, case_no, days=90)
    assert (too_long.status_code, too_long.json()["errors"][0]["pointer"]) == (422, "/days"), too_long.text
    answer = await suspend(town, case_no)
    assert answer.status_code == 200, answer.text
    told = answer.json()
    assert (told["state"], told["due_at"], told["statutory_due_at"]) == ("suspended", None, None)
    assert town.rows("select due_at from tasks where task_id = %s", told["task_id"]) == [(None,)]

    town.clock.move(10 * DAY)
    standing = await clocks(town, case_no)
    for name in (LAW, PROMISE, "case", "case:statutory"):
        assert standing[name]["state"] == "suspended"
        assert "due_at" not in standing[name]
    assert standing[PROMISE]["left"] == 3.0  # of ten hours, seven on Monday
    assert standing[LAW]["left"] == 3  # the day of the event, and nothing since
    (pause,) = standing[LAW]["pauses"]
    assert (pause["basis"], pause["text"], pause["since"]) == ("hearing", "听证", "2026-03-03T09:00:00+08:00")
    assert pause["ends_at"] == "2026-03-31T17:30:00+08:00"  # twenty working days at most
    assert standing[LAW]["paused"] == {"hours": 63.0, "days": 9, "carried_hours": 0.0}  # to the end of the day
    assert (standing[LAW]["whose"], standing[LAW]["days"][1]["paused_hours"]) == ("office", 7.0)
    assert [day["reason"] for day in standing[LAW]["days"]][:3] == ["event_day", "paused", "paused"]
    assert standing[LAW]["days"][-1]["date"] == "2026-03-13"

    answer = await town.post("officer.amr", f"{task(case_no)}/resume")  # Friday 13 at nine: 13, 16, 17
    assert (answer.status_code, answer.json()["statutory_due_at"]) == (200, "2026-03-17T17:30:00+08:00"), answer.text
    after = await clocks(town, case_no)
    assert (after[LAW]["left"], after[LAW]["state"]) == (3, "running")
    assert after[LAW]["pauses"][0]["until"] == "2026-03-13T09:00:00+08:00"
    assert sum(day["counted"] for day in after[LAW]["days"]) == after[LAW]["budget"] == 3
    assert (after[PROMISE]["due_at"], after[PROMISE]["unit"]) == ("2026-03-13T12:00:00+08:00", "working_hour")
    assert [day["counted"] for day in after[PROMISE]["days"] if day["counted"]] == [7.0, 3.0]
    assert (await acts.approve(town, case_no, "registration"))["status"] == "processing"


async def test_of_a_long_pause_a_year_of_days_is_told(lawful: Town) -> None:
    case_no = await acts.accepted_case(lawful)
    await suspend(lawful, case_no)
    lawful.clock.move(400 * DAY)
    told = (await clocks(lawful, case_no))[LAW]
    assert (len(told["days"]), told["more_days"], told["left"]) == (366, True, 3)


async def test_a_suspended_item_is_not_decided(lawful: Town) -> None:
    case_no = await acts.accepted_case(lawful)
    await suspend(lawful, case_no)
    body = {"outcome": "refuse", "opinion": "住所不实"}
    refused = await lawful.post("officer.amr", f"{task(case_no)}/decide", body)
    assert (refused.status_code, refused.json()["detail"]) == (409, "该事项已中止计时，请先恢复再办理。")


async def test_what_is_told_and_to_whom(lawful: Town) -> None:
    town = lawful
    case_no = await acts.accepted_case(town)
    await suspend(town, case_no)
    for who in ("citizen", "supervisor", "officer.tax"):
        timeline = await town.get(who, f"/api/cases/{case_no}/timeline")
        entry = next(one for one in timeline.json()["items"] if one["kind"] == "clock_suspended")
        assert entry["text"] == "“企业设立登记”中止计时：听证，预计 10 天，至多 20 个工作日（《测试条例》第九条）"
        assert (entry["role"], entry["department"]) == ("officer", "amr")
        assert REASON not in timeline.text
    for who, sees in (("citizen", True), ("counter", True), ("leader.amr", True), ("officer.tax", False),
                      ("supervisor", False)):  # fmt: skip
        case = await town.get(who, f"/api/cases/{case_no}")
        assert (REASON in case.text) is sees, who
    (notice,) = (await town.get("citizen", f"/api/cases/{case_no}")).json()["notices"]
    assert (notice["kind"], notice["item"], notice["content"]) == ("clock_suspended", "registration", HEARING)
    stored = town.rows("select event::text from journal where case_no = %s", case_no)
    assert not [event for (event,) in stored if REASON in event]
    assert [command.target for command in (await town.commands(case_no)).values()] == ["accepted", "suspended"]


async def test_each_reading_of_clocks_leaves_a_line(lawful: Town) -> None:
    case_no = await acts.accepted_case(lawful)
    await clocks(lawful, case_no, "leader.amr")
    logged = lawful.rows("select subject, act, detail from access_log where case_no = %s", case_no)
    assert ("leader.amr", "view_case", "clocks") in logged


async def test_a_repeat_gets_the_same_answer_and_a_second_is_refused(lawful: Town) -> None:
    town = lawful
    case_no = await acts.accepted_case(town)
    path = f"{task(case_no)}/suspend"
    first = await town.post("officer.amr", path, HEARING, key="once")
    before = town.counts()
    again = await town.post("officer.amr", path, HEARING, key="once")
    assert (again.status_code, again.content) == (200, first.content)
    other = await town.post("officer.amr", path, HEARING | {"days": 3}, key="once")
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")
    second = await suspend(town, case_no, basis="appraisal")
    assert (second.status_code, second.json()["detail"]) == (409, "该事项已经中止，请先恢复再以其他依据中止。")
    assert town.counts() == before
    assert (await town.post("officer.amr", f"{task(case_no)}/resume")).status_code == 200
    twice = await town.post("officer.amr", f"{task(case_no)}/resume")
    assert (twice.status_code, twice.json()["detail"]) == (409, "该事项没有中止，不需要恢复。")


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"basis": "holiday"}, "/basis"),
        ({"basis": "correction"}, "/basis"),
        ({"days": 0}, "/days"),
        ({"days": True}, "/days"),
        ({"reason": " "}, "/reason"),
        ({"until": "2026-04-01"}, "/until"),
    ],
)
async def test_what_is_wrong_is_pointed_at(town: Town, change: dict[str, Any], pointer: str) -> None:
    case_no = await acts.accepted_case(town)
    answer = await suspend(town, case_no, **change)
    assert (answer.status_code, [one["pointer"] for one in answer.json()["errors"]]) == (422, [pointer]), answer.text


@pytest.mark.parametrize(
    ("who", "status"),
    [("officer.psb", 404), ("officer.tax", 404), ("citizen", 403), ("counter", 403), ("supervisor", 403), (None, 401)],
)
async def test_whose_task_it_is_not(lawful: Town, who: str | None, status: int) -> None:
    case_no = await acts.accepted_case(lawful)
    before = lawful.counts()
    answer = await lawful.post(who, f"{task(case_no)}/suspend", HEARING)
    assert answer.status_code == status, answer.text
    assert lawful.counts() == before


async def test_force_majeure_is_a_supervisors(lawful: Town) -> None:
    case_no = await acts.accepted_case(lawful)
    refused = await suspend(lawful, case_no, "leader.amr", basis="force_majeure")
    assert (refused.status_code, refused.json()["detail"]) == (403, "以不可抗力中止须经督办员批准，请由督办员办理。")
    answer = await suspend(lawful, case_no, "supervisor", basis="force_majeure")
    assert (answer.status_code, answer.json()["state"]) == (200, "suspended"), answer.text


async def test_another_officers_claim_is_respected(lawful: Town) -> None:
    case_no = await acts.accepted_case(lawful)
    lawful.change("update tasks set claimed_by = 'officer.somebody' where case_no = %s", case_no)
    refused = await suspend(lawful, case_no)
    assert (refused.status_code, refused.json()["code"]) == (409, "claimed_by_another")
    assert (await suspend(lawful, case_no, "leader.amr")).status_code == 200


async def test_a_basis_that_the_definition_does_not_know(lawful: Town) -> None:
    case_no = await acts.accepted_case(lawful)
    refused = await suspend(lawful, case_no, basis="auction")
    assert refused.status_code == 409
    assert refused.json()["detail"] == (
        "该事项不能以“拍卖”为由中止；可用的有：听证、鉴定、踏勘或现场核查；因不可抗力须中止的，请督办员办理。"
    )


async def test_an_item_is_extended_once_by_its_leader(lawful: Town) -> None:
    town = lawful
    case_no = await acts.accepted_case(town)
    path = f"{task(case_no)}/extend"
    assert (await town.post("officer.amr", path, MORE)).status_code == 403
    assert (await town.post("leader.tax", path, MORE)).status_code == 404
    beyond = await town.post("leader.amr", path, MORE | {"days": 4})
    (problem,) = beyond.json()["errors"]
    assert (beyond.status_code, problem["pointer"]) == (422, "/days")
    assert problem["detail"] == "至多延长 3 个工作日，请改小。"
    answer = await town.post("leader.amr", path, MORE, key="extend")
    assert (answer.status_code, answer.json()["statutory_due_at"]) == (200, "2026-03-10T17:30:00+08:00"), answer.text
    assert (await town.post("leader.amr", path, MORE, key="extend")).content == answer.content
    again = await town.post("leader.amr", path, MORE)
    assert (again.status_code, again.json()["detail"]) == (409, "期限只能延长一次，已经延长过。")
    told = (await clocks(town, case_no))[LAW]
    assert (told["budget"], told["extensions"], sum(day["counted"] for day in told["days"])) == (6, 3, 6)
    timeline = await town.get("citizen", f"/api/cases/{case_no}/timeline")
    law = {"clock": LAW, "legal_effect": "statutory"}
    assert answer.json()["moved"] == [
        law | {"before": "2026-03-05T17:30:00+08:00", "after": "2026-03-10T17:30:00+08:00"}
    ], "the promise counts in hours"
    assert [one["text"] for one in answer.json()["deadlines"]] == [
        "承诺 10 个工作小时，至 2026-03-03 12:00",
        "法定 6 个工作日，至 2026-03-10 17:30",
    ]
    assert "“企业设立登记”的法定期限延长 3 个工作日，承诺期限不变" in [one["text"] for one in timeline.json()["items"]]
    assert MORE["reason"] not in timeline.text


async def test_a_jointly_handled_case_is_extended_by_the_governments_head(lawful: Town) -> None:
    town = lawful
    case_no = await acts.accepted_case(town)
    path = f"/api/cases/{case_no}/extend"
    for who in ("officer.amr", "leader.amr", "counter", "citizen"):
        assert (await town.post(who, path, MORE)).status_code == 403, who
    too_long = await town.post("supervisor", path, MORE | {"days": 16})
    assert (too_long.status_code, too_long.json()["errors"][0]["pointer"]) == (422, "/days")
    answer = await town.post("supervisor", path, MORE | {"days": 15})
    assert answer.status_code == 200, answer.text
    told = (await clocks(town, case_no))["case:statutory"]
    assert (told["budget"], told["extensions"], told["legal_effect"]) == (60, 15, "statutory")
    assert (await town.post("supervisor", path, MORE)).status_code == 409
    timeline = (await town.get("citizen", f"/api/cases/{case_no}/timeline")).json()["items"]
    assert timeline[-1]["text"] == "“企业开办”的法定期限延长 15 个工作日，承诺期限仍在计时的随之延长"
    sees = {"citizen": True, "counter": True, "officer.amr": True, "officer.tax": True, "supervisor": False}
    texts = {who: (await town.get(who, f"/api/cases/{case_no}")).text for who in sees}
    assert {who: MORE["reason"] in text for who, text in texts.items()} == sees


@pytest.mark.parametrize("act", ["suspend", "resume", "extend"])
async def test_after_the_decision_it_is_too_late(lawful: Town, act: str) -> None:
    case_no = await acts.accepted_case(lawful)
    won = await acts.approve(lawful, case_no, "registration")
    body = {"suspend": HEARING, "extend": MORE}.get(act)
    lost = await lawful.post("leader.amr", f"{task(case_no)}/{act}", body)
    assert (lost.status_code, lost.json()["code"]) == (409, "already_decided")
    assert lost.json()["standing"] == {"outcome": "approve", "outcome_name": "准予", "at": won["at"], **AMR}


async def test_a_plan_of_promises_only_says_that_its_time_does_not_stop(promises_only: Town) -> None:
    town = promises_only
    case_no = await acts.accepted_case(town)
    for answer in (
        await suspend(town, case_no),
        await town.post("officer.amr", f"{task(case_no)}/resume"),
        await town.post("leader.amr", f"{task(case_no)}/extend", MORE),
        await town.post("supervisor", f"/api/cases/{case_no}/extend", MORE),
    ):
        assert answer.status_code == 409
        assert answer.json()["detail"].startswith("本办件只按承诺计时，受理后不能补正、中止、恢复或延长")


async def test_a_new_calendar_shows_in_the_days_of_what_ticks_only(lawful: Town) -> None:
    """What has ended keeps its date; days by a calendar that came later would not add up to it."""
    town = lawful
    case_no = await acts.accepted_case(town)
    await acts.approve(town, case_no, "registration")
    before = await clocks(town, case_no)
    old = town.context.calendar("cn").model_dump(mode="json", by_alias=True)
    off = {"version": old["version"] + 1, "holidays": old["holidays"] | {"2026-03-03": "停电"}}
    await town.change_calendar(case_no, Calendar.model_validate_json(json.dumps(old | off)))
    after = await clocks(town, case_no)
    assert before[PROMISE]["days"][-1]["date"] == "2026-03-03"
    assert (after[PROMISE]["due_at"], after[PROMISE]["days"]) == (before[PROMISE]["due_at"], [])
    assert "left" not in after[PROMISE]
    told = after["case:statutory"]
    assert told["days"][1] == {"date": "2026-03-03", "counted": 0, "reason": "holiday", "text": "停电放假，不计入"}
    assert sum(day["counted"] for day in told["days"]) == told["budget"] == 45


async def test_every_due_date_tells_its_days(town: Town) -> None:
    """From the day of the event to the due date, and what they count adds up to the budget."""
    case_no = await acts.accepted_case(town)
    for clock in (await clocks(town, case_no)).values():
        assert sum(day["counted"] for day in clock["days"]) == clock["budget"]
        assert clock["days"][-1]["date"] == clock["due_at"][:10]
        assert clock["days"][0]["reason"] == "event_day"
        assert all(day["text"] for day in clock["days"])
