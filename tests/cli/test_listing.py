"""What is typed again stays whole, however narrow the terminal is."""

from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from onething.cli.terminal.output import console
from onething.cli.views.case import cases_table
from onething.cli.views.task import queue

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
    "claimed_by": "officer.amr",
    "urged": True,
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
    line = " ".join(shown(200, cases_table([CASE])).splitlines()[1].split())
    assert line == f"{CASE['case_no']} 陈＊ 企业开办 办理中 2026-11-30 09:00:00 承诺 2026-12-03 17:30:00"


def test_every_list_is_made_so() -> None:
    """But the year of a calendar, where nothing is typed again."""
    tables = {file.stem for file in CLI.rglob("*.py") if "from rich.table import" in file.read_text(encoding="utf-8")}
    assert tables == {"listing", "calendar"}, "use onething/cli/terminal/listing.py"


def test_a_long_line_is_not_broken(capsys: pytest.CaptureFixture[str]) -> None:
    command = "onething task decide 330100202611300000014-registration-1 approve " + "-o uscc=值 " * 40
    console().print(command, markup=False)
    assert command.rstrip() in capsys.readouterr().out
