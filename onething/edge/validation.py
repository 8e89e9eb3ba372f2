"""What pydantic finds wrong with a request, as problems with pointers and Chinese remedies."""

from collections.abc import Iterator, Sequence
from typing import Any

import orjson
from fastapi.exceptions import RequestValidationError

from onething.domain.errors import FailureCode, first_few
from onething.edge.problems import LONGEST_NAME
from onething.edge.strict import escaped

_REMEDIES = {
    "missing": "缺少这一项，请补上。",
    "extra_forbidden": "没有这一项，请删去。",
    "string_type": "须为文本。",
    "bool_type": "须为 true 或 false。",
    "bool_parsing": "须为 true 或 false。",
    "int_type": "须为整数。",
    "int_parsing": "须为整数。",
    "int_from_float": "须为整数。",
    "list_type": "须为列表。",
    "dict_type": "须为对象。",
    "model_type": "须为对象。",
    "model_attributes_type": "须为对象。",
    "string_too_short": "不能为空。",
    "blank": "不能为空，也不能只有空白。",
    "several_lines": "只能写一行，请删去换行。",
    "string_too_long": "过长，至多 {max_length} 个字符。",
    "string_pattern_mismatch": "格式不正确，请核对。",
    "too_long": "过多，至多 {max_length} 项。",
    "too_short": "过少，至少 {min_length} 项。",
    "greater_than_equal": "不能小于 {ge}。",
    "less_than_equal": "不能大于 {le}。",
    "literal_error": "只能是 {expected} 之一。",
    "enum": "只能是 {expected} 之一。",
}
_CODES = {"missing": FailureCode.MISSING_VALUE, "extra_forbidden": FailureCode.UNKNOWN_FIELD}


def problems_of(error: RequestValidationError) -> tuple[tuple[dict[str, str], ...], bool]:
    """One entry for each place, as many as an answer tells, and whether there are more; never quotes what was sent."""
    return first_few(_entries(error), lambda entry: len(orjson.dumps(entry)))


def _entries(error: RequestValidationError) -> Iterator[dict[str, str]]:
    places: set[str] = set()
    for one in error.errors():
        place = _place(one["loc"])
        if str(place) in places:
            continue
        places.add(str(place))
        kind = str(one["type"])
        detail = _REMEDIES.get(kind, "值不正确，请核对。").format(**_plain(one.get("ctx", {})))
        yield {**place, "code": _CODES.get(kind, FailureCode.INVALID_VALUE), "detail": detail}


def _place(loc: Sequence[Any]) -> dict[str, str]:
    where, *path = loc
    if where == "body":
        return {"pointer": "".join(f"/{escaped(str(part))}" for part in path if not _is_branch(part))}
    return {"parameter": "/".join(map(str, path))[:LONGEST_NAME]}


def _is_branch(part: Any) -> bool:
    """Pydantic names the branch of a union, and that a key is meant, in the path; they are no part of the document."""
    return isinstance(part, str) and part in {"bool", "str", "int", "list[str]", "float", "[key]"}


def _plain(context: Any) -> dict[str, Any]:
    return {key: str(value) for key, value in dict(context).items()} | _choices(str(context.get("expected", "")))


def _choices(expected: str) -> dict[str, str]:
    """Of pydantic's "'a', 'b' or 'c'"."""
    return {"expected": expected.replace(" or ", "、").replace(", ", "、").replace("'", "")}
