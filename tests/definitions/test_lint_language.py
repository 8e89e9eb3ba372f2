"""The rules about what a definition may say of figures, situations, bases and checks: of each a definition that breaks
it, told at its line, and one that keeps it."""

# ruff: noqa: E501 - tables: one rule a line

from pathlib import Path

import pytest

from definitions.commands import problems_of
from tests.definitions.support import SMALL, folder_with, line_of

WHOLE = (
    SMALL.replace(
        "audience: person\n", "audience: person\nbases:\n  rule: {title: 《条例》, article: 第二条, says: 三百平方米}\n"
    )
    .replace(
        "questions:\n",
        'parameters:\n  - {id: free, name: 免检面积, type: number, value: 300, unit: 平方米, basis: rule}\nquestions:\n  - {id: area, question: 面积？, type: number, unit: 平方米, decimals: 1, minimum: 1, maximum: 9000, default: 50}\n  - {id: paid, question: 押金？, type: amount, minimum: 0, maximum: 5000, default: 0}\n  - {id: since, question: 何时起？, type: date, default: "2026-01-01"}\n',
    )
    .replace(
        "\nform:\n",
        "\nsituations:\n  - {id: large, name: 超过免检面积, is: answers.area > params.free, basis: rule}\n  - {id: bound, name: 大而有押金, is: situation.large && answers.paid > 100}\nform:\n",
    )
    .replace(
        "      - {id: reason, label: 理由",
        '      - {id: since, label: 起, type: date, when: situation.large}\n      - {id: till, label: 止, type: date, required: false, when: situation.bound}\n      - {id: old, label: 旧, type: text, required: false, when: answers.since < date("2026-06-01")}\n      - {id: rows, label: 行, type: list, required: false, min_items: 0, fields: [{id: day, label: 日, type: date}, {id: who, label: 谁, type: identity}]}\n      - {id: reason, label: 理由',
    )
    .replace(
        "materials:\n  - {code: letter",
        "checks:\n  - {must: form.till >= form.since, says: 止须在起之后。, at: [till], basis: rule}\n  - {rows: rows, must: row.day <= today, says: 不晚于今天。, at: [day]}\n  - {must: distinct(form.rows.who) || !given.rows, says: 写了两次。, at: [rows], when: situation.large}\nmaterials:\n  - {code: letter",
        1,
    )
    .replace(
        "    outputs:\n      - {id: card,",
        "    checks:\n      - {must: form.since <= today && decision.card_no != form.name, says: 证号不是姓名。, at: [card_no]}\n    outputs:\n      - {id: card,",
    )
)
"""The small definition with one of everything."""


def test_a_definition_with_one_of_everything_has_no_problem(tmp_path: Path) -> None:
    assert [str(one) for one in problems_of(folder_with(tmp_path, WHOLE))[1]] == []


@pytest.mark.parametrize(
    ("old", "new", "at", "what"),
    [
        # figures
        (
            "decimals: 1, minimum: 1, maximum: 9000",
            "decimals: 1, minimum: 9001, maximum: 9000",
            "id: area",
            "minimum 大于 maximum",
        ),
        ("decimals: 1, minimum: 1,", "decimals: 1, minimum: 0.25,", "id: area", "比回答的小数位还多"),
        ("maximum: 9000, default: 50", "maximum: 9000, default: 9001", "id: area", "的默认回答不合要求"),
        ("type: amount, minimum: 0", "type: amount, unit: 分, minimum: 0", "id: paid", "不能写 unit"),
        ("type: date, default", "type: date, minimum: 3, default", "id: since, question", "不能写 minimum"),
        ('"2026-01-01"}', '"2026-02-30"}', "id: since, question", "的默认回答不合要求"),
        (
            "type: amount, minimum",
            "type: amount, options: [{value: a, label: a}], minimum",
            "id: paid",
            "类型与选项不符",
        ),
        ("type: number, value: 300", "type: number, value: 很大", "id: free", "须是一个数"),
        ("type: number, value: 300", "type: boolean, value: 300", "id: free", "value 与 type 不符"),
        ("unit: 平方米, basis: rule}", "unit: 平方米}", "id: free", "缺少“basis”"),
        # bases
        ("unit: 平方米, basis: rule}", "unit: 平方米, basis: ruler}", "id: free", "依据“ruler”没有写在 bases 里"),
        ("bases:\n", "bases:\n  idle: {title: 《条例》}\n", "idle:", "没有任何一处用到依据“idle”"),
        ("rule: {title: 《条例》,", "rule: {title: 条例,", "rule: {", "既没有引用法规"),
        ("says: 三百平方米", "edition: 去年", "rule: {", "不合格式"),
        # situations
        ("is: answers.area > params.free", "is: answers.area > params.most", "id: large", "参数“most”不存在"),
        ("is: answers.area > params.free", "is: situation.bound", "id: large", "排在它之后的“bound”"),
        (
            "is: answers.area > params.free",
            "is: answers.area > 9000 && params.free > 0",
            "id: large",
            "无论怎样回答都不成立",
        ),
        (
            "is: answers.area > params.free",
            "is: answers.area >= 1 && params.free > 0",
            "id: large",
            "无论怎样回答都成立",
        ),
        ("{id: bound, name", "{id: large, name", "{id: large, name: 大", "“large”在 situations 中重复"),
        ("when: situation.bound}", "when: situation.large}", "id: bound", "没有任何条件用到情形“bound”"),
        (
            "type: amount, minimum: 0, maximum: 5000, default: 0}",
            "type: amount, minimum: 0, maximum: 5000, default: 0, when: situation.large}",
            "id: paid",
            "问题的条件读取了情形",
        ),
        (
            "  - {id: free, name",
            "  - {id: rest, name: 闲, type: number, value: 1, basis: rule}\n  - {id: free, name",
            "id: rest",
            "没有任何条件用到参数“rest”",
        ),
        ("name: 超过免检面积, is:", "is:", "id: large", "缺少“name”"),
        # checks
        ("must: form.till >= form.since", "must: form.till >= form.begun", "must: form.till", "字段“begun”不存在"),
        ("must: form.till >= form.since", "must: form.till >= form.name", "must: form.till", "字段“till”是日期"),
        ("must: form.till >= form.since", 'must: today > date("2026-01-01")', "must: today", "没有读取任何填写的内容"),
        ("at: [till]", "at: [end]", "must: form.till", "没有字段“end”可供指出错误"),
        ("rows: rows, must", "rows: name, must", "rows: name", "不是申请表里的列表"),
        ("at: [day]", "at: [till]", "rows: rows", "没有字段“till”可供指出错误"),
        ("must: row.day <= today", "must: row.days <= today", "rows: rows", "列“days”不存在"),
        ("at: [rows], when: situation.large}", "at: [rows], when: form.name}", "distinct(", "不能使用 form.name"),
        ("decision.card_no != form.name", "decision.card != form.name", "decision.card", "决定字段“card”不存在"),
        (
            "says: 证号不是姓名。, at: [card_no]",
            "says: 证号不是姓名。, at: [name]",
            "证号不是姓名",
            "没有字段“name”可供指出错误",
        ),
    ],
)
def test_each_rule(tmp_path: Path, old: str, new: str, at: str, what: str) -> None:
    assert WHOLE.count(old) == 1, f"{old!r} must stand once"
    text = WHOLE.replace(old, new)
    problems = problems_of(folder_with(tmp_path, text))[1]
    told = [(one.line, one.what) for one in problems if what in one.what and one.remedy]
    assert told, [str(one) for one in problems]
    assert line_of(text, at) in {line for line, _ in told}, told
