"""Answers to try: all that there are to a few questions, or a fixed sample when there are too many."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import chain, combinations, islice, product
from random import Random

from definitions.answers import neutral
from definitions.conditions import ConditionError, Conditions, conditions_of
from definitions.conditions.functions import is_day
from definitions.conditions.of_bundles import conditions_in
from onething.domain.definition.bundle import BundleDefinition
from onething.domain.definition.questions import Answers, AnswerValue, Question, QuestionType

MOST = 4096  # of a condition's questions
MOST_SETS = 8  # options of which every set is tried
_SOME_DAY = date(2026, 1, 1)


@dataclass(frozen=True)
class Assignments:
    """Complete answers, as a case can have them. `all`: there are no more."""

    answers: tuple[Answers, ...]
    all: bool


def assignments(definition: BundleDefinition, names: Iterable[str], most: int = MOST) -> Assignments:
    """To these questions, and to those on which it depends whether they apply."""
    wanted = set(names)
    conditions = conditions_of(definition)
    for question in reversed(definition.questions):  # a condition reads earlier ones only
        if question.id in wanted and question.when is not None:
            wanted.update(conditions.condition(question.when).questions)
    asked = tuple(question for question in definition.questions if question.id in wanted)
    return _tried(conditions, asked, _held_against(definition), most)


@dataclass(frozen=True)
class _HeldAgainst:
    """Figures and days that the answers to a question are held against; `plain`: they tell all that conditions ask."""

    figures: Mapping[str, set[Decimal | str]]
    plain: frozenset[str]


def _held_against(definition: BundleDefinition) -> _HeldAgainst:
    conditions = conditions_of(definition)
    figures: dict[str, set[Decimal | str]] = {}
    computed: set[str] = set()
    for _, text in conditions_in(definition):
        try:
            condition = conditions.condition(text)
        except ConditionError:  # told where conditions are looked at
            continue
        for name, figure in condition.thresholds:
            figures.setdefault(name, set()).add(figure)
        if not condition.is_plain:
            computed.update(condition.questions)
    return _HeldAgainst(figures, frozenset(one.id for one in definition.questions) - computed)


def _tried(conditions: Conditions, questions: tuple[Question, ...], held: _HeldAgainst, most: int) -> Assignments:
    choices = [values_of(question, held.figures.get(question.id, ())) for question in questions]
    total = 1
    for some in choices:
        total *= len(some)
    drawn: Iterable[tuple[AnswerValue, ...]] = product(*choices) if total <= most else islice(_sample(choices), most)
    found: dict[str, Answers] = {}
    for values in drawn:
        answers: Answers = {}
        for question, value in zip(questions, values, strict=True):
            answers[question.id] = value if conditions.holds(question.when, answers) else neutral(question)
        found.setdefault(repr(answers), answers)
    return Assignments(
        tuple(found.values()), total <= most and all(_every_value(question, held) for question in questions)
    )


def _sample(choices: list[list[AnswerValue]]) -> Iterator[tuple[AnswerValue, ...]]:
    """Every pair of values of two questions, whatever the others are; then at random, the same each time."""
    random = Random(len(choices))  # noqa: S311 - a fixed sample, no secret
    for first, second in combinations(range(len(choices)), 2):
        for one, other in product(choices[first], choices[second]):
            values = [random.choice(some) for some in choices]
            values[first], values[second] = one, other
            yield tuple(values)
    while True:
        yield tuple(random.choice(some) for some in choices)


def values_of(question: Question, figures: Iterable[Decimal | str] = ()) -> list[AnswerValue]:
    """Of several choices each set, or, of more than eight, none, each, each pair, all but one, and all. Of numbers and
    days: each that it is held against (`figures`), the one before and the one after, and the ends."""
    if question.fixed is not None:
        return [question.fixed]
    values = [option.value for option in question.options]
    match question.type:
        case QuestionType.BOOLEAN:
            return [False, True]
        case QuestionType.CHOICE:
            return [*values]
        case QuestionType.MULTI_CHOICE:
            sizes = range(len(values) + 1) if len(values) <= MOST_SETS else (0, 1, 2, len(values) - 1, len(values))
            return [list(some) for some in chain.from_iterable(combinations(values, size) for size in sizes)]

        case QuestionType.NUMBER | QuestionType.AMOUNT:
            return [*_numbers(question, [one for one in figures if isinstance(one, Decimal)])]
        case QuestionType.DATE:
            return [*_days([one for one in figures if isinstance(one, str) and is_day(one)])]


def _numbers(question: Question, figures: Iterable[Decimal]) -> Iterator[int | str]:
    step = Decimal(1).scaleb(-question.places)
    lowest, highest = Decimal(question.minimum or 0), Decimal(question.maximum or 10**9)
    tried = {lowest, highest, *(figure + by for figure in figures for by in (-step, 0, step))}
    for one in sorted(one.quantize(step) for one in tried if lowest <= one <= highest):
        yield str(one) if question.places else int(one)


def _days(figures: Iterable[str]) -> Iterator[str]:
    held = {date.fromisoformat(one) for one in figures} or {_SOME_DAY}
    yield from sorted({(one + timedelta(by)).isoformat() for one in held for by in (-1, 0, 1)})


def _every_value(question: Question, held: _HeldAgainst) -> bool:
    if question.type is QuestionType.MULTI_CHOICE:
        return len(question.options) <= MOST_SETS
    return question.type in (QuestionType.BOOLEAN, QuestionType.CHOICE) or question.id in held.plain
