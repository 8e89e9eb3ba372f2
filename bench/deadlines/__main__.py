"""`python -m bench.deadlines`: exit code 0 when every bound is kept, 1 when one is not."""

import argparse
import asyncio
import gc
import os
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import fields
from pathlib import Path

import uvloop
from rich.console import Console

from bench.deadlines.looking import Found
from bench.deadlines.run import Killed, Size, Storm, measurement
from bench.servers import use_own_settings
from bench.statistics import percentile

LATEST_S = 2.0
SLOWER_AT_MOST = 2.0

Bound = tuple[str, bool]


def spread_bounds(found: Found) -> Iterator[Bound]:
    p50, p99 = (percentile(found.lateness_s, share) for share in (0.5, 0.99))
    yield f"分散到期 {found.cases} 个：每个恰好一次、记在到期时刻、无一提前", found.all_once
    yield f"晚于到期 p50 {p50:.2f} s，p99 {p99:.2f} s（上限 {LATEST_S:.0f} s）", p99 <= LATEST_S


def storm_bounds(storm: Storm) -> Iterator[Bound]:
    found, calm, busy = storm.found, storm.calm_s, storm.busy_s
    yield f"同一秒到期 {found.cases} 个：每个恰好一次、记在到期时刻、无一提前", found.all_once
    yield f"全部处理完用时 {storm.drain_s:.1f} s", True
    told = ", ".join(
        f"{name} {percentile(calm, share) * 1000:.0f} → {percentile(busy, share) * 1000:.0f} ms"
        for name, share in (("p50", 0.5), ("p95", 0.95))
    )
    yield (
        f"其间作决定 {told}（{len(calm)} 与 {len(busy)} 次），慢到 {storm.slower:.2f} 倍",
        storm.slower <= SLOWER_AT_MOST,
    )


def killed_bounds(killed: Killed) -> Iterator[Bound]:
    found = killed.found
    yield f"到期时全部进程被杀（{found.cases} 个）：恢复后每个恰好一次、记在到期时刻", found.all_once
    yield f"恢复后处理完用时 {killed.drain_s:.1f} s", True


async def run(size: Size, console: Console, only: str | None) -> bool:
    """Whether every bound was kept."""
    kept = True

    def show(bounds: Iterator[Bound]) -> None:
        nonlocal kept
        for text, good in bounds:
            kept = kept and good
            console.print(f"[{'green' if good else 'red'}]{'✓' if good else '✗'}[/] {text}")

    with tempfile.TemporaryDirectory(prefix="onething-bench-") as folder:
        os.chmod(folder, 0o755)  # noqa: PTH101 (PostgreSQL's account must get in; once, at the start)
        async with measurement(size, Path(folder) / "data", console) as measured:
            if only in (None, "spread"):
                show(spread_bounds(await measured.spread()))
            if only in (None, "at_once"):
                show(storm_bounds(await measured.end_of_day()))
            if only in (None, "killed"):
                show(killed_bounds(await measured.nobody_there()))
    return kept


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m bench.deadlines", description="时限到期：准时、恰好一次、不拖慢办理"
    )
    for one in fields(Size):
        parser.add_argument(f"--{one.name.replace('_', '-')}", type=type(one.default), default=one.default)
    parser.add_argument("--only", choices=["spread", "at_once", "killed"])
    given = vars(parser.parse_args(arguments))
    only = given.pop("only")
    use_own_settings()
    console = Console(highlight=False, width=None if sys.stdout.isatty() else 120)
    try:
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            return 0 if runner.run(run(Size(**given), console, only)) else 1
    finally:
        gc.collect()  # a Temporal client collected while the interpreter shuts down can abort it (sdk-python issue 300)


if __name__ == "__main__":
    sys.exit(main())
