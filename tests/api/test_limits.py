"""Limits by address before sign-in and by account after, with the numbers of production and a clock that tests move."""

import asyncio
from collections import Counter
from contextlib import AsyncExitStack
from datetime import timedelta
from typing import Any

import httpx
import pytest
import uvicorn
from starlette.routing import Route

from api.app import create_app
from onething.cli.operations.processes import SERVER_OPTIONS
from onething.edge.limits import Places
from onething.edge.route_limits import ROUTES, AtOnce, Limited, Unlimited
from onething.security.limits import Allowance
from onething.services.core.context import AppContext
from onething.services.dispatch import outbound_queue
from onething.services.documents import delivery
from onething.services.intake import submit
from tests.api import acts
from tests.api.forms import opening
from tests.api.test_metrics import scraped
from tests.api.town import Town
from tests.support import people
from tests.support.patience import PATIENCE_S
from tests.support.whole import sampled
from tests.workflows.world import until

STRANGER, PROXY = "203.0.113.9", "10.0.0.1"
NOWHERE = f"/api/progress/{'1' * 21}"
ANSWERS = {"answers": opening()["answers"]}
SEARCH = {"id_number": people.ZHANG.id_number, "reason": "来电查询进度"}


def tally(answers: list[httpx.Response]) -> dict[int, int]:
    return dict(Counter(answer.status_code for answer in answers))


# -- the table ----------------------------------------------------------------------------------------------------


def served() -> set[str]:
    app = create_app(AppContext.__new__(AppContext), api_docs=True)
    routes = [
        route for part in app.routes for route in getattr(getattr(part, "original_router", None), "routes", [part])
    ]
    assert all(isinstance(route, Route) for route in routes)
    return {f"{method} {route.path}" for route in routes for method in route.methods - {"HEAD"}}


def test_every_route_is_listed_and_nothing_else() -> None:
    assert len(served()) > 80
    assert sorted(served() - ROUTES.keys()) == [], "say how often in onething/edge/route_limits.py, or why no limit"
    assert sorted(ROUTES.keys() - served()) == [], "strike it out of onething/edge/route_limits.py"


def test_who_is_not_limited_says_why() -> None:
    for name, limit in ROUTES.items():
        assert not isinstance(limit, Unlimited) or len(limit.why) > 10, name
    public = [name for name in ROUTES if name.partition(" ")[2] in ("/readyz", "/metrics", "/api/bundles")]
    assert all(isinstance(ROUTES[name], Limited) for name in public)
    searching = {name: limit for name, limit in ROUTES.items() if name.startswith("POST") and name.endswith("/search")}
    assert len(searching) >= 4
    assert set(searching.values()) == {Limited(Allowance.SEARCH)}


def test_the_description_tells_of_429_where_there_is_a_limit() -> None:
    paths = create_app(AppContext.__new__(AppContext)).openapi()["paths"]
    for path, calls in paths.items():
        for method, call in calls.items():
            if isinstance(ROUTES[f"{method.upper()} {path}"], Limited | AtOnce):
                assert "429" in call["responses"], path


# -- by address ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "allowed"),
    sampled(
        [
            ("/api/certificates/999/verify", 60),
            ("/api/bundles", 120),
            ("/readyz", 300),
            (f"{NOWHERE}?code=WRONGCOD", 30),
        ],
        2,
    ),
)
async def test_a_stranger_is_stopped_by_address(limited: Town, path: str, allowed: int) -> None:
    async with limited.from_address(STRANGER) as stranger, limited.from_address("203.0.113.10") as neighbour:
        answers = [await stranger.get(path) for _ in range(allowed + 5)]
        good = answers[0].status_code
        assert tally(answers) == {good: allowed, 429: 5}
        refused = answers[-1]
        assert (refused.json()["code"], refused.headers["content-type"]) == (
            "too_many_requests",
            "application/problem+json",
        )
        wait = int(refused.headers["retry-after"])
        assert f"请在{wait}秒后重试" in refused.json()["detail"]
        if path != f"{NOWHERE}?code=WRONGCOD":  # there the case is what was tried too often
            assert (await neighbour.get(path)).status_code == good
        limited.clock.move(timedelta(seconds=wait))
        assert (await stranger.get(path)).status_code == good


