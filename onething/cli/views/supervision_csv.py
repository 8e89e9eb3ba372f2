"""The supervisor's figures for a spreadsheet: one line per item, counts and rates as the API tells them."""

import csv
from collections.abc import Iterable
from io import StringIO
from typing import Any

from onething.cli.terminal.labels import CHANNELS

_PLAIN = {
    "department": "部门代码",
    "department_name": "部门",
    "bundle": "一件事",
    "item": "事项代码",
    "item_name": "事项",
    "decided": "办结",
    "met": "按时",
    "missed": "超期",
    "on_time_rate": "按时率",
    "dated": "有期限",
    "early": "提前",
    "early_rate": "提前办结率",
    "speed_up_rate": "提速率",
    "paused_hours": "中止小时",
    "extensions": "延期",
    "yellow_cards": "黄牌",
    "red_cards": "红牌",
    "returned": "退回",
    "corrected": "要求补正",
    "corrected_again": "二次补正",
    "second_correction_rate": "二次补正率",
    "identity_only": "一证通办",
    "identity_only_rate": "一证通办率",
}
_RECENT = {
    "decisions": "预计所据件数",
    "p50_days": "半数工作日",
    "p90_days": "九成工作日",
    "speed_up_rate": "实际提速率",
}
_MARK = "\ufeff"
"""Without it the common spreadsheet takes Chinese for something else."""


def written(items: Iterable[dict[str, Any]]) -> str:
    """With a heading; what cannot be said is left empty. Rates are of 1."""
    text = StringIO()
    text.write(_MARK)
    rows = csv.writer(text)
    rows.writerow([*_PLAIN.values(), *CHANNELS.values(), *_RECENT.values()])
    for one in items:
        rows.writerow(
            [
                *(one.get(name, "") for name in _PLAIN),
                *(one["by_channel"].get(channel, 0) for channel in CHANNELS),
                *(one["recent"].get(name, "") for name in _RECENT),
            ]
        )
    return text.getvalue()
