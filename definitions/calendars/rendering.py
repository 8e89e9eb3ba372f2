"""The files of a calendar as text, the way people would write them."""

import json
import re
from collections.abc import Iterable, Mapping
from datetime import date

from definitions.calendars.checks import weekday
from definitions.calendars.parts import Closure, TableSource, YearTable

_PLAIN = re.compile(r"[\u4e00-\u9fff《（〔][\u4e00-\u9fff《》（）〔〕、，。0-9A-Za-z]*")
_IMMUTABLE = "# 已发布（记入 versions.lock）的内容不再改动，怎么改见 docs/operating.md 的“日历”。\n"


def year_table(table: YearTable, head: str = "") -> str:
    """`head`: comment lines that come first."""
    return "".join(
        (
            head or _IMMUTABLE,
            f"schema: 1\nsince: {table.since}\nyear: {table.year}\nweekend: [saturday, sunday]\n",
            "sources:\n",
            *(line for notice in table.sources for line in _notice(notice)),
            *_days("holidays", table.holidays),
            *_days("workdays", table.workdays),
        )
    )


def closure(closed: Closure) -> str:
    said = {"reason": closed.reason, "basis": closed.basis, "authority": closed.authority}
    return "".join(
        (
            _IMMUTABLE,
            f"schema: 1\nsince: {closed.since}\ndays:\n",
            *(f"  - {day}  # {weekday(day)}\n" for day in closed.days),
            *(f"{name}: {_text(value)}\n" for name, value in said.items() if value is not None),
            f'region: "{closed.region}"\n' if closed.region else "",
        )
    )


def ended(text: str, version: int) -> str:
    """The file's text with the last version that it belongs to. ValueError if `since` has no line of its own."""
    changed, times = re.subn(r"^(since:.*\n)", rf"\g<1>until: {version}\n", text, count=1, flags=re.MULTILINE)
    if not times:
        raise ValueError("since 没有单独成行")
    return changed


def _notice(notice: TableSource) -> Iterable[str]:
    yield f"  - title: {_text(notice.title)}\n"
    yield f"    number: {_text(notice.number)}\n"
    if notice.note:
        yield f"    note: {_text(notice.note)}\n"


def _days(key: str, days: Mapping[date, str]) -> Iterable[str]:
    if not days:
        yield f"{key}: {{}}\n"
        return
    yield f"{key}:\n"
    for day, name in sorted(days.items()):
        yield f"  {day}: {_text(name)}  # {weekday(day)}\n"


def _text(value: str) -> str:
    """Plain where nothing could be misread, else in quotes."""
    return value if _PLAIN.fullmatch(value) else json.dumps(value, ensure_ascii=False)