async def test_a_plan_and_a_sign_in_by_address(limited: Town) -> None:
    path = "/api/bundles/enterprise-opening/plan"
    async with limited.from_address(STRANGER) as stranger:
        assert tally([await stranger.post(path, json=ANSWERS) for _ in range(35)]) == {200: 30, 429: 5}
        # who is signed in is counted by account, wherever they sit
        by_citizen = people.bearer(limited.token("citizen"))
        assert (await stranger.post(path, json=ANSWERS, headers=by_citizen)).status_code == 200
        assert (await stranger.post(path, json=ANSWERS, headers=people.bearer("x"))).status_code == 401
        wrong = people.credentials("citizen", "wrong")
        tries = [await stranger.post(people.SIGN_IN_PATH, data=wrong) for _ in range(70)]
        assert tally(tries) == {401: 60, 429: 10}


async def test_a_spoofed_header_changes_nothing(limited: Town) -> None:
    """From an untrusted peer, or through a proxy that appends whom it was called by: one address, one bucket."""
    for peer, appended in ((STRANGER, ""), (PROXY, f", {STRANGER}4")):
        answers = []
        for n in range(40):
            async with limited.from_address(peer, f"198.51.100.{n}{appended}") as client:
                answers.append(
                    await client.get("/api/certificates/999/verify", headers={"X-Real-IP": f"198.51.100.{n}"})
                )
                answers.append(
                    await client.get("/api/certificates/999/verify", headers={"Forwarded": f"for=198.51.100.{n}"})
                )
        assert tally(answers) == {404: 60, 429: 20}


async def test_those_behind_a_proxy_have_a_bucket_each(limited: Town) -> None:
    for n in range(40):
        async with limited.from_address(PROXY, f"198.51.100.{n}, 10.9.9.9") as client:
            assert tally([await client.get("/api/certificates/999/verify") for _ in range(2)]) == {404: 2}


async def test_a_site_of_ipv6_has_one_bucket(limited: Town) -> None:
    answers = []
    for n in range(40):
        async with limited.from_address(f"2001:db8:1:2:{n:x}::{n:x}") as client:
            answers += [await client.get("/api/certificates/999/verify") for _ in range(2)]
    assert tally(answers) == {404: 60, 429: 20}


async def test_the_server_itself_believes_no_header() -> None:
    """uvicorn would, of whoever calls from its own machine."""
    seen: list[str] = []

    async def echo(scope: Any, _: Any, send: Any) -> None:
        seen.append(scope["client"][0])
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body"})

    server = uvicorn.Server(uvicorn.Config(echo, port=0, lifespan="off", **SERVER_OPTIONS))
    serving = asyncio.create_task(server.serve())
    await until(lambda: server.started)
    port = server.servers[0].sockets[0].getsockname()[1]
    async with httpx.AsyncClient(timeout=PATIENCE_S) as client:
        await client.get(f"http://127.0.0.1:{port}/", headers={"X-Forwarded-For": "198.51.100.1"})
    server.should_exit = True
    await serving
    assert seen == ["127.0.0.1"]


# -- progress -----------------------------------------------------------------------------------------------------


async def test_nobody_locks_the_owner_of_a_case_out(limited: Town) -> None:
    opened = (await limited.post("citizen", "/api/cases", opening())).json()
    path, right = f"/api/progress/{opened['case_no']}", opened["query_code"]
    for n in range(3):  # from three places: the case is what they have in common
        async with limited.from_address(f"198.51.100.{n}") as client:
            tried = [await client.get(path, params={"code": f"WRNG{m:04}"}) for m in range(20)]
            assert tally(tried) == ({404: 20}, {404: 10, 429: 10}, {429: 20})[n]
            assert (await client.get(path, params={"code": right})).status_code == 200
    async with limited.from_address(STRANGER) as owner:
        assert tally([await owner.get(path, params={"code": right}) for _ in range(100)]) == {200: 100}


# -- by account ---------------------------------------------------------------------------------------------------


