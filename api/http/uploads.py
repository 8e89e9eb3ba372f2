"""Reading one uploaded file from a multipart request: in memory, never on disk, cut off at the limit, few at once."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from weakref import WeakValueDictionary

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header
from starlette.requests import Request

from api.http.strict import limited_stream, too_slow
from onething.domain.errors import FailureCode, FieldProblem, InvalidInput, OneThingError

_FIELD = "file"
_FRAMING = 20_000  # boundaries and part headers come on top of the file
_READ_S = 300.0

UPLOAD: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": [_FIELD],
                    "properties": {_FIELD: {"type": "string", "contentMediaType": "application/octet-stream"}},
                    "additionalProperties": False,
                }
            }
        },
    }
}


class UploadGate:
    """How many uploads a process has in hand at once: each takes up to five times its file's size on its way into the
    record, and a connection of the pool. Who comes later waits; a body that nobody reads stays with its sender."""

    def __init__(self, places: int = 6, *, per_caller: int = 2, patience_s: float = 30.0) -> None:
        self._places = asyncio.Semaphore(places)
        self._per_caller = per_caller
        self._patience_s = patience_s
        self._callers: WeakValueDictionary[str, asyncio.Semaphore] = WeakValueDictionary()

    @asynccontextmanager
    async def place(self, subject: str) -> AsyncIterator[None]:
        """Raises OneThingError BUSY when there is none in time."""
        own = self._callers.setdefault(subject, asyncio.Semaphore(self._per_caller))
        async with AsyncExitStack() as held:
            try:
                async with asyncio.timeout(self._patience_s):
                    await held.enter_async_context(own)
                    await held.enter_async_context(self._places)
            except TimeoutError:
                raise OneThingError(FailureCode.BUSY, "正在上传的文件较多，请稍后重试。") from None
            yield


@dataclass(frozen=True)
class Upload:
    media_type: str  # as declared; empty if it was not
    content: bytes = field(repr=False)


async def read_upload(request: Request, limit: int, within_s: float = _READ_S) -> Upload:
    """The one part `file`. Raises OneThingError TOO_LARGE, WRONG_CONTENT_TYPE, INVALID_REQUEST or REQUEST_TIMEOUT."""
    kind, options = parse_options_header(request.headers.get("content-type", ""))
    boundary = options.get(b"boundary")
    if kind != b"multipart/form-data" or not boundary:
        detail = "请以 multipart/form-data 上传，文件放在名为 file 的部分。"
        raise OneThingError(FailureCode.WRONG_CONTENT_TYPE, detail)
    parts = _Parts(limit)
    try:
        # a plain dict of callbacks: the type that the library gives them exists for type checkers only
        parser = MultipartParser(boundary, parts.callbacks())  # type: ignore[arg-type]
        async with asyncio.timeout(within_s):
            async for chunk in limited_stream(request, limit + _FRAMING):
                parser.write(chunk)
        parser.finalize()
    except FormParserError:
        raise _malformed() from None
    except TimeoutError:
        raise too_slow(within_s) from None
    return parts.upload()


def _malformed() -> OneThingError:
    return OneThingError(FailureCode.INVALID_REQUEST, "上传的内容不是完整的 multipart/form-data，请重新上传。")


def _not_one() -> InvalidInput:
    return InvalidInput([FieldProblem(f"/{_FIELD}", FailureCode.MISSING_VALUE, "请上传且只上传一个文件。")])


class _Parts:
    """Collects the parts of one request; anything but a single part `file` is refused."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._files: list[tuple[str, bytearray]] = []
        self._headers: dict[bytes, bytes] = {}
        self._name = b""
        self._value = b""
        self._complete = False

    def callbacks(self) -> dict[str, Any]:
        return {
            "on_part_begin": self._begin,
            "on_header_field": self._header_field,
            "on_header_value": self._header_value,
            "on_header_end": self._header_end,
            "on_headers_finished": self._headers_finished,
            "on_part_data": self._data,
            "on_end": self._end,
        }

    def upload(self) -> Upload:
        if not self._complete:
            raise _malformed()
        if not self._files:
            raise _not_one()
        media_type, content = self._files[0]
        return Upload(media_type, bytes(content))

    def _begin(self) -> None:
        self._headers = {}

    def _header_field(self, data: bytes, start: int, end: int) -> None:
        self._name += data[start:end]

    def _header_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def _header_end(self) -> None:
        self._headers[self._name.lower()] = self._value
        self._name = self._value = b""

    def _headers_finished(self) -> None:
        _, options = parse_options_header(self._headers.get(b"content-disposition", b""))
        name = options.get(b"name", b"").decode("utf-8", "replace")
        if name != _FIELD:
            raise InvalidInput(
                [FieldProblem("", FailureCode.UNKNOWN_FIELD, "只接受名为 file 的部分，请删去其他部分。")]
            )
        if self._files:
            raise _not_one()
        media_type, _ = parse_options_header(self._headers.get(b"content-type", b""))
        self._files.append((media_type.decode("ascii", "replace"), bytearray()))

    def _data(self, data: bytes, start: int, end: int) -> None:
        content = self._files[-1][1]
        content += data[start:end]
        if len(content) > self._limit:
            raise OneThingError(FailureCode.TOO_LARGE, f"文件超过 {self._limit // 1_000_000} MB，请压缩后重试。")

    def _end(self) -> None:
        self._complete = True
