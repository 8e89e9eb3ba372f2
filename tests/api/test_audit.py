"""The access log over HTTP: whose number was searched, by whom, from where, why; what was refused; who reads it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import httpx
import pytest

from onething.domain.errors import FailureCode, OneThingError
from onething.domain.identity import IdType
from tests.api import acts
from tests.api.forms import opening
from tests.api.town import Town
from tests.support import people

LOG = "/api/audit/access"
WHY = "本人到窗口查询进度"
NUMBER = people.ZHANG.id_number
SEARCH = {"id_number": NUMBER, "reason": WHY}
STRANGER = "203.0.113.9"


async def lines(town: Town, **query: str) -> list[dict[str, Any]]:
    answer = await town.get("auditor", LOG, params={"limit": 200, **query})
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


async def about(town: Town, number: str, **body: str) -> list[dict[str, Any]]:
    answer = await town.post("auditor", f"{LOG}/search", {"id_number": number, "reason": "市民投诉", **body})
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


async def test_a_search_says_whose_number_who_from_where_why_and_whether_it_was_found(fresh_town: Town) -> None:
    town = fresh_town
    await acts.open_case(town)
    async with town.from_address(STRANGER) as client:
        by = people.bearer(town.token("counter"))
        answer = await client.post("/api/cases/search", json=SEARCH, headers=by)
        nobody = await client.post("/api/cases/search", json=SEARCH | {"id_number": people.WANG.id_number}, headers=by)
    (missed, found) = await lines(town, act="search_cases")
    whose = town.context.index.of_identity(IdType.RESIDENT_ID, NUMBER).hex()
    assert found == {
        "at": "2026-03-02T09:00:00+08:00",
        "subject": "counter",
        "role": "counter",
        "region": people.REGION,
        "act": "search_cases",
        "outcome": "done",
        "whose": whose,
        "found": 1,
        "reason": WHY,
        "address": STRANGER,
        "request_id": answer.headers["x-request-id"],
        "times": 1,
    }
    assert (missed["found"], missed["request_id"]) == (0, nobody.headers["x-request-id"])
    assert missed["whose"] != whose
    stored = town.rows("select a::text, reason from access_log a where act = 'search_cases'")
    for row, reason in stored:
        assert NUMBER not in row
        assert WHY not in row
        assert WHY.encode() not in bytes(reason)


async def test_every_way_of_searching_by_a_number_is_found_by_it(fresh_town: Town) -> None:
    """However the number is written."""
    town = fresh_town
    case_no = await acts.closed(town)
    licence = SEARCH | {"id_type": "resident_id"}
    plan = {"answers": opening()["answers"], "id_number": NUMBER.lower(), "reason": WHY}
    mandate = {"giver": people.ZHANG.named, "agent": "agent", "agent_name": "王帮办", "kind": "helper",
               "acts": ["licences"], "expires_on": "2026-03-31"}  # fmt: skip
    for who, path, body, status in (
        ("counter", "/api/cases/search", SEARCH, 200),
        ("citizen", "/api/cases/search", {"id_number": f" {NUMBER[:6]} {NUMBER[6:]}"}, 200),
        ("counter", "/api/licences/search", licence, 403),
        ("citizen", "/api/licences/search", licence, 200),
        ("counter", "/api/bundles/enterprise-opening/plan", plan, 200),
        ("citizen", "/api/mandates", mandate, 201),
        ("supervisor", "/api/cases/search", SEARCH, 403),
    ):
        assert (await town.post(who, path, body)).status_code == status, path
    await town.get("citizen", "/api/prefills")
    await town.get("citizen", "/api/mandates")
    found = [(one["subject"], one["act"], one["outcome"], one.get("found")) for one in await about(town, NUMBER)]
    assert found == [
        ("citizen", "view_mandates", "done", 1),
        ("citizen", "confirm_prefill", "done", 0),
        ("supervisor", "search_cases", "not_permitted", None),
        ("citizen", "give_mandate", "done", None),
        ("counter", "reuse_material", "done", 0),
        ("citizen", "search_licences", "done", 2),
        ("counter", "search_licences", "not_permitted", None),
        ("citizen", "search_cases", "done", 1),
        ("counter", "search_cases", "done", 1),
    ]
    assert case_no  # theirs, and found
    assert await about(town, people.LI.id_number) == []
    (again,) = await about(town, NUMBER, subject="counter", act="search_cases")
    assert again["reason"] == WHY


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/api/cases/search", {}),
        ("/api/licences/search", {"id_type": "resident_id"}),
        ("/api/bundles/enterprise-opening/plan", {"answers": opening()["answers"]}),
    ],
)
async def test_who_works_for_an_office_says_why(town: Town, path: str, body: dict[str, Any]) -> None:
    missing = await town.post("counter", path, {"id_number": NUMBER, **body})
    assert missing.status_code == 422
    assert [(e["pointer"], e["code"]) for e in missing.json()["errors"]] == [("/reason", "missing_value")]
    assert "理由" in missing.json()["errors"][0]["detail"] or "为什么" in missing.json()["errors"][0]["detail"]
    for empty in ("", "  "):
        refused = await town.post("counter", path, {"id_number": NUMBER, "reason": empty, **body})
        assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/reason")
    assert (await town.post("citizen", path, {"id_number": NUMBER, **body})).status_code == 200


async def test_refusals_of_the_signed_in_have_a_line_each(fresh_town: Town) -> None:
    town = fresh_town
    case_no = await acts.open_case(town)
    await town.get("citizen2", f"/api/cases/{case_no}")
    await town.get("admin", f"/api/cases/{case_no}")
    await town.get("officer.tax", "/api/tasks?department=amr")
    await town.get("system.tax", "/api/outbound/amr?wait=0")
    await town.get("officer.tax", "/api/tasks/at-systems?department=amr")
    refused = [(one["subject"], one["act"], one["outcome"], one.get("case_no")) for one in await lines(town)]
    assert refused == [
        ("officer.tax", "view_at_systems", "not_permitted", None),
        ("system.tax", "fetch_orders", "not_permitted", None),
        ("officer.tax", "list_tasks", "not_permitted", None),
        ("admin", "view_case", "not_permitted", case_no),
        ("citizen2", "view_case", "not_found", case_no),
    ]


async def test_a_flood_of_strangers_is_no_flood_of_rows(fresh_town: Town) -> None:
    town = fresh_town
    case_no = await acts.open_case(town)
    wrong = people.credentials("officer.amr", "wrong")
    async with town.from_address(STRANGER) as one, town.from_address("203.0.113.10") as other:
        for _ in range(30):
            for client in (one, other):
                assert (await client.get("/api/cases", headers=people.bearer("x"))).status_code == 401
            assert (await one.get(f"/api/cases/{case_no}")).status_code == 401
            assert (await one.get(f"/api/progress/{case_no}?code=WRONGCOD")).status_code == 404
            assert (await one.post(people.SIGN_IN_PATH, data=wrong)).status_code == 401
            signed = await one.post("/api/callbacks/sources/business-licence", json={})
            assert (signed.status_code, signed.json()["code"]) == (401, "bad_signature")
        assert await lines(town) == []
        town.clock.move(timedelta(minutes=1))
        assert await one.get("/api/cases")  # of the next minute: it waits
    assert await town.context.refusals.flush() == 5
    told = {
        (line["act"], line["outcome"], line["address"]): (line["times"], line.get("case_no"), line.get("detail"))
        for line in await lines(town)
        if line["role"] == "public"
    }
    assert told == {
        ("authenticate", "not_signed_in", STRANGER): (60, None, None),
        ("authenticate", "not_signed_in", "203.0.113.10"): (30, None, None),
        ("progress", "not_found", STRANGER): (30, case_no, None),
        ("sign_in", "wrong_credentials", STRANGER): (30, None, "officer.amr"),
        ("signed_call", "bad_signature", STRANGER): (30, None, "business-licence"),
    }


async def test_sums_have_a_bound_and_survive_a_record_that_is_away(
    fresh_town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    town, refusals = fresh_town, fresh_town.context.refusals
    monkeypatch.setattr("onething.services.core.refusals._MOST", 3)
    for n in range(10):
        refusals.add("progress", "not_found", case_no=f"c{n}")

    def away(*_: object, **__: object) -> None:
        raise OneThingError(FailureCode.UNAVAILABLE, "数据库暂时无法访问，请稍后重试。")

    with monkeypatch.context() as patch:
        patch.setattr(type(town.context.database), "transaction", away)
        with pytest.raises(OneThingError):
            await refusals.flush(everything=True)
    assert await refusals.flush(everything=True) == 4
    assert sorted(town.rows("select case_no, address, times from access_log"), key=str) == [
        ("c0", None, 1), ("c1", None, 1), ("c2", None, 1), (None, "*", 7),
    ]  # fmt: skip
    assert await refusals.flush(everything=True) == 0


async def test_the_log_is_an_auditors_and_each_reading_is_a_line(fresh_town: Town) -> None:
    town = fresh_town
    for who in ("citizen", "agent", "counter", "officer.amr", "leader.amr", "supervisor", "admin", "system.amr"):
        assert (await town.get(who, LOG)).status_code == 403
        assert (await town.post(who, f"{LOG}/search", SEARCH)).status_code == 403
    assert (await town.get(None, LOG)).status_code == 401
    assert len(await lines(town)) == 16
    await lines(town, subject="counter", case_no="1" * 21, **{"from": "2026-03-01T00:00:00Z"})
    await about(town, NUMBER)
    person, filtered, first = await lines(town, subject="auditor")
    assert {person["act"], filtered["act"], first["act"]} == {"view_access_log"}
    assert (person["whose"], person["reason"]) == (
        town.context.index.of_identity(IdType.RESIDENT_ID, NUMBER).hex(),
        "市民投诉",
    )
    assert (filtered["case_no"], filtered["detail"]) == ("1" * 21, "subject=counter from=2026-03-01T00:00:00+00:00")
    assert (first["found"], "detail" in first, "whose" in first) == (16, False, False)


async def test_an_auditor_sees_no_case(town: Town) -> None:
    case_no = await acts.open_case(town)
    for path in ("/api/cases", f"/api/cases/{case_no}", f"/api/cases/{case_no}/timeline", "/api/tasks", "/api/mandates",
                 "/api/subscriptions", "/api/supervision/overview", f"/api/cases/{case_no}/events"):  # fmt: skip
        assert (await town.get("auditor", path)).status_code == 403, path
    assert (await town.post("auditor", "/api/cases/search", SEARCH)).status_code == 403


async def test_filters_and_pages(fresh_town: Town) -> None:
    town = fresh_town
    case_no = await acts.open_case(town)
    for _ in range(5):
        await town.get("citizen", f"/api/cases/{case_no}")
        town.clock.move(timedelta(minutes=1))
    begun = "2026-03-02T09:0{}:00+08:00"
    seen = await lines(town, subject="citizen")
    assert [one["at"] for one in seen] == [begun.format(n) for n in range(4, -1, -1)]
    assert len(await lines(town, act="view_case", case_no=case_no)) == 5
    within = await lines(town, **{"from": begun.format(1), "to": begun.format(3), "act": "view_case"})
    assert [one["at"] for one in within] == [begun.format(2), begun.format(1)]
    assert await lines(town, subject="nobody") == []
    paged, after = [], ""
    while True:
        query = {"subject": "citizen", "limit": 2} | ({"after": after} if after else {})
        page = (await town.get("auditor", LOG, params=query)).json()
        paged += page["items"]
        after = page["next"]
        if after is None:
            break
    assert paged == seen
    for wrong, parameter in (
        ({"from": "2026-03-02"}, "from"),
        ({"from": "2026-03-02T09:00:00"}, "from"),
        ({"case_no": "1"}, "case_no"),
        ({"id_number": NUMBER}, "id_number"),  # in a body, never in an address
        ({"after": "WyIyMDI2LTAxLTAxVDAwOjAwOjAwKzAwOjAwIiwgIngiXQ"}, "/after"),
    ):
        answer = await town.get("auditor", LOG, params=wrong)
        assert answer.status_code == 422, wrong
        assert parameter in [e.get("parameter", e.get("pointer")) for e in answer.json()["errors"]]
    for extreme in ("0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00"):
        assert (await town.get("auditor", LOG, params={"from": extreme, "to": extreme})).status_code == 200


# -- nothing on the request path grows ------------------------------------------------------------------------------


@contextmanager
def statements(town: Town) -> Iterator[list[str]]:
    """What goes to PostgreSQL, message by message, first words only."""
    sent: list[str] = []
    pool = town.context.database._pool

    def note(record: Any) -> None:
        sent.append(record.query)

    holders = [holder for holder in pool._holders if holder._con is not None]
    for holder in holders:
        holder._con.add_query_logger(note)
    yield sent
    for holder in holders:
        holder._con.remove_query_logger(note)


async def _round_trips(town: Town, *call: Any, **more: Any) -> list[str]:
    ask = town.get if len(call) == 2 else town.post
    await ask(*call, **more)  # a connection's first use prepares queries
    with statements(town) as sent:
        answer: httpx.Response = await ask(*call, **more)
    assert answer.status_code < 500
    return sent


async def test_a_line_costs_no_round_trip(fresh_town: Town) -> None:
    """It goes with the COMMIT, of a refusal too; what is refused to strangers costs none at all."""
    town = fresh_town
    case_no = await acts.accepted_case(town)
    search = await _round_trips(town, "counter", "/api/cases/search", SEARCH)
    # cases, who applies, and which of them the applicant has begun twice
    assert [text.split()[0] for text in search] == ["begin;", "select", "select", "select", "insert"]
    assert search[-1].endswith("; commit")
    view = await _round_trips(town, "citizen", f"/api/cases/{case_no}/documents")
    assert view[-1].startswith("insert into access_log")
    assert sum("access_log" in text for text in view) == 1
    refused = await _round_trips(town, "admin", "/api/cases")
    assert [text.split()[0] for text in refused] == ["begin;", "rollback", "begin;", "insert"]
    for path in (f"/api/progress/{case_no}?code=WRONGCOD", f"/api/cases/{case_no}"):
        stranger = await _round_trips(town, None, path)
        assert not [text for text in stranger if "access_log" in text]
    wrong = people.credentials("citizen", "wrong")
    with statements(town) as sent:
        await town.client().post(people.SIGN_IN_PATH, data=wrong)
    assert sent == []
