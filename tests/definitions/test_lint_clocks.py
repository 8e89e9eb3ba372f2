"""Rules about time: each by a definition that breaks it, with the line it is told at."""

# ruff: noqa: E501 - a table: one broken rule a line reads better than one word a line

from pathlib import Path

import pytest

from definitions.commands import problems_of
from definitions.problems import DefinitionProblem
from tests.definitions.support import SMALL, changed, folder_with, line_of

LAW = "clocks: {joint: true, supplement: {amount: 20, for: person}, ladder: [{code: due, of: promise, days_left: 0, tells: [handler]}]}"
CLOCKED = SMALL.replace("questions:\n", f"{LAW}\nquestions:\n", 1)
WHOLE = "statutory: {amount: 20, unit: working_day, for: office, basis: assumed}"


def pauses(procedure: str, *, article: str = "第四十七条", amount: int = 20) -> str:
    basis = f"{{title: 《中华人民共和国行政许可法》, article: {article}}}"
    at_most = f"{{amount: {amount}, unit: working_day, for: office}}"
    return f"    pauses: [{{for: {procedure}, at_most: {at_most}, basis: {basis}}}]\n"


ITEM = """      statutory: {amount: 10, unit: working_day, for: office, basis: assumed}
      promised: {amount: 2, unit: working_day, for: office, basis: assumed}
    basis: [{title: 《条例》, article: 第一条}]"""
RUNG = "{code: due, of: promise, days_left: 0, tells: [handler]}"
REFUSED = "    on_refusal: stop\n"
BY_LAW = "basis: {title: 《某条例》, article: 第三条}"
DEEMED = f"{REFUSED}    overdue: {{how: deem_approved, {BY_LAW}}}\n"
PASSED = f"{REFUSED}    overdue: {{how: proceed_without}}\n"
FORM_ONLY = ("fields: [name, card_no]}", "fields: [name]}")


def problems(tmp_path: Path, text: str) -> list[DefinitionProblem]:
    return problems_of(folder_with(tmp_path, text))[1]


def with_changes(*pairs: tuple[str, str], text: str = CLOCKED) -> str:
    for old, new in pairs:
        assert text.count(old) == 1, f"{old!r} must stand once"
        text = text.replace(old, new)
    return text


@pytest.mark.parametrize(
    ("old", "new", "at", "what"),
    [
        # limits of the law
        (WHOLE, "statutory: {amount: 46, unit: working_day, for: office, basis: assumed}", "amount: 46", "超过行政许可法规定的45个工作日（联合办理）"),
        (WHOLE, "statutory: {amount: 60, unit: calendar_day, for: office, basis: assumed}", "amount: 60", "不是按工作日计算"),
        (ITEM, ITEM.replace("10", "21"), "amount: 21", "事项“first”的法定时限超过行政许可法规定的20个工作日"),
        (ITEM, ITEM.replace("10, unit: working_day", "29, unit: calendar_day"), "amount: 29", "20个工作日"),
        (ITEM, ITEM.replace("10, unit: working_day", "30, unit: working_hour"), "amount: 30", "以工作日批准"),
        # promises
        ("promised: {amount: 5, unit", "promised: {amount: 3, unit", "promised: {amount: 3", "first→second 的承诺时限之和"),
        ("promised: {amount: 5, unit", "promised: {amount: 21, unit", "amount: 21", "承诺时限长于法定时限"),
        # the ladder
        (RUNG, RUNG.replace("0", "5"), "clocks:", "“due”这一级不会出现"),
        (RUNG, RUNG.replace("promise, days_left: 0", "statutory, days_left: 20"), "clocks:", "“due”这一级不会出现"),
        (RUNG, RUNG.replace("promise", "none"), "clocks:", "of 只能是 promise 或 statutory"),
        # silence
        ("supplement: {amount: 20, for: person}", "supplement_silence: go_on", "clocks:", "没有补正期限（supplement）"),
        ("supplement: {amount: 20, for: person}", "supplement: {amount: 0, for: person}", "clocks:", "补正期限是 0"),
        (REFUSED, DEEMED, "outputs:\n      - {id: card", "“首证”却要用到决定字段“card_no”"),
        (REFUSED, DEEMED, "fields: [card_no]}", "“结果”却要用到决定字段“card_no”"),
        (REFUSED, PASSED, "fields: [card_no]}", "“结果”却要用到决定字段“card_no”"),
        (REFUSED, DEEMED.replace(", article: 第三条", ""), "overdue:", "须在 basis 里写明依据的法律条款"),
        (REFUSED, DEEMED.replace("deem_approved", "refuse").replace("条}", "条, assumed: true}"), "overdue:", "不能是假定的"),
        # pauses
        (REFUSED, REFUSED + pauses("lunch"), "for: lunch", "“lunch” 不在允许之列"),
        (REFUSED, REFUSED + pauses("correction"), "for: correction", "依法需要的程序"),
        (REFUSED, REFUSED + pauses("hearing", article="第四十五条"), "for: hearing", "第四十五条只说所需时间不计入"),
        (REFUSED, REFUSED + pauses("hearing", amount=0), "for: hearing", "at_most 至少为 1"),
        (REFUSED, REFUSED + pauses("hearing").replace(", for: office", ""), "for: hearing", "没有写明是谁的期限"),
        # whose period it is
        (f"{WHOLE}\n", "statutory: {amount: 20, unit: working_day, basis: assumed}\n", "amount: 20, unit: working_day, basis: assumed}", "没有写明是谁的期限"),
        (f"{WHOLE}\n", "statutory: {amount: 19, for: person, basis: assumed}\n", "amount: 19, for: person, basis: assumed}", "这是机关的期限"),
    ],
)  # fmt: skip
def test_each_rule(tmp_path: Path, old: str, new: str, at: str, what: str) -> None:
    text = with_changes((old, new))
    found = [one for one in problems(tmp_path, text) if what in one.what and one.remedy and one.pointer]
    assert found, [str(one) for one in problems(tmp_path, text)]
    wanted = text[: text.index(at)].count("\n") + 1 + at.count("\n") if "\n" in at else line_of(text, at)
    assert wanted in [one.line for one in found]


