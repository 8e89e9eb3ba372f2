"""Requests are read strictly: what one reader might take differently from another is refused, never guessed at."""

import asyncio
import json
import math
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from typing import Any

from starlette.requests import Request

from onething.domain.characters import UnusableText, cleaned
from onething.domain.errors import FailureCode, FieldProblem, OneThingError, require_valid
from onething.edge.problems import LONGEST_NAME, BadParameter

MAX_JSON_BYTES = 1_000_000
MERGE_PATCH = "application/merge-patch+json"
"""How a PATCH is read, which may say so (RFC 7396) or be called plain JSON."""
ON_THE_LOOP_BYTES = 64_000
"""A longer body is read and judged by a thread: other requests go on meanwhile."""
BODY_S = 30.0
"""Within which a body has to arrive."""
_MOST_VALUES = 10_000
_MOST_PARAMETERS = 30
_MAX_DEPTH = 32
_LARGEST_EXACT_INTEGER = 2**53 - 1
_INTEGER_DIGITS = 17


def replay(body: bytes) -> Callable[[], Coroutine[Any, Any, dict[str, Any]]]:
    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    return receive


class _ReadRequest(Request):
    """A request whose JSON body has been read and found good."""

    def __init__(self, request: Request, raw: bytes, value: Any) -> None:
        super().__init__(request.scope, request.receive)
        self._raw = raw
        self._value = value

    async def body(self) -> bytes:
        return self._raw

    async def json(self) -> Any:
        return self._value


BodyJudge = Callable[[Any], None]
"""Raises for a value that the route can't take."""


async def with_json(request: Request, needed: bool, judge: BodyJudge) -> Request:
    """The request with its body read as JSON; a long one is also judged, which the framework else does on the event
    loop. Raises OneThingError WRONG_CONTENT_TYPE, and as `read_limited`, `read_json` and `judge`."""
    if not needed and "content-type" not in request.headers and not await read_limited(request, 0):
        return _ReadRequest(request, b"", None)
    media_type, _, parameters = request.headers.get("content-type", "").partition(";")
    charset = parameters.strip().lower().replace('"', "")
    taken = ("application/json", MERGE_PATCH) if request.method == "PATCH" else ("application/json",)
    if media_type.strip().lower() not in taken or charset not in ("", "charset=utf-8"):
        raise OneThingError(
            FailureCode.WRONG_CONTENT_TYPE, "请求体须为 JSON：Content-Type: application/json，UTF-8 编码。"
        )
    raw = await read_limited(request, MAX_JSON_BYTES)
    if len(raw) <= ON_THE_LOOP_BYTES:
        return _ReadRequest(request, raw, read_json(raw))
    return _ReadRequest(request, raw, await asyncio.to_thread(_judged, raw, judge))


def _judged(raw: bytes, judge: BodyJudge) -> Any:
    value = read_json(raw)
    judge(value)
    return value


async def read_limited(request: Request, limit: int) -> bytes:
    """The body, given up as soon as it is longer than `limit` bytes (OneThingError TOO_LARGE), or has not arrived
    within `BODY_S` seconds (REQUEST_TIMEOUT)."""
    try:
        async with asyncio.timeout(BODY_S):
            return b"".join([chunk async for chunk in limited_stream(request, limit)])
    except TimeoutError:
        raise too_slow(BODY_S) from None


def too_slow(within_s: float) -> OneThingError:
    """What is raised for a body that took longer."""
    detail = f"请求体没有在 {within_s:.0f} 秒内到齐，请检查网络后重新发送。"
    return OneThingError(FailureCode.REQUEST_TIMEOUT, detail)


def declared_size(request: Request) -> int:
    """How many bytes the body is said to have; 0 if that is not said."""
    declared = request.headers.get("content-length", "")
    return int(declared) if declared.isascii() and declared.isdigit() and len(declared) < _INTEGER_DIGITS else 0


async def limited_stream(request: Request, limit: int) -> AsyncIterator[bytes]:
    """The body's chunks; raises TOO_LARGE at the first byte over `limit`, or at once if the length says so."""
    if declared_size(request) > limit:
        raise _too_large(limit)
    size = 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > limit:
            raise _too_large(limit)
        yield chunk


def _too_large(limit: int) -> OneThingError:
    return OneThingError(FailureCode.TOO_LARGE, f"请求体超过上限（{limit // 1_000_000} MB），请缩小后重试。")


