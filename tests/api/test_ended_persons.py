"""Who is registered to be no more: mandates and sign-in end with it, what they had begun is for people to say, and they
were told; a registration that falls lets them in again."""

import asyncio
from datetime import timedelta
from typing import Any

import httpx

from onething.domain.identity import IdType
from tests.api import acts
from tests.api.deaths import death, registered, reported
from tests.api.forms import opening
from tests.api.town import Town
from tests.support import people

ME = "/api/me/notices"
HELPER = {"giver": people.ZHANG.named, "agent": "agent", "agent_name": "王帮办", "kind": "helper"}


async def ask(town: Town, token: str, path: str = ME) -> httpx.Response:
    return await town.client().get(path, headers=people.bearer(token))


async def until_status(town: Town, token: str, status: int) -> httpx.Response:
    """This process hears of it by the database's notice."""
    for _ in range(200):
        if (answer := await ask(town, token)).status_code == status:
            return answer
        await asyncio.sleep(0.05)
    raise AssertionError((await ask(town, token)).text)


async def given(town: Town, who: str, **changes: Any) -> str:
    answer = await town.post(who, "/api/mandates", HELPER | {"expires_on": "2026-06-30"} | changes)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


async def test_a_registered_death_ends_mandates_sign_in_and_confirmations_and_its_fall_lets_in_again(
    fresh_town: Town,
) -> None:
    town = fresh_town
    by = await given(town, "citizen")
    giver = {"giver": people.LI.named, "agent": "citizen", "agent_name": "张", "kind": "family"}
    to = await given(town, "citizen2", **giver)
    own = await acts.open_case(town)
    going_on = await acts.accepted_case(town)
    draft = (await town.post("citizen2", "/api/cases", opening(submit=False))).json()["case_no"]
    # under the mandate to them they have acted, so it is known who they are
    for_li = await town.post("citizen", "/api/cases", opening(applicant=people.LI.applicant))
    assert for_li.status_code == 201, for_li.text
    case_no = await reported(town)
    tokens = [people.token(town.context, "citizen") for _ in range(2)]
    told = (await ask(town, tokens[0])).json()["items"]
    assert [(one["kind"], one["case_no"], one["state"]) for one in told] == [("death_reported", case_no, "reported")]
    assert "李" not in told[0]["text"]
    assert (await town.get("citizen2", ME)).json()["items"] == []

    await registered(town, case_no)
    refused = await until_status(town, tokens[0], 401)
    assert "户口已登记注销" in refused.json()["detail"]
    # whatever the account, as long as it has proved that identity
    elsewhere = people.token(town.context, "agent", identity_number=people.ZHANG.id_number)
    assert (await ask(town, elsewhere)).status_code == 401
    for mandate, who in ((by, "agent"), (to, "citizen2")):
        view = (await town.get(who, f"/api/mandates/{mandate}")).json()
        assert (view["state"], "第一百七十三条" in view["why_revoked"]) == ("revoked", True)
    late = await town.post("agent", "/api/cases", opening())
    assert (late.status_code, "终止" in late.json()["detail"]) == (403, True)
    lines = town.rows(
        "select act, detail from access_log where case_no = %s and act in ('end_person', 'revoke_mandate')", case_no
    )
    assert sorted(lines) == sorted([("end_person", "ended"), ("revoke_mandate", by), ("revoke_mandate", to)])

    # nothing more is begun in their name, by whomever, and who only tries a number learns nothing
    at_counter = await town.post("counter", "/api/cases", opening(seen=people.SEEN))
    assert [one["code"] for one in at_counter.json()["errors"]] == ["person_ended"]
    paper = HELPER | {"expires_on": "2026-06-30", "paper": True}
    assert (await town.post("counter", "/api/mandates", paper)).json()["errors"][0]["code"] == "person_ended"
    stranger = await town.post("citizen2", "/api/cases", opening())
    assert (stranger.status_code, "注销" in stranger.text) == (403, False)
    # nor who writes a number into a draft of their own; where it is told by a refusal, the log keeps that
    begun = await town.post("counter", "/api/cases", opening(submit=False, seen=people.SEEN))
    path = f"/api/cases/{begun.json()['case_no']}"
    assert "applicant_ended_at" not in (await town.get("counter", path)).json()
    sent = await town.post("counter", f"{path}/submit")
    assert [one["code"] for one in sent.json()["errors"]] == ["person_ended"], sent.text
    whose = town.context.index.of_identity(IdType.RESIDENT_ID, people.ZHANG.id_number)
    lines = town.rows("select subject, act, whose from access_log where outcome = 'person_ended' order by id")
    assert lines == [("counter", act, whose) for act in ("submit", "give_mandate", "submit")]
    # what they had begun goes on until people say otherwise
    waiting = (await town.get("counter", "/api/cases", params={"applicant_ended": "true"})).json()["items"]
    assert {one["case_no"] for one in waiting} == {own, going_on}
    assert (await town.get("counter", f"/api/cases/{own}")).json()["applicant_ended_at"] is not None
    assert "applicant_ended_at" not in (await town.get("citizen2", f"/api/cases/{draft}")).json()
    # departments learn it with all else, from acceptance on; their software does not need it
    theirs = (await town.get("officer.amr", "/api/cases", params={"applicant_ended": "true"})).json()["items"]
    assert [one["case_no"] for one in theirs] == [going_on]
    told_to = [("officer.amr", own), ("officer.amr", going_on), ("leader.amr", going_on), ("system.amr", going_on)]
    views = [await town.get(who, f"/api/cases/{one}") for who, one in told_to]
    assert [view.status_code for view in views] == [200] * 4
    assert ["applicant_ended_at" in view.json() for view in views] == [False, True, True, False]

    await town.finish(case_no)
    review = await town.post("officer.psb", f"/api/cases/{case_no}/items/household/review", {"reason": "人在"})
    assert review.status_code == 200, review.text
    revoke = f"/api/tasks/{case_no}-household.revoke-1/revoke"
    fell = await town.post("officer.psb", revoke, {"revoke": True, "opinion": "本人到场"})
    assert fell.status_code == 200, fell.text
    again = await until_status(town, tokens[1], 200)
    assert again.json()["items"][0]["state"] == "revoked"
    assert (await town.get("citizen", f"/api/mandates/{by}")).json()["state"] == "revoked"
    assert (await town.get("counter", "/api/cases", params={"applicant_ended": "true"})).json()["items"] == []
    assert (await town.post("citizen", "/api/cases", opening())).status_code == 201