async def test_searches_by_number_count_together_by_the_minute_and_by_the_day(limited: Town) -> None:
    town, searched = limited, []

    async def search(n: int) -> httpx.Response:
        if n % 2:
            return await town.post("officer.amr", "/api/cases/search", SEARCH)
        return await town.post("officer.amr", "/api/licences/search", SEARCH | {"id_type": "resident_id"})

    searched = [await search(n) for n in range(40)]
    assert tally(searched) == {200: 15, 403: 15, 429: 10}  # nobody has consented to the licences
    assert tally([await town.post("officer.psb", "/api/cases/search", SEARCH)]) == {200: 1}
    passed = 30
    for _ in range(12):
        town.clock.move(timedelta(minutes=1))
        passed += sum(answer.status_code != 429 for answer in [await search(n) for n in range(35)])
    assert 300 <= passed <= 303  # the day's, and what came back meanwhile
    refused = await search(1)
    assert int(refused.headers["retry-after"]) > 60  # not the minute's
    assert (await town.get("officer.amr", "/api/tasks")).status_code == 200  # other work goes on


async def test_a_plan_with_a_number_is_a_search(limited: Town) -> None:
    path = "/api/bundles/enterprise-opening/plan"
    body = ANSWERS | {"id_number": people.ZHANG.id_number}
    for _ in range(30):
        await limited.post("citizen", "/api/cases/search", {"id_number": people.ZHANG.id_number})
    assert (await limited.post("citizen", path, body)).status_code == 429
    assert (await limited.post("citizen", path, ANSWERS)).status_code == 200


async def test_drafts_and_submissions_of_an_account(limited: Town) -> None:
    town = limited
    drafts = [await town.post("citizen", "/api/cases", opening(submit=False)) for _ in range(22)]
    assert tally(drafts) == {201: 20, 429: 2}
    submissions = [await town.post("citizen", "/api/cases", opening()) for _ in range(6)]
    submissions += [
        await town.post("citizen", f"/api/cases/{draft.json()['case_no']}/submit") for draft in drafts[:6]
    ]  # fmt: skip
    assert tally(submissions) == {201: 6, 200: 4, 429: 2}
    of_another = opening(applicant=people.LI.applicant)
    assert tally([await town.post("citizen2", "/api/cases", of_another)]) == {201: 1}
    town.clock.move(timedelta(seconds=int(submissions[-1].headers["retry-after"])))
    assert tally([await town.post("citizen", "/api/cases", opening()) for _ in range(2)]) == {201: 1, 429: 1}


async def test_what_is_refused_or_repeated_costs_no_submission(limited: Town) -> None:
    town = limited
    incomplete = opening(form={})
    first = await town.post("citizen", "/api/cases", opening(), key="once")
    for _ in range(12):
        assert (await town.post("citizen", "/api/cases", incomplete)).status_code == 422
        again = await town.post("citizen", "/api/cases", opening(), key="once")
        assert (again.status_code, again.content) == (201, first.content)
    assert tally([await town.post("citizen", "/api/cases", opening()) for _ in range(10)]) == {201: 9, 429: 1}
    # each try is judged, and that has a limit of its own
    of_another = opening(form={}, applicant=people.LI.applicant)
    tries = [await town.post("citizen2", "/api/cases", of_another) for _ in range(62)]
    assert tally(tries) == {422: 60, 429: 2}


async def test_agents_have_a_budget_of_their_own(limited: Town) -> None:
    mandate = {"giver": people.ZHANG.named, "agent": "agent", "agent_name": "王帮办", "kind": "helper",
               "expires_on": f"{limited.clock.now() + timedelta(days=30):%Y-%m-%d}"}  # fmt: skip
    assert (await limited.post("citizen", "/api/mandates", mandate)).status_code == 201
    opened = [await limited.post("agent", "/api/cases", opening()) for _ in range(61)]
    assert tally(opened) == {201: 60, 429: 1}


async def test_a_clerk_is_never_stopped_and_raises_one_alarm(limited: Town, caplog: pytest.LogCaptureFixture) -> None:
    town = limited
    searched = [await town.post("counter", "/api/cases/search", SEARCH) for _ in range(70)]
    assert tally(searched) == {200: 70}
    assert [record.__dict__["subject"] for record in caplog.records if "more than is usual" in record.message] == [
        "counter"
    ]
    assert (await scraped(town))['onething_http_limits_total{limit="search",outcome="alarm"}'] == 1
    await town.context.refusals.flush(everything=True)
    alarms = town.rows("select subject, role, act, detail, times from access_log where outcome = 'alarm'")
    assert alarms == [("counter", "counter", "limit", "search", 1)]


