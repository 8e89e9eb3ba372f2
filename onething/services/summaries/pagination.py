"""Where a page of a list goes on, as callers pass it around: opaque, checked when it comes back."""

import base64
import binascii
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TypeVar

import orjson

from onething.domain.errors import FailureCode, FieldProblem, InvalidInput


def written(moment: datetime, key: str) -> str:
    """The cursor of a row that is ordered by a moment and a key."""
    value = orjson.dumps([moment.isoformat(), key])
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()


def read(cursor: str) -> tuple[datetime, str]:
    """Raises InvalidInput for anything that `written` did not give."""
    try:
        raw = base64.urlsafe_b64decode(cursor.encode("ascii") + b"=" * (-len(cursor) % 4))
        moment, key = orjson.loads(raw)
        at = datetime.fromisoformat(moment)
        if not isinstance(key, str) or "\0" in key or at.utcoffset() is None:
            raise ValueError
    except (ValueError, TypeError, binascii.Error):
        raise foreign() from None
    return at, key


PageRow = TypeVar("PageRow")


def cut(
    rows: Sequence[PageRow], name: Callable[[PageRow], str], limit: int, after: str | None
) -> tuple[list[PageRow], str | None]:
    """A page of a list that is short and at hand as a whole, and its `next`: the name of its last row."""
    names = [name(row) for row in rows]
    if after is not None and after not in names:
        raise foreign()
    start = names.index(after) + 1 if after is not None else 0
    page = list(rows[start : start + limit])
    return page, name(page[-1]) if start + limit < len(rows) else None


def foreign() -> InvalidInput:
    """What is raised for a cursor of another list."""
    detail = "after 不是这个列表上一页给出的 next，请从第一页重新读取。"
    return InvalidInput([FieldProblem("/after", FailureCode.INVALID_VALUE, detail)])
