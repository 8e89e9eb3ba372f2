"""What is typed again stays whole, however narrow the terminal is."""

from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from onething.cli.terminal.output import console
from onething.cli.views.case import cases_table
from onething.cli.views.task import counts, queue

CLI = Path(__file__).parents[2] / "onething" / "cli"
TASK = {
    "task_id": "330100202611300000014-registration.c1-12",
    "case_no": "330100202611300000014",
    "name": "企业开办",
    "item_name": "企业设立登记",
    "applicant_name": "阿依古丽·买买提",
    "kind": "decide",
    "state": "open",
    "due_at": "2026-12-01T17:30:00+08:00",
    "due_effect": "promise",
    "claimed_by": "officer.amr",
    "flags": ["urged"],
}
CASE = {
    "case_no": "330100202611300000014",
    "name": "企业开办",
    "applicant_name": "陈＊",
    "status": "processing",
    "submitted_at": "2026-11-30T09:00:00+08:00",
    "due_at": "2026-12-03T17:30:00+08:00",
}


def shown(width: int, table: object) -> str:
    out = Console(file=StringIO(), width=width, soft_wrap=True)
    out.print(table)
    assert isinstance(out.file, StringIO)
    return out.file.getvalue()


@pytest.mark.parametrize("width", [200, 80, 40, 20])
def test_a_number_is_never_cut(width: int) -> None:
    assert TASK["task_id"] in shown(width, queue([TASK], closed=False))
    assert CASE["case_no"] in shown(width, cases_table([CASE]))


@pytest.mark.parametrize("width", [80, 40])
def test_nor_is_anything_else_lost(width: int) -> None:
    text = "".join(shown(width, queue([TASK], closed=False)).split())
    assert "…" not in text
    for character in "阿依古丽买提企业设立登记承诺有催办":
        assert character in text


def test_a_list_says_who_and_what_and_which_kind_of_date() -> None:
    line = " ".join(shown(200, queue([TASK], closed=False)).splitlines()[1].split())
    told = "阿依古丽·买买提 企业开办 企业设立登记 审批 承诺 2026-12-01 17:30:00 officer.amr 有催办"
    assert line == f"{TASK['task_id']} {told}"
    waiting = TASK | {"due_at": None, "statutory_due_at": "2026-12-28T17:30:00+08:00", "flags": ["suspended"]}
    waiting |= {"enterprise_name": "雨桐运输有限公司"}
    line = " ".join(shown(200, queue([waiting], closed=False)).splitlines()[1].split())
    assert line.endswith("审批 法定 2026-12-28 17:30:00 officer.amr 已中止")
    assert " 雨桐运输有限公司（阿依古丽·买买提） " in line
    near = TASK | {"due_at": "2026-12-29T17:30:00+08:00", "statutory_due_at": "2026-12-28T17:30:00+08:00"}
    assert " 法定 2026-12-28 17:30:00 " in " ".join(shown(200, queue([near], closed=False)).split())
    line = " ".join(shown(200, cases_table([CASE])).splitlines()[1].split())
    assert line == f"{CASE['case_no']} 陈＊ 企业开办 办理中 2026-11-30 09:00:00 承诺 2026-12-03 17:30:00"


def test_the_views_are_counted_to_a_thousand() -> None:
    views = {"mine": 18, "due_today": 3, "unclaimed": 40, "urged": 2, "suspended": 0, "overdue": 1, "all": 1001}
    assert counts({"total": 58, "counts": views}) == (
        "共 58 件。我的 18 · 今天到期 3 · 未认领 40 · 被催办 2 · 已中止 0 · 已超期 1 · 全部 1000+"
    )


def test_every_list_is_made_so() -> None:
    """But the year of a calendar, where nothing is typed again."""
    tables = {file.stem for file in CLI.rglob("*.py") if "from rich.table import" in file.read_text(encoding="utf-8")}
    assert tables == {"listing", "calendar"}, "use onething/cli/terminal/listing.py"


def test_a_long_line_is_not_broken(capsys: pytest.CaptureFixture[str]) -> None:
    command = "onething task decide 330100202611300000014-registration-1 approve " + "-o uscc=值 " * 40
    console().print(command, markup=False)
    assert command.rstrip() in capsys.readouterr().out


def test_a_supervisor_s_list_says_who_holds_each() -> None:
    held = {"department_name": "税务局", "item_name": "税务登记", "since": "2026-03-02T09:00:00+08:00", "overdue": True}
    with_it, without = StringIO(), StringIO()
    Console(file=with_it, width=300).print(cases_table([{**CASE, "holders": [held]}, CASE]))
    assert "税务局：税务登记，2026-03-02 09:00:00起，已过部门的期限" in with_it.getvalue()
    Console(file=without, width=300).print(cases_table([CASE]))
    assert "现在由谁办" not in without.getvalue(), "nobody else is told"
