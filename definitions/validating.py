"""Documents checked against the strict models; what pydantic finds, told with file, line and remedy."""

from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from definitions.problems import DefinitionProblem
from definitions.reading import Document

ValidatedModel = TypeVar("ValidatedModel", bound=BaseModel)


def validate(
    document: Document, model: type[ValidatedModel], problems: list[DefinitionProblem]
) -> ValidatedModel | None:
    """The model, or None with the reasons added to `problems`."""
    problems += document.problems
    if document.problems:
        return None
    try:
        return model.model_validate(document.value)
    except ValidationError as error:
        found: dict[str, DefinitionProblem] = {}
        for detail in error.errors(include_url=False):
            problem = _problem(document, model, detail)
            found.setdefault(problem.pointer, problem)  # a union reports each of its members
        problems += found.values()
        return None


def _problem(document: Document, model: type[BaseModel], detail: ErrorDetails) -> DefinitionProblem:
    path: list[str | int] = []
    for nth, part in enumerate(detail["loc"], start=1):
        left_out = detail["type"] == "missing" and nth == len(detail["loc"])
        if left_out or document.has([*path, part]):  # else it names the member of a union
            path.append(part)
    what, remedy = _explain(model, detail, path)
    return document.problem(path, what, remedy)


def _explain(model: type[BaseModel], detail: ErrorDetails, path: Sequence[str | int]) -> tuple[str, str]:
    context: dict[str, Any] = detail.get("ctx", {})
    name = path[-1] if path else "文件"
    match detail["type"]:
        case "missing":
            return f"缺少“{name}”。", f"补上“{name}”。"
        case "extra_forbidden":
            known = sorted(_keys(model, path[:-1]))
            near = get_close_matches(str(name), known, n=1, cutoff=0.5)
            return f"不认识“{name}”。", f"是否想写“{near[0]}”？" if near else f"可用的有：{'、'.join(known)}。"
        case "enum" | "literal_error":
            return f"“{name}”的值 {detail['input']!r} 不在允许之列。", f"可用的有：{context['expected']}。"
        case "union_tag_invalid":
            return f"“{name}”的种类 {context['tag']} 不在允许之列。", f"可用的有：{context['expected_tags']}。"
        case "union_tag_not_found":
            return f"“{name}”没有写明种类。", f"补上 {context['discriminator']}。"
        case "string_pattern_mismatch":
            return f"“{name}”的写法 {detail['input']!r} 不合格式。", f"须符合 {context['pattern']}。"
        case "value_error":
            return f"{context['error']}。", "按提示修改。"
        case kind if kind in _REMEDIES:
            return f"“{name}”的值 {_short(detail['input'])} 不合要求。", _REMEDIES[kind].format(**context)
        case kind:
            return f"“{name}”的值 {_short(detail['input'])} 不合要求（{kind}）。", detail["msg"]


_REMEDIES = {
    "string_type": "写成文本；数字或日期请加引号。",
    "string_too_short": "不能为空。",
    "string_too_long": "缩短到 {max_length} 个字以内。",
    "int_type": "写成整数。",
    "int_parsing": "写成整数。",
    "int_parsing_size": "写成整数，且不要太大。",
    "int_from_float": "写成整数。",
    "bool_type": "写成 true 或 false。",
    "bool_parsing": "写成 true 或 false。",
    "greater_than_equal": "不小于 {ge}。",
    "less_than_equal": "不大于 {le}。",
    "greater_than": "大于 {gt}。",
    "tuple_type": "写成列表（每项一行，以“- ”开头）。",
    "list_type": "写成列表（每项一行，以“- ”开头）。",
    "dict_type": "写成“键: 值”。",
    "model_type": "写成“键: 值”。",
    "too_short": "至少写 {min_length} 项。",
    "too_long": "至多写 {max_length} 项。",
    "date_from_datetime_parsing": "写成 2026-01-31 这样的日期。",
    "time_parsing": '写成 "09:00" 这样带引号的时间。',
}


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "…"


def _keys(model: type[BaseModel], path: Sequence[str | int]) -> set[str]:
    """The keys that may stand at the path, found by walking the models."""
    models: set[type[BaseModel]] = {model}
    for part in path:
        if isinstance(part, str):
            fields = (field for owner in models for field in _fields(owner) if field[0] == part)
            models = {inner for _, annotation in fields for inner in _models(annotation)}
    return {name for owner in models for name, _ in _fields(owner)}


def _fields(model: type[BaseModel]) -> Iterator[tuple[str, Any]]:
    for name, info in model.model_fields.items():
        yield info.alias or name, info.annotation


def _models(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for argument in get_args(annotation):
        yield from _models(argument)
