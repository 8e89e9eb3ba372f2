"""A browser's form as the request that the acts take: fields are named by JSON pointers (`/form/father_name`)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar
from urllib.parse import parse_qsl

from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ValidationError
from starlette.requests import Request

from onething.domain.characters import cleaned
from onething.domain.errors import FailureCode, OneThingError, require_valid
from onething.edge.strict import read_limited, unsafe_text
from onething.web.core.typed_dates import with_dates

KEY_FIELD = "_key"
MAX_FORM_BYTES = 400_000
_MOST_FIELDS = 2_000
FORM_TYPE = "application/x-www-form-urlencoded"
_INDEX = re.compile(r"0|[1-9][0-9]{0,3}")
Model = TypeVar("Model", bound=BaseModel)


@dataclass(frozen=True)
class Form:
    """Fields in the order in which they were sent; a name may occur several times, as ticked boxes do."""

    fields: tuple[tuple[str, str], ...] = field(default=(), repr=False)

    def value(self, name: str, default: str = "") -> str:
        """The first of that name."""
        return next((value for one, value in self.fields if one == name), default)

    def values(self, name: str) -> tuple[str, ...]:
        return tuple(value for one, value in self.fields if one == name)

    def has(self, name: str) -> bool:
        return any(one == name for one, _ in self.fields)

    @property
    def key(self) -> str:
        """Of the rendered form: sent twice, it is done once. Raises OneThingError IDEMPOTENCY_KEY_MISSING."""
        key = self.value(KEY_FIELD)
        if not 0 < len(key) <= 100 or not key.isascii() or not key.isprintable():
            raise OneThingError(FailureCode.IDEMPOTENCY_KEY_MISSING, "这张表单不完整，请刷新页面后再提交。")
        return key

    def tree(self) -> dict[str, Any]:
        """What the pointers say, whole: `/form/children/0/name` is in a list. What is left empty is left out."""
        root: dict[str, Any] = {}
        for name, value in self.fields:
            if name.startswith("/") and value.strip():
                _put(root, [_unescaped(step) for step in name[1:].split("/")], value)
        return {name: _lists(inner) for name, inner in root.items()}


async def read_form(request: Request) -> Form:
    """Raises OneThingError WRONG_CONTENT_TYPE, TOO_LARGE, REQUEST_TIMEOUT, INVALID_REQUEST, and InvalidInput for
    characters that no text may have."""
    media_type, _, _ = request.headers.get("content-type", "").partition(";")
    if media_type.strip().lower() != FORM_TYPE:
        raise OneThingError(FailureCode.WRONG_CONTENT_TYPE, "请从本系统的页面提交表单。")
    raw = await read_limited(request, MAX_FORM_BYTES)
    try:
        pairs = parse_qsl(raw.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=_MOST_FIELDS)
    except ValueError:
        raise OneThingError(FailureCode.INVALID_REQUEST, "表单无法读取，请刷新页面后再提交。") from None
    # browsers send CRLF for a line break in a text
    lines = [(name, value.replace("\r\n", "\n")) for name, value in pairs]
    require_valid(problem for name, value in lines for problem in unsafe_text(value, name))
    return Form(tuple((name, cleaned(value)) for name, value in lines))


def as_request(model: type[Model], value: Mapping[str, Any]) -> Model:
    """The request that an act takes. Raises RequestValidationError, as the API does, whose problems the page shows."""
    try:
        return model.model_validate(with_dates(model, value))
    except ValidationError as wrong:
        raise RequestValidationError([{**one, "loc": ("body", *one["loc"])} for one in wrong.errors()]) from None


def _put(root: dict[str, Any], steps: list[str], value: str) -> None:
    inner = root
    for step in steps[:-1]:
        inner = inner.setdefault(step, {})
        if not isinstance(inner, dict):
            raise OneThingError(FailureCode.INVALID_REQUEST, "表单无法读取，请刷新页面后再提交。")
    inner[steps[-1]] = value


def _lists(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    if value and all(_INDEX.fullmatch(name) for name in value):
        return [_lists(value[name]) for name in sorted(value, key=int)]
    return {name: _lists(inner) for name, inner in value.items()}


def _unescaped(step: str) -> str:
    return step.replace("~1", "/").replace("~0", "~")
