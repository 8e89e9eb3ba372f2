"""催办和督办 over HTTP: who may, how often, who answers, what is told to whom, and what is not answered in time."""

import asyncio
from collections import Counter
from datetime import timedelta
from typing import Any

import httpx
import pytest

from tests.api import acts
from tests.api.forms import opening
from tests.api.town import Town

DAY = timedelta(days=1)
TEXT, REPLY = "王五急等营业执照签约", "住所核实后明日发证"
ORDER, ACCOUNT = "请说明王五一案为何迟延", "窗口漏转，已补"
CARDS, AWAITED = "/api/supervision/cards", "/api/supervision/reminders"


async def urge(town: Town, case_no: str, who: str | None = "citizen", **body: Any) -> httpx.Response:
    return await town.post(who, f"/api/cases/{case_no}/urge", body)


async def reply(town: Town, case_no: str, who: str = "officer.amr") -> httpx.Response:
    return await town.post(who, f"/api/cases/{case_no}/urge/answer", {"text": REPLY})


async def supervise(town: Town, case_no: str, who: str = "supervisor", **body: Any) -> httpx.Response:
    return await town.post(who, f"/api/cases/{case_no}/supervise", {"text": ORDER} | body)


async def account(town: Town, case_no: str, who: str = "leader.amr", **body: Any) -> httpx.Response:
    return await town.post(who, f"/api/cases/{case_no}/supervise/answer", {"text": ACCOUNT} | body)


async def items(town: Town, who: str, path: str, **params: Any) -> list[dict[str, Any]]:
    answer = await town.get(who, path, params=params)
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["items"]
    return found


async def my_task(town: Town, who: str, case_no: str) -> dict[str, Any]:
    return next(task for task in await items(town, who, "/api/tasks", limit=200) if task["case_no"] == case_no)


async def read_by(town: Town, case_no: str, who: str = "citizen") -> list[tuple[str, str | None]]:
    """Of the urge that waits: who has to answer, and when each has looked."""
    (waiting,) = (await town.get(who, f"/api/cases/{case_no}")).json()["reminders"]
    return [(one["department"], one.get("at")) for one in waiting["read_by"]]


async def test_who_urged_sees_whether_it_was_read(fresh_town: Town) -> None:
    """Opened before, or by others, is not read; by whom of the department is nobody's business."""
    town = fresh_town
    case_no = await acts.accepted_case(town)
    task = f"/api/tasks/{case_no}-registration-1"
    await town.get("officer.amr", task)
    town.clock.move(timedelta(minutes=5))
    assert (await urge(town, case_no, item="registration", text=TEXT)).status_code == 200
    town.clock.move(timedelta(minutes=5))
    for who in ("counter", "supervisor"):
        await town.get(who, f"/api/cases/{case_no}")
    await town.get("officer.tax", f"/api/cases/{case_no}")
    await items(town, "officer.amr", "/api/tasks")
    assert await read_by(town, case_no) == [("amr", None)]
    assert "read_at" not in (await items(town, "supervisor", AWAITED))[0]
    await town.get("officer.amr", task)
    town.clock.move(timedelta(minutes=5))
    await town.get("leader.amr", task)
    for who in ("citizen", "counter", "supervisor"):
        assert await read_by(town, case_no, who) == [("amr", "2026-03-02T09:10:00+08:00")], who
    listed = {who: (await items(town, who, AWAITED))[0].get("read_at") for who in ("supervisor", "officer.amr")}
    assert listed == {"supervisor": "2026-03-02T09:10:00+08:00", "officer.amr": None}
    (theirs,) = (await town.get("officer.amr", f"/api/cases/{case_no}")).json()["reminders"]
    assert "read_by" not in theirs
    said = (await town.get("citizen", f"/api/cases/{case_no}")).text
    assert "officer.amr" not in said


