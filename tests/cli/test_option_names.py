"""What the API finds wrong is told by the option that said it. Every command's own examples are run against a server
that finds fault with each value it is sent: no pointer is left for people to puzzle over."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import orjson
import pytest

from onething.cli.client.client import Client
from onething.cli.client.problem import ApiRefused
from tests.cli.in_process import run
from tests.cli.test_help import EXPECTED, help_of
from tests.support import people

CASE_NO = "330100202611300000014"
CASE: dict[str, Any] = {
    "case_no": CASE_NO,
    "name": "企业开办",
    "bundle": "enterprise-opening",
    "status": "draft",
    "channel": "online",
    "version": 1,
    "items": [],
    "applicant": people.ZHANG.named,
    "available_actions": [],
}
BUNDLE: dict[str, Any] = {"departments": [], "form": [], "questions": [], "materials": [], "items": []}
ELSEWHERE = re.compile(
    r"calendar|definitions|departments|journal|schema|connector|agent|demo|up|down|status|api|worker"
)
"""Commands of which no case, and no client of the API, is part."""
FROM_FILES = {"case submit", "event send"}
"""Whose bodies stand in a file: there the line of the file is told."""
ONLY_WATCHES = "case watch"


class FaultFinder:
    """Lets everything be read, and refuses what is said for each value in it."""

    def __init__(self) -> None:
        self.found: list[str] = []

    def answer(self, request: httpx.Request) -> httpx.Response:
        if request.method == "GET" and (not request.url.params or CASE_NO in request.url.path):
            return httpx.Response(200, json=self._read(request.url.path))
        if request.url.path == people.SIGN_IN_PATH:
            return httpx.Response(200, json={"access_token": "t", "expires_in": 3600})
        body = orjson.loads(request.content) if request.headers.get("content-type") == "application/json" else {}
        errors = [{"pointer": place, "code": "invalid_value", "detail": "不对。"} for place in _places(body)]
        named = (name for name in request.url.params if name != "limit")  # which commands may choose themselves
        errors += [{"parameter": name, "code": "invalid_value", "detail": "不对。"} for name in named]
        self.found += [str(one.get("pointer") or one.get("parameter")) for one in errors]
        problem = {
            "title": "内容需要修改",
            "status": 422,
            "detail": "不对。",
            "code": "invalid_request",
            "errors": errors,
        }
        return httpx.Response(422, json=problem)

    @staticmethod
    def _read(path: str) -> dict[str, Any]:
        if path.startswith("/api/bundles/"):
            return BUNDLE
        if path.startswith("/api/tasks/"):
            return {"decision_form": [], "look_up": {"fields": []}}
        return CASE if re.fullmatch(r"/api/cases/\d+", path) else {"items": [], "next": None, "letters": []}


def _places(value: Any, at: str = "") -> Iterator[str]:
    """A pointer to each thing in it that can be wrong: what is said, and each of several."""
    children = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, child in children:
        yield f"{at}/{name}"
        yield from _places(child, f"{at}/{name}")


def examples(command: str) -> list[str]:
    text = re.sub(r"\s*\\\s*\n\s*", " ", help_of(command).partition("例：")[2])
    lines = re.findall(rf"^\s*(onething {command}\b.*?)\s*$", text, re.MULTILINE)
    return [line.rstrip(" │").partition(" > ")[0] for line in lines]


TALKING = sorted(
    one for one in EXPECTED if not ELSEWHERE.fullmatch(one.partition(" ")[0]) and one not in {*FROM_FILES, ONLY_WATCHES}
)


@pytest.mark.parametrize("command", TALKING)
def test_what_is_wrong_is_told_by_the_option_that_said_it(
    command: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    server = FaultFinder()
    monkeypatch.setattr(
        "onething.cli.client.session.Client",
        lambda base, token=None, **_: Client(base, token, transport=httpx.MockTransport(server.answer)),
    )
    monkeypatch.chdir(tmp_path)
    (tmp_path / "章程.pdf").write_bytes(b"%PDF-")
    env = {"ONETHING_URL": "http://api.test", "XDG_CONFIG_HOME": str(tmp_path), "ONETHING_PASSWORD": "p"}
    for line in examples(command):
        typed = line.replace("办件编号", CASE_NO).replace("待办编号", f"{CASE_NO}-registration-1")
        typed += (
            " --yes" if command in ("case withdraw", "case discard", "case confirm") and "--yes" not in typed else ""
        )
        ended = run(*shlex.split(typed)[1:], env=env)
        assert ended.exit_code != 2, (typed, ended.output)
        if not server.found:
            continue
        assert isinstance(ended.exception, ApiRefused), (typed, ended.output, ended.exception)
        told = [one.partition("：")[0].strip() for one in ended.exception.message.splitlines()[1:] if "不对" in one]
        assert len(told) == len(server.found)
        for place, spoken in zip(server.found, told, strict=True):
            assert re.match(r"--[a-z]|“", spoken), f"{typed}：{place} is told as {spoken}"
        server.found.clear()
