"""Lists in the terminal: what somebody has to type again (numbers, codes) is never cut, however narrow the terminal."""

from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, RenderableType, RenderResult
from rich.table import Table
from rich.text import Text

WHOLE = frozenset({"办件编号", "待办编号", "办件", "编号", "代码", "字段", "账户", "记录的字段"})
"""Columns of what is typed again; every other is folded where there is no room."""

_GAP = 2
_NARROWEST = 4  # two characters: a column without room for one would lose it


class Listing(Table):
    """Without lines. Made by `listing`."""

    def add_row(self, *renderables: RenderableType | None, **options: object) -> None:
        """A column that stays whole is as wide as its longest cell."""
        if options:
            raise TypeError("rows of a listing have cells only")
        super().add_row(*renderables)
        for column, cell in zip(self.columns, renderables, strict=False):
            if column.no_wrap and isinstance(cell, str):
                column.min_width = max(column.min_width or 0, cell_len(Text.from_markup(cell).plain))

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """At least so wide that no column vanishes: what does not fit the terminal, that wraps."""
        needed = sum((column.min_width or 0) + _GAP for column in self.columns)
        return super().__rich_console__(console, options.update(max_width=max(options.max_width, needed)))


def listing(*titles: str, show_header: bool = True) -> Listing:
    """An empty one with these columns."""
    made = Listing(box=None, padding=(0, _GAP, 0, 0), show_header=show_header)
    for title in titles:
        made.add_column(title, no_wrap=title in WHOLE, overflow="fold", min_width=_NARROWEST if title else None)
    return made
