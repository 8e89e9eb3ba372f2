"""A department that can only call out fetches its items: leased, under one key for good, answered by callback."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import httpx
import orjson
import pytest

from onething.domain.engine.snapshot import CaseSnapshot
from onething.security.signed_calls import sign
from onething.services.dispatch.outbound_queue import LEASE
from tests.api import acts
from tests.api.conftest import built
from tests.api.forms import approval
from tests.api.lawful import task, with_a_registration_by_its_system
from tests.api.outside import Outside, outside_of
from tests.api.town import RunningClock, Town
from tests.support.patience import PATIENCE_S
from tests.support.servers import PostgresServer

ITEM, SYSTEM = "registration", "amr"
CHASED_S = 600


def _decision(key: str, on: str) -> dict[str, Any]:
    """With which the system answers the order of this key."""
    return {"outcome": "approve", "opinion": "符合条件", "outputs": approval(ITEM, key.partition("/")[0], on)}


@pytest.fixture(scope="module")
async def one_for_all(
    postgres_server: PostgresServer, migrated: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Outside]:
    definitions = with_a_registration_by_its_system(tmp_path_factory.mktemp("fetched") / "definitions")
    async with (
        built(postgres_server, migrated, definitions, clock=RunningClock(), fetching={SYSTEM}) as town,
        outside_of(town) as outside,
    ):
        yield outside


@pytest.fixture
def outside(one_for_all: Outside) -> Outside:
    """Each test has cases of its own, and nothing waits from the one before."""
    one_for_all.town.change("delete from outbound")
    assert isinstance(one_for_all.town.clock, RunningClock)
    one_for_all.town.clock.come_back()
    return one_for_all


async def _left(outside: Outside) -> tuple[str, str, str]:
    """A case whose registration waits to be fetched: its number, the command and the key."""
    case_no = await acts.accepted_case(outside.town)
    command = await outside.command(case_no, ITEM)
    assert await outside.dispatch(case_no, command, ITEM) == CHASED_S
    return case_no, command, f"{case_no}/1/{command}"


async def _fetch(town: Town, who: str = "system.amr", department: str = SYSTEM, **query: Any) -> list[dict[str, Any]]:
    answer = await town.get(who, f"/api/outbound/{department}", params={"wait": 0, **query}, timeout=PATIENCE_S)
    assert answer.status_code == 200, answer.text
    assert answer.headers["cache-control"] == "no-store"
    assert answer.json()["lease_s"] == LEASE.total_seconds()
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


async def _answer(town: Town, key: str, **said: Any) -> httpx.Response:
    raw = orjson.dumps({"key": key, **(said or _decision(key, acts.today(town)))})
    signed = sign(b"b" * 32, "call", int(town.clock.now().timestamp()), raw)
    return await town.client().post(
        f"/api/callbacks/{SYSTEM}", content=raw, headers={"Content-Type": "application/json", **signed}
    )


async def test_it_is_fetched_under_its_key_and_decided_by_a_callback(outside: Outside) -> None:
    town = outside.town
    case_no, command, key = await _left(outside)
    [one] = await _fetch(town)
    assert one["key"] == key
    assert one["order"]["case_no"] == case_no
    assert one["order"]["form"]["company_name"] == "杭州䶮𠮷商贸有限公司"
    assert "finance_officer_name" not in one["order"]["form"]
    assert "phone" not in one["order"]["applicant"]
    assert (await _answer(town, key)).json() == {"took": "recorded"}
    assert isinstance(await outside.dispatch(case_no, command, ITEM, 2), CaseSnapshot)
    town.clock.move(LEASE)
    assert await _fetch(town) == []  # it is over: nobody gets it again
    assert town.rows("select count(*) from outbound") == [(0,)]
    assert await outside.listed("calls", key=key) == []  # we did not call
    seen = "select subject, detail from access_log where act = 'fetch_orders' and case_no = %s"
    assert town.rows(seen, case_no) == [("system.amr", None)]


async def test_a_lease_keeps_others_off_until_it_ends(outside: Outside) -> None:
    town = outside.town
    keys = {(await _left(outside))[2] for _ in range(5)}
    shares = await asyncio.gather(*(_fetch(town, limit=2) for _ in range(4)))
    assert [len(share) <= 2 for share in shares] == [True] * 4
    assert sorted(one["key"] for share in shares for one in share) == sorted(keys)
    assert await _fetch(town) == []
    town.clock.move(LEASE)
    assert {one["key"] for one in await _fetch(town)} == keys


async def test_whoever_waits_gets_it_when_it_comes(outside: Outside) -> None:
    waiting = asyncio.create_task(_fetch(outside.town, wait=60))
    await asyncio.sleep(0.1)
    _, _, key = await _left(outside)
    async with asyncio.timeout(PATIENCE_S):
        assert [one["key"] for one in await waiting] == [key]


async def test_nobody_fetches_it_in_time(outside: Outside) -> None:
    town = outside.town
    case_no, _, key = await _left(outside)
    town.clock.move(timedelta(hours=2))
    assert await _fetch(town) == []
    await town.gateway.tick(case_no)
    assert (await town.get("officer.amr", task(case_no))).status_code == 200
    assert (await _answer(town, key)).status_code == 409
    _, _, later = await _left(outside)  # with it go those that nobody will fetch any more
    assert town.rows("select case_no || '/1/' || command from outbound") == [(later,)]


async def test_what_was_withdrawn_is_not_given_out(outside: Outside) -> None:
    town = outside.town
    case_no, _, _ = await _left(outside)
    assert (await town.post("citizen", f"/api/cases/{case_no}/withdraw")).status_code == 200
    assert await _fetch(town) == []
    assert town.rows("select count(*) from outbound") == [(0,)]


async def _called_off(outside: Outside) -> tuple[str, str, str, str]:
    """A case that was withdrawn while its registration was being decided: its number, the order's key, and the command
    and the key of its revocation, which waits to be fetched."""
    town = outside.town
    case_no, _, key = await _left(outside)
    assert (await town.post("citizen", f"/api/cases/{case_no}/withdraw")).status_code == 200
    [(command, _)] = (await town.commands(case_no)).items()
    assert await outside.undo(case_no, command) == CHASED_S
    return case_no, key, command, f"{case_no}/1/{command}"


async def test_what_is_to_be_undone_is_fetched_too(outside: Outside) -> None:
    town = outside.town
    case_no, order, command, key = await _called_off(outside)
    [one] = await _fetch(town)
    assert one == {"key": key, "revocation": {"case_no": case_no, "item": ITEM, "undo_of": order}}
    wrong = await _answer(town, key, **_decision(key, acts.today(town)))
    assert (wrong.status_code, wrong.json()["errors"][0]["pointer"]) == (422, "/done")
    assert (await _answer(town, order, done=True)).status_code == 422  # an order is decided, not undone
    assert (await _answer(town, key, done=True)).json() == {"took": "recorded"}
    assert (await _answer(town, key, done=True)).status_code == 202
    assert isinstance(await outside.undo(case_no, command), CaseSnapshot)
    assert (await _answer(town, f"{case_no}/1/99.undo_effect.1", done=True)).status_code == 404


async def test_what_nobody_undid_in_time_is_a_persons(outside: Outside) -> None:
    town = outside.town
    case_no, _, _, key = await _called_off(outside)
    town.clock.move(timedelta(days=30))
    await town.gateway.tick(case_no)
    late = await _answer(town, key, done=True)
    assert (late.status_code, late.json()["code"]) == (409, "not_allowed_now")


@pytest.mark.parametrize(
    ("who", "department", "status"),
    [("system.tax", SYSTEM, 403), ("officer.amr", SYSTEM, 403), ("citizen", SYSTEM, 403), (None, SYSTEM, 401)],
)
async def test_nobody_else_fetches_it(outside: Outside, who: str | None, department: str, status: int) -> None:
    await _left(outside)
    answer = await outside.town.get(who, f"/api/outbound/{department}", params={"wait": 0})
    assert answer.status_code == status, answer.text
    assert await _fetch(outside.town, "system.tax", "tax") == []
    assert len(await _fetch(outside.town)) == 1
