"""What people type stays a text in every sheet that is exported, also for whoever edits a cell that looks like a
formula: of a form, a reason or a name."""

import ast
import io
import re
import zipfile
from pathlib import Path

import pytest
from xlsxwriter import Workbook

import onething.web
from onething.web.core.spreadsheets import write_cells
from tests.api import acts
from tests.api.town import Town
from tests.support import people
from tests.web.visitor import Visitor

WEB = Path(onething.web.__file__).parent
FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1+1", "\r=1+1"]


def cells(content: bytes) -> dict[str, bool]:
    """The texts of all sheets → whether editing them leaves them texts. Raises AssertionError for a formula."""
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        styles = parts.read("xl/styles.xml").decode()
        strings = parts.read("xl/sharedStrings.xml").decode()
        sheets = [
            parts.read(name).decode() for name in parts.namelist() if "/worksheets/" in name and name.endswith(".xml")
        ]
    formats = re.findall(r"<xf [^>]*>", styles.partition("<cellXfs")[2])
    texts = [re.sub("<[^>]+>", "", one) for one in re.findall(r"<si>.*?</si>", strings, re.DOTALL)]
    found = {}
    for sheet in sheets:
        assert "<f>" not in sheet
        for style, text in re.findall(r'<c r="[A-Z]+[0-9]+"(?: s="([0-9]+)")? t="s"><v>([0-9]+)</v>', sheet):
            found[texts[int(text)]] = 'quotePrefix="1"' in formats[int(style or 0)]
    return found


@pytest.mark.parametrize("typed", FORMULAS)
def test_what_looks_like_a_formula_is_quoted(typed: str) -> None:
    content = io.BytesIO()
    with Workbook(content, {"in_memory": True}) as book:
        quoted = book.add_format({"quote_prefix": True})
        write_cells(book.add_worksheet(), 0, [typed, "企业", 3], quoted=quoted)
    quoted_texts = [quoted for text, quoted in cells(content.getvalue()).items() if text != "企业"]
    assert quoted_texts == [True]
    assert cells(content.getvalue())["企业"] is False


def test_every_sheet_is_written_so() -> None:
    """Heads and hints are ours; all else goes through `write_cells`, or is a number."""
    makers = [path for path in WEB.rglob("*.py") if "Workbook(" in path.read_text(encoding="utf-8")]
    assert len(makers) >= 3
    for path in makers:
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Attribute):
                continue
            if call.func.attr in ("write_string", "write_row", "write"):
                row = call.args[0]
                ours = isinstance(row, ast.Constant) and row.value in (0, 1)
                ours = ours or "figure.definition" in ast.unparse(call)
                assert ours, f"{path.name}: {ast.unparse(call)}: use write_cells"


async def test_a_reason_that_looks_like_a_formula_is_none_for_the_auditor(fresh_town: Town) -> None:
    """A clerk types it; the auditor opens the sheet."""
    await acts.accepted_case(fresh_town)
    wanted = {"id_number": people.ZHANG.id_number, "reason": '=HYPERLINK("http://x.example")'}
    assert (await fresh_town.post("counter", "/api/cases/search", wanted)).status_code == 200
    async with Visitor(fresh_town) as auditor:
        await auditor.sign_in("auditor")
        found = cells((await auditor.get("/audit/export.xlsx")).content)
    assert found['=HYPERLINK("http://x.example")'] is True