async def test_who_is_reported_once_more_is_told_so_though_the_registration_before_was_revoked(
    fresh_town: Town,
) -> None:
    """The case was reopened for it: it is under way again, and may be false again."""
    town = fresh_town
    case_no = await reported(town)
    await registered(town, case_no)
    await town.finish(case_no)
    token = people.token(town.context, "citizen")
    await until_status(town, token, 401)
    await town.post("officer.psb", f"/api/cases/{case_no}/items/household/review", {"reason": "人在"})
    revoke = f"/api/tasks/{case_no}-household.revoke-1/revoke"
    town.clock.move(timedelta(hours=1))
    assert (await town.post("officer.psb", revoke, {"revoke": True, "opinion": "本人到场"})).status_code == 200
    (told,) = (await until_status(town, token, 200)).json()["items"]
    assert told["state"] == "revoked"
    ((undo,),) = town.rows("select task_id from tasks where case_no = %s and kind = 'undo'", case_no)
    assert (await town.post("officer.psb", f"/api/tasks/{undo}/decide", {"outcome": "undone"})).status_code == 200
    await town.finish(case_no)

    town.clock.move(timedelta(hours=1))
    body = {"items": ["household"], "basis": "杭政复〔2026〕12号", "reason": "撤销没有依据"}
    answer = await town.post("supervisor", f"/api/cases/{case_no}/reopen", body)
    assert answer.status_code == 200, answer.text
    (again,) = (await ask(town, token)).json()["items"]
    assert (again["case_no"], again["state"]) == (case_no, "reported")
    assert again["at"] > told["at"]
    await registered(town, case_no, 2)
    await until_status(town, token, 401)


async def test_a_report_that_comes_to_nothing_ends_nobody(town: Town) -> None:
    case_no = await reported(town, form=death()["form"] | {"deceased_id": people.ZHAO.id_number})
    assert (await town.post("citizen2", f"/api/cases/{case_no}/withdraw")).status_code == 200
    for account in ("citizen2", "agent.330109115"):  # whichever it is: also who works at an outlet
        told = await ask(town, people.token(town.context, account, identity_number=people.ZHAO.id_number))
        assert told.status_code == 200, told.text
        assert [one["state"] for one in told.json()["items"] if one["case_no"] == case_no] == ["dropped"]
