"""The supervisor's table: rates in percent, what cannot be said left empty, and a forecast only where there is one."""

from io import StringIO
from typing import Any

from rich.console import Console

from onething.cli.supervision import table

ITEM: dict[str, Any] = {
    "department_name": "市场监督管理局",
    "item_name": "企业设立登记",
    "decided": 40,
    "on_time_rate": 0.975,
    "early_rate": 0.5,
    "speed_up_rate": 0.6667,
    "paused_hours": 12.5,
    "extensions": 2,
    "yellow_cards": 3,
    "red_cards": 1,
    "channels": {"counter": 0.25, "online": 0.75},
    "recent": {"decisions": 40, "p50_days": 1.0, "p90_days": 2.5},
}


def rows(*items: dict[str, Any]) -> list[str]:
    console = Console(file=StringIO(), width=240)
    console.print(table(list(items)))
    assert isinstance(console.file, StringIO)
    return [" ".join(line.split()) for line in console.file.getvalue().splitlines()[1:]]


def test_an_item_with_everything() -> None:
    numbers = "40 97.5% 50.0% 66.7% 12.5 2 3 1 窗口 25.0%、网上 75.0% 1–2.5（近 40 件）"
    assert rows(ITEM) == [f"市场监督管理局 企业设立登记 {numbers}"]


def test_an_item_that_got_a_card_before_anything_was_decided() -> None:
    nothing = {"decided": 0, "paused_hours": 0.0, "extensions": 0, "channels": {}, "recent": {"decisions": 3}}
    told = {name: value for name, value in ITEM.items() if not name.endswith("_rate")} | nothing
    assert rows(told) == ["市场监督管理局 企业设立登记 0 0.0 0 3 1 只有 3 件，不足以预计"]
