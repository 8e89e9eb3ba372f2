"""`calendar`: check and show the working calendar, add a year or a closure to it."""

from pathlib import Path
from typing import Annotated

import typer

from onething.cli.operations import calendar_folder
from onething.cli.terminal.failures import CommandFailed, ExitCode
from onething.cli.terminal.output import console, today

app = typer.Typer(no_args_is_help=True, help="工作日历：检查、查看、增加年度安排和局部停办。")

CalendarFolderOption = Annotated[
    Path | None,
    typer.Option(
        "--folder",
        envvar=calendar_folder.ENVIRONMENT,
        exists=True,
        file_okay=False,
        help="自己的定义目录。",
        show_default=False,
    ),
]
CalendarCodeOption = Annotated[str, typer.Option("--calendar", help="日历的代码。")]


@app.command()
def check(
    folder: Annotated[
        Path | None,
        typer.Argument(
            metavar="目录",
            envvar=calendar_folder.ENVIRONMENT,
            exists=True,
            file_okay=False,
            help="定义目录；默认为软件自带的。",
            show_default=False,
        ),
    ] = None,
) -> None:
    """检查日历：一次列出所有问题，指明文件、行和怎么改。

    年表不能间断、重复，放假与调休不能冲突，停办只能在工作日，必须有办公时间，已发布的版本不许再改。
    日历在 60 天内到头的，另作提醒。

    \b
    例：
      onething calendar check
      onething calendar check 我的定义
    """
    from definitions.calendars import lock
    from definitions.calendars.coverage import reminders

    folders = calendar_folder.read(folder)
    problems = [problem for one in folders.values() for problem in lock.check(one)]
    if problems:
        raise CommandFailed(calendar_folder.problems_text(problems))
    out = console()
    for one in folders.values():
        latest = one.latest
        parts = one.parts.of(latest.version)
        out.print(
            f"{latest.ref} {latest.name}：{latest.covered_from} 至 {latest.covered_until}，"
            f"{len(parts.years)} 张年表、{len(parts.closures)} 处停办，没有问题。",
            soft_wrap=True,
        )
        if new := lock.unpublished(one):
            where = f" --folder {folder}" if folder else ""
            out.print(f"尚未发布：{'、'.join(new)}。发布请运行 onething definitions lock{where}", soft_wrap=True)
    for reminder in reminders([one.latest for one in folders.values()], today()):
        out.print(reminder, soft_wrap=True)


@app.command()
def show(
    year: Annotated[int | None, typer.Argument(metavar="年", help="默认为今年。", show_default=False)] = None,
    folder: CalendarFolderOption = None,
    code: CalendarCodeOption = "cn",
    version: Annotated[int | None, typer.Option(help="看哪一版；默认为最新的。", show_default=False)] = None,
) -> None:
    """看一年的安排：放假、调休上班、局部停办，和每月的工作日数。

    \b
    例：
      onething calendar show
      onething calendar show 2026
      onething calendar show 2026 --version 1
    """
    from onething.cli.views.calendar import print_year

    chosen = calendar_folder.choose(calendar_folder.read(folder), code)
    number = version or chosen.latest.version
    if number not in chosen.versions:
        raise CommandFailed(f"{code} 没有版本 {number}，现有 1 至 {chosen.latest.version}。", ExitCode.USAGE)
    calendar = chosen.versions[number]
    wanted = year or today().year
    if not calendar.covered_from.year <= wanted <= calendar.covered_until.year:
        there = f"{calendar.covered_from.year} 至 {calendar.covered_until.year}"
        raise CommandFailed(
            f"{calendar.ref} 没有 {wanted} 年的年表，只有 {there} 年。\n"
            "国务院办公厅公布安排后，用 onething calendar add-year 加上。"
        )
    print_year(calendar, chosen.parts.of(number), wanted, console())


@app.command("add-year")
def add_year(
    file: Annotated[Path, typer.Argument(metavar="通知", exists=True, dir_okay=False, help="照通知写成的 YAML 文件。")],
    folder: CalendarFolderOption = None,
    code: CalendarCodeOption = "cn",
) -> None:
    """照国务院办公厅的通知增加一年，成为日历的新版本。

    通知写成 YAML：days 是放假的起止日（逢周末的也写），workdays 是调休上班的周末。上一年 12 月放的假一并写上。
    先整体核对，有一处不对就不写；写好后记入 versions.lock，此后不再改动。

    \b
    通知的写法（日期只是举例）：
      year: 2027
      title: 国务院办公厅关于2027年部分节假日安排的通知
      number: 国办发明电〔2026〕1号
      holidays:
        - {name: 元旦, days: 2027-01-01..2027-01-03}
        - {name: 春节, days: 2027-02-05..2027-02-11, workdays: [2027-01-31]}

    \b
    例：
      onething calendar add-year 2027年通知.yaml --folder 我的定义
      ONETHING_DEFINITIONS_DIR=我的定义 onething calendar add-year 2027年通知.yaml
    """
    from definitions.calendars import editing
    from definitions.calendars.notice import read_notice

    own = calendar_folder.own_folder(folder)
    with calendar_folder.nothing_half_done():
        said = read_notice(file)
        edited = editing.add_year(calendar_folder.to_edit(own, code), said)
    calendar_folder.tell_edited(edited, f"已增加 {said.year} 年的安排。")


