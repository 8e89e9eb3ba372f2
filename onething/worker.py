"""The worker process: workflows, activities and all that `relay` runs, until it is told to stop."""

import asyncio
import contextlib
import gc
import logging
import signal
import sys
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

from onething.logs import set_up_logging
from onething.memory import settle_in
from onething.settings import Settings, settings
from onething.store.connection.rights import UnsafeRights
from onething.wiring.common import SettingMissing
from onething.wiring.secure import NotSecure, require_secure
from onething.wiring.worker import due_case_poller_process, webhook_dispatcher_process, worker_process

log = logging.getLogger(__name__)

_CONNECT_AGAIN_S = 2.0
_REFUSALS = (SettingMissing, NotSecure, UnsafeRights)
"""What waiting doesn't mend."""


async def run(settings: Settings, stop: asyncio.Event) -> None:
    """Work until `stop` is set. A server that is not there yet is waited for; the poller waits for PostgreSQL only, and
    whoever reaches it first finds out what it must not be. Raises `SettingMissing`, `UnsafeRights`."""
    parts = [asyncio.create_task(_kept_up(work, settings, stop)) for work in (_carry_out, _ring, _announce)]
    try:
        await asyncio.gather(*parts)
    finally:
        for part in parts:
            part.cancel()
        await asyncio.gather(*parts, return_exceptions=True)


async def _kept_up(
    work: Callable[[Settings, asyncio.Event], Awaitable[None]], own: Settings, stop: asyncio.Event
) -> None:
    while not stop.is_set():
        try:
            await work(own, stop)
        except _REFUSALS:
            raise
        except Exception as failure:
            log.warning("worker interrupted, starts again", extra={"failure": type(failure).__name__})
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), _CONNECT_AGAIN_S)


async def _carry_out(settings: Settings, stop: asyncio.Event) -> None:
    async with worker_process(settings) as process:
        settle_in()
        await _work(
            process.worker.run(),
            process.relay.run(),
            process.reconciler.run(),
            process.flusher.run(),
            process.rollup.run(),
            stop=stop,
        )


async def _ring(settings: Settings, stop: asyncio.Event) -> None:
    async with due_case_poller_process(settings) as poller:
        await _work(poller.run(), stop=stop)


async def _announce(settings: Settings, stop: asyncio.Event) -> None:
    async with webhook_dispatcher_process(settings) as dispatcher:
        await _work(dispatcher.run(), stop=stop)


async def _work(*loops: Coroutine[Any, Any, None], stop: asyncio.Event) -> None:
    """Until `stop`, or until one of the loops ends by itself."""
    running = [asyncio.create_task(loop) for loop in loops]
    stopping = asyncio.create_task(stop.wait())
    try:
        done, _ = await asyncio.wait([*running, stopping], return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()
    finally:
        for task in (*running, stopping):
            task.cancel()
        await asyncio.gather(*running, stopping, return_exceptions=True)


def main() -> None:
    """Entry of `onething worker`."""
    chosen = settings()
    set_up_logging(chosen.log_level)
    try:
        require_secure(chosen, "worker")
        with asyncio.Runner(loop_factory=_event_loop) as runner:
            runner.run(_main(chosen))
    except _REFUSALS as refused:
        sys.exit(str(refused))
    finally:
        gc.collect()  # a Temporal client collected while the interpreter shuts down can abort it (sdk-python issue 300)


def _event_loop() -> asyncio.AbstractEventLoop:
    """The quicker one where there is it: a case is mostly short messages to PostgreSQL and Temporal."""
    if sys.platform == "win32":
        return asyncio.new_event_loop()
    import uvloop

    return uvloop.new_event_loop()


async def _main(chosen: Settings) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    await run(chosen, stop)
