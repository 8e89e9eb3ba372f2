"""Conditions over numbers, amounts, days, parameters and situations: exact, at every threshold, in an
officer's words."""

# ruff: noqa: E501 - tables: one case a line

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from definitions.answers import check_answers
from definitions.conditions import ConditionError, Conditions, conditions_of
from definitions.conditions.assignments import assignments
from definitions.conditions.words import ValueKind, Word
from definitions.loader import load_catalog
from onething.domain.calendar.limits import Limit, Unit
from onething.domain.definition.bundle import BundleDefinition
from tests.definitions.support import changed, folder_with

WORDS = {
    "answers.area": Word(ValueKind.NUMBER, 1),
    "answers.people": Word(ValueKind.NUMBER),
    "answers.balance": Word(ValueKind.NUMBER, 2),
    "answers.from_day": Word(ValueKind.DATE),
    "answers.to_day": Word(ValueKind.DATE),
    "answers.shop": Word(ValueKind.YES_NO),
    "params.most": Word(ValueKind.NUMBER),
    "situation.large": Word(ValueKind.YES_NO),
}
CONDITIONS = Conditions(WORDS, {"large": "answers.area > params.most"}, {"most": Decimal(300)})
ANSWERS = {
    "area": "300.5",
    "people": 5,
    "balance": "10000.01",
    "from_day": "2026-01-31",
    "to_day": "2026-02-28",
    "shop": True,
}


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("answers.area > 300", True),
        ("answers.area > 300.5", False),
        ("answers.area >= 300.50", True),
        ("answers.area < 300.501", True),
        ("answers.balance > 10000", True),
        ("answers.balance == 10000.01", True),
        ("answers.people * 2 == 10", True),
        ("answers.people + 1 > 5", True),
        ("answers.area - answers.people == 295.5", True),
        ("situation.large && answers.shop", True),
        ("params.most == 300", True),
        ('answers.from_day < date("2026-02-01")', True),
        ("days_between(answers.from_day, answers.to_day) == 28", True),
        ("months_between(answers.from_day, answers.to_day) == 1", True),
        ("years_between(answers.from_day, answers.to_day) == 0", True),
    ],
)
def test_what_is_written_is_what_is_meant(text: str, holds: bool) -> None:
    assert CONDITIONS.holds(text, ANSWERS) is holds


@pytest.mark.parametrize("text", ["answers.area > 300", "!(answers.area > 300)", 'answers.to_day > date("2026-01-01")'])
def test_what_is_held_against_no_answer_does_not_hold(text: str) -> None:
    assert CONDITIONS.holds(text, {**ANSWERS, "area": "", "to_day": ""}) is False
    assert CONDITIONS.holds(f"answers.shop || {text}", {**ANSWERS, "area": "", "to_day": ""}) is True


AS_FIGURE = "写成 answers.area > 300 这样，数不加引号。"


@pytest.mark.parametrize(
    ("text", "what", "remedy"),
    [
        ('answers.area > "300"', "第 14 列：问题“area”是一个数，要同数比较。", AS_FIGURE),
        ("answers.area && answers.shop", "第 14 列：问题“area”是一个数，要同数比较。", AS_FIGURE),
        ("answers.area > 0.5 || answers.more", "条件读取的问题“more”不存在。", "可用的有：area、people、balance、from_day、to_day、shop。"),
        ("answers.balance > 1.5 && answers.area == answers.shop", "第 39 列：问题“area”是一个数，要同数比较。", AS_FIGURE),
        ('answers.from_day > "2026-01-01"', "第 18 列：问题“from_day”是日期，要同日期比较。", '写成 answers.from_day >= date("2026-01-31") 这样。'),
        ('answers.from_day > date("31.1.2026")', "date() 里须是一个日期。", '写成 date("2026-01-31")。'),
        ("params.least > 3", "条件读取的参数“least”不存在。", "可用的有：most。"),
        ("most > 3", "“most”前面少了 params.", "写成 params.most。"),
        ("situation.small", "条件读取的情形“small”不存在。", "可用的有：large。"),
        ("answers.area * 2 > 600", "* 不能同带小数的数（金额也是）写在一个条件里。", "分成两个条件；其中一个可以写成情形（situations）。"),
        ("answers.area", "条件只写了问题“area”，得不出“是”或“否”。", AS_FIGURE),
    ],
)  # fmt: skip
def test_what_compares_nothing_is_refused(text: str, what: str, remedy: str) -> None:
    with pytest.raises(ConditionError) as refused:
        CONDITIONS.condition(text)
    assert [(one.what, one.remedy) for one in refused.value.wrong] == [(what, remedy)]


FIGURES = st.decimals(min_value=0, max_value=10**9, places=1)


@given(FIGURES, FIGURES, st.sampled_from(["<", "<=", ">", ">=", "==", "!="]))
def test_figures_compare_as_exact_numbers(answer: Decimal, held: Decimal, operator: str) -> None:
    compared: dict[str, Callable[[Decimal], bool]] = {
        "<": held.__gt__,
        "<=": held.__ge__,
        ">": held.__lt__,
        ">=": held.__le__,
        "==": held.__eq__,
        "!=": held.__ne__,
    }
    wanted = compared[operator](answer)
    assert CONDITIONS.holds(f"answers.area {operator} {held:f}", {**ANSWERS, "area": f"{answer:f}"}) is wanted


# -- in a definition --------------------------------------------------------------------------------------------------

AREA = """\
parameters: [{id: free, name: 免检面积, type: number, value: 300, unit: 平方米, basis: assumed}]
questions:
  - {id: area, question: 面积多大？, type: number, unit: 平方米, decimals: 1, minimum: 1, maximum: 100000, default: "50"}
"""
SITUATIONS = "situations: [{id: large, name: 超过免检面积, is: answers.area > params.free}]\nform:\n"


def with_area(when: str) -> str:
    text = changed("questions:\n", AREA).replace("form:\n", SITUATIONS, 1)
    return text.replace('    when: answers.kind == "new"\n    statutory', f"    when: {when}\n    statutory")


def of(folder: Path, text: str) -> BundleDefinition:
    return load_catalog(folder_with(folder, text)).latest["small"]


def test_each_threshold_is_tried_just_below_at_it_and_above(tmp_path: Path) -> None:
    small = of(tmp_path, with_area("situation.large"))
    tried = assignments(small, ["area"])
    assert [one["area"] for one in tried.answers] == ["1.0", "299.9", "300.0", "300.1", "100000.0"]
    assert tried.all
    conditions = conditions_of(small)
    held = [conditions.holds("situation.large", one) for one in tried.answers]
    assert held == [False, False, False, True, True]


@pytest.mark.parametrize(
    ("answer", "detail"),
    [
        ("много", "请用一个数回答，如 \"120.5\"。"),
        (True, "请用一个数回答，如 \"120.5\"。"),
        ("0.5", "不能小于 1平方米。"),
        ("100000.1", "不能大于 100000平方米。"),
        ("20.25", "最多 1 位小数。"),
        ("1e3", "请用一个数回答，如 \"120.5\"。"),
        (50, None),
        ("50.5", None),
    ],
)  # fmt: skip
def test_an_answer_is_a_number_within_its_bounds(tmp_path: Path, answer: bool | int | str, detail: str | None) -> None:
    small = of(tmp_path, with_area("situation.large"))
    assert [one.detail for one in check_answers(small, {"area": answer})] == ([detail] if detail else [])


def test_a_length_without_a_unit_is_of_working_days() -> None:
    assert Limit.model_validate({"amount": 5, "for": "office"}).unit is Unit.WORKING_DAY
