"""Data sources as supervisors see them."""

from typing import Any

from rich.console import RenderableType
from rich.markup import escape

from onething.cli.terminal.listing import listing
from onething.cli.terminal.output import moment

_TITLES = (
    "数据源",
    "部门",
    "答复",
    "拒绝",
    "失败",
    "未好",
    "成功率",
    "等待(半数/九成)",
    "数据已有(半数/九成)",
    "在等",
    "状态",
)
_BREAKER = {"closed": "", "open": "[red]熔断[/red]", "half_open": "[yellow]试探[/yellow]"}
_UNITS = ((86400, "天"), (3600, "时"), (60, "分"))


def table(items: list[dict[str, Any]]) -> RenderableType:
    """One row per source; what cannot be said is left empty."""
    shown = listing(*_TITLES)
    for one in items:
        names = (escape(one["name"]), escape(one["department_name"]))
        counts = (str(one[name]) for name in ("answered", "refused", "failed", "not_yet"))
        rate = f"{one['success_rate']:.1%}" if "success_rate" in one else ""
        pending = f"{one['pending']}（自 {moment(one['pending_since'])}）" if one["pending"] else ""
        shown.add_row(*names, *counts, rate, _both(one, "wait"), _both(one, "age"), pending, _BREAKER[one["breaker"]])
    return shown


_QUALITY = (
    *("数据源", "部门", "不一致", "待核实", "已核实", "以其为准", "已一致"),
    *("近七天答复", "拒绝", "数据已有(半数/九成)"),
)


def quality(items: list[dict[str, Any]]) -> RenderableType:
    """One row per source: what disagreed with it in a period, and its answers lately."""
    shown = listing(*_QUALITY)
    for one in items:
        lately = one["lately"]
        names = (escape(one["name"]), escape(one["department_name"]))
        counts = (str(one[name]) for name in ("found", "open", "resolved"))
        right = _with_share(one["source_right"], one.get("source_right_rate"))
        refused = _with_share(lately["refused"], lately.get("refused_rate"))
        shown.add_row(
            *names, *counts, right, str(one["matched"]), str(lately["answered"]), refused, _both(lately, "age")
        )
    return shown


def _with_share(count: int, rate: float | None) -> str:
    return f"{count}（{rate:.1%}）" if rate else str(count)


def _both(source: dict[str, Any], what: str) -> str:
    if f"{what}_p50_s" not in source:
        return ""
    return f"{length(source[f'{what}_p50_s'])}/{length(source[f'{what}_p90_s'])}"


def length(seconds: float) -> str:
    for unit, name in _UNITS:
        if seconds >= unit:
            return f"{seconds / unit:.1f} {name}"
    return f"{seconds:.1f} 秒"
