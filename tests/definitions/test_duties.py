"""`departments.yaml` with dates and successors."""

from datetime import date
from pathlib import Path

import pytest

from definitions.loader import load_catalog
from definitions.problems import DefinitionProblems
from tests.definitions.support import SMALL, folder_with

OLD = "  old: {name: 原局, since: 2018-10-25, until: 2026-06-30, successor: psb, basis: 改革方案}\n"
BOTH = "departments:\n  psb: 公安局\n  amr: 市场监督管理局\n"


def test_who_is_no_more_keeps_its_name_and_says_who_took_over(tmp_path: Path) -> None:
    folder_with(tmp_path, SMALL)
    catalog = load_catalog(folder_with(tmp_path, BOTH + OLD, "departments.yaml"))
    old = catalog.duties["old"]
    assert (catalog.departments["old"], old.until, old.successor) == ("原局", date(2026, 6, 30), "psb")
    assert catalog.duties["psb"].successor is None


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("successor: psb", "successor: nobody", "没有部门“nobody”"),
        (", basis: 改革方案", "", "basis"),
        ("until: 2026-06-30, ", "", "until"),
        ("2018-10-25", "2026-07-25", "早于"),
        ("successor: psb", "successor: old", "绕回了自己"),
        ("successor: psb", "successor: later", "中间无人负责"),
    ],
)
def test_what_is_wrong_is_told(tmp_path: Path, old: str, new: str, what: str) -> None:
    folder_with(tmp_path, SMALL)
    text = BOTH + OLD.replace(old, new) + "  later: {name: 新局, since: 2026-07-02}\n"
    with pytest.raises(DefinitionProblems) as raised:
        load_catalog(folder_with(tmp_path, text, "departments.yaml"))
    assert what in str(raised.value)
    assert "departments.yaml:" in str(raised.value)
