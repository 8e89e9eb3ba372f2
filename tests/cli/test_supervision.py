"""The supervisor's table: rates in percent, what cannot be said left empty, and a forecast only where there is one."""

import csv
from io import StringIO
from typing import Any

from rich.console import Console

from onething.cli.commands.supervision import table
from onething.cli.views import sources
from onething.cli.views.supervision_csv import written

ITEM: dict[str, Any] = {
    "department_name": "市场监督管理局",
    "item_name": "企业设立登记",
    "decided": 40,
    "on_time_rate": 0.975,
    "early_rate": 0.5,
    "speed_up_rate": 0.6667,
    "paused_hours": 12.5,
    "extensions": 2,
    "returned": 2,
    "yellow_cards": 3,
    "red_cards": 1,
    "channels": {"counter": 0.25, "online": 0.75},
    "by_channel": {"counter": 10, "online": 30},
    "identity_only_rate": 0.25,
    "recent": {"decisions": 40, "p50_days": 1.0, "p90_days": 2.5},
}


def rows(*items: dict[str, Any]) -> list[str]:
    console = Console(file=StringIO(), width=240)
    console.print(table(list(items)))
    assert isinstance(console.file, StringIO)
    return [" ".join(line.split()) for line in console.file.getvalue().splitlines()[1:]]


def test_an_item_with_everything() -> None:
    numbers = "40 97.5% 50.0% 66.7% 12.5 2 2 3 1 窗口 25.0%、网上 75.0% 25.0% 1–2.5（近 40 件）"
    assert rows(ITEM) == [f"市场监督管理局 企业设立登记 {numbers}"]


def test_an_item_that_got_a_card_before_anything_was_decided() -> None:
    nothing = {"decided": 0, "paused_hours": 0.0, "extensions": 0, "channels": {}, "recent": {"decisions": 3}}
    told = {name: value for name, value in ITEM.items() if not name.endswith("_rate")} | nothing
    assert rows(told) == ["市场监督管理局 企业设立登记 0 0.0 0 2 3 1 只有 3 件，不足以预计"]


def test_a_spreadsheet_gets_counts_and_rates() -> None:
    told = ITEM | {"department": "amr", "recent": {"decisions": 3}}
    (row,) = csv.DictReader(StringIO(written([told]).removeprefix("\ufeff")))
    assert written([told]).startswith("\ufeff部门代码,部门,")
    assert (row["部门代码"], row["事项"], row["办结"], row["提前办结率"]) == ("amr", "企业设立登记", "40", "0.5")
    assert (row["窗口"], row["网上"], row["掌上"], row["一证通办率"]) == ("10", "30", "0", "0.25")
    assert (row["预计所据件数"], row["半数工作日"]) == ("3", "")
    assert None not in row.values()


def test_a_source_that_did_and_one_that_was_not_asked() -> None:
    counts: dict[str, Any] = {"answered": 0, "refused": 0, "failed": 0, "not_yet": 0, "pending": 0, "breaker": "closed"}
    quiet = {"name": "婚姻登记", "department_name": "民政局", **counts}
    busy = quiet | {"answered": 3, "failed": 1, "success_rate": 0.75, "breaker": "open", "pending": 2}
    busy |= {"wait_p50_s": 0.34, "wait_p90_s": 7200.0, "age_p50_s": 90.0, "age_p90_s": 172800.0}
    busy |= {"pending_since": "2026-03-02T09:00:00+08:00"}
    console = Console(file=StringIO(), width=240)
    console.print(sources.table([quiet, busy]))
    assert isinstance(console.file, StringIO)
    _, first, second = (" ".join(line.split()) for line in console.file.getvalue().splitlines())
    assert first == "婚姻登记 民政局 0 0 0 0"
    assert second == "婚姻登记 民政局 3 0 1 0 75.0% 0.3 秒/2.0 时 1.5 分/2.0 天 2（自 2026-03-02 09:00:00） 熔断"


def test_the_quality_of_a_source() -> None:
    one = {"name": "标准地址", "department_name": "自然资源局", "found": 4, "open": 1, "resolved": 2, "matched": 1}
    told = one | {"source_right": 1, "source_right_rate": 0.5}
    told["lately"] = {
        "days": 7,
        "answered": 9,
        "refused": 1,
        "refused_rate": 0.1,
        "age_p50_s": 90.0,
        "age_p90_s": 172800.0,
    }
    quiet = one | {"source_right": 0, "lately": {"days": 7, "answered": 0, "refused": 0}}
    console = Console(file=StringIO(), width=240)
    console.print(sources.quality([told, quiet]))
    assert isinstance(console.file, StringIO)
    _, first, second = (" ".join(line.split()) for line in console.file.getvalue().splitlines())
    assert first == "标准地址 自然资源局 4 1 2 1（50.0%） 1 9 1（10.0%） 1.5 分/2.0 天"
    assert second == "标准地址 自然资源局 4 1 2 0 1 0 0"
