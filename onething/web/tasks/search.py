"""查找待办: by case, name or number. What is looked for is in no address: it is sent, and the answer shown to it."""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from fastapi.exceptions import RequestValidationError
from starlette.requests import Request
from starlette.responses import Response

from onething.domain.errors import OneThingError
from onething.domain.identity import ID_NAMES, IdType, WrongNumber, read_number
from onething.edge.dependencies import By, InContext
from onething.services.core.context import AppContext
from onething.services.tasks import search
from onething.services.tasks.schemas import TaskPage, TaskSearchRequest
from onething.web.cases.scan import read_scan
from onething.web.core.forms import Form, as_request
from onething.web.core.problems import Mistakes, mistakes_of
from onething.web.core.routes import Sent
from onething.web.core.templating import render
from onething.web.tasks import views, wording
from onething.web.tasks.act_pages import act_router
from onething.web.tasks.task_page import task_address

router = act_router()
_MOST = 50
_BOX = "/what"
_IN_BOX = frozenset({"/case_no", "/enterprise_name", "/applicant_name", "/id_number", ""})
_HAS_FIGURES = re.compile(r"[0-9]{4}")
_ENTERPRISE = re.compile("公司|企业|厂|店|铺|中心|合作社|事务所|商行|工作室|超市|集团|银行|学校|医院|协会|经营部")
_LONGEST_NAME = 4
AS = (("", "自动识别"), ("enterprise_name", "企业名称"), ("applicant_name", "申请人姓名"), ("id_number", "证件号码"))
"""What a text is, where it is not what it looks to be."""


@router.get("/work/search", response_class=Response)
async def form(request: Request, context: InContext, by: By) -> Response:
    return _shown(request, context, Form())


@router.post("/work/search", response_class=Response)
async def found(request: Request, context: InContext, by: By, sent: Sent) -> Response:
    try:
        page = await search.search(context, by, as_request(TaskSearchRequest, search_of(sent)), _MOST, None)
    except (OneThingError, RequestValidationError) as refused:
        return _shown(request, context, sent, mistakes=_at_box(mistakes_of(refused)))
    return _shown(request, context, sent, page=page)


def search_of(sent: Form) -> Mapping[str, Any]:
    """What was written in the one box, as what it looks to be; or as what people say it is."""
    text, kind = sent.value(_BOX).strip(), sent.value("/id_type")
    reason = {"reason": sent.value("/reason")} if sent.value("/reason") else {}
    known = read_scan(text)
    match sent.value("/as"):
        case "enterprise_name" | "applicant_name" as chosen:
            return {chosen: text, **reason}
        case "id_number":
            return {"id_number": text, "id_type": kind or _kind_of(text), **reason}
        case _ if known is not None and known.case_no:
            return {"case_no": known.case_no}
        case _ if known is not None and known.id_type:
            return {"id_number": known.id_number, "id_type": known.id_type.value, **reason}
        case _ if kind or _HAS_FIGURES.search(text):
            return {"id_number": text, "id_type": kind or _kind_of(text), **reason}
    return {"applicant_name" if _looks_like_a_person(text) else "enterprise_name": text, **reason}


def _kind_of(number: str) -> str:
    """The first of the kinds of papers that may have such a number; that of a resident's card where none has."""
    for kind in IdType:
        try:
            read_number(kind, number)
        except WrongNumber:
            continue
        return kind.value
    return IdType.RESIDENT_ID.value


def _looks_like_a_person(text: str) -> bool:
    return _ENTERPRISE.search(text) is None and (len(text) <= _LONGEST_NAME or "·" in text)


def _at_box(mistakes: Mistakes) -> Mistakes:
    """What is wrong with what was looked for is wrong in the box."""
    fields = (replace(one, pointer=_BOX) if one.pointer in _IN_BOX else one for one in mistakes.fields)
    return replace(mistakes, fields=tuple(fields))


def _shown(
    request: Request, context: AppContext, sent: Form, *, page: TaskPage | None = None, mistakes: Mistakes | None = None
) -> Response:
    values = {
        "said": sent,
        "rows": [views.row_of(context, one) for one in page.items] if page else None,
        "mistakes": mistakes,
        "ways": AS,
        "kinds": [(kind.value, name) for kind, name in ID_NAMES.items()],
        "words": wording,
        "task_address": task_address,
    }
    return render(request, "tasks/page_search.html", values, status=mistakes.status if mistakes else 200)
