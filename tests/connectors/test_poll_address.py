"""Where a source says that its answer will be: kept, asked there, and nowhere that is not its own."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from onething.connectors.credentials import SourceCredentials
from onething.connectors.http_client import HttpClient
from onething.connectors.poll_address import own_address
from onething.connectors.sources import SourceClients
from onething.domain.lookups.answers import (
    Cause,
    Fetched,
    Refused,
    SourceAnswerMalformed,
    SourceUnavailable,
)
from onething.domain.sources.source import ApiKey, SourceDefinition, SourceStyle
from tests.connectors.support import MovedClock, a_source

BASE = httpx.URL("http://outside:8080/hub/")
UNDER = "/sources/x/records"
ASKED = BASE.join("sources/x/records")
GOOD: dict[str, Any] = {"record": {"uscc": "91", "status": "存续"}, "as_of": "2026-11-20T09:00:00+08:00"}
POLLED = a_source(style=SourceStyle.POLL, ask_again_s=60, path=UNDER)


@pytest.mark.parametrize(
    ("location", "address"),
    [
        ("/hub/sources/x/records/ops/17", f"{UNDER}/ops/17"),
        ("http://outside:8080/hub/sources/x/records/ops/17", f"{UNDER}/ops/17"),
        ("records/ops/17", f"{UNDER}/ops/17"),
        ("?op=17", f"{UNDER}?op=17"),
        ("/hub/sources/x/records/ops/17?part=a%20b", f"{UNDER}/ops/17?part=a%20b"),
        ("/hub/sources/x/records/%E7%94%B2", f"{UNDER}/%E7%94%B2"),
    ],
)
def test_a_place_of_its_own(location: str, address: str) -> None:
    assert own_address(BASE, UNDER, ASKED, location) == address


@pytest.mark.parametrize(
    "location",
    [
        "http://elsewhere:8080/hub/sources/x/records/1",
        "//elsewhere/hub/sources/x/records/1",
        "https://outside:8080/hub/sources/x/records/1",
        "http://outside:80/hub/sources/x/records/1",
        "http://outside:8080@elsewhere/hub/sources/x/records/1",
        "http://user@outside:8080/hub/sources/x/records/1",
        "http://169.254.169.254/latest/meta-data",
        "file:///etc/passwd",
        "/sources/x/records/1",
        "/hub/sources/y/records/1",
        "/hub/sources/x/recordsandmore",
        "/hub/sources/x/records/../../y/records/1",
        "/hub/sources/x/records/%2e%2e/%2e%2e/y",
        "/hub/sources/x/records/..%2f..%2fy",
        "/hub/sources/x/records/%252e%252e/y",
        "/hub/sources/x/records\\..\\y",
        "/hub/sources/x/records/1#part",
        "/hub/sources/x/records/1\r\nHost: elsewhere",
        "/hub/sources/x/records/甲",
        "/hub/sources/x/records/" + "1" * 1000,
        "http://[::1",
    ],
)
def test_nowhere_else(location: str) -> None:
    assert own_address(BASE, UNDER, ASKED, location) is None


@given(st.text(alphabet="/.%2eEfF:@?#\\ahub-x0records", max_size=60))
def test_whatever_it_says_the_call_stays_with_the_source(location: str) -> None:
    address = own_address(BASE, UNDER, ASKED, location)
    if address is not None:
        sent = httpx.Client(base_url=BASE).build_request("GET", address).url
        assert (sent.scheme, sent.host, sent.port, sent.userinfo) == ("http", "outside", 8080, b"")
        assert sent.path == "/hub" + UNDER or sent.path.startswith(f"/hub{UNDER}/")


class Kept:
    def __init__(self) -> None:
        self.by_key: dict[str, str] = {}

    async def of(self, key: str) -> str | None:
        return self.by_key.get(key)

    async def keep(self, key: str, address: str, minutes: int) -> None:
        assert minutes == POLLED.patience_minutes
        self.by_key[key] = address

    async def forget(self, key: str) -> None:
        del self.by_key[key]


class Source:
    """Answers by a script, and remembers what it was asked."""

    def __init__(self, *answers: httpx.Response, source: SourceDefinition = POLLED) -> None:
        self._answers = list(answers)
        self._source = source
        self.asked: list[tuple[str, str, bytes]] = []
        self.kept = Kept()

    def _handle(self, request: httpx.Request) -> httpx.Response:
        assert request.headers["idempotency-key"] == "k/1"
        self.asked.append((request.method, request.url.raw_path.decode(), request.content))
        return self._answers.pop(0)

    async def attempt(self) -> Fetched | Refused | Cause | str | float:
        """By a worker of its own. In progress: when to come again."""
        http = HttpClient(str(BASE), MovedClock(), transport=httpx.MockTransport(self._handle))
        clients = SourceClients(http, {self._source.code: self._source}, addresses=self.kept)
        try:
            return await clients.fetch(self._source.code, {"uscc": "91"}, "k/1")
        except SourceUnavailable as unavailable:
            return unavailable.retry_after or unavailable.cause
        except SourceAnswerMalformed as malformed:
            return malformed.problem
        finally:
            await http.aclose()


def accepted(location: str, **headers: str) -> httpx.Response:
    return httpx.Response(202, headers={"Location": location, **headers})


FIRST = ("POST", "/hub/sources/x/records", b'{"uscc":"91"}')


async def test_the_next_worker_asks_there() -> None:
    source = Source(
        accepted("/hub/sources/x/records/ops/17", **{"Retry-After": "7"}),
        httpx.Response(202, headers={"Retry-After": "8"}),
        httpx.Response(503),
        httpx.Response(200, json=GOOD),
    )
    assert [await source.attempt() for _ in range(3)] == [7, 8, Cause.SERVER_ERROR]
    assert isinstance(await source.attempt(), Fetched)
    assert source.asked == [FIRST, *[("GET", "/hub/sources/x/records/ops/17", b"")] * 3]


async def test_the_answer_may_be_elsewhere() -> None:
    source = Source(
        accepted("/hub/sources/x/records/ops/17"),
        httpx.Response(303, headers={"Location": "/hub/sources/x/records/results/4"}),
        httpx.Response(200, json=GOOD),
    )
    assert [await source.attempt() for _ in range(2)] == [Cause.IN_PROGRESS, 1]
    assert isinstance(await source.attempt(), Fetched)
    assert [path for _, path, _ in source.asked[1:]] == [f"/hub{UNDER}/ops/17", f"/hub{UNDER}/results/4"]


async def test_it_may_refuse_there() -> None:
    refusal = httpx.Response(404, json={"refused": True, "reason": "no_record"})
    source = Source(accepted("records/ops/17"), refusal)
    await source.attempt()
    assert await source.attempt() == Refused("no_record")


@pytest.mark.parametrize("lost", [httpx.Response(404), httpx.Response(410, json={}), httpx.Response(200, json=[])])
async def test_a_place_that_is_gone_is_forgotten_and_the_key_asks_anew(lost: httpx.Response) -> None:
    source = Source(accepted("records/ops/17"), lost, httpx.Response(200, json=GOOD))
    await source.attempt()
    assert isinstance(await source.attempt(), str)
    assert isinstance(await source.attempt(), Fetched)
    assert (source.asked[2], source.kept.by_key) == (FIRST, {})


async def test_a_place_of_somebody_else_is_not_asked() -> None:
    source = Source(accepted("http://elsewhere/"), httpx.Response(200, json=GOOD))
    assert await source.attempt() == "Location"
    assert (source.kept.by_key, len(source.asked)) == ({}, 1)
    assert isinstance(await source.attempt(), Fetched)


async def test_what_the_definition_allows_beside_its_path() -> None:
    allowed = POLLED.model_copy(update={"status_path": "/ops"})
    source = Source(accepted("/hub/ops/17"), httpx.Response(200, json=GOOD), source=allowed)
    await source.attempt()
    assert isinstance(await source.attempt(), Fetched)
    assert await Source(accepted("/hub/sources/x/records/17"), source=allowed).attempt() == "Location"


@pytest.mark.parametrize("style", [SourceStyle.ANSWERS, SourceStyle.CALLBACK])
async def test_of_other_styles_it_is_not_heeded(style: SourceStyle) -> None:
    source = Source(accepted("http://elsewhere/"), source=POLLED.model_copy(update={"style": style}))
    assert await source.attempt() is Cause.IN_PROGRESS


async def test_without_a_memory_the_same_key_asks_again() -> None:
    answers: list[httpx.Response] = [accepted("http://elsewhere/"), httpx.Response(200, json=GOOD)]
    handler: Callable[[httpx.Request], httpx.Response] = lambda request: answers.pop(0)  # noqa: E731
    http = HttpClient(str(BASE), MovedClock(), transport=httpx.MockTransport(handler))
    clients = SourceClients(http, {POLLED.code: POLLED})
    with pytest.raises(SourceUnavailable):
        await clients.fetch(POLLED.code, {"uscc": "91"}, "k/1")
    assert isinstance(await clients.fetch(POLLED.code, {"uscc": "91"}, "k/1"), Fetched)
    await http.aclose()


async def test_it_is_asked_there_as_who_we_are() -> None:
    seen: list[tuple[str, str | None]] = []

    def handler(request: httpx.Request) -> httpx.Response:
        seen.append((request.method, request.headers.get("x-api-key")))
        return accepted("records/ops/17") if request.method == "POST" else httpx.Response(200, json=GOOD)

    clock = MovedClock()
    http = HttpClient(
        str(BASE),
        clock,
        transport=httpx.MockTransport(handler),
        credentials=SourceCredentials({"hub": "secret"}, clock),
    )
    source = POLLED.model_copy(update={"authentication": ApiKey(secret="hub")})
    clients = SourceClients(http, {source.code: source}, addresses=Kept())
    with pytest.raises(SourceUnavailable):
        await clients.fetch(source.code, {"uscc": "91"}, "k/1")
    assert isinstance(await clients.fetch(source.code, {"uscc": "91"}, "k/1"), Fetched)
    await http.aclose()
    assert seen == [("POST", "secret"), ("GET", "secret")]
