"""Findings as tables for people."""

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table

from bench.histories import ALL, COUNTED
from bench.legs import Leg
from bench.statistics import percentile
from bench.verdict import Bound, Findings

TITLES = {
    "raw-at-once": "raw 不等数据就决定",
    "raw": "raw",
    "services": "OneThing 不经 HTTP",
    "http": "OneThing 经 HTTP",
}


def leg_line(leg: Leg) -> str:
    p50, p99 = (percentile(leg.tally.decisions, share) * 1000 for share in (0.5, 0.99))
    decided = f"决定 p50 {p50:.0f} ms、p99 {p99:.0f} ms"
    used = f"处理器 {sum(leg.cpu.values()) * 1000:.0f} ms/件"
    return (
        f"  {TITLES[leg.name]}：{leg.per_second:.1f} 件/秒，{decided}，{used}（别的程序占用 {leg.others:.1f} 个处理器）"
    )


def show(console: Console, found: Findings, results: Sequence[Bound]) -> None:
    for table in (_speed(found), _latency(found), _costs(found), _cpu(found)):
        console.print()
        console.print(table)
    console.print()
    for bound in results:
        mark = "[green]✓[/green]" if bound.met else ("[yellow]·[/yellow]" if bound.goal else "[red]✗[/red]")
        console.print(f"{mark} {bound.says}")


def _speed(found: Findings) -> Table:
    table = _table("办件速度（件/秒）", "", "raw 不等数据就决定", "raw", "不经 HTTP", "比 raw", "经 HTTP", "比 raw")
    for number, pair in enumerate(found.pairs, 1):
        at_once, raw, services, http = (pair[name].per_second for name in TITLES)
        table.add_row(
            f"第 {number} 轮",
            f"{at_once:.1f}",
            f"{raw:.1f}",
            f"{services:.1f}",
            f"{services / raw:.2f}",
            f"{http:.1f}",
            f"{http / raw:.2f}",
        )
    table.add_section()
    for title, to in (("比值的中位数", "raw"), ("比 raw 不等数据就决定", "raw-at-once")):
        ratios = [f"{found.ratio(name, to):.2f}" for name in ("services", "http")]
        table.add_row(title, "", "", "", ratios[0], "", ratios[1])
    return table


def _latency(found: Findings) -> Table:
    table = _table("调用者所见的耗时（毫秒）", "", "p50", "p99", "次数")
    for title, seconds in (
        ("raw 的 Update", found.decisions("raw")),
        ("决定，不经 HTTP", found.decisions("services")),
        ("决定，经 HTTP", found.decisions("http")),
        ("决定 → 下一部门看到待办", found.handoffs),
    ):
        p50, p99 = (f"{percentile(seconds, share) * 1000:.0f}" for share in (0.5, 0.99))
        table.add_row(title, p50, p99, str(len(seconds)))
    return table


def _costs(found: Findings) -> Table:
    table = _table("每件在 Temporal 中的花费（平均，括号内为最多）", "", "raw", "OneThing")
    for name in (*COUNTED, ALL):
        raw, our = (f"{costs.mean[name]:.1f}（{costs.most[name]}）" for costs in (found.raw_costs, found.our_costs))
        table.add_row(name, raw, our)
    return table


def _cpu(found: Findings) -> Table:
    table = _table("每件的处理器时间（毫秒）", "", *TITLES.values())
    used = {name: found.cpu(name) for name in TITLES}
    for group in used["raw"]:
        table.add_row(group, *(f"{used[name][group] * 1000:.1f}" for name in TITLES))
    table.add_section()
    table.add_row("合计", *(f"{sum(used[name].values()) * 1000:.1f}" for name in TITLES))
    return table


def _table(title: str, first: str, *columns: str) -> Table:
    table = Table(title=title, title_justify="left", title_style="bold")
    table.add_column(first)
    for column in columns:
        table.add_column(column, justify="right")
    return table
