"""审计, for auditors: who looked at what, by account and never by name; alarms; what verifying the journal found.

Each look is a line of the log itself. Whose number is searched for is sent, and stands in no address.
"""

from datetime import date, datetime, time, timedelta
from io import BytesIO
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.exceptions import RequestValidationError
from pydantic import BeforeValidator, Field
from starlette.requests import Request
from starlette.responses import Response
from xlsxwriter import Workbook

from onething.domain.calendar.days import LOCAL
from onething.domain.errors import OneThingError
from onething.domain.identity import ID_NAMES
from onething.domain.kernel.case_no import CaseNo
from onething.domain.principal import Principal
from onething.edge.dependencies import By, InContext
from onething.edge.query import QueryModel
from onething.services.audit import access
from onething.services.audit.schemas import AccessPage, AccessSearchRequest, AccessView
from onething.services.audit.verification import VERIFIED
from onething.services.core.context import AppContext
from onething.services.core.refusals import ALARM
from onething.web.audit.wording import WORDS, act_words, outcome_words, role_words
from onething.web.core.forms import Form, as_request
from onething.web.core.problems import Mistakes, mistakes_of
from onething.web.core.routes import Sent, SignedInPageRoute, with_query
from onething.web.core.spreadsheets import write_cells
from onething.web.core.templating import render

router = APIRouter(prefix="/audit", route_class=SignedInPageRoute, include_in_schema=False)
_A_PAGE, _A_BOOK = 100, 5_000
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_HEADS = (
    *("时间", "账户", "身份", "部门", "地区", "网点", "做什么", "办件编号"),
    *("查谁（盲索引）", "查到", "结果", "来自", "次数", "理由", "其他", "代码"),
)
_BLANK_IS_NONE = BeforeValidator(lambda value: value or None)


class LogQuery(QueryModel):
    """Blank is any. Days are counted in, both."""

    subject: Annotated[str | None, Field(max_length=200), _BLANK_IS_NONE] = None
    act: Annotated[str | None, Field(max_length=200), _BLANK_IS_NONE] = None
    case_no: Annotated[CaseNo | None, _BLANK_IS_NONE] = None
    outcome: Annotated[str | None, Field(max_length=200), _BLANK_IS_NONE] = None
    first: Annotated[date | None, _BLANK_IS_NONE] = None
    last: Annotated[date | None, _BLANK_IS_NONE] = None
    after: Annotated[str | None, Field(max_length=200), _BLANK_IS_NONE] = None

    def address(self, path: str, **changes: str | None) -> str:
        return with_query(path, {**self.model_dump(mode="json"), **changes})


@router.get("", response_class=Response)
async def log(request: Request, context: InContext, by: By, query: Annotated[LogQuery, Query()]) -> Response:
    page = await _read(context, by, query, _A_PAGE)
    return render(request, "audit/page_log.html", {"found": page, "query": query, **WORDS})


@router.get("/alarms", response_class=Response)
async def alarms(request: Request, context: InContext, by: By, query: Annotated[LogQuery, Query()]) -> Response:
    page = await _read(context, by, query.model_copy(update={"outcome": ALARM}), _A_PAGE)
    return render(request, "audit/page_alarms.html", {"found": page, "query": query, **WORDS})


@router.get("/verifications", response_class=Response)
async def verifications(request: Request, context: InContext, by: By, query: Annotated[LogQuery, Query()]) -> Response:
    page = await _read(context, by, query.model_copy(update={"act": VERIFIED}), _A_PAGE)
    return render(request, "audit/page_verifications.html", {"found": page, "query": query, **WORDS})


@router.get("/export.xlsx", response_class=Response)
async def export(context: InContext, by: By, query: Annotated[LogQuery, Query()]) -> Response:
    """What the page shows, and further back, up to `_A_BOOK` lines."""
    page = await _read(context, by, query, _A_BOOK)
    headers = {"Content-Disposition": 'attachment; filename="access-log.xlsx"', "Cache-Control": "no-store"}
    return Response(_workbook(page), headers=headers, media_type=_XLSX)


@router.get("/search", response_class=Response)
async def search_form(request: Request, by: By) -> Response:
    return _searched(request, Form())


@router.post("/search", response_class=Response)
async def search(request: Request, context: InContext, by: By, sent: Sent) -> Response:
    try:
        wanted = as_request(AccessSearchRequest, sent.tree())
        page = await access.search(context, by, wanted, _A_PAGE, sent.value("after") or None)
    except (OneThingError, RequestValidationError) as refused:
        return _searched(request, sent, mistakes=mistakes_of(refused))
    return _searched(request, sent, page=page)


def _searched(
    request: Request, sent: Form, *, page: AccessPage | None = None, mistakes: Mistakes | None = None
) -> Response:
    kinds = [(kind.value, name) for kind, name in ID_NAMES.items()]
    values = {"said": sent, "found": page, "mistakes": mistakes, "kinds": kinds, **WORDS}
    return render(request, "audit/page_search.html", values, status=mistakes.status if mistakes else 200)


async def _read(context: AppContext, by: Principal, query: LogQuery, most: int) -> AccessPage:
    """Raises NotPermitted, InvalidInput for a cursor of another list."""
    return await access.page(
        context,
        by,
        subject=query.subject,
        act=query.act,
        case_no=query.case_no,
        outcome=query.outcome,
        since=_morning(query.first) if query.first else None,
        until=_morning(query.last + timedelta(days=1)) if query.last and query.last < date.max else None,
        limit=most,
        after=query.after,
    )


def _morning(day: date) -> datetime:
    return datetime.combine(day, time.min, LOCAL)


def _workbook(page: AccessPage) -> bytes:
    content = BytesIO()
    with Workbook(content, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        sheet, quoted = book.add_worksheet("访问日志"), book.add_format({"quote_prefix": True})
        more = f"只有最新的 {len(page.items)} 行，更早的请按日期另外导出" if page.next else f"共 {len(page.items)} 行"
        sheet.write_string(0, 0, more)
        sheet.write_row(1, 0, _HEADS, book.add_format({"bold": True}))
        for number, line in enumerate(page.items, start=2):
            write_cells(sheet, number, _cells(line), quoted=quoted)
        sheet.set_column(0, 0, 26)
    return content.getvalue()


def _cells(line: AccessView) -> list[str | int]:
    cells = (
        line.at.isoformat(), line.subject, role_words(line), line.department, line.region, line.outlet,
        act_words(line), line.case_no, line.whose, line.found, outcome_words(line), line.address, line.times,
        line.reason, line.detail, line.act,
    )  # fmt: skip
    return ["" if one is None else one for one in cells]
