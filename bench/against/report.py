"""The comparison as a table and sentences for people."""

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table

from bench.against.figures import Figures, Verdict
from bench.report import TITLES as OF_LEGS

TITLES = {**OF_LEGS, "calm": "经 HTTP，机器有余力时"}


def leg_line(number: int, side: str, contestant: str, leg: Figures) -> str:
    return (
        f"第 {number + 1} 对 {side}，{TITLES[contestant]}：{leg.per_second:.1f} 件/秒，"
        f"决定 p50 {leg.decision_p50_s * 1000:.0f} ms，处理器 {leg.cpu_s * 1000:.0f} ms/件"
        f"（别的程序占用 {leg.others:.1f} 个处理器）"
    )


def show(console: Console, other: str, verdicts: Sequence[Verdict]) -> None:
    console.print()
    console.print(_table(other, verdicts))
    for verdict in verdicts:
        colour, mark = ("green", "✓") if verdict.kept else ("red", "✗")
        console.print(f"[{colour}]{mark}[/] {sentence(other, verdict)}")
    for verdict in verdicts:
        if verdict.doubtful:
            console.print(f"[yellow]·[/] “{verdict.measure.title}”与自己比就差得比界限还多，等机器闲下来再量。")


def sentence(other: str, verdict: Verdict) -> str:
    low, high = min(verdict.noise), max(verdict.noise)
    return (
        f"“{verdict.measure.title}”是 {other} 的 {verdict.median:.3f} 倍（中位数），至少 {verdict.at_least:g}；"
        f"噪声 {low:.3f}–{high:.3f}"
    )


def _table(other: str, verdicts: Sequence[Verdict]) -> Table:
    table = Table(title="快慢的倍数（大于 1 是本目录快）", title_justify="left", title_style="bold")
    table.add_column("")
    for verdict in verdicts:
        table.add_column(verdict.measure.title, justify="right")
    _rows(table, "比自己（噪声）", [verdict.noise for verdict in verdicts])
    _rows(table, f"比 {other}", [verdict.ratios for verdict in verdicts])
    table.add_row("中位数", *(f"{verdict.median:.3f}" for verdict in verdicts), style="bold")
    return table


def _rows(table: Table, title: str, columns: Sequence[Sequence[float]]) -> None:
    for number, ratios in enumerate(zip(*columns, strict=True), 1):
        table.add_row(f"{title}，第 {number} 对", *(f"{ratio:.3f}" for ratio in ratios))
    table.add_section()
