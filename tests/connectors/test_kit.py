"""The vendor's kit against a system that keeps the contract, and against one that breaks each rule."""

import base64
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpx
import pytest

from onething.connectors.kit import SAMPLE, Inbox, Kit
from onething.security.signed_calls import sign
from tests.connectors.support import RunningSimulator
from tests.support.patience import PATIENCE_S

Answer = tuple[int, Any]
SECRET = b"k" * 32
APPROVED = {"outcome": "approve", "opinion": "符合条件", "outputs": {"note": "好"}}


class Vendor:
    """A system that keeps the contract, unless a test breaks something."""

    def __init__(self) -> None:
        self.first: dict[str, Answer] = {}
        self.lock = threading.Lock()
        self.later = False
        self.secret = SECRET
        self.broken: Callable[[str | None, Any, Answer], Answer] = lambda key, order, answer: answer

    def answer(self, key: str | None, raw: bytes, callback_url: str) -> Answer:
        try:
            order = json.loads(raw)
        except ValueError:
            order = None
        with self.lock:
            return self.broken(key, order, self._right(key, order, callback_url))

    def _right(self, key: str | None, order: Any, callback_url: str) -> Answer:
        if key is None or order is None or not {"case_no", "item"} <= order.keys():
            return 400, {"error": "malformed"}
        if order["item"] != SAMPLE["item"]:
            return 409, {"refused": True, "reason": "unknown_item"}
        if key not in self.first:
            self.first[key] = (202, {}) if self.later else (200, APPROVED)
            if self.later:
                threading.Thread(target=self._call_back, args=(key, callback_url)).start()
        return self.first[key]

    def _call_back(self, key: str, url: str) -> None:
        body = json.dumps({"key": key, **APPROVED}).encode()
        with suppress(httpx.TransportError):  # the kit may have heard enough
            httpx.post(url, content=body, headers=sign(self.secret, key, int(time.time()), body), trust_env=False)


@contextmanager
def _served(vendor: Vendor) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            raw = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            status, content = vendor.answer(
                self.headers.get("Idempotency-Key"), raw, self.headers.get("Callback-Url", "")
            )
            body = json.dumps(content).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Nothing to say."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}/departments/amr/items"
    server.shutdown()
    server.server_close()


@pytest.fixture(autouse=True)
def _any_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("onething.connectors.kit.OUR_PATIENCE_S", PATIENCE_S)
    monkeypatch.setattr("onething.connectors.kit._LONGEST_S", PATIENCE_S)


def _failed(vendor: Vendor, callback_wait_s: float = PATIENCE_S) -> set[str]:
    with _served(vendor) as url, Inbox(SECRET, 0) as inbox:
        kit = Kit(url, SAMPLE, inbox, f"http://127.0.0.1:{inbox.port}/", callback_wait_s)
        return {one.name for one in kit.findings() if one.passed is False}


@pytest.mark.parametrize("later", [False, True])
def test_a_good_system_passes(later: bool) -> None:
    vendor = Vendor()
    vendor.later = later
    assert _failed(vendor) == set()


BROKEN: list[tuple[str, Callable[[str | None, Any, Answer], Answer]]] = [
    ("派件得到约定的答复", lambda key, order, right: (200, {"outcome": "yes"}) if right[0] == 200 else right),
    (
        "同一个键再问",
        lambda key, order, right: (200, {**APPROVED, "opinion": str(time.time())}) if right[0] == 200 else right,
    ),
    ("不认识的字段被忽略", lambda key, order, right: (400, {}) if order and "added_later" in order else right),
    ("不认识的事项不予处理，写明原因", lambda key, order, right: (404, {}) if right[0] == 409 else right),
    ("不是 JSON 的派件得到 4xx", lambda key, order, right: (500, {}) if order is None else right),
    ("缺少字段的派件得到 4xx", lambda key, order, right: (500, {}) if order and "item" not in order else right),
    ("没有键的派件得到 4xx", lambda key, order, right: (200, APPROVED) if key is None else right),
]


@pytest.mark.parametrize(("rule", "broken"), BROKEN, ids=[rule for rule, _ in BROKEN])
def test_each_broken_rule_is_found(rule: str, broken: Callable[[str | None, Any, Answer], Answer]) -> None:
    vendor = Vendor()
    vendor.broken = broken
    assert rule in _failed(vendor)


def test_a_callback_with_another_secret_or_none_at_all_is_found() -> None:
    vendor = Vendor()
    vendor.later, vendor.secret = True, b"x" * 32
    assert _failed(vendor) == {"收下之后签名回调"}
    silent = Vendor()
    silent.broken = lambda key, order, right: (202, {}) if right[0] == 200 else right
    assert _failed(silent, callback_wait_s=0.2) == {"收下之后签名回调"}


def test_a_slow_answer_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("onething.connectors.kit.OUR_PATIENCE_S", 0.0)
    assert _failed(Vendor()) == {"答复及时"}


def _command(*arguments: str) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, "ONETHING_SYSTEM_SECRET": base64.b64encode(SECRET).decode()}
    command = [sys.executable, "-m", "onething.cli", "connector", "test", *arguments]
    return subprocess.run(command, capture_output=True, text=True, env=env, check=False)


def test_the_command_tells_and_its_exit_code_says_it() -> None:
    vendor = Vendor()
    vendor.later = True
    with _served(vendor) as url:
        good = _command(url, "--callback-port", "0")
        assert good.returncode == 0, good.stdout + good.stderr
        assert "通过  收下之后签名回调" in good.stdout
        vendor.broken = BROKEN[2][1]
        bad = _command(url)
    assert bad.returncode == 1
    assert "不符  不认识的字段被忽略" in bad.stdout
    assert _command(url).returncode == 3  # nobody is there any more


@pytest.mark.parametrize(("behaviour", "broken"), [({}, set()), ({"mode": "down"}, None)])
def test_the_simulated_system_as_the_vendors(
    simulator: RunningSimulator, behaviour: dict[str, Any], broken: set[str] | None
) -> None:
    code = f"kit-{'-'.join(behaviour) or 'good'}"
    httpx.put(f"{simulator.url}/control/departments/{code}", json=behaviour, trust_env=False).raise_for_status()
    kit = Kit(f"{simulator.url}/departments/{code}/items", SAMPLE, None, "http://127.0.0.1:9/", 1.0)
    failed = {one.name for one in kit.findings() if one.passed is False}
    if broken is None:
        assert {"派件得到约定的答复", "同一个键再问", "不认识的字段被忽略"} <= failed
    else:
        assert failed == broken