async def test_of_the_whole_case_who_has_something_to_do_is_asked_and_nobody_who_waits(fresh_town: Town) -> None:
    town = fresh_town
    case_no = await acts.accepted_case(town)
    goes_to = (await town.get("supervisor", f"/api/cases/{case_no}")).json()["reminders_go_to"]
    assert goes_to == ["市场监督管理局"], "a supervisor sees before whom it reaches"
    assert "reminders_go_to" not in (await town.get("citizen", f"/api/cases/{case_no}")).json()
    assert (await supervise(town, case_no)).status_code == 200
    assert [one["departments"] for one in await items(town, "supervisor", AWAITED)] == [["amr"]]
    assert await items(town, "officer.tax", AWAITED) == []
    refused = await account(town, case_no, "leader.tax")
    assert refused.json()["detail"] == "这次催办或督办没有发给贵部门，请由收到的部门答复。"
    await acts.approve(town, case_no, "registration")
    assert "supervised_due_at" not in await my_task(town, "officer.tax", case_no), "whose turn came later was not asked"
    assert (await account(town, case_no)).status_code == 200, "who was asked answers, though its item is decided"

    town.clock.move(timedelta(minutes=5))
    assert (await urge(town, case_no, text=TEXT)).status_code == 200
    town.clock.move(timedelta(minutes=5))
    await town.get("officer.tax", f"/api/cases/{case_no}")
    seen = dict(await read_by(town, case_no))
    assert seen["tax"] == "2026-03-02T09:10:00+08:00"
    assert seen["psb"] is None
    assert "amr" not in seen
    assert (await my_task(town, "officer.tax", case_no))["urged"] is True


async def test_while_nobody_has_anything_to_do_all_are_asked(fresh_town: Town) -> None:
    """Records are looked up, or the counter has it: whoever takes part says where it stays."""
    case_no = await acts.open_case(fresh_town)
    goes_to = (await fresh_town.get("supervisor", f"/api/cases/{case_no}")).json()["reminders_go_to"]
    assert len(goes_to) > 2


async def test_urged_and_answered(fresh_town: Town) -> None:
    town = fresh_town
    case_no = await acts.accepted_case(town)  # Monday 2 March at nine
    answer = await urge(town, case_no, item="registration", text=TEXT)
    assert answer.status_code == 200, answer.text
    told = answer.json()
    assert (told["item"], told["due_at"], told["answered"]) == ("registration", "2026-03-03T17:30:00+08:00", False)
    task = await my_task(town, "officer.amr", case_no)
    assert (task["urged"], "supervised_due_at" in task) == (True, False)
    assert (await town.get("officer.amr", f"/api/tasks/{task['task_id']}")).json()["urged"] is True
    (waiting,) = (await town.get("citizen", f"/api/cases/{case_no}")).json()["reminders"]
    assert (waiting["kind"], waiting["item"], waiting["due_at"]) == ("urge", "registration", told["due_at"])
    (seen,) = await items(town, "officer.amr", AWAITED)
    assert (seen["clock"], seen["departments"], seen["overdue"]) == (told["clock"], ["amr"], False)

    town.clock.move(timedelta(hours=2))
    answer = await reply(town, case_no)
    assert (answer.status_code, answer.json()["answered"]) == (200, True), answer.text
    assert (await my_task(town, "officer.amr", case_no))["urged"] is False
    assert await items(town, "supervisor", AWAITED) == []
    for who in ("citizen", "officer.amr"):
        notices = (await town.get(who, f"/api/cases/{case_no}")).json()["notices"]
        assert [(one["kind"], one["content"]["text"]) for one in notices] == [("urged", TEXT), ("urge_answered", REPLY)]
    for who in ("officer.tax", "supervisor"):
        assert "notices" not in (await town.get(who, f"/api/cases/{case_no}")).json()
    texts = [entry["text"] for entry in await items(town, "citizen", f"/api/cases/{case_no}/timeline")]
    assert texts[-2:] == ["催办“企业设立登记”", "答复催办“企业设立登记”"]
    stored = town.rows("select event::text from journal where case_no = %s", case_no)
    assert not [event for (event,) in stored if TEXT in event or REPLY in event]


