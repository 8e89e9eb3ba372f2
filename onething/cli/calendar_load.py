"""`onething calendar load`: what it shows on its way and how it ends."""

import asyncio

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from onething.cli.failures import CommandFailed, ExitCode
from onething.cli.output import console
from onething.domain.calendar import Calendar
from onething.domain.errors import FailureCode, OneThingError
from onething.settings import settings
from onething.wiring.calendars import Loaded
from onething.wiring.calendars import load_calendar as at_work
from onething.wiring.common import SettingMissing

_LISTED = 10


def load_calendar(calendar: Calendar) -> None:
    """Raises `CommandFailed` when it could not be done, or not for every case."""
    columns = (TextColumn("看过的办件"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=None)

        def progress(total: int, looked_at: int, _: int) -> None:
            bar.update(task, total=max(total, looked_at), completed=looked_at)

        try:
            loaded = asyncio.run(at_work(settings(), calendar, progress))
        except SettingMissing as missing:
            raise CommandFailed(str(missing)) from None
        except OneThingError as error:
            if error.code is FailureCode.UNAVAILABLE:
                message = f"{error.detail}\n已经换上的都在；再运行一次就接着换。"
                raise CommandFailed(message, ExitCode.UNREACHABLE) from None
            raise CommandFailed(error.detail) from None
    _tell(calendar, loaded)


def _tell(calendar: Calendar, loaded: Loaded) -> None:
    moved, out = loaded.moved, console()
    out.print(f"{calendar.ref} {'已载入记录' if loaded.new else '记录里已经有了'}。")
    out.print(f"看过 {moved.looked_at} 件没有办结的办件（含草稿），{moved.changed} 件换上了它。")
    if moved.refused:
        listed = [f"  {case_no}（{code}）" for case_no, code in list(moved.refused.items())[:_LISTED]]
        more = [f"  等 {len(moved.refused)} 件"] if len(moved.refused) > _LISTED else []
        lines = [f"{len(moved.refused)} 件没有换成，稍后再运行一次：", *listed, *more]
        raise CommandFailed("\n".join(lines))
