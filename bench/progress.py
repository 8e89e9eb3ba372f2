"""A bar on the terminal while cases run."""

import contextlib
from collections.abc import Callable, Iterator

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn


@contextlib.contextmanager
def bar(console: Console, title: str, total: int) -> Iterator[Callable[[], None]]:
    """Gives what to call for each case that came to its end. Gone afterwards; without a terminal nothing shows."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    hidden = not console.is_terminal
    with Progress(*columns, console=console, transient=True, refresh_per_second=2, disable=hidden) as progress:
        task = progress.add_task(title, total=total)
        yield lambda: progress.advance(task)
