"""领取结果时交: the certificate waits for the old one, the case does not; over HTTP."""

from collections.abc import AsyncIterator

import pytest

from tests.api import acts
from tests.api.conftest import TownBy
from tests.api.lawful import with_a_lease_for_the_licence
from tests.api.test_deferral import LEASE, submitted
from tests.api.test_letters import letter
from tests.api.town import Town
from tests.web.visitor import Visitor


@pytest.fixture
async def collecting(town_by: TownBy) -> AsyncIterator[Town]:
    async with town_by(with_a_lease_for_the_licence) as town:
        yield town


async def materials(town: Town, case_no: str, who: str = "citizen") -> dict[str, str]:
    return {one["code"]: one["state"] for one in (await town.get(who, f"/api/cases/{case_no}")).json()["materials"]}


async def hand_in(town: Town, case_no: str) -> int:
    return (await town.post("counter", f"/api/cases/{case_no}/papers", {"materials": [LEASE]})).status_code


async def test_the_licence_is_made_out_when_the_paper_is_there(collecting: Town) -> None:
    town = collecting
    case_no = await submitted(town)
    assert (await materials(town, case_no))[LEASE] == "later"
    assert (await town.post("counter", f"/api/cases/{case_no}/accept")).status_code == 200
    for item in ("registration", "seal", "tax"):
        await acts.approve(town, case_no, item)
    assert (await materials(town, case_no))[LEASE] == "for_issue"
    await town.finish(case_no)
    assert (await town.get("citizen", f"/api/cases/{case_no}")).json()["status"] == "closed"
    assert town.rows("select item from certificates where case_no = %s and item = 'registration'", case_no) == []

    result = await letter(town, case_no, "result")
    assert any("请交来“房屋租赁合同”领取" in one for one in result["paragraphs"]), result
    async with Visitor(town) as citizen, Visitor(town) as counter:
        await citizen.sign_in("citizen")
        page = (await citizen.get(f"/my/cases/{case_no}")).text
        assert "请把“房屋租赁合同”交到窗口，交来后签发证照。" in page
        await counter.sign_in("counter")
        page = (await counter.get(f"/counter/cases/{case_no}")).text
        assert "等候交来，交来后签发证照" in page
        assert f'name="/materials" value="{LEASE}"' in page
    told = (await town.get("counter", f"/api/cases/{case_no}")).json()
    assert [one["allowed"] for one in told["available_actions"] if one["act"] == "receive_paper"] == [True]
    assert await hand_in(town, case_no) == 200
    await town.finish(case_no)
    assert town.rows("select item from certificates where case_no = %s and item = 'registration'", case_no)
    assert await hand_in(town, case_no) == 409
