"""决定: an officer decides an item; and the phrases that officers keep for their opinions."""

from typing import Annotated

from fastapi import APIRouter, Path
from starlette.responses import Response

from onething.edge.dependencies import By, IdempotencyKey, InContext, TaskIdPath, reply, view_response
from onething.edge.problems import ACT_PROBLEMS, LIST_PROBLEMS, READ_PROBLEMS, documented
from onething.edge.routes import SignedInRoute
from onething.services.decisions import decide, phrases
from onething.services.decisions.schemas import DecisionRequest, DecisionResponse, Phrase, PhraseList, PhraseRequest

router = APIRouter(prefix="/api/tasks", tags=["部门"], route_class=SignedInRoute)


@router.post(
    "/{task_id}/decide",
    summary="作出决定；他人已先决定的，409 中给出该决定",
    response_model=DecisionResponse,
    responses=ACT_PROBLEMS,
)
async def decide_task(
    task_id: TaskIdPath, request: DecisionRequest, context: InContext, by: By, key: IdempotencyKey
) -> Response:
    return reply(await decide.decide(context, by, key, task_id, request))


own_phrases = APIRouter(prefix="/api/phrases", tags=["部门"], route_class=SignedInRoute)


@own_phrases.get("", summary="本人的常用语", response_model=PhraseList, responses=LIST_PROBLEMS)
async def list_phrases(context: InContext, by: By) -> Response:
    return view_response(await phrases.everything(context, by))


@own_phrases.post(
    "",
    status_code=201,
    summary="保存一条常用语，至多 30 条；已有的不重复",
    response_model=Phrase,
    responses=documented(400, 401, 403, 409, 413, 415, 422),
)
async def save_phrase(request: PhraseRequest, context: InContext, by: By, key: IdempotencyKey) -> Response:
    return reply(await phrases.save(context, by, key, request))


@own_phrases.delete("/{phrase}", status_code=204, summary="删去一条常用语", responses=READ_PROBLEMS)
async def remove_phrase(
    phrase: Annotated[int, Path(ge=1, le=99, description="常用语的 id")], context: InContext, by: By
) -> Response:
    await phrases.remove(context, by, phrase)
    return Response(status_code=204)
