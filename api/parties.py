"""当事人: who asked about me, and what I say to it."""

from fastapi import APIRouter
from starlette.responses import Response

from onething.edge.dependencies import By, CaseNoPath, IdempotencyKey, InContext, ItemCode, reply, view_response
from onething.edge.problems import ACT_PROBLEMS, LIST_PROBLEMS
from onething.edge.query import Paged
from onething.edge.routes import SignedInRoute
from onething.services.application.base import EmptyRequest
from onething.services.parties import about_me, answers
from onething.services.parties.schemas import AskedPage, PartyAnswered

router = APIRouter(prefix="/api/cases/{case_no}/parties", tags=["当事人"], route_class=SignedInRoute)
me = APIRouter(prefix="/api/me", tags=["当事人"], route_class=SignedInRoute)


@me.get(
    "/asked",
    summary="谁问到我：别人的申请里要查我的哪些信息，我可以怎样答复",
    response_model=AskedPage,
    responses=LIST_PROBLEMS,
)
async def asked_about_me(context: InContext, by: By, page: Paged) -> Response:
    return view_response(await about_me.page(context, by, page.limit, page.after))


@router.post("/{party}/confirm", summary="同意查询我的信息", response_model=PartyAnswered, responses=ACT_PROBLEMS)
async def confirm_look_ups(
    case_no: CaseNoPath, party: ItemCode, context: InContext, by: By, key: IdempotencyKey, _: EmptyRequest | None = None
) -> Response:
    return reply(await answers.confirm(context, by, key, case_no, party))


@router.post("/{party}/decline", summary="不同意查询，或收回同意", response_model=PartyAnswered, responses=ACT_PROBLEMS)
async def decline_look_ups(
    case_no: CaseNoPath, party: ItemCode, context: InContext, by: By, key: IdempotencyKey, _: EmptyRequest | None = None
) -> Response:
    return reply(await answers.decline(context, by, key, case_no, party))
