"""Whatever is sent, to whichever route: no answer is bigger than a page or the question, nothing fails inside, and the
process goes on. What is wrong is told, the first fifty of it, and looked for no further."""

import asyncio
import json
import random
import socket
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest

import api.prefills
from onething.domain.errors import MOST_PROBLEMS
from onething.edge import routes, strict
from onething.security.signed_calls import sign
from tests.api import acts
from tests.api.conftest import Live
from tests.api.forms import opening
from tests.api.test_strictness import errors
from tests.api.town import Town
from tests.support import people
from tests.support.patience import PATIENCE_S
from tests.support.whole import sampled

PAGE = 65_536
JSON = "application/json"
FORM = "application/x-www-form-urlencoded"
PARTS = "multipart/form-data; boundary=b"
EVENT = "application/cloudevents+json"
SECRETS = {"/api/events": b"e", "/api/callbacks": b"b"}
CALLERS = ("citizen", "counter", "officer.amr", "leader.amr", "supervisor", "admin")


@dataclass(frozen=True)
class Route:
    method: str
    path: str
    media_type: str | None
    members: tuple[str, ...] = ()
    """Of the object that it takes."""


@dataclass
class Site:
    """One town with a case under way, and for each route who gets furthest there."""

    town: Town
    known: dict[str, str]
    routes: list[Route]
    callers: dict[Route, str | None] = field(default_factory=dict)

    def address(self, route: Route) -> str:
        return route.path.format(**(self.known if route.media_type else self.known | {"case_no": "9" * 21}))

    async def send(self, route: Route, raw: bytes, media_type: str | None, query: str = "") -> httpx.Response:
        headers = {"Idempotency-Key": "k", "If-Match": "1"}
        if media_type is not None:
            headers["Content-Type"] = media_type
        secret = next((key for begin, key in SECRETS.items() if route.path.startswith(begin)), None)
        if secret:
            headers |= sign(secret * 32, "call", int(self.town.clock.now().timestamp()), raw)
        client = self.town.client(self.callers[route])
        return await client.request(route.method, self.address(route) + query, content=raw, headers=headers)


def described(document: dict[str, Any]) -> Iterator[Route]:
    schemas = document["components"]["schemas"]
    for path, calls in document["paths"].items():
        for method, call in calls.items():
            content = call.get("requestBody", {}).get("content", {})
            media_type = next(iter(content), None)
            schema = content.get(media_type, {}).get("schema", {})
            for one in (schema, *schema.get("anyOf", ())):
                schema = schemas.get(one.get("$ref", "").rpartition("/")[2], schema)
            yield Route(method.upper(), path, media_type, tuple(schema.get("properties", ())))


@pytest.fixture(scope="module")
async def site(town: Town) -> Site:
    case_no = await acts.accepted_case(town)
    known = {
        "case_no": case_no, "task_id": f"{case_no}-registration-1", "code": "enterprise-opening", "data": "x",
        "department": "amr", "source": "standard-address", "letter": "1", "number": "X", "prefill": "0" * 24,
        "mandate": f"m{'0' * 16}", "subscription": "0" * 16, "item": "registration",
        "page": "1", "view": "1", "phrase": "1", "visit": "1", "region": "330100", "period": "x", "inspection": "x",
    }  # fmt: skip
    made = Site(town, known, list(described((await town.get(None, "/api/openapi.json")).json())))
    for route in made.routes:
        for caller in CALLERS if route.media_type else ("citizen",):
            made.callers[route] = caller
            if (await made.send(route, b"{}", route.media_type)).status_code not in (403, 404):
                break
    return made


def _all(route: Route, value: Any) -> bytes:
    """Every member of what the route takes, with this value."""
    return json.dumps(dict.fromkeys(route.members or ("x",), value)).encode()


