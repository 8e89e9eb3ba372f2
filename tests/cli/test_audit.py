"""The auditor's table: names instead of codes, sums as such, and strangers called so."""

from io import StringIO
from typing import Any

from rich.console import Console

from onething.cli.commands.audit import table

LINE: dict[str, Any] = {
    "at": "2026-03-02T09:00:00+08:00",
    "subject": "counter",
    "role": "counter",
    "act": "search_cases",
    "outcome": "done",
    "whose": "0123456789abcdef0123456789abcdef",
    "found": 0,
    "reason": "来电[查询]进度",
    "address": "203.0.113.9",
    "times": 1,
}


def rows(*lines: dict[str, Any]) -> list[str]:
    console = Console(file=StringIO(), width=240)
    console.print(table(list(lines)))
    assert isinstance(console.file, StringIO)
    return [" ".join(line.split()) for line in console.file.getvalue().splitlines()[1:]]


def test_a_search() -> None:
    assert rows(LINE) == [
        "2026-03-02 09:00:00 counter 综合窗口 search_cases 01234567 0 203.0.113.9 1 来电[查询]进度"
    ]  # fmt: skip


def test_what_strangers_were_refused() -> None:
    refused = {"subject": "", "role": "public", "act": "sign_in", "detail": "officer.amr", "times": 30}
    refused |= {"outcome": "wrong_credentials", "at": LINE["at"], "address": "203.0.113.0"}
    assert rows(refused) == ["2026-03-02 09:00:00 不明 公众 sign_in officer.amr 拒绝：口令不对 203.0.113.0 30"]
