"""`python -m bench.faults`: does one slow or dead counterpart slow the cases that have nothing to do with it?

Cases that need nothing of it are kept in flight all the time. Each round looks at a stretch of them in calm, and while
many other cases wait: for a data source that is down, for one that never answers in time, and for a department's own
system, likewise. Exit code 0 when the unaffected cases keep their speed, 1 when not.
"""

import argparse
import asyncio
import contextlib
import gc
import sys
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field

import httpx
import uvloop
from rich.console import Console

from bench.contestants import Contestant, Tally
from bench.legs import keep_in_flight
from bench.run import Field, field_of
from bench.servers import Servers, servers
from bench.statistics import median_ratio
from onething.embedded.commands import ConsoleReporter
from onething.embedded.ports import PortTaken
from onething.embedded.processes import ServiceFailed
from onething.embedded.programs import ProgramMissing

AT_LEAST = 0.9
CALM = "一切正常"
_DOWN: Mapping[str, object] = {"mode": "down"}
_ENDLESS: Mapping[str, object] = {"mode": "answer", "latency_s": 600}
_HEALTHY: Mapping[str, object] = {"mode": "answer", "latency_s": 0}
_SOURCE, _SYSTEM = "sources/driver-qualification", "departments/transport"


@dataclass(frozen=True)
class Fault:
    """`bundle`: of the cases that wait for `who`."""

    bundle: str = "bench-source"
    who: str = _SOURCE
    behaviour: Mapping[str, object] = field(default_factory=lambda: _HEALTHY)


SITUATIONS: Mapping[str, Fault] = {
    CALM: Fault(),
    "数据源停机": Fault(behaviour=_DOWN),
    "数据源迟迟不答": Fault(behaviour=_ENDLESS),
    "部门系统停机": Fault("bench-system", _SYSTEM, _DOWN),
    "部门系统迟迟不答": Fault("bench-system", _SYSTEM, _ENDLESS),
}
_WARM_UP_S = 10.0
_APPLY_AT_ONCE = 10
_SETTLE_S = 10.0  # in calm their records are all fetched by then, in a fault none is, and the first attempts are over


class Load:
    """The unaffected cases: so many in flight all the time. A stretch of it has neither a beginning nor stragglers, and
    a case that something holds up for seconds takes one place of many."""

    def __init__(self, contestant: Contestant, in_flight: int) -> None:
        self._contestant = contestant
        self._in_flight = in_flight
        self._ended = 0

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Ends with what is in flight finished and all of it checked."""
        tally, stop = Tally(), asyncio.Event()

        async def lane() -> None:
            while not stop.is_set():
                await self._contestant.one_case(tally)
                self._ended += 1

        async with asyncio.TaskGroup() as lanes:
            for _ in range(self._in_flight):
                lanes.create_task(lane())
            try:
                yield
            finally:
                stop.set()
        await self._contestant.check(tally)

    async def per_second(self, seconds: float) -> float:
        """Cases that end a second, from now on for so long."""
        before, began = self._ended, time.perf_counter()
        await asyncio.sleep(seconds)
        return (self._ended - before) / (time.perf_counter() - began)


class Rounds:
    """`rates`: situation → cases a second of the unaffected, one for each round."""

    def __init__(self, field: Field, started: Servers, sizes: argparse.Namespace, console: Console) -> None:
        self._field = field
        self._started = started
        self._sizes = sizes
        self._console = console
        self._load = Load(field.http, sizes.in_flight)
        self.rates: dict[str, list[float]] = {name: [] for name in SITUATIONS}

    async def run(self) -> None:
        async with self._load.running():
            await self._load.per_second(_WARM_UP_S)
            for number in range(self._sizes.rounds):
                self._console.print(f"第 {number + 1} 轮")
                order = list(self.rates) if number % 2 == 0 else list(self.rates)[::-1]  # drift favours nobody
                for name in order:
                    rate = await self._window(name)
                    self.rates[name].append(rate)
                    self._console.print(f"  {name}：不相干的办件 {rate:.1f} 件/秒")

    async def _window(self, name: str) -> float:
        situation, sizes = SITUATIONS[name], self._sizes
        await self._now_is(situation.who, situation.behaviour)
        applied: list[str] = []

        async def run_case() -> None:
            applied.append(await self._field.http.apply_at_counter(situation.bundle))

        await keep_in_flight(sizes.waiting, _APPLY_AT_ONCE, run_case)
        await asyncio.sleep(_SETTLE_S)
        rate = await self._load.per_second(sizes.seconds)
        waiting = await self._field.news.waiting_outside(applied)
        if waiting != (0 if name == CALM else sizes.waiting):
            raise RuntimeError(f"{name}: {waiting} of {sizes.waiting} cases were waiting, the measurement says nothing")
        await self._now_is(situation.who, _HEALTHY)
        while await self._field.news.waiting_outside(applied):  # noqa: ASYNC110 (the next stretch begins without them)
            await asyncio.sleep(1)
        return rate

    async def _now_is(self, who: str, behaviour: Mapping[str, object]) -> None:
        async with httpx.AsyncClient(base_url=self._started.simulator_url, trust_env=False) as control:
            (await control.put(f"/control/{who}", json=behaviour)).raise_for_status()


async def _main(sizes: argparse.Namespace, console: Console) -> int:
    reporter = ConsoleReporter(console)
    try:
        async with servers(reporter) as started:
            reporter.close()
            async with field_of(started) as field:
                rounds = Rounds(field, started, sizes, console)
                await rounds.run()
    finally:
        reporter.close()
    kept = True
    for name in [name for name in SITUATIONS if name != CALM]:
        ratio = median_ratio(rounds.rates[name], rounds.rates[CALM])
        kept = kept and ratio >= AT_LEAST
        says = f"{name}、{sizes.waiting} 件在等它：不相干的办件速度是平时的 {ratio:.2f} 倍，至少 {AT_LEAST}"
        console.print(f"[{'green' if ratio >= AT_LEAST else 'red'}]{'✓' if ratio >= AT_LEAST else '✗'}[/] {says}")
    return 0 if kept else 1


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.faults", description="一处故障拖不拖累不相干的办件")
    parser.add_argument("--rounds", type=int, default=5, help="轮数")
    parser.add_argument("--seconds", type=float, default=20, help="每次看多少秒")
    parser.add_argument("--waiting", type=int, default=100, help="每次等待故障一方的办件数")
    parser.add_argument("--in-flight", type=int, default=50, help="同时在办的件数")
    console = Console(highlight=False, width=None if sys.stdout.isatty() else 120)
    try:
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            return runner.run(_main(parser.parse_args(arguments), console))
    except (ServiceFailed, PortTaken, ProgramMissing) as failure:
        console.print(f"启动不了：{failure}", markup=False)
        return 1
    finally:
        gc.collect()  # a Temporal client collected while the interpreter shuts down can abort it (sdk-python issue 300)


if __name__ == "__main__":
    sys.exit(main())
