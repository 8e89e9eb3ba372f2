"""The sheet that a county's departments fill in: one row for each figure that is only assumed."""

from collections.abc import Mapping
from pathlib import Path

from xlsxwriter import Workbook

from definitions.layers.answered import SheetAnswer
from definitions.publishing import PlaceQuestions
from onething.cli.terminal.failures import CommandFailed, ExitCode
from onething.domain.errors import OneThingError
from onething.web.core.spreadsheets import Cell, read_sheets

_COLUMNS = (
    *(("编号", 34), ("部门", 16), ("事项、材料", 26), ("内容", 16), ("现在假定", 28), ("来由", 40)),
    *(("当地的规定", 20), ("依据的文件", 34), ("条款", 14), ("原文", 40)),
)
_FIRST_ANSWER = 6
_SHEET = "要填的"
_HOW = "与现在假定一致的，“当地的规定”不填，只填依据；不一致的写当地的规定，如 5个工作日。“编号”不要改动。"


def write(file: Path, questions: PlaceQuestions, departments: Mapping[str, str]) -> None:
    """One row a figure; texts stay texts, whatever they begin with."""
    if not file.absolute().parent.is_dir():
        raise CommandFailed(f"没有文件夹 {file.parent}，请先建立。", ExitCode.USAGE)
    with Workbook(file, {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}) as book:
        sheet = book.add_worksheet(_SHEET)
        wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        bold = book.add_format({"bold": True, "text_wrap": True})
        sheet.merge_range(0, 0, 0, len(_COLUMNS) - 1, f"{questions.head}{_HOW}", bold)
        for column, (title, width) in enumerate(_COLUMNS):
            sheet.set_column(column, column, width)
            sheet.write_string(1, column, title, bold)
        for number, one in enumerate(questions.figures, start=2):
            whose = departments.get(one.department, one.department) if one.department else "牵头部门"
            cells = (one.path, whose, one.about, one.what, one.value, one.because)
            for column, text in enumerate(cells):
                sheet.write_string(number, column, text, wrapped)
        sheet.freeze_panes(2, 1)


def read(file: Path, questions: PlaceQuestions) -> list[SheetAnswer]:
    """The rows that something was filled in. Raises CommandFailed for what is no such sheet, or one of elsewhere."""
    try:
        rows = read_sheets(file.read_bytes()).get(_SHEET)
    except OneThingError as error:
        raise CommandFailed(error.detail, ExitCode.USAGE) from None
    titles = [title for title, _ in _COLUMNS]
    if rows is None or len(rows) < 2 or [_text(one) for one in rows[1]] != titles:
        raise CommandFailed(f"{file} 不是要填的表，请用 --sheet 写出的那一份填写。", ExitCode.USAGE)
    if not _text(rows[0][0]).startswith(questions.whose):
        detail = f"{file} 是别处或别的一件事的表：{_text(rows[0][0])[:40]}… 要的是 {questions.whose}"
        raise CommandFailed(detail, ExitCode.USAGE)
    found = []
    for number, row in enumerate(rows[2:], start=3):
        cells = [_text(one) for one in row] + [""] * (len(_COLUMNS) - len(row))
        to, title, article, says = cells[_FIRST_ANSWER : _FIRST_ANSWER + 4]
        if to or title or article or says:
            found.append(SheetAnswer(cells[0], to, title, article, says, number))
    return found


def _text(cell: Cell) -> str:
    """A number as people write it."""
    return f"{cell:.10g}" if isinstance(cell, float) else cell.strip()
