"""Several workers share a source's calls per second, with few round trips."""

from datetime import datetime, timedelta
from functools import partial

import pytest

from onething.connectors.rate import SharedRate
from onething.connectors.retry_spread import LONGEST_TURN_S
from onething.domain.lookups.answers import Cause, SourceUnavailable
from onething.store.sources import rates
from tests.store.stage import Stage


async def _taken(rate: SharedRate, name: str, per_second: float) -> bool:
    try:
        await rate.take(name, per_second)
    except SourceUnavailable as full:
        if full.cause is not Cause.LIMIT_FULL or not 0 < (full.retry_after or 0) <= LONGEST_TURN_S:
            raise
        return False
    return True


@pytest.mark.parametrize("per_second", [0.5, 3, 20])
async def test_workers_together_keep_to_it(stage: Stage, per_second: float) -> None:
    leases = 0

    async def lease(source: str, now: datetime, length: timedelta, ahead: timedelta) -> datetime | None:
        nonlocal leases
        leases += 1
        return await rates.lease(stage.worker, source, now, length, ahead)

    name = f"source at {per_second}"
    workers = [SharedRate(lease, stage.clock) for _ in range(3)]
    began, taken = stage.clock.at, list[datetime]()
    while stage.clock.at < began + timedelta(seconds=20):
        for worker in workers:
            while await _taken(worker, name, per_second):
                taken.append(stage.clock.at)
        stage.clock.at += timedelta(milliseconds=250)
    for moment in taken:
        within = sum(moment <= other < moment + timedelta(seconds=10) for other in taken)
        assert within <= 10 * per_second + max(1, per_second), "more than the source allows"
    assert len(taken) >= 20 * per_second * 0.9
    assert leases < 20 * 3 * 4 + len(taken)


async def test_nothing_is_leased_far_ahead(stage: Stage) -> None:
    now, hour = stage.clock.at, timedelta(hours=1)
    lease = partial(rates.lease, stage.worker, "slow one", now)
    assert await lease(hour, timedelta(seconds=5)) == now
    assert await lease(hour, timedelta(seconds=5)) is None
    assert await lease(hour, hour) == now + hour
