"""Departments that decide at a steady pace, over HTTP, whatever else goes on: how long each decision takes."""

import asyncio
import time
from collections import deque

from bench.contestants import application, approval, new_key
from bench.http import HttpClient

_BUNDLE, _ITEM, _DEPARTMENT = "bench-sequence", "first", "water"
_PER_SECOND = 10
_AT_ONCE = 4


class Deciding:
    """`prepare` so many cases as there will be decisions; `during` takes them off one by one."""

    def __init__(self, api_url: str, password: str) -> None:
        self._http = HttpClient(api_url)
        self._password = password
        self._tokens: dict[str, str] = {}
        self._open: deque[str] = deque()

    async def prepare(self, many: int) -> None:
        for name in ("citizen", "counter", f"officer.{_DEPARTMENT}"):
            self._tokens[name] = await self._http.sign_in(name, self._password)

        async def lane(share: int) -> None:
            for _ in range(share):
                answer = await self._http.post("/api/cases", self._tokens["citizen"], new_key(), application(_BUNDLE))
                case_no = str(answer["case_no"])
                await self._http.post(f"/api/cases/{case_no}/accept", self._tokens["counter"], new_key())
                self._open.append(case_no)

        await asyncio.gather(*(lane(-(-many // _AT_ONCE)) for _ in range(_AT_ONCE)))

    async def during(self, seconds: float) -> list[float]:
        """Seconds that each decision took, sorted. They begin at a steady pace, also while others take their time."""
        begun: list[asyncio.Task[float]] = []
        start = time.perf_counter()
        while self._open and (passed := time.perf_counter() - start) < seconds:
            begun.append(asyncio.create_task(self._decide(self._open.popleft())))
            await asyncio.sleep(max(len(begun) / _PER_SECOND - passed, 0))
        return sorted(await asyncio.gather(*begun))

    async def close(self) -> None:
        await self._http.close()

    async def _decide(self, case_no: str) -> float:
        token = self._tokens[f"officer.{_DEPARTMENT}"]
        began = time.perf_counter()
        await self._http.post(f"/api/tasks/{case_no}-{_ITEM}-1/decide", token, new_key(), approval(_ITEM))
        return time.perf_counter() - began
