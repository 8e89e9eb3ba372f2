"""The rows of the board as a spreadsheet, and beside them what each figure is. There is no personal data in them."""

from io import BytesIO
from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response
from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from onething.domain.errors import FailureCode, FieldProblem, InvalidInput
from onething.edge.dependencies import By, InContext
from onething.services.reporting import departments
from onething.services.reporting.departments import DepartmentMeasures, ItemMeasures, Overview
from onething.web.core.routes import SignedInPageRoute
from onething.web.core.spreadsheets import write_cells
from onething.web.reporting.figures import FIGURES
from onething.web.reporting.pages import BoardQuery

router = APIRouter(prefix="/supervise/export.xlsx", route_class=SignedInPageRoute, include_in_schema=False)
_OF_REGION = ("地区", "地区代码")
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@router.get("", response_class=Response)
async def export(context: InContext, by: By, query: Annotated[BoardQuery, Query()]) -> Response:
    """Raises InvalidInput as the board: for a period that is none, or too long."""
    try:
        first, last = query.days
    except ValueError:
        raise InvalidInput([FieldProblem("/from", FailureCode.INVALID_VALUE, "日期请写成 2026-01-31 这样。")]) from None
    found = await departments.overview(context, by, first, last, query.department, query.limit, query.after)
    name = f"onething-{found.first}-{found.last}.xlsx"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(_workbook(found), headers=headers, media_type=_XLSX)


def _workbook(board: Overview) -> bytes:
    content = BytesIO()
    with Workbook(content, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        head, rate = book.add_format({"bold": True}), book.add_format({"num_format": "0.0%"})
        quoted = book.add_format({"quote_prefix": True})
        period, region = f"{board.first} 至 {board.last}，{board.region_name}", [board.region_name, board.region]
        of_departments = book.add_worksheet("部门")
        names = [([one.department_name], one) for one in board.departments]
        _rows(of_departments, period, ["部门"], names, region, head, rate, quoted)
        of_items = book.add_worksheet("事项")
        rows = [([one.department_name, one.item_name], one) for one in board.items]
        _rows(of_items, period, ["部门", "事项"], rows, region, head, rate, quoted)
        words = book.add_worksheet("指标说明")
        words.write_row(0, 0, ["指标", "是什么"], head)
        for number, figure in enumerate(FIGURES, start=1):
            words.write_row(number, 0, [figure.name, figure.definition])
        words.set_column(1, 1, 80)
    return content.getvalue()


def _rows(
    sheet: Worksheet,
    period: str,
    heads: list[str],
    rows: list[tuple[list[str], DepartmentMeasures]] | list[tuple[list[str], ItemMeasures]],
    region: list[str],
    head: Format,
    rate: Format,
    quoted: Format,
) -> None:
    """`region`: its name and code, for whoever puts sheets of several together."""
    sheet.write_string(0, 0, period)
    sheet.write_row(1, 0, [*heads, *(figure.name for figure in FIGURES), *_OF_REGION], head)
    for number, (names, measures) in enumerate(rows, start=2):
        write_cells(sheet, number, names, quoted=quoted)
        for place, figure in enumerate(FIGURES, start=len(heads)):
            value = figure.value(measures)
            if value is not None:
                sheet.write_number(number, place, value, rate if figure.kind == "rate" else None)
        write_cells(sheet, number, region, quoted=quoted, at=len(heads) + len(FIGURES))
    sheet.set_column(0, len(heads), 20)
