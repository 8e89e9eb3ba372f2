"""Server-sent events: of one case, line by line; and of topics, that something has changed."""

from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Annotated, Any

from fastapi import APIRouter, Header, Query
from pydantic import Field
from sse_starlette import EventSourceResponse, ServerSentEvent
from starlette.responses import Response

from onething.domain.errors import OneThingError
from onething.edge.dependencies import CaseNoPath, InContext, Signed
from onething.edge.problems import BadParameter, documented
from onething.edge.query import QueryModel
from onething.edge.routes import SignedInRoute
from onething.services import topics
from onething.services.cases import stream as cases_stream


class TopicsQuery(QueryModel):
    topics: str = Field(
        min_length=1,
        max_length=2000,
        description="以逗号分隔：case:办件编号、queue:部门代码、inbox（窗口）、board（督办、部门负责人）、mine（申请人）",
    )


router = APIRouter(prefix="/api/cases", tags=["办件"], route_class=SignedInRoute)
pages = APIRouter(prefix="/api/stream", tags=["办件"], route_class=SignedInRoute)
_SEND_S = 30.0  # who reads nothing for so long is gone, and must not stay past its token
_STREAM: dict[int | str, dict[str, Any]] = {200: {"content": {"text/event-stream": {}}}}


@router.get(
    "/{case_no}/events",
    summary="办件动态（Server-Sent Events），令牌到期或作废即关闭，可用 Last-Event-ID 续读",
    response_class=Response,
    responses={**_STREAM, **documented(401, 403, 404, 422, 429)},
)
async def watch(
    case_no: CaseNoPath,
    context: InContext,
    signed_in: Signed,
    last_event_id: Annotated[str | None, Header(alias="Last-Event-ID", max_length=20)] = None,
) -> Response:
    after = _seq(last_event_id)
    await cases_stream.may_watch(context, signed_in.principal, case_no)

    async def stream() -> AsyncIterator[ServerSentEvent]:
        # whoever is cut off comes back by itself and goes on after the last one it had
        with suppress(OneThingError):
            async for news in cases_stream.watch(context, signed_in, case_no, after):
                if news is None:
                    yield ServerSentEvent(comment="还在")
                else:
                    yield ServerSentEvent(news.to_json().decode(), event=news.kind, id=str(news.seq))

    return EventSourceResponse(stream(), headers={"Cache-Control": "no-store"}, ping=3600, send_timeout=_SEND_S)


def _seq(last_event_id: str | None) -> int:
    if last_event_id is None:
        return 0
    if not (last_event_id.isascii() and last_event_id.isdigit() and len(last_event_id) < 10):
        raise BadParameter("Last-Event-ID", "须是此前收到的事件编号。")
    return int(last_event_id)


@pages.get(
    "",
    summary="页面动态（Server-Sent Events）：哪个主题有变化，不含内容；开头各主题各报一次，断线重连后重新读取即可",
    response_class=Response,
    responses={**_STREAM, **documented(401, 403, 404, 422, 429)},
)
async def follow(context: InContext, signed_in: Signed, query: Annotated[TopicsQuery, Query()]) -> Response:
    names = topics.parsed(query.topics)
    await topics.may_follow(context, signed_in.principal, names)

    async def stream() -> AsyncIterator[ServerSentEvent]:
        with suppress(OneThingError):
            async for news in topics.follow(context, signed_in, names):
                if news is None:
                    yield ServerSentEvent(comment="还在")
                else:
                    yield ServerSentEvent(news.to_json().decode(), event=news.kind)

    return EventSourceResponse(stream(), headers={"Cache-Control": "no-store"}, ping=3600, send_timeout=_SEND_S)
