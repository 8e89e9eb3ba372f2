"""电子证照: the register of what this system issued, for the holder and whom they consent to."""

from datetime import timedelta
from typing import Any

import httpx
import pytest

from onething.domain.identity import IdType
from onething.services.documents import certificates
from tests.api import acts
from tests.api.conftest import TownBy
from tests.api.forms import APPLICANT, opening_with_papers
from tests.api.lawful import with_a_lease_that_may_be_promised, with_a_licence_of_the_register
from tests.api.test_revocation import REVOKE, broken
from tests.api.town import Town
from tests.support import people

MINE = {"id_type": "resident_id", "id_number": APPLICANT["id_number"], "reason": "持证人到窗口办理"}
LICENCE = "enterprise-opening.registration.business_licence"
CONSENT: dict[str, Any] = {
    "giver": people.ZHANG.named,
    "agent": "agent",
    "agent_name": "王帮办",
    "kind": "helper",
    "acts": ["licences"],
    "expires_on": "2026-03-31",
}


async def _search(town: Town, who: str | None, query: str = "", **changes: Any) -> httpx.Response:
    return await town.post(who, f"/api/licences/search{query}", MINE | changes)


async def _consent(town: Town, who: str = "citizen", **changes: object) -> str:
    answer = await town.post(who, "/api/mandates", CONSENT | changes)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


async def test_ones_own_needs_no_consent(fresh_town: Town) -> None:
    town = fresh_town
    case_no = await acts.closed(town)
    answer = await _search(town, "citizen")
    assert answer.status_code == 200, answer.text
    found = answer.json()
    assert (found["mandates"], found["next"]) == ([], None)
    licence = next(one for one in found["items"] if one["kind"] == LICENCE)
    number = acts.certificate_no(town, case_no)
    assert licence == {
        "number": number,
        "kind": LICENCE,
        "name": "营业执照",
        "issuer": "市场监督管理局",
        "issued_at": licence["issued_at"],
        "state": "valid",
        "verify": f"/api/certificates/{number}/verify",
    }  # and nothing of what it says
    assert (await town.get(None, licence["verify"])).json()["valid"]
    only = (await _search(town, "citizen", kinds=[LICENCE])).json()["items"]
    assert [one["kind"] for one in only] == [LICENCE]
    logged = town.rows("select subject, detail, found from access_log where act = 'search_licences' order by id")
    assert logged == [("citizen", "own", 2), ("citizen", "own", 1)]


async def test_another_looks_with_the_holders_consent_alone(fresh_town: Town) -> None:
    town = fresh_town
    await acts.closed(town)
    for who in ("agent", "counter", "officer.amr", "leader.amr", "citizen2"):
        refused = await _search(town, who)
        assert (refused.status_code, "没有持证人的授权" in refused.text) == (403, True), refused.text
    for who, status in (("admin", 403), ("supervisor", 403), (None, 401)):
        assert (await _search(town, who)).status_code == status
    # a mandate for something else is no consent, nor is another person's
    await _consent(town, acts=["apply"])
    await _consent(town, "citizen2", giver=people.LI.named)
    assert (await _search(town, "agent")).status_code == 403
    consent = await _consent(town)
    found = (await _search(town, "agent")).json()
    assert (found["mandates"], len(found["items"])) == ([consent], 2)
    assert (await _search(town, "officer.amr")).status_code == 403  # it was given to one account
    assert (await town.post("citizen", f"/api/mandates/{consent}/revoke")).status_code == 200
    refused = await _search(town, "agent")
    assert (refused.status_code, "被撤销" in refused.text) == (403, True)
    await _consent(town)
    town.clock.move(timedelta(days=30))
    refused = await _search(town, "agent")
    assert (refused.status_code, "到期" in refused.text) == (403, True)
    query = (
        "select outcome, detail, found from access_log where act = 'search_licences' and subject = 'agent' order by id"
    )
    no = ("not_permitted", None, None)
    assert town.rows(query) == [no, no, ("done", consent, 2), no, no]
    whose = {bytes(one) for (one,) in town.rows("select distinct whose from access_log where act = 'search_licences'")}
    assert whose == {
        town.context.index.of_identity(IdType.RESIDENT_ID, APPLICANT["id_number"])
    }  # of refused searches too