async def test_the_progress_page_tells_dates_only(town: Town) -> None:
    opened = (await town.post("citizen", "/api/cases", opening())).json()
    case_no, code = opened["case_no"], opened["query_code"]
    await town.fetch_all(case_no)
    await town.post("counter", f"/api/cases/{case_no}/accept")

    async def shown() -> Any:
        page = await town.get(None, f"/api/progress/{case_no}", params={"code": code})
        assert TEXT not in page.text
        assert REPLY not in page.text
        return page.json()["urge"]

    assert await shown() is None
    at = (await urge(town, case_no, text=TEXT)).json()["at"]
    assert await shown() == {"at": at}
    answered_at = (await reply(town, case_no)).json()["at"]
    assert await shown() == {"at": at, "answered_at": answered_at}


async def test_not_again_within_a_working_day_and_again_when_nobody_answers(fresh_town: Town) -> None:
    town = fresh_town
    case_no = await acts.accepted_case(town)
    assert (await urge(town, case_no)).status_code == 200
    answered = await reply(town, case_no)
    assert answered.status_code == 200, answered.text
    again = await urge(town, case_no, item="registration")
    body = again.json()
    assert (again.status_code, body["code"]) == (429, "too_many_requests")
    assert "2026-03-03 17:30以后可以再次催办" in body["detail"]
    town.clock.move(timedelta(seconds=int(again.headers["retry-after"]) - 1))
    assert (await urge(town, case_no)).status_code == 429
    town.clock.move(timedelta(seconds=1))
    answer = await urge(town, case_no)
    assert answer.status_code == 200, answer.text
    town.clock.move(7 * DAY)  # nobody answers
    third = await urge(town, case_no)
    assert third.status_code == 200, third.text
    waiting = await items(town, "supervisor", AWAITED)
    assert [row["clock"] for row in waiting] == [third.json()["clock"]]
    results = town.rows("select result from reminders where case_no = %s order by due_at", case_no)
    assert results == [("met",), ("missed",), (None,)]
    assert (await urge(town, case_no)).status_code == 429


async def test_a_supervisors_urge_is_not_the_applicants(fresh_town: Town) -> None:
    town = fresh_town
    case_no = await acts.accepted_case(town)
    above = await urge(town, case_no, "supervisor", item="registration", text=ORDER)
    assert above.status_code == 200, above.text
    assert (await urge(town, case_no, "supervisor")).status_code == 429
    town.clock.move(timedelta(minutes=1))
    own = await urge(town, case_no, text=TEXT)
    assert (own.status_code, own.json()["clock"] != above.json()["clock"]) == (200, True), own.text
    assert (await urge(town, case_no)).status_code == 429
    assert len(await items(town, "supervisor", AWAITED)) == 2
    for asked in (above, own):  # the older first
        mine = await reply(town, case_no)
        assert (mine.status_code, mine.json()["clock"]) == (200, asked.json()["clock"]), mine.text
    assert (await reply(town, case_no)).status_code == 409
    assert await items(town, "supervisor", AWAITED) == []


async def test_of_twenty_at_once_one_wins(town: Town) -> None:
    case_no = await acts.accepted_case(town)
    answers = await asyncio.gather(*(urge(town, case_no, text=TEXT) for _ in range(20)))
    assert Counter(answer.status_code for answer in answers) == {200: 1, 429: 19}
    assert town.rows("select count(*) from journal where case_no = %s and kind = 'urged'", case_no) == [(1,)]
    sealed = "select count(*) from sealed_values where case_no = %s and name like 'notice:%%'"
    assert town.rows(sealed, case_no) == [(1,)]


@pytest.mark.parametrize(
    ("who", "path", "body"),
    [
        ("citizen", "urge", {"text": TEXT}),
        ("officer.amr", "urge/answer", {"text": REPLY}),
        ("supervisor", "supervise", {"text": ORDER, "days": 2}),
        ("leader.amr", "supervise/answer", {"text": ACCOUNT}),
    ],
)
async def test_one_key_at_once_and_again_is_one_fact(town: Town, who: str, path: str, body: dict[str, Any]) -> None:
    case_no = await acts.accepted_case(town)
    if path == "urge/answer":
        await urge(town, case_no)
    if path == "supervise/answer":
        await supervise(town, case_no)
    lines = town.counts()["journal"]
    key, route = f"once-{path}", f"/api/cases/{case_no}/{path}"
    answers = await asyncio.gather(*(town.post(who, route, body, key=key) for _ in range(5)))
    answers.append(await town.post(who, route, body, key=key))
    assert {(answer.status_code, answer.content) for answer in answers} == {(200, answers[0].content)}
    assert town.counts()["journal"] == lines + 1
    other = await town.post(who, route, {"text": "别的"}, key=key)
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")


