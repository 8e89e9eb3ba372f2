"""The expressions of a bundle: what they may name, and where they stand."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import Any, NamedTuple, Protocol

from definitions.conditions.typed import Conditions
from definitions.conditions.words import TODAY, ValueKind, Word
from definitions.reading import Trail
from onething.domain.definition.bundle import BundleDefinition
from onething.domain.definition.form_fields import FormField, FormFieldType
from onething.domain.definition.questions import ParameterType, QuestionType

_QUESTIONS = {
    QuestionType.BOOLEAN: ValueKind.YES_NO,
    QuestionType.CHOICE: ValueKind.ONE_OF,
    QuestionType.MULTI_CHOICE: ValueKind.SOME_OF,
    QuestionType.NUMBER: ValueKind.NUMBER,
    QuestionType.AMOUNT: ValueKind.NUMBER,
    QuestionType.DATE: ValueKind.DATE,
}
_PARAMETERS = {
    ParameterType.NUMBER: ValueKind.NUMBER,
    ParameterType.AMOUNT: ValueKind.NUMBER,
    ParameterType.DATE: ValueKind.DATE,
    ParameterType.BOOLEAN: ValueKind.YES_NO,
}
_FIELDS = {
    FormFieldType.DATE: ValueKind.DATE,
    FormFieldType.INTEGER: ValueKind.NUMBER,
    FormFieldType.MONEY: ValueKind.NUMBER,
    FormFieldType.BOOLEAN: ValueKind.YES_NO,
    FormFieldType.CHOICE: ValueKind.ONE_OF,
    FormFieldType.MULTI_CHOICE: ValueKind.SOME_OF,
}
"""Of a form; every other one is text."""
_COLUMNS = {
    ValueKind.NUMBER: ValueKind.NUMBERS,
    ValueKind.DATE: ValueKind.DATES,
    ValueKind.TEXT: ValueKind.TEXTS,
    ValueKind.ONE_OF: ValueKind.TEXTS,
}


class _Conditional(Protocol):
    @property
    def when(self) -> str | None: ...


class Expression(NamedTuple):
    """Where it stands, and what it says."""

    trail: Trail
    text: str


def conditions_of(definition: BundleDefinition) -> Conditions:
    """What `when` and `is` may read: answers, parameters, situations."""
    if "conditions" not in definition.derived:
        definition.derived["conditions"] = _conditions(*_key(definition))
    found: Conditions = definition.derived["conditions"]
    return found


def checks_of(definition: BundleDefinition, rows: str | None = None, item: str | None = None) -> Conditions:
    """What `must` of a check may read: the form too, each row of the list `rows`, and the decision of `item`. Kept with
    the definition: to look the words up again took as long as to hold a decision against them."""
    key = ("checks", rows, item)
    if key not in definition.derived:
        definition.derived[key] = _checks(definition, rows, item)
    found: Conditions = definition.derived[key]
    return found


def _checks(definition: BundleDefinition, rows: str | None, item: str | None) -> Conditions:
    words = dict(conditions_of(definition).words)
    words |= _words("form", definition.form)
    words[TODAY] = Word(ValueKind.DATE)
    if rows is not None:
        words |= _words("row", next((one.fields for one in definition.form if one.id == rows), ()))
    if item is not None:
        words |= _words("decision", next(one.decision_form for one in definition.items if one.code == item))
    return _conditions(tuple(words.items()), *_key(definition)[1:])


def kind_of(field: FormField) -> ValueKind:
    return _FIELDS.get(field.type, ValueKind.TEXT)


def _words(scope: str, fields: Sequence[FormField]) -> Iterator[tuple[str, Word]]:
    for one in fields:
        yield f"given.{one.id}", Word(ValueKind.YES_NO)
        if one.type is FormFieldType.LIST:
            for column in one.fields:
                if kind_of(column) in _COLUMNS:
                    yield f"{scope}.{one.id}.{column.id}", Word(_COLUMNS[kind_of(column)], places_of(column))
        else:
            yield f"{scope}.{one.id}", Word(kind_of(one), places_of(one))


def places_of(field: FormField) -> int:
    return 2 if field.type is FormFieldType.MONEY else 0


_Key = tuple[tuple[tuple[str, Word], ...], tuple[tuple[str, str], ...], tuple[tuple[str, Any], ...]]


def _key(definition: BundleDefinition) -> _Key:
    words = [(f"answers.{one.id}", Word(_QUESTIONS[one.type], one.places)) for one in definition.questions]
    words += [(f"params.{one.id}", Word(_PARAMETERS[one.type], one.decimals)) for one in definition.parameters]
    words += [(f"situation.{one.id}", Word(ValueKind.YES_NO)) for one in definition.situations]
    situations = tuple((one.id, one.condition) for one in definition.situations)
    numbers = (ParameterType.NUMBER, ParameterType.AMOUNT)
    parameters = tuple(
        (one.id, Decimal(str(one.value)) if one.type in numbers else one.value) for one in definition.parameters
    )
    return tuple(words), situations, parameters


@lru_cache(maxsize=1024)
def _conditions(
    words: tuple[tuple[str, Word], ...],
    situations: tuple[tuple[str, str], ...],
    parameters: tuple[tuple[str, Any], ...],
) -> Conditions:
    return Conditions(dict(words), dict(situations), dict(parameters))


def conditions_in(definition: BundleDefinition) -> Iterator[Expression]:
    """Every `when`, and what situations say."""
    for index, one in enumerate(definition.situations):
        yield Expression(("situations", index, "is"), one.condition)
    parts: dict[str, Sequence[_Conditional]] = {
        "questions": definition.questions,
        "checks": definition.checks,
        "materials": definition.materials,
        "items": definition.items,
        "periods": definition.periods,
        "inspections": definition.inspections,
    }
    for part, owners in parts.items():
        yield from _whens((part,), owners)
    if definition.reporter is not None:
        yield Expression(("reporter", "when"), definition.reporter.when)
    for index, section in enumerate(definition.sections):
        yield from _whens(("form", index, "fields"), section.fields)
        for number, field in enumerate(section.fields):
            yield from _whens(("form", index, "fields", number, "fields"), field.fields)
    for index, item in enumerate(definition.items):
        for word, limits in item.limits.lists.items():
            yield from _whens(("items", index, "limits", word), limits)
        yield from _whens(("items", index, "fees"), item.fees)
        yield from _whens(("items", index, "checks"), item.checks)
        yield from _whens(("items", index, "conditions"), item.conditions)


def _whens(trail: Trail, owners: Sequence[_Conditional]) -> Iterator[Expression]:
    for index, owner in enumerate(owners):
        if owner.when is not None:
            yield Expression((*trail, index, "when"), owner.when)
