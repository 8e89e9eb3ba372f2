"""A source that is down for a day, asked by many look-ups through two workers: what reaches it meanwhile, and when it
is up again. Temporal's part is played by a queue of moments: an attempt is made when its delay has passed."""

import heapq
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count

import httpx
from temporalio.exceptions import ApplicationError
from temporalio.testing import ActivityEnvironment

from activities.lookups import SourceActivities
from activities.ports import FetchWork
from onething.connectors.breaker import BreakerPolicy
from onething.connectors.http_client import HttpClient
from onething.connectors.rate import SharedRate
from onething.connectors.sources import SourceClients
from onething.domain.engine.snapshot import Assignment, CaseSnapshot, JointAssignment
from onething.domain.kernel.commands import Command
from onething.domain.lookups.answers import Fetched, Refused
from onething.domain.sources.source import FastRetry, RetrySchedule, SlowRetry
from tests.connectors.support import MovedClock, a_source

DAY_S, SLOW_S, FAST = 24 * 3600, 1800, 5
LOOK_UPS, WORKERS, PER_SECOND = 20, 2, 2.0
POLICY = BreakerPolicy(threshold=5, cool_off_s=5)
RETRY = RetrySchedule(fast=FastRetry(first_s=1, factor=2, attempts=FAST), slow=SlowRetry(every_s=SLOW_S))
SOURCE = a_source(per_second=PER_SECOND, retry=RETRY, patience_minutes=2 * 24 * 60)
RECORD = {"record": {"uscc": "91", "status": "存续"}, "as_of": "2026-11-20T09:00:00+08:00"}
NEWS = CaseSnapshot(case_no="1", epoch=1, seq=1)


@dataclass
class Day:
    """The source, and the record of what is asked of it."""

    clock: MovedClock = field(default_factory=MovedClock)
    up: bool = False
    calls: list[datetime] = field(default_factory=list)
    attempts: int = 0
    served: int = 0
    taken_until: datetime | None = None

    def handle(self, request: httpx.Request) -> httpx.Response:
        self.calls.append(self.clock.now())
        return httpx.Response(200, json=RECORD) if self.up else httpx.Response(503)

    async def lease(self, source: str, now: datetime, length: timedelta, ahead: timedelta) -> datetime | None:
        """As `store/source_rates.py` does it."""
        begins = max(self.taken_until or now, now)
        if begins > now + ahead:
            return None
        self.taken_until = begins + length
        return begins

    async def joint_work(self, joint: JointAssignment) -> Mapping[str, FetchWork | CaseSnapshot]:
        return {one.id: FetchWork(f"1/1/{one.id}", SOURCE, {"uscc": "91"}) for one in joint.commands}

    async def answered(self, joint: JointAssignment, answers: Mapping[str, Fetched | Refused]) -> CaseSnapshot:
        self.served += 1
        return NEWS


async def lived_through(day: Day) -> None:
    callers = [
        HttpClient(
            "http://outside",
            day.clock,
            policy=POLICY,
            transport=httpx.MockTransport(day.handle),
            rate=SharedRate(day.lease, day.clock),
        )
        for _ in range(WORKERS)
    ]
    workers = [SourceActivities(day, SourceClients(one, {SOURCE.code: SOURCE})) for one in callers]  # type: ignore[arg-type]
    began, order = day.clock.now(), count()
    due = [(began + timedelta(seconds=0.2 * number), next(order), number, 1) for number in range(LOOK_UPS)]
    while due:
        at, turn, number, attempt = heapq.heappop(due)
        day.clock.move(max(0.0, (at - day.clock.now()).total_seconds()))
        day.up = day.clock.now() >= began + timedelta(seconds=DAY_S)
        day.attempts += 1
        again_s = await one_attempt(workers[turn % WORKERS], number, attempt)
        if again_s is not None:
            heapq.heappush(due, (day.clock.now() + timedelta(seconds=again_s), next(order), number, attempt + 1))
        assert day.attempts < 50_000, "asked without end"
    for one in callers:
        await one.aclose()


async def one_attempt(worker: SourceActivities, number: int, attempt: int) -> float | None:
    """After how many seconds the next is due; None: it was the last."""
    environment = ActivityEnvironment()
    usual = ActivityEnvironment.default_info()
    environment.info = usual.__class__(**{**vars(usual), "attempt": attempt})
    assignment = Assignment(case_no="1", epoch=1, command=Command(id=f"{number}", kind="fetch_record"))
    try:
        await environment.run(worker.fetch_record, assignment)
    except ApplicationError as again:
        return again.next_retry_delay.total_seconds() if again.next_retry_delay else 0
    return None


async def test_it_is_left_alone_and_not_overrun_when_it_is_back() -> None:
    day = Day()
    began = day.clock.now()
    await lived_through(day)
    back = began + timedelta(seconds=DAY_S)
    down = [at for at in day.calls if at < back]
    up = [at for at in day.calls if at >= back]
    # while it is down: what the breakers let through, and of that no more than failed look-ups are to try
    first = [at for at in down if at < began + timedelta(minutes=10)]
    later = down[len(first) :]
    assert len(first) <= WORKERS * (POLICY.threshold + 600 / POLICY.cool_off_s)
    assert len(later) <= LOOK_UPS * DAY_S / SLOW_S
    for moment in later:
        together = sum(moment <= other < moment + timedelta(seconds=POLICY.cool_off_s) for other in later)
        assert together <= WORKERS, "more than one trial of a breaker"
    # when it is back: every look-up is served by one call, soon, and never more of them than it allows
    assert (day.served, len(up)) == (LOOK_UPS, LOOK_UPS)
    assert max(up) <= back + timedelta(seconds=2 * SLOW_S)
    for moment in up:
        assert sum(moment <= other < moment + timedelta(seconds=10) for other in up) <= 10 * PER_SECOND + PER_SECOND
