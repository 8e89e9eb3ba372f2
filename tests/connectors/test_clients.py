"""What each answer of a counterpart becomes; first by hand-made answers, then against the simulated world over HTTP."""

import asyncio
import logging
import traceback
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import httpx
import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from onething.connectors.breaker import BreakerPolicy
from onething.connectors.departments import DepartmentClients
from onething.connectors.gate import TURNS_PER_SECOND
from onething.connectors.http_client import HttpClient
from onething.connectors.notices import NoticeGateway
from onething.connectors.slots import SharedSlots
from onething.connectors.sources import MISSING_PARAMETER, SourceClients
from onething.domain.lookups.answers import (
    Cause,
    Done,
    Fetched,
    Refused,
    SourceAnswerMalformed,
    SourceUnavailable,
)
from onething.domain.sources.source import SourceDefinition, SourceField
from tests.connectors.support import MovedClock, RunningSimulator, a_source, shipped_sources
from tests.support import people
from tests.support.patience import PATIENCE_S

GOOD: dict[str, Any] = {"record": {"uscc": "91", "status": "存续"}, "as_of": "2026-11-20T09:00:00+08:00"}
NEVER_OPEN = BreakerPolicy(threshold=10_000)
Handler = Callable[[httpx.Request], Any]


@asynccontextmanager
async def clients_of(
    handler: Handler, *sources: SourceDefinition, clock: MovedClock | None = None, policy: BreakerPolicy = NEVER_OPEN
) -> AsyncIterator[SourceClients]:
    http = HttpClient("http://outside", clock or MovedClock(), policy=policy, transport=httpx.MockTransport(handler))
    try:
        yield SourceClients(http, {source.code: source for source in sources or (a_source(),)})
    finally:
        await http.aclose()


@asynccontextmanager
async def calling(simulator: RunningSimulator, policy: BreakerPolicy = NEVER_OPEN) -> AsyncIterator[HttpClient]:
    http = HttpClient(simulator.url, MovedClock(), policy=policy)
    try:
        yield http
    finally:
        await http.aclose()


async def fetch_from(response: httpx.Response | Exception) -> Fetched | Refused:
    def handler(request: httpx.Request) -> httpx.Response:
        if isinstance(response, Exception):
            raise response
        return response

    async with clients_of(handler) as clients:
        return await clients.fetch("business-licence", {"uscc": "91"}, "k/1")


async def test_a_record_is_cut_to_the_fields_that_were_agreed() -> None:
    answer = GOOD | {"record": GOOD["record"] | {"shareholders": "某人"}}
    fetched = await fetch_from(httpx.Response(200, json=answer))
    assert isinstance(fetched, Fetched)
    assert fetched.record == GOOD["record"]
    assert fetched.as_of.isoformat() == GOOD["as_of"]
    assert "存续" not in repr(fetched)


@pytest.mark.parametrize(
    ("status", "headers", "cause", "retry_after"),
    [
        (202, {"Retry-After": "30"}, Cause.IN_PROGRESS, 30),
        (408, {}, Cause.TIMEOUT, None),
        (425, {}, Cause.TIMEOUT, None),
        (429, {"Retry-After": "7"}, Cause.THROTTLED, 7),
        (429, {"Retry-After": "99999999"}, Cause.THROTTLED, 3600),
        (429, {"Retry-After": "-1"}, Cause.THROTTLED, None),
        (500, {}, Cause.SERVER_ERROR, None),
        (503, {"Retry-After": "2"}, Cause.SERVER_ERROR, 2),
        (503, {"Retry-After": "soon"}, Cause.SERVER_ERROR, None),
    ],
)
async def test_statuses_that_mean_later(
    status: int, headers: dict[str, str], cause: Cause, retry_after: float | None
) -> None:
    with pytest.raises(SourceUnavailable) as raised:
        await fetch_from(httpx.Response(status, headers=headers, json={"refused": True}))
    assert (raised.value.cause, raised.value.retry_after) == (cause, retry_after)