async def test_what_was_too_much_is_counted_and_summed(limited: Town) -> None:
    for _ in range(35):
        await limited.post("citizen", "/api/cases/search", {"id_number": "1"})
    assert (await scraped(limited))['onething_http_limits_total{limit="search",outcome="refused"}'] == 5
    limited.clock.move(timedelta(minutes=1))
    assert await limited.context.refusals.flush() == 1
    line = limited.rows("select subject, act, detail, times from access_log where outcome = 'too_many_requests'")
    assert line == [("citizen", "limit", "search", 5)]


# -- at once ------------------------------------------------------------------------------------------------------


async def test_four_downloads_at_once(limited: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """A fifth waits until one is sent; another's does not wait."""
    town, now, most, go = limited, 0, 0, asyncio.Event()

    async def pdf(*_: Any) -> bytes:
        nonlocal now, most
        now += 1
        most = max(most, now)
        await go.wait()
        now -= 1
        return b"%PDF"

    monkeypatch.setattr(delivery, "pdf", pdf)
    path = f"/api/cases/{'1' * 20}/documents/1.pdf"
    mine = [asyncio.create_task(town.get("citizen", path)) for _ in range(6)]
    await until(lambda: now == 4)
    await asyncio.sleep(0.1)
    assert (now, most) == (4, 4)
    other = asyncio.create_task(town.get("citizen2", path))
    await until(lambda: now == 5)
    go.set()
    assert tally(await asyncio.gather(*mine, other)) == {200: 7}


async def test_a_place_is_held_until_the_last_byte_is_sent(limited: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    async def pdf(*_: Any) -> bytes:
        return b"%PDF"

    monkeypatch.setattr(delivery, "pdf", pdf)
    places: Places = limited.app.state.places
    sent, reading = asyncio.Event(), asyncio.Event()
    path = f"/api/cases/{'1' * 20}/documents/1.pdf"
    signed = people.bearer(limited.token("citizen"))
    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "GET", "path": path,
        "raw_path": path.encode(), "query_string": b"", "root_path": "", "scheme": "http", "server": ("api", 80),
        "client": (STRANGER, 1), "headers": [(name.lower().encode(), value.encode()) for name, value in signed.items()],
    }  # fmt: skip

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:
        if message["type"] == "http.response.body":
            sent.set()
            await reading.wait()

    slow = asyncio.create_task(limited.app(scope, receive, send))
    async with asyncio.timeout(PATIENCE_S):
        await sent.wait()
        async with AsyncExitStack() as held:
            for _ in range(3):
                held.callback(await places.enter("download/principal/citizen", 4, 5.0))
            with pytest.raises(TimeoutError):
                await places.enter("download/principal/citizen", 4, 0)
            reading.set()
            await slow
            held.callback(await places.enter("download/principal/citizen", 4, 0))


async def test_one_poll_at_once(limited: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    polling = asyncio.Event()

    async def fetch(*_: Any) -> outbound_queue.Orders:
        polling.set()
        await asyncio.sleep(PATIENCE_S)
        raise AssertionError("nobody hung up")

    path, now = "/api/outbound/amr", {"wait": 0}
    with monkeypatch.context() as patch:
        patch.setattr(outbound_queue, "fetch", fetch)
        waiting = asyncio.create_task(limited.get("system.amr", path))
        await polling.wait()
    second = await limited.get("system.amr", path, params=now)
    assert (second.status_code, second.headers["retry-after"]) == (429, "5")
    assert (await limited.get("system.tax", "/api/outbound/tax", params=now)).status_code == 200
    waiting.cancel()
    await asyncio.gather(waiting, return_exceptions=True)
    assert (await limited.get("system.amr", path, params=now)).status_code == 200


# -- what depends on it -------------------------------------------------------------------------------------------


async def test_a_submission_that_fails_inside_is_given_back(limited: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    async def broken(*_: object, **__: object) -> None:
        raise RuntimeError("no answer of ours")

    with monkeypatch.context() as patch:
        patch.setattr(submit, "apply", broken)
        failed = [await limited.post("citizen", "/api/cases", opening()) for _ in range(15)]
    assert tally(failed) == {500: 15}
    assert (await limited.post("citizen", "/api/cases", opening())).status_code == 201


async def test_a_case_goes_its_way_with_the_numbers_of_production(limited: Town) -> None:
    case_no = await acts.closed(limited)
    assert limited.rows("select status from cases where case_no = %s", case_no) == [("closed",)]
