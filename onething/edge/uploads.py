"""Reading uploaded files from a multipart request: in memory, never on disk, cut off at the limits, few at once."""

import asyncio
import re
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from weakref import WeakValueDictionary

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header
from starlette.requests import Request

from onething.domain.errors import FailureCode, FieldProblem, InvalidInput, OneThingError
from onething.edge.strict import declared_size, too_slow
from onething.services.materials.files import LIMITS
from onething.services.materials.photos import SentFile, UploadLimits

_FIELD = "file"
_FRAMING = 20_000  # boundaries and part headers come on top of the files
_READ_S = 300.0
_LONGEST_NAME = 120
_LONGEST_TEXT = 400

_A_FILE = {"type": "string", "contentMediaType": "application/octet-stream"}
UPLOAD: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": [_FIELD],
                    "properties": {
                        _FIELD: {
                            "description": (
                                "一个文件；或至多 "
                                f"{LIMITS.files} 张照片（JPEG、PNG、HEIC），每张一个名为 {_FIELD} 的部分，"
                                f"合计至多 {LIMITS.together_mb} MB，按顺序合成一份 PDF"
                            ),
                            "oneOf": [
                                _A_FILE,
                                {"type": "array", "items": _A_FILE, "minItems": 1, "maxItems": LIMITS.files},
                            ],
                        }
                    },
                    "additionalProperties": False,
                },
                "encoding": {_FIELD: {"contentType": "application/octet-stream"}},
            }
        },
    }
}


class UploadGate:
    """How many uploads a process has in hand at once: each takes up to five times its files' size on its way into the
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
    """`files`: one at least, in their order, named with the material that they are to be.
    `texts`: parts beside them."""

    files: Sequence[SentFile]
    texts: Mapping[str, str] = field(default_factory=dict, repr=False)


async def read_upload(
    request: Request, limits: UploadLimits, material: str, within_s: float = _READ_S, *, beside: Collection[str] = ()
) -> Upload:
    """The parts `file`, one or more; `material`: what they are to be, for messages. `beside`: names of
    parts of short text that may come too, as from a page's form. Raises OneThingError TOO_LARGE, WRONG_CONTENT_TYPE,
    INVALID_REQUEST or REQUEST_TIMEOUT."""
    kind, options = parse_options_header(request.headers.get("content-type", ""))
    boundary = options.get(b"boundary")
    if kind != b"multipart/form-data" or not boundary:
        detail = "请以 multipart/form-data 上传，文件放在名为 file 的部分。"
        raise OneThingError(FailureCode.WRONG_CONTENT_TYPE, detail)
    parts = _Parts(limits, material, beside)
    try:
        # a plain dict of callbacks: the type that the library gives them exists for type checkers only
        parser = MultipartParser(boundary, parts.callbacks())  # type: ignore[arg-type]  # its type names every callback, all optional
        async with asyncio.timeout(within_s):
            declared, size = declared_size(request), 0
            async for chunk in request.stream():
                parser.write(chunk)
                size += len(chunk)
                if max(size, declared if parts.has_begun else 0) > limits.together + _FRAMING:
                    raise parts.too_large_together()
        parser.finalize()
    except FormParserError:
        raise _malformed() from None
    except TimeoutError:
        raise too_slow(within_s) from None
    return parts.upload()


def _malformed() -> OneThingError:
    return OneThingError(FailureCode.INVALID_REQUEST, "上传的内容不是完整的 multipart/form-data，请重新上传。")


def _none() -> InvalidInput:
    return InvalidInput([FieldProblem(f"/{_FIELD}", FailureCode.MISSING_VALUE, "请选择要上传的文件。")])


def _cleaned(file_name: str) -> str:
    """Without folders, and without what could not be seen in a message."""
    last = re.split(r"[/\\]", file_name)[-1]
    return "".join(char for char in last if char.isprintable())[:_LONGEST_NAME]


def _called(file_name: str, material: str) -> str:
    return f"“{material}”的文件“{file_name}”" if file_name else f"“{material}”的文件"


class _Parts:
    """Collects the parts of one request; anything but parts `file` and what may be beside them is refused."""

    def __init__(self, limits: UploadLimits, material: str, beside: Collection[str]) -> None:
        self._limits = limits
        self._material = material
        self._beside = beside
        self._texts: dict[str, bytearray] = {}
        self._text = ""  # of which part beside the file the content comes now
        self._files: list[tuple[str, str, bytearray]] = []
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
            raise _none()
        files = [
            SentFile(_called(file_name, self._material), media_type, bytes(content))
            for media_type, file_name, content in self._files
        ]
        texts = {name: text.decode("utf-8", "replace") for name, text in self._texts.items()}
        return Upload(files, texts)

    @property
    def has_begun(self) -> bool:
        """Whether it is known which file it is."""
        return bool(self._files)

    def _too_large(self) -> OneThingError:
        called = _called(self._files[-1][1], self._material)
        detail = f"{called}超过 {self._limits.each_mb} MB，请压缩，或降低扫描的清晰度后重试。"
        return OneThingError(FailureCode.TOO_LARGE, detail)

    def too_large_together(self) -> OneThingError:
        called = _called(self._files[0][1] if self._files else "", self._material)
        detail = (
            f"{called}超过 {self._limits.each_mb} MB，或与同时上传的合计超过 {self._limits.together_mb} MB，"
            "请压缩，降低拍照、扫描的清晰度，或少选几张后重试。"
        )
        return OneThingError(FailureCode.TOO_LARGE, detail)

    def _too_many(self) -> OneThingError:
        called = _called(self._files[0][1], self._material)
        most = self._limits.files
        detail = f"{called}等超过 {most} 个，一次至多上传 {most} 张照片：请少选几张，或先合成一份 PDF。"
        return OneThingError(FailureCode.TOO_LARGE, detail)

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
        self._text = name if name in self._beside else ""
        if self._text:
            self._texts[name] = bytearray()
            return
        if name != _FIELD:
            raise InvalidInput(
                [FieldProblem("", FailureCode.UNKNOWN_FIELD, "只接受名为 file 的部分，请删去其他部分。")]
            )
        if len(self._files) == self._limits.files:
            raise self._too_many()
        media_type, _ = parse_options_header(self._headers.get(b"content-type", b""))
        file_name = options.get(b"filename", b"").decode("utf-8", "replace")
        self._files.append((media_type.decode("ascii", "replace"), _cleaned(file_name), bytearray()))

    def _data(self, data: bytes, start: int, end: int) -> None:
        if self._text:
            text = self._texts[self._text]
            text += data[start:end]
            if len(text) > _LONGEST_TEXT:
                raise _malformed()
            return
        content = self._files[-1][2]
        content += data[start:end]
        if len(content) > self._limits.each:
            raise self._too_large()

    def _end(self) -> None:
        self._complete = True
