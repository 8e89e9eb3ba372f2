"""From one department's decision to the next department's queue: how long until people see the task."""

import time
from collections.abc import Callable

from bench.contestants import ByHttp
from bench.legs import keep_in_flight
from bench.news import News

BUNDLE = "bench-sequence"
FIRST, SECOND = ("first", "water"), ("second", "gas")
_TOLD_SEQ = 3  # submitted, accepted, that told
_CLOSED_SEQ = 6  # … two decisions, notices


async def measure(way: ByHttp, news: News, total: int, in_flight: int, ended: Callable[[], None]) -> list[float]:
    """Seconds from the first decision's 2xx until `GET /api/tasks` of the next department shows the task."""
    seconds: list[float] = []

    async def run_case() -> None:
        case_no = await way.apply(BUNDLE)
        await way.accept(case_no)
        await news.reached(case_no, _TOLD_SEQ)
        await way.decide(case_no, *FIRST)
        began = time.perf_counter()
        while not await _sees(way, f"{case_no}-second-1"):
            pass
        seconds.append(time.perf_counter() - began)
        await way.decide(case_no, *SECOND)
        await news.reached(case_no, _CLOSED_SEQ)
        ended()

    await keep_in_flight(total, in_flight, run_case)
    return seconds


async def _sees(way: ByHttp, task_id: str) -> bool:
    page = await way.http.get("/api/tasks?limit=200", way.tokens[f"officer.{SECOND[1]}"])
    return any(row["task_id"] == task_id for row in page["items"])
