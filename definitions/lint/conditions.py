"""Conditions compile, read known questions only, compare with existing options; every question is of use."""

from definitions.conditions import ConditionError, condition
from definitions.lint.checked import LintContext
from onething.domain.definition.bundle import QuestionType


def check(checked: LintContext) -> None:
    questions = {question.id: question for question in checked.definition.situations}
    order = {name: index for index, name in enumerate(questions)}
    used: set[str] = set()
    for trail, text in checked.conditions():
        try:
            parsed = condition(text)
        except ConditionError as error:
            checked.say(trail, f"{error}。", '写成 answers.kind == "new" 这样，可用 ==、!=、in、&&、||、!。')
            continue
        used.update(parsed.reads)
        for name in parsed.reads:
            if name not in questions:
                checked.say(trail, f"条件读取的问题“{name}”不存在。", f"可用的有：{'、'.join(questions)}。")
            elif trail[0] == "situations" and order[name] >= int(trail[1]):
                checked.say(trail, f"问题的条件读取了排在它之后的“{name}”。", "调整顺序，只读取前面的问题。")
        for name, value in parsed.compared:
            question = questions.get(name)
            values = [option.value for option in question.options] if question else []
            if question and question.type is not QuestionType.BOOLEAN and value not in values:
                checked.say(trail, f"“{value}”不是问题“{name}”的选项。", f"可用的有：{'、'.join(values)}。")
    params = {value for need in checked.definition.data for value in need.params.values()}
    for index, name in enumerate(questions):
        if name not in used and f"answers.{name}" not in params:
            checked.say(("situations", index), f"没有任何条件用到问题“{name}”。", "删去这个问题，或补上用到它的 when。")
