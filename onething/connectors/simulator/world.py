"""The endpoints that connectors call. Plain Starlette routes: benches call them by the thousand."""

import asyncio
import base64
import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from onething.connectors.simulator.answers import failed_answer, json_answer
from onething.connectors.simulator.behaviour import Behaviour, Failure, Mode, fate
from onething.connectors.simulator.callbacks import Callbacks
from onething.connectors.simulator.memory import Call, Calls, Kind, Memory, Side, SimulatedEffect
from onething.connectors.simulator.records import make_outputs, make_record
from onething.domain.calendar.time_source import TimeSource
from onething.domain.definition.outcomes import OutcomeEffect

NOTICE_GATEWAY = "notice-gateway"
"""Under this code the gateway is controlled, as a department."""


class _Ask(NamedTuple):
    """One well-formed request, whoever it is for."""

    side: Side
    kind: Kind
    code: str
    key: str
    body: dict[str, Any]
    of_key: str | None
    refusal: tuple[int, str]  # status and reason in mode `refuse`
    callback_url: str = ""


class _MalformedError(Exception):
    """A request that no behaviour is needed for: answered at once, not a call of the world."""

    def __init__(self, status: int, error: str) -> None:
        super().__init__(error)
        self.answer = json_answer(status, {"error": error})


Reader = Callable[[Request, str, dict[str, Any]], _Ask]


class World:
    def __init__(self, memory: Memory, calls: Calls, callbacks: Callbacks, clock: TimeSource) -> None:
        self._memory = memory
        self._calls = calls
        self._callbacks = callbacks
        self._clock = clock

    def routes(self) -> list[Route]:
        return [
            Route("/sources/{code}/records", self._endpoint(_record), methods=["POST"]),
            Route("/sources/{code}/records/status/{monitor}", self._status, methods=["GET"]),
            Route("/sources/{code}/records/{of_key:path}/release", self._endpoint(_release), methods=["POST"]),
            Route("/departments/{code}/items", self._endpoint(_item), methods=["POST"]),
            Route("/departments/{code}/revocations", self._endpoint(_revocation), methods=["POST"]),
            Route("/notices", self._endpoint(_notice), methods=["POST"]),
        ]

    def _endpoint(self, read: Reader) -> Callable[[Request], Any]:
        async def endpoint(request: Request) -> Response:
            try:
                ask = await _read(request, read)
            except _MalformedError as error:
                return error.answer
            return await self._serve(ask)

        return endpoint

    async def _serve(self, ask: _Ask) -> Response:
        call = self._calls.begin(self._clock.now(), ask.kind, ask.code, ask.key, ask.body.get("case_no"))
        behaviour = self._memory.behaviour(ask.side, ask.code)
        if behaviour.latency_s:
            await self._memory.lag(ask.side, ask.code)
        if behaviour.mode is Mode.DOWN:
            return _fail(call, Failure.ERROR)
        failure, after_effect = fate(behaviour, ask.code, ask.key, call.attempt)
        if failure is not None and not after_effect:
            return _fail(call, failure)
        status, content = await self._settle(ask, behaviour, call)
        if failure is not None:
            return _fail(call, failure)
        call.status = status
        answer = json_answer(status, content, behaviour.retry_after_s if status == 202 else None)
        if status == 202 and behaviour.status_monitor:
            monitor = base64.urlsafe_b64encode(ask.key.encode()).decode().rstrip("=")
            answer.headers["Location"] = f"/sources/{ask.code}/records/status/{monitor}"
        return answer

    async def _status(self, request: Request) -> Response:
        """Where a 202 has sent the caller: 202 until it is done, then the answer."""
        code, monitor = request.path_params["code"], request.path_params["monitor"]
        key = base64.urlsafe_b64decode(monitor + "=" * (-len(monitor) % 4)).decode()
        call = self._calls.begin(self._clock.now(), Kind.STATUS, code, key, None)
        behaviour, effect = self._memory.behaviour(Side.SOURCES, code), self._memory.effects.get(key)
        if behaviour.mode is Mode.DOWN:
            return _fail(call, Failure.ERROR)
        if effect is None or effect.code != code:
            call.status = 404
            return json_answer(404, {"error": "no_such_monitor"})
        passed_s = (self._clock.now() - datetime.fromisoformat(effect.at)).total_seconds()
        done = behaviour.ready_after_s is not None and passed_s >= behaviour.ready_after_s
        call.status = 200 if done else 202
        return json_answer(call.status, effect.answer if done else {"accepted": True})

    async def _settle(self, ask: _Ask, behaviour: Behaviour, call: Call) -> tuple[int, dict[str, Any]]:
        """Refuse, do what the key asks for, or find it done. No await between look and effect: one effect a key."""
        request = _digest(ask)
        effect = self._memory.effects.get(ask.key)
        if effect is None:
            new = ask.kind in {Kind.RECORD, Kind.ITEM}
            if behaviour.mode is Mode.REFUSE or (behaviour.mode is Mode.REFUSE_NEW and new):
                status, reason = ask.refusal
                return status, {"refused": True, "reason": reason}
            if self._memory.is_undone(ask.key):
                return 404, {"refused": True, "reason": "released"}
            effect = self._apply(ask, behaviour, request)
            call.effect = True
        elif effect.request != request:
            return 422, {"error": "key_reused"}
        if effect.saved is not None:
            await asyncio.shield(effect.saved)
        if behaviour.mode is Mode.ACCEPT_THEN_CALLBACK and ask.kind in {Kind.RECORD, Kind.ITEM}:
            return self._later(ask, behaviour, effect, is_new=call.effect)
        if behaviour.duplicate and not call.effect:
            return 200, self._answer(ask, behaviour)
        return 200, effect.answer

    def _later(
        self, ask: _Ask, behaviour: Behaviour, effect: SimulatedEffect, *, is_new: bool
    ) -> tuple[int, dict[str, Any]]:
        """Taken, and called back about when it is done; who asks again by then is told."""
        accepted = {"accepted": True}
        if behaviour.ready_after_s is None:
            return 202, accepted
        ready = datetime.fromisoformat(effect.at) + timedelta(seconds=behaviour.ready_after_s)
        if not is_new and not behaviour.status_monitor:
            return (202, accepted) if self._clock.now() < ready else (200, effect.answer)
        if is_new and ask.callback_url:
            times = behaviour.callbacks * (2 if behaviour.duplicate else 1)
            content = {"key": ask.key, **effect.answer}
            self._callbacks.begin(f"{ask.side}/{ask.code}", ask.callback_url, ask.key, content, ready, times)
        return 202, accepted

    def _apply(self, ask: _Ask, behaviour: Behaviour, request: str) -> SimulatedEffect:
        return self._memory.apply(
            ask.kind,
            ask.code,
            ask.key,
            request=request,
            answer=self._answer(ask, behaviour),
            at=self._clock.now(),
            of_key=ask.of_key,
            case_no=ask.body.get("case_no"),
        )

    def _answer(self, ask: _Ask, behaviour: Behaviour) -> dict[str, Any]:
        if ask.kind is Kind.ITEM:
            form, case_no = ask.body.get("decision_form", []), ask.body["case_no"]
            outputs = make_outputs(form, self._clock.now().date(), case_no)
            well = (one["code"] for one in ask.body.get("outcomes", ()) if one["effect"] == OutcomeEffect.WELL)
            outcome = next(well, "approve")
            return {"outcome": outcome, "opinion": "系统核验通过", "outputs": outputs} | behaviour.record
        if ask.kind is not Kind.RECORD:
            return {"done": True}
        params = {name: value for name, value in ask.body.items() if name != "case_no"}
        as_of = self._clock.now() - timedelta(days=behaviour.stale_days)
        record = make_record(ask.code, params, as_of.date())
        if behaviour.record_for.items() <= params.items():
            record |= behaviour.record
        return {"record": record, "as_of": as_of.isoformat()}


