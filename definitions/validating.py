"""Documents checked against the strict models; what pydantic finds, told with file, line and remedy, in the words of
whoever wrote the file: no type of a programming language, no pattern."""

import re
from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from definitions.problems import DefinitionProblem
from definitions.reading import Document
from definitions.words import VALUE_WORDS
from onething.domain.base import CODE

ValidatedModel = TypeVar("ValidatedModel", bound=BaseModel)


def validate(
    document: Document,
    model: type[ValidatedModel],
    problems: list[DefinitionProblem],
    called: Mapping[str, str] | None = None,
) -> ValidatedModel | None:
    """The model, or None with the reasons added to `problems`. `called`: what people call departments → code."""
    problems += document.problems
    if document.problems:
        return None
    try:
        return model.model_validate(document.value)
    except ValidationError as error:
        found: dict[tuple[str, str], DefinitionProblem] = {}
        for detail in sorted(error.errors(include_url=False), key=lambda one: one["type"] == "too_short"):
            problem = _problem(document, model, detail, called or {})
            below = f"{problem.pointer}/"
            if detail["type"] == "too_short" and any(pointer.startswith(below) for _, pointer in found):
                continue  # nothing is lacking: what there is, is wrong, and told
            found.setdefault((problem.file, problem.pointer), problem)  # a union reports each of its members
        problems += found.values()
        return None


def _problem(
    document: Document, model: type[BaseModel], detail: ErrorDetails, called: Mapping[str, str]
) -> DefinitionProblem:
    path: list[str | int] = []
    for nth, part in enumerate(detail["loc"], start=1):
        left_out = detail["type"] == "missing" and nth == len(detail["loc"])
        if left_out or document.has([*path, part]):  # else it names the member of a union
            path.append(part)
    what, remedy = _of_a_moved_key(document, detail, path) or _explain(model, detail, path, called)
    return document.problem(path, what, remedy)


def _of_a_moved_key(document: Document, detail: ErrorDetails, path: list[str | int]) -> tuple[str, str] | None:
    """Words of the first format that mean something else now, or nothing."""
    if path == ["schema"] and detail["input"] == 1:
        return "这是第 1 版格式，已不再使用。", "写 schema: 2，并按提示改写。"
    if path[:1] == ["situations"] and any(document.has(["situations", n, "question"]) for n in range(_LOOKED_AT)):
        del path[1:]
        return "situations 现在写有名字的情形（id、name、is）。", "向申请人提的问题改写在 questions 下。"
    if path[:1] == ["form"] and len(path) > 1 and not document.has([*path[:2], "fields"]):
        del path[2:]
        return "form 的每一项是一个部分。", "写部分的 id、name，字段写在它的 fields 下。"
    if detail["type"] == "extra_forbidden" and path and path[-1] in _MOVED:
        return f"“{path[-1]}”不再使用。", _MOVED[str(path[-1])]
    return None


_MOVED = {
    "data": "要调取的写成一份材料：materials 下的 lookup（source、params）和 fallback。",
    "needs": "事项看的材料全写在它的 materials 下；只排先后的，写 after。",
    "needed_by": "在要看这份材料的事项的 materials 里写上它。",
    "used_by": "在要看这个字段的事项的 reads 里写上它，或它所在的部分。",
    "section": "字段写在它所在部分的 fields 下。",
    "defer": "容缺写在 due 下：at: before_decision，within、before_promise_days、missed。",
    "source": "由申请人提交的不必写来源；调取的写 lookup，前面事项产生的写 output。",
}
"""Keys of the first format, and where what they said stands now."""


def _explain(
    model: type[BaseModel], detail: ErrorDetails, path: Sequence[str | int], called: Mapping[str, str]
) -> tuple[str, str]:
    context: dict[str, Any] = detail.get("ctx", {})
    name, given = _name(path), detail["input"]
    match detail["type"]:
        case "missing":
            return f"缺少“{name}”。", f"补上“{name}”。"
        case "extra_forbidden":
            known = sorted(_keys(model, path[:-1]))
            near = get_close_matches(str(name), known, n=1, cutoff=0.5)
            return f"不认识“{name}”。", f"是否想写“{near[0]}”？" if near else f"可用的有：{'、'.join(known)}。"
        case "enum" | "literal_error":
            return f"“{name}”的值 {_short(given)} 不在允许之列。", _chosen(given, _listed(context["expected"]))
        case "union_tag_invalid":
            tags = _listed(context["expected_tags"])
            return f"“{name}”的种类 {context['tag']} 不在允许之列。", _chosen(context["tag"], tags)
        case "union_tag_not_found":
            return f"“{name}”没有写明种类。", f"补上 {context['discriminator'].strip(chr(39))}。"
        case "string_pattern_mismatch":
            return f"“{name}”的写法 {_short(given)} 不合格式。", _how(given, context["pattern"], called)
        case "value_error":
            return f"{context['error']}。", "按提示修改。"
        case kind if kind in _WRITTEN_OUT and (period := period_of(given)):
            calendar = period["unit"] == "calendar_day"
            working = "；行政许可法所说的日是工作日（第八十二条），写 working_day" if calendar else ""
            written = ", ".join(f"{key}: {one}" for key, one in period.items())
            return f"“{name}”的值 {_short(given)} 不合要求。", f"写成 {{{written}}}{working}。"
        case kind if kind in _WHOLE and (number := _numeral(given)) is not None:
            return f"“{name}”的值 {_short(given)} 不合要求。", f"数写成阿拉伯数字，不加引号和单位：{number}。"
        case kind:
            remedy = _REMEDIES.get(kind, _AS_OTHERS)
            return f"“{name}”的值 {_short(given)} 不合要求。", remedy.format(**context)


