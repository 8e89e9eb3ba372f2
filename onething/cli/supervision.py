"""`supervision`: how well departments kept their time, for supervisors and leaders."""

from datetime import datetime
from typing import Annotated, Any

import typer
from rich.console import RenderableType
from rich.markup import escape
from rich.table import Table

from onething.cli import session
from onething.cli.output import console
from onething.cli.words import CHANNELS

app = typer.Typer(no_args_is_help=True, help="督办：各部门、事项的办理情况。")
_ALL = 200
_DAY = ["%Y-%m-%d"]
_TITLES = ("部门", "事项", "办结", "按时", "提前办结", "提速", "中止(时)", "延期", "黄牌", "红牌", "渠道")
_EXPECTED = "预计用时(工作日)"


@app.callback()
def group() -> None:
    """督办：各部门、事项的办理情况。"""


@app.command()
def overview(
    first: Annotated[
        datetime | None,
        typer.Option("--from", metavar="日期", formats=_DAY, help="起始日期；默认从截止日期往前 30 天。"),
    ] = None,
    last: Annotated[
        datetime | None, typer.Option("--to", metavar="日期", formats=_DAY, help="截止日期，含当天；默认为今天。")
    ] = None,
    department: Annotated[str | None, typer.Option("--department", metavar="部门代码", help="只看一个部门。")] = None,
    url: session.Url = None,
    account: session.As = None,
) -> None:
    """按时、提前、提速、中止、延期、红黄牌和预计用时，逐个事项。

    \b
    例：
      onething supervision overview --as supervisor
      onething supervision overview --from 2026-10-01 --to 2026-10-31 --as leader.amr
    """
    asked = {"from": first and f"{first:%Y-%m-%d}", "to": last and f"{last:%Y-%m-%d}", "department": department}
    wanted = {name: value for name, value in asked.items() if value}
    with session.connect(url, account) as client:
        told = client.get("/api/supervision/overview", limit=_ALL, **wanted)
    out = console()
    out.print(f"{told['first']} 至 {told['last']}", markup=False)
    if not told["items"]:
        out.print("这段时间没有办结的事项，也没有红黄牌。")
        return
    out.print(table(told["items"]))
    if cards := told["whole_cases"]:
        out.print(f"整件办理的黄牌 {cards['yellow']}、红牌 {cards['red']}。", markup=False)
    out.print(f"系统没有记录、因此不统计：{'、'.join(told['not_recorded'])}。", markup=False)
    if told["next"]:
        out.print(f"事项较多，只列出前 {_ALL} 个；请用 --department 分部门看。", markup=False)


def table(items: list[dict[str, Any]]) -> RenderableType:
    """One row per item; what cannot be said is left empty."""
    shown = Table(*_TITLES, _EXPECTED, box=None, padding=(0, 2, 0, 0))
    for one in items:
        rates = (_percent(one.get(name)) for name in ("on_time_rate", "early_rate", "speed_up_rate"))
        numbers = (str(one[name]) for name in ("paused_hours", "extensions", "yellow_cards", "red_cards"))
        channels = "、".join(f"{CHANNELS.get(name, name)} {_percent(part)}" for name, part in one["channels"].items())
        names = (escape(one["department_name"]), escape(one["item_name"]))
        shown.add_row(*names, str(one["decided"]), *rates, *numbers, channels, _expected(one["recent"]))
    return shown


def _percent(part: float | None) -> str:
    return "" if part is None else f"{part:.1%}"


def _expected(recent: dict[str, Any]) -> str:
    if "p50_days" not in recent:
        return f"只有 {recent['decisions']} 件，不足以预计"
    return f"{recent['p50_days']:g}–{recent['p90_days']:g}（近 {recent['decisions']} 件）"
