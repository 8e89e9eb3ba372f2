"""现场一次一评 over HTTP: whoever came rates that one time by the code of the receipt, and nobody learns who it was."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from httpx import Response

from onething.security.limits import USUAL
from tests.api import acts
from tests.api.forms import OFFICERS, REQUIRED_PAPERS, opening, opening_with_papers
from tests.api.town import Town
from tests.support import people

RATE = "/api/visits/rating"
DAY = timedelta(days=1)
TEXT = {"text": "已向窗口核实，另行安排"}
UNKNOWN = "评价码不正确、已经用过，或者过了期限。请核对回执上的评价码。"


def code_path(case_no: str) -> str:
    return f"/api/cases/{case_no}/visit-code"


async def code_of(town: Town, case_no: str, who: str = "counter") -> str:
    answer = await town.get(who, code_path(case_no))
    assert answer.status_code == 200, answer.text
    return str(answer.json()["code"])


async def rate(town: Town, code: str, grade: int = 5, *tags: str) -> Response:
    return await town.post(None, RATE, {"code": code, "grade": grade, "tags": list(tags)})


async def listed(town: Town) -> list[dict[str, Any]]:
    answer = await town.get("supervisor", "/api/supervision/ratings")
    assert answer.status_code == 200, answer.text
    assert not [text for text in people.ZHANG.named.values() if text in answer.text]
    rows: list[dict[str, Any]] = answer.json()["items"]
    return rows


async def figures(town: Town) -> dict[str, Any]:
    told: dict[str, Any] = (await town.get("supervisor", "/api/supervision/overview")).json()["ratings"]
    return told


async def test_a_visit_is_rated_once_by_nobody_known_and_answered_by_the_supervisor(fresh_town: Town) -> None:
    town = fresh_town
    case_no = await acts.open_case(town, "counter")
    code = await code_of(town, case_no)
    assert len(code) == 12
    spelled = f"{code[:4]} {code[4:8].lower()}-{code[8:]}"
    assert (await rate(town, spelled, 1, "unkind", "slow")).json() == {"grade": 1}
    assert (await rate(town, code, 1, "slow", "unkind")).status_code == 200, "the same said again"
    for other in (await rate(town, code, 5), await rate(town, code, 1)):
        assert (other.status_code, other.json()["detail"]) == (404, UNKNOWN)

    (row,) = await listed(town)
    assert (row["channel"], row["grade"], row["case_no"]) == ("counter", 1, case_no)
    assert (row["contact_by"], row["rectify_by"]) == ("2026-03-03T17:30:00+08:00", "2026-03-09T17:30:00+08:00")
    at = f"/api/supervision/visits/{row['visit']}"
    shown = await town.get("supervisor", at)
    assert shown.json()["tags"] == ["slow", "unkind"]
    assert "counter" not in str({key: value for key, value in shown.json().items() if key != "place"}), "not of whom"
    early = await town.post("supervisor", f"{at}/rectify", TEXT)
    assert early.status_code == 409
    first = await town.post("supervisor", f"{at}/contact", TEXT, key="contact")
    assert (first.status_code, first.json()["contacted"]) == (200, TEXT["text"]), first.text
    assert (await town.post("supervisor", f"{at}/contact", TEXT, key="contact")).content == first.content
    assert (await town.post("supervisor", f"{at}/contact", TEXT)).status_code == 409
    done = await town.post("supervisor", f"{at}/rectify", TEXT)
    assert (done.status_code, done.json()["rectified"]) == (200, TEXT["text"])
    assert (await listed(town))[0]["rectified_at"] is not None
    assert town.rows("select count(*) from visits where position(convert_to('核实', 'UTF8') in contact_note) > 0") == [
        (0,)
    ], "sealed"


async def test_pressed_twice_at_once_is_one_rating_and_of_two_that_differ_one_counts(fresh_town: Town) -> None:
    town = fresh_town
    code = await code_of(town, await acts.open_case(town, "counter"))
    same = await asyncio.gather(*(rate(town, code, 4) for _ in range(4)))
    assert [one.status_code for one in same] == [200] * 4
    town.clock.move(DAY)
    other = await code_of(town, await acts.open_case(town, "counter"))
    differing = await asyncio.gather(*(rate(town, other, grade) for grade in (1, 5)))
    assert sorted(one.status_code for one in differing) == [200, 404]
    assert (await figures(town))["visits"]["rated"] == 2


async def test_who_was_rated_learns_neither_what_was_said_nor_who_said_it(fresh_town: Town) -> None:
    town = fresh_town
    case_no = await acts.open_case(town, "counter")
    before = [(await town.get("counter", f"/api/cases/{case_no}{part}")).text for part in ("", "/timeline")]
    code = await code_of(town, case_no)
    await rate(town, code, 1, "unkind")
    assert [(await town.get("counter", f"/api/cases/{case_no}{part}")).text for part in ("", "/timeline")] == before
    assert await code_of(town, case_no) == code, "nor that it was rated at all"
    visit = (await listed(town))[0]["visit"]
    for who, status in (("counter", 403), ("officer.amr", 403), ("citizen", 403), (None, 401)):
        assert (await town.get(who, f"/api/supervision/visits/{visit}")).status_code == status, who
        assert (await town.post(who, f"/api/supervision/visits/{visit}/contact", TEXT)).status_code == status, who
    assert (await town.get("supervisor", f"/api/supervision/visits/{visit + 1}")).status_code == 404
    assert town.rows("select count(*) from journal where case_no = %s and kind = 'rated'", case_no) == [(0,)]


async def test_the_code_is_for_who_served_them_alone(fresh_town: Town) -> None:
    town = fresh_town
    answer = await town.post("citizen", "/api/cases", opening_with_papers(*REQUIRED_PAPERS))
    case_no = answer.json()["case_no"]
    assert (await town.get("counter", code_path(case_no))).status_code == 404, "nobody has come"
    await acts.hand_in(town, case_no, *REQUIRED_PAPERS[:2])
    assert (await town.get("counter", code_path(case_no))).json()["place"] == "counter"
    for who, status in (("officer.amr", 404), ("citizen", 403), ("supervisor", 403), (None, 401)):
        assert (await town.get(who, code_path(case_no))).status_code == status, who
    another = people.bearer(people.token(town.context, "counter", subject="another-clerk"))
    assert (await town.client().get(code_path(case_no), headers=another)).status_code == 404
    assert town.rows("select count(*) from access_log where act = 'view_visit_code' and outcome = 'done'")[0][0] >= 1


async def test_one_a_day_and_place_however_much_was_done_and_none_for_what_came_by_itself(fresh_town: Town) -> None:
    town = fresh_town
    answer = await town.post("citizen", "/api/cases", opening(materials=[]))
    online = answer.json()["case_no"] if answer.status_code == 201 else await acts.draft(town)
    assert town.rows("select count(*) from visits where case_no = %s", online) == [(0,)]
    case_no = await acts.open_case(town, "counter")
    body = {"items": [{"pointer": "/form/liaison_phone", "what": "电话打不通"}]}
    assert (await town.post("counter", f"/api/cases/{case_no}/corrections", body)).status_code == 200
    change = {"form": {"liaison_phone": "13900000001"}}
    assert (await town.post("counter", f"/api/cases/{case_no}/supplement", change)).status_code == 200
    assert town.rows("select count(*) from visits where case_no = %s", case_no) == [(1,)]
    first = await code_of(town, case_no)
    town.clock.move(DAY)
    again = {"items": [{"pointer": "/form/liaison_phone", "what": "还是打不通"}]}
    assert (await town.post("counter", f"/api/cases/{case_no}/corrections", again)).status_code in (200, 409)
    later = await acts.open_case(town, "counter")
    assert await code_of(town, later) != first


async def test_papers_that_came_by_post_were_no_visit(fresh_town: Town) -> None:
    town = fresh_town
    answer = await town.post("citizen", "/api/cases", opening_with_papers(*REQUIRED_PAPERS))
    case_no = answer.json()["case_no"]
    sent = await town.post(
        "counter", f"/api/cases/{case_no}/papers", {"materials": list(REQUIRED_PAPERS[:1]), "how": "post"}
    )
    assert sent.status_code == 200, sent.text
    assert (await town.get("counter", code_path(case_no))).status_code == 404


async def test_what_was_fetched_at_the_counter_was_a_visit_and_what_was_posted_none(fresh_town: Town) -> None:
    town = fresh_town
    case_no = await acts.rejected(town)
    town.clock.move(DAY)
    letter = (await town.get("counter", f"/api/cases/{case_no}/documents")).json()["letters"][0]["id"]
    visited = "select count(*) from visits where case_no = %s"
    before = town.rows(visited, case_no)
    at = f"/api/cases/{case_no}/documents/{letter}/deliveries"
    posted = await town.post("counter", at, {"channel": "post", "outcome": "sent", "tracking": "EX123456789CN"})
    assert (posted.status_code, town.rows(visited, case_no)) == (200, before), posted.text
    fetched = await town.post("counter", at, {"channel": "counter", "outcome": "handed_over"})
    assert fetched.status_code == 200, fetched.text
    assert town.rows(visited, case_no) == [(before[0][0] + 1,)]


async def test_a_look_on_site_is_one_visit_of_however_many_departments(fresh_town: Town) -> None:
    town = fresh_town
    case_no = await acts.accepted_case(town)
    await town.fetch_all(case_no)
    who, task = OFFICERS["registration"], f"{case_no}-registration-1"
    asked = await town.post(who, f"/api/tasks/{task}/inspect", {"on": "2026-03-03"})
    assert asked.status_code == 200, asked.text
    town.clock.move(DAY)
    said = await town.post(who, f"/api/tasks/{task}/conclude", {"passed": True, "conclusion": "符合要求"})
    assert said.status_code == 200, said.text
    told = (await town.get(who, code_path(case_no))).json()
    assert told["place"] == "on_site"
    assert (await rate(town, told["code"], 2)).status_code == 200
    (row,) = await listed(town)
    assert row["channel"] == "on_site"
    assert (await town.get("supervisor", f"/api/supervision/visits/{row['visit']}")).json()["department"] == "amr"


async def test_cases_and_visits_are_counted_apart(fresh_town: Town) -> None:
    town = fresh_town
    case_no = await acts.open_case(town, "counter")
    body = {"reason": "不属于本机关职权范围", "basis": "行政许可法第三十二条"}
    assert (await town.post("counter", f"/api/cases/{case_no}/reject", body)).status_code == 200
    await rate(town, await code_of(town, case_no), 5)
    assert (await town.post("citizen", f"/api/cases/{case_no}/rating", {"grade": 2})).status_code == 200
    told = await figures(town)
    assert told["cases"] == {"rated": 1, "badly_rated": 1, "good_rate": 0.0}
    assert told["visits"] == {"visits": 1, "rated": 1, "badly_rated": 0, "good_rate": 1.0}
    assert {row["channel"] for row in await listed(town)} == {"counter", "party"}


async def test_its_time_ends(fresh_town: Town) -> None:
    town = fresh_town
    case_no = await acts.open_case(town, "counter")
    code = await code_of(town, case_no)
    town.clock.move(30 * DAY)
    over = await rate(town, code)
    assert (over.status_code, over.json()["detail"]) == (404, UNKNOWN)
    assert (await town.get("counter", code_path(case_no))).status_code == 404


async def test_wrong_codes_are_few_and_the_right_one_always_passes(limited: Town) -> None:
    town = limited
    code = await code_of(town, await acts.open_case(town, "counter"))
    allowed = int(USUAL["rate-visit"].partition("/")[0])
    said = [(await rate(town, f"WRONG{n:07}")).status_code for n in range(allowed + 1)]
    assert (set(said[:-1]), said[-1]) == ({404}, 429)
    assert (await rate(town, code)).status_code == 200


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"grade": 6}, "/grade"),
        ({"tags": ["lazy"]}, "/tags/0"),
        ({"code": ""}, "/code"),
        ({"comment": "x"}, "/comment"),
    ],
)
async def test_what_is_wrong_is_pointed_at(town: Town, change: dict[str, Any], pointer: str) -> None:
    answer = await town.post(None, RATE, {"code": "A" * 12, "grade": 5} | change)
    assert (answer.status_code, [one["pointer"] for one in answer.json()["errors"]]) == (422, [pointer]), answer.text
