"""Conditions compile with the types of what they name, compare with options that exist, and can both hold and not
hold; every question, parameter and situation is of use."""

from collections.abc import Iterable, Iterator
from decimal import Decimal

from definitions.conditions import Condition, ConditionError, Conditions, conditions_of
from definitions.conditions.assignments import assignments
from definitions.conditions.of_bundles import checks_of, conditions_in
from definitions.conditions.words import split
from definitions.lint.checked import LintContext
from definitions.reading import Trail
from onething.domain.definition.bundle import BundleDefinition
from onething.domain.definition.form_fields import Check, FormFieldType
from onething.domain.definition.questions import Parameter, ParameterType, QuestionType

_FIGURES = (ParameterType.NUMBER, ParameterType.AMOUNT)
_ORDERED = ("questions", "situations")
"""Each of them reads earlier ones of its kind alone."""


def check(checked: LintContext) -> None:
    named: set[str] = set()
    compiled = list(_compiled(checked))
    for trail, condition in compiled:
        named.update(condition.names)
        _references(checked, trail, condition)
    for condition in _checks(checked):
        named.update(condition.names)
    if checked.problems:
        return  # what is of use, and what can hold, is told by conditions that are right
    _unused(
        checked,
        named
        | {one.pool for one in checked.definition.reservations if one.pool}
        | {value for one in checked.definition.lookups if one.lookup for value in one.lookup.params.values()},
    )
    if checked.problems:
        return
    for trail, condition in compiled:
        if not checked.is_settled(condition):
            _can_hold_and_not(checked, trail, condition)


def _compiled(checked: LintContext) -> Iterator[tuple[Trail, Condition]]:
    conditions = conditions_of(checked.definition)
    for trail, text in conditions_in(checked.definition):
        if (condition := _said(checked, conditions, trail, text)) is not None:
            yield trail, condition


def _said(checked: LintContext, conditions: Conditions, trail: Trail, text: str) -> Condition | None:
    try:
        return conditions.condition(text)
    except ConditionError as error:
        for wrong in error.wrong:
            checked.say(trail, wrong.what, wrong.remedy)
        return None


def _checks(checked: LintContext) -> Iterator[Condition]:
    definition = checked.definition
    for index, one in enumerate(definition.checks):
        yield from _check(checked, ("checks", index), one, None)
    for number, item in enumerate(definition.items):
        for index, one in enumerate(item.checks):
            yield from _check(checked, ("items", number, "checks", index), one, item.code)


def _check(checked: LintContext, trail: Trail, rule: Check, item: str | None) -> Iterator[Condition]:
    definition = checked.definition
    fields = {field.id: field for field in definition.form}
    places = {field.id for field in checked.items[item].decision_form} if item else set(fields)
    if rule.rows is not None:
        rows = fields.get(rule.rows)
        if item is not None or rows is None or rows.type is not FormFieldType.LIST:
            checked.say((*trail, "rows"), f"“{rule.rows}”不是申请表里的列表。", "写列表字段的 id，或删去 rows。")
            return
        places = {column.id for column in rows.fields}
    for number, name in enumerate(rule.at):
        if name not in places:
            known = "、".join(sorted(places))
            checked.say((*trail, "at", number), f"没有字段“{name}”可供指出错误。", f"可用的有：{known}。")
    condition = _said(checked, checks_of(definition, rule.rows, item), (*trail, "must"), rule.must)
    if condition is None:
        return
    if not any(split(name)[0] in ("form", "row", "decision", "given") for name in condition.names):
        checked.say((*trail, "must"), "这条要求没有读取任何填写的内容。", "写 form.<字段>；只看情形的写成 when。")
    yield condition


def _unused(checked: LintContext, named: set[str]) -> None:
    definition = checked.definition
    for part, scope, what, ids in (
        ("questions", "answers", "问题", [one.id for one in definition.questions]),
        ("parameters", "params", "参数", [one.id for one in definition.parameters]),
        ("situations", "situation", "情形", [one.id for one in definition.situations]),
    ):
        for index, name in enumerate(ids):
            if f"{scope}.{name}" not in named:
                remedy = f"删去这个{what}，或补上用到它的 when。"
                checked.say((part, index), f"没有任何条件用到{what}“{name}”。", remedy)


def _references(checked: LintContext, trail: Trail, condition: Condition) -> None:
    definition = checked.definition
    questions = {question.id: question for question in definition.questions}
    order = {
        "questions": [f"answers.{name}" for name in questions],
        "situations": [f"situation.{one.id}" for one in definition.situations],
    }
    for part in _ORDERED:
        if trail[0] == part:
            later = order[part][int(trail[1]) :]
            for name in condition.names:
                if name in later:
                    what = "问题" if part == "questions" else "情形"
                    remedy = f"调整顺序，只读取前面的{what}。"
                    checked.say(trail, f"{what}的条件读取了排在它之后的“{split(name)[1]}”。", remedy)
    if trail[0] == "questions" and condition.situations:
        checked.say(trail, "问题的条件读取了情形。", "情形由问题得出，这里直接写问题的条件。")
    for name, value in condition.compared:
        values = [option.value for option in questions[name].options]
        chosen = questions[name].type in (QuestionType.CHOICE, QuestionType.MULTI_CHOICE)
        if chosen and value not in values:
            checked.say(trail, f"“{value}”不是问题“{name}”的选项。", f"可用的有：{'、'.join(values)}。")


def _can_hold_and_not(checked: LintContext, trail: Trail, condition: Condition) -> None:
    tried = assignments(checked.definition, condition.questions)
    seen = {condition.holds(answers) for answers in tried.answers}
    for elsewhere in _elsewhere(checked.definition, condition) if len(seen) == 1 else ():
        other = conditions_of(elsewhere).condition(condition.text)
        seen.update(other.holds(answers) for answers in assignments(elsewhere, condition.questions).answers)
    if seen == {False}:
        never = "无论怎样回答都不成立" if tried.all else "没有找到使它成立的回答"
        checked.say(trail, f"条件 {condition.text} {never}。", "改正条件；本来就不适用的，把这一项删去。")
    if seen == {True} and tried.all:
        checked.say(trail, f"条件 {condition.text} 无论怎样回答都成立。", "改正条件；本来就都适用的，删去 when。")


def _elsewhere(definition: BundleDefinition, condition: Condition) -> Iterator[BundleDefinition]:
    """As places may set the figures that it reads: yes or no the other way round, numbers in the middle of what may be
    answered."""
    asked = (one for one in definition.questions if one.id in condition.questions and one.maximum is not None)
    middles = [(Decimal(one.minimum or 0) + Decimal(one.maximum or 0)) / 2 for one in asked]
    for name in condition.figures:
        [figure] = [one for one in definition.parameters if one.id == name]
        for value in _other_values(figure, middles):
            changed = figure.model_copy(update={"value": value})
            figures = tuple(changed if one is figure else one for one in definition.parameters)
            yield definition.model_copy(update={"parameters": figures})


def _other_values(figure: Parameter, middles: Iterable[Decimal]) -> Iterator[bool | str]:
    if figure.type is ParameterType.BOOLEAN:
        yield not figure.value
    if figure.type in _FIGURES:
        yield from (str(one.quantize(Decimal(1).scaleb(-figure.decimals))) for one in middles)
