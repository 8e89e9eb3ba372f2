"""发件箱 of a counter: pages that a browser keeps for when the line is cut, and what keeps them.

What is kept of them is blank: no name, no token, no value of anybody's. What people typed is kept by the script, sealed
under a key of the account on that computer (`outbox_sending.py`).
"""

from collections.abc import Sequence
from importlib.resources import files as package_files

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from onething.domain.kernel.state import CaseStatus
from onething.edge.dependencies import BundleCodePath, By, InContext
from onething.services import bundles, outlets
from onething.services.cases import search as cases_search
from onething.services.cases.schemas import CaseRow
from onething.services.core.context import AppContext
from onething.web.core.routes import SignedInPageRoute
from onething.web.core.templating import render
from onething.web.intake.take_in_form import TakeIn

router = APIRouter(prefix="/counter/outbox", route_class=SignedInPageRoute, include_in_schema=False)
worker = APIRouter(include_in_schema=False)  # nobody has to be known: it is the same for all
_MOST = 200
_MOST_DRAFTS = 20
_WORKER = package_files("onething.web") / "browser" / "worker.js"
_WORKER_HEADERS = {
    "Cache-Control": "no-cache",
    "Service-Worker-Allowed": "/counter",  # the first page of all, which does not lie below where the script does
    "Content-Security-Policy": "default-src 'none'; connect-src 'self'",
}


@worker.get("/counter/worker.js", response_class=Response)
async def keeper() -> Response:
    """It stands between the pages of the counter and the line, and no others."""
    return Response(_WORKER.read_bytes(), headers=_WORKER_HEADERS, media_type="text/javascript; charset=utf-8")


@router.get("", response_class=Response)
async def show(request: Request, context: InContext, by: By) -> Response:
    """And what a mobile window takes along: forms, and drafts that were begun where there is a line."""
    found = await cases_search.page(
        context,
        by,
        mine=True,
        to_confirm=False,
        applicant_ended=False,
        statuses=(CaseStatus.DRAFT,),
        bundle=None,
        outlet=None,
        limit=_MOST_DRAFTS,
        after=None,
        order="newest",
    )
    return _page(request, context, blank=False, drafts=found.items)


@router.get("/blank", response_class=Response)
async def blank(request: Request, context: InContext) -> Response:
    """The same, of nobody."""
    return _page(request, context, blank=True)


@router.get("/forms/{code}", response_class=Response)
async def blank_form(code: BundleCodePath, request: Request, context: InContext, by: By) -> Response:
    """All that the bundle may ask for: which of it applies is known once it is sent."""
    bundle = bundles.show(context, code, by.region)
    sections: dict[str, list[object]] = {}
    for one in bundle.form:
        sections.setdefault(one.section, []).append(one)
    values = {
        "blank": True,
        "bundle": bundle,
        "sections": sections,
        "statements": {one.commitment.statement for one in bundle.items if one.commitment},
        "typed": TakeIn(),
        "saved": None,
        "mistakes": None,
        "outlets": [outlets.named(context, one) for one in (by.outlets.own if by.outlets else ())],
    }
    return render(request, "intake/page_blank_form.html", values)


def _page(request: Request, context: AppContext, *, blank: bool, drafts: Sequence[CaseRow] = ()) -> Response:
    offered = bundles.page(context, _MOST, None).items
    return render(request, "intake/page_outbox.html", {"blank": blank, "offered": offered, "drafts": drafts})
