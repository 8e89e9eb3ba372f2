"""What stands in an .xlsx that somebody sends: texts and numbers of its sheets, and nothing else of it. And cells of
our own, whose texts stay texts.

Read by hand, for what reads spreadsheets wholly (formulas, styles, links) is many times larger than what is asked of
it. Nothing is unpacked beyond a limit, no entity of XML is followed, no formula is computed.
"""

import io
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from xml.etree import ElementTree

from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from onething.domain.errors import FailureCode, OneThingError

Cell = str | float
Rows = list[list[Cell]]
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_LARGEST = 10_000_000  # of what is unpacked, and of the texts of all cells, each as often as it stands there
_EACH_PART = 1_000  # what an empty one counts
_MOST_ROWS, _MOST_COLUMNS = 2_000, 300
_READ_IN = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
_NO_SPREADSHEET = (
    *(zipfile.BadZipFile, zlib.error, EOFError, RuntimeError),  # the last: it is locked with a password
    *(ElementTree.ParseError, LookupError, ValueError),
)
_ESCAPED = re.compile("_x(000[dD]|005[fF])_")  # what texts of ours can have of those: ISO/IEC 29500-1 22.9.2.19
_PLACE = re.compile(r"([A-Z]{1,3})[0-9]{1,7}")


_LIKE_FORMULAS = ("=", "+", "-", "@", "\t", "\r")


def write_cells(
    sheet: Worksheet,
    row: int,
    cells: Iterable[str | int],
    *,
    quoted: Format,
    usual: Format | None = None,
    at: int = 0,
) -> None:
    """From column `at` on. `quoted`: with a quote prefix, for what spreadsheet programs take for a formula as soon as
    somebody edits the cell: people type what they like into forms, reasons and names."""
    for place, cell in enumerate(cells, start=at):
        if isinstance(cell, int):
            sheet.write_number(row, place, cell, usual)
        else:
            sheet.write_string(row, place, cell, quoted if cell.startswith(_LIKE_FORMULAS) else usual)


@dataclass
class _Budget:
    """How much of a book is still read: a part may be named by many sheets, a text by many cells."""

    left: int = _LARGEST

    def take(self, amount: int) -> None:
        self.left -= amount
        if self.left < 0:
            raise OneThingError(FailureCode.TOO_LARGE, "表格太大，请只留导出的内容，分几次导入。")


def read_sheets(content: bytes) -> dict[str, Rows]:
    """By the sheets' names, in their order; a cell that is empty is an empty text. Raises OneThingError WRONG_FILE_TYPE
    for what is no .xlsx, TOO_LARGE for what is more than people fill in."""
    budget = _Budget()
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as book:
            texts = list(_texts(book, budget))
            return {name: _rows(_part(book, path, budget), texts, budget) for name, path in _places(book, budget)}
    except _NO_SPREADSHEET:
        raise OneThingError(FailureCode.WRONG_FILE_TYPE, "这不是能读的 .xlsx 表格，请另存为 .xlsx 后再上传。") from None


def _part(book: zipfile.ZipFile, name: str, budget: _Budget) -> ElementTree.Element:
    if book.getinfo(name).compress_type not in _READ_IN:
        raise ValueError("no spreadsheet program packs so")
    with book.open(name) as file:
        content = file.read(budget.left + 1)
    budget.take(_EACH_PART + len(content))
    # a zero: in UTF-16 declarations would not be seen
    if b"\x00" in content or b"<!DOCTYPE" in content or b"<!ENTITY" in content:
        raise ValueError("no spreadsheet program writes those")
    return ElementTree.fromstring(content)  # noqa: S314  without declarations there is nothing to expand


def _texts(book: zipfile.ZipFile, budget: _Budget) -> Iterator[str]:
    name = "xl/sharedStrings.xml"
    if name in book.namelist():
        for one in _part(book, name, budget).iter(f"{_MAIN}si"):
            yield _said(one)


def _said(element: ElementTree.Element) -> str:
    """Without how it is pronounced, which some programs write beside it."""
    parts = (part for part in element if part.tag != f"{_MAIN}rPh")
    text = "".join(node.text or "" for part in parts for node in part.iter(f"{_MAIN}t"))
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)


def _places(book: zipfile.ZipFile, budget: _Budget) -> Iterator[tuple[str, str]]:
    relations = {one.attrib["Id"]: one.attrib["Target"] for one in _part(book, "xl/_rels/workbook.xml.rels", budget)}
    for sheet in _part(book, "xl/workbook.xml", budget).iter(f"{_MAIN}sheet"):
        target = relations[sheet.attrib[_RELATION]]
        yield sheet.attrib["name"], target.lstrip("/") if target.startswith("/") else f"xl/{target}"


def _rows(sheet: ElementTree.Element, texts: list[str], budget: _Budget) -> Rows:
    found: Rows = []
    for row in sheet.iter(f"{_MAIN}row"):
        cells: list[Cell] = []
        for cell in row.iter(f"{_MAIN}c"):
            column = _column(cell.attrib.get("r", ""), len(cells))
            if column >= _MOST_COLUMNS:
                raise _too_many()
            cells += [""] * (column - len(cells))
            cells.append(_value(cell, texts))
            budget.take(len(str(cells[-1])))
        if len(found) >= _MOST_ROWS:
            raise _too_many()
        found.append(cells)
    return found


def _too_many() -> OneThingError:
    return OneThingError(FailureCode.TOO_LARGE, "表格的行或列太多，请只留导出的内容，分几次导入。")


def _column(place: str, following: int) -> int:
    """From 0; a cell that does not say where it is follows the one before."""
    match = _PLACE.fullmatch(place)
    if match is None:
        return following
    number = 0
    for letter in match[1]:
        number = number * 26 + ord(letter) - ord("A") + 1
    return max(number - 1, following)


def _value(cell: ElementTree.Element, texts: list[str]) -> Cell:
    kind, value = cell.attrib.get("t", "n"), cell.findtext(f"{_MAIN}v") or ""
    if kind == "s":
        return texts[int(value)]
    if kind == "inlineStr":
        text = cell.find(f"{_MAIN}is")
        return _said(text) if text is not None else ""
    if kind in ("str", "b", "e"):
        return value
    return float(value) if value else ""
