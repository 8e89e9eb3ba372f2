"""The expressions of one definition: each text is compiled once, with the types of what it may name.

Answers hold choices, figures and days, never who somebody is, so that what conditions give may be remembered; what
checks read is personal, and is not.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from functools import cached_property
from typing import Any

from cel_expr_python import cel

from definitions.conditions import messages
from definitions.conditions.functions import COUNTING, DATE, FUNCTIONS, NAMES, instant, is_day
from definitions.conditions.messages import Wrong
from definitions.conditions.numbers import ScaledText, scaled_text
from definitions.conditions.tree import Node, tree_of
from definitions.conditions.words import CEL_TYPES, SEVERAL, TODAY, ValueKind, Word, scaled, split
from onething.domain.definition.questions import AnswerValue

_EQUAL = frozenset({"_==_", "_!=_", "@in"})
_ORDERED = frozenset({"_<_", "_<=_", "_>_", "_>=_"})
_LOGIC = frozenset({"_&&_", "_||_", "!_", "_?_:_"})
_ARITHMETIC = frozenset({"_+_", "_-_", "-_", "_*_", "_/_"})
_FUNCTIONS = _EQUAL | _ORDERED | _LOGIC | _ARITHMETIC | NAMES | {"size"}
_MEASURED = frozenset({ValueKind.NUMBER, ValueKind.DATE})
_REMEMBERED = 4096
Value = AnswerValue | Decimal
"""Of a name: an answer, or what a form holds. A number is whole, a Decimal, or a text of it; a day is a text."""


class ConditionError(ValueError):
    """The condition `text` is none over these names; `wrong` says what and what to do, each by itself."""

    def __init__(self, text: str, wrong: Iterable[Wrong]) -> None:
        self.text = text
        self.wrong = tuple(wrong)
        super().__init__("；".join(one.what for one in self.wrong))


@dataclass(frozen=True)
class Condition:
    text: str
    _scaled: ScaledText = field(compare=False, repr=False)
    _tree: Node = field(compare=False, repr=False)
    _expression: Any = field(compare=False, repr=False)
    _of: "Conditions" = field(compare=False, repr=False)
    _results: dict[tuple[object, ...], bool] = field(default_factory=dict, compare=False, repr=False)

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Everything that it names, as it is written."""
        return tuple(sorted({str(node.value) for node in self._tree.all() if node.kind == "name"}))

    @cached_property
    def situations(self) -> tuple["Condition", ...]:
        """What the situations say that it names."""
        named = (rest for scope, rest in map(split, self.names) if scope == "situation")
        return tuple(self._of.situation(rest) for rest in named)

    @cached_property
    def questions(self) -> tuple[str, ...]:
        """The questions whose answers it reads, by itself or by a situation."""
        own = (rest for scope, rest in map(split, self.names) if scope == "answers")
        return tuple(sorted({*own, *(one for inner in self.situations for one in inner.questions)}))

    @cached_property
    def figures(self) -> tuple[str, ...]:
        """The parameters that it reads, by itself or by a situation."""
        own = (rest for scope, rest in map(split, self.names) if scope == "params")
        return tuple(sorted({*own, *(one for inner in self.situations for one in inner.figures)}))

    @cached_property
    def compared(self) -> tuple[tuple[str, str], ...]:
        """Pairs of a question and a text that its answer is compared with."""
        return tuple(
            (split(names[0])[1], text)
            for names, constants in self._comparisons
            for text in constants
            if len(names) == 1 and isinstance(text, str) and split(names[0])[0] == "answers"
        )

    @cached_property
    def thresholds(self) -> tuple[tuple[str, Decimal | str], ...]:
        """Pairs of a question and a figure or a day that its answer is held against, by itself or by a situation."""
        found = [pair for inner in self.situations for pair in inner.thresholds]
        for names, constants in self._comparisons:
            asked = [rest for scope, rest in map(split, names) if scope == "answers"]
            figures: list[Decimal | str] = [
                Decimal(one).scaleb(-self._scaled.decimals)
                for one in constants
                if isinstance(one, int) and not isinstance(one, bool)
            ]
            figures += [self._of.parameters[rest] for scope, rest in map(split, names) if scope == "params"]
            figures += [one for one in constants if isinstance(one, str)]
            found += [(name, figure) for name in asked for figure in figures]
        return tuple(found)

    @cached_property
    def is_plain(self) -> bool:
        """Whether its answers are held against fixed figures alone, each by itself: then thresholds tell all of it."""
        calls = {str(node.value) for node in self._tree.all() if node.kind == "call"}
        computed = calls & (_ARITHMETIC | COUNTING) - {"size"}
        alone = all(len([one for one in names if split(one)[0] != "params"]) <= 1 for names, _ in self._comparisons)
        return not computed and alone and all(inner.is_plain for inner in self.situations)

    @cached_property
    def _comparisons(self) -> tuple[tuple[list[str], list[object]], ...]:
        """Names and constants of each comparison."""
        return tuple(
            (
                [str(one.value) for one in node.all() if one.kind == "name"],
                [one.value for one in node.all() if one.kind == "constant"],
            )
            for node in self._tree.all()
            if node.kind == "call" and node.value in _EQUAL | _ORDERED
        )

    def holds(self, answers: Mapping[str, AnswerValue]) -> bool:
        """`answers`: complete ones. What is held against a figure or a day that there is not does not hold. Raises
        KeyError for a question that is not there."""
        key = tuple(tuple(one) if isinstance(one, list) else one for one in (answers[name] for name in self.questions))
        known = self._results.get(key)
        if known is None:
            known = self.gives({f"answers.{name}": answers[name] for name in self.questions}) is True
            if len(self._results) < _REMEMBERED:
                self._results[key] = known
        return known

    def gives(self, values: Mapping[str, Value | list[Value]], today: datetime | None = None) -> bool | None:
        """Yes or no; None where what it names is not there, or can't be computed with. `values` by full name."""
        data = {name: self._of.value(name, self._scaled.decimals, values, today) for name in self.names}
        result = self._expression.eval(data={name: value for name, value in data.items() if value is not None})
        return result.value() if result.type() == cel.Type.BOOL else None


