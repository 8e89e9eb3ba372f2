"""What an open page is told: that a topic has changed, never what; each once at the beginning; rights that end."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import asyncpg
import httpx
import pytest

from onething.services import topics
from onething.store.connection.notifier import CASE, CaseNotice, ListChange
from tests.api.acts import read
from tests.api.conftest import Live
from tests.api.forms import OFFICERS, approval, opening
from tests.api.test_stream import events, open_case
from tests.api.town import Town
from tests.support import people
from tests.support.patience import PATIENCE_S
from tests.workflows.world import until

STREAM = "/api/stream"


@asynccontextmanager
async def signed_in(live: Live, who: str, **changes: Any) -> AsyncIterator[httpx.AsyncClient]:
    headers = people.bearer(people.token(live.context, who, **changes))
    async with httpx.AsyncClient(base_url=live.url, headers=headers, timeout=PATIENCE_S) as client:
        yield client


async def news(stream: AsyncIterator[dict[str, Any]]) -> tuple[str, Any, Any]:
    found = await asyncio.wait_for(anext(stream), PATIENCE_S)
    told = json.loads(found["data"])
    assert set(told) <= {"kind", "topic", "seq"}
    assert found["event"] == told["kind"]
    return told["kind"], told.get("topic"), told.get("seq")


async def test_each_topic_once_and_then_what_changes(live: Live) -> None:
    async with signed_in(live, "citizen") as citizen, signed_in(live, "counter") as counter:
        case_no = await open_case(citizen, "topics")
        case = f"case:{case_no}"
        async with citizen.stream("GET", STREAM, params={"topics": f"{case},mine"}) as answer:
            assert answer.headers["content-type"].startswith("text/event-stream")
            stream = events(answer)
            assert await news(stream) == ("changed", case, 1)
            assert await news(stream) == ("changed", "mine", 1)
            accepted = await counter.post(f"/api/cases/{case_no}/accept", headers={"Idempotency-Key": "topics"})
            assert accepted.status_code == 200, accepted.text
            assert await news(stream) == ("changed", case, 2)
            assert await news(stream) == ("changed", "mine", 2)


async def test_the_inbox_hears_of_what_comes_in_and_the_board_of_everything(live: Live) -> None:
    async with (
        signed_in(live, "counter") as counter,
        signed_in(live, "supervisor") as supervisor,
        signed_in(live, "officer.fire") as officer,
        counter.stream("GET", STREAM, params={"topics": "inbox"}) as inbox,
        supervisor.stream("GET", STREAM, params={"topics": "board"}) as board,
        officer.stream("GET", STREAM, params={"topics": "queue:fire"}) as other,
    ):
        streams = [events(inbox), events(board), events(other)]
        for stream in streams:
            assert (await news(stream))[0] == "changed"
        async with signed_in(live, "citizen") as citizen:
            await open_case(citizen, "inbox")
        assert (await news(streams[0]))[:2] == ("changed", "inbox")
        assert (await news(streams[1]))[:2] == ("changed", "board")
        still = asyncio.create_task(news(streams[2]))
        await asyncio.sleep(0.5)
        assert not still.done()
        still.cancel()


async def test_a_topic_that_is_somebody_elses_is_refused(live: Live) -> None:
    async with signed_in(live, "citizen") as citizen:
        case_no = await open_case(citizen, "refused")
    for who, topic, status in (
        ("citizen2", f"case:{case_no}", 404),
        ("officer.tax", "queue:amr", 403),
        ("citizen", "inbox", 403),
        ("citizen", "queue:amr", 403),
        ("counter", "mine", 403),
        ("counter", "board", 403),
        ("auditor", "board", 403),
        ("officer.amr", "queue:amr,inbox", 403),
        ("citizen", "everything", 422),
        ("citizen", "case:1", 422),
        ("citizen", ",", 422),
        ("citizen", ",".join(f"queue:d{n}" for n in range(31)), 422),
    ):
        async with signed_in(live, who) as client:
            answer = await client.get(STREAM, params={"topics": topic})
            assert answer.status_code == status, (who, topic, answer.text)
    async with httpx.AsyncClient(base_url=live.url) as nobody:
        assert (await nobody.get(STREAM, params={"topics": "mine"})).status_code == 401


async def test_a_right_that_ends_ends_the_topic_and_the_last_one_the_stream(live: Live) -> None:
    async with signed_in(live, "citizen") as citizen, signed_in(live, "agent") as agent:
        case_no = await open_case(citizen, "ends")
        given = {"giver": people.ZHANG.named, "agent": "agent", "agent_name": "王帮办", "kind": "helper",
                 "acts": ["apply"], "expires_on": f"{live.clock.now() + timedelta(days=30):%Y-%m-%d}"}  # fmt: skip
        made = await citizen.post("/api/mandates", json=given, headers={"Idempotency-Key": "ends"})
        assert made.status_code == 201, made.text
        case = f"case:{case_no}"
        async with agent.stream("GET", STREAM, params={"topics": case}) as answer:
            stream = events(answer)
            assert (await news(stream))[:2] == ("changed", case)
            await citizen.post(f"/api/mandates/{made.json()['id']}/revoke", headers={"Idempotency-Key": "ends-2"})
            await citizen.post(f"/api/cases/{case_no}/withdraw", headers={"Idempotency-Key": "ends-3"})
            assert await news(stream) == ("gone", case, None)
            assert await news(stream) == ("bye", None, None)
            assert [one async for one in stream] == []


async def test_bye_at_the_end_of_the_token_and_nobody_is_left_waiting(live: Live) -> None:
    async with signed_in(live, "citizen") as citizen:
        case_no = await open_case(citizen, "bye")
        async with citizen.stream("GET", STREAM, params={"topics": f"case:{case_no},mine"}) as answer:
            stream = events(answer)
            for _ in range(2):
                await news(stream)
            live.clock.move(live.lifetime())
            async with signed_in(live, "citizen") as again:
                await again.post(f"/api/cases/{case_no}/withdraw", headers={"Idempotency-Key": "bye"})
            assert await news(stream) == ("bye", None, None)
    await until(lambda: case_no not in live.context.feed._waiting)
    live.clock.come_back()


async def test_a_topic_without_a_number_is_named_now_and_then_anyway(
    live: Live, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(topics, "_LOOK_S", 0.05)
    monkeypatch.setattr(topics, "_ANYWAY", timedelta(seconds=0.3))
    async with (
        signed_in(live, "officer.fire") as officer,
        officer.stream("GET", STREAM, params={"topics": "queue:fire"}) as answer,
    ):
        stream = events(answer)
        assert [await news(stream) for _ in range(3)] == [("changed", "queue:fire", n) for n in (1, 2, 3)]


async def test_one_notice_a_decision_and_it_names_the_queues(fresh_town: Town) -> None:
    """Heard where every process hears it: the next department's queue is named by the very notice of the decision."""
    town = fresh_town
    heard: list[CaseNotice] = []
    connection = await asyncpg.connect(town.context.database._url)
    await connection.add_listener(CASE, lambda *notice: heard.append(CaseNotice.read(notice[3])))
    try:
        opened = await town.post("citizen", "/api/cases", opening())
        case_no = opened.json()["case_no"]
        await town.fetch_all(case_no)
        await town.post("counter", f"/api/cases/{case_no}/accept")
        await _quiet(heard)
        heard.clear()
        task_id = f"{case_no}-registration-1"
        body = {"outcome": "approve", "opinion": "符合条件", "outputs": approval("registration", case_no)}
        seen = await read(town, OFFICERS["registration"], task_id)
        decided = await town.post(OFFICERS["registration"], f"/api/tasks/{task_id}/decide", body | {"seen": seen})
        assert decided.status_code == 200, decided.text
        await _quiet(heard)
        (notice,) = heard
        assert notice.case_no == case_no
        assert notice.lists is not None
        opened_at = {department for (department,) in town.rows(
            "select department from tasks where case_no = %s and state = 'open'", case_no)}  # fmt: skip
        assert notice.lists.queues == {"amr", *opened_at}
        assert len(opened_at) >= 2
        assert notice.lists.region == people.REGION
        heard.clear()
        claimed = await town.post("officer.tax", f"/api/tasks/{case_no}-tax-1/claim")
        assert claimed.status_code == 200, claimed.text
        await _quiet(heard)
        (notice,) = heard
        assert notice.lists is not None
        assert notice.lists.queues == {"tax"}
        assert not notice.lists.inbox
    finally:
        await connection.close()


async def _quiet(heard: list[CaseNotice]) -> None:
    """Until nothing has come for a while, and something has."""
    await until(lambda: bool(heard))
    known = -1
    while known != len(heard):
        known = len(heard)
        await asyncio.sleep(0.3)


def test_a_notice_is_read_as_it_was_written_and_never_too_long() -> None:
    for lists in (None, ListChange("330100"), ListChange("330100", frozenset({"amr", "tax"}), inbox=True)):
        notice = CaseNotice("330100202603020001", 7, lists)
        assert CaseNotice.read(notice.spelled_out()) == notice
    many = frozenset(f"department-{n:04}-{'x' * 40}" for n in range(500))
    long = CaseNotice("330100202603020001", 7, ListChange("330100", many)).spelled_out()
    assert len(long) < 7100
    read_again = CaseNotice.read(long).lists
    assert read_again is not None
    assert read_again.queues == {"*"}
