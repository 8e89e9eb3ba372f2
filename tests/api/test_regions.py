"""A case is taken in where it can be handled: divisions that are not served are refused, with those that are."""

import json
import re
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from definitions.regions import ServedRegion
from onething.domain.definition.bundle import RegionLevel
from onething.domain.principal import Role
from onething.wiring.api import build_office
from onething.wiring.common import SettingUnusable
from tests.api.conftest import settings_for
from tests.api.forms import opening
from tests.api.test_prefills import event, tell, told
from tests.api.town import MovableClock, Town
from tests.support import people
from tests.support.servers import PostgresServer

CITY, DISTRICT, OLD = people.REGION, "330106", "330103"


@pytest.fixture
def districts(fresh_town: Town, monkeypatch: pytest.MonkeyPatch) -> Town:
    """With a district, and one that became part of it on 1 March."""
    regions = fresh_town.context.catalog.regions
    monkeypatch.setitem(regions, DISTRICT, ServedRegion(name="西湖区", parent=CITY))
    over: dict[str, Any] = {"until": date(2026, 3, 2), "successor": DISTRICT, "basis": "省政府的通知"}
    monkeypatch.setitem(regions, OLD, ServedRegion(name="下城区", parent=CITY, **over))
    return fresh_town


@pytest.fixture
def for_cities(districts: Town, monkeypatch: pytest.MonkeyPatch) -> Town:
    """Where enterprises are opened by cities."""
    catalog = districts.context.catalog
    bundle = catalog.latest["enterprise-opening"].model_copy(update={"handled_at": RegionLevel.PREFECTURE})
    for known in (catalog.latest, catalog.bundles):
        for name in ("enterprise-opening", bundle.ref):
            if name in known:
                monkeypatch.setitem(known, name, bundle)
    return districts


async def opened_in(town: Town, **changes: Any) -> str:
    answer = await town.post("citizen", "/api/cases", opening(**changes))
    assert answer.status_code == 201, answer.text
    number = answer.json()["case_no"]
    ((region,),) = town.rows("select region from cases where case_no = %s", number)
    assert number.startswith(region)
    return str(region)


@pytest.mark.parametrize("submit", [True, False])
async def test_nowhere_is_refused_with_those_that_are_served(districts: Town, submit: bool) -> None:
    before = districts.counts()
    answer = await districts.post("citizen", "/api/cases", opening(region="999999", submit=submit))
    assert answer.status_code == 422, answer.text
    (error,) = answer.json()["errors"]
    assert error["pointer"] == "/region"
    assert f"{CITY}（杭州市）" in error["detail"]
    assert f"{DISTRICT}（西湖区）" in error["detail"]
    assert districts.counts() == before
    assert await opened_in(districts, region=DISTRICT) == DISTRICT
    assert await opened_in(districts) == CITY


async def test_one_that_is_no_more_names_who_took_it_over(districts: Town) -> None:
    assert await opened_in(districts, region=OLD) == OLD  # its last day
    districts.clock.move(timedelta(days=1))
    answer = await districts.post("citizen", "/api/cases", opening(region=OLD))
    (error,) = answer.json()["errors"]
    assert "下城区（330103）现在不收件，已并入西湖区（330106）。" in error["detail"]
    assert "330103（" not in error["detail"]


async def test_a_district_s_case_goes_to_its_city_where_the_bundle_says_so(for_cities: Town) -> None:
    town = for_cities
    assert await opened_in(town, region=DISTRICT) == CITY
    assert await opened_in(town, region=CITY) == CITY
    token = people.token(town.context, "counter", region=DISTRICT)
    refused = await town.post("counter", "/api/cases", opening(), headers=people.bearer(token))
    assert refused.status_code == 422, refused.text
    assert [(one["pointer"], "杭州市（330100）办理" in one["detail"]) for one in refused.json()["errors"]] == [
        ("/bundle", True)
    ]


@pytest.mark.parametrize(
    ("role", "department"), [("counter", None), ("officer", "amr"), ("leader", "amr"), ("supervisor", None)]
)
async def test_staff_of_nowhere_are_not_signed_in_and_citizens_are(
    town: Town, role: str, department: str | None
) -> None:
    of_nowhere = people.token(town.context, "counter", role=Role(role), department=department, region="999999")
    refused = await town.get("counter", "/api/cases", headers=people.bearer(of_nowhere))
    assert refused.status_code == 401, refused.text
    assert "330100（杭州市）" in refused.json()["detail"]
    citizen = people.token(town.context, "citizen", region="999999")
    assert (await town.get("citizen", "/api/cases", headers=people.bearer(citizen))).status_code == 200


async def test_a_citizen_of_elsewhere_is_helped_here(fresh_town: Town) -> None:
    """What they give, the counter here can look after."""
    helper = {"giver": people.ZHANG.named, "agent": "agent", "agent_name": "王帮办", "kind": "helper"}
    citizen = people.bearer(people.token(fresh_town.context, "citizen", region="999999"))
    given = await fresh_town.post("citizen", "/api/mandates", helper | {"expires_on": "2026-03-31"}, headers=citizen)
    assert given.status_code == 201, given.text
    assert fresh_town.rows("select region from mandates") == [(CITY,)]
    assert given.json()["id"] in (await fresh_town.get("counter", "/api/mandates")).text


async def test_other_systems_and_queries_name_known_ones_too(districts: Town) -> None:
    town = districts
    answer = await tell(town, event("nowhere", region="999999"))
    assert [(one["pointer"], CITY in one["detail"]) for one in answer.json()["errors"]] == [("/data/region", True)]
    near = await told(town, event("near", region=DISTRICT))
    assert town.rows("select region from prefills where id = %s", near) == [(DISTRICT,)]
    body = {"url": "https://93.184.216.34/", "types": ["onething.case.*"], "region": "999999"}
    refused = await town.post("admin", "/api/subscriptions", body)
    assert [one["pointer"] for one in refused.json()["errors"]] == ["/region"]
    town.clock.move(timedelta(days=30))
    assert (await town.post("admin", "/api/subscriptions", body | {"region": OLD})).status_code == 201
    cards = await town.get("supervisor", "/api/supervision/cards", params={"region": "999999"})
    assert (cards.status_code, CITY in cards.text) == (422, True)


def test_a_process_starts_for_a_division_that_is_served(postgres_server: PostgresServer, tmp_path: Path) -> None:
    settings = settings_for(postgres_server, "none")
    with pytest.raises(SettingUnusable, match=re.escape("330100")):
        build_office(settings.model_copy(update={"region": "999999"}), MovableClock())
    file = tmp_path / "issuers.json"
    entry = {"code": "city", "issuer": "https://i.example", "audience": "a", "roles": ["counter"], "region": "999999"}
    file.write_text(json.dumps({"issuers": [entry]}), encoding="utf-8")
    with pytest.raises(SettingUnusable, match=re.escape("regions.yaml")):
        build_office(settings.model_copy(update={"issuers_file": file}), MovableClock())
