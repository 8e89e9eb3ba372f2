"""What is wrong with a condition, for the officer who wrote it: column, question, and the line to write."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from onething.domain.definition.bundle import QuestionType

_REFUSALS = re.compile(r"<input>:1:(\d+): (.*)")
_UNDECLARED = re.compile(r"undeclared reference to '([^']+)'")
_NO_OVERLOAD = re.compile(r"no matching overload for '([^']+)' applied to '\(?([^']*?)\)?'$")
_ONE_EQUALS = re.compile(r"(?<![=!<>])=(?!=)")
_FULL_WIDTH = str.maketrans("“”‘’（），：＝！＆｜．＜＞", "\"\"''(),:=!&|.<>")
_WORDS = {"and": "&&", "or": "||", "not": "!", "且": "&&", "或": "||", "并且": "&&", "或者": "||", "不": "!"}
_WORD = re.compile(r"(?<![\w.\"'])(and|or|not|并且|或者|且|或|不)(?![\w\"'])")
_LITERAL = re.compile(r"\"[^\"]*\"|'[^']*'")
_OPERATORS = {"_==_": "==", "_!=_": "!=", "@in": "in", "_&&_": "&&", "_||_": "||", "!_": "!", "_?_:_": "? :"}
_KINDS = {"bool": "“是”或“否”", "string": "文字", "list(string)": "多选", "int": "数"}
_NAMED = re.compile(r"answers\.(\w+)")
HOW = '写成 answers.kind == "new" 这样，可用 ==、!=、in、&&、||、!。'


@dataclass(frozen=True)
class Wrong:
    what: str
    remedy: str = HOW


LISTS_COMPARED = Wrong(
    "多选的回答不能整组比较：选的先后不同，结果就不同。",
    '逐项写："a" in answers.x && !("b" in answers.x)，或比较 size(answers.x)。',
)


def of_refusal(text: str, refusal: str, questions: Mapping[str, QuestionType]) -> list[Wrong]:
    """Of what the library says of a text that it doesn't take: everything that it names."""
    if slips := list(_slips(text)):
        return slips
    found = [_of_one(text, int(column), message.strip(), questions) for column, message in _REFUSALS.findall(refusal)]
    return list(dict.fromkeys(found)) or [Wrong("条件太长，或括号套得太深。", "拆成几个问题，或写得短一些。")]


def no_yes_or_no(name: str | None, questions: Mapping[str, QuestionType]) -> Wrong:
    if name is None:
        return Wrong("条件的结果不是“是”或“否”。")
    return Wrong(f"条件只写了问题“{name}”，得不出“是”或“否”。", _how_of(name, questions))


def not_ours(what: str) -> Wrong:
    return Wrong(f"条件里不能用 {what.strip('_@')}。")


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


def _of_one(text: str, column: int, message: str, questions: Mapping[str, QuestionType]) -> Wrong:
    if undeclared := _UNDECLARED.search(message):
        return _undeclared(undeclared[1], questions)
    if overload := _NO_OVERLOAD.search(message.partition(" (candidates")[0]):
        return _mismatch(text, column, overload[1], overload[2], questions)
    return Wrong(f"第 {column} 列起看不懂：{text}")


def _undeclared(name: str, questions: Mapping[str, QuestionType]) -> Wrong:
    if name == "answers":
        return Wrong("条件要写明读的是哪个问题，不能使用整个 answers。")
    if name.startswith("answers."):
        asked = name.removeprefix("answers.").partition(".")[0]
        if asked in questions:
            return Wrong(f"问题“{asked}”后面不能再加“.”。", _how_of(asked, questions))
        return Wrong(f"条件读取的问题“{asked}”不存在。", f"可用的有：{'、'.join(questions)}。")
    if name in questions:
        return Wrong(f"“{name}”前面少了 answers.", f"写成 answers.{name}。")
    return Wrong(f"条件只能读取 answers.<问题>，不能使用 {name}。", HOW if "." in name else f'文字要加引号："{name}"。')


def _mismatch(text: str, column: int, function: str, kinds: str, questions: Mapping[str, QuestionType]) -> Wrong:
    if function not in _OPERATORS:
        return Wrong(f"条件里不能用 {function.strip('_@')}。")
    name = _meant(text, column, function, kinds)
    if name is None or name not in questions:
        words = "、".join(_KINDS.get(one.strip(), "别的") for one in kinds.split(","))
        return Wrong(f"第 {column} 列的 {_OPERATORS[function]} 不能用在这里：两边是{words}。")
    asked = {
        QuestionType.BOOLEAN: "的回答只有“是”或“否”，不能同文字比较",
        QuestionType.CHOICE: "只选一项，要同它的选项比较",
        QuestionType.MULTI_CHOICE: "可以多选，要看其中有没有某一项",
    }[questions[name]]
    return Wrong(f"第 {column} 列：问题“{name}”{asked}。", _how_of(name, questions))


def _how_of(name: str, questions: Mapping[str, QuestionType]) -> str:
    match questions.get(name):
        case QuestionType.BOOLEAN:
            return f"写成 answers.{name} 或 !answers.{name}。"
        case QuestionType.CHOICE:
            return f'写成 answers.{name} == "选项的 value"。'
        case QuestionType.MULTI_CHOICE:
            return f'写成 "选项的 value" in answers.{name}。'
    return HOW


def _meant(text: str, column: int, function: str, kinds: str) -> str | None:
    """The question that does not suit an operator: the one before it first, unless what is before it does suit."""
    before = [found[1] for found in _NAMED.finditer(text) if found.start() < column]
    after = [found[1] for found in _NAMED.finditer(text) if found.start() >= column]
    first_suits = function in ("_&&_", "_||_") and kinds.startswith("bool")
    if function == "!_" or first_suits or not before:
        return after[0] if after else None
    return before[-1]
