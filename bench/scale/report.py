"""What was measured, in a table, and which bounds are kept."""

from collections.abc import Iterator

from rich.console import Console
from rich.table import Table

from bench.scale.measuring import Side

_MEMORY_AT_MOST = 1.2
P95_AT_MOST_S = 0.1
"""Of a page on the larger side, from the request to the last byte (screens: budgets)."""
_P95 = 0.95
_SHARES = (0.5, _P95, 0.99)
_MIB = 1024 * 1024

Bound = tuple[str, bool]


def show(console: Console, small: Side, large: Side, at_most: float) -> None:
    table = Table(title=f"{small.loaded.cases:,} 件与 {large.loaded.cases:,} 件，毫秒", title_justify="left")
    table.add_column("")
    for heading in ("小 p50", "小 p95", "小 p99", "大 p50", "大 p95", "大 p99", "p99 之比"):
        table.add_column(heading, justify="right")
    for page in small.seconds:
        times = ratio(small, large, page)
        figures = [f"{side.p(page, share) * 1000:.1f}" for side in (small, large) for share in _SHARES]
        if large.p(page, _P95) > P95_AT_MOST_S:
            figures[-2] = f"[red]{figures[-2]}[/red]"
        table.add_row(page, *figures, f"[red]{times:.2f}[/red]" if times > at_most else f"{times:.2f}")
    console.print(table)


def ratio(small: Side, large: Side, page: str) -> float:
    return large.p(page, 0.99) / small.p(page, 0.99)


def emptier(small: Side, large: Side) -> Iterator[tuple[str, int, int]]:
    """Lists that are full on the larger side and have fewer rows on the smaller: page and rows of both."""
    for page in sorted(large.goes_on):
        if small.rows.get(page, 0) < large.rows[page]:
            yield page, small.rows.get(page, 0), large.rows[page]


def bounds(small: Side, large: Side, at_most: float) -> Iterator[Bound]:
    for page, few, many in emptier(small, large):
        says = f"{page}：{small.loaded.cases:,} 件时一页有 {few} 行，{large.loaded.cases:,} 件时 {many} 行，"
        yield f"{says}不能相比：请在 bench/scale/stories.py 里让小的一边也有", False
    slower = {page: times for page in small.seconds if (times := ratio(small, large, page)) > at_most}
    if slower:
        for page, times in slower.items():
            yield f"{page}：p99 是 {small.loaded.cases:,} 件时的 {times:.2f} 倍（上限 {at_most:g}）", False
    else:
        yield f"{len(small.seconds)} 种页面和列表的 p99 都不超过 {at_most:g} 倍", True
    slow = {page: p95 for page in large.seconds if (p95 := large.p(page, _P95)) > P95_AT_MOST_S}
    for page, p95 in slow.items():
        says = f"{page}：{large.loaded.cases:,} 件时 p95 是 {p95 * 1000:.0f} 毫秒（上限 {P95_AT_MOST_S * 1000:.0f}）"
        yield says, False
    if not slow:
        pages = f"{len(large.seconds)} 种页面和列表"
        says = f"{large.loaded.cases:,} 件时 {pages}的 p95 都不超过 {P95_AT_MOST_S * 1000:.0f} 毫秒"
        yield says, True
    for group, before in small.memory.items():
        now = large.memory[group]
        says = f"{group} 占用内存 {before / _MIB:.0f} → {now / _MIB:.0f} MiB（上限 {_MEMORY_AT_MOST:g} 倍）"
        yield says, now <= before * _MEMORY_AT_MOST
