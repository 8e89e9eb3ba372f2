"""委托: whoever acts for another does so under a recorded mandate, within its scope, until it ends."""

from datetime import timedelta
from typing import Any

import httpx

from tests.api.forms import APPLICANT, opening
from tests.api.town import Town
from tests.support import people

GIVER = people.ZHANG.named
HELPER: dict[str, Any] = {
    "giver": GIVER,
    "agent": "agent",
    "agent_name": "王帮办",
    "kind": "helper",
    "expires_on": "2026-03-31",
}


async def _given(town: Town, who: str = "citizen", **changes: object) -> str:
    answer = await town.post(who, "/api/mandates", HELPER | changes)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


async def _opened(town: Town, mandate: str, who: str = "agent") -> str:
    answer = await town.post(who, "/api/cases", opening(mandate=mandate))
    assert answer.status_code == 201, answer.text
    return str(answer.json()["case_no"])


def _errors(answer: httpx.Response) -> list[str]:
    assert answer.status_code == 422, answer.text
    return [one["pointer"] for one in answer.json()["errors"]]


async def test_a_helper_acts_and_the_person_sees_it(fresh_town: Town) -> None:
    town = fresh_town
    mandate = await _given(town)
    case_no = await _opened(town, mandate)
    path = f"/api/cases/{case_no}"
    line = town.rows("select event from journal where case_no = %s and seq = 1", case_no)[0][0]
    assert line["mandate"] == mandate
    # the person sees the case as their own, who acted for them, and under which mandate
    view = await town.get("citizen", path)
    assert (view.status_code, view.json()["mandate"]) == (200, mandate)
    told = (await town.get("citizen", f"{path}/timeline")).json()["items"][0]
    assert told["text"] == f"提交申请（王帮办依委托 {mandate} 代为办理）"
    assert told["mandate"] == mandate
    shown = (await town.get("citizen", f"/api/mandates/{mandate}")).json()
    assert (shown["state"], shown["cases"], shown["agent_name"]) == ("valid", [case_no], "王帮办")
    # departments learn neither name nor number of it, and others nothing at all
    await town.fetch_all(case_no)
    assert (await town.post("counter", f"{path}/accept")).status_code == 200
    for_officer = (await town.get("officer.amr", f"{path}/timeline")).json()["items"][0]
    assert (for_officer["text"], for_officer.get("mandate")) == ("提交申请（受托人办理）", None)
    assert (await town.get("citizen2", path)).status_code == 404
    assert (await town.get("citizen2", f"/api/mandates/{mandate}")).status_code == 404
    assert (await town.get("officer.amr", "/api/mandates")).status_code == 403
    # the person may do themselves what the helper may not
    beyond = await town.post("agent", f"{path}/withdraw")
    assert (beyond.status_code, beyond.json()["code"]) == (403, "not_permitted")
    assert "只允许：申请、补正和补交材料" in beyond.json()["detail"]
    assert (await town.post("citizen", f"{path}/withdraw")).status_code == 200
    logged = town.rows("select subject, act from access_log where act like '%%mandate%%' order by id")
    assert logged[0] == ("citizen", "give_mandate")


async def test_revoked_it_ends_at_once(fresh_town: Town) -> None:
    town = fresh_town
    mandate = await _given(town, acts=["apply", "supply", "withdraw"])
    case_no = await _opened(town, mandate)
    assert (await town.post("agent", f"/api/mandates/{mandate}/revoke")).status_code == 403
    assert (await town.post("citizen2", f"/api/mandates/{mandate}/revoke")).status_code == 404
    revoked = await town.post("citizen", f"/api/mandates/{mandate}/revoke")
    assert revoked.json()["state"] == "revoked"
    again = await town.post("citizen", f"/api/mandates/{mandate}/revoke")
    assert (again.status_code, again.json()["code"]) == (409, "not_allowed_now")
    for refused in (
        await town.get("agent", f"/api/cases/{case_no}"),
        await town.get("agent", f"/api/cases/{case_no}/timeline"),
        await town.post("agent", f"/api/cases/{case_no}/withdraw"),
        await town.post("agent", f"/api/cases/{case_no}/supplement", {"form": {"liaison_phone": "13900000001"}}),
    ):
        assert refused.status_code == 403
        assert "被撤销" in refused.json()["detail"]
    assert _errors(await town.post("agent", "/api/cases", opening(mandate=mandate))) == ["/mandate"]
    assert town.rows("select count(*) from access_log where outcome = 'not_permitted' and case_no = %s", case_no)
    # the case goes on, in the person's hands
    assert (await town.post("citizen", f"/api/cases/{case_no}/withdraw")).status_code == 200


