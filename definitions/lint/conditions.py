"""Conditions compile with the types of their questions, compare with options that exist, and can both hold and not
hold; every question is of use."""

from collections.abc import Iterator

from definitions.conditions import Condition, ConditionError, conditions_of
from definitions.lint.assignments import assignments
from definitions.lint.checked import LintContext
from definitions.reading import Trail
from onething.domain.definition.bundle import QuestionType


def check(checked: LintContext) -> None:
    read: set[str] = set()
    compiled = list(_compiled(checked))
    for trail, condition in compiled:
        read.update(condition.reads)
        _references(checked, trail, condition)
    params = {value for need in checked.definition.data for value in need.params.values()}
    for index, question in enumerate(checked.definition.situations):
        if question.id not in read and f"answers.{question.id}" not in params:
            checked.say(
                ("situations", index), f"没有任何条件用到问题“{question.id}”。", "删去这个问题，或补上用到它的 when。"
            )
    if checked.problems:
        return  # what can hold is told by conditions that are right
    for trail, condition in compiled:
        _can_hold_and_not(checked, trail, condition)


def _compiled(checked: LintContext) -> Iterator[tuple[Trail, Condition]]:
    conditions = conditions_of(checked.definition.situations)
    for trail, text in checked.conditions():
        try:
            yield trail, conditions.condition(text)
        except ConditionError as error:
            for wrong in error.wrong:
                checked.say(trail, wrong.what, wrong.remedy)


def _references(checked: LintContext, trail: Trail, condition: Condition) -> None:
    questions = {question.id: question for question in checked.definition.situations}
    order = {name: index for index, name in enumerate(questions)}
    for name in condition.reads:
        if trail[0] == "situations" and order[name] >= int(trail[1]):
            checked.say(trail, f"问题的条件读取了排在它之后的“{name}”。", "调整顺序，只读取前面的问题。")
    for name, value in condition.compared:
        values = [option.value for option in questions[name].options]
        if questions[name].type is not QuestionType.BOOLEAN and value not in values:
            checked.say(trail, f"“{value}”不是问题“{name}”的选项。", f"可用的有：{'、'.join(values)}。")


def _can_hold_and_not(checked: LintContext, trail: Trail, condition: Condition) -> None:
    tried = assignments(checked.definition, condition.reads)
    seen = {condition.holds(answers) for answers in tried.answers}
    if seen == {False}:
        never = "无论怎样回答都不成立" if tried.all else "没有找到使它成立的回答"
        checked.say(trail, f"条件 {condition.text} {never}。", "改正条件；本来就不适用的，把这一项删去。")
    if seen == {True} and tried.all:
        checked.say(trail, f"条件 {condition.text} 无论怎样回答都成立。", "改正条件；本来就都适用的，删去 when。")
