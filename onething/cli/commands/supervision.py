"""`supervision`: how well departments kept their time, for supervisors and leaders."""

import sys
from datetime import datetime
from typing import Annotated, Any

import typer
from rich.console import RenderableType
from rich.markup import escape

from onething.cli.client import session
from onething.cli.commands.intake import CaseNoArgument
from onething.cli.terminal.labels import CHANNELS
from onething.cli.terminal.listing import listing
from onething.cli.terminal.output import console, moment
from onething.cli.views import sources as views_sources
from onething.cli.views import supervision_csv

app = typer.Typer(no_args_is_help=True, help="督办：各部门、事项的办理情况。")
_ALL = 200
_OVERVIEW = "/api/supervision/overview"
_DAY = ["%Y-%m-%d"]
_TITLES = (
    "部门",
    "事项",
    "办结",
    "按时",
    "提前办结",
    "提速",
    "中止(时)",
    "延期",
    "退回",
    "黄牌",
    "红牌",
    "渠道",
    "一证通办",
)
_EXPECTED = "预计用时(工作日)"
FromOption = Annotated[
    datetime | None, typer.Option("--from", metavar="日期", formats=_DAY, help="起始日期；默认从截止日期往前 30 天。")
]
ToOption = Annotated[
    datetime | None, typer.Option("--to", metavar="日期", formats=_DAY, help="截止日期，含当天；默认为今天。")
]
DepartmentOption = Annotated[str | None, typer.Option("--department", metavar="部门代码", help="只看一个部门。")]


@app.callback()
def group() -> None:
    """督办：各部门、事项的办理情况。"""


@app.command()
def overview(
    first: FromOption = None,
    last: ToOption = None,
    department: DepartmentOption = None,
    as_csv: Annotated[bool, typer.Option("--csv", help="全部事项写成 CSV（逗号分隔），供表格软件使用。")] = False,
    url: session.Url = None,
    account: session.As = None,
) -> None:
    """按时、提前、提速、中止、延期、红黄牌和预计用时，逐个事项。

    \b
    例：
      onething supervision overview --as supervisor
      onething supervision overview --from 2026-10-01 --to 2026-10-31 --as leader.amr
      onething supervision overview --csv --as supervisor > 办理情况.csv
    """
    wanted = _asked(first, last, department)
    with session.connect(url, account) as client:
        if as_csv:
            sys.stdout.write(supervision_csv.written(client.pages(_OVERVIEW, limit=_ALL, **wanted)))
            return
        told = client.get(_OVERVIEW, limit=_ALL, **wanted)
    out = console()
    out.print(f"{told['first']} 至 {told['last']}", markup=False)
    if now := told.get("pressing"):
        out.print(
            f"现在已超期 {now['overdue']} 件，即将到期 {now['soon']} 件：onething case list --due overdue", markup=False
        )
    if not told["items"]:
        out.print("这段时间没有办结的事项，也没有红黄牌。")
        return
    out.print(table(told["items"]))
    if cards := told["whole_cases"]:
        again = _percent(cards.get("second_correction_rate"))
        if again:
            console().print(
                f"窗口的二次补正率：{again}（{cards['corrected_again']}/{cards['corrected']}）", markup=False
            )
        out.print(f"整件办理的黄牌 {cards['yellow']}、红牌 {cards['red']}。", markup=False)
    if (visits := told.get("first_visits")) and visits["visits"]:
        rates = [_percent(visits[one].get("accepted_rate")) or "还没有" for one in ("prechecked", "others")]
        whole = f"{_percent(visits['accepted_rate'])}（{visits['accepted']}/{visits['visits']}）"
        out.print(f"一次受理率：{whole}；来前窗口看过的 {rates[0]}，没有看过的 {rates[1]}。", markup=False)
    if ratings := told.get("ratings"):
        cases, visited = ratings["cases"], ratings["visits"]
        rates = [_percent(one.get("good_rate")) or "还没有" for one in (cases, visited)]
        whole = f"整件事 {rates[0]}（评了 {cases['rated']} 件）"
        on_site = f"到场办理 {rates[1]}（{visited['visits']} 次中评了 {visited['rated']} 次）"
        out.print(f"好评率：{whole}，{on_site}。", markup=False)
    if told["next"]:
        out.print(f"事项较多，只列出前 {_ALL} 个；请用 --department 分部门看。", markup=False)


