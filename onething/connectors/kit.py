"""Contract tests that a department's vendor runs against their own system: what we rely on, asked from outside.

Effects can't be counted from outside: one key must give one answer, however often and at once it is asked.
"""

import threading
import time
import uuid
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

import httpx
import orjson

from onething.connectors.departments import LONGEST_OPINION, outcomes_of
from onething.connectors.http_client import CALLBACK_URL, reason_word
from onething.domain.calendar.time_source import SystemClock
from onething.domain.definition.outcomes import OutcomeEffect
from onething.security.signed_calls import BadSignature, SharedSecrets

OUR_PATIENCE_S = 5.0
_LONGEST_S = 30.0
_NAME = "departments/tested"

SAMPLE: Mapping[str, Any] = {
    "case_no": "33010020260302000001",
    "item": "registration",
    "round": 1,
    "bundle": "enterprise-opening@1",
    "applicant": {"type": "person", "name": "测试䶮", "id_type": "other", "id_number": "TEST-1"},
    "form": {"company_name": "测试公司"},
    "records": {},
    "materials": [],
    "outcomes": [
        {"code": "approve", "name": "准予", "effect": OutcomeEffect.WELL},
        {"code": "refuse", "name": "不予", "effect": OutcomeEffect.REFUSED},
    ],
    "decision_form": [{"id": "note", "label": "备注", "type": "text"}],
}
"""An order of a person who does not exist."""


@dataclass(frozen=True)
class Finding:
    """`passed` None: not tested, `detail` says why."""

    name: str
    passed: bool | None
    detail: str = ""


