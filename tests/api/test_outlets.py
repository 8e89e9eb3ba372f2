"""Where an application is taken in is one fact, where it is decided another: who sees it there, and who accepts."""

from datetime import date, timedelta
from typing import Any

import pytest

from definitions.regions import ServedRegion
from onething.domain.definition.bundle import RegionLevel
from onething.domain.principal import OutletScope
from tests.api.forms import opening
from tests.api.test_prefills import event, told
from tests.api.town import Town
from tests.support import people

HALL, TOWN, VILLAGE, BOAT, PARTNER = "330106000", "330109115", "330109115201", "330109116", "310115001"
HALL_CLERK, TOWN_CLERK, VILLAGE_CLERK = (f"counter.{code}" for code in (HALL, TOWN, VILLAGE))
PARTNER_CLERK, HELPER = f"counter.{PARTNER}", f"agent.{TOWN}"
DISTRICT = "330109"


async def taken_in(town: Town, clerk: str, status: int = 201, **changes: Any) -> Any:
    answer = await town.post(clerk, "/api/cases", opening(**changes))
    assert answer.status_code == status, answer.text
    return answer.json()


async def number(town: Town, clerk: str, **changes: Any) -> str:
    return str((await taken_in(town, clerk, **changes))["case_no"])


async def at_village(town: Town) -> str:
    """A case of the village's, which takes in no openings: of the town's, moved there by the owner of the database."""
    case_no = await number(town, TOWN_CLERK)
    town.change("update cases set outlet = %s where case_no = %s", VILLAGE, case_no)
    return case_no


async def sees(town: Town, who: str, case_no: str) -> tuple[bool, bool, bool]:
    """The case itself, in the list, in the search."""
    one = await town.get(who, f"/api/cases/{case_no}")
    listed = await town.get(who, "/api/cases", params={"limit": 200})
    wanted = {"id_number": people.ZHANG.id_number, "reason": "本人到窗口查询"}
    found = await town.post(who, "/api/cases/search?limit=200", wanted)
    rows = [any(row["case_no"] == case_no for row in answer.json()["items"]) for answer in (listed, found)]
    assert one.status_code in (200, 404), one.text
    return (one.status_code == 200, rows[0], rows[1])


ALL, NOTHING = (True, True, True), (False, False, False)


async def test_two_outlets_do_not_see_each_other_s_and_the_region_s_counter_sees_both(town: Town) -> None:
    hall, partner = await number(town, HALL_CLERK), await number(town, PARTNER_CLERK)
    village = await at_village(town)
    plain = await number(town, "counter")
    expected = {
        HALL_CLERK: (ALL, NOTHING, NOTHING, NOTHING),
        PARTNER_CLERK: (NOTHING, ALL, NOTHING, NOTHING),
        TOWN_CLERK: (NOTHING, NOTHING, ALL, NOTHING),  # the village lies below
        VILLAGE_CLERK: (NOTHING, NOTHING, ALL, NOTHING),
        "counter": (ALL, ALL, ALL, ALL),
    }
    for who, wanted in expected.items():
        assert tuple([await sees(town, who, one) for one in (hall, partner, village, plain)]) == wanted, who


async def test_the_case_keeps_where_it_was_taken_in_beside_where_it_is_decided(town: Town) -> None:
    made = await taken_in(town, TOWN_CLERK)
    outlet = {"code": TOWN, "name": "示例镇便民服务中心"}
    assert made["outlet"] == outlet
    case_no = made["case_no"]
    one = (await town.get("counter", f"/api/cases/{case_no}")).json()
    assert (one["outlet"], one["region"], one["channel"]) == (outlet, people.REGION, "counter")
    (line, *_) = (await town.get("citizen", f"/api/cases/{case_no}/timeline")).json()["items"]
    assert "由示例镇便民服务中心收件" in line["text"]
    assert town.rows("select event ->> 'outlet' from journal where case_no = %s and seq = 1", case_no) == [(TOWN,)]


async def test_what_comes_online_or_over_a_counter_of_no_outlet_has_none(town: Town) -> None:
    for who, changes in (("citizen", {}), ("counter", {}), ("counter", {"channel": "online"})):
        answer = await town.post(who, "/api/cases", opening(**changes))
        assert answer.status_code == 201, answer.text
        assert answer.json()["outlet"] is None