async def _read(request: Request, read: Reader) -> _Ask:
    key = request.headers.get("idempotency-key")
    if not key:
        raise _MalformedError(400, "idempotency_key_missing")
    try:
        body = orjson.loads(await request.body() or b"{}")
    except orjson.JSONDecodeError as broken:
        raise _MalformedError(400, "malformed_json") from broken
    if not isinstance(body, dict) or not isinstance(body.get("case_no", ""), str):
        raise _MalformedError(422, "invalid_body")
    return read(request, key, body)


def _record(request: Request, key: str, body: dict[str, Any]) -> _Ask:
    code, callback_url = request.path_params["code"], request.headers.get("callback-url", "")
    return _Ask(Side.SOURCES, Kind.RECORD, code, key, body, None, (404, "no_record"), callback_url)


def _item(request: Request, key: str, body: dict[str, Any]) -> _Ask:
    code, callback_url = request.path_params["code"], request.headers.get("callback-url", "")
    if not all(isinstance(body.get(name), str) for name in ("case_no", "item")):
        raise _MalformedError(422, "invalid_body")
    return _Ask(Side.DEPARTMENTS, Kind.ITEM, code, key, body, None, (409, "unknown_item"), callback_url)


def _release(request: Request, key: str, body: dict[str, Any]) -> _Ask:
    code, of_key = request.path_params["code"], request.path_params["of_key"]
    return _Ask(Side.SOURCES, Kind.RELEASE, code, key, body, of_key, (409, "not_releasable"))


def _revocation(request: Request, key: str, body: dict[str, Any]) -> _Ask:
    _require(body, "case_no", "item", "undo_of")
    code = request.path_params["code"]
    return _Ask(Side.DEPARTMENTS, Kind.REVOCATION, code, key, body, body["undo_of"], (409, "not_revocable"))


def _notice(request: Request, key: str, body: dict[str, Any]) -> _Ask:
    _require(body, "channel", "template", "to_ref", "case_no")
    return _Ask(Side.DEPARTMENTS, Kind.NOTICE, NOTICE_GATEWAY, key, body, None, (409, "undeliverable"))


def _require(body: dict[str, Any], *names: str) -> None:
    if set(body) != set(names) or not all(isinstance(body[name], str) and body[name] for name in names):
        raise _MalformedError(422, "invalid_body")


def _fail(call: Call, failure: Failure) -> Response:
    call.failure = failure
    if failure is Failure.ERROR:
        call.status = 503
    return failed_answer(failure)


def _digest(ask: _Ask) -> str:
    asked = orjson.dumps([ask.kind, ask.code, ask.of_key, ask.body], option=orjson.OPT_SORT_KEYS)
    return hashlib.sha256(asked).hexdigest()[:16]
