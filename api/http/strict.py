"""Requests are read strictly: what one reader might take differently from another is refused, never guessed at."""

import json
import math
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator, Sequence
from inspect import isclass, signature
from typing import Annotated, Any, get_args

from fastapi import Depends, Query
from fastapi.params import Depends as DependsOn
from fastapi.routing import APIRoute
from starlette.requests import Request
from starlette.responses import Response

from api.http.problems import BadParameter
from api.http.query import NoQuery, QueryModel
from onething.domain.errors import FailureCode, FieldProblem, InvalidInput, OneThingError

MAX_JSON_BYTES = 1_000_000
_MAX_DEPTH = 32
_MAX_FORM_BYTES = 4_000
_LARGEST_EXACT_INTEGER = 2**53 - 1
_INTEGER_DIGITS = 17

Handler = Callable[[Request], Coroutine[Any, Any, Response]]


class _KnownQueryRoute(APIRoute):
    """A route that takes from the query what its endpoint's `QueryModel` names, each at most once; else nothing."""

    def __init__(
        self,
        path: str,
        endpoint: Callable[..., Any],
        *,
        dependencies: Sequence[DependsOn] | None = None,
        **options: Any,
    ) -> None:
        if not _takes_query(endpoint):
            dependencies = [*(dependencies or ()), Depends(_no_query)]
        super().__init__(path, endpoint, dependencies=dependencies, **options)


def _takes_query(endpoint: Callable[..., Any]) -> bool:
    hints = (get_args(parameter.annotation) for parameter in signature(endpoint).parameters.values())
    return any(hint and isclass(hint[0]) and issubclass(hint[0], QueryModel) for hint in hints)


async def _no_query(_: Annotated[NoQuery, Query()]) -> None:
    """Refuses whatever is there."""


class StrictRoute(_KnownQueryRoute):
    """A route whose query must be known and whose JSON body is read by `read_json`."""

    def get_route_handler(self) -> Handler:
        handle = super().get_route_handler()
        takes_json = self.body_field is not None
        needs_json = self.body_field is not None and self.body_field.field_info.is_required()

        async def strictly(request: Request) -> Response:
            _check_query(request)
            return await handle(await _with_json(request, needs_json) if takes_json else request)

        return strictly


class SignedInRoute(StrictRoute):
    """A strict route for signed-in callers only. The token is read first: nobody unknown makes us parse a body."""

    def get_route_handler(self) -> Handler:
        handle = super().get_route_handler()

        async def signed_in(request: Request) -> Response:
            scheme, _, token = request.headers.get("authorization", "").partition(" ")
            request.state.signed_in = request.app.state.context.tokens.read(token if scheme.lower() == "bearer" else "")
            return await handle(request)

        return signed_in


class SignedCallRoute(StrictRoute):
    """A strict route for systems that sign what they send; its path names `{source}` or `{department}`. The signature
    is read first: nobody unknown makes us parse a body."""

    def get_route_handler(self) -> Handler:
        handle = super().get_route_handler()

        async def signed(request: Request) -> Response:
            raw = await read_limited(request, MAX_JSON_BYTES)
            context, path = request.app.state.context, request.path_params
            who = f"sources/{path['source']}" if "source" in path else f"departments/{path['department']}"
            context.shared_secrets.verify(who, request.headers, raw, context.clock)
            return await handle(Request(request.scope, _replay(raw)))

        return signed


class FormRoute(_KnownQueryRoute):
    """A strict route for small URL-encoded forms."""

    def get_route_handler(self) -> Handler:
        handle = super().get_route_handler()

        async def with_form(request: Request) -> Response:
            _check_query(request)
            media_type, _, _ = request.headers.get("content-type", "").partition(";")
            if media_type.strip().lower() != "application/x-www-form-urlencoded":
                detail = "请以表单提交：Content-Type: application/x-www-form-urlencoded。"
                raise OneThingError(FailureCode.WRONG_CONTENT_TYPE, detail)
            read = Request(request.scope, _replay(await read_limited(request, _MAX_FORM_BYTES)))
            for name, value in (await read.form()).multi_items():
                if not isinstance(value, str) or list(_unsafe_text(name + value, "")):
                    raise OneThingError(FailureCode.INVALID_REQUEST, "表单中有无法识别的字符，请重新填写。")
            return await handle(read)

        return with_form


def _replay(body: bytes) -> Callable[[], Coroutine[Any, Any, dict[str, Any]]]:
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


async def _with_json(request: Request, needed: bool) -> Request:
    if not needed and "content-type" not in request.headers and not await read_limited(request, 0):
        return _ReadRequest(request, b"", None)
    media_type, _, parameters = request.headers.get("content-type", "").partition(";")
    charset = parameters.strip().lower().replace('"', "")
    if media_type.strip().lower() != "application/json" or charset not in ("", "charset=utf-8"):
        raise OneThingError(
            FailureCode.WRONG_CONTENT_TYPE, "请求体须为 JSON：Content-Type: application/json，UTF-8 编码。"
        )
    raw = await read_limited(request, MAX_JSON_BYTES)
    return _ReadRequest(request, raw, read_json(raw))


async def read_limited(request: Request, limit: int) -> bytes:
    """The body, given up as soon as it is longer than `limit` bytes."""
    return b"".join([chunk async for chunk in limited_stream(request, limit)])


async def limited_stream(request: Request, limit: int) -> AsyncIterator[bytes]:
    """The body's chunks; raises TOO_LARGE at the first byte over `limit`, or at once if the length says so."""
    declared = request.headers.get("content-length", "")
    size = int(declared) if declared.isascii() and declared.isdigit() and len(declared) < _INTEGER_DIGITS else 0
    if size > limit:
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

    Refused with 400: invalid UTF-8 or syntax, duplicate keys, NaN and Infinity. Refused with 422 and a pointer
    (InvalidInput): numbers that not every reader keeps exactly, lone surrogates, NUL, nesting deeper than 32.
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
    problems = list(_unsafe(value, "", 0))
    if problems:
        raise InvalidInput(problems)
    return value


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
        yield from _unsafe_text(value, pointer)
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from _unsafe_text(key, pointer)
            yield from _unsafe(inner, f"{pointer}/{escaped(key)}", depth + 1)
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _unsafe(inner, f"{pointer}/{index}", depth + 1)
    elif isinstance(value, int | float) and not abs(value) <= _LARGEST_EXACT_INTEGER:
        yield FieldProblem(pointer, FailureCode.INVALID_VALUE, "数字过大，无法准确保存；请改小，或以文本提交。")


def _unsafe_text(text: str, pointer: str) -> Iterator[FieldProblem]:
    if "\0" in text:
        yield FieldProblem(pointer, FailureCode.INVALID_VALUE, "文本中有空字符（U+0000），请删去。")
    if not text.isascii() and any("\ud800" <= char <= "\udfff" for char in text):
        yield FieldProblem(pointer, FailureCode.INVALID_VALUE, "文本中有不完整的字符（单个代理项），请重新输入。")


def escaped(key: str) -> str:
    """One step of a JSON pointer; a lone surrogate can't be told, so it is shown as a question mark."""
    return key.encode("utf-8", "replace").decode("utf-8").replace("~", "~0").replace("/", "~1")


def _check_query(request: Request) -> None:
    """Raises for what a model can't see: it is given the last of repeated values, and text already decoded."""
    seen: set[str] = set()
    for name, value in request.query_params.multi_items():
        if name in seen:
            raise BadParameter(name, "同一个查询参数只能出现一次。")
        if "\0" in value or "\ufffd" in value:
            raise BadParameter(name, "查询参数中有无法识别的字符。")
        seen.add(name)