async def test_lists_are_narrowed_to_an_outlet_and_those_below(town: Town) -> None:
    hall, below = await number(town, HALL_CLERK), await at_village(town)

    async def listed(who: str, outlet: str, **query: str) -> list[str]:
        answer = await town.get(who, "/api/cases", params={"outlet": outlet, "limit": 200, **query})
        assert answer.status_code == 200, answer.text
        return [row["case_no"] for row in answer.json()["items"]]

    for who in ("counter", "supervisor", "officer.amr"):
        of_town = await listed(who, TOWN)
        assert (below in of_town, hall in of_town) == (True, False), who
        assert below in await listed(who, VILLAGE, status="submitted")
        assert below not in await listed(who, VILLAGE, status="closed")
    assert below in await listed(TOWN_CLERK, VILLAGE)
    refused = await town.get(TOWN_CLERK, "/api/cases", params={"outlet": HALL})
    assert (refused.status_code, "示例镇便民服务中心" in refused.json()["detail"]) == (403, True)
    unknown = await town.get("counter", "/api/cases", params={"outlet": "999999999"})
    assert [one["pointer"] for one in unknown.json()["errors"]] == ["/outlet"]


# -- where somebody may take in -----------------------------------------------------------------------------------


def clerk_of(town: Town, *codes: str, region_too: bool = False, name: str = "counter", **changes: Any) -> Any:
    scope = OutletScope(own=codes, region_too=region_too)
    return people.bearer(people.token(town.context, name, outlets=scope, **changes))


async def sent(town: Town, headers: Any, **changes: Any) -> Any:
    return await town.post("counter", "/api/cases", opening(**changes), headers=headers)


async def test_a_clerk_takes_in_at_their_own_alone(town: Town) -> None:
    before = town.counts()
    refused = await town.post(TOWN_CLERK, "/api/cases", opening(outlet=HALL))
    assert refused.status_code == 403, refused.text
    assert f"示例镇便民服务中心（{TOWN}）" in refused.json()["detail"]
    # what lies below is theirs to see, and not to take in for
    below = await town.post(TOWN_CLERK, "/api/cases", opening(outlet=VILLAGE))
    assert below.status_code == 403
    online = await town.post(TOWN_CLERK, "/api/cases", opening(channel="online"))
    assert [one["pointer"] for one in online.json()["errors"]] == ["/outlet"]
    assert town.counts() == before
    assert (await taken_in(town, TOWN_CLERK, outlet=TOWN))["outlet"]["code"] == TOWN


async def test_of_several_one_has_to_be_named(town: Town) -> None:
    both = clerk_of(town, HALL, TOWN)
    (error,) = (await sent(town, both)).json()["errors"]
    assert (error["pointer"], error["code"]) == ("/outlet", "missing_value")
    assert (HALL in error["detail"], TOWN in error["detail"]) == (True, True)
    assert (await sent(town, both, outlet=HALL)).json()["outlet"]["code"] == HALL


async def test_who_has_the_region_too_sees_all_and_takes_in_where_they_sit(town: Town) -> None:
    too = clerk_of(town, HALL, region_too=True)
    made = (await sent(town, too)).json()
    assert made["outlet"]["code"] == HALL
    elsewhere = await number(town, TOWN_CLERK)
    assert (await town.get("counter", f"/api/cases/{elsewhere}", headers=too)).status_code == 200
    assert (await sent(town, too, outlet=TOWN)).json()["outlet"]["code"] == TOWN


@pytest.mark.parametrize("submit", [True, False])
async def test_what_an_outlet_does_not_take_in_is_refused_with_those_that_do(town: Town, submit: bool) -> None:
    body = opening(submit=submit)
    (error,) = (await town.post(VILLAGE_CLERK, "/api/cases", body)).json()["errors"]
    assert error["pointer"] == "/outlet"
    assert "示例村便民服务站" in error["detail"]
    assert f"{TOWN}（示例镇便民服务中心）" in error["detail"]
    assert f"{BOAT}（" not in error["detail"]
    unknown = await town.post("counter", "/api/cases", opening(submit=submit, outlet="999999999"))
    assert [(one["pointer"], HALL in one["detail"]) for one in unknown.json()["errors"]] == [("/outlet", True)]
    for who in ("citizen", "agent"):
        named = await town.post(who, "/api/cases", opening(submit=False, outlet=TOWN))
        assert [one["pointer"] for one in named.json()["errors"]] == ["/outlet"], who


