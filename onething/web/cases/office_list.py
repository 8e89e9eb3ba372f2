"""办件 of the region, or those in which one's department has items: whatever their status, the newest first; or what is
late, or soon will be, the one due first at the head."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BeforeValidator, Field
from starlette.requests import Request
from starlette.responses import Response

from onething.domain.base import Code
from onething.domain.kernel.case_no import CaseNo
from onething.domain.kernel.state import CaseStatus
from onething.edge.dependencies import By, InContext
from onething.edge.query import PageQuery
from onething.services.cases import search as cases_search
from onething.services.cases.schemas import CaseRow
from onething.services.cases.search import CaseDue
from onething.services.core.context import AppContext
from onething.web.core.audience import place_of
from onething.web.core.routes import SignedInPageRoute, see_other, with_query
from onething.web.core.templating import render
from onething.web.tasks.views import DueWords, due_in_words
from onething.web.tasks.wording import FLAG_SIGNS, KIND_NAMES

router = APIRouter(route_class=SignedInPageRoute, include_in_schema=False)
_BLANK_IS_NONE = BeforeValidator(lambda value: value or None)
DUE_VIEWS: Mapping[CaseDue | None, str] = MappingProxyType({None: "全部", "overdue": "已超期", "soon": "即将到期"})
STATUSES = tuple(one for one in CaseStatus if one is not CaseStatus.DRAFT)


class OfficeListQuery(PageQuery):
    """`number`: of one case, to which it leads."""

    status: Annotated[CaseStatus | None, _BLANK_IS_NONE] = None
    bundle: Annotated[Code | None, _BLANK_IS_NONE] = None
    due: Annotated[CaseDue | None, _BLANK_IS_NONE] = None
    ended: bool = False
    number: str = Field("", max_length=40)

    def address(self, place: str, **changes: str | None) -> str:
        """Of the list with these changes; None takes one out. Another list begins at its first page."""
        told = {**self.model_dump(mode="json", exclude_defaults=True, exclude={"after"}), **changes}
        return with_query(place, told)


@dataclass(frozen=True)
class ListedCase:
    """`due`: of the promise, while it runs."""

    case: CaseRow
    due: DueWords | None


@router.get("/work/cases", response_class=Response)
@router.get("/supervise/cases", response_class=Response)
async def listed(request: Request, context: InContext, by: By, query: Annotated[OfficeListQuery, Query()]) -> Response:
    """`ended`: those under way whose applicant is registered to be no more; what becomes of them people say."""
    place = f"{place_of(request.url.path)}/cases"
    values = {
        "query": query,
        "place": place,
        "views": [(words, query.address(place, due=due), due == query.due) for due, words in DUE_VIEWS.items()],
        "flags": FLAG_SIGNS,
        "kinds": KIND_NAMES,
        "rows": [],
        "statuses": STATUSES,
        "bundles": [(one.code, one.name) for one in context.catalog.latest.values()],
        "found": None,
        "wrong": None,
    }
    if number := "".join(query.number.split()):
        try:
            return see_other(f"{place}/{CaseNo.parse(number)}")
        except ValueError:
            wrong = "这不是办件编号，编号是 21 位数字。"
            return render(request, "cases/page_office_list.html", {**values, "wrong": wrong}, status=422)
    found = await cases_search.page(
        context,
        by,
        mine=False,
        to_confirm=False,
        applicant_ended=query.ended,
        statuses=(query.status,) if query.status else STATUSES,
        bundle=query.bundle,
        outlet=None,
        limit=query.limit,
        after=query.after,
        due=query.due,
    )
    rows = [ListedCase(one, _due(context, one)) for one in found.items]
    values |= {"found": found, "rows": rows, "held": any(one.holders is not None for one in found.items)}
    return render(request, "cases/page_office_list.html", values)


def _due(context: AppContext, case: CaseRow) -> DueWords | None:
    if case.due_at is None:
        return None
    definition = context.applications.definition(case.bundle)
    return due_in_words(context.calendar(definition.calendar), context.clock.now(), case.due_at)