_LOOKED_AT = 3  # of the entries: one question among them is enough
_AS_OTHERS = "对照 definitions/catalog 里同名一项的写法修改。"
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
_WRITTEN_OUT = frozenset({"model_type", "dict_type", "tuple_type", "list_type"})
_WHOLE = frozenset({"int_type", "int_parsing", "int_from_float"})
_DIGITS = {character: number for number, character in enumerate("零一二三四五六七八九")} | {"两": 2, "〇": 0}
_PERIOD = re.compile(
    r"([0-9]+|[零一二两三四五六七八九十百]+)\s*个?\s*(工作日|自然日|日历日|工作小时|小时|日|天)(?:内|以内)?"
)
_UNITS = {"工作日": "working_day", "工作小时": "working_hour", "小时": "working_hour"}
_PATTERNS = (
    (re.compile(re.escape(CODE)), "写成小写字母和数字，词与词之间用连字符，如 food-licence。"),
    (re.compile(re.escape("(_[a-z0-9]+)*")), "写成小写字母和数字，词与词之间用下划线，如 born_on。"),
    (re.compile(re.escape("[0-9]{4}-[0-9]{2}")), "写成 2026-01-31 这样的日期。"),
    (re.compile("4e00"), "写二至六个汉字，如 登记。"),
    (re.compile(r"\[0-9\]\{1,12\}"), "写成一个数，如 300 或 0.5，不带单位。"),
    (re.compile(r"form\\?\."), "写成 form.<字段>、applicant.name、applicant.id_number 或 data.<数据>.<字段>。"),
)


def _how(given: Any, pattern: str, called: Mapping[str, str]) -> str:
    """How to write what does not fit the pattern, without showing the pattern."""
    if (code := _code_of(given, called)) is not None:
        return f"写代码：{code}（{given}）。"
    return next((how for found, how in _PATTERNS if found.search(pattern)), _AS_OTHERS)


def _code_of(given: Any, called: Mapping[str, str]) -> str | None:
    if not isinstance(given, str):
        return None
    return called.get(given) or next(
        (code for name, code in called.items() if name.endswith(given) and len(given) > 2), None
    )


def period_of(given: Any) -> dict[str, Any] | None:
    """A length of time as people write it, as a definition has it; None for anything else."""
    found = _PERIOD.fullmatch(given.strip()) if isinstance(given, str) else None
    number = _numeral(found[1]) if found else None
    if found is None or number is None:
        return None
    return {"amount": number, "unit": _UNITS.get(found[2], "calendar_day"), "for": "office"}


def says_which_days(given: str) -> bool:
    """Whether somebody who wrote a length of time said what kind of days it is made of: 3天 does not."""
    found = _PERIOD.fullmatch(given.strip())
    return found is None or found[2] not in {"日", "天"}


def _numeral(given: Any) -> int | None:
    """A whole number in Chinese characters below a thousand, or in figures with something about them."""
    if not isinstance(given, str):
        return None
    if figures := re.fullmatch(r"\s*([0-9]{1,9})\s*\D{0,4}", given):
        return int(figures[1])
    if not re.fullmatch(r"[零〇一二两三四五六七八九十百]+", given):
        return None
    total, digit = 0, 0
    for character in given:
        if character in "十百":
            total += (digit or 1) * (10 if character == "十" else 100)
            digit = 0
        else:
            digit = _DIGITS[character]
    return total + digit


def _name(path: Sequence[str | int]) -> str:
    match path:
        case [*_, str(key), int(number)]:
            return f"{key} 第 {number + 1} 项"
        case [*_, last]:
            return str(last)
    return "文件"


def _listed(expected: str) -> list[str]:
    """What a library lists with quotes and an “or”."""
    return re.findall(r"'([^']+)'", expected) or [expected]


def _chosen(given: Any, offered: Sequence[str]) -> str:
    """Of a closed list: what was meant, where it is called so by people, or what there is."""
    words = next((each for one, each in VALUE_WORDS.items() if {*map(str, one)} >= {*offered}), {})
    called = {value: str(words.get(value, "")).removeprefix("个") for value in offered}
    meant = [
        value for value, word in called.items() if isinstance(given, str) and word and given in (word, f"个{word}")
    ]
    if meant:
        return f"写 {meant[0]}（{called[meant[0]]}）。"
    return f"可用的有：{'、'.join(f'{value}（{word}）' if word else value for value, word in called.items())}。"


def _short(value: Any) -> str:
    """A value as it stands in the file."""
    match value:
        case bool():
            return "true" if value else "false"
        case None:
            return "（空）"
        case str() | int() | float():
            text = f"“{value}”"
        case dict():
            text = "“键: 值”"
        case _:
            text = "列表"
    return text if len(text) <= 60 else f"{text[:57]}…”"


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
