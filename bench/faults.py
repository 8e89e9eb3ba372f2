"""`python -m bench.faults`: does one slow or dead counterpart slow the cases that have nothing to do with it?

Each round runs the same cases in calm, and while many other cases wait: for a data source that is down, for one that
never answers in time, and for a department's own system, likewise. Exit code 0 when the unaffected cases keep their
speed, 1 when not.
"""

import argparse
import asyncio
import gc
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import httpx
import uvloop
from rich.console import Console

from bench.legs import keep_in_flight, run_leg
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
_WARM_UP = 50
_SETTLE_S = 2.0  # in calm their records are all fetched by then, in a fault none is


class Rounds:
    """`rates`: situation → cases a second of the unaffected, one for each round."""

    def __init__(self, field: Field, started: Servers, sizes: argparse.Namespace, console: Console) -> None:
        self._field = field
        self._started = started
        self._sizes = sizes
        self._console = console
        self.rates: dict[str, list[float]] = {name: [] for name in SITUATIONS}

    async def run(self) -> None:
        await self._leg(CALM, _WARM_UP)
        for number in range(self._sizes.rounds):
            self._console.print(f"第 {number + 1} 轮")
            order = list(self.rates) if number % 2 == 0 else list(self.rates)[::-1]  # drift favours nobody
            for name in order:
                rate = await self._leg(name, self._sizes.cases)
                self.rates[name].append(rate)
                self._console.print(f"  {name}：不相干的办件 {rate:.1f} 件/秒")

    async def _leg(self, name: str, cases: int) -> float:
        situation, sizes = SITUATIONS[name], self._sizes
        await self._now_is(situation.who, situation.behaviour)
        await keep_in_flight(sizes.waiting, sizes.in_flight, lambda: self._one_that_waits(situation.bundle))
        await asyncio.sleep(_SETTLE_S)
        leg = await run_leg(self._field.http, cases, sizes.in_flight, self._started.pids, lambda: None)
        await self._now_is(situation.who, _HEALTHY)
        return leg.per_second

    async def _one_that_waits(self, bundle: str) -> None:
        await self._field.http.apply_at_counter(bundle)

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
    parser.add_argument("--cases", type=int, default=200, help="每次不相干的办件数")
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