@app.command("data-quality")
def data_quality(
    first: FromOption = None,
    last: ToOption = None,
    department: DepartmentOption = None,
    url: session.Url = None,
    account: session.As = None,
) -> None:
    """各数据源的质量：与别处不一致的有多少，核实了多少、以谁为准；近七天的拒绝，取得时的数据有多旧。

    \b
    例：
      onething supervision data-quality --as supervisor
    """
    with session.connect(url, account) as client:
        told = client.get("/api/supervision/data-quality", **_asked(first, last, department))
    out = console()
    out.print(f"{told['first']} 至 {told['last']}", markup=False)
    out.print(views_sources.quality(told["items"]))


@app.command()
def supervise(
    case_no: CaseNoArgument,
    text: Annotated[str, typer.Option("--text", help="要求说明什么。", show_default=False)],
    item: Annotated[str | None, typer.Option("--item", metavar="事项代码", help="默认为整个办件。")] = None,
    days: Annotated[int, typer.Option("--days", min=1, max=30, help="几个工作日内答复。")] = 3,
    url: session.Url = None,
    account: session.As = None,
) -> None:
    """督办一个办件或其中一个事项，要求承办部门限期答复（督办员）。

    \b
    例：
      onething supervision supervise 办件编号 --text 请说明为何迟延 --as supervisor
    """
    body = {"text": text, "days": days} | ({"item": item} if item else {})
    with session.connect(url, account) as client:
        after = client.post(f"/api/cases/{case_no}/supervise", body)
    console().print(f"已督办（第 {after['seq']} 条），{moment(after['due_at'])}前答复（约定，工作日）。", markup=False)


@app.command()
def answer(
    case_no: CaseNoArgument,
    text: Annotated[str, typer.Option("--text", help="答复，督办员看得到。", show_default=False)],
    item: Annotated[str | None, typer.Option("--item", metavar="事项代码", help="默认为整个办件。")] = None,
    url: session.Url = None,
    account: session.As = None,
) -> None:
    """答复督办（承办部门）。

    \b
    例：
      onething supervision answer 办件编号 --text 窗口漏转，已补 --as leader.amr
    """
    with session.connect(url, account) as client:
        body = {"text": text} | ({"item": item} if item else {})
        after = client.post(f"/api/cases/{case_no}/supervise/answer", body)
    console().print(f"已答复（第 {after['seq']} 条）。", markup=False)


_REMINDERS = {"urge": "催办", "supervision": "督办", "look_up": "等待数据"}


@app.command()
def reminders(
    department: DepartmentOption = None,
    url: session.Url = None,
    account: session.As = None,
) -> None:
    """等待答复的催办和督办，以及久等不到的数据查询，期限早的在前。

    \b
    例：
      onething supervision reminders --as supervisor
    """
    wanted = _asked(None, None, department)
    with session.connect(url, account) as client:
        told = client.get("/api/supervision/reminders", limit=_ALL, **wanted)
    if not told["items"]:
        console().print("没有等待答复的催办和督办，也没有久等不到的数据查询。")
        return
    shown = listing("办件编号", "性质", "事项", "部门", "答复期限", "")
    for one in told["items"]:
        kind = _REMINDERS[one["kind"]]
        late = "[red]已超期[/red]" if one["overdue"] else ""
        read = f"{moment(one['read_at'])}已读" if one.get("read_at") else ""
        late = f"{moment(one['since'])}起在等" if one["kind"] == "look_up" else " ".join(filter(None, (late, read)))
        of = (one.get("data") or one.get("item", "整个办件"), "、".join(one["departments"]))
        shown.add_row(one["case_no"], kind, *of, moment(one["due_at"]), late)
    console().print(shown)


