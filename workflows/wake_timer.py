"""The durable timer of the next promise: one at a time, told when it moves earlier, finds out on waking when later."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta

from temporalio import workflow
from temporalio.exceptions import ActivityError

with workflow.unsafe.imports_passed_through():
    from activities.deadlines import ClockActivities
    from onething.domain.engine.snapshot import CaseSnapshot
    from workflows.options import ACTIVITY

# a timer may fire early after a clock change; the writer judges, and this keeps a disagreement from becoming a hot loop
_AT_LEAST = timedelta(seconds=1)


class WakeTimer:
    """Holds the timer for the newest `next_wake_at`; on waking has the writer look, and brings home what is new."""

    def __init__(self, case_no: str, bring_home: Callable[[CaseSnapshot], None]) -> None:
        self._case_no = case_no
        self._bring_home = bring_home
        self._promised = False
        self._timer: asyncio.Task[None] | None = None
        self._wakes_at: datetime | None = None
        self._ticking = False

    @property
    def idle(self) -> bool:
        """Whether nothing is left to wait for."""
        return self._timer is None or not (self._promised or self._ticking)

    @property
    def at_rest(self) -> bool:
        """Whether no tick is in flight."""
        return not self._ticking

    def keep(self, next_wake_at: datetime | None) -> None:
        if self._ticking:
            return  # its reply says when to wake next
        self._promised = next_wake_at is not None
        if next_wake_at is None:
            return  # the timer ends with the run, or wakes in vain: cancelling it would cost an event
        if self._wakes_at is None or next_wake_at < self._wakes_at:
            if self._timer is not None:
                self._timer.cancel()
            self._wakes_at = next_wake_at
            self._timer = asyncio.create_task(self._wake(next_wake_at))

    async def _wake(self, at: datetime) -> None:
        await workflow.sleep(max(at - workflow.now(), _AT_LEAST))
        self._ticking = True
        try:
            self._bring_home(await workflow.execute_activity_method(ClockActivities.tick, self._case_no, **ACTIVITY))
        except ActivityError as ended:
            workflow.logger.info("tick ended without an answer", extra={"cause": type(ended.cause).__name__})
        finally:
            self._ticking = False
            self._timer, self._wakes_at = None, None
