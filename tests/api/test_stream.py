"""Server-sent events over a real server: news as it comes, resumed after the last one, closed with the token."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from onething.domain.errors import FailureCode, OneThingError
from tests.api.conftest import Live
from tests.api.forms import opening
from tests.support import people
from tests.support.patience import PATIENCE_S
from tests.workflows.world import until


@pytest.fixture
async def http(live: Live) -> AsyncIterator[httpx.AsyncClient]:
    headers = people.bearer(live.token("citizen"))
    async with httpx.AsyncClient(base_url=live.url, headers=headers, timeout=PATIENCE_S) as client:
        yield client


async def open_case(http: httpx.AsyncClient, name: str) -> str:
    answer = await http.post("/api/cases", json=opening(), headers={"Idempotency-Key": name})
    assert answer.status_code == 201, answer.text
    return str(answer.json()["case_no"])


async def events(answer: httpx.Response) -> AsyncIterator[dict[str, Any]]:
    news: dict[str, Any] = {}
    async for line in answer.aiter_lines():
        name, _, value = line.partition(": ")
        if not line and news:
            yield news
            news = {}
        elif name in ("id", "event", "data"):
            news[name] = value


async def test_news_come_as_they_are_recorded(live: Live, http: httpx.AsyncClient) -> None:
    case_no = await open_case(http, "news")
    async with http.stream("GET", f"/api/cases/{case_no}/events") as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        stream = events(answer)
        first = await anext(stream)
        assert (first["id"], json.loads(first["data"])) == ("1", {"seq": 1, "kind": "submitted", "item": None})
        waiting = asyncio.create_task(anext(stream))
        await asyncio.sleep(0.2)
        assert not waiting.done()
        headers = {**people.bearer(live.token("counter")), "Idempotency-Key": "news"}
        await http.post(f"/api/cases/{case_no}/accept", headers=headers)
        second = await asyncio.wait_for(waiting, PATIENCE_S)
        assert json.loads(second["data"]) == {"seq": 2, "kind": "accepted", "item": None}


async def test_resumed_after_the_last_one_seen(http: httpx.AsyncClient) -> None:
    case_no = await open_case(http, "resumed")
    await http.post(f"/api/cases/{case_no}/withdraw", headers={"Idempotency-Key": "resumed"})
    async with http.stream("GET", f"/api/cases/{case_no}/events", headers={"Last-Event-ID": "1"}) as answer:
        assert json.loads((await anext(events(answer)))["data"])["seq"] == 2


@pytest.mark.parametrize("last", ["x", "-1", "9" * 12])
async def test_an_odd_last_event_id(http: httpx.AsyncClient, last: str) -> None:
    case_no = await open_case(http, f"odd{last}")
    answer = await http.get(f"/api/cases/{case_no}/events", headers={"Last-Event-ID": last})
    assert answer.status_code == 422


async def test_closed_when_the_token_ends(live: Live, http: httpx.AsyncClient) -> None:
    case_no = await open_case(http, "closed")
    async with http.stream("GET", f"/api/cases/{case_no}/events") as answer:
        news = events(answer)
        assert (await anext(news))["event"] == "submitted"
        live.clock.move(live.lifetime())
        # it is woken, and what woke it is for a token that still holds
        headers = {**people.bearer(live.token("citizen")), "Idempotency-Key": "closed"}
        assert (await http.post(f"/api/cases/{case_no}/withdraw", headers=headers)).status_code == 200
        assert [one async for one in news] == []


async def test_who_leaves_is_forgotten(live: Live, http: httpx.AsyncClient) -> None:
    case_no = await open_case(http, "leaves")
    async with http.stream("GET", f"/api/cases/{case_no}/events") as answer:
        await anext(events(answer))
        assert case_no in live.context.feed._waiting
    await until(lambda: case_no not in live.context.feed._waiting)


async def test_nobody_opens_streams_without_end(
    live: Live, http: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live.context.feed, "_per_caller", 2)
    case_no = await open_case(http, "many")
    path = f"/api/cases/{case_no}/events"
    async with http.stream("GET", path) as one, http.stream("GET", path) as two:
        streams = [events(one), events(two)]  # kept: a reader that is dropped closes its stream
        for stream in streams:
            await anext(stream)
        third = await http.get(path)
        assert (third.status_code, third.json()["code"]) == (429, "too_many_requests")
        assert int(third.headers["retry-after"]) > 0
        headers = people.bearer(live.token("counter"))
        async with http.stream("GET", path, headers=headers) as another:
            assert another.status_code == 200
    await until(lambda: not live.context.feed._callers)
    async with http.stream("GET", path) as again:
        assert again.status_code == 200


async def test_a_stream_ends_in_order_when_the_record_is_gone(
    live: Live, http: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    case_no = await open_case(http, "gone")
    async with http.stream("GET", f"/api/cases/{case_no}/events") as answer:
        news = events(answer)
        await anext(news)

        async def gone(*_: object, **__: object) -> None:
            raise OneThingError(FailureCode.UNAVAILABLE, "数据库暂时无法访问，请稍后重试。")

        monkeypatch.setattr("onething.services.cases.stream.journal.lines", gone)
        await http.post(f"/api/cases/{case_no}/withdraw", headers={"Idempotency-Key": "gone"})
        assert [one async for one in news] == []
    assert "failed" not in caplog.text