async def test_a_consent_reaches_the_bundles_that_it_names(fresh_town: Town) -> None:
    town = fresh_town
    await acts.closed(town)
    await _consent(town, bundles=["newborn"])
    assert (await _search(town, "agent")).json()["items"] == []
    more = await _consent(town, bundles=["enterprise-opening"])
    found = (await _search(town, "agent")).json()
    assert (len(found["items"]), more in found["mandates"]) == (2, True)


async def test_a_consent_recorded_at_the_counter(fresh_town: Town) -> None:
    town = fresh_town
    await acts.closed(town)
    at_counter = {"paper": True, "kind": "office"}
    consent = await _consent(town, "citizen", agent="counter", agent_name="窗口", kind="office")
    assert (await _search(town, "counter")).json()["mandates"] == [consent]
    await _consent(town, "counter", agent="officer.amr", agent_name="经办人", **at_counter)
    assert len((await _search(town, "officer.amr")).json()["items"]) == 2
    # who records it at a counter can't be whom it lets look
    own = await town.post("counter", "/api/mandates", CONSENT | {"agent": "counter"} | at_counter)
    assert [one["pointer"] for one in own.json()["errors"]] == ["/agent"]
    # whoever works for an office may look, and do nothing in the holder's name; and not without the paper
    for wrong in ({"acts": ["apply", "licences"]} | at_counter, {"kind": "office"}):
        refused = await town.post("counter", "/api/mandates", CONSENT | {"agent": "officer.amr"} | wrong)
        assert refused.status_code == 422, refused.text
    # the holder sees who was let look, and ends it
    assert consent in [one["id"] for one in (await town.get("citizen", "/api/mandates")).json()["items"]]
    assert (await town.post("citizen", f"/api/mandates/{consent}/revoke")).status_code == 200
    assert (await _search(town, "counter")).status_code == 403


async def test_what_became_of_a_licence_and_page_by_page(town_by: TownBy) -> None:
    async with town_by(with_a_lease_that_may_be_promised) as town:
        case_no = await broken(town)
        answer = await town.post("officer.amr", f"/api/tasks/{case_no}-registration.revoke-1/revoke", REVOKE)
        assert answer.status_code == 200, answer.text
        seen, after = [], ""
        while True:
            page = (await _search(town, "citizen", f"?limit=1{after}")).json()
            seen += page["items"]
            if page["next"] is None:
                break
            after = f"&after={page['next']}"
        assert len(seen) == 2
        states = {one["number"]: one["state"] for one in seen}
        assert states == {
            acts.certificate_no(town, case_no): "revoked",
            acts.certificate_no(town, case_no, "seal"): "valid",
        }


async def test_a_licence_that_has_expired(fresh_town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """No packaged certificate of this bundle does: this one is issued for a day."""
    town, day = fresh_town, timedelta(days=1)
    monkeypatch.setattr(certificates, "_valid_until", lambda _, at, *__: at + day)
    await acts.closed(town)
    assert {one["state"] for one in (await _search(town, "citizen")).json()["items"]} == {"valid"}
    town.clock.move(day)
    assert {one["state"] for one in (await _search(town, "citizen")).json()["items"]} == {"expired"}


async def test_what_is_asked_wrongly(town: Town) -> None:
    for changes, pointer in (
        ({"id_number": "110105194912310021"}, "/id_number"),
        ({"id_type": "nonsense"}, "/id_type"),
        ({"kinds": ["营业执照"]}, "/kinds/0"),
    ):
        refused = await _search(town, "citizen", **changes)
        assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, pointer), refused.text


FIRST = "91110000600037341L"


def _investing(**changes: Any) -> dict[str, Any]:
    """A company in which the first one invests."""
    whole = opening_with_papers("articles", "appointment-documents", "premises-lease")
    whole["answers"]["investors"] = "enterprise"
    del whole["form"]["shareholders"]
    whole["form"] |= {
        "investor_name": "杭州䶮𠮷商贸有限公司",
        "investor_uscc": FIRST,
        "investor_contribution": "1000000",
    }
    return whole | changes


def _with(number: str, **changes: Any) -> dict[str, Any]:
    return _investing(licences={"investor-licence": number}, **changes)


