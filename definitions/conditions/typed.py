"""The conditions of one definition: each text is compiled once, with the types of its questions.

Answers hold choices, never personal data, so that results may be remembered.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Any

from cel_expr_python import cel

from definitions.conditions import messages
from definitions.conditions.messages import Wrong
from definitions.conditions.tree import Node, tree_of
from onething.domain.definition.bundle import AnswerValue, Question, QuestionType

_TYPES = {
    QuestionType.BOOLEAN: cel.Type.BOOL,
    QuestionType.CHOICE: cel.Type.STRING,
    QuestionType.MULTI_CHOICE: cel.Type.List(cel.Type.STRING),
}
_COMPARING = ("_==_", "_!=_", "@in")
_FUNCTIONS = frozenset({*_COMPARING, "_&&_", "_||_", "!_", "_?_:_", "_<_", "_<=_", "_>_", "_>=_", "size"})
_ANSWERS = "answers."
_REMEMBERED = 4096


class ConditionError(ValueError):
    """The condition `text` is none over these questions; `wrong` says what and what to do, each by itself."""

    def __init__(self, text: str, wrong: Iterable[Wrong]) -> None:
        self.text = text
        self.wrong = tuple(wrong)
        super().__init__("；".join(one.what for one in self.wrong))


@dataclass(frozen=True)
class Condition:
    text: str
    _tree: Node = field(compare=False, repr=False)
    _expression: Any = field(compare=False, repr=False)
    _results: dict[tuple[object, ...], bool] = field(default_factory=dict, compare=False, repr=False)

    @cached_property
    def reads(self) -> tuple[str, ...]:
        """The questions whose answers it reads."""
        return tuple(sorted({_question(node) for node in self._tree.all() if node.kind == "name"}))

    @cached_property
    def compared(self) -> tuple[tuple[str, str], ...]:
        """Pairs of a question and a text that its answer is compared with."""
        found = []
        for node in self._tree.all():
            if node.kind == "call" and node.value in _COMPARING:
                names = [_question(one) for one in node.all() if one.kind == "name"]
                texts = [one.value for one in node.all() if one.kind == "constant" and isinstance(one.value, str)]
                found += [(names[0], text) for text in texts if len(names) == 1]
        return tuple(found)

    def holds(self, answers: Mapping[str, AnswerValue]) -> bool:
        """`answers`: complete ones. Raises KeyError for one that it reads and is not there."""
        read = tuple(answers[name] for name in self.reads)
        key = tuple(tuple(one) if isinstance(one, list) else one for one in read)
        known = self._results.get(key)
        if known is None:
            data = {f"{_ANSWERS}{name}": value for name, value in zip(self.reads, read, strict=True)}
            known = bool(self._expression.eval(data=data).value())
            if len(self._results) < _REMEMBERED:
                self._results[key] = known
        return known


class Conditions:
    """Of the questions of one definition."""

    def __init__(self, questions: Mapping[str, QuestionType]) -> None:
        self._questions = questions
        self._environment = cel.NewEnv(
            variables={f"{_ANSWERS}{name}": _TYPES[kind] for name, kind in questions.items()}
        )
        self._compiled: dict[str, Condition] = {}

    def condition(self, text: str) -> Condition:
        """Raises ConditionError."""
        known = self._compiled.get(text)
        if known is None:
            known = self._compiled[text] = self._compile(text)
        return known

    def holds(self, text: str | None, answers: Mapping[str, AnswerValue]) -> bool:
        """Whether a `when` holds; absent means always. Raises ConditionError, and KeyError as `Condition.holds`."""
        return text is None or self.condition(text).holds(answers)

    def _compile(self, text: str) -> Condition:
        try:
            expression = self._environment.compile(text)
        except RuntimeError as refused:
            raise ConditionError(text, messages.of_refusal(text, str(refused), self._questions)) from None
        tree = tree_of(expression.serialize())
        wrong = list(self._not_ours(tree))
        named = _question(tree) if tree.kind == "name" else None
        if expression.return_type() != cel.Type.BOOL or (named and self._questions[named] is not QuestionType.BOOLEAN):
            wrong.append(messages.no_yes_or_no(named, self._questions))
        if wrong:
            raise ConditionError(text, wrong)
        return Condition(text, tree, expression)

    def _not_ours(self, tree: Node) -> Iterator[Wrong]:
        """What CEL can do and a condition may not: officers are to read it, and the linter to look it through."""
        for node in tree.all():
            if node.kind == "other" or (node.kind == "call" and node.value not in _FUNCTIONS):
                yield messages.not_ours(str(node.value))
            elif node.kind == "call" and node.value in ("_==_", "_!=_") and any(map(self._several, node.parts)):
                yield messages.LISTS_COMPARED

    def _several(self, node: Node) -> bool:
        several = node.kind == "name" and self._questions[_question(node)] is QuestionType.MULTI_CHOICE
        return several or node.kind == "list"


def conditions_of(questions: Iterable[Question]) -> Conditions:
    return _conditions(tuple((question.id, question.type) for question in questions))


@lru_cache(maxsize=1024)
def _conditions(questions: tuple[tuple[str, QuestionType], ...]) -> Conditions:
    return Conditions(dict(questions))


def _question(name: Node) -> str:
    return str(name.value).removeprefix(_ANSWERS)
