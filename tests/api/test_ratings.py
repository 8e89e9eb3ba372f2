"""好差评 over HTTP: once, when it has ended; answered, put right, and listed without a name or a word."""

import json
from datetime import timedelta
from typing import Any, get_args

import pytest

from onething.domain.calendar.days import Calendar
from onething.domain.events.followup import RatingTag
from onething.services.followup.schemas import RatingRequest
from tests.api import acts
from tests.api.test_mandates import HELPER
from tests.api.town import Town
from tests.support import people

DAY = timedelta(days=1)
COMMENT = "在窗口等了三个小时，王五说不归他管"
BAD: dict[str, Any] = {"grade": 1, "tags": ["slow", "unkind"], "comment": COMMENT}
CALLED = {"text": "已电话致歉，说明原因"}


def path(case_no: str, then: str = "") -> str:
    return f"/api/cases/{case_no}/rating{then}"


async def listed(town: Town, **asked: Any) -> list[dict[str, Any]]:
    answer = await town.get("supervisor", "/api/supervision/ratings", params=asked)
    assert answer.status_code == 200, answer.text
    assert not [text for text in (COMMENT, *people.ZHANG.named.values()) if text in answer.text]
    rows: list[dict[str, Any]] = answer.json()["items"]
    return rows


def test_what_may_be_sent_is_what_may_be_recorded() -> None:
    (of_list,) = get_args(RatingRequest.model_fields["tags"].annotation)
    assert set(get_args(of_list)) == set(RatingTag)


async def test_what_is_owed_is_counted_by_a_calendar_that_was_loaded_after_the_end(fresh_town: Town) -> None:
    town = fresh_town
    good, bad = await acts.closed(town), await acts.closed(town)
    old = town.context.calendar("cn").model_dump(mode="json", by_alias=True)
    off = {"version": old["version"] + 1, "holidays": old["holidays"] | {"2026-03-03": "停电"}}
    new = Calendar.model_validate_json(json.dumps(old | off))
    await town.publish_calendar(new)
    assert (await town.post("citizen", path(good), {"grade": 5})).status_code == 200
    answer = await town.post("citizen", path(bad), BAD, key="rate")
    assert (answer.status_code, answer.json()["status"]) == (200, "closed"), answer.text
    assert (await town.post("citizen", path(bad), BAD, key="rate")).content == answer.content
    (row,) = await listed(town, bad="true")
    assert (row["contact_by"], row["rectify_by"]) == ("2026-03-04T17:30:00+08:00", "2026-03-10T17:30:00+08:00")
    changed = "select count(*) from journal where case_no = %s and kind = 'calendar_changed'"
    assert (town.rows(changed, good), town.rows(changed, bad)) == ([(0,)], [(1,)])
    assert town.rows("select count(*) from commands where case_no = %s and target = 'date_moved'", bad) == [(0,)]


async def test_rated_answered_and_put_right_after_the_end(fresh_town: Town) -> None:
    town = fresh_town
    case_no = await acts.closed(town)
    for who, status in (("citizen2", 404), ("counter", 403), ("officer.amr", 403), ("supervisor", 403), (None, 401)):
        assert (await town.post(who, path(case_no), BAD)).status_code == status, who
    answer = await town.post("citizen", path(case_no), BAD, key="rate")
    assert (answer.status_code, answer.json()["status"]) == (200, "closed"), answer.text
    assert (await town.post("citizen", path(case_no), BAD, key="rate")).content == answer.content
    again = await town.post("citizen", path(case_no), BAD)
    assert (again.status_code, again.json()["detail"]) == (409, "这个办件已经评价过，每个办件只评价一次。")
    assert town.rows("select next_wake_at is not null from cases where case_no = %s", case_no) == [(True,)]
    assert town.rows("select count(*) from handovers where case_no = %s", case_no) == [(1,)]

    (row,) = await listed(town)
    assert (row["grade"], row["tags"], row["status"]) == (1, ["slow", "unkind"], "closed")
    assert (row["contact_by"], row["rectify_by"]) == ("2026-03-03T17:30:00+08:00", "2026-03-09T17:30:00+08:00")
    assert (await town.post("citizen", path(case_no, "/contact"), CALLED)).status_code == 403
    early = await town.post("counter", path(case_no, "/rectify"), CALLED)
    assert early.status_code == 409
    town.clock.move(1 * DAY)
    assert (await town.post("counter", path(case_no, "/contact"), CALLED)).status_code == 200
    town.clock.move(10 * DAY)
    assert (await town.post("supervisor", path(case_no, "/rectify"), CALLED)).status_code == 200
    (row,) = await listed(town, bad="true")
    assert (row["contacted_at"][:10], row["rectified_at"][:10]) == ("2026-03-03", "2026-03-13")

    timeline = (await town.get("citizen", f"/api/cases/{case_no}/timeline")).json()["items"]
    assert [one["text"] for one in timeline[-4:]] == ["评价：1 分", "就差评回访申请人", "“差评整改”超期", "差评已整改"]
    for who, sees in (("citizen", True), ("counter", True), ("officer.amr", False), ("supervisor", False)):
        case = await town.get(who, f"/api/cases/{case_no}")
        assert (COMMENT in case.text) is sees, who
    rating = (await town.get("counter", f"/api/cases/{case_no}")).json()["rating"]
    assert rating == {"state": "rectified", "said": {"comment": COMMENT}, "contacted": CALLED, "rectified": CALLED}
    stored = town.rows("select event::text from journal where case_no = %s", case_no)
    assert not [event for (event,) in stored if COMMENT in event or CALLED["text"] in event]