async def test_one_that_has_ended_takes_in_no_more_and_its_heir_sees_its_cases(
    fresh_town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    town, outlets = fresh_town, fresh_town.context.catalog.outlets
    draft = await town.post(TOWN_CLERK, "/api/cases", opening(submit=False))
    old = await number(town, TOWN_CLERK)
    ended = {"until": date(2026, 3, 2), "successor": HALL, "basis": "省政府的通知"}
    monkeypatch.setitem(outlets, TOWN, outlets[TOWN].model_copy(update=ended))
    assert await number(town, TOWN_CLERK)  # its last day
    assert await sees(town, HALL_CLERK, old) == NOTHING
    town.clock.move(timedelta(days=1))
    assert await sees(town, HALL_CLERK, old) == ALL
    assert await sees(town, TOWN_CLERK, old) == ALL
    for answer in (
        await town.post(TOWN_CLERK, "/api/cases", opening()),
        await town.post(TOWN_CLERK, f"/api/cases/{draft.json()['case_no']}/submit"),
    ):
        (error,) = answer.json()["errors"]
        assert "现在不收件，由杭州市政务服务大厅（330106000）接续" in error["detail"]


async def test_what_it_took_in_offline_on_its_last_day_is_told_afterwards(
    fresh_town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By the day on the slip, told at once or as a draft's submission."""
    town, outlets = fresh_town, fresh_town.context.catalog.outlets
    draft = (await town.post(TOWN_CLERK, "/api/cases", opening(submit=False))).json()["case_no"]
    ended = {"until": date(2026, 3, 2), "successor": HALL, "basis": "省政府的通知"}
    monkeypatch.setitem(outlets, TOWN, outlets[TOWN].model_copy(update=ended))
    last_day = town.clock.now()
    town.clock.move(timedelta(days=2))
    received = {"at": last_day.isoformat(), "device_contact_at": (last_day - timedelta(hours=1)).isoformat()}
    assert await number(town, TOWN_CLERK, received=received)
    submitted = await town.post(TOWN_CLERK, f"/api/cases/{draft}/submit", {"received": received})
    assert submitted.status_code == 200, submitted.text
    received["at"] = (last_day + timedelta(days=1)).isoformat()
    (error,) = (await town.post(TOWN_CLERK, "/api/cases", opening(received=received))).json()["errors"]
    assert "2026-03-03 那天不收件" in error["detail"]


async def test_one_that_ends_today_opens_no_more(fresh_town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    town, outlets = fresh_town, fresh_town.context.catalog.outlets
    monkeypatch.setitem(outlets, TOWN, outlets[TOWN].model_copy(update={"until": date(2026, 3, 2)}))

    async def shown() -> Any:
        listed = (await town.get(None, "/api/outlets")).json()["items"]
        return next(one for one in listed if one["code"] == TOWN)

    assert (await shown())["open_now"]
    town.clock.move(timedelta(hours=9))  # 18:00, still that day
    told = await shown()
    assert (told["open_now"], "opens_at" in told) == (False, False)


async def test_a_district_s_outlet_takes_in_for_the_city_that_decides(
    fresh_town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its clerk sees the case, though it lies in another division."""
    town, catalog = fresh_town, fresh_town.context.catalog
    monkeypatch.setitem(catalog.regions, DISTRICT, ServedRegion(name="萧山区", parent=people.REGION))
    monkeypatch.setitem(catalog.outlets, TOWN, catalog.outlets[TOWN].model_copy(update={"region": DISTRICT}))
    bundle = catalog.latest["enterprise-opening"].model_copy(update={"handled_at": RegionLevel.PREFECTURE})
    for known in (catalog.latest, catalog.bundles):
        for name in ("enterprise-opening", bundle.ref):
            if name in known:
                monkeypatch.setitem(known, name, bundle)
    clerk = clerk_of(town, TOWN, region=DISTRICT)
    made = await sent(town, clerk)
    assert made.status_code == 201, made.text
    one = (await town.get("counter", f"/api/cases/{made.json()['case_no']}", headers=clerk)).json()
    assert (one["region"], one["outlet"]["code"]) == (people.REGION, TOWN)
    assert (await town.post("counter", f"/api/cases/{one['case_no']}/accept")).status_code == 200


# -- who accepts --------------------------------------------------------------------------------------------------


async def test_an_outlet_takes_in_and_the_region_s_counter_accepts(town: Town) -> None:
    case_no = await number(town, TOWN_CLERK)
    one = (await town.get(TOWN_CLERK, f"/api/cases/{case_no}")).json()
    offered = {action["act"] for action in one["available_actions"] if action["allowed"]}
    assert ("withdraw" in offered, "accept" in offered) == (True, False)
    for act, body in (
        ("accept", None),
        ("reject", {"reason": "不属于", "basis": "《条例》"}),
        ("corrections", {"items": [{"pointer": "/form/company_name", "what": "改"}]}),
    ):
        refused = await town.post(TOWN_CLERK, f"/api/cases/{case_no}/{act}", body)
        assert (refused.status_code, "综合窗口" in refused.json()["detail"]) == (403, True), act
    at_once = await town.post(TOWN_CLERK, "/api/cases", opening(accept=True))
    assert at_once.status_code == 403
    assert (await town.post("counter", f"/api/cases/{case_no}/accept")).status_code == 200


async def test_an_outlet_that_accepts_does_so_for_those_below_and_nobody_else(town: Town) -> None:
    own, other = await number(town, HALL_CLERK), await number(town, TOWN_CLERK)
    assert (await town.post(HALL_CLERK, f"/api/cases/{own}/accept")).status_code == 200
    assert (await town.post(HALL_CLERK, f"/api/cases/{other}/accept")).status_code == 404
    assert (await taken_in(town, HALL_CLERK, accept=True))["status"] == "accepted"
    # of one who sits at two, one of which accepts, the other's are not theirs to accept
    both = clerk_of(town, HALL, TOWN)
    refused = await town.post("counter", f"/api/cases/{other}/accept", headers=both)
    assert refused.status_code == 403, refused.text


# -- helpers ------------------------------------------------------------------------------------------------------


async def given_to(town: Town, agent: str) -> str:
    mandate = {"giver": people.ZHANG.named, "agent": agent, "agent_name": "王帮办", "kind": "helper"}
    given = await town.post("citizen", "/api/mandates", mandate | {"expires_on": "2026-03-31"})
    assert given.status_code == 201, given.text
    return str(given.json()["id"])


async def test_a_helper_at_an_outlet_fills_in_and_reads_nothing_afterwards(town: Town) -> None:
    """Not by a mandate either, and not by the query code that they were told."""
    mandate = await given_to(town, HELPER)
    refused = await town.post(HELPER, "/api/cases", opening())
    assert (refused.status_code, "申请人本人确认提交" in refused.json()["detail"]) == (403, True)
    begun = (await town.post(HELPER, "/api/cases", opening(submit=False))).json()
    draft = f"/api/cases/{begun['case_no']}"
    assert begun["outlet"] is None  # filled in there, taken in nowhere
    seen = await town.get(HELPER, draft)
    assert seen.json()["form"]["company_name"] == opening()["form"]["company_name"]
    changed = await town.client(HELPER).patch(
        draft, json={"form": {"address": "杭州市西湖区文一西路2号"}}, headers={"If-Match": seen.headers["ETag"]}
    )
    assert changed.status_code == 200, changed.text
    by_them = await town.post(HELPER, f"{draft}/submit", headers={"If-Match": changed.headers["ETag"]})
    assert by_them.status_code == 403
    submitted = await town.post("citizen", f"{draft}/submit", headers={"If-Match": changed.headers["ETag"]})
    assert submitted.status_code == 200, submitted.text
    for path in (draft, f"{draft}/timeline", f"{draft}/documents"):
        assert (await town.get(HELPER, path)).status_code in (403, 404), path
    mine = (await town.get(HELPER, "/api/cases")).json()["items"]
    assert begun["case_no"] not in {row["case_no"] for row in mine}
    for path in ("/api/mandates", f"/api/mandates/{mandate}"):
        assert (await town.get(HELPER, path)).status_code == 403
    progress = f"/api/progress/{begun['case_no']}"
    assert (await town.get(None, progress, params={"code": begun["query_code"]})).status_code == 404
    # one who is of no outlet does all this under the same mandate
    await given_to(town, "agent")
    assert (await town.post("agent", "/api/cases", opening())).status_code == 201


# -- signing in, mandates, prefills -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("codes", "changes"),
    [(["999999999"], {}), ([TOWN, "330199001"], {}), ([TOWN], {"region": "440100"})],
)
async def test_who_is_of_no_outlet_here_is_not_signed_in(town: Town, codes: list[str], changes: Any) -> None:
    refused = await town.get("counter", "/api/cases", headers=clerk_of(town, *codes, **changes))
    assert refused.status_code == 401, refused.text


async def test_mandates_that_an_outlet_records_are_its_own(town: Town) -> None:
    body = {"giver": people.LI.named, "agent": "agent", "agent_name": "王帮办", "kind": "helper"}
    body |= {"expires_on": "2026-03-31", "paper": True}
    given = [await town.post(who, "/api/mandates", body) for who in (TOWN_CLERK, HALL_CLERK, "counter")]
    ids = [one.json()["id"] for one in given]

    async def known(who: str) -> list[bool]:
        listed = (await town.get(who, "/api/mandates", params={"limit": 200})).json()["items"]
        return [any(row["id"] == id_ for row in listed) for id_ in ids]

    assert await known(TOWN_CLERK) == [True, False, False]
    assert await known(HALL_CLERK) == [False, True, False]
    assert await known("counter") == [True, True, True]
    assert (await town.post(TOWN_CLERK, f"/api/mandates/{ids[1]}/revoke")).status_code == 404
    assert (await town.post(TOWN_CLERK, f"/api/mandates/{ids[0]}/revoke")).status_code == 200


async def test_what_other_systems_told_waits_at_the_region_s_counter(town: Town) -> None:
    waiting = await told(town, event("outlet"))
    assert (await town.get("counter", f"/api/prefills/{waiting}")).status_code == 200
    for path in ("/api/prefills", f"/api/prefills/{waiting}"):
        assert (await town.get(TOWN_CLERK, path)).status_code == 403


# -- for anybody --------------------------------------------------------------------------------------------------


async def test_anybody_is_told_where_to_go_and_when_it_is_open(fresh_town: Town) -> None:
    town = fresh_town
    answer = await town.get(None, "/api/outlets")
    assert answer.headers["Cache-Control"] == "public, max-age=60"
    known = {one["code"]: one for one in answer.json()["items"]}
    assert list(known) == [HALL, TOWN, VILLAGE, BOAT, PARTNER]
    assert (known[TOWN]["open_now"], known[TOWN]["closes_at"]) == (True, "2026-03-02T11:30:00+08:00")
    boat = {name: known[BOAT].get(name) for name in ("open_now", "opens_at", "place")}
    assert boat == {"open_now": False, "opens_at": "2026-03-05T09:00:00+08:00", "place": "示例码头"}
    assert known[PARTNER]["located"] == "310115"
    town.clock.move(timedelta(hours=2, minutes=30))
    again = {one["code"]: one for one in (await town.get(None, "/api/outlets")).json()["items"]}
    assert (again[TOWN]["open_now"], again[TOWN]["opens_at"]) == (False, "2026-03-02T13:30:00+08:00")
    births = await town.get(None, "/api/outlets", params={"bundle": "newborn", "region": people.REGION})
    assert [one["code"] for one in births.json()["items"]] == [HALL, TOWN, VILLAGE, BOAT]
    for query, pointer in (({"region": "999999"}, "/region"), ({"bundle": "nothing"}, "/bundle")):
        refused = await town.get(None, "/api/outlets", params=query)
        assert [one["pointer"] for one in refused.json()["errors"]] == [pointer]
    first = (await town.get(None, "/api/outlets", params={"limit": 2})).json()
    rest = (await town.get(None, "/api/outlets", params={"limit": 50, "after": first["next"]})).json()
    assert [one["code"] for page in (first, rest) for one in page["items"]] == list(known)


async def test_the_guide_of_a_bundle_says_where_to_go(town: Town) -> None:
    guide = (await town.get(None, "/api/bundles/newborn")).json()
    assert [one["code"] for one in guide["outlets"]] == [HALL, TOWN]  # the village and the boat lie below the town
    assert guide["outlets"][1]["hours"] == ["周一至周五 08:30–11:30、13:30–17:00"]


async def test_a_repeat_is_not_answered_to_who_works_there_no_more(town: Town) -> None:
    for outlet, status in ((TOWN, 201), (HALL, 403)):
        headers = clerk_of(town, outlet)
        answer = await town.post("counter", "/api/cases", opening(outlet=TOWN), key="who-moved", headers=headers)
        assert (answer.status_code, "query_code" in answer.json()) == (status, status == 201), answer.text
