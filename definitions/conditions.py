"""CEL conditions over `answers`: parsed once, checked by their syntax tree, evaluated with remembered results.

Answers hold choices, never personal data, so that results may be remembered.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Any

from celpy import Environment
from celpy.adapter import json_to_cel
from celpy.celparser import CELParseError
from celpy.celtypes import BoolType
from celpy.evaluation import CELEvalError
from lark import Token, Tree

from onething.domain.definition.bundle import AnswerValue

_ENVIRONMENT = Environment()
_FUNCTIONS = frozenset({"size"})
_REMEMBERED = 4096


class ConditionError(ValueError):
    """The condition `text` is no valid CEL, reads something other than `answers`, or is no yes-or-no question."""

    def __init__(self, text: str, message: str) -> None:
        super().__init__(message)
        self.text = text


@dataclass(frozen=True)
class CompiledCondition:
    text: str
    _tree: Tree[Any] = field(compare=False, repr=False)
    _results: dict[tuple[Any, ...], bool] = field(default_factory=dict, compare=False, repr=False)

    @cached_property
    def reads(self) -> tuple[str, ...]:
        """The questions whose answers it reads."""
        return tuple(sorted({str(member.children[1]) for member in self._tree.find_data("member_dot")}))

    @cached_property
    def compared(self) -> tuple[tuple[str, str], ...]:
        """Pairs of a question and a text that its answer is compared with."""
        pairs = []
        for relation in self._tree.find_data("relation"):
            questions = tuple({str(member.children[1]) for member in relation.find_data("member_dot")})
            if len(relation.children) == 2 and len(questions) == 1:
                pairs += [(questions[0], text) for text in _texts(relation)]
        return tuple(pairs)

    def holds(self, answers: Mapping[str, AnswerValue]) -> bool:
        """Raise `ConditionError` when the answers lack what it reads or the result is no boolean."""
        key = tuple(_key(answers.get(name)) for name in self.reads)
        known = self._results.get(key)
        if known is None:
            known = self._evaluate(answers)
            if len(self._results) < _REMEMBERED:
                self._results[key] = known
        return known

    def _evaluate(self, answers: Mapping[str, AnswerValue]) -> bool:
        try:
            result = self._program.evaluate({"answers": json_to_cel(dict(answers))})
        except CELEvalError as error:
            raise ConditionError(self.text, f"条件 {self.text} 无法计算：{error.args[0]}") from error
        if not isinstance(result, BoolType):
            raise ConditionError(self.text, f"条件 {self.text} 的结果不是“是”或“否”")
        return bool(result)

    @cached_property
    def _program(self) -> Any:
        return _ENVIRONMENT.program(self._tree)


@lru_cache(maxsize=_REMEMBERED)
def condition(text: str) -> CompiledCondition:
    """Raise `ConditionError` when the text is no condition over `answers`."""
    try:
        tree = _ENVIRONMENT.compile(text)
    except CELParseError as error:
        raise ConditionError(text, f"不是正确的 CEL 表达式：{text}") from error
    foreign = next(_names(tree), None)
    if foreign is not None:
        raise ConditionError(text, f"条件只能读取 answers.<问题>，不能使用{foreign}")
    return CompiledCondition(text, tree)


def holds(text: str | None, answers: Mapping[str, AnswerValue]) -> bool:
    """Whether a `when` holds; absent means always."""
    return text is None or condition(text).holds(answers)


def _names(tree: Tree[Any]) -> Iterator[str]:
    """Whatever the expression uses besides `answers.<question>` and the allowed functions."""
    read = 0
    for node in tree.iter_subtrees():
        match node.data:
            case "ident" if node.children[0] != "answers":
                yield str(node.children[0])
            case "ident":
                read += 1
            case "ident_arg" if node.children[0] not in _FUNCTIONS:
                yield f"{node.children[0]}()"
            case "member_dot" if _is_answers(node.children[0]):
                read -= 1
            case "member_dot":
                yield f".{node.children[1]}"
            case "member_dot_arg" | "member_object" | "dot_ident" | "dot_ident_arg" | "member_index":
                yield "下标、方法或对象"
    if read:
        yield "整个 answers"


def _is_answers(node: Any) -> bool:
    return list(node.scan_values(lambda value: isinstance(value, Token))) == ["answers"]


def _texts(tree: Tree[Any]) -> Iterator[str]:
    for literal in tree.find_data("literal"):
        token = str(literal.children[0])
        if token[:1] in "\"'":
            yield token[1:-1]


def _key(answer: AnswerValue | None) -> Any:
    return tuple(sorted(answer)) if isinstance(answer, list) else answer