async def test_it_expires_at_the_end_of_its_day(fresh_town: Town) -> None:
    town = fresh_town
    mandate = await _given(town, expires_on="2026-03-03")
    case_no = await _opened(town, mandate)
    town.clock.move(timedelta(days=1, hours=14, minutes=59))  # 23:59
    assert (await town.get("agent", f"/api/cases/{case_no}")).status_code == 200
    town.clock.move(timedelta(minutes=1))
    expired = await town.get("agent", f"/api/cases/{case_no}")
    assert expired.status_code == 403
    assert "到期" in expired.json()["detail"]
    assert (await town.get("citizen", f"/api/mandates/{mandate}")).json()["state"] == "expired"


async def test_only_within_its_scope(fresh_town: Town) -> None:
    town = fresh_town
    mandate = await _given(town, bundles=["newborn"])
    assert _errors(await town.post("agent", "/api/cases", opening(mandate=mandate))) == ["/mandate"]
    other = {**APPLICANT, "id_number": people.LI.id_number}
    whole = await _given(town)
    assert _errors(await town.post("agent", "/api/cases", opening(mandate=whole, applicant=other))) == ["/mandate"]
    for who in ("citizen2", "counter", "citizen"):  # it is not theirs to use
        assert _errors(await town.post(who, "/api/cases", opening(mandate=whole))) == ["/mandate"]
    assert _errors(await town.post("agent", "/api/cases", opening(mandate="m" + "0" * 16))) == ["/mandate"]
    # a helper without one applies as before: what the applicant signed came with the application
    assert (await town.post("agent", "/api/cases", opening())).status_code == 201


async def test_a_relative_with_a_draft(fresh_town: Town) -> None:
    town = fresh_town
    mandate = await _given(town, agent="citizen2", agent_name="李亲属", kind="family")
    opened = await town.post("citizen2", "/api/cases", opening(mandate=mandate, submit=False))
    case_no = opened.json()["case_no"]
    assert (await town.get("citizen", f"/api/cases/{case_no}")).status_code == 404  # not before it is submitted
    changed = await town.client("citizen2").patch(
        f"/api/cases/{case_no}", json={"form": opening()["form"]}, headers={"If-Match": '"1"'}
    )
    assert changed.status_code == 200, changed.text
    assert (await town.post("citizen2", f"/api/cases/{case_no}/submit")).status_code == 200
    assert (await town.get("citizen", f"/api/cases/{case_no}")).status_code == 200
    late = (await town.post("citizen2", "/api/cases", opening(mandate=mandate, submit=False))).json()["case_no"]
    assert (await town.post("citizen", f"/api/mandates/{mandate}/revoke")).status_code == 200
    refused = await town.post("citizen2", f"/api/cases/{late}/submit")
    assert (refused.status_code, "被撤销" in refused.text) == (403, True)


async def test_who_may_give_one(fresh_town: Town) -> None:
    town = fresh_town
    stranger = people.LI.named
    assert _errors(await town.post("citizen", "/api/mandates", HELPER | {"giver": stranger})) == ["/giver/id_number"]
    assert _errors(await town.post("citizen", "/api/mandates", HELPER | {"agent": "citizen"})) == ["/agent"]
    wrong = HELPER | {"expires_on": "2026-03-01", "bundles": ["nonsense"]}
    assert _errors(await town.post("citizen", "/api/mandates", wrong)) == ["/expires_on", "/bundles"]
    assert (await town.post("agent", "/api/mandates", HELPER)).status_code == 403
    # at the counter, with the signed paper; the person whom it names sees it and may take it back
    assert _errors(await town.post("counter", "/api/mandates", HELPER | {"giver": stranger})) == ["/paper"]
    recorded = await _given(town, "counter", giver=stranger, paper=True)
    assert [one["id"] for one in (await town.get("citizen2", "/api/mandates")).json()["items"]] == [recorded]
    assert [one["id"] for one in (await town.get("agent", "/api/mandates")).json()["items"]] == [recorded]
    assert (await town.get("citizen", "/api/mandates")).json()["items"] == []
    applicant = {**APPLICANT, **stranger}
    opened = await town.post("agent", "/api/cases", opening(mandate=recorded, applicant=applicant))
    assert opened.status_code == 201, opened.text
    assert (await town.post("citizen2", f"/api/mandates/{recorded}/revoke")).json()["state"] == "revoked"
    # names and numbers are sealed
    row = town.rows("select * from mandates where id = %s", recorded)[0]
    assert "王帮办" not in str(row)
    assert people.LI.id_number not in str(row)