class Conditions:
    """Expressions over `words`, by full name. `situations`: what each says, each reading earlier ones. `parameters`:
    their values, a number's as Decimal, a day's as text."""

    def __init__(
        self,
        words: Mapping[str, Word],
        situations: Mapping[str, str] | None = None,
        parameters: Mapping[str, Any] | None = None,
    ) -> None:
        self.words = words
        self.parameters = parameters or {}
        self._situations = situations or {}
        self._environment = cel.NewEnv(
            variables={name: CEL_TYPES[word.kind] for name, word in words.items()}, functions=FUNCTIONS
        )
        self._compiled: dict[str, Condition] = {}

    def condition(self, text: str) -> Condition:
        """Raises ConditionError."""
        known = self._compiled.get(text)
        if known is None:
            known = self._compiled[text] = self._compile(text)
        return known

    def situation(self, name: str) -> Condition:
        return self.condition(self._situations[name])

    def holds(self, text: str | None, answers: Mapping[str, AnswerValue]) -> bool:
        """Whether a `when` holds; absent means always. Raises ConditionError, and KeyError as `Condition.holds`."""
        return text is None or self.condition(text).holds(answers)

    def kind(self, name: str) -> ValueKind:
        return self.words[name].kind

    def value(
        self, name: str, decimals: int, values: Mapping[str, Value | list[Value]], today: datetime | None
    ) -> object | None:
        """As the library takes it; None where there is none."""
        scope, rest = split(name)
        if name == TODAY:
            return today
        if scope == "situation":
            return self.situation(rest).gives(values, today)
        value = self.parameters[rest] if scope == "params" else values.get(name)
        if value is None or (value == "" and self.kind(name) in _MEASURED):
            return None
        return _converted(self.kind(name), value, decimals)

    def _compile(self, text: str) -> Condition:
        scaled_one = scaled_text(text, self.words)
        try:
            expression = self._environment.compile(scaled_one.text)
        except RuntimeError as refused:
            raise ConditionError(text, messages.of_refusal(text, scaled_one, str(refused), self.words)) from None
        tree = tree_of(expression.serialize())
        wrong = list(dict.fromkeys(self._not_ours(tree, scaled_one.decimals)))
        named = str(tree.value) if tree.kind == "name" else None
        if expression.return_type() != cel.Type.BOOL or (named and self.kind(named) is not ValueKind.YES_NO):
            wrong.append(messages.no_yes_or_no(named, self.words))
        if wrong:
            raise ConditionError(text, wrong)
        return Condition(text, scaled_one, tree, expression, self)

    def _not_ours(self, tree: Node, decimals: int) -> Iterator[Wrong]:
        """What CEL can do and an expression may not: officers are to read it, and the linter to look it through."""
        for node in tree.all():
            if node.kind == "other" or (node.kind == "call" and node.value not in _FUNCTIONS):
                yield messages.not_ours(str(node.value))
            elif node.kind == "call" and node.value in ("_==_", "_!=_") and any(map(self._several, node.parts)):
                yield messages.LISTS_COMPARED
            elif node.kind == "call" and node.value in _ARITHMETIC and not self._of_numbers(node):
                yield messages.not_ours(str(node.value))
            elif node.kind == "call" and decimals and node.value in COUNTING | {"_*_", "_/_"}:
                yield messages.mixed(str(node.value))
            elif node.kind == "call" and node.value == DATE and not _is_day(node):
                yield messages.NO_DAY

    def _several(self, node: Node) -> bool:
        return node.kind == "list" or (node.kind == "name" and self.kind(str(node.value)) in SEVERAL)

    def _of_numbers(self, node: Node) -> bool:
        """Plus and minus are for numbers, not for texts, lists or days."""
        names = [self.kind(str(one.value)) for one in node.parts if one.kind == "name"]
        texts = [
            one for one in node.parts if one.kind == "list" or (one.kind == "constant" and isinstance(one.value, str))
        ]
        return not texts and all(kind is ValueKind.NUMBER for kind in names)


def _is_day(call: Node) -> bool:
    [text] = call.parts
    return text.kind == "constant" and isinstance(text.value, str) and is_day(text.value)


def _converted(kind: ValueKind, value: Any, decimals: int) -> object:
    match kind:
        case ValueKind.NUMBER:
            return scaled(value, decimals)
        case ValueKind.DATE:
            return instant(value)
        case ValueKind.NUMBERS:
            return [scaled(one, decimals) for one in value]
        case ValueKind.DATES:
            return [instant(one) for one in value]
    return value
