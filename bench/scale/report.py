"""What was measured, in a table, and which bounds are kept."""

from collections.abc import Iterator

from rich.console import Console
from rich.table import Table

from bench.scale.measuring import Side

_MEMORY_AT_MOST = 1.2
_MIB = 1024 * 1024

Bound = tuple[str, bool]


def show(console: Console, small: Side, large: Side, at_most: float) -> None:
    table = Table(title=f"{small.loaded.cases:,} 件与 {large.loaded.cases:,} 件，毫秒", title_justify="left")
    table.add_column("")
    for heading in ("小 p50", "小 p99", "大 p50", "大 p99", "p99 之比"):
        table.add_column(heading, justify="right")
    for page in small.seconds:
        times = ratio(small, large, page)
        figures = [f"{side.p(page, share) * 1000:.1f}" for side in (small, large) for share in (0.5, 0.99)]
        table.add_row(page, *figures, f"[red]{times:.2f}[/red]" if times > at_most else f"{times:.2f}")
    console.print(table)


def ratio(small: Side, large: Side, page: str) -> float:
    return large.p(page, 0.99) / small.p(page, 0.99)


def bounds(small: Side, large: Side, at_most: float) -> Iterator[Bound]:
    slower = {page: times for page in small.seconds if (times := ratio(small, large, page)) > at_most}
    if slower:
        for page, times in slower.items():
            yield f"{page}：p99 是 {small.loaded.cases:,} 件时的 {times:.2f} 倍（上限 {at_most:g}）", False
    else:
        yield f"{len(small.seconds)} 种页面和列表的 p99 都不超过 {at_most:g} 倍", True
    for group, before in small.memory.items():
        now = large.memory[group]
        says = f"{group} 占用内存 {before / _MIB:.0f} → {now / _MIB:.0f} MiB（上限 {_MEMORY_AT_MOST:g} 倍）"
        yield says, now <= before * _MEMORY_AT_MOST