def _many(route: Route, length: int) -> bytes:
    members = route.members or ("x",)
    return _all(route, [{"?": n % 7} for n in range(length // len(members))])


def _padded(raw: bytes) -> bytes:
    """Long enough to be read by a thread."""
    return raw.ljust(strict.ON_THE_LOOP_BYTES + 1)


BODIES: dict[str, tuple[Callable[[Route], bytes], str | None]] = {
    "a megabyte of noise": (lambda _: random.Random(1).randbytes(999_999), JSON),
    "a megabyte of brackets": (lambda _: b"[" * 999_999, JSON),
    "more than a megabyte": (lambda _: b" " * 1_000_001, JSON),
    "20,000 unknown members": (lambda _: json.dumps({f"k{n}": n for n in range(20_000)}).encode(), JSON),
    "as many unknown members as are read": (lambda _: json.dumps({f"k{n}": n for n in range(9_999)}).encode(), JSON),
    "unknown members on the loop": (lambda _: json.dumps({f"k{n}": n for n in range(4_000)}).encode(), JSON),
    "20,000 wrong entries": (lambda route: _many(route, 20_000), JSON),
    "as many wrong entries as are read": (lambda route: _padded(_many(route, 4_000)), JSON),
    "wrong entries on the loop": (lambda route: _many(route, 2_000), JSON),
    "deep": (lambda _: b'{"x":' * 31 + b"1" + b"}" * 31, JSON),
    "too deep": (lambda _: b'{"x":' * 100_000 + b"1" + b"}" * 100_000, JSON),
    "huge text": (lambda route: _all(route, "长" * (300_000 // (len(route.members) or 1) // 6)), JSON),
    "huge numbers": (lambda route: _all(route, 0).replace(b" 0", b" " + b"9" * (900_000 // (len(route.members) or 1))),
                     JSON),
    "infinite numbers": (lambda route: _all(route, 0).replace(b" 0", b" 1e999"), JSON),
    "a huge name": (lambda _: json.dumps({"n" * 900_000: 1}).encode(), JSON),
    "names that grow when written": (lambda _: _long_pointers(), JSON),
    "half characters": (lambda route: _all(route, 0).replace(b" 0", b' "\\ud800"'), JSON),
    "null": (lambda _: b"null", JSON),
    "nulls": (lambda route: _all(route, None), JSON),
    "plain text": (lambda _: b"x" * 100_000, "text/plain"),
    "a form": (lambda _: b"a=" + b"1" * 100_000, FORM),
    "many fields of a form": (lambda _: b"&".join(b"a%d=1" % n for n in range(500)), FORM),
    "parts": (lambda _: b"--b\r\nContent-Disposition: form-data; name=x\r\n\r\n" * 1_000, PARTS),
    "parts with a huge header": (lambda _: b"--b\r\n" + b"x" * 500_000 + b": y\r\n\r\n", PARTS),
    "no type": (lambda _: b"{}", None),
    "an odd type": (lambda _: b"{}", "application/json; charset=utf-16"),
    "an event of nonsense": (lambda _: json.dumps({f"k{n}": {} for n in range(4_000)}).encode(), EVENT),
    "an event that is a list": (lambda _: b"[" + b"1," * 4_000 + b"1]", EVENT),
}  # fmt: skip


OF_NO_USE = ("a megabyte of noise", "a form")
"""Sent to those routes too that take nothing."""


def _long_pointers() -> bytes:
    inner: Any = {"\x01" * 199 + str(n % 10): "\x00" for n in range(10)}
    for _ in range(29):
        inner = {"\x02" * 200: inner}
    return json.dumps(inner).encode()


def _check(route: Route, asked: int, answer: httpx.Response) -> str | None:
    """What is wrong with the answer, if anything is. Figures for operators are as long as there are routes."""
    told = f"{route.method} {route.path}: {answer.status_code} of {len(answer.content)} bytes"
    too_long = len(answer.content) > max(PAGE, asked) and route.path != "/metrics"
    if answer.status_code >= 500 or too_long:
        return f"{told}: {answer.text[:300]}"
    if answer.status_code < 400:
        return None
    body = answer.json()
    if answer.headers["content-type"] != "application/problem+json" or len(body.get("errors", ())) > MOST_PROBLEMS:
        return f"{told}: {answer.text[:300]}"
    return None


@pytest.mark.parametrize("kind", sampled(list(BODIES), 6))
async def test_no_answer_is_bigger_than_the_question(site: Site, kind: str) -> None:
    make, media_type = BODIES[kind]
    wrong = []
    for route in site.routes:
        if route.media_type is None and kind not in OF_NO_USE:
            continue  # it reads no body, whatever that is
        raw = make(route)
        answer = await site.send(route, raw, media_type)
        wrong.append(_check(route, len(raw), answer))
    assert [one for one in wrong if one] == []
    assert (await site.town.get(None, "/readyz")).json() == {"status": "ready"}


QUERIES = {
    "a huge name": "?" + "n" * 60_000 + "=1",
    "the same huge name twice": "?" + "&".join(["n" * 30_000 + "=1"] * 2),
    "many": "?" + "&".join(f"k{n}=1" for n in range(6_000)),
    "huge values": "?" + "&".join(f"{name}=" + "1" * 9_000 for name in ("limit", "after", "bundle", "from", "code")),
}


@pytest.mark.parametrize("kind", sampled(list(QUERIES), 2))
async def test_nor_by_what_the_address_says(site: Site, kind: str) -> None:
    query = QUERIES[kind]
    wrong = [
        _check(route, 0, await site.send(route, b"{}" if route.media_type else b"", route.media_type, query))
        for route in site.routes
    ]
    assert [one for one in wrong if one] == []


async def test_every_route_that_takes_something_was_met_by_who_may(site: Site) -> None:
    """Or the rest would prove little: with an empty object most of them find something missing, and say so."""
    taking = [route for route in site.routes if route.media_type]
    statuses = {route: (await site.send(route, b"{}", route.media_type)).status_code for route in taking}
    assert len(taking) >= 45
    assert sum(status in (200, 201, 409, 415, 422) for status in statuses.values()) >= 40, statuses


def _rows(count: int) -> list[dict[str, int]]:
    return [{f"k{n}": 1 for n in range(row, row + 40)} for row in range(count)]


def _form_of_nonsense() -> dict[str, Any]:
    whole = opening()
    return whole | {"form": whole["form"] | {f"k{n}": "x" for n in range(400)}}


def _lists_of_nonsense() -> dict[str, Any]:
    """As the framework sees it: the wrong shape four hundred times."""
    return opening(materials=[{"code": "A B", "form": "paper"}] * 200, commitments=["A B"] * 200)


def _materials_of_nonsense() -> dict[str, Any]:
    """In the right shape, and none that the case needs."""
    return opening(commitments=[f"none-{n}" for n in range(200)], reuse=[f"none-{n}" for n in range(200)])


def _rows_of_nonsense() -> dict[str, Any]:
    whole = opening()
    whole["answers"]["company_type"] = "llc"
    return whole | {"form": whole["form"] | {"directors": _rows(20), "shareholders": _rows(20)}}


@pytest.mark.parametrize("make", [_form_of_nonsense, _lists_of_nonsense, _materials_of_nonsense, _rows_of_nonsense])
async def test_judging_stops_at_fifty_and_says_that_there_is_more(town: Town, make: Callable[[], Any]) -> None:
    answer = await town.post("citizen", "/api/cases", make())
    assert answer.status_code == 422, answer.text
    told = answer.json()
    assert (len(told["errors"]), told["more"]) == (MOST_PROBLEMS, True)
    assert "前 50 处" in told["detail"]
    assert len({one["pointer"] for one in told["errors"]}) >= 40


@pytest.mark.parametrize("count", [MOST_PROBLEMS - 1, MOST_PROBLEMS, MOST_PROBLEMS + 1])
async def test_up_to_fifty_are_told_and_nothing_said_of_more(town: Town, count: int) -> None:
    answers = {**opening()["answers"], **{f"k{n}": True for n in range(count)}}
    told = (await town.post(None, "/api/bundles/enterprise-opening/plan", {"answers": answers})).json()
    more = count > MOST_PROBLEMS
    assert (len(told["errors"]), told.get("more", False)) == (min(count, MOST_PROBLEMS), more)
    assert (f"有 {count} 处" in told["detail"]) is not more


# -- by which thread, and when -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "value", [{"answers": {}}, {"answers": {f"k{n}": [] for n in range(300)}}], ids=["good", "bad"]
)
@pytest.mark.parametrize("more", [0, 1])
async def test_what_is_long_is_read_and_judged_off_the_event_loop(
    town: Town, monkeypatch: pytest.MonkeyPatch, more: int, value: Any
) -> None:
    by: dict[str, threading.Thread] = {}
    read, judge = strict.read_json, routes.StrictRoute._judge
    monkeypatch.setattr(
        strict, "read_json", lambda raw: by.setdefault("read", threading.current_thread()) and read(raw)
    )

    def judged(route: routes.StrictRoute, value: Any) -> None:
        by["judged"] = threading.current_thread()
        judge(route, value)

    monkeypatch.setattr(routes.StrictRoute, "_judge", judged)
    raw = json.dumps(value).encode().ljust(strict.ON_THE_LOOP_BYTES + more)
    headers = {"Content-Type": JSON}
    answer = await town.client().post("/api/bundles/newborn/plan", content=raw, headers=headers)
    assert answer.status_code == 422, answer.text
    here = threading.current_thread()
    assert [name for name, thread in by.items() if thread is not here] == (["read", "judged"] if more else [])


async def _never_ends() -> AsyncIterator[bytes]:
    yield b"{"
    await asyncio.Event().wait()


@pytest.mark.parametrize(
    ("who", "path", "media_type"),
    [
        ("citizen", "/api/cases", JSON),
        (None, "/api/bundles/newborn/plan", JSON),
        (None, "/api/events", JSON),
        (None, "/api/callbacks/amr", JSON),
        (None, people.SIGN_IN_PATH, FORM),
    ],
)
async def test_a_body_that_does_not_come_is_not_waited_for(
    town: Town, monkeypatch: pytest.MonkeyPatch, who: str | None, path: str, media_type: str
) -> None:
    assert strict.BODY_S == 30
    monkeypatch.setattr(strict, "BODY_S", 0.05)
    headers = {"Content-Type": media_type, "Idempotency-Key": "k"}
    sending = town.client(who).post(path, content=_never_ends(), headers=headers)
    answer = await asyncio.wait_for(sending, PATIENCE_S)
    assert (answer.status_code, answer.json()["code"]) == (408, "request_timeout")
    assert "重新发送" in answer.json()["detail"]
    assert answer.headers["connection"] == "close"


def test_a_connection_over_which_nothing_comes_is_cut(live: Live, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(strict, "BODY_S", 0.05)
    host, port = live.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), PATIENCE_S) as connection:
        head = (
            f"POST /api/bundles/newborn/plan HTTP/1.1\r\nHost: x\r\nContent-Type: {JSON}\r\nContent-Length: 9\r\n\r\n{{"
        )
        connection.sendall(head.encode())
        got = b""
        while chunk := connection.recv(65_536):  # ends as the other side closes
            got += chunk
    assert got.startswith(b"HTTP/1.1 408 ")
    assert b"request_timeout" in got


@pytest.mark.parametrize("media_type", [EVENT, JSON])
@pytest.mark.parametrize("secret", [None, b"x" * 32])
async def test_an_event_is_verified_before_it_is_read(
    town: Town, monkeypatch: pytest.MonkeyPatch, media_type: str, secret: bytes | None
) -> None:
    monkeypatch.setattr(api.prefills, "read_json", lambda _: pytest.fail("was read"))
    raw = b'{"source": '
    headers = sign(secret, "call", int(town.clock.now().timestamp()), raw) if secret else {}
    answer = await town.client().post("/api/events", content=raw, headers={"Content-Type": media_type, **headers})
    assert (answer.status_code, answer.json()["code"]) == (401, "bad_signature")


async def test_the_secret_of_another_system_opens_no_event(town: Town) -> None:
    """It is read then, and refused as not its own."""
    raw = json.dumps({"specversion": "1.0", "id": "1", "source": "x", "type": "t", "data": {}}).encode()
    headers = sign(b"e" * 32, "call", int(town.clock.now().timestamp()), raw)
    answer = await town.client().post("/api/events", content=raw, headers={"Content-Type": EVENT, **headers})
    assert (answer.status_code, answer.json()["code"]) == (401, "bad_signature")


@pytest.mark.parametrize("path", ["/api/callbacks/amr", "/api/callbacks/sources/standard-address"])
async def test_a_callback_is_verified_before_it_is_read(town: Town, monkeypatch: pytest.MonkeyPatch, path: str) -> None:
    monkeypatch.setattr(strict, "read_json", lambda _: pytest.fail("was read"))
    answer = await town.client().post(path, content=b"{", headers={"Content-Type": JSON})
    assert (answer.status_code, answer.json()["code"]) == (401, "bad_signature")


async def test_what_is_not_ours_is_not_repeated(town: Town) -> None:
    """A name that nobody gave to anything comes back cut, or not at all."""
    name = "n" * 5_000
    for answer in (
        await town.get("citizen", f"/api/cases?{name}=1"),
        await town.get("citizen", f"/api/cases?{name}=1&{name}=2"),
        await town.post(None, "/api/bundles/newborn/plan", {name: 1}),
        await town.post(None, "/api/bundles/newborn/plan", {"answers": {name: True}}),
        await town.client().request(name, "/api/cases"),
    ):
        assert answer.status_code in (405, 422)
        assert "n" * 201 not in answer.text
    assert "/answers" in errors(await town.post(None, "/api/bundles/newborn/plan", {"answers": {name: True}}))
