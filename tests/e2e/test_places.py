"""Cases of two places with rules of their own, to their ends."""

import pytest

from tests.api.test_places import FIRE, bundle_of, days_of, decided, opened, shop, staff
from tests.e2e.conftest import COUNTY
from tests.e2e.whole import Whole

pytestmark = pytest.mark.slow


async def test_a_case_of_each_place_runs_to_its_end_by_its_own_clocks(whole: Whole) -> None:
    town, found = whole.town, {}
    async with whole.working():
        for region, changes, numbers in (
            (whole.settings.region, {}, {"food-licence": {"food_no": "JY1"}}),
            (COUNTY, FIRE, {"food-licence": {"food_no": "JY2"}, "fire-check": {"fire_no": "XF2"}}),
        ):
            case_no = await opened(town, "citizen", region=region, **changes)
            counter = staff(town, "counter", region)
            papers = [one["code"] for one in shop(**changes)["materials"]]
            for path, body in (("papers", {"materials": papers}), ("accept", None)):
                answer = await town.post(None, f"/api/cases/{case_no}/{path}", body, headers=counter)
                assert answer.status_code == 200, answer.text
            found[region] = days_of(town, case_no)
            for item, outputs in numbers.items():
                officer = "officer.amr" if item == "food-licence" else "officer.psb"
                await decided(town, case_no, item, officer, region, outputs)
            await whole.until(case_no, "closed")
            assert bundle_of(town, case_no).endswith(f".{'330000' if region != COUNTY else COUNTY}")
    province, county = found[whole.settings.region], found[COUNTY]
    assert county["item:food-licence"] < province["item:food-licence"], "two working days and three"
    assert county["item:food-licence:statutory"] == province["item:food-licence:statutory"], "what the province sets"
    assert not any("fire-check" in clock for clock in province)
    assert any("fire-check" in clock for clock in county)
