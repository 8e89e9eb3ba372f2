"""`python -m bench.scale`: exit code 0 when every bound is kept, 1 when one is not or nothing was measured, 130 when
called off."""

import asyncio
import os
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import uvloop
from rich.console import Console
from rich.progress import MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from bench.http import Refused
from bench.scale.loading import Loaded, Loader
from bench.scale.measuring import measure
from bench.scale.options import Options, parse
from bench.scale.report import bounds, show
from bench.scale.stack import ReadingStack, reading_stack
from bench.scale.stories import Told, tell_all
from definitions.loader import load_catalog
from onething.domain.calendar.days import local_date
from onething.embedded.commands import cancel_on_signals
from onething.embedded.ports import PortTaken
from onething.embedded.processes import ServiceFailed
from onething.embedded.programs import ProgramMissing
from onething.security.blind_index import BlindIndex
from onething.security.sealing import Sealer
from onething.settings import Settings
from onething.store.connection.database import Database

INTERRUPTED = 130
_COLUMNS = (TextColumn("{task.description}"), MofNCompleteColumn(), TimeElapsedColumn())


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
    except Refused as refused:
        console.print(f"量不了，有一页没有答复：{refused}", markup=False, soft_wrap=True)
    return 1


async def _main(options: Options, console: Console) -> int:
    cancel_on_signals()
    today = local_date(datetime.now(UTC))
    with Progress(*_COLUMNS, console=console, transient=True, disable=not console.is_terminal) as progress:
        async with (
            _filled(options.small, console, progress) as small,
            _filled(options.cases, console, progress) as large,
        ):
            asking = progress.add_task("逐页读", total=options.requests)
            of_small, of_large = await measure(
                (small, large), options.requests, today, lambda: progress.advance(asking)
            )
    show(console, of_small, of_large, options.at_most)
    kept = list(bounds(of_small, of_large, options.at_most))
    for text, good in kept:
        console.print(f"[{'green' if good else 'red'}]{'✓' if good else '✗'}[/] {text}")
    return 0 if all(good for _, good in kept) else 1


@asynccontextmanager
async def _filled(cases: int, console: Console, progress: Progress) -> AsyncIterator[tuple[ReadingStack, Loaded]]:
    """A stack of its own with so many cases, put away afterwards."""
    with tempfile.TemporaryDirectory(prefix="onething-bench-") as folder:
        os.chmod(folder, 0o755)  # noqa: PTH101 (PostgreSQL's account must get in; once, at the start)
        async with reading_stack(Path(folder) / "data") as stack:
            sealer, index = Sealer.from_setting(stack.sealing_keys), BlindIndex.from_setting(stack.index_key)
            told = await _told(stack, sealer, index)
            loading = progress.add_task(f"装入 {cases:,} 件", total=cases, completed=len(told))
            began = time.monotonic()
            loader = Loader(stack.database_url, sealer, index)
            loaded = await asyncio.to_thread(loader.load, told, cases, lambda more: progress.advance(loading, more))
            under_way = f"在办 {len(loaded.under_way):,}，待办 {loaded.open_tasks:,}"
            console.print(f"{loaded.cases:,} 件（{under_way}），装入用时 {time.monotonic() - began:.0f} s")
            yield stack, loaded


async def _told(stack: ReadingStack, sealer: Sealer, index: BlindIndex) -> list[Told]:
    api, worker = Database(stack.api_database_url), Database(stack.worker_database_url)
    await api.open()
    await worker.open()
    try:
        return await tell_all(api, worker, sealer, index, load_catalog(), Settings().region, datetime.now(UTC))
    finally:
        await api.close()
        await worker.close()


if __name__ == "__main__":
    sys.exit(main())