async def test_supervised_and_accounted_for(fresh_town: Town) -> None:
    town = fresh_town
    case_no = await acts.accepted_case(town)
    whole = await supervise(town, case_no)
    assert (whole.status_code, whole.json()["due_at"]) == (200, "2026-03-05T17:30:00+08:00"), whole.text
    one = await supervise(town, case_no, item="registration", days=1)
    assert (one.status_code, one.json()["due_at"]) == (200, "2026-03-03T17:30:00+08:00"), one.text
    again = await supervise(town, case_no, item="registration")
    assert (again.status_code, again.json()["code"]) == (409, "not_allowed_now")
    assert "2026-03-03 17:30" in again.json()["detail"]
    assert (await my_task(town, "officer.amr", case_no))["supervised_due_at"] == one.json()["due_at"]
    listed = await items(town, "supervisor", AWAITED)
    assert [(row["kind"], row.get("item")) for row in listed] == [
        ("supervision", "registration"),
        ("supervision", None),
    ]

    answer = await account(town, case_no, item="registration")
    assert (answer.status_code, answer.json()["item"]) == (200, "registration"), answer.text
    assert (await account(town, case_no, item="registration")).status_code == 409
    assert (await account(town, case_no)).status_code == 200
    for who in ("supervisor", "leader.amr"):
        notices = (await town.get(who, f"/api/cases/{case_no}")).json()["notices"]
        assert [one["kind"] for one in notices] == ["supervised"] * 2 + ["supervision_answered"] * 2
        assert notices[0]["content"] == {"text": ORDER, "days": 3}
    for who in ("citizen", "counter"):
        case = await town.get(who, f"/api/cases/{case_no}")
        assert ORDER not in case.text
        assert ACCOUNT not in case.text
    texts = [entry["text"] for entry in await items(town, "supervisor", f"/api/cases/{case_no}/timeline")]
    assert "督办“企业设立登记”，要求 1 个工作日内答复" in texts


async def test_who_may(town: Town) -> None:
    case_no = await acts.accepted_case(town)
    for who, status in (("citizen2", 404), ("counter", 403), ("officer.amr", 403), ("admin", 403), (None, 401)):
        assert (await urge(town, case_no, who)).status_code == status, who
    for who in ("citizen", "counter", "officer.amr", "leader.amr", "admin"):
        assert (await supervise(town, case_no, who)).status_code == 403, who
    await urge(town, case_no, item="registration")
    await supervise(town, case_no, item="registration")
    for who in ("citizen", "supervisor", "officer.tax", "leader.tax"):
        for refused in (await reply(town, case_no, who), await account(town, case_no, who, item="registration")):
            assert (refused.status_code, refused.json()["code"]) == (403, "not_permitted"), (who, refused.text)
    other = await reply(town, case_no, "officer.tax")
    assert other.json()["detail"] == "这次催办或督办没有发给贵部门，请由收到的部门答复。"
    logged = town.rows("select subject, act, outcome from access_log where case_no = %s", case_no)
    assert ("officer.tax", "answer_urge", "not_permitted") in logged
    assert ("citizen", "supervise", "not_permitted") in logged
    assert (await town.get("officer.tax", AWAITED, params={"department": "amr"})).status_code == 403
    assert (await town.get("citizen", AWAITED)).status_code == 403


