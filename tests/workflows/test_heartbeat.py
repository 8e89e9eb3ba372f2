"""Attempts that last say that they do, and finish what they have begun."""

import asyncio
from typing import Any
from unittest.mock import Mock

import pytest
from temporalio import activity
from temporalio.testing import ActivityEnvironment
from temporalio.worker import ActivityInboundInterceptor

from activities import heartbeat
from activities.heartbeat import Alive
from tests.workflows.world import until

AN_INSTANT = 0.01


class _Attempt(ActivityInboundInterceptor):
    """An attempt that ends when it is let."""

    def __init__(self) -> None:
        self.begun, self.may_end = asyncio.Event(), asyncio.Event()
        self.called_off = False

    async def execute_activity(self, call: Any) -> str:
        self.begun.set()
        try:
            await self.may_end.wait()
        except asyncio.CancelledError:
            self.called_off = True
            raise
        return "done"


@pytest.fixture(autouse=True)
def _often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(heartbeat, "_EVERY_S", AN_INSTANT)


def _begin(attempt: _Attempt) -> tuple[ActivityEnvironment, list[None], asyncio.Task[Any]]:
    environment, beats = ActivityEnvironment(), list[None]()
    environment.on_heartbeat = lambda *_: beats.append(None)
    inbound = Alive().intercept_activity(attempt)

    async def run() -> Any:
        return await inbound.execute_activity(Mock())

    return environment, beats, asyncio.ensure_future(environment.run(run))


async def test_a_long_attempt_says_that_it_lasts() -> None:
    attempt = _Attempt()
    _, beats, running = _begin(attempt)
    await until(lambda: len(beats) >= 3)
    attempt.may_end.set()
    assert await running == "done"


async def test_a_short_attempt_says_nothing() -> None:
    attempt = _Attempt()
    attempt.may_end.set()
    _, beats, running = _begin(attempt)
    assert await running == "done"
    assert beats == []


async def test_an_attempt_that_was_called_off_finishes_all_the_same() -> None:
    attempt = _Attempt()
    environment, beats, running = _begin(attempt)
    await attempt.begun.wait()
    environment.cancel(activity.ActivityCancellationDetails(cancel_requested=True))
    before = len(beats)
    await until(lambda: len(beats) > before + 1)
    attempt.may_end.set()
    assert await running == "done"
    assert not attempt.called_off


async def test_a_worker_that_must_go_ends_it() -> None:
    attempt = _Attempt()
    environment, _, running = _begin(attempt)
    await attempt.begun.wait()
    environment.cancel(activity.ActivityCancellationDetails(worker_shutdown=True))
    with pytest.raises(asyncio.CancelledError):
        await running
    assert attempt.called_off


async def test_a_failure_is_the_attempt_s_own() -> None:
    class Failing(ActivityInboundInterceptor):
        def __init__(self) -> None: ...

        async def execute_activity(self, call: Any) -> Any:
            raise LookupError("as it is")

    inbound = Alive().intercept_activity(Failing())

    async def run() -> Any:
        return await inbound.execute_activity(Mock())

    with pytest.raises(LookupError, match="as it is"):
        await ActivityEnvironment().run(run)
