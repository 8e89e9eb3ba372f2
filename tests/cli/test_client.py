"""The HTTP client: one key per intent, whatever happens on the way."""

import itertools
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from onething.cli.client.client import Client, new_key
from onething.cli.client.problem import ApiRefused, Unreachable
from onething.cli.client.session import TokenFile
from onething.cli.client.sse import CaseEvent
from onething.cli.terminal.failures import ExitCode

Answer = httpx.Response | Exception


class Server:
    """Answers in the given order, the last for ever; remembers what it was told."""

    def __init__(self, *answers: Answer | Callable[[], Answer]) -> None:
        self._answers: Iterator[Answer | Callable[[], Answer]] = itertools.chain(
            answers[:-1], itertools.repeat(answers[-1])
        )
        self.requests: list[httpx.Request] = []
        self.pauses: list[float] = []

    def client(self, patience_s: float = 60) -> Client:
        transport = httpx.MockTransport(self._answer)
        return Client("http://api.test", "t0ken", patience_s=patience_s, sleep=self.pauses.append, transport=transport)

    @property
    def keys(self) -> list[str]:
        return [request.headers["idempotency-key"] for request in self.requests]

    def _answer(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        answer = next(self._answers)
        if callable(answer):
            answer = answer()
        if isinstance(answer, Exception):
            raise answer
        return answer


def ok() -> httpx.Response:
    return httpx.Response(201, json={"case_no": "1"})


def problem(status: int, code: str, **more: object) -> Callable[[], httpx.Response]:
    body = {"type": "about:blank", "title": "题", "status": status, "detail": "细节。", "code": code, **more}
    return lambda: httpx.Response(status, json=body, headers={"content-type": "application/problem+json"})


@pytest.mark.parametrize(
    "trouble",
    [
        httpx.ConnectError("refused"),
        httpx.ReadTimeout("no answer"),
        httpx.RemoteProtocolError("cut"),
        problem(503, "busy"),
        problem(500, "internal"),
        problem(429, "too_many_requests"),
    ],
)
def test_a_post_is_repeated_with_the_same_key(trouble: Answer) -> None:
    server = Server(trouble, trouble, ok)
    assert server.client().post("/api/cases", {"a": 1}) == {"case_no": "1"}
    assert len(server.requests) == 3
    assert len(set(server.keys)) == 1
    assert {request.content for request in server.requests} == {server.requests[0].content}


def test_each_intent_has_a_key_of_its_own() -> None:
    server = Server(ok)
    client = server.client()
    client.post("/api/cases", {})
    client.post("/api/cases", {})
    assert len(set(server.keys)) == 2


def test_a_key_may_be_kept_by_the_caller() -> None:
    server, key = Server(ok), new_key()
    server.client().post("/api/cases", {}, key=key)
    assert server.keys == [key]


@pytest.mark.parametrize(
    ("status", "code"), [(422, "invalid_request"), (409, "already_decided"), (403, "not_permitted")]
)
def test_a_refusal_is_final(status: int, code: str) -> None:
    server = Server(problem(status, code))
    with pytest.raises(ApiRefused) as refused:
        server.client().post("/api/cases", {})
    assert len(server.requests) == 1
    assert refused.value.problem.code == code
    assert refused.value.exit_code is ExitCode.REFUSED


def test_patience_ends_with_a_word_about_the_stack() -> None:
    server = Server(httpx.ConnectError("refused"))
    with pytest.raises(Unreachable) as unreachable:
        server.client(patience_s=3).get("/api/cases")
    assert "onething up" in unreachable.value.message
    assert unreachable.value.exit_code is ExitCode.UNREACHABLE
    assert sum(server.pauses) <= 3


def test_patience_with_a_server_that_is_unwell_ends_with_its_problem() -> None:
    with pytest.raises(ApiRefused) as refused:
        Server(problem(503, "busy")).client(patience_s=1).get("/api/cases")
    assert refused.value.exit_code is ExitCode.UNREACHABLE


def test_retry_after_is_honoured() -> None:
    server = Server(httpx.Response(429, headers={"retry-after": "7"}), ok)
    server.client().post("/api/cases", {})
    assert server.pauses == [7.0]


def test_pages_are_followed_to_the_end() -> None:
    pages = [{"items": [1, 2], "next": "b"}, {"items": [3], "next": None}]
    server = Server(*(httpx.Response(200, json=page) for page in pages))
    assert list(server.client().pages("/api/tasks", state="open")) == [1, 2, 3]
    assert "after" not in server.requests[0].url.params
    assert server.requests[1].url.params["after"] == "b"


def stream(text: str, media_type: str = "text/event-stream; charset=utf-8") -> httpx.Response:
    return httpx.Response(200, content=text.encode(), headers={"content-type": media_type})


def test_events_are_read_and_heartbeats_passed_over() -> None:
    server = Server(
        stream(
            ": ping\r\n\r\n"
            "id: 3\r\nevent: accepted\r\n"
            'data: {"seq": 3, "kind": "accepted",\r\ndata: "item": null}\r\n\r\n'
            ": 还在\r\n\r\n"
            'id: 4\r\ndata: {"seq": 4, "kind": "decided", "item": "a\u2028b"}\r\n\r\n'
            "event: end\r\ndata: {}\r\n\r\n"
        )
    )
    assert list(server.client().events("33")) == [CaseEvent(3, "accepted", None), CaseEvent(4, "decided", "a\u2028b")]


def test_events_go_on_after_the_last_one_seen() -> None:
    server = Server(stream('id: 8\ndata: {"seq": 8, "kind": "withdrawn"}\n\n'))
    assert list(server.client().events("33", after=7)) == [CaseEvent(8, "withdrawn", None)]
    assert server.requests[0].headers["last-event-id"] == "7"


def test_a_page_in_place_of_events_is_no_stream() -> None:
    with pytest.raises(Unreachable):
        list(Server(stream("<html>sign in</html>", "text/html")).client().events("33"))


def test_tokens_are_kept_for_their_owner_only(tmp_path: Path) -> None:
    file = TokenFile(tmp_path / "new" / "tokens.json")
    file.keep("http://a", "counter", "secret", 3600, current=True)
    file.keep("http://a", "citizen", "other", 3600, current=False)
    assert file.file.stat().st_mode & 0o777 == 0o600
    assert (file.current("http://a"), file.find("http://a", "citizen")) == ("secret", "other")
    assert file.current("http://b") is None


def test_an_expired_token_is_not_used(tmp_path: Path) -> None:
    file = TokenFile(tmp_path / "tokens.json")
    file.keep("http://a", "counter", "secret", 5, current=True)
    assert file.current("http://a") is None


def test_a_broken_token_file_is_as_good_as_none(tmp_path: Path) -> None:
    (tmp_path / "tokens.json").write_text("{not json")
    assert TokenFile(tmp_path / "tokens.json").current("http://a") is None
