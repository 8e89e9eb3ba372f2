"""Telling Temporal that an attempt is under way, so that one whose worker is gone is repeated soon."""

import asyncio
from typing import Any

from temporalio import activity
from temporalio.worker import ActivityInboundInterceptor, ExecuteActivityInput, Interceptor

_EVERY_S = 3.0
"""A third of what the workflow allows (`workflows.options`). Attempts that are shorter say nothing."""


class Alive(Interceptor):
    """Heartbeats for every attempt. They would also bring word that the command was called off: an attempt that has
    reached outside finishes and records its outcome all the same."""

    def intercept_activity(self, inner: ActivityInboundInterceptor) -> ActivityInboundInterceptor:
        return _AliveInbound(inner)


class _AliveInbound(ActivityInboundInterceptor):
    async def execute_activity(self, call: ExecuteActivityInput) -> Any:
        attempt = asyncio.ensure_future(super().execute_activity(call))
        while not attempt.done():
            try:
                await asyncio.wait([attempt], timeout=_EVERY_S)
            except asyncio.CancelledError:
                why = activity.cancellation_details()
                if why is None or why.worker_shutdown:
                    attempt.cancel()
                continue
            if not attempt.done():
                activity.heartbeat()
        return attempt.result()
