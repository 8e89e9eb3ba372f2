"""HEAD on every GET (RFC 9110 § 9.3.2): the same answer without its content, so the same rights, limits and audit."""

import asyncio

from onething.edge.middleware import ASGIApp, AsgiScope, Message, Receive, Send

_STREAM = b"text/event-stream"


class HeadAsGet:
    """Asks the application as by GET. A stream, which would not end, is left as soon as its headers are known."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: AsgiScope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "HEAD":
            await self._app(scope, receive, send)
            return
        asked = {**scope, "method": "GET"}
        endless = asyncio.Event()

        async def headers_only(message: Message) -> None:
            if "route" in asked:  # for who counts and logs
                scope["route"] = asked["route"]
            if message["type"] == "http.response.start":
                await send(message)
                headers = {name.lower(): value for name, value in message["headers"]}
                if headers.get(b"content-type", b"").startswith(_STREAM):
                    endless.set()
            elif not message.get("more_body", False):
                await send({"type": "http.response.body", "body": b"", "more_body": False})

        answering = asyncio.ensure_future(self._app(asked, receive, headers_only))
        left = asyncio.ensure_future(endless.wait())
        try:
            await asyncio.wait({answering, left}, return_when=asyncio.FIRST_COMPLETED)
            if answering.done():
                await answering
            else:
                await send({"type": "http.response.body", "body": b"", "more_body": False})
        finally:
            left.cancel()
            answering.cancel()
            await asyncio.gather(answering, left, return_exceptions=True)