@app.command()
def close(
    days: Annotated[str, typer.Argument(metavar="日期", help="一天，或起止日：2026-08-13..2026-08-14。")],
    reason: Annotated[str, typer.Option(help="原因：会作为休息日的名称告诉当事人，如“台风停办”。")],
    basis: Annotated[str, typer.Option(help="依据：文件名称和文号。")],
    authority: Annotated[str | None, typer.Option(help="决定的机关。", show_default=False)] = None,
    region: Annotated[str | None, typer.Option(help="适用的行政区划代码（6 位）。", show_default=False)] = None,
    folder: CalendarFolderOption = None,
    code: CalendarCodeOption = "cn",
) -> None:
    """登记局部停办（台风、停电等），成为日历的新版本；这些天不再是工作日，期限相应顺延。

    起止日之间本来就休息的日子会略过。也用于临时延长的假期，包括取消调休上班。

    \b
    例：
      onething calendar close 2026-08-13 --reason 台风停办 --basis 杭防指〔2026〕8号 --folder 我的定义
      onething calendar close 2026-08-13..2026-08-17 --reason 台风停办 --basis 杭防指〔2026〕8号 --region 330100
    """
    from pydantic import ValidationError

    from definitions.calendars import editing
    from definitions.calendars.checks import weekday
    from definitions.calendars.notice import span
    from definitions.calendars.parts import Closure

    try:
        asked = span(days).days
    except ValueError as wrong:
        raise CommandFailed(str(wrong), ExitCode.USAGE) from None
    own = calendar_folder.own_folder(folder)
    _require_region(own, region)
    with calendar_folder.nothing_half_done():
        chosen = calendar_folder.to_edit(own, code)
    working = calendar_folder.working_days(chosen, asked)
    try:
        closed = Closure(
            schema=1, since=1, days=working, reason=reason, basis=basis, authority=authority, region=region
        )
    except ValidationError as wrong:
        fields = "、".join(f"--{detail['loc'][0]}" for detail in wrong.errors())
        raise CommandFailed(f"{fields} 写得不对：原因和依据不能为空，行政区划是 6 位数字。", ExitCode.USAGE) from None
    with calendar_folder.nothing_half_done():
        edited = editing.close(chosen, closed)
    skipped = [f"{day}（{weekday(day)}）" for day in asked if day not in working]
    calendar_folder.tell_edited(
        edited, f"已停办：{'、'.join(f'{day}（{weekday(day)}）' for day in working)}，{reason}。"
    )
    if skipped:
        console().print(f"本来就休息，略过：{'、'.join(skipped)}。", soft_wrap=True)


@app.command()
def load(
    folder: CalendarFolderOption = None,
    code: CalendarCodeOption = "cn",
    csv: Annotated[
        Path | None,
        typer.Option("--csv", metavar="文件", dir_okay=False, help="变了的期限逐条写进去；已有的接着写。"),
    ] = None,
    batch: Annotated[int, typer.Option("--batch", min=1, max=1000, help="一批看几件办件。")] = 200,
) -> None:
    """把最新一版日历载入记录，给每件办理中的办件换上：期限重算，前后都记入流水，日期变了的告知当事人。

    办结后仍在计时的（承诺核查、差评整改）也换上。数据库由 ONETHING_DATABASE_WORKER_URL 指明；没有设置的，
    用本机正在运行的整套系统。
    一件一件地换，不妨碍办理；中断了再运行一次就接着换，重复运行无害。完成后列出哪些期限从何时变到何时。

    \b
    例：
      onething calendar load
      onething calendar load --folder 我的定义 --csv 期限变更.csv
    """
    from definitions.calendars import lock
    from onething.cli.operations.calendar_load import load_calendar

    chosen = calendar_folder.choose(calendar_folder.read(folder), code)
    problems = lock.check(chosen)
    if problems:
        raise CommandFailed(calendar_folder.problems_text(problems))
    if waiting := lock.unpublished(chosen):
        raise CommandFailed(
            f"{'、'.join(waiting)} 还没有发布：核对后先用 onething definitions lock --folder 目录 发布。"
        )
    load_calendar(chosen.latest, csv, batch)


def _require_region(folder: Path, code: str | None) -> None:
    from definitions.loader import read_regions

    known = read_regions(folder, [])
    if code is not None and known and code not in known:
        listed = "、".join(f"{one} {region.name}" for one, region in known.items())
        raise CommandFailed(f"--region {code} 不在 regions.yaml 里。可以写的有：{listed}。", ExitCode.USAGE)
