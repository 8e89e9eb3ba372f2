"""What stands in an .xlsx that somebody sends: texts and numbers of its sheets, and nothing else of it.

By hand, for what reads spreadsheets wholly (formulas, styles, links) is many times larger than what is asked of it.
Nothing is unpacked beyond a limit, no entity of XML is followed, no formula is computed.
"""

import io
import re
import zipfile
from collections.abc import Iterator
from xml.etree import ElementTree

from onething.domain.errors import FailureCode, OneThingError

Cell = str | float
Rows = list[list[Cell]]
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_LARGEST_PART = 20_000_000
_MOST_ROWS, _MOST_COLUMNS = 2_000, 300
_PLACE = re.compile(r"([A-Z]{1,3})[0-9]{1,7}")


def read_sheets(content: bytes) -> dict[str, Rows]:
    """By the sheets' names, in their order; a cell that is empty is an empty text. Raises OneThingError WRONG_FILE_TYPE
    for what is no .xlsx, TOO_LARGE for what is more than people fill in."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as book:
            texts = list(_texts(book))
            return {name: _rows(_part(book, path), texts) for name, path in _places(book)}
    except (zipfile.BadZipFile, ElementTree.ParseError, KeyError, IndexError, ValueError, NotImplementedError):
        raise OneThingError(FailureCode.WRONG_FILE_TYPE, "这不是能读的 .xlsx 表格，请另存为 .xlsx 后再上传。") from None


def _part(book: zipfile.ZipFile, name: str) -> ElementTree.Element:
    with book.open(name) as file:
        content = file.read(_LARGEST_PART + 1)
    if len(content) > _LARGEST_PART:
        raise OneThingError(FailureCode.TOO_LARGE, "表格太大，请只留导出的内容，分几次导入。")
    if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
        raise ValueError("no spreadsheet program writes those")
    return ElementTree.fromstring(content)  # noqa: S314  without declarations there is nothing to expand


def _texts(book: zipfile.ZipFile) -> Iterator[str]:
    name = "xl/sharedStrings.xml"
    if name in book.namelist():
        for one in _part(book, name).iter(f"{_MAIN}si"):
            yield "".join(node.text or "" for node in one.iter(f"{_MAIN}t"))


def _places(book: zipfile.ZipFile) -> Iterator[tuple[str, str]]:
    relations = {one.attrib["Id"]: one.attrib["Target"] for one in _part(book, "xl/_rels/workbook.xml.rels")}
    for sheet in _part(book, "xl/workbook.xml").iter(f"{_MAIN}sheet"):
        target = relations[sheet.attrib[_RELATION]]
        yield sheet.attrib["name"], target.lstrip("/") if target.startswith("/") else f"xl/{target}"


def _rows(sheet: ElementTree.Element, texts: list[str]) -> Rows:
    found: Rows = []
    for row in sheet.iter(f"{_MAIN}row"):
        cells: list[Cell] = []
        for cell in row.iter(f"{_MAIN}c"):
            column = _column(cell.attrib.get("r", ""), len(cells))
            if column >= _MOST_COLUMNS or len(found) >= _MOST_ROWS:
                raise OneThingError(FailureCode.TOO_LARGE, "表格的行或列太多，请只留导出的内容，分几次导入。")
            cells += [""] * (column - len(cells))
            cells.append(_value(cell, texts))
        found.append(cells)
    return found


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
        return "".join(node.text or "" for node in cell.iter(f"{_MAIN}t"))
    if kind in ("str", "b", "e"):
        return value
    return float(value) if value else ""
