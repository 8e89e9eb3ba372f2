"""更正、补发、换发, by the department whose item it is. Which fields may be corrected depends on the item, so that is
chosen first."""

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import Query
from fastapi.exceptions import RequestValidationError
from starlette.requests import Request
from starlette.responses import Response

from onething.domain.definition.bundle import BundleDefinition
from onething.domain.errors import OneThingError
from onething.edge.dependencies import By, CaseNoPath, InContext
from onething.services.cases import search
from onething.services.reissue import reissue
from onething.services.reissue.schemas import ReissueRequest
from onething.web.cases.case_acts import subject_of
from onething.web.cases.office_case import OfficeCaseQuery, case_address, show_case
from onething.web.core.definition_fields import read_fields
from onething.web.core.forms import Form, as_request
from onething.web.core.routes import Sent, see_other
from onething.web.reissue.fields import correctable
from onething.web.tasks.act_pages import act_router
from onething.web.tasks.filters import back_of

router = act_router()
_ACT, _PATH = "reissue_certificate", "/work/cases/{case_no}/reissue"
_SAID = ("why", "reason", "output", "applicant")


@router.get(_PATH, response_class=Response)
async def form(
    case_no: CaseNoPath, request: Request, context: InContext, by: By, query: Annotated[OfficeCaseQuery, Query()]
) -> Response:
    return await show_case(request, context, by, case_no, query, act=_ACT)


@router.post(_PATH, response_class=Response)
async def record(case_no: CaseNoPath, request: Request, context: InContext, by: By, sent: Sent) -> Response:
    case, _ = await search.show(context, by, case_no)
    definition = context.applications.definition(case.bundle)
    try:
        item = subject_of(sent, "subject")
        wanted = as_request(ReissueRequest, _reading(sent, definition, item))
        await reissue.reissue(context, by, sent.key, case_no, item, wanted)
    except (OneThingError, RequestValidationError) as refused:
        query = OfficeCaseQuery(back=back_of(sent))
        return await show_case(request, context, by, case_no, query, act=_ACT, sent=sent, refused=refused)
    return see_other(case_address(case_no, back=back_of(sent), done=_ACT))


def _reading(sent: Form, definition: BundleDefinition, item: str) -> Mapping[str, Any]:
    tree, shown = sent.tree(), correctable(definition, item)
    told = {name: tree[name] for name in _SAID if name in tree}
    corrected = {"outputs": read_fields(shown.decided, sent, "/outputs"), "form": read_fields(shown.applied, sent)}
    return told | {name: values for name, values in corrected.items() if values}
