"""What an open page is told: that a topic has changed, never what. One stream a browser, not a tab (`browser/live.js`).

To listen is no use of a session: it ends as if nobody did.
"""

from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import Field
from sse_starlette import EventSourceResponse, ServerSentEvent
from starlette.responses import Response

from onething.domain.errors import OneThingError
from onething.edge.dependencies import InContext
from onething.edge.query import QueryModel
from onething.services import topics
from onething.web.core.routes import Session, SignedInPageRoute

PATH = "/stream"
_SEND_S = 30.0  # who reads nothing for so long is gone


class UnusedPageRoute(SignedInPageRoute):
    """For who is signed in; asked by a page by itself, while nobody does anything."""

    is_use = False


router = APIRouter(route_class=UnusedPageRoute, include_in_schema=False)


class StreamQuery(QueryModel):
    topics: str = Field(min_length=1, max_length=2_000)


@router.get(PATH, response_class=Response)
async def follow(context: InContext, session: Session, query: Annotated[StreamQuery, Query()]) -> Response:
    """As the API's, for whom the session is. Raises as `topics.may_follow`."""
    names = topics.parsed(query.topics)
    await topics.may_follow(context, session.signed_in.principal, names)

    async def stream() -> AsyncIterator[ServerSentEvent]:
        with suppress(OneThingError):
            async for news in topics.follow(context, session.signed_in, names):
                if news is None:
                    yield ServerSentEvent(comment="还在")
                else:
                    yield ServerSentEvent(news.to_json().decode(), event=news.kind)

    return EventSourceResponse(stream(), headers={"Cache-Control": "no-store"}, ping=3600, send_timeout=_SEND_S)
