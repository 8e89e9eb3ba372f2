"""What is wrong with a condition, for the officer who wrote it: column, question, and the line to write."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from definitions.conditions.numbers import ScaledText
from definitions.conditions.words import SCOPES, ValueKind, Word, split

_REFUSALS = re.compile(r"<input>:1:(\d+): (.*)")
_UNDECLARED = re.compile(r"undeclared reference to '([^']+)'")
_NO_OVERLOAD = re.compile(r"no matching overload for '([^']+)' applied to '\(?([^']*?)\)?'$")
_ONE_EQUALS = re.compile(r"(?<![=!<>])=(?!=)")
_FULL_WIDTH = str.maketrans("“”‘’（），：＝！＆｜．＜＞", "\"\"''(),:=!&|.<>")
_WORDS = {"and": "&&", "or": "||", "not": "!", "且": "&&", "或": "||", "并且": "&&", "或者": "||", "不": "!"}
_WORD = re.compile(r"(?<![\w.\"'])(and|or|not|并且|或者|且|或|不)(?![\w\"'])")
_LITERAL = re.compile(r"\"[^\"]*\"|'[^']*'")
_OPERATORS = {
    "_==_": "==",
    "_!=_": "!=",
    "@in": "in",
    "_&&_": "&&",
    "_||_": "||",
    "!_": "!",
    "_?_:_": "? :",
    "_<_": "<",
    "_<=_": "<=",
    "_>_": ">",
    "_>=_": ">=",
}
_KINDS = {
    "bool": "“是”或“否”",
    "string": "文字",
    "list(string)": "多选",
    "int": "数",
    "google.protobuf.Timestamp": "日期",
    "list(int)": "一列数",
    "list(google.protobuf.Timestamp)": "一列日期",
}
_NAMED = re.compile(rf"(?<![\w.])((?:{'|'.join(SCOPES)})\.\w+(?:\.\w+)?)")
HOW = '写成 answers.kind == "new" 这样，可用 ==、!=、in、&&、||、!。'
_SUITS = {
    ValueKind.YES_NO: "的回答只有“是”或“否”，不能同文字比较",
    ValueKind.ONE_OF: "只选一项，要同它的选项比较",
    ValueKind.SOME_OF: "可以多选，要看其中有没有某一项",
    ValueKind.NUMBER: "是一个数，要同数比较",
    ValueKind.DATE: "是日期，要同日期比较",
    ValueKind.TEXT: "是文字，要同文字比较",
    ValueKind.NUMBERS: "是一列数，先用 sum 加起来",
    ValueKind.DATES: "是一列日期，逐行的要求写在有 rows 的一条里",
    ValueKind.TEXTS: "是一列文字，逐行的要求写在有 rows 的一条里",
}
_HOWS = {
    ValueKind.YES_NO: "写成 {0} 或 !{0}。",
    ValueKind.ONE_OF: '写成 {0} == "选项的 value"。',
    ValueKind.SOME_OF: '写成 "选项的 value" in {0}。',
    ValueKind.NUMBER: "写成 {0} > 300 这样，数不加引号。",
    ValueKind.DATE: '写成 {0} >= date("2026-01-31") 这样。',
    ValueKind.TEXT: '写成 {0} == "文字" 这样。',
    ValueKind.NUMBERS: "写成 sum({0}) <= 300 这样。",
    ValueKind.DATES: "写成 distinct({0}) 这样。",
    ValueKind.TEXTS: "写成 distinct({0}) 这样。",
}


@dataclass(frozen=True)
class Wrong:
    what: str
    remedy: str = HOW


LISTS_COMPARED = Wrong(
    "多选的回答不能整组比较：选的先后不同，结果就不同。",
    '逐项写："a" in answers.x && !("b" in answers.x)，或比较 size(answers.x)。',
)


NO_DAY = Wrong("date() 里须是一个日期。", '写成 date("2026-01-31")。')


def of_refusal(text: str, compiled: ScaledText, refusal: str, words: Mapping[str, Word]) -> list[Wrong]:
    """Of what the library says of a text that it doesn't take: everything that it names."""
    if slips := list(_slips(text)):
        return slips
    refusals = [(compiled.written(int(column)), message.strip()) for column, message in _REFUSALS.findall(refusal)]
    found = [_of_one(text, column, message, words) for column, message in refusals]
    return list(dict.fromkeys(found)) or [Wrong("条件太长，或括号套得太深。", "拆成几个问题，或写得短一些。")]


