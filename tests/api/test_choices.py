"""Whoever writes a code that there is not is told those that there are."""

from datetime import date
from typing import Any

import pytest

from definitions.duties import Department
from tests.api import acts
from tests.api.forms import REQUIRED_PAPERS, opening, opening_with_papers
from tests.api.lawful import task
from tests.api.town import Town


async def errors(town: Town, who: str, path: str, body: Any) -> dict[str, str]:
    answer = await town.post(who, path, body)
    assert answer.status_code == 422, answer.text
    return {one["pointer"]: one["detail"] for one in answer.json()["errors"]}


async def test_codes_of_materials_items_and_comparisons(town: Town) -> None:
    whole = opening_with_papers(*REQUIRED_PAPERS)
    told = await errors(town, "counter", "/api/cases", whole | {"materials": [{"code": "moon", "form": "paper"}]})
    assert "articles（公司章程）" in told["/materials/0/code"]
    told = await errors(town, "citizen", "/api/cases", whole | {"commitments": ["articles"], "reuse": ["articles"]})
    assert "没有可以写的" in told["/commitments/0"] or "可以写的有" in told["/commitments/0"]
    assert "没有可以写的" in told["/reuse/0"] or "可以写的有" in told["/reuse/0"]
    opened = await town.post("citizen", "/api/cases", whole)
    case_no = opened.json()["case_no"]
    demand = {"items": [{"material": "moon", "what": "缺"}]}
    told = await errors(town, "counter", f"/api/cases/{case_no}/corrections", demand)
    assert "articles（公司章程）" in told["/items/0/material"]

    case_no = await acts.accepted_case(town)
    told = await errors(town, "officer.amr", f"{task(case_no)}/inspect", {"on": "2026-03-04", "items": ["moon"]})
    assert "registration（" in told["/items/0"]
    despite = {"outcome": "approve", "outputs": {}, "opinion": "x", "despite": ["moon"]}
    told = await errors(town, "officer.amr", f"{task(case_no)}/decide", despite)
    assert "premises（" in told["/despite/0"] or "没有可以写的" in told["/despite/0"]


@pytest.mark.parametrize(
    ("change", "pointer", "listed"),
    [
        ({"channel": "pigeon"}, "/channel", "online、phone、counter、agent"),
        ({"delivery": {"method": "pigeon"}}, "/delivery/method", "electronic、counter、post"),
        ({"bundle": "moon"}, "/bundle", "enterprise-opening"),
        ({"answers": {**opening()["answers"], "premises": "moon"}}, "/answers/premises", "rented（"),
    ],
)
async def test_values_of_closed_lists(town: Town, change: dict[str, Any], pointer: str, listed: str) -> None:
    assert listed in (await errors(town, "citizen", "/api/cases", opening(**change)))[pointer]


LISTS = [
    "/api/tasks",
    "/api/tasks/at-systems",
    "/api/supervision/reminders",
    "/api/supervision/cards",
    "/api/supervision/overview",
    "/api/supervision/data-quality",
    "/api/supervision/sources",
]


@pytest.mark.parametrize("path", LISTS)
async def test_departments_of_a_query_are_known_and_those_of_the_past_too(
    town: Town, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    wrong = await town.get("supervisor", path, params={"department": "moon"})
    assert wrong.status_code == 422, wrong.text
    (error,) = wrong.json()["errors"]
    assert "消防救援支队" in error["detail"]
    monkeypatch.setitem(town.context.catalog.duties, "old", Department(name="原局", until=date(2020, 1, 1)))
    assert (await town.get("supervisor", path, params={"department": "old"})).status_code in (200, 403)


async def test_nobody_without_duties_is_asked_to_an_inspection(
    fresh_town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    town = fresh_town
    case_no = await acts.accepted_case(town)
    await acts.approve(town, case_no, "registration")
    heir = {"successor": "fire", "basis": "机构改革方案"}
    monkeypatch.setitem(town.context.catalog.duties, "psb", Department(name="公安局", until=date(2026, 3, 1), **heir))
    both = {"on": "2026-03-04", "items": ["tax", "seal"]}
    told = await errors(town, "officer.tax", f"{task(case_no, 'tax')}/inspect", both)
    assert list(told) == ["/items/1"]
    assert "“公安局”（psb）现在不履职，职责由“消防救援支队”（fire）接续" in told["/items/1"]
