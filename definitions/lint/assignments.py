"""Answers to try: all that there are to a few questions, or a fixed sample when there are too many."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, combinations, islice, product
from random import Random

from definitions.answers import neutral
from definitions.conditions import conditions_of
from onething.domain.definition.bundle import Answers, AnswerValue, BundleDefinition, Question, QuestionType

MOST = 4096  # of a condition's questions


@dataclass(frozen=True)
class Assignments:
    """Complete answers, as a case can have them. `all`: there are no more."""

    answers: tuple[Answers, ...]
    all: bool


def assignments(definition: BundleDefinition, names: Iterable[str], most: int = MOST) -> Assignments:
    """To these questions, and to those on which it depends whether they apply."""
    wanted = set(names)
    conditions = conditions_of(definition.situations)
    for question in reversed(definition.situations):  # a condition reads earlier ones only
        if question.id in wanted and question.when is not None:
            wanted.update(conditions.condition(question.when).reads)
    return _tried(tuple(question for question in definition.situations if question.id in wanted), most)


def _tried(questions: tuple[Question, ...], most: int) -> Assignments:
    choices = [values_of(question) for question in questions]
    total = 1
    for some in choices:
        total *= len(some)
    drawn: Iterable[tuple[AnswerValue, ...]] = product(*choices) if total <= most else islice(_sample(choices), most)
    conditions = conditions_of(questions)
    found: dict[str, Answers] = {}
    for values in drawn:
        answers: Answers = {}
        for question, value in zip(questions, values, strict=True):
            answers[question.id] = value if conditions.holds(question.when, answers) else neutral(question)
        found.setdefault(repr(answers), answers)
    return Assignments(tuple(found.values()), total <= most and all(map(_every_value, questions)))


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


def values_of(question: Question) -> list[AnswerValue]:
    """Of several choices each set, or, of more than eight, none, each, each pair, all but one, and all."""
    values = [option.value for option in question.options]
    match question.type:
        case QuestionType.BOOLEAN:
            return [False, True]
        case QuestionType.CHOICE:
            return [*values]
        case QuestionType.MULTI_CHOICE:
            sizes = range(len(values) + 1) if _every_value(question) else (0, 1, 2, len(values) - 1, len(values))
            return [list(some) for some in chain.from_iterable(combinations(values, size) for size in sizes)]


def _every_value(question: Question) -> bool:
    return question.type is not QuestionType.MULTI_CHOICE or len(question.options) <= 8