@app.command()
def cards(
    department: DepartmentOption = None,
    card: Annotated[str | None, typer.Option("--card", metavar="yellow|red", help="只看黄牌或红牌。")] = None,
    first: FromOption = None,
    last: ToOption = None,
    limit: Annotated[int, typer.Option(min=1, max=200, help="至多几张。")] = 50,
    url: session.Url = None,
    account: session.As = None,
) -> None:
    """一段时间内（默认近 30 天）的黄牌和红牌，新的在前。

    \b
    例：
      onething supervision cards --card red --as supervisor
      onething supervision cards --from 2026-10-01 --to 2026-10-31 --as supervisor
    """
    wanted = _asked(first, last, department) | ({"card": card} if card else {})
    with session.connect(url, account) as client:
        told = client.get("/api/supervision/cards", limit=limit, **wanted)
    if not told["items"]:
        console().print("这段时间没有黄牌和红牌。")
        return
    shown = listing("时间", "牌", "办件编号", "事项", "部门", "时限", "")
    for one in told["items"]:
        colour = "[yellow]黄牌[/yellow]" if one["card"] == "yellow" else "[red]红牌[/red]"
        of = (escape(one.get("item_name") or one.get("item") or "整个办件"), escape(one.get("department_name") or ""))
        state = "已收回" if "taken_back_at" in one else "未了" if one["open"] else "已了"
        shown.add_row(moment(one["at"]), colour, one["case_no"], *of, one["clock"], state)
    console().print(shown)


@app.command("credit-notes")
def credit_notes(
    limit: Annotated[int, typer.Option(min=1, max=200, help="至多几条。")] = 50,
    url: session.Url = None,
    account: session.As = None,
) -> None:
    """失信记录：因承诺不实撤销的准予，新的在前（督办员）。

    \b
    例：
      onething supervision credit-notes --as supervisor
    """
    with session.connect(url, account) as client:
        told = client.get("/api/supervision/credit-notes", limit=limit)
    if not told["items"]:
        console().print("没有失信记录。")
        return
    shown = listing("撤销时间", "办件编号", "一件事", "事项", "不实的承诺")
    for one in told["items"]:
        names = (escape(one[name]) for name in ("name", "item_name", "material_name"))
        shown.add_row(moment(one["at"]), one["case_no"], *names)
    console().print(shown)


@app.command()
def sources(
    hours: Annotated[int, typer.Option("--hours", min=1, max=168, help="往前看几小时。")] = 24,
    department: DepartmentOption = None,
    url: session.Url = None,
    account: session.As = None,
) -> None:
    """各数据源的成功率、等待、数据新旧，正在等待的查询和熔断状态。

    \b
    例：
      onething supervision sources --as supervisor
      onething supervision sources --hours 1 --department amr --as supervisor
    """
    wanted = _asked(None, None, department)
    with session.connect(url, account) as client:
        told = client.get("/api/supervision/sources", hours=hours, **wanted)
    console().print(f"近 {told['hours']} 小时", markup=False)
    console().print(views_sources.table(told["items"]))
    if told["pending_at_least"]:
        console().print("等待的查询很多，只数了最早的一部分。")


def _asked(first: datetime | None, last: datetime | None, department: str | None) -> dict[str, str]:
    """Of which days, and whose; what was not said is left to the server."""
    days = {name: f"{day:%Y-%m-%d}" for name, day in (("from", first), ("to", last)) if day is not None}
    return days | ({"department": department} if department else {})


def table(items: list[dict[str, Any]]) -> RenderableType:
    """One row per item; what cannot be said is left empty."""
    shown = listing(*_TITLES, _EXPECTED)
    for one in items:
        rates = (_percent(one.get(name)) for name in ("on_time_rate", "early_rate", "speed_up_rate"))
        paused = f"{one['paused_hours']}（法定 {_percent(one['paused_rate'])}）" if one.get("paused_rate") else None
        counts = (str(one[name]) for name in ("extensions", "returned", "yellow_cards", "red_cards"))
        numbers = (paused or str(one["paused_hours"]), *counts)
        channels = "、".join(f"{CHANNELS.get(name, name)} {_percent(part)}" for name, part in one["channels"].items())
        names = (escape(one["department_name"]), escape(one["item_name"]))
        by_card = _percent(one.get("identity_only_rate"))
        told = (str(one["decided"]), *rates, *numbers, channels, by_card, _expected(one["recent"]))
        shown.add_row(*names, *told)
    return shown


def _percent(part: float | None) -> str:
    return "" if part is None else f"{part:.1%}"


def _expected(recent: dict[str, Any]) -> str:
    if "p50_days" not in recent:
        return f"只有 {recent['decisions']} 件，不足以预计"
    return f"{recent['p50_days']:g}–{recent['p90_days']:g}（近 {recent['decisions']} 件）"