def read_json(raw: bytes) -> Any:
    """The value of a JSON text (RFC 8259).

    Refused with 400: invalid UTF-8 or syntax, duplicate keys, NaN and Infinity. With 413 (TOO_LARGE): more than 10,000
    values. Refused with 422 and a pointer (InvalidInput): numbers that not every reader keeps exactly, nesting deeper
    than 32, names longer than 200 characters, and texts that `characters.cleaned` refuses. What it leaves out is not in
    the value.
    """
    try:
        value = json.loads(
            raw.decode("utf-8"), object_pairs_hook=_object, parse_constant=_no_constant, parse_int=_integer
        )
    except UnicodeDecodeError as error:
        raise _malformed(f"第 {error.start + 1} 个字节不是有效的 UTF-8") from None
    except json.JSONDecodeError as error:
        raise _malformed(f"第 {error.lineno} 行第 {error.colno} 列有语法错误") from None
    except RecursionError:
        raise _malformed("嵌套过深") from None
    if _holds_too_many(value):
        detail = f"请求体里的值超过 {_MOST_VALUES} 个，请缩减，或分几次提交。"
        raise OneThingError(FailureCode.TOO_LARGE, detail)
    require_valid(_unsafe(value, "", 0))
    return _cleaned(value)


def _holds_too_many(value: Any) -> bool:
    held, waiting = 0, [value]
    while waiting:
        inner = waiting.pop()
        if isinstance(inner, dict | list):
            held += len(inner)
            if held > _MOST_VALUES:
                return True
            waiting.extend(inner.values() if isinstance(inner, dict) else inner)
    return False


def _malformed(what: str) -> OneThingError:
    return OneThingError(FailureCode.MALFORMED_JSON, f"请求体不是有效的 JSON：{what}，请改正后重试。")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) != len(pairs):
        raise _malformed("对象中有重复的字段名")
    return value


def _no_constant(_: str) -> Any:
    raise _malformed("不允许 NaN 和 Infinity")


def _integer(text: str) -> int | float:
    return int(text) if len(text) <= _INTEGER_DIGITS else math.inf  # told with its pointer by `_unsafe`


def _unsafe(value: Any, pointer: str, depth: int) -> Iterator[FieldProblem]:
    if depth > _MAX_DEPTH:
        yield FieldProblem(pointer, FailureCode.INVALID_VALUE, f"嵌套超过 {_MAX_DEPTH} 层，请简化。")
    elif isinstance(value, str):
        yield from unsafe_text(value, pointer)
    elif isinstance(value, dict):
        for key, inner in value.items():
            if len(key) > LONGEST_NAME:
                yield FieldProblem(pointer, FailureCode.INVALID_VALUE, f"有字段名超过 {LONGEST_NAME} 个字符，请删去。")
                continue
            yield from unsafe_text(key, pointer)
            yield from _unsafe(inner, f"{pointer}/{escaped(key)}", depth + 1)
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _unsafe(inner, f"{pointer}/{index}", depth + 1)
    elif isinstance(value, int | float) and not abs(value) <= _LARGEST_EXACT_INTEGER:
        yield FieldProblem(pointer, FailureCode.INVALID_VALUE, "数字过大，无法准确保存；请改小，或以文本提交。")


def unsafe_text(text: str, pointer: str) -> Iterator[FieldProblem]:
    try:
        cleaned(text)
    except UnusableText as unusable:
        yield FieldProblem(pointer, FailureCode.INVALID_VALUE, f"文本{unusable.detail}")


def _cleaned(value: Any) -> Any:
    """As `_unsafe` has found it to be safe; names of members stay, since none of ours has anything to leave out."""
    if isinstance(value, str):
        return cleaned(value)
    if isinstance(value, dict):
        return {name: _cleaned(inner) for name, inner in value.items()}
    return [_cleaned(inner) for inner in value] if isinstance(value, list) else value


def _holds_unseen(text: str) -> bool:
    try:
        return cleaned(text) != text
    except UnusableText:
        return True


def escaped(key: str) -> str:
    """One step of a JSON pointer; a lone surrogate can't be told, so it is shown as a question mark."""
    return key.encode("utf-8", "replace").decode("utf-8").replace("~", "~0").replace("/", "~1")


def check_query(request: Request) -> None:
    """Raises BadParameter for what a model can't see: it gets the last of repeated values, and decoded text; and
    OneThingError INVALID_REQUEST for more parameters than any route has."""
    seen: set[str] = set()
    given = request.query_params.multi_items()
    if len(given) > _MOST_PARAMETERS:
        raise OneThingError(FailureCode.INVALID_REQUEST, f"查询参数超过 {_MOST_PARAMETERS} 个，请删去多余的。")
    for name, value in given:
        if name in seen:
            raise BadParameter(name, "同一个查询参数只能出现一次。")
        if "\ufffd" in value or _holds_unseen(value):
            raise BadParameter(name, "查询参数中有无法识别的字符。")
        seen.add(name)
