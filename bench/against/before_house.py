"""`bench.driver` for the commits before it was: what they have is driven as `before-house` and its like have it.

Put into their folder as `bench/driver.py`, and run there. So it follows none of today's renames and imports nothing but
what `bench` had at that commit: it stays as it is for as long as anything is compared with those. The lines that it
takes and writes are those of `bench.driver`.
"""

import asyncio
import contextlib
import gc
import json
import os
import signal
import sys
from statistics import median_low

import uvloop

from bench import legs
from bench.run import field_of
from bench.servers import servers

IN_FLIGHT = legs.keep_in_flight


def by_rate(per_second):
    """In place of `keep_in_flight`: so many cases begin in a second, whatever is in flight."""

    async def begin(total, _, start):
        clock = asyncio.get_running_loop().time
        began = clock()
        async with asyncio.TaskGroup() as under_way:
            for number in range(total):
                await asyncio.sleep(began + number / per_second - clock())
                under_way.create_task(start())

    return begin


class StartedServices:
    def __init__(self, send):
        self._send = send

    def begin(self, name):
        pass

    def done(self, name, seconds, url):
        self._send("service", name=name)


async def main(send):
    driver, requests = asyncio.current_task(), asyncio.Queue()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, driver.cancel)
    reading = asyncio.create_task(read(requests, driver))
    try:
        async with servers(StartedServices(send)) as started, field_of(started) as field:
            contestants = {"services": field.services, "http": field.http}
            send("ready")
            while True:
                request = json.loads(await requests.get())
                legs.keep_in_flight = by_rate(request["per_second"]) if request.get("per_second") else IN_FLIGHT
                leg = await legs.run_leg(
                    contestants[request["leg"]],
                    request["cases"],
                    request["in_flight"],
                    started.pids,
                    lambda: send("case"),
                )
                p50, cpu = median_low(leg.tally.decisions), sum(leg.cpu.values())
                send("leg", per_second=leg.per_second, decision_p50_s=p50, cpu_s=cpu, others=leg.others)
    finally:
        reading.cancel()


async def read(requests, driver):
    lines = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lines), sys.stdin)
    async for line in lines:
        requests.put_nowait(line)
    driver.cancel()


def sender():
    out = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)
    return lambda event, **fields: print(json.dumps({"event": event, **fields}), file=out)


if __name__ == "__main__":
    with contextlib.suppress(asyncio.CancelledError), asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(main(sender()))
    gc.collect()
