"""文书 in a terminal: what was told in writing, and how far its delivery is."""

from collections.abc import Iterable, Mapping
from typing import Any

from rich.markup import escape
from rich.table import Table

from onething.cli.terminal.output import moment

_STATES = {"to_deliver": "待送达", "sent": "已通知", "read": "已阅读"}


def table(letters: Iterable[dict[str, Any]], departments: Mapping[str, str]) -> Table:
    found = Table("文书", "编号", "事项", "出具", "时间", "送达", box=None, padding=(0, 2, 0, 0))
    for one in letters:
        issuer = departments.get(one.get("department", ""), "综合窗口")
        told = one["delivery"]
        when = moment(told.get("read_at") or told.get("sent_at"))
        state = f"{_STATES.get(told['state'], told['state'])} {when}".strip()
        item = escape(one.get("item_name", ""))
        found.add_row(escape(one["title"]), one["number"], item, escape(issuer), moment(one["at"]), state)
    return found