@pytest.mark.parametrize(
    ("error", "cause"),
    [
        (httpx.ConnectError("王小明"), Cause.CONNECTION),
        (httpx.RemoteProtocolError("王小明"), Cause.CONNECTION),
        (httpx.ReadError("王小明"), Cause.CONNECTION),
        (httpx.ReadTimeout("王小明"), Cause.TIMEOUT),
        (httpx.ConnectTimeout("王小明"), Cause.TIMEOUT),
        (httpx.PoolTimeout("王小明"), Cause.LIMIT_FULL),
    ],
)
async def test_broken_connections_mean_later_and_take_no_text_along(error: Exception, cause: Cause) -> None:
    with pytest.raises(SourceUnavailable) as raised:
        await fetch_from(error)
    assert raised.value.cause is cause
    assert "王小明" not in "".join(traceback.format_exception(raised.value))


@pytest.mark.parametrize(
    ("status", "content", "reason"),
    [
        (404, {"refused": True, "reason": "no_record"}, "no_record"),
        (409, {"refused": True, "reason": "released"}, "released"),
        (403, {"refused": True}, "unspecified"),
        (404, {"refused": True, "reason": "王小明已死亡"}, "unspecified"),
        (404, {"refused": True, "reason": "no such person: Wang"}, "unspecified"),
        (404, {"refused": True, "reason": "x" * 61}, "unspecified"),
    ],
)
async def test_refusals(status: int, content: dict[str, Any], reason: str) -> None:
    assert await fetch_from(httpx.Response(status, json=content)) == Refused(reason)


@pytest.mark.parametrize(
    ("response", "problem"),
    [
        (httpx.Response(200, content=b"<html>"), "not JSON"),
        (httpx.Response(200, content=b""), "not JSON"),
        (httpx.Response(200, content=b'{"record": {"uscc": NaN}}'), "not JSON"),
        (httpx.Response(200, json=[]), "record"),
        (httpx.Response(200, json={"as_of": GOOD["as_of"]}), "record"),
        (httpx.Response(200, json=GOOD | {"record": {"uscc": "91"}}), "record.status"),
        (httpx.Response(200, json=GOOD | {"record": {"uscc": "91", "status": ["王小明"]}}), "record.status"),
        (httpx.Response(200, json=GOOD | {"as_of": "yesterday"}), "as_of"),
        (httpx.Response(200, json=GOOD | {"as_of": "2026-11-20T09:00:00"}), "as_of"),
        (httpx.Response(200, json=GOOD | {"as_of": 1}), "as_of"),
        (httpx.DecodingError("王小明"), "content encoding"),
        (httpx.Response(204), "status 204"),
        (httpx.Response(302, headers={"location": "http://elsewhere/"}), "status 302"),
        (httpx.Response(404, json={"detail": "Not Found"}), "status 404"),
        (httpx.Response(404, json=["refused"]), "status 404"),
        (httpx.Response(404, content=b"nginx"), "not JSON"),
        (httpx.Response(422, json={"error": "key_reused"}), "status 422"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
async def test_malformed_answers_name_the_part_and_not_its_content(
    response: httpx.Response | Exception, problem: str
) -> None:
    with pytest.raises(SourceAnswerMalformed) as raised:
        await fetch_from(response)
    assert raised.value.problem == problem
    assert "王小明" not in "".join(traceback.format_exception(raised.value))


json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False) | st.text(),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["record", "as_of", "uscc", "status", "refused", "reason", "x"]), inner)
    ),
    max_leaves=12,
)


@given(status=st.sampled_from([200, 201, 204, 301, 400, 404, 409, 422, 500]), content=json_values | st.binary())
async def test_no_answer_at_all_breaks_the_client(status: int, content: Any) -> None:
    try:
        body = content if isinstance(content, bytes) else orjson.dumps(content)
    except orjson.JSONEncodeError:  # lone surrogates
        return
    try:
        outcome = await fetch_from(httpx.Response(status, content=body))
    except (SourceUnavailable, SourceAnswerMalformed):
        return
    assert isinstance(outcome, Fetched) is (status == 200)


