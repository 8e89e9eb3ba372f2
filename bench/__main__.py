"""`python -m bench`: exit code 0 when every bound is kept, 1 when one is not or the run failed, 130 when called off."""

import asyncio
import gc
import sys
from collections.abc import Sequence

import uvloop
from rich.console import Console

from bench.against.failure import ComparisonFailed
from bench.against.run import compare
from bench.options import Options, parse
from bench.report import show
from bench.run import run
from bench.servers import servers
from bench.verdict import bounds
from onething.embedded.commands import ConsoleReporter, cancel_on_signals
from onething.embedded.ports import PortTaken
from onething.embedded.processes import ServiceFailed
from onething.embedded.programs import ProgramMissing

INTERRUPTED = 130


def main(arguments: Sequence[str] | None = None) -> int:
    options = parse(arguments)
    console = Console(highlight=False, width=None if sys.stdout.isatty() else 120)
    try:
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            return runner.run(_main(options, console))
    except asyncio.CancelledError:
        console.print("已中止，全部进程已停。")
        return INTERRUPTED
    except (ServiceFailed, PortTaken, ProgramMissing) as failure:
        console.print(f"启动不了：{failure}", markup=False)
        return 1
    except ComparisonFailed as failure:
        console.print(f"比不了：{failure}", markup=False, soft_wrap=True)
        return 1
    finally:
        gc.collect()  # a Temporal client collected while the interpreter shuts down can abort it (sdk-python issue 300)


async def _main(options: Options, console: Console) -> int:
    cancel_on_signals()
    if options.against is not None:
        return 0 if await compare(options.against, options, console) else 1
    reporter = ConsoleReporter(console)
    try:
        async with servers(reporter) as started:
            reporter.close()
            found = await run(options, started, console)
            kept = bounds(found)
            show(console, found, kept)
            console.print("正在停止 …")
    finally:
        reporter.close()
    missed = [bound for bound in kept if not (bound.met or bound.goal or options.quick)]
    for bound in missed:
        console.print(f"[red]未达到：{bound.says}[/red]")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
