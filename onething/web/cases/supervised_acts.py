"""One path per act of a supervisor on a case, as `case_acts.py` has it for departments."""

import re
from collections.abc import Mapping
from typing import Annotated, Literal

from fastapi import APIRouter, Query
from fastapi.exceptions import RequestValidationError
from starlette.requests import Request
from starlette.responses import Response

from onething.domain.errors import FailureCode, FieldProblem, InvalidInput, OneThingError
from onething.domain.kernel.case_no import CaseNo
from onething.edge.dependencies import By, CaseNoPath, InContext
from onething.services.application.base import RequestModel
from onething.web.cases.supervised_case import (
    SUBJECT,
    SUPERVISED_ACTS,
    SupervisedCaseQuery,
    supervised_address,
    supervised_page,
)
from onething.web.core.forms import Form, as_request
from onething.web.core.routes import Sent, SignedInPageRoute, see_other
from onething.web.tasks.act_pages import Perform, Reading

ActSubject = Literal["case", "item", "task"]
_CHOSEN: Mapping[ActSubject, re.Pattern[str]] = {
    "item": re.compile(r"([a-z][a-z0-9-]{0,59})-[0-9]{1,4}"),
    "task": re.compile(r"([a-z][a-z0-9-]{0,59}-[0-9]{1,4})"),
}


def supervision_router() -> APIRouter:
    return APIRouter(route_class=SignedInPageRoute, include_in_schema=False)


def supervised_act(
    router: APIRouter,
    act: str,
    perform: Perform,
    model: type[RequestModel] | None = None,
    reading: Reading = Form.tree,
    *,
    about: ActSubject = "case",
) -> None:
    """`model` None: it takes nothing. `about`: what the act is done to; an item and its task are chosen on the page."""
    path = f"/supervise/cases/{{case_no}}/{SUPERVISED_ACTS[act].path}"

    @router.get(path, response_class=Response)
    async def form(
        case_no: CaseNoPath,
        request: Request,
        context: InContext,
        by: By,
        query: Annotated[SupervisedCaseQuery, Query()],
    ) -> Response:
        return await supervised_page(request, context, by, case_no, query, act=act)

    @router.post(path, response_class=Response)
    async def record(case_no: CaseNoPath, request: Request, context: InContext, by: By, sent: Sent) -> Response:
        try:
            said = () if model is None else (as_request(model, reading(sent)),)
            await perform(context, by, sent.key, *_subject(case_no, about, sent), *said)
        except (OneThingError, RequestValidationError) as refused:
            query = SupervisedCaseQuery()
            return await supervised_page(request, context, by, case_no, query, act=act, sent=sent, refused=refused)
        return see_other(supervised_address(case_no, done=act))


def _subject(case_no: CaseNo, about: ActSubject, sent: Form) -> tuple[str, ...]:
    """What the services take for it. Raises InvalidInput where nothing is chosen."""
    if about == "case":
        return (case_no,)
    chosen = _CHOSEN[about].fullmatch(sent.value(SUBJECT))
    if chosen is None:
        raise InvalidInput([FieldProblem(SUBJECT, FailureCode.MISSING_VALUE, "请先选择是哪一个事项。")])
    return (case_no, chosen[1]) if about == "item" else (f"{case_no}-{chosen[1]}",)