@dataclass
class Inbox:
    """Where the tested system calls back. A wrong signature is answered with 401, as we do."""

    secret: bytes
    port: int
    received: list[dict[str, Any]] = field(default_factory=list)
    badly_signed: int = 0

    def __enter__(self) -> Self:
        inbox, secrets, clock = self, SharedSecrets([(_NAME, self.secret)]), SystemClock()

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(min(int(self.headers.get("Content-Length") or 0), 1_000_000))
                headers = {name.lower(): value for name, value in self.headers.items()}
                status = 200
                try:
                    secrets.verify(_NAME, headers, body, clock)
                    said = orjson.loads(body)
                    inbox.received.append(said if isinstance(said, dict) else {})
                except BadSignature:
                    inbox.badly_signed += 1
                    status = 401
                except orjson.JSONDecodeError:
                    status = 400
                self.send_response(status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                """Says nothing: the report does."""

        self._server = ThreadingHTTPServer(("", self.port), Handler)
        self.port = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()


class Kit:
    """`url`: where the system takes orders. `callback_url`: how it reaches `inbox`."""

    def __init__(
        self, url: str, order: Mapping[str, Any], inbox: Inbox | None, callback_url: str, callback_wait_s: float
    ) -> None:
        self._url = url
        self._order = order
        self._inbox = inbox
        self._callback_url = callback_url
        self._callback_wait_s = callback_wait_s
        self._http = httpx.Client(timeout=_LONGEST_S, trust_env=False)
        self._slowest_s = 0.0

    def findings(self) -> Iterator[Finding]:
        """In order; raises httpx.TransportError where nobody answers at all."""
        key = f"onething-test/{uuid.uuid4().hex}"
        first = self._post(key, self._order)
        yield self._answers(first)
        again = self._post(key, self._order)
        yield self._same("同一个键再问", [first, again])
        with ThreadPoolExecutor(4) as pool:
            other = f"onething-test/{uuid.uuid4().hex}"
            at_once = list(pool.map(lambda _: self._post(other, self._order), range(4)))
        yield self._same("同一个键同时问四次", at_once)
        yield self._calls_back(key, first)
        yield self._tolerates()
        yield self._refuses()
        yield from self._malformed()
        slow = f"最慢 {self._slowest_s:.1f} 秒"
        advice = f"{slow}；超过 {OUR_PATIENCE_S:.0f} 秒的当作没有答复：来不及就先答 202"
        in_time = self._slowest_s <= OUR_PATIENCE_S
        yield Finding("答复及时", in_time, slow if in_time else advice)

    def _post(self, key: str | None, body: Any, raw: bytes | None = None) -> httpx.Response:
        headers = {"Content-Type": "application/json", CALLBACK_URL: self._callback_url}
        if key is not None:
            headers["Idempotency-Key"] = key
        started = time.monotonic()
        answer = self._http.post(self._url, content=raw if raw is not None else orjson.dumps(body), headers=headers)
        self._slowest_s = max(self._slowest_s, time.monotonic() - started)
        return answer

    def _answers(self, answer: httpx.Response) -> Finding:
        name = "派件得到约定的答复"
        if answer.status_code == 202:
            return Finding(name, True, "202，以后回调")
        if answer.status_code != 200:
            return Finding(name, False, f"{answer.status_code}；样例不能办的，用 --order 给一份能办的派件")
        wrong = _wrong(_json(answer), self._order)
        return Finding(name, not wrong, wrong or "200，已决定")

    def _same(self, name: str, answers: list[httpx.Response]) -> Finding:
        told = {answer.status_code for answer in answers}
        if not told <= {200, 202}:
            return Finding(name, False, f"得到 {sorted(told)}；重复的派件应得到第一次的答复")
        contents = {orjson.dumps(_json(one), option=orjson.OPT_SORT_KEYS) for one in answers if one.status_code == 200}
        same = len(contents) <= 1
        return Finding(name, same, "" if same else "答复前后不同：可能办了两次；请按键记住第一次的答复")

    def _calls_back(self, key: str, first: httpx.Response) -> Finding:
        name = "收下之后签名回调"
        if first.status_code != 202:
            return Finding(name, None, "系统当场决定，没有回调可查")
        if self._inbox is None:
            return Finding(name, None, "没有给 --callback-port")
        until = time.monotonic() + self._callback_wait_s
        while time.monotonic() < until and not self._inbox.badly_signed:
            mine = [one for one in self._inbox.received if one.get("key") == key]
            if mine:
                wrong = "" if mine[0].get("refused") is True else _wrong(mine[0], self._order)
                return Finding(name, not wrong, wrong)
            time.sleep(0.05)  # the inbox is filled by a thread of its own
        if self._inbox.badly_signed:
            return Finding(name, False, "签名不对：按 Standard Webhooks 对 id.timestamp.正文 的原始字节签名，校准时钟")
        return Finding(name, False, f"{self._callback_wait_s:.0f} 秒之内没有以派件的键回调 {self._callback_url}")

    def _tolerates(self) -> Finding:
        answer = self._post(_key(), {**self._order, "added_later": {"any": ["thing"]}})
        fine = answer.status_code in (200, 202)
        return Finding("不认识的字段被忽略", fine, "" if fine else f"得到 {answer.status_code}；以后的版本可能增加字段")

    def _refuses(self) -> Finding:
        name = "不认识的事项不予处理，写明原因"
        answer = self._post(_key(), {**self._order, "item": "no-such-item"})
        if answer.status_code in (200, 202):
            return Finding(name, None, f"得到 {answer.status_code}：系统什么事项都收")
        told = _json(answer)
        if not 400 <= answer.status_code < 500 or not isinstance(told, dict) or told.get("refused") is not True:
            return Finding(name, False, f'得到 {answer.status_code}；应为 4xx {{"refused": true, "reason": "…"}}')
        fine = reason_word(told.get("reason")) == told.get("reason")
        return Finding(name, fine, "" if fine else "reason 应是一个给程序看的英文词")

    def _malformed(self) -> Iterator[Finding]:
        without = {name: value for name, value in self._order.items() if name != "item"}
        for name, answer in (
            ("不是 JSON 的", self._post(_key(), None, b'{"case_no": ')),
            ("缺少字段的", self._post(_key(), without)),
            ("没有键的", self._post(None, self._order)),
        ):
            fine = 400 <= answer.status_code < 500
            yield Finding(f"{name}派件得到 4xx", fine, "" if fine else f"得到 {answer.status_code}")


def _key() -> str:
    return f"onething-test/{uuid.uuid4().hex}"


def _json(answer: httpx.Response) -> Any:
    try:
        return orjson.loads(answer.content)
    except orjson.JSONDecodeError:
        return None


def _wrong(answer: Any, order: Mapping[str, Any]) -> str:
    """What is not as agreed in a decision; empty if nothing is."""
    effects = outcomes_of(order)
    if not isinstance(answer, dict) or answer.get("outcome") not in effects:
        return f"outcome 应为 {'、'.join(effects)} 之一"
    opinion, outputs = answer.get("opinion"), answer.get("outputs") or {}
    if not (opinion is None or (isinstance(opinion, str) and len(opinion) <= LONGEST_OPINION)):
        return f"opinion 应是不超过 {LONGEST_OPINION} 字的文字"
    effect = effects[answer["outcome"]]
    if effect != OutcomeEffect.WELL:
        needs = effect == OutcomeEffect.REFUSED
        return "" if (opinion or not needs) and not outputs else "没有办成的须有 opinion，没有 outputs"
    if not isinstance(outputs, dict):
        return "outputs 应是对象"
    differs = [one["code"] for one in order.get("discrepancies", ())]
    despite = answer.get("despite") or []
    if not isinstance(despite, list) or set(despite) - set(differs):
        return "despite 只能是派件 discrepancies 里的 code"
    if despite and not opinion:
        return "写了 despite 的须有 opinion"
    if set(differs) - set(despite):
        return f"{'、'.join(differs)} 的各方数据不一致：办成的写在 despite 里并说明 opinion"
    missing = [
        one["id"] for one in order.get("decision_form", ()) if one.get("required", True) and one["id"] not in outputs
    ]
    return f"outputs 缺少 {'、'.join(missing)}" if missing else ""
