"""The answers of the simulated world, the broken ones among them."""

import asyncio
from typing import Any

import orjson
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from onething.connectors.simulator.behaviour import Failure

HANG_S = 120.0
"""How long a hanging answer holds the line if the caller never gives up; longer than any caller's timeout."""


def json_answer(status: int, content: dict[str, Any], retry_after_s: int | None = None) -> Response:
    headers = None if retry_after_s is None else {"Retry-After": str(retry_after_s)}
    return Response(orjson.dumps(content), status, headers, media_type="application/json")


class CutAnswer(Response):
    """Promises more than it sends: the server then breaks the connection in the middle of the answer."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = [(b"content-type", b"application/json"), (b"content-length", b"512")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b'{"record":', "more_body": True})


class HungAnswer(CutAnswer):
    """Says nothing until the caller hangs up."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            async with asyncio.timeout(HANG_S):
                while (await receive())["type"] != "http.disconnect":
                    pass
        except TimeoutError:
            await super().__call__(scope, receive, send)


def failed_answer(failure: Failure) -> Response:
    match failure:
        case Failure.ERROR:
            return json_answer(503, {"error": "unavailable"})
        case Failure.CUT:
            return CutAnswer()
        case Failure.HANG:
            return HungAnswer()