async def test_only_agreed_parameters_leave_the_house_with_the_key() -> None:
    seen: list[httpx.Request] = []

    def handler(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(200, json=GOOD)

    async with clients_of(handler) as clients:
        await clients.fetch("business-licence", {"uscc": "91", "name": "王小明"}, "c/1/2/fetch/0", case_no="c")
    assert orjson.loads(seen[0].content) == {"uscc": "91", "case_no": "c"}
    assert seen[0].headers["idempotency-key"] == "c/1/2/fetch/0"
    assert seen[0].url == "http://outside/sources/business-licence/records"


@pytest.mark.parametrize("params", [{}, {"uscc": ""}, {"uscc": None}])
async def test_without_a_required_parameter_the_source_is_not_asked(params: dict[str, object]) -> None:
    def handler(request: httpx.Request) -> httpx.Response:
        raise AssertionError("asked")

    async with clients_of(handler) as clients:
        assert await clients.fetch("business-licence", params, "k/1") == Refused(MISSING_PARAMETER)


async def test_an_optional_field_may_be_missing() -> None:
    optional = SourceField(id="remark", label="备注", required=False)
    source = a_source(fields=(*a_source().fields, optional))
    async with clients_of(lambda _: httpx.Response(200, json=GOOD), source) as clients:
        fetched = await clients.fetch("business-licence", {"uscc": "91"}, "k/1")
    assert isinstance(fetched, Fetched)
    assert fetched.record["remark"] is None


async def test_a_full_source_is_told_at_once_and_others_are_not_held_up() -> None:
    go_on, running = asyncio.Event(), 0

    async def handler(request: httpx.Request) -> httpx.Response:
        nonlocal running
        running += 1
        await go_on.wait()
        return httpx.Response(200, json=GOOD)

    busy, other = a_source(max_concurrent=2), a_source(code="other")
    async with clients_of(handler, busy, other) as clients:

        def fetch(code: str, key: str) -> asyncio.Task[Fetched | Refused]:
            return asyncio.create_task(clients.fetch(code, {"uscc": "91"}, key))

        first = [fetch("business-licence", "k/1"), fetch("business-licence", "k/2"), fetch("other", "k/3")]
        while running < 3:  # noqa: ASYNC110 (the tasks tell by counting)
            await asyncio.sleep(0)
        with pytest.raises(SourceUnavailable) as raised:
            await clients.fetch("business-licence", {"uscc": "91"}, "k/4")
        assert raised.value.cause is Cause.LIMIT_FULL
        assert raised.value.retry_after is not None
        first[0].cancel()
        await asyncio.sleep(0)
        go_on.set()
        await asyncio.gather(*first, return_exceptions=True)
        assert isinstance(await fetch("business-licence", "k/5"), Fetched), "a cancelled attempt keeps its place"


async def test_what_a_source_allows_at_once_holds_for_all_workers() -> None:
    """Who states no limit asks nobody for leave."""
    kept, asked_about = {"source business-licence": b"{}"}, set[str]()
    go_on, running = asyncio.Event(), 0

    async def change(name: str, how: Callable[[bytes], bytes]) -> None:
        asked_about.add(name)
        kept[name] = how(kept[name])

    async def handler(request: httpx.Request) -> httpx.Response:
        nonlocal running
        running += 1
        await go_on.wait()
        return httpx.Response(200, json=GOOD)

    sources = {source.code: source for source in (a_source(max_concurrent=2), a_source(code="other"))}
    clock = MovedClock()
    callers = [
        HttpClient("http://outside", clock, transport=httpx.MockTransport(handler), slots=SharedSlots(change, clock))
        for _ in range(2)
    ]
    first, second = (SourceClients(http, sources) for http in callers)
    asking = [asyncio.create_task(first.fetch("business-licence", {"uscc": "91"}, f"k/{one}")) for one in range(2)]
    asking.append(asyncio.create_task(second.fetch("other", {"uscc": "91"}, "k/3")))
    while running < 3:  # noqa: ASYNC110 (the tasks tell by counting)
        await asyncio.sleep(0)
    with pytest.raises(SourceUnavailable) as raised:
        await second.fetch("business-licence", {"uscc": "91"}, "k/4")
    assert (raised.value.cause, raised.value.retry_after) == (Cause.LIMIT_FULL, 1)
    go_on.set()
    await asyncio.gather(*asking)
    for http in callers:
        await http.aclose()
    assert (asked_about, kept) == ({"source business-licence"}, {"source business-licence": b"{}"})


async def test_the_breaker_opens_for_its_source_only_and_closes_after_a_trial() -> None:
    clock, asked, healthy = MovedClock(), 0, False
    waits: list[float | None] = []

    def handler(request: httpx.Request) -> httpx.Response:
        nonlocal asked
        asked += 1
        return httpx.Response(200, json=GOOD) if healthy or "other" in request.url.path else httpx.Response(503)

    sources = a_source(), a_source(code="other", path="/sources/other/records")
    async with clients_of(handler, *sources, clock=clock, policy=BreakerPolicy(3, 10)) as clients:

        async def fetch(code: str = "business-licence") -> Cause | None:
            try:
                await clients.fetch(code, {"uscc": "91"}, "k/1")
            except SourceUnavailable as unavailable:
                if unavailable.cause is Cause.BREAKER_OPEN:
                    waits.append(unavailable.retry_after)
                return unavailable.cause
            return None

        assert [await fetch() for _ in range(5)] == [Cause.SERVER_ERROR] * 3 + [Cause.BREAKER_OPEN] * 2
        assert asked == 3
        assert await fetch("other") is None
        clock.move(10)
        assert [await fetch(), await fetch()] == [Cause.SERVER_ERROR, Cause.BREAKER_OPEN]
        clock.move(10)
        healthy = True
        assert [await fetch(), await fetch()] == [None, None]
    assert waits == [10, 10 + 1 / TURNS_PER_SECOND, 10]


@pytest.mark.parametrize(
    ("response", "opens"),
    [
        (httpx.Response(404, json={"refused": True, "reason": "no_record"}), False),
        (httpx.Response(429), False),
        (httpx.Response(202), False),
        (httpx.Response(200, content=b"<html>"), True),
        (httpx.Response(503), True),
    ],
)
async def test_what_counts_as_a_failure_of_the_source(response: httpx.Response, opens: bool) -> None:
    async with clients_of(lambda _: response, policy=BreakerPolicy(3, 10)) as clients:
        causes: list[Cause | None] = []
        for _ in range(4):
            try:
                await clients.fetch("business-licence", {"uscc": "91"}, "k/1")
            except (SourceUnavailable, SourceAnswerMalformed) as error:
                causes.append(getattr(error, "cause", None))
    assert (Cause.BREAKER_OPEN in causes) is opens


async def test_logs_and_errors_know_code_and_key_only(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    params = {"uscc": "91330106SECRET"}
    async with clients_of(lambda _: httpx.Response(500, text=f"{people.WANG.name} {people.WANG.id_number}")) as clients:
        with pytest.raises(SourceUnavailable) as raised:
            await clients.fetch("business-licence", params, "k/77")
    text = caplog.text + "".join(traceback.format_exception(raised.value))
    assert "business-licence" in caplog.text
    assert "k/77" in caplog.text
    for secret in (people.WANG.name, people.WANG.id_number, "91330106SECRET"):
        assert secret not in text


async def test_every_shipped_source_answers_through_its_client(simulator: RunningSimulator) -> None:
    async with calling(simulator) as http:
        clients = SourceClients(http, shipped_sources())
        for source in shipped_sources().values():
            params = {param.id: "样例" for param in source.params}
            fetched = await clients.fetch(source.code, params, f"shipped-client/{source.code}", case_no="1")
            assert isinstance(fetched, Fetched)
            assert set(fetched.record) == {field.id for field in source.fields}


async def test_a_held_name_is_released_through_the_client(simulator: RunningSimulator) -> None:
    async with calling(simulator) as http:
        clients = SourceClients(http, shipped_sources())
        await clients.fetch("name-reservation", {"company_name": "杭州𠮷祥"}, "rel/1/1/fetch/0")
        assert await clients.release("name-reservation", "rel/1/1/fetch/0", "rel/1/2/undo/0") == Done()
    assert [effect["undone"] for effect in simulator.effects(key="rel/1/1/fetch/0")] == [True]


async def test_revocations_and_notices_through_their_clients(simulator: RunningSimulator) -> None:
    simulator.control("bank", side="departments", mode="refuse")
    async with calling(simulator) as http:
        departments, gateway = DepartmentClients(http, "http://api"), NoticeGateway(http)
        assert await departments.revoke("hpf", "1", "fund-account", "1/1/1/decide/0", "dc/1") == Done()
        assert await departments.revoke("bank", "1", "account", "1/1/1/decide/1", "dc/2") == Refused("not_revocable")
        assert await gateway.send("sms", "closed", "applicant", "1", "dc/3") == Done()
    assert [effect["code"] for key in ("dc/1", "dc/2", "dc/3") for effect in simulator.effects(key=key)] == [
        "hpf",
        "notice-gateway",
    ]


async def test_a_notice_says_what_for_and_nothing_of_it() -> None:
    seen: list[httpx.Request] = []

    def handler(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(200, json={"done": True})

    http = HttpClient("http://outside", MovedClock(), transport=httpx.MockTransport(handler))
    await NoticeGateway(http).send("sms", "closed", "applicant/1", "1", "1/1/9.x.0")
    await http.aclose()
    told = {"channel": "sms", "template": "closed", "to_ref": "applicant/1", "case_no": "1"}
    assert [orjson.loads(request.content) for request in seen] == [told]


@pytest.mark.parametrize(
    ("change", "cause"),
    [
        ({"mode": "down"}, Cause.SERVER_ERROR),
        ({"failure_rate": 1, "failures": ["cut"]}, Cause.CONNECTION),
        ({"failure_rate": 1, "failures": ["hang"]}, Cause.TIMEOUT),
        ({"latency_s": 600}, Cause.TIMEOUT),
    ],
    ids=["down", "cut", "hang", "slow"],
)
async def test_each_way_to_fail_is_unavailability(
    simulator: RunningSimulator, change: dict[str, Any], cause: Cause, request: pytest.FixtureRequest
) -> None:
    code = f"fails-{request.node.callspec.id}"
    simulator.control(code, **change)
    patience_s = 0.3 if cause is Cause.TIMEOUT else PATIENCE_S
    source = a_source(code=code, path=f"/sources/{code}/records", timeout_s=patience_s)
    async with calling(simulator) as http:
        with pytest.raises(SourceUnavailable) as raised:
            await SourceClients(http, {code: source}).fetch(code, {"uscc": "91"}, f"{code}/1")
    assert raised.value.cause is cause


async def test_asked_until_it_answers_a_failing_source_has_one_effect_a_key(simulator: RunningSimulator) -> None:
    code = "flaky-client"
    simulator.control(code, failure_rate=0.4, seed=7, record={"uscc": "91", "status": "存续"})
    # long enough for a busy machine to answer; those that hang are to be waited for so long
    source = a_source(code=code, path=f"/sources/{code}/records", timeout_s=3)
    attempts = 0

    async with calling(simulator) as http:
        clients = SourceClients(http, {code: source})

        async def until_answered(key: str) -> Fetched | Refused:
            nonlocal attempts
            while True:
                attempts += 1
                try:
                    return await clients.fetch(code, {"uscc": "91"}, key)
                except SourceUnavailable as unavailable:
                    await asyncio.sleep(unavailable.retry_after or 0)

        keys = [f"flaky-client/{number}" for number in range(40)]
        answers = await asyncio.gather(*map(until_answered, keys))
    assert all(isinstance(answer, Fetched) for answer in answers)
    assert attempts > 50
    assert [effect["effects"] for key in keys for effect in simulator.effects(key=key)] == [1] * 40
    unseen = [call for key in keys for call in simulator.calls(key=key) if call["effect"] and call["failure"]]
    assert unseen, "done-but-timed-out must have happened for this test to mean anything"


async def test_nobody_listening_is_unavailability() -> None:
    http = HttpClient("http://127.0.0.1:9", MovedClock())
    try:
        with pytest.raises(SourceUnavailable) as raised:
            await NoticeGateway(http).send("sms", "closed", "applicant", "1", "k/1")
    finally:
        await http.aclose()
    assert raised.value.cause is Cause.CONNECTION
