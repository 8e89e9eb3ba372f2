"""窗口看一个办件: what it says, what is there of materials, how it stands; and beside it what may be done now."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from onething.domain.definition.time_rules import DueAt
from onething.domain.kernel.case_no import CaseNo
from onething.domain.kernel.state import CaseStatus
from onething.domain.principal import Principal
from onething.edge.dependencies import By, CaseNoPath, InContext
from onething.edge.query import QueryModel
from onething.services import bundles
from onething.services.bundles import PlanView
from onething.services.cases import search as cases_search
from onething.services.cases import timeline
from onething.services.cases.schemas import CaseView
from onething.services.core.context import AppContext
from onething.services.documents import list as documents_list
from onething.web.cases.contents import by_section, form_rows, party_rows
from onething.web.core.forms import Form
from onething.web.core.problems import Mistakes
from onething.web.core.routes import SignedInPageRoute, see_other, with_query
from onething.web.core.templating import render
from onething.web.tasks.acts import AFTER_RATING, RETRY_LOOK_UP, ActWords, by_act

router = APIRouter(prefix="/counter/cases", route_class=SignedInPageRoute, include_in_schema=False)
_MOST = 200
COUNTER_ACTS: Mapping[str, ActWords] = by_act(
    RETRY_LOOK_UP,
    *AFTER_RATING,
)
"""Acts of a counter whose pages are alike."""
OWN_PAGES = (
    ("supplement", "supplement", "补正、补交材料"),
    ("choose_delivery", "delivery", "改送达方式"),
    ("choose_day", "inspection", "代选查验日期"),
    ("report_rectified", "inspection", "代为报告已整改"),
    ("withdraw", "withdraw", "撤回申请"),
)
"""Acts for the applicant that have pages of their own: act, end of its address, what it is called."""


DONE: Mapping[str, str] = MappingProxyType(
    {
        "accept": "已受理，承诺的期限开始计算",
        "reject": "已作出不予受理的决定，申请人会收到告知书",
        "corrections": "补正告知已发出",
        "papers": "纸质件已登记收取",
        "file": "文件已上传",
        **{words.path: words.done for words in COUNTER_ACTS.values()},
    }
)
"""What is said after an act: the end of its address → words."""


class CounterCaseQuery(QueryModel):
    """`done`: the act that was just recorded."""

    numbers: bool = False
    done: str = Field("", max_length=40)


def counter_address(case_no: CaseNo, *, done: str = "") -> str:
    return with_query(f"/counter/cases/{case_no}", {"done": done})


@router.get("/{case_no}", response_class=Response)
async def case(
    case_no: CaseNoPath, request: Request, context: InContext, by: By, query: Annotated[CounterCaseQuery, Query()]
) -> Response:
    """`numbers`: whole. Each look at it is a line of the access log."""
    return await case_page(request, context, by, case_no, numbers=query.numbers, done=query.done)


async def case_page(
    request: Request,
    context: AppContext,
    by: Principal,
    case_no: CaseNo,
    *,
    numbers: bool = False,
    done: str = "",
    mistakes: Mistakes | None = None,
    sent: Form | None = None,
) -> Response:
    """As it stands now; after an act that was refused with what was `sent`."""
    view, _ = await cases_search.show(context, by, case_no)
    if view.status == CaseStatus.DRAFT:
        return see_other(f"/counter/new/{view.bundle.partition('@')[0]}?draft={case_no}")
    bundle = bundles.show(context, view.bundle)
    plan = (await bundles.plan_so_far(context, view.bundle, view.answers or {})).plan
    unasked = [one for one in view.changes or () if not one.asked]
    values = {
        "case": view,
        "done": DONE.get(done),
        "bundle": bundle,
        "acts": {one.act: one for one in view.available_actions or ()},
        "further": [*((one.act, one.path, one.verb) for one in COUNTER_ACTS.values()), *OWN_PAGES],
        "form": by_section(form_rows(bundle, view, numbers=numbers)),
        "applicant": list(party_rows("/applicant", view.applicant, numbers=numbers)),
        "agent": list(party_rows("/agent", view.agent, numbers=numbers)),
        "numbers": numbers,
        "deferrable": _deferrable(view, plan),
        "unasked_seq": max((one.seq for one in unasked), default=None),
        "to_receive": _to_receive(view),
        "timeline": (await timeline.timeline(context, by, case_no, _MOST, 0)).items,
        "letters": (await documents_list.documents(context, by, case_no, _MOST, None)).letters,
        "department": context.department,
        "mistakes": mistakes,
        "sent": sent,
    }
    return render(request, "cases/page_counter_case.html", values, status=mistakes.status if mistakes else 200)


def _deferrable(view: CaseView, plan: PlanView | None) -> list[tuple[str, str, str]]:
    """Code, name and terms of what is missing and may come later, as the definition says."""
    missing = set(view.missing or ())
    return [
        (one.code, one.name, one.due_means)
        for one in (plan.materials if plan else ())
        if one.code in missing and one.due is DueAt.BEFORE_DECISION
    ]


def _to_receive(view: CaseView) -> list[tuple[str, str]]:
    """Code and name of papers that somebody waits for."""
    return [
        (one.code, one.name)
        for one in view.materials or ()
        if one.source == "applicant" and one.state in ("missing", "to_hand_in", "deferred", "for_issue", "owed")
    ]
