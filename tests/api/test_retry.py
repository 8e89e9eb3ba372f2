"""A source is asked anew at once: the same request while it waits, a new one beside its fallback; seldom, by few."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest

from tests.api import acts
from tests.api.conftest import built
from tests.api.forms import opening
from tests.api.town import Town
from tests.support.servers import PostgresServer

DATA, FALLBACK = "address-check", "premises-certificate"
AGAIN = timedelta(minutes=10)


@pytest.fixture(scope="module")
async def town(postgres_server: PostgresServer, migrated: str) -> AsyncIterator[Town]:
    """One of their own: they move its clock."""
    async with built(postgres_server, migrated) as town:
        yield town


async def retry(
    town: Town, case_no: str, who: str = "counter", data: str = DATA, key: str | None = None
) -> httpx.Response:
    return await town.post(who, f"/api/cases/{case_no}/data/{data}/retry", key=key)


async def look_ups(town: Town, case_no: str, data: str = DATA) -> list[tuple[str, Any]]:
    return [(name, one) for name, one in (await town.commands(case_no)).items() if one.target == data]


async def test_one_that_waits_is_asked_at_once_and_until_when_stays(town: Town) -> None:
    case_no = await acts.received_case(town)
    [(first, before)] = await look_ups(town, case_no)
    begun = town.clock.now()
    town.clock.move(timedelta(minutes=20))
    answer = await retry(town, case_no)
    assert answer.status_code == 200, answer.text
    told = answer.json()
    assert (told["took"], told["data"]["key"], told["data"]["department"]) == ("asked", DATA, "natres")
    assert datetime.fromisoformat(told["data"]["since"]) == begun
    assert datetime.fromisoformat(told["data"]["until"]) == before.patience_at
    assert datetime.fromisoformat(told["again_from"]) == town.clock.now() + AGAIN
    [(second, after)] = await look_ups(town, case_no)
    assert (second != first, after.asked_as, after.patience_at) == (True, first, before.patience_at)
    states = {
        one["key"]: one["state"] for one in (await town.get("counter", f"/api/cases/{case_no}")).json()["records"]
    }
    assert states[DATA] == "pending"
    lines = (await town.get("counter", f"/api/cases/{case_no}/timeline")).json()["items"]
    [line] = [line for line in lines if line["kind"] == "look_up_retried"]
    assert (line["text"].startswith("再次查询“"), line["role"]) == (True, "counter")


async def test_only_once_in_ten_minutes_and_repeats_get_the_first_answer(town: Town) -> None:
    case_no = await acts.received_case(town)
    first = await retry(town, case_no, key=f"retry-{case_no}")
    again = await retry(town, case_no, key=f"retry-{case_no}")
    assert (again.status_code, again.content) == (200, first.content)
    town.clock.move(timedelta(minutes=4))
    soon = await retry(town, case_no, "officer.amr")
    assert (soon.status_code, soon.json()["code"], soon.headers["retry-after"]) == (429, "too_many_requests", "360")
    town.clock.move(timedelta(minutes=6))
    assert (await retry(town, case_no, "officer.amr")).status_code == 200


async def test_what_went_to_its_fallback_is_reopened_beside_it(town: Town) -> None:
    case_no = await acts.received_case(town)
    await town.refuse_fetch(case_no, DATA)
    assert await look_ups(town, case_no) == []
    told = (await retry(town, case_no)).json()
    assert datetime.fromisoformat(told["data"]["since"]) == town.clock.now()
    case = (await town.get("citizen", f"/api/cases/{case_no}")).json()
    assert {one["key"]: one["state"] for one in case["records"]}[DATA] == "asked"
    assert FALLBACK in [one["code"] for one in case["materials"] if one["state"] == "missing"]
    await town.fetch_all(case_no)
    case = (await town.get("counter", f"/api/cases/{case_no}")).json()
    assert {one["key"]: one["state"] for one in case["records"]}[DATA] == "in_hand"
    over = await retry(town, case_no)
    assert (over.status_code, over.json()["code"]) == (409, "not_allowed_now")


async def test_a_second_refusal_asks_the_applicant_once_only(town: Town) -> None:
    case_no = await acts.received_case(town)
    await town.refuse_fetch(case_no, DATA)
    await retry(town, case_no)
    await town.refuse_fetch(case_no, DATA)
    notices = [one.target for one in (await town.commands(case_no)).values() if one.kind == "send_notices"]
    assert notices.count("supply_needed") == 1


async def test_what_is_supplied_meanwhile_needs_no_source(town: Town) -> None:
    case_no = await acts.received_case(town)
    await town.refuse_fetch(case_no, DATA)
    await retry(town, case_no)
    [(command, _)] = await look_ups(town, case_no)
    await acts.hand_in(town, case_no, FALLBACK)
    assert await look_ups(town, case_no) == []
    assert town.rows("select status from commands where case_no = %s and id = %s", case_no, command) == [("void",)]
    assert (await retry(town, case_no)).status_code == 409


@pytest.mark.parametrize(
    ("who", "data", "status", "code"),
    [
        ("officer.psb", DATA, 403, "not_permitted"),  # its seal does not wait for it
        ("citizen", DATA, 403, "not_permitted"),
        ("supervisor", DATA, 403, "not_permitted"),
        ("officer.natres", DATA, 404, "not_found"),  # has no item in the case
        ("counter", "no-such-data", 404, "not_found"),
        ("officer.amr", "no-such-data", 404, "not_found"),
    ],
)
async def test_who_may_and_what(town: Town, who: str, data: str, status: int, code: str) -> None:
    case_no = (await town.post("citizen", "/api/cases", opening())).json()["case_no"]
    before = town.counts()
    answer = await retry(town, case_no, who, data)
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text
    assert town.counts() == before
