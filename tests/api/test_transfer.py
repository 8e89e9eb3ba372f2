"""转交 over HTTP: a task is handed to a colleague, and to nobody else."""

import pytest

from tests.api import acts
from tests.api.lawful import task
from tests.api.town import Town


async def test_a_leader_hands_it_out_and_whoever_has_it_hands_it_on(town: Town) -> None:
    case_no = await acts.accepted_case(town)
    path = f"{task(case_no)}/transfer"
    unclaimed = await town.post("officer.amr", path, {"to": "leader.amr"})
    assert (unclaimed.status_code, "请先认领" in unclaimed.json()["detail"]) == (409, True)
    given = await town.post("leader.amr", path, {"to": "officer.amr"})
    assert (given.status_code, given.json()["claimed_by"]) == (200, "officer.amr"), given.text
    assert (await town.get("officer.amr", task(case_no))).json()["claimed_by"] == "officer.amr"
    handed_on = await town.post("officer.amr", path, {"to": "leader.amr"})
    assert handed_on.json()["claimed_by"] == "leader.amr", handed_on.text
    refusal = {"outcome": "refuse", "opinion": "不全"}
    not_theirs = await town.post("officer.amr", f"{task(case_no)}/decide", refusal)
    assert not_theirs.json()["code"] == "claimed_by_another"
    assert (await town.post("officer.amr", path, {"to": "officer.amr"})).json()["code"] == "claimed_by_another"
    told = (await town.get("citizen", f"/api/cases/{case_no}/timeline")).json()["items"]
    assert [one["text"] for one in told if one["kind"] == "task_transferred"] == [
        "将“企业设立登记”转交本部门其他人员办理",
        "将“企业设立登记”转交本部门其他人员办理",
    ]
    assert (await town.post("leader.amr", path, {"to": "officer.amr"})).status_code == 200
    await acts.approve(town, case_no, "registration")
    late = await town.post("leader.amr", path, {"to": "officer.amr"})
    assert (late.status_code, late.json()["code"]) == (409, "already_decided")


@pytest.mark.parametrize("to", ["psb", "officer.psb", "citizen", "system.amr", "nobody", "", "a b"])
async def test_only_to_a_colleague(town: Town, to: str) -> None:
    case_no = await acts.accepted_case(town)
    before = town.counts()
    answer = await town.post("leader.amr", f"{task(case_no)}/transfer", {"to": to})
    assert (answer.status_code, [one["pointer"] for one in answer.json()["errors"]]) == (422, ["/to"]), answer.text
    assert town.counts() == before
    if to == "psb":
        assert "机构改革" in answer.json()["errors"][0]["detail"]


@pytest.mark.parametrize(("who", "status"), [("citizen", 403), ("counter", 403), ("officer.psb", 404)])
async def test_only_by_the_department(town: Town, who: str, status: int) -> None:
    case_no = await acts.accepted_case(town)
    answer = await town.post(who, f"{task(case_no)}/transfer", {"to": "officer.amr"})
    assert answer.status_code == status, answer.text
