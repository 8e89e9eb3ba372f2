"""`python -m bench.driver`: a stack and the driver of its cases, at the service of the process that compares commits.

All that `python -m bench --against` knows of a commit is this; the rest of `bench` may change from commit to commit.
One JSON object a line:

- from stdin: `{"leg": "services" | "http", "cases": 300, "in_flight": 50}`, one at a time; with `"per_second": 6` that
  many cases begin in a second, whatever is in flight;
- to stdout: `{"event": "service", "name": …}` for each service that has started, then `{"event": "ready"}`; for each
  leg `{"event": "case"}` as often as a case ends, then `{"event": "leg", "per_second": …, "decision_p50_s": …,
  "cpu_s": …, "others": …}`. `cpu_s`: processor seconds a case; `others`: processors busy with something else.

The end of stdin ends it, a leg under way too. Events and fields may be added; none may go or change its meaning.
"""

import asyncio
import contextlib
import gc
import json
import os
import sys
from statistics import median_low
from typing import Any, Protocol

import uvloop

from bench.legs import run_leg
from bench.run import Field, field_of
from bench.servers import Servers, servers
from onething.embedded.commands import cancel_on_signals
from onething.embedded.supervisor import Silent

Requests = asyncio.Queue[bytes]


class Send(Protocol):
    def __call__(self, event: str, **fields: Any) -> None: ...


class _StartedServices(Silent):
    """Sends the name of each service that has started."""

    def __init__(self, send: Send) -> None:
        self._send = send

    def done(self, name: str, seconds: float, url: str | None) -> None:
        self._send("service", name=name)


async def main(send: Send) -> None:
    cancel_on_signals()
    requests: Requests = asyncio.Queue()
    reading = asyncio.create_task(_read(requests, asyncio.current_task()))
    try:
        async with servers(_StartedServices(send)) as started, field_of(started) as field:
            send("ready")
            while True:
                await _leg(json.loads(await requests.get()), field, started, send)
    finally:
        reading.cancel()


async def _leg(request: Any, field: Field, started: Servers, send: Send) -> None:
    contestant = {"services": field.services, "http": field.http}[request["leg"]]
    rate = request.get("per_second")
    leg = await run_leg(contestant, request["cases"], request["in_flight"], started.pids, lambda: send("case"), rate)
    p50, cpu = median_low(leg.tally.decisions), sum(leg.cpu.values())
    send("leg", per_second=leg.per_second, decision_p50_s=p50, cpu_s=cpu, others=leg.others)


async def _read(requests: Requests, driver: "asyncio.Task[None] | None") -> None:
    """Every line of stdin. Its end ends the driver, whatever that is doing."""
    lines = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lines), sys.stdin)
    async for line in lines:
        requests.put_nowait(line)
    if driver is not None:
        driver.cancel()


def _sender() -> Send:
    """Writes events to what is stdout now. From then on whatever else is printed, here or below, goes to stderr."""
    out = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)

    def send(event: str, **fields: Any) -> None:
        print(json.dumps({"event": event, **fields}), file=out)

    return send


if __name__ == "__main__":
    with contextlib.suppress(asyncio.CancelledError), asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(main(_sender()))
    gc.collect()  # a Temporal client collected while the interpreter shuts down can abort it (sdk-python issue 300)
