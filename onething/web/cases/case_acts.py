"""One path per act of a department on a case, as `tasks/act_pages.py` has it for tasks."""

import re
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.exceptions import RequestValidationError
from starlette.requests import Request
from starlette.responses import Response

from onething.domain.errors import FailureCode, FieldProblem, InvalidInput, OneThingError
from onething.edge.dependencies import By, CaseNoPath, InContext
from onething.services.application.base import RequestModel
from onething.web.cases.office_case import OfficeCaseQuery, case_address, show_case
from onething.web.core.forms import Form, as_request
from onething.web.core.routes import Sent, see_other
from onething.web.tasks.act_pages import Perform, Reading
from onething.web.tasks.acts import CASE_ACTS
from onething.web.tasks.filters import back_of

_CODE = re.compile(r"[a-z][a-z0-9-]{0,59}")


def case_act(
    router: APIRouter,
    act: str,
    perform: Perform,
    model: type[RequestModel] | None = None,
    reading: Reading = Form.tree,
    *,
    about: str = "",
) -> None:
    """`model` None: it takes nothing more. `about`: the field that names which item, material or record of the case the
    act is about, if it is about one."""
    words = CASE_ACTS[act]
    path = f"/work/cases/{{case_no}}/{words.path}"

    @router.get(path, response_class=Response)
    async def form(
        case_no: CaseNoPath, request: Request, context: InContext, by: By, query: Annotated[OfficeCaseQuery, Query()]
    ) -> Response:
        return await show_case(request, context, by, case_no, query, act=act)

    @router.post(path, response_class=Response)
    async def record(case_no: CaseNoPath, request: Request, context: InContext, by: By, sent: Sent) -> Response:
        try:
            subject = (subject_of(sent, about),) if about else ()
            said = () if model is None else (as_request(model, reading(sent)),)
            await perform(context, by, sent.key, case_no, *subject, *said)
        except (OneThingError, RequestValidationError) as refused:
            query = OfficeCaseQuery(back=back_of(sent))
            return await show_case(request, context, by, case_no, query, act=act, sent=sent, refused=refused)
        return see_other(case_address(case_no, back=back_of(sent), done=act))


def subject_of(sent: Form, about: str) -> str:
    """The code that was chosen. Raises InvalidInput where none was."""
    chosen = sent.value(about)
    if not _CODE.fullmatch(chosen):
        raise InvalidInput([FieldProblem(about, FailureCode.MISSING_VALUE, "请先选择是哪一项。")])
    return chosen
