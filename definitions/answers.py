"""Answers to situation questions: checked against the questions, defaults filled in."""

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal

from definitions.conditions import conditions_of
from onething.domain.definition.bundle import BundleDefinition
from onething.domain.definition.questions import Answers, AnswerValue, Question, QuestionType
from onething.domain.errors import FailureCode, FieldProblem, require_valid
from onething.domain.form.field_values import DATE_REMEDY, WrongValue, day

_FIGURE = re.compile(r"-?[0-9]{1,12}(\.[0-9]{1,6})?")


def check_answers(definition: BundleDefinition, answers: Mapping[str, AnswerValue]) -> list[FieldProblem]:
    """Everything wrong with the answers, with pointers such as `/answers/company_type`."""
    return _resolve(definition, answers)[1]


def complete_answers(definition: BundleDefinition, answers: Mapping[str, AnswerValue]) -> Answers:
    """The answers with defaults filled in; to a question that does not apply: false, empty text or no choice at all.

    Conditions can be evaluated with them. Raise `InvalidInput` with all problems.
    """
    complete, problems = _resolve(definition, answers)
    require_valid(problems)
    return complete


def applicable_questions(definition: BundleDefinition, answers: Mapping[str, AnswerValue]) -> tuple[Question, ...]:
    """The questions to show, given the answers so far (which may still lack some)."""
    complete, _ = _resolve(definition, answers)
    conditions = conditions_of(definition)
    return tuple(
        question
        for question in definition.questions
        if question.fixed is None and conditions.holds(question.when, complete)
    )


def _resolve(definition: BundleDefinition, answers: Mapping[str, AnswerValue]) -> tuple[Answers, list[FieldProblem]]:
    complete: Answers = {}
    problems: list[FieldProblem] = []
    unclear: set[str] = set()
    conditions = conditions_of(definition)
    for question in definition.questions:  # a question's condition reads earlier questions only (linted)
        given = answers.get(question.id)
        blank = neutral(question)
        complete[question.id] = blank
        if question.when and unclear.intersection(conditions.condition(question.when).questions):
            unclear.add(question.id)  # whether it applies can't be told before the other answer is right
            continue
        if not conditions.holds(question.when, complete):
            if given is not None and given != blank:
                detail = f"“{question.question}”不适用于所选情形，请删去这个回答。"
                problems.append(_problem(question.id, FailureCode.INVALID_VALUE, detail))
            continue
        if question.fixed is not None:
            complete[question.id] = question.fixed
            if given is not None and given != question.fixed:
                detail = f"“{question.question}”在这里已经定了，请删去这个回答。"
                problems.append(_problem(question.id, FailureCode.INVALID_VALUE, detail))
            continue
        answer = question.default if given is None else given
        if answer is None:
            problems.append(_problem(question.id, FailureCode.MISSING_VALUE, f"请回答：{question.question}"))
            unclear.add(question.id)
            continue
        wrong = list(wrong_answer(question, answer))
        problems += (_problem(question.id, FailureCode.INVALID_VALUE, detail) for detail in wrong)
        if wrong:
            unclear.add(question.id)
        else:
            complete[question.id] = answer
    known = {question.id for question in definition.questions}
    problems += (
        _problem(name, FailureCode.UNKNOWN_FIELD, "没有这个情形问题，请删去。") for name in answers if name not in known
    )
    return complete, problems


def wrong_answer(question: Question, answer: AnswerValue) -> Iterator[str]:
    """What is wrong with an answer to a question that applies."""
    values = [option.value for option in question.options]
    choices = "、".join(f"{option.value}（{option.label}）" for option in question.options)
    match question.type:
        case QuestionType.BOOLEAN:
            if not isinstance(answer, bool):
                yield "请用 true 或 false 回答。"
        case QuestionType.CHOICE:
            if answer not in values:
                yield f"请从以下选项中选择一项：{choices}。"
        case QuestionType.NUMBER | QuestionType.AMOUNT:
            yield from _wrong_figure(question, answer)
        case QuestionType.DATE:
            yield from _wrong_day(answer)
        case QuestionType.MULTI_CHOICE:
            if not isinstance(answer, list) or any(value not in values for value in answer):
                yield f"请用列表回答，可选：{choices}。"
            elif len(set(answer)) != len(answer):
                yield "同一选项只写一次。"


def _wrong_figure(question: Question, answer: AnswerValue) -> Iterator[str]:
    if isinstance(answer, bool | list) or not _FIGURE.fullmatch(str(answer)):
        example = "300" if not question.places else '"120.5"'
        yield f"请用一个数回答，如 {example}。"
        return
    figure = Decimal(str(answer))
    if -int(figure.as_tuple().exponent) > question.places:
        yield f"最多 {question.places} 位小数。" if question.places else "须是整数。"
    if question.minimum is not None and figure < Decimal(question.minimum):
        yield f"不能小于 {question.minimum}{question.counted_in}。"
    if question.maximum is not None and figure > Decimal(question.maximum):
        yield f"不能大于 {question.maximum}{question.counted_in}。"


def _wrong_day(answer: AnswerValue) -> Iterator[str]:
    try:
        written = day(answer).isoformat() if isinstance(answer, str) else None
    except WrongValue:
        written = None
    if written is None or written != answer:
        yield DATE_REMEDY


def neutral(question: Question) -> AnswerValue:
    """The answer to a question that does not apply."""
    match question.type:
        case QuestionType.BOOLEAN:
            return False
        case QuestionType.CHOICE | QuestionType.NUMBER | QuestionType.AMOUNT | QuestionType.DATE:
            return ""
        case QuestionType.MULTI_CHOICE:
            return []


def _problem(name: str, code: FailureCode, detail: str) -> FieldProblem:
    escaped = name.replace("~", "~0").replace("/", "~1")
    return FieldProblem(f"/answers/{escaped}", code, detail)
