"""委托 that one has given or been given, giving another, and revoking; at the counter those of the region, by a signed
paper."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query
from fastapi.exceptions import RequestValidationError
from starlette.requests import Request
from starlette.responses import Response

from onething.domain.errors import OneThingError
from onething.domain.principal import Principal, Role
from onething.edge.dependencies import By, InContext
from onething.edge.query import PageQuery
from onething.services import bundles, mandates
from onething.services.core.context import AppContext
from onething.services.mandates import MandateRequest
from onething.web.core.audience import place_of
from onething.web.core.forms import Form, as_request
from onething.web.core.problems import Mistakes, mistakes_of
from onething.web.core.routes import Sent, SignedInPageRoute, see_other
from onething.web.core.templating import render
from onething.web.core.typed_values import with_truths

router = APIRouter(route_class=SignedInPageRoute, include_in_schema=False)
MandateNo = Annotated[str, Path(pattern=r"^m[0-9a-f]{16}$")]
_KINDS = (("family", "家人"), ("delegate", "受托人"), ("helper", "帮办员"), ("office", "所在单位"))
_ACTS = (
    ("apply", "提交申请"),
    ("supply", "补正"),
    ("withdraw", "撤回"),
    ("urge", "催办"),
    ("rate", "评价"),
    ("receive", "领取结果"),
    ("licences", "查询电子证照"),
)
_MOST = 200


@router.get("/my/mandates", response_class=Response)
@router.get("/counter/mandates", response_class=Response)
async def listed(request: Request, context: InContext, by: By, query: Annotated[PageQuery, Query()]) -> Response:
    found = await mandates.page(context, by, query.limit, query.after)
    values = {"found": found, "acts": dict(_ACTS), "kinds": dict(_KINDS), "place": place_of(request.url.path)}
    return render(request, "mandates/page_mandates.html", values)


@router.get("/my/mandates/new", response_class=Response)
@router.get("/counter/mandates/new", response_class=Response)
async def form(request: Request, context: InContext, by: By) -> Response:
    return _form(request, context, by, Form())


@router.post("/my/mandates/new", response_class=Response)
@router.post("/counter/mandates/new", response_class=Response)
async def give(request: Request, context: InContext, by: By, sent: Sent) -> Response:
    """By who has signed in just now: authority is given away."""
    told: dict[str, Any] = {
        **with_truths(sent.tree(), "paper"),
        "acts": list(sent.values("/acts")),
        "bundles": list(sent.values("/bundles")),
    }
    try:
        await mandates.give(context, by, sent.key, as_request(MandateRequest, told))
    except (OneThingError, RequestValidationError) as refused:
        return _form(request, context, by, sent, mistakes_of(refused))
    return see_other(f"{place_of(request.url.path)}/mandates")


@router.get("/my/mandates/{mandate}", response_class=Response)
@router.get("/counter/mandates/{mandate}", response_class=Response)
async def show(request: Request, mandate: MandateNo, context: InContext, by: By) -> Response:
    found = await mandates.show(context, by, mandate)
    may_revoke = found.agent != by.subject
    values = {"one": found, "acts": dict(_ACTS), "kinds": dict(_KINDS), "may_revoke": may_revoke}
    values |= {"place": place_of(request.url.path)}
    return render(request, "mandates/page_mandate.html", values)


@router.post("/my/mandates/{mandate}/revoke", response_class=Response)
@router.post("/counter/mandates/{mandate}/revoke", response_class=Response)
async def revoke(request: Request, mandate: MandateNo, context: InContext, by: By, sent: Sent) -> Response:
    await mandates.revoke(context, by, sent.key, mandate)
    return see_other(f"{place_of(request.url.path)}/mandates")


def _form(
    request: Request, context: AppContext, by: Principal, sent: Form, mistakes: Mistakes | None = None
) -> Response:
    values = {
        "sent": sent,
        "place": place_of(request.url.path),
        "name": sent.value("/giver/name") or (by.name if by.role is Role.CITIZEN else ""),
        "kinds": _KINDS,
        "acts": _ACTS,
        "chosen": sent.values("/acts") or ("apply", "supply"),
        "bundles": [(one.code, one.name) for one in bundles.page(context, _MOST, None).items],
        "mistakes": mistakes,
    }
    return render(request, "mandates/page_give.html", values, status=mistakes.status if mistakes else 200)
