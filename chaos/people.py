"""A person at a client of their own: says a thing until it is answered, whatever becomes of the answer."""

import asyncio
import hashlib
import json
import random
import time
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from chaos.logbook import Logbook
from tests.support import people

PATIENCE_S = 240.0
CARELESS = 0.12  # share of requests whose first answer the client does not wait for
STAMMERING = 0.08  # share of requests that are sent three times at once
_AGAIN = frozenset({401, 429, 500, 502, 503, 504})


class Unanswered(Exception):
    """Nobody answered within a generous time: the system is down for good."""


@dataclass(frozen=True)
class Answer:
    status: int
    body: dict[str, Any]

    @property
    def ok(self) -> bool:
        return self.status < 300


class Town:
    """Where everybody lives: the API's address, who is signed in, where logs go."""

    def __init__(self, url: str, logs: Path, seed: int) -> None:
        self.chance = random.Random(seed)
        self.began = time.monotonic()
        self.logs = logs
        limits = httpx.Limits(max_connections=200, max_keepalive_connections=40)
        self.http = httpx.AsyncClient(
            base_url=url, timeout=httpx.Timeout(15.0, connect=3.0), limits=limits, trust_env=False
        )
        self.first_decisions = asyncio.Event()  # cleared: those with which the rest opens are kept for later
        self.first_decisions.set()
        self._tokens: dict[str, str] = {}
        self._signing_in = asyncio.Lock()

    @property
    def now(self) -> float:
        """Seconds since the storm began: the time of every log."""
        return round(time.monotonic() - self.began, 3)

    async def token(self, account: str) -> str:
        async with self._signing_in:
            if account not in self._tokens:
                answer = await self.http.post(people.SIGN_IN_PATH, data=people.credentials(account))
                answer.raise_for_status()
                self._tokens[account] = answer.json()["access_token"]
            return self._tokens[account]

    def forget(self, account: str) -> None:
        self._tokens.pop(account, None)

    async def close(self) -> None:
        await self.http.aclose()


class Person:
    """One account at one client. `name` is the client's: the file of its log."""

    def __init__(self, town: Town, account: str, name: str) -> None:
        self.town = town
        self.account = account
        self._log = Logbook(town.logs / f"{name}.jsonl")

    async def see(self, path: str, **query: str | int) -> dict[str, Any]:
        """GET until it is answered with 200."""
        until = time.monotonic() + PATIENCE_S
        while time.monotonic() < until:
            try:
                answer = await self._request("GET", path, params=query)
            except httpx.HTTPError:
                answer = None
            if answer is not None and answer.status_code == 200:
                found: dict[str, Any] = answer.json()
                return found
            await asyncio.sleep(self.town.chance.uniform(0.3, 1.2))
        raise Unanswered(path)

    async def say(
        self, act: str, path: str, body: Any = None, *, case_no: str | None = None, about: dict[str, Any] | None = None
    ) -> Answer:
        """POST under one key until somebody says yes or no. Raises `Unanswered`."""
        key, chance, body = uuid.uuid4().hex, self.town.chance, {} if body is None else body
        self._log.write(
            line="intent", key=key, account=self.account, act=act, route=f"POST {path}", at=self.town.now,
            case_no=case_no, about=about or {},
        )  # fmt: skip
        if chance.random() < CARELESS:
            await self._tell(key, path, body, hang_up_after=chance.uniform(0.001, 0.06))
        elif chance.random() < STAMMERING:
            await asyncio.gather(*(self._tell(key, path, body) for _ in range(3)))
        until = time.monotonic() + PATIENCE_S
        while time.monotonic() < until:
            answer = await self._tell(key, path, body)
            if answer is not None:
                return answer
            await asyncio.sleep(chance.uniform(0.2, 1.5))
        raise Unanswered(path)

    async def _tell(self, key: str, path: str, body: Any, *, hang_up_after: float | None = None) -> Answer | None:
        """One request. None: no answer, or one that says that nothing is decided yet."""
        try:
            async with asyncio.timeout(hang_up_after):
                answer = await self._request("POST", path, json=body, headers={"Idempotency-Key": key})
        except (httpx.HTTPError, TimeoutError) as lost:
            self._log.write(line="heard", key=key, at=self.town.now, unknown=type(lost).__name__)
            return None
        said: dict[str, Any] = answer.json() if answer.content.startswith(b"{") else {}
        status, code = answer.status_code, said.get("code")
        if status in _AGAIN or code == "concurrent_change":
            if status == 401:
                self.town.forget(self.account)
            self._log.write(line="heard", key=key, at=self.town.now, unknown=f"{status} {code}")
            return None
        self._log.write(
            line="heard", key=key, at=self.town.now, status=status, code=code, seq=said.get("seq"),
            case_no=said.get("case_no"), body=_digest(said), standing=(said.get("standing") or {}).get("outcome"),
        )  # fmt: skip
        return Answer(status, said)

    async def _request(self, method: str, path: str, **arguments: Any) -> httpx.Response:
        headers = {**people.bearer(await self.town.token(self.account)), **arguments.pop("headers", {})}
        return await self.town.http.request(method, path, headers=headers, **arguments)


def _digest(content: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()[:16]