OF_AGENT = "评价：{} 分（王帮办依委托 {} 代为办理）"


@pytest.mark.parametrize(
    ("who", "good", "bad"),
    [
        ("citizen", OF_AGENT, OF_AGENT),
        ("supervisor", "评价：{} 分（受托人办理）", "评价：{} 分（受托人办理）"),
        ("counter", None, "评价：{} 分"),
        ("officer.amr", None, None),
    ],
)
async def test_who_was_rated_is_not_told_by_whom(town: Town, who: str, good: str | None, bad: str | None) -> None:
    """The counter hears of what it has to answer, and of nothing else; departments of none of it."""
    given = await town.post("citizen", "/api/mandates", HELPER | {"acts": ["apply", "rate"]})
    mandate = given.json()["id"]
    for grade, told in ((5, good), (1, bad)):
        case_no = await acts.rejected(town)
        rated = await town.post("agent", path(case_no), {"grade": grade, "comment": COMMENT})
        assert rated.status_code == 200, rated.text
        timeline = (await town.get(who, f"/api/cases/{case_no}/timeline")).json().get("items", [])
        lines = [one for one in timeline if one["kind"] == "rated"]
        assert [one["text"] for one in lines] == ([told.format(grade, mandate)] if told else [])
        if who == "counter":
            assert [one.keys() & {"role", "mandate"} for one in lines] == [set() for _ in lines]
            case = (await town.get(who, f"/api/cases/{case_no}")).json()
            assert ("rating" in case) is (told is not None)


async def test_the_list_goes_page_by_page_and_is_the_supervisors(fresh_town: Town) -> None:
    town = fresh_town
    cases = []
    for grade in (5, 2, 4):
        case_no = await acts.rejected(town)
        assert (await town.post("citizen", path(case_no), {"grade": grade})).status_code == 200
        cases.append(case_no)
        town.clock.move(timedelta(minutes=1))
    first = (await town.get("supervisor", "/api/supervision/ratings", params={"limit": 2})).json()
    rest = (await town.get("supervisor", "/api/supervision/ratings", params={"after": first["next"]})).json()
    assert [row["case_no"] for row in (*first["items"], *rest["items"])] == cases[::-1]
    assert rest["next"] is None
    assert [row["grade"] for row in await listed(town, bad="true")] == [2]
    for who, status in (("counter", 403), ("leader.amr", 403), ("citizen", 403), (None, 401)):
        assert (await town.get(who, "/api/supervision/ratings")).status_code == status, who
    assert town.rows("select count(*) from access_log where act = 'view_ratings'")[0][0] >= 3


async def test_only_what_has_ended_is_rated(town: Town) -> None:
    case_no = await acts.accepted_case(town)
    refused = await town.post("citizen", path(case_no), BAD)
    assert (refused.status_code, refused.json()["code"]) == (409, "not_allowed_now")
    ended = await acts.terminated(town)
    assert (await town.post("citizen", path(ended), {"grade": 3})).status_code == 200


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"grade": 6}, "/grade"),
        ({"grade": True}, "/grade"),
        ({"tags": ["lazy"]}, "/tags/0"),
        ({"comment": " "}, "/comment"),
    ],
)
async def test_what_is_wrong_is_pointed_at(town: Town, change: dict[str, Any], pointer: str) -> None:
    case_no = await acts.rejected(town)
    answer = await town.post("citizen", path(case_no), BAD | change)
    assert (answer.status_code, [one["pointer"] for one in answer.json()["errors"]]) == (422, [pointer]), answer.text
