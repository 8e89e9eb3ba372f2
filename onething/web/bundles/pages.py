"""办事: what there is to apply for, found by words; and 一次告知, what a case of certain answers will take."""

from typing import Annotated
from urllib.parse import urlencode

import segno
from fastapi import APIRouter, Query
from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from definitions.guide import MaterialDemand
from onething.edge.dependencies import BundleCodePath, InContext
from onething.edge.query import QueryModel
from onething.services import bundles
from onething.services.bundles import BundleRow, PlanView
from onething.services.core.context import AppContext
from onething.web.bundles import search
from onething.web.bundles.answers import answers_in, parameters_of, place_of, place_parameters, region_in
from onething.web.core.routes import PageRoute
from onething.web.core.templating import Pages, render

router = APIRouter(route_class=PageRoute, include_in_schema=False)
_MOST = 200
_AUDIENCES = (("person", "个人"), ("enterprise", "企业"))


class HomeQuery(QueryModel):
    q: str = Field("", max_length=100)


@router.get("/", response_class=Response)
async def home(request: Request, context: InContext, query: Annotated[HomeQuery, Query()]) -> Response:
    found = search.found(bundles.page(context, _MOST, None).items, lambda one: _text_of(context, one), query.q)
    groups = [(name, rows) for audience, name in _AUDIENCES if (rows := [r for r in found if r.audience == audience])]
    values = {"q": query.q.strip(), "groups": groups, "department": context.department}
    return render(request, "bundles/page_home.html", values, blocks={"offered": "offered"})


@router.get("/guide/{code}", response_class=Response)
async def guide(code: BundleCodePath, request: Request, context: InContext) -> Response:
    """Of the answers in the address, so that it can be passed on; nothing in it is about anybody."""
    return await guide_page(request, context, code, tried=False)


async def guide_page(request: Request, context: AppContext, code: str, *, tried: bool) -> Response:
    """`tried`: by who keeps the definition, to see what it makes of answers; nobody begins anything from there."""
    given = request.query_params
    region = region_in(context, given) if tried else place_of(context, code, given)
    bundle = bundles.show(context, code, region if tried else region or context.region)
    so_far = await bundles.plan_so_far(context, bundle.ref, answers_in(bundle.questions, given))
    # what else stands there is nobody's, and may be long
    query = urlencode([*parameters_of(so_far.answers), *place_parameters(region)])
    pages: Pages = request.app.state.pages
    address = f"{pages.public_url}{request.url.path}{'?' if query else ''}{query}"
    qr = segno.make(address, micro=False).svg_inline(omitsize=True, border=2, title="这一页的地址", svgclass="qr")
    values = {
        "bundle": bundle,
        "so_far": so_far,
        "plan": so_far.plan,
        "query": query,
        "qr": qr,
        "asked_now": _asked_now(so_far.plan),
        "at": request.url.path,
        "tried": tried,
        "region": region or context.region,
        "regions": [] if tried else bundles.regions_to_choose(context, bundle.code),
    }
    return render(request, "bundles/page_guide.html", values, blocks={"guide": "guide"})


def _text_of(context: AppContext, row: BundleRow) -> str:
    """Its name, its summary, and what departments do for it."""
    view = bundles.show(context, row.code)
    return "\n".join(
        [row.name, row.summary, *(one.name for one in view.items), *(one.name for one in view.departments)]
    )


def _asked_now(plan: PlanView | None) -> int:
    """How many materials have to be brought with the application."""
    return sum(material.asked is MaterialDemand.NOW for material in plan.materials) if plan else 0
