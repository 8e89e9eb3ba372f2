"""督办看一个办件: how it stands, who holds it, its clocks day by day, nothing of the person; and what may be done."""

from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.exceptions import RequestValidationError
from pydantic import BeforeValidator, Field
from starlette.requests import Request
from starlette.responses import Response

from onething.domain.errors import OneThingError
from onething.domain.kernel.case_no import CaseNo
from onething.domain.principal import Principal
from onething.edge.dependencies import By, CaseNoPath, InContext
from onething.edge.query import QueryModel
from onething.services.cases import search as cases_search
from onething.services.cases import timeline
from onething.services.core.context import AppContext
from onething.services.deadlines import clocks
from onething.web.core.forms import Form
from onething.web.core.problems import mistakes_of
from onething.web.core.routes import SignedInPageRoute, with_query
from onething.web.core.templating import render
from onething.web.tasks.acts import AFTER_RATING, ActWords, by_act
from onething.web.tasks.task_page import OfferedAct

router = APIRouter(prefix="/supervise/cases", route_class=SignedInPageRoute, include_in_schema=False)
_MOST = 200
_BLANK_IS_NONE = BeforeValidator(lambda value: value or None)
_TEXTS = ("/text", "/reason", "/what")
"""Fields in which people write at length: nobody has to write it again."""
SUBJECT = "subject"
"""Field that says which item an act is about, with its round: `registration-1`."""

SUPERVISED_ACTS: Mapping[str, ActWords] = by_act(
    ActWords(
        "urge",
        "urge",
        "催办",
        "请部门尽快办理，部门须答复。一个工作日只能催办一次。",
        "催办已发出",
        "followup/panel_urge.html",
    ),
    ActWords(
        "supervise",
        "supervise",
        "督办",
        "要求部门限期说明情况，答复会记入办件经过。",
        "督办已发出",
        "followup/panel_supervise.html",
    ),
    ActWords(
        "extend_case",
        "extend",
        "延长整个办件的期限",
        "统一办理、联合办理、集中办理的，经本级人民政府负责人批准可以延长，只能延长一次；理由会告知申请人（行政许可法第四十二条）。",
        "期限已延长",
        "deadlines/panel_extend.html",
    ),
    ActWords(
        "suspend",
        "suspend",
        "因不可抗力中止计时",
        "中止期间这个事项的承诺期限和法定期限都不计，恢复后顺延；理由会告知申请人。因听证、检验等程序中止的，由承办部门办理。",
        "已中止计时",
        "deadlines/panel_force_majeure.html",
    ),
    ActWords(
        "resume",
        "resume",
        "恢复计时",
        "从中止时余下的时间接着计算。",
        "已恢复计时",
        "deadlines/panel_resume.html",
    ),
    ActWords(
        "ask_corrections",
        "corrections",
        "同意补充告知（受理前）",
        "第一次补正告知漏掉的，经您同意才能再要求申请人补正；申请人会收到告知书。",
        "补正告知已发出",
        "intake/panel_forgotten.html",
    ),
    ActWords(
        "ask_item_corrections",
        "item-corrections",
        "同意补充告知（受理后）",
        "部门第一次要求补正时漏掉的，经您同意才能再要求；这个事项的承诺期限等待，法定期限照常计算。",
        "补正要求已发出",
        "items/panel_forgotten.html",
    ),
    ActWords(
        "ask_review",
        "review",
        "请求复核",
        "作出决定的部门会收到待办，决定维持还是撤销；在此之前原来的决定继续有效。",
        "复核请求已发出",
        "undo/panel_supervised_review.html",
    ),
    ActWords(
        "reopen_case",
        "reopen",
        "重新办理",
        "原决定已被复议、判决或者上级机关撤销的，这些事项由其部门重新办理，期限从今天起计算；依据会写进经过，理由会告知申请人。",
        "已交部门重新办理",
        "items/panel_reopen.html",
    ),
    *AFTER_RATING,
)
"""What a supervisor may do about a case, with what each brings."""


class SupervisedCaseQuery(QueryModel):
    """`done`: the act that was just recorded."""

    done: Annotated[str | None, Field(max_length=40), _BLANK_IS_NONE] = None


def supervised_address(case_no: str, path: str = "", **query: str | None) -> str:
    return with_query(f"/supervise/cases/{case_no}{f'/{path}' if path else ''}", query)


@router.get("/{case_no}", response_class=Response)
async def case(
    case_no: CaseNoPath, request: Request, context: InContext, by: By, query: Annotated[SupervisedCaseQuery, Query()]
) -> Response:
    return await supervised_page(request, context, by, case_no, query)


async def supervised_page(
    request: Request,
    context: AppContext,
    by: Principal,
    case_no: CaseNo,
    query: SupervisedCaseQuery,
    *,
    act: str | None = None,
    sent: Form | None = None,
    refused: OneThingError | RequestValidationError | None = None,
) -> Response:
    """As it stands now, with the form of `act` if one is asked for. `refused`: why `sent` was not recorded. Raises
    NotPermitted, NOT_FOUND."""
    view, _ = await cases_search.show(context, by, case_no)
    told = {one.act: one for one in view.available_actions or ()}
    offered = tuple(OfferedAct(words, told[name]) for name, words in SUPERVISED_ACTS.items() if name in told)
    chosen = next((one for one in offered if one.words.act == act), None)
    mistakes = mistakes_of(refused) if refused is not None else None
    values = {
        "case": view,
        "definition": context.applications.definition(view.bundle),
        "chosen": chosen,
        "offered": [one for one in offered if one is not chosen],
        "said": sent or Form(),
        "kept": [value for name, value in sent.fields if name.endswith(_TEXTS) and value.strip()] if sent else [],
        "mistakes": mistakes,
        "done": SUPERVISED_ACTS.get(query.done or ""),
        "supervised_address": supervised_address,
        "clocks": await clocks.clocks(context, by, case_no, _MOST, None),
        "timeline": await timeline.timeline(context, by, case_no, _MOST, 0),
        "department": context.department,
    }
    return render(request, "cases/page_supervised_case.html", values, status=mistakes.status if mistakes else 200)
