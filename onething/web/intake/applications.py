"""申请: going on with what was begun, or beginning another one; never a second draft that nobody asked for."""

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter
from fastapi.exceptions import RequestValidationError
from starlette.requests import Request
from starlette.responses import Response

from onething.domain.definition.questions import Answers
from onething.domain.errors import OneThingError
from onething.domain.principal import Principal
from onething.edge.dependencies import BundleCodePath, By, InContext
from onething.edge.limits import counting
from onething.security.limits import Allowance
from onething.services import bundles
from onething.services.application.schemas import NewApplication
from onething.services.cases import search as cases_search
from onething.services.core.context import AppContext
from onething.services.intake import drafts
from onething.services.summaries.case_summary import Opened
from onething.web.bundles.answers import answers_in, parameters_of, place_of, place_parameters
from onething.web.core.definition_fields import FieldValues, answer_words
from onething.web.core.forms import as_request
from onething.web.core.problems import Mistakes, mistakes_of
from onething.web.core.routes import Sent, SignedInPageRoute, see_other
from onething.web.core.templating import render
from onething.web.intake.fields import ALL_KINDS, PARTY_TYPES

router = APIRouter(route_class=SignedInPageRoute, include_in_schema=False)
_TEMPLATE = "intake/page_apply.html"
_DRAFT = "draft"
_PARTY = ("type", "name", "id_type", "id_number", "phone")


@router.get("/apply/{code}", response_class=Response)
async def choose(request: Request, code: BundleCodePath, context: InContext, by: By) -> Response:
    """The query holds answers to situations, as the guide has them."""
    region = place_of(context, code, request.query_params)
    answers = await _answers(context, code, region, request.query_params)
    party = {"type": "person", "name": by.name or "", "id_type": "resident_id", "id_number": "", "phone": ""}
    return await _page(request, context, by, code, region, answers, party)


@router.post("/apply/{code}", response_class=Response)
async def begin(request: Request, code: BundleCodePath, context: InContext, by: By, sent: Sent) -> Response:
    """A draft. Where there is one already, people say first that they want another."""
    region = place_of(context, code, dict(sent.fields))
    answers = await _answers(context, code, region, dict(sent.fields))
    party = {name: sent.value(f"/applicant/{name}") for name in _PARTY}
    if not sent.has("another") and await _begun(context, by, code):
        return await _page(request, context, by, code, region, answers, party)
    try:
        application = as_request(NewApplication, _application(code, region, answers, party))
        with counting(request, Allowance.DRAFT) as counted:
            opened = counted.of(await drafts.begin(context, by, sent.key, application))
    except (OneThingError, RequestValidationError) as refused:
        return await _page(request, context, by, code, region, answers, party, mistakes_of(refused))
    return see_other(f"/my/drafts/{Opened.model_validate_json(opened.body).case_no}")


def _application(code: str, region: str | None, answers: Mapping[str, Any], party: Mapping[str, str]) -> FieldValues:
    applicant = {name: value for name, value in party.items() if value or name in ("name", "id_number")}
    chosen = {"region": region} if region else {}
    return {"bundle": code, "submit": False, "answers": dict(answers), "applicant": applicant, **chosen}


async def _page(
    request: Request,
    context: AppContext,
    by: Principal,
    code: str,
    region: str | None,
    answers: Mapping[str, Any],
    party: Mapping[str, str],
    mistakes: Mistakes | None = None,
) -> Response:
    bundle = bundles.show(context, code, region or context.region)
    begun = await cases_search.begun(context, by, code)
    told = [(one, answer_words(one, answers[one.id])) for one in bundle.questions if one.id in answers]
    values = {
        "bundle": bundle,
        "code": code,
        "drafts": [one for one in begun.items if one.status == _DRAFT],
        "running": [one for one in begun.items if one.status != _DRAFT],
        "told": told,
        "carried": [*parameters_of(answers), *place_parameters(region)],
        "party": party,
        "kinds": ALL_KINDS,
        "types": list(PARTY_TYPES.items()),
        "mistakes": mistakes,
    }
    return render(request, _TEMPLATE, values, status=mistakes.status if mistakes else 200)


async def _begun(context: AppContext, by: Principal, code: str) -> bool:
    return any(one.status == _DRAFT for one in (await cases_search.begun(context, by, code)).items)


async def _answers(context: AppContext, code: str, region: str | None, given: Mapping[str, str]) -> Answers:
    """Those that there are and that apply; all else is asked on the first page."""
    bundle = bundles.show(context, code, region or context.region)
    return (await bundles.plan_so_far(context, bundle.ref, answers_in(bundle.questions, given))).answers
