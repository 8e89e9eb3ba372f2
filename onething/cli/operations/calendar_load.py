"""`onething calendar load`: what it shows on its way, whose dates moved, and how it ends."""

import asyncio
import csv
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from onething.cli.operations.record_settings import record_settings
from onething.cli.terminal.failures import CommandFailed, ExitCode
from onething.cli.terminal.listing import listing
from onething.cli.terminal.output import BEIJING, console
from onething.domain.calendar.days import Calendar
from onething.domain.errors import FailureCode, OneThingError
from onething.services.deadlines.calendars import CalendarLoadReport, Changed, Report
from onething.wiring.calendars import Loaded
from onething.wiring.calendars import load_calendar as at_work
from onething.wiring.common import SettingMissing

_REFUSED_LISTED = 10
_MARK = "\ufeff"
_HEADING = ("办件编号", "时限代码", "时限", "原到期", "新到期")


def load_calendar(calendar: Calendar, file: Path | None, batch: int) -> None:
    """`file`: gets a line for every due date that moved, as soon as it has. Raises `CommandFailed` when it could not be
    done, or not for every case."""
    chosen = record_settings()
    columns = (TextColumn("看过的办件"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=None)

        def progress(total: int, looked_at: int, _: int) -> None:
            bar.update(task, total=max(total, looked_at), completed=looked_at)

        try:
            with _written_to(file) as report:
                loaded = asyncio.run(at_work(chosen, calendar, progress, report, batch=batch))
        except SettingMissing as missing:
            raise CommandFailed(str(missing)) from None
        except OneThingError as error:
            if error.code is FailureCode.UNAVAILABLE:
                message = f"{error.detail}\n已经换上的都在；再运行一次就接着换。"
                raise CommandFailed(message, ExitCode.UNREACHABLE) from None
            raise CommandFailed(error.detail) from None
    _tell(calendar, loaded)


@contextmanager
def _written_to(file: Path | None) -> Iterator[Report]:
    """A run that goes on where another broke off goes on with its file, too."""
    if file is None:
        yield lambda _: None
        return
    with _told_of(file):
        lines = file.open("a", encoding="utf-8", newline="")
    with lines:
        rows = csv.writer(lines)
        if lines.tell() == 0:
            lines.write(_MARK)
            rows.writerow(_HEADING)

        def report(case: Changed) -> None:
            with _told_of(file):
                rows.writerows(
                    (one.case_no, one.clock, one.title, _at(one.before), _at(one.after)) for one in case.dues
                )
                lines.flush()

        yield report


@contextmanager
def _told_of(file: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        message = f"写不进 {file}（{error.strerror}）。请检查目录的权限和磁盘空间。"
        raise CommandFailed(f"{message}\n已经换上的都在；再运行一次就接着换。") from None


def _tell(calendar: Calendar, loaded: Loaded) -> None:
    moved, out = loaded.moved, console()
    out.print(f"{calendar.ref} {'已载入记录' if loaded.new else '记录里已经有了'}。")
    out.print(
        f"看过 {moved.looked_at} 件没有办结（含草稿）或仍在计时的办件，{moved.changed} 件换上了它。", soft_wrap=True
    )
    if moved.dues:
        _tell_dues(moved)
    if moved.refused:
        listed = [f"  {case_no}（{code}）" for case_no, code in list(moved.refused.items())[:_REFUSED_LISTED]]
        more = [f"  等 {len(moved.refused)} 件"] if len(moved.refused) > _REFUSED_LISTED else []
        lines = [f"{len(moved.refused)} 件没有换成，稍后再运行一次：", *listed, *more]
        raise CommandFailed("\n".join(lines))


def _tell_dues(moved: CalendarLoadReport) -> None:
    out = console()
    told = f"{moved.affected} 件的 {moved.dues} 个期限变了，{moved.notices} 份期限变更告知待发送。"
    out.print(told, soft_wrap=True)
    table = listing("办件", "时限", "原到期", "新到期")
    for one in moved.first:
        table.add_row(one.case_no, escape(one.title), _at(one.before), _at(one.after))
    out.print(table)
    if moved.dues > len(moved.first):
        out.print(f"以上是前 {len(moved.first)} 个，共 {moved.dues} 个；全部的可用 --csv 写进文件。", soft_wrap=True)


def _at(moment: datetime | None) -> str:
    return f"{moment.astimezone(BEIJING):%Y-%m-%d %H:%M}" if moment else "中止计时"