@pytest.mark.parametrize(
    ("who", "path", "body", "status"),
    [
        ("citizen", "urge", {"item": "nothing"}, 404),
        ("citizen", "urge", {"item": "tax"}, 409),  # not at its department yet
        ("citizen", "urge", {"text": "  "}, 422),
        ("citizen", "urge", {"text": "字" * 1001}, 422),
        ("supervisor", "supervise", {}, 422),
        ("supervisor", "supervise", {"text": ORDER, "days": 0}, 422),
        ("supervisor", "supervise", {"text": ORDER, "days": 31}, 422),
        ("officer.amr", "urge/answer", {"text": REPLY}, 409),
        ("officer.amr", "supervise/answer", {"text": ACCOUNT}, 409),
    ],
)
async def test_what_is_refused(town: Town, who: str, path: str, body: dict[str, Any], status: int) -> None:
    case_no = await acts.accepted_case(town)
    before = town.counts()
    answer = await town.post(who, f"/api/cases/{case_no}/{path}", body)
    assert answer.status_code == status, answer.text
    assert town.counts() == before


async def test_the_decision_and_the_end_of_the_case_end_what_is_awaited(fresh_town: Town) -> None:
    town = fresh_town
    case_no = await acts.accepted_case(town)
    await urge(town, case_no, item="registration")
    await supervise(town, case_no)
    await acts.approve(town, case_no, "registration")
    (left,) = await items(town, "supervisor", AWAITED)
    assert left["kind"] == "supervision"
    await town.post("citizen", f"/api/cases/{case_no}/withdraw")
    assert await items(town, "supervisor", AWAITED) == []
    results = dict(town.rows("select item, result from reminders where case_no = %s", case_no))
    assert results == {"registration": "met", None: "cancelled"}


async def test_what_nobody_answers_gets_a_card(promises_only: Town) -> None:
    town = promises_only
    case_no = await acts.accepted_case(town)
    await urge(town, case_no, item="registration", text=TEXT)
    await supervise(town, case_no, days=2)
    town.clock.move(4 * DAY)
    assert (await town.post("counter", f"/api/cases/{case_no}/accept")).status_code == 409  # somebody looked
    page = await town.get("supervisor", CARDS)
    assert page.status_code == 200, page.text
    told = page.json()
    assert (told["region"], told["last"], told["next"]) == ("330100", "2026-03-06", None)
    order, prod = told["items"]
    assert order == {
        "case_no": case_no,
        "clock": order["clock"],
        "rung": "not_answered",
        "card": "red",
        "at": "2026-03-04T17:30:00+08:00",
        "open": True,
    }
    assert prod["clock"].startswith("urge:")
    assert (prod["card"], prod["item"], prod["item_name"]) == ("yellow", "registration", "企业设立登记")
    assert (prod["department"], prod["department_name"]) == ("amr", "市场监督管理局")
    assert TEXT not in page.text
    first = (await town.get("supervisor", CARDS, params={"limit": 1})).json()
    rest = (await town.get("supervisor", CARDS, params={"after": first["next"]})).json()
    assert first["items"] + rest["items"] == [order, prod]
    wanted: list[tuple[dict[str, Any], list[Any]]] = [
        ({"card": "red"}, [order]),
        ({"department": "amr"}, [prod]),
        ({"department": "tax"}, []),
        ({"region": "330100"}, [order, prod]),
        ({"to": "2026-03-03"}, [prod]),
    ]
    for params, found in wanted:
        assert await items(town, "supervisor", CARDS, **params) == found, params
    assert await items(town, "leader.amr", CARDS) == [prod]
    assert (await reply(town, case_no)).status_code == 200
    assert [card["open"] for card in await items(town, "supervisor", CARDS)] == [True, False]
    entries = await items(town, "citizen", f"/api/cases/{case_no}/timeline")
    overdue = {one["text"] for one in entries if one["kind"] == "clock_overdue"}
    assert {"“答复催办（企业设立登记）”超期", "“答复督办（企业开办）”超期"} <= overdue


@pytest.mark.parametrize(
    ("who", "params", "status"),
    [
        ("leader.amr", {"department": "tax"}, 403),
        ("supervisor", {"region": "440100"}, 403),
        ("officer.amr", {}, 403),
        ("citizen", {}, 403),
        (None, {}, 401),
        ("supervisor", {"from": "2025-01-01"}, 422),
        ("supervisor", {"after": "abc"}, 422),
        ("supervisor", {"card": "green"}, 422),
    ],
)
async def test_cards_are_not_for_everybody(town: Town, who: str | None, params: dict[str, str], status: int) -> None:
    assert (await town.get(who, CARDS, params=params)).status_code == status