async def test_a_licence_of_the_register_meets_a_material(town_by: TownBy) -> None:
    async with town_by(with_a_licence_of_the_register) as town:
        number = acts.certificate_no(town, await acts.closed(town, uscc=FIRST))
        opened = await town.post("citizen", "/api/cases", _with(number))
        assert opened.status_code == 201, opened.text
        case_no = opened.json()["case_no"]
        await acts.hand_in(town, case_no, "articles", "appointment-documents", "premises-lease")
        asked = {command.target for command in (await town.commands(case_no)).values()}
        assert "investor-licence" not in asked
        assert "name-reservation" in asked
        mine = (await town.get("citizen", f"/api/cases/{case_no}")).json()
        assert [one["number"] for one in mine["licences"]["licences"]] == [number]
        ((consent,),) = town.rows(
            "select body from sealed_values where case_no = %s and name = 'consent:licences'", case_no
        )
        assert number.encode() not in bytes(consent)
        states = {one["code"]: one["state"] for one in mine["materials"]}
        assert states["investor-licence"] == "in_hand"
        assert (await town.post("counter", f"/api/cases/{case_no}/accept")).status_code == 200
        seen = (await town.get("officer.amr", f"/api/cases/{case_no}")).json()
        assert "licences" not in seen
        record = next(one for one in seen["records"] if one["key"] == "investor-licence")
        assert (record["licence"], record["record"]["统一社会信用代码"]) == (number, FIRST)
        timeline = (await town.get("citizen", f"/api/cases/{case_no}/timeline")).json()["items"]
        assert "经持证人同意取用电子证照" in timeline[0]["text"]
        line = town.rows("select event from journal where case_no = %s and seq = 1", case_no)[0][0]
        assert (line["licensed"], number in str(line)) == (["investor-licence"], False)
        # a draft may use it too, and without a word about it the source is asked as ever
        draft = (await town.post("citizen", "/api/cases", _with(number, submit=False))).json()["case_no"]
        assert (await town.post("citizen", f"/api/cases/{draft}/submit")).status_code == 200
        assert "investor-licence" not in {one.target for one in (await town.commands(draft)).values()}
        plain = (await town.post("citizen", "/api/cases", _investing())).json()["case_no"]
        assert "investor-licence" in {one.target for one in (await town.commands(plain)).values()}
        logged = town.rows("select detail, found from access_log where act = 'search_licences' order by id")
        assert logged == [("own:used", 1)] * 2


async def test_a_licence_that_does_not_meet_it(town_by: TownBy) -> None:
    async with town_by(with_a_licence_of_the_register) as town:
        case_no = await acts.closed(town, uscc=FIRST)
        number, seal = (acts.certificate_no(town, case_no, item) for item in ("registration", "seal"))
        other = {**APPLICANT, "id_number": people.LI.id_number}
        form = _investing()["form"] | {"investor_uscc": "91330106MA2HYR5L3J"}
        refused: list[tuple[str, dict[str, Any], str]] = [
            ("citizen", _with(seal), "/licences/investor-licence"),  # of another kind
            ("citizen", _with(f"{'9' * 23}ABCDEF"), "/licences/investor-licence"),
            ("citizen", _with(number, form=form), "/licences/investor-licence"),  # of another company
            ("citizen", _investing(licences={"articles": number}), "/licences/articles"),
            ("citizen2", _with(number, applicant=other), "/licences/investor-licence"),  # not theirs
            ("counter", _with(number), "/licences"),
        ]
        for who, body, pointer in refused:
            answer = await town.post(who, "/api/cases", body)
            assert answer.status_code == 422, answer.text
            assert [one["pointer"] for one in answer.json()["errors"]] == [pointer]
        looked = "select subject, outcome, found from access_log where act = 'search_licences' order by id"
        assert len(town.rows(looked)) == len(refused)  # that somebody looked has a line, whatever came of it
        for who in ("citizen", "agent"):  # in whose name they may say nothing
            answer = await town.post(who, "/api/cases", _with(number, applicant=other))
            assert answer.status_code == 403, answer.text
        await _consent(town, "citizen", agent="counter", kind="office")
        assert (await town.post("counter", "/api/cases", _with(number))).status_code == 201
        town.change("update certificates set issued_at = issued_at - interval '1 day' where number = %s", number)
        answer = await town.post("citizen", "/api/cases", _with(number))
        assert [one["pointer"] for one in answer.json()["errors"]] == ["/licences/investor-licence"]
