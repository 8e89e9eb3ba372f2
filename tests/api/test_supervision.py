"""The supervisor's overview: whose it is, what it tells, and which periods it takes."""

from datetime import timedelta
from typing import Any

import pytest

from tests.api import acts
from tests.api.forms import REQUIRED_PAPERS, opening, opening_with_papers
from tests.api.town import Town

OVERVIEW = "/api/supervision/overview"
DAY = timedelta(days=1)


async def overview(town: Town, who: str = "supervisor", **params: Any) -> dict[str, Any]:
    answer = await town.get(who, OVERVIEW, params=params)
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body


def items(told: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {f"{one['department']}/{one['item']}": one for one in told["items"]}


async def test_nothing_was_decided_yet(fresh_town: Town) -> None:
    assert await overview(fresh_town) == {
        "region": "330100",
        "region_name": "杭州市",
        "first": "2026-02-01",
        "last": "2026-03-02",
        "items": [],
        "departments": [],
        "whole_cases": {"yellow": 0, "red": 0, "corrected": 0, "corrected_again": 0},
        "first_visits": {
            "visits": 0,
            "accepted": 0,
            "prechecked": {"visits": 0, "accepted": 0},
            "others": {"visits": 0, "accepted": 0},
        },
        "pressing": {"overdue": 0, "soon": 0},
        "ratings": {"cases": {"rated": 0, "badly_rated": 0}, "visits": {"visits": 0, "rated": 0, "badly_rated": 0}},
        "next": None,
    }


async def test_each_item_by_itself(fresh_town: Town) -> None:
    town = fresh_town
    case_no = await acts.accepted_case(town)
    await acts.approve(town, case_no, "registration")  # promised for the next working day
    town.clock.move(3 * DAY)
    await acts.approve(town, case_no, "seal")  # promised for two days ago
    told = await overview(town)
    registration, seal, tax = items(told).values()
    assert registration == {
        "department": "amr",
        "department_name": "市场监督管理局",
        "bundle": "enterprise-opening",
        "item": "registration",
        "item_name": "企业设立登记",
        "decided": 1,
        "met": 1,
        "missed": 0,
        "on_time_rate": 1.0,
        "dated": 1,
        "early": 1,
        "early_rate": 1.0,
        "speed_up_rate": 0.6667,
        "paused_hours": 0.0,
        "extensions": 0,
        "returned": 0,
        "corrected": 0,
        "corrected_again": 0,
        "yellow_cards": 0,
        "red_cards": 0,
        "channels": {"online": 1.0},
        "by_channel": {"online": 1},
        "identity_only": 1,
        "identity_only_rate": 1.0,
        "recent": {"decisions": 1},  # too few to tell more
    }
    assert (seal["item"], seal["met"], seal["missed"], seal["on_time_rate"], seal["early"]) == ("seal", 0, 1, 0.0, 0)
    assert (tax["item"], tax["decided"], tax["yellow_cards"], tax["red_cards"]) == ("tax", 0, 1, 1)


async def test_phone_identity_card_and_departments(fresh_town: Town) -> None:
    """By identity card alone: no required paper asked for at submission, none brought later, by draft as well."""
    town = fresh_town
    by_phone = await acts.open_case(town, channel="phone")
    draft = await acts.draft(town)
    assert (await town.post("citizen", f"/api/cases/{draft}/submit")).status_code == 200
    with_papers = await acts.open_case(town, **opening_with_papers(*REQUIRED_PAPERS))
    for case_no in (by_phone, draft, with_papers):
        await town.fetch_all(case_no)
        assert (await town.post("counter", f"/api/cases/{case_no}/accept")).status_code == 200
        await acts.approve(town, case_no, "registration")
    await acts.approve(town, by_phone, "seal")
    told = await overview(town)
    registration = items(told)["amr/registration"]
    assert registration["by_channel"] == {"online": 2, "phone": 1}
    assert registration["identity_only"] == 2
    assert registration["identity_only_rate"] == 0.6667
    amr, psb = told["departments"]
    shared = amr.keys() - {"department_name"}
    assert {name: registration[name] for name in shared} == {name: amr[name] for name in shared}
    assert (psb["department"], psb["decided"], psb["by_channel"]) == ("psb", 1, {"phone": 1})
    refused = await town.post("counter", "/api/cases", opening(channel="phone"))
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/channel")


async def test_thirty_decisions_make_a_forecast(fresh_town: Town) -> None:
    town = fresh_town
    for _ in range(30):
        case_no = await acts.accepted_case(town)
        town.clock.move(timedelta(hours=1))
        await acts.approve(town, case_no, "registration")
        town.clock.move(timedelta(hours=-1))
    recent = items(await overview(town, to="2026-03-02"))["amr/registration"]["recent"]
    assert recent["decisions"] == 30
    assert recent["p50_days"] == recent["p90_days"] == 0.1
    assert 0.9 < recent["speed_up_rate"] < 1


async def test_leaders_see_their_department_and_supervisors_theirs_by_name(fresh_town: Town) -> None:
    town = fresh_town
    case_no = await acts.accepted_case(town)
    await acts.approve(town, case_no, "registration")
    await acts.approve(town, case_no, "seal")
    assert items(await overview(town)).keys() == {"amr/registration", "psb/seal"}
    for who, params in (
        ("leader.psb", {}),
        ("leader.psb", {"department": "psb"}),
        ("supervisor", {"department": "psb"}),
    ):
        told = await overview(town, who, **params)
        assert items(told).keys() == {"psb/seal"}
        assert told["whole_cases"] is None
    unknown = await town.get("supervisor", OVERVIEW, params={"department": "nobody"})
    assert (unknown.status_code, unknown.json()["errors"][0]["pointer"]) == (422, "/department"), unknown.text
    refused = await town.get("leader.psb", OVERVIEW, params={"department": "amr"})
    assert (refused.status_code, refused.json()["code"]) == (403, "not_permitted")


@pytest.mark.parametrize("who", ["citizen", "agent", "counter", "officer.amr", "admin"])
async def test_nobody_else_may(town: Town, who: str) -> None:
    answer = await town.get(who, OVERVIEW)
    assert (answer.status_code, answer.json()["code"]) == (403, "not_permitted")


async def test_without_a_token_nothing(town: Town) -> None:
    assert (await town.get(None, OVERVIEW)).status_code == 401


async def test_pages_follow_each_other(fresh_town: Town) -> None:
    town = fresh_town
    case_no = await acts.accepted_case(town)
    for item in ("registration", "seal", "tax"):
        await acts.approve(town, case_no, item)
    seen: list[str] = []
    page = await overview(town, limit=2)
    seen += items(page)
    page = await overview(town, limit=2, after=page["next"])
    seen += items(page)
    assert seen == ["amr/registration", "psb/seal", "tax/tax"]
    assert page["next"] is None


@pytest.mark.parametrize(
    ("params", "pointer"),
    [
        ({"from": "2026-03-02", "to": "2026-03-01"}, "/from"),
        ({"from": "2026-03-03"}, "/from"),  # tomorrow
        ({"from": "2025-11-30", "to": "2026-03-02"}, "/from"),  # 93 days
        ({"from": "0001-01-01", "to": "0001-01-01"}, "/to"),
        ({"after": "no such item"}, "/after"),
    ],
)
async def test_what_is_no_period_is_refused(town: Town, params: dict[str, str], pointer: str) -> None:
    answer = await town.get("supervisor", OVERVIEW, params=params)
    assert answer.status_code == 422, answer.text
    assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]


async def test_the_longest_period_and_one_that_reaches_into_the_future(town: Town) -> None:
    assert (await overview(town, **{"from": "2025-12-01", "to": "2026-03-02"}))["first"] == "2025-12-01"
    assert (await overview(town, to="9999-12-31"))["last"] == "2026-03-02"


async def test_a_second_demand_is_counted(fresh_town: Town) -> None:
    """二次补正率: of the applications that something was demanded for, those for which it was not the first time."""
    town = fresh_town
    phone = {"items": [{"pointer": "/form/liaison_phone", "what": "电话打不通"}]}
    once, twice = await acts.correction(town), await acts.correction(town)
    answered = await town.post("citizen", f"/api/cases/{twice}/supplement", {"form": {"liaison_phone": "13900000001"}})
    assert answered.status_code == 200, answered.text
    assert (await town.post("counter", f"/api/cases/{twice}/corrections", phone)).status_code == 200
    whole = (await overview(town))["whole_cases"]
    assert (whole["corrected"], whole["corrected_again"], whole["second_correction_rate"]) == (2, 1, 0.5)
    assert once != twice
