"""Where commands write. Results go to stdout, progress and errors to stderr; both work when they are no terminal."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta, timezone
from typing import Any

from rich.console import Console

WIDTH_OF_FILES = 140
BEIJING = timezone(timedelta(hours=8))


def console(*, stderr: bool = False) -> Console:
    """A console as wide as the terminal; of a fixed width when it writes to a file or pipe.

    Long lines are the terminal's to wrap: a command that is broken or cut here could not be copied.
    """
    made = Console(stderr=stderr, highlight=False, soft_wrap=True)
    return made if made.is_terminal else Console(stderr=stderr, highlight=False, soft_wrap=True, width=WIDTH_OF_FILES)


def say_more(page: Mapping[str, Any], limit: int) -> None:
    """That a list goes on, so that nobody takes a page for all."""
    if page["next"]:
        console().print(f"还有更多，--limit 可以写大一些（现在 {limit}）。", markup=False)


def moment(text: str | None) -> str:
    """An RFC 3339 time as people write it, in Beijing time; empty when there is none."""
    if not text:
        return ""
    return datetime.fromisoformat(text).astimezone(BEIJING).strftime("%Y-%m-%d %H:%M:%S")


def today() -> date:
    """The date on the wall, in Beijing."""
    return datetime.now(BEIJING).date()


def clock_time(text: str) -> str:
    """The time of day, to the tenth of a second: for accounts of what happened within a minute."""
    return datetime.fromisoformat(text).astimezone(BEIJING).strftime("%H:%M:%S.%f")[:-5]


def duration(seconds: float) -> str:
    """How long, in the unit that fits: 0.42 秒, 3.1 秒, 2 分 5 秒, 3 小时 20 分, 2 天 4 小时."""
    if seconds < 60:
        return f"{seconds:.2f} 秒" if seconds < 1 else f"{seconds:.1f} 秒"
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 60:
        return f"{minutes} 分 {rest} 秒"
    hours, minutes = divmod(minutes, 60)
    return f"{hours} 小时 {minutes} 分" if hours < 24 else f"{hours // 24} 天 {hours % 24} 小时"