def no_yes_or_no(name: str | None, words: Mapping[str, Word]) -> Wrong:
    if name is None:
        return Wrong("条件的结果不是“是”或“否”。")
    return Wrong(f"条件只写了{_called(name)}，得不出“是”或“否”。", _how_of(name, words))


def not_ours(what: str) -> Wrong:
    return Wrong(f"条件里不能用 {what.strip('_@')}。")


def mixed(what: str) -> Wrong:
    """A count, or a product, beside numbers with places."""
    return Wrong(
        f"{what.strip('_@')} 不能同带小数的数（金额也是）写在一个条件里。",
        "分成两个条件；其中一个可以写成情形（situations）。",
    )


def _slips(text: str) -> Iterator[Wrong]:
    """Of the hand, or of a word processor."""
    outside = _LITERAL.sub(lambda literal: " " * len(literal[0]), text)
    for column, char in enumerate(outside, start=1):
        if (half := char.translate(_FULL_WIDTH)) != char:
            yield Wrong(f"第 {column} 列的 {char} 是全角（或弯）的符号。", f"换成半角的 {half} 。")
    for found in _WORD.finditer(outside):
        yield Wrong(f"第 {found.start() + 1} 列的“{found[0]}”不是条件里的写法。", f"换成 {_WORDS[found[0]]}。")
    for found in _ONE_EQUALS.finditer(outside):
        yield Wrong(f"第 {found.start() + 1} 列只有一个等号。", "比较用两个等号：==。")


def _of_one(text: str, column: int, message: str, words: Mapping[str, Word]) -> Wrong:
    if undeclared := _UNDECLARED.search(message):
        return _undeclared(undeclared[1], words)
    if overload := _NO_OVERLOAD.search(message.partition(" (candidates")[0]):
        return _mismatch(text, column, overload[1], overload[2], words)
    return Wrong(f"第 {column} 列起看不懂：{text}")


def _undeclared(name: str, words: Mapping[str, Word]) -> Wrong:
    scopes = _scopes(words)
    if name in SCOPES:
        return Wrong(f"条件要写明读的是哪个{SCOPES[name]}，不能使用整个 {name}。")
    scope, rest = split(name)
    if scope in scopes:
        asked = f"{scope}.{rest.partition('.')[0]}"
        if asked in words:
            return Wrong(f"{_called(asked)}后面不能再加“.”。", _how_of(asked, words))
        known = "、".join(split(one)[1] for one in words if split(one)[0] == scope)
        return Wrong(f"条件读取的{SCOPES[scope]}“{rest.partition('.')[0]}”不存在。", f"可用的有：{known}。")
    for one in scopes:
        if f"{one}.{name}" in words:
            return Wrong(f"“{name}”前面少了 {one}.", f"写成 {one}.{name}。")
    ways = "、".join(f"{one}.<{SCOPES[one]}>" for one in scopes)
    return Wrong(f"条件只能读取 {ways}，不能使用 {name}。", HOW if "." in name else f'文字要加引号："{name}"。')


def _scopes(words: Mapping[str, Word]) -> list[str]:
    return list(dict.fromkeys(split(name)[0] for name in words if split(name)[0]))


def _mismatch(text: str, column: int, function: str, kinds: str, words: Mapping[str, Word]) -> Wrong:
    if function not in _OPERATORS:
        return Wrong(f"条件里不能用 {function.strip('_@')}。")
    name = _meant(text, column, function, kinds)
    if name is None or name not in words:
        both = "、".join(_KINDS.get(one.strip(), "别的") for one in kinds.split(","))
        return Wrong(f"第 {column} 列的 {_OPERATORS[function]} 不能用在这里：两边是{both}。")
    return Wrong(f"第 {column} 列：{_called(name)}{_SUITS[words[name].kind]}。", _how_of(name, words))


def _called(name: str) -> str:
    scope, rest = split(name)
    return f"{SCOPES[scope]}“{rest}”" if scope in SCOPES else f"“{name}”"


def _how_of(name: str, words: Mapping[str, Word]) -> str:
    return _HOWS[words[name].kind].format(name) if name in words else HOW


def _meant(text: str, column: int, function: str, kinds: str) -> str | None:
    """The name that does not suit an operator: the one before it first, unless what is before it does suit."""
    before = [found[1] for found in _NAMED.finditer(text) if found.start() < column]
    after = [found[1] for found in _NAMED.finditer(text) if found.start() >= column]
    first_suits = function in ("_&&_", "_||_") and kinds.startswith("bool")
    if function == "!_" or first_suits or not before:
        return after[0] if after else None
    return before[-1]