@pytest.mark.parametrize(
    "pairs",
    [
        (),
        ((WHOLE, "statutory: {amount: 45, unit: working_day, for: office, basis: assumed}"),),
        (
            (
                ITEM,
                ITEM.replace("amount: 10", "amount: 60").replace(
                    "basis: assumed", "basis: {title: 《条例》, article: 第一条, says: 六十个工作日}", 1
                ),
            ),
        ),
        ((RUNG, RUNG.replace("days_left: 0", "days_left: 4")),),
        ((REFUSED, PASSED), ("fields: [card_no]}", "fields: [name]}")),
        ((REFUSED, DEEMED), FORM_ONLY, ("fields: [card_no]}", "fields: [name]}")),
    ],
    ids=["as it is", "45 jointly", "another law", "a rung that comes", "passed over", "deemed by the form alone"],
)
def test_what_keeps_the_rules(tmp_path: Path, pairs: tuple[tuple[str, str], ...]) -> None:
    assert problems(tmp_path, with_changes(*pairs)) == []


def test_a_date_of_the_decision_ends_no_deemed_approval(tmp_path: Path) -> None:
    text = with_changes((REFUSED, DEEMED), ("label: 证号, type: text}", "label: 证号, type: date}"), FORM_ONLY)
    text = text.replace("fields: [name]}", "fields: [name], valid_until: card_no}")
    (card,) = (one for one in problems(tmp_path, text) if one.pointer.endswith("valid_until"))
    assert (card.pointer, card.line) == ("/items/0/outputs/0/valid_until", line_of(text, "valid_until: card_no"))


def test_twenty_days_unless_several_handle_it_together(tmp_path: Path) -> None:
    alone = with_changes(
        ("joint: true, ", ""), (WHOLE, "statutory: {amount: 21, unit: working_day, for: office, basis: assumed}")
    )
    (problem,) = problems(tmp_path, alone)
    assert (problem.pointer, problem.line) == ("/statutory", line_of(alone, "amount: 21"))
    assert "20个工作日（单独办理）" in problem.what
    assert "joint: true" in problem.remedy


def test_one_department_does_not_handle_jointly(tmp_path: Path) -> None:
    text = with_changes(("departments: [psb, amr]", "departments: [psb]"), ("department: amr", "department: psb"))
    (problem,) = problems(tmp_path, text)
    assert (problem.pointer, problem.what) == ("/clocks/joint", "只有一个部门，不是联合办理。")


def test_silence_needs_clocks(tmp_path: Path) -> None:
    text = changed(REFUSED, f"{REFUSED}    overdue: {{how: lapse}}\n")
    (problem,) = problems(tmp_path, text)
    assert (problem.pointer, problem.line) == ("/items/0/overdue", line_of(text, "overdue:"))
    assert "overdue 不起作用" in problem.what


def test_without_clocks_limits_are_what_the_definition_says(tmp_path: Path) -> None:
    assert (
        problems(tmp_path, changed(WHOLE, "statutory: {amount: 45, unit: working_day, for: office, basis: assumed}"))
        == []
    )
