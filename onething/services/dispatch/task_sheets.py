"""办件清单: tasks on a sheet, for a department whose people type in a system of their own, and back again.

A row carries a mark of what stood in it and of the department that it was made for: one that was changed, or that is
not of ours, is told from others without anything being kept of the export.
"""

import hmac
from collections.abc import Sequence

import orjson

from onething.domain.principal import Principal
from onething.services.core.context import AppContext

_PURPOSE = "task_sheet"
_MARK_LENGTH = 32


def mark(context: AppContext, principal: Principal, texts: Sequence[str]) -> str:
    """Of a row, with the heads of its columns."""
    said = orjson.dumps([principal.department, principal.region, *texts]).decode()
    return context.index.mac(_PURPOSE, said).hex()[:_MARK_LENGTH]


def is_marked(context: AppContext, principal: Principal, texts: Sequence[str], written: str) -> bool:
    """Whether we made this row, for this department, and nobody has changed it since."""
    return hmac.compare_digest(mark(context, principal, texts).encode(), written.encode())
