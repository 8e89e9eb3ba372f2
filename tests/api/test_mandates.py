"""委托: whoever acts for another does so under a recorded mandate, within its scope, until it ends."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import httpx
import pytest

from onething.domain.errors import OneThingError
from onething.services.cases import stream
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


async def _opened(town: Town, who: str = "agent") -> str:
    answer = await town.post(who, "/api/cases", opening())
    assert answer.status_code == 201, answer.text
    return str(answer.json()["case_no"])


def _errors(answer: httpx.Response) -> list[str]:
    assert answer.status_code == 422, answer.text
    return [one["pointer"] for one in answer.json()["errors"]]


async def test_a_helper_acts_and_the_person_sees_it(fresh_town: Town) -> None:
    town = fresh_town
    mandate = await _given(town)
    case_no = await _opened(town)
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
    case_no = await _opened(town)
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
    refused = await town.post("agent", "/api/cases", opening())
    assert (refused.status_code, "被撤销" in refused.json()["detail"]) == (403, True)
    assert town.rows("select count(*) from access_log where outcome = 'not_permitted' and case_no = %s", case_no)
    # the case goes on, in the person's hands
    assert (await town.post("citizen", f"/api/cases/{case_no}/withdraw")).status_code == 200


async def test_it_expires_at_the_end_of_its_day(fresh_town: Town) -> None:
    town = fresh_town
    mandate = await _given(town, expires_on="2026-03-03")
    case_no = await _opened(town)
    town.clock.move(timedelta(days=1, hours=14, minutes=59))  # 23:59
    assert (await town.get("agent", f"/api/cases/{case_no}")).status_code == 200
    town.clock.move(timedelta(minutes=1))
    expired = await town.get("agent", f"/api/cases/{case_no}")
    assert expired.status_code == 403
    assert "到期" in expired.json()["detail"]
    assert (await town.get("citizen", f"/api/mandates/{mandate}")).json()["state"] == "expired"


async def test_it_may_be_given_in_the_last_second_of_its_day(fresh_town: Town) -> None:
    town = fresh_town
    town.clock.move(timedelta(hours=14, minutes=59, seconds=59, milliseconds=500))
    mandate = await _given(town, expires_on="2026-03-02")
    assert (await town.get("citizen", f"/api/mandates/{mandate}")).json()["state"] == "valid"


async def test_only_within_its_scope(fresh_town: Town) -> None:
    town = fresh_town
    other = opening(applicant={**APPLICANT, "id_number": people.LI.id_number})
    for body in (opening(), other):  # without any
        refused = await town.post("agent", "/api/cases", body)
        assert (refused.status_code, "submit: false" in refused.json()["detail"]) == (403, True)
    await _given(town, bundles=["newborn"])
    assert (await town.post("agent", "/api/cases", opening())).status_code == 403
    await _given(town, acts=["supply", "receive"])
    refused = await town.post("agent", "/api/cases", opening())
    assert (refused.status_code, "只允许：补正和补交材料、接收文书" in refused.json()["detail"]) == (403, True)
    await _given(town)
    assert (await town.post("agent", "/api/cases", other)).status_code == 403
    assert (await town.post("citizen2", "/api/cases", opening())).status_code == 403  # it is not theirs to use
    assert (await town.post("agent", "/api/cases", opening())).status_code == 201


async def test_a_renewed_one_carries_on(fresh_town: Town) -> None:
    town = fresh_town
    first = await _given(town, expires_on="2026-03-03")
    case_no = await _opened(town)
    draft = (await town.post("agent", "/api/cases", opening(submit=False))).json()["case_no"]
    town.clock.move(timedelta(days=3))
    assert (await town.get("agent", f"/api/cases/{case_no}")).status_code == 403
    assert (await town.get("agent", "/api/cases")).json()["items"][0]["case_no"] == draft  # one's own writing stays
    second = await _given(town, acts=["apply", "supply", "withdraw"])
    listed = [one["case_no"] for one in (await town.get("agent", "/api/cases")).json()["items"]]
    assert sorted(listed) == sorted([case_no, draft])
    assert (await town.post("agent", f"/api/cases/{draft}/submit")).status_code == 200
    assert (await town.post("agent", f"/api/cases/{case_no}/withdraw")).status_code == 200
    lines = town.rows("select seq, actor ->> 'mandate' from journal where case_no = %s order by seq", case_no)
    assert (lines[0][1], lines[-1][1]) == (first, second)


async def test_when_it_ends_list_search_stream_and_query_code_end(fresh_town: Town) -> None:
    town = fresh_town
    mandate = await _given(town)
    opened = (await town.post("agent", "/api/cases", opening())).json()
    case_no, code = opened["case_no"], opened["query_code"]
    number = {"id_number": people.ZHANG.id_number}
    progress = f"/api/progress/{case_no}?code={code}"
    agent = await town.context.tokens.read(town.token("agent"))
    watching = stream.watch(town.context, agent, case_no, 0)
    while await anext(watching) is not None:
        pass
    for there in (True, False):
        listed = (await town.get("agent", "/api/cases")).json()["items"]
        found = (await town.post("agent", "/api/cases/search", number)).json()["items"]
        assert [bool(listed), bool(found)] == [there, there]
        assert (await town.get(None, progress)).status_code == (200 if there else 404)
        if there:
            assert (await town.post("citizen", f"/api/mandates/{mandate}/revoke")).status_code == 200
    with pytest.raises(OneThingError, match="被撤销"):
        await asyncio.wait_for(_to_the_end(watching), 10)
    # the person has a code of their own for the asking, and nobody else
    for other in ("citizen2", "agent", "counter", "officer.amr"):
        assert (await town.post(other, f"/api/cases/{case_no}/query-code")).status_code in (403, 404), other
    fresh = (await town.post("citizen", f"/api/cases/{case_no}/query-code")).json()["query_code"]
    assert (await town.get(None, f"/api/progress/{case_no}?code={fresh}")).status_code == 200
    assert (await town.get(None, progress)).status_code == 404


async def _to_the_end(watching: AsyncIterator[object]) -> None:
    async for _ in watching:
        pass


async def test_a_letter_has_reached_the_person_only_by_whom_they_let_receive(fresh_town: Town) -> None:
    town = fresh_town
    await _given(town)
    case_no = await _opened(town)
    body = {"items": [{"pointer": "/form/liaison_phone", "what": "电话打不通"}]}
    assert (await town.post("counter", f"/api/cases/{case_no}/corrections", body)).status_code == 200
    path = f"/api/cases/{case_no}/documents"
    letter = (await town.get("agent", path)).json()["letters"][0]["id"]
    read = "select count(*) from letter_readings where case_no = %s"
    assert (await town.get("agent", f"{path}/{letter}")).status_code == 200
    assert town.rows(read, case_no) == [(0,)]
    await _given(town, acts=["receive"], expires_on="2026-04-30")
    assert (await town.get("agent", f"{path}/{letter}")).status_code == 200
    assert town.rows(read, case_no) == [(1,)]


async def test_a_draft_that_another_wrote_is_the_persons_to_confirm(fresh_town: Town) -> None:
    town = fresh_town
    opened = (await town.post("citizen2", "/api/cases", opening(submit=False))).json()
    case_no, path = opened["case_no"], f"/api/cases/{opened['case_no']}"
    assert (await town.post("citizen2", f"{path}/submit")).status_code == 403
    waiting = (await town.get("citizen", "/api/cases", params={"to_confirm": "true"})).json()["items"]
    assert [one["case_no"] for one in waiting] == [case_no]
    assert (await town.get("citizen2", "/api/cases", params={"to_confirm": "true"})).json()["items"] == []
    seen = await town.get("citizen", path)
    assert seen.json()["form"]["company_name"] == opening()["form"]["company_name"]
    # between reading and confirming nothing changes unseen
    form = opening()["form"] | {"company_name": "杭州别家有限公司"}
    changed = await town.client("citizen2").patch(path, json={"form": form}, headers={"If-Match": '"1"'})
    assert changed.status_code == 200, changed.text
    blind = await town.post("citizen", f"{path}/submit")
    assert (blind.status_code, blind.json()["code"]) == (428, "version_missing")
    stale = await town.post("citizen", f"{path}/submit", headers={"If-Match": seen.headers["etag"]})
    assert (stale.status_code, stale.json()["code"]) == (412, "stale_version")
    # nor does whoever has not signed in just now
    old = people.bearer(town.token("citizen"))
    town.clock.move(timedelta(minutes=16))
    now = {"If-Match": (await town.get("citizen", path)).headers["etag"]}
    weak = await town.post("citizen", f"{path}/submit", headers=now | old)
    assert (weak.status_code, weak.json()["code"]) == (401, "insufficient_user_authentication")
    done = await town.post("citizen", f"{path}/submit", headers=now)
    assert done.status_code == 200, done.text
    assert (await town.get("citizen2", path)).status_code == 404
    assert (await town.get("citizen2", "/api/cases")).json()["items"] == []


async def test_the_person_goes_on_with_what_a_counter_began(fresh_town: Town) -> None:
    town = fresh_town
    path = f"/api/cases/{(await town.post('counter', '/api/cases', opening(submit=False))).json()['case_no']}"
    changed = await town.client("citizen").patch(path, json={"form": opening()["form"]}, headers={"If-Match": '"1"'})
    assert changed.status_code == 200, changed.text
    done = await town.post("citizen", f"{path}/submit", headers={"If-Match": changed.headers["etag"]})
    assert done.status_code == 200, done.text
    event = town.rows("select event from journal where seq = 1")[0][0]
    assert event["seen"] == []  # nobody was seen: they said it themselves


async def test_whom_a_counter_saw_owns_the_case(fresh_town: Town) -> None:
    town = fresh_town
    unseen = await town.post("counter", "/api/cases", opening(seen=[]))
    assert _errors(unseen) == ["/seen"]
    for who in ("citizen", "agent"):
        answer = await town.post(who, "/api/cases", opening(seen=people.SEEN))
        assert answer.status_code in (403, 422)
    case_no = await _opened(town, "counter")
    line = town.rows("select event from journal where case_no = %s and seq = 1", case_no)[0][0]
    assert line["seen"] == [{**sighting, "chip": False} for sighting in people.SEEN]
    assert (await town.get("citizen", f"/api/cases/{case_no}")).status_code == 200
    assert [one["case_no"] for one in (await town.get("citizen", "/api/cases")).json()["items"]] == [case_no]
    assert (await town.get("citizen2", f"/api/cases/{case_no}")).status_code == 404
    # a clerk neither takes in nor judges what is their own
    own = people.token(town.context, "counter", identity_number=people.ZHANG.id_number)
    refused = await town.post("counter", "/api/cases", opening(), headers=people.bearer(own))
    assert (refused.status_code, "本人的申请" in refused.json()["detail"]) == (403, True)
    refused = await town.post("counter", f"/api/cases/{case_no}/accept", headers=people.bearer(own))
    assert (refused.status_code, "本人的申请" in refused.json()["detail"]) == (403, True)


async def test_a_relative_with_a_draft(fresh_town: Town) -> None:
    town = fresh_town
    mandate = await _given(town, agent="citizen2", agent_name="李亲属", kind="family")
    opened = await town.post("citizen2", "/api/cases", opening(submit=False))
    case_no = opened.json()["case_no"]
    changed = await town.client("citizen2").patch(
        f"/api/cases/{case_no}", json={"form": opening()["form"]}, headers={"If-Match": '"1"'}
    )
    assert changed.status_code == 200, changed.text
    assert (await town.post("citizen2", f"/api/cases/{case_no}/submit")).status_code == 200
    assert (await town.get("citizen", f"/api/cases/{case_no}")).status_code == 200
    late = (await town.post("citizen2", "/api/cases", opening(submit=False))).json()["case_no"]
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
    opened = await town.post("agent", "/api/cases", opening(applicant=applicant))
    assert opened.status_code == 201, opened.text
    assert (await town.post("citizen2", f"/api/mandates/{recorded}/revoke")).json()["state"] == "revoked"
    # names and numbers are sealed
    row = town.rows("select * from mandates where id = %s", recorded)[0]
    assert "王帮办" not in str(row)
    assert people.LI.id_number not in str(row)
