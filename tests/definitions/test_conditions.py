"""Conditions: typed by the questions they read, evaluated as anybody would, refused in an officer's words."""

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from definitions.conditions import ConditionError, Conditions, conditions_of
from definitions.conditions.of_bundles import checks_of
from definitions.conditions.words import ValueKind, Word
from definitions.loader import load_catalog
from onething.domain.definition.questions import Answers

CONDITIONS = Conditions(
    {
        "answers.child": Word(ValueKind.YES_NO),
        "answers.kind": Word(ValueKind.ONE_OF),
        "answers.many": Word(ValueKind.SOME_OF),
    }
)
OPTIONS = ["a", "b", "c"]
CHILD = "第 {} 列：问题“child”的回答只有“是”或“否”，不能同文字比较。"
KIND = "第 {} 列：问题“kind”只选一项，要同它的选项比较。"
MANY = "第 {} 列：问题“many”可以多选，要看其中有没有某一项。"
AS_BOOLEAN = "写成 answers.child 或 !answers.child。"
AS_CHOICE = '写成 answers.kind == "选项的 value"。'
AS_MANY = '写成 "选项的 value" in answers.many。'
ONE_BY_ONE = '逐项写："a" in answers.x && !("b" in answers.x)，或比较 size(answers.x)。'
EXAMPLE = '写成 answers.kind == "new" 这样，可用 ==、!=、in、&&、||、!。'


@pytest.mark.parametrize(
    ("text", "reads", "compared"),
    [
        ("answers.child", ["child"], []),
        ('!answers.child && answers.kind == "a"', ["child", "kind"], [("kind", "a")]),
        ('answers.kind in ["a", "b"]', ["kind"], [("kind", "a"), ("kind", "b")]),
        ('"a" in answers.many && !("b" in answers.many)', ["many"], [("many", "a"), ("many", "b")]),
        ("size(answers.many) != 2", ["many"], []),
        ('("a" in answers.many) == answers.child', ["child", "many"], [("many", "a")]),
        (
            'answers.child ? answers.kind == "a" : answers.kind == "b"',
            ["child", "kind"],
            [("kind", "a"), ("kind", "b")],
        ),
    ],
)
def test_what_a_condition_reads_and_compares(text: str, reads: list[str], compared: list[tuple[str, str]]) -> None:
    condition = CONDITIONS.condition(text)
    assert list(condition.questions) == reads
    assert [pair for pair in condition.compared if pair[0] != "child"] == compared


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        # another type: accepted once, and never true
        ('answers.child == "是"', (CHILD.format(15), AS_BOOLEAN)),
        ('answers.child in ["是"]', (CHILD.format(15), AS_BOOLEAN)),
        ('answers.many == "a"', (MANY.format(14), AS_MANY)),
        ('"a" in answers.kind', (KIND.format(5), AS_CHOICE)),
        ("answers.kind && answers.child", (KIND.format(14), AS_CHOICE)),
        ("answers.child && answers.kind", (KIND.format(15), AS_CHOICE)),
        ("!answers.many", (MANY.format(1), AS_MANY)),
        ("answers.kind == 1", (KIND.format(14), AS_CHOICE)),
        # no yes or no
        ("answers.kind", ("条件只写了问题“kind”，得不出“是”或“否”。", AS_CHOICE)),
        ("has(answers.kind)", ("条件只写了问题“kind”，得不出“是”或“否”。", AS_CHOICE)),
        ("size(answers.many)", ("条件的结果不是“是”或“否”。", EXAMPLE)),
        # which was chosen first must not decide
        ('answers.many == ["a", "b"]', ("多选的回答不能整组比较：选的先后不同，结果就不同。", ONE_BY_ONE)),
        # what is not there
        ("answers.more", ("条件读取的问题“more”不存在。", "可用的有：child、kind、many。")),
        ("size(answers) > 1", ("条件要写明读的是哪个问题，不能使用整个 answers。", EXAMPLE)),
        ('answers["child"]', ("条件要写明读的是哪个问题，不能使用整个 answers。", EXAMPLE)),
        ("form.child", ("条件只能读取 answers.<问题>，不能使用 form.child。", EXAMPLE)),
        ('kind == "a"', ("“kind”前面少了 answers.", "写成 answers.kind。")),
        ("answers.kind == new", ("条件只能读取 answers.<问题>，不能使用 new。", '文字要加引号："new"。')),
        # what officers need not read
        ('answers.kind.matches("(a+)+$")', ("条件里不能用 matches。", EXAMPLE)),
        ('answers.many.exists(one, one == "a")', ("条件里不能用 循环（exists、all 等）。", EXAMPLE)),
        ('answers.kind + "b" == "ab"', ("条件里不能用 +。", EXAMPLE)),
        # slips
        ('answers.kind = "a"', ("第 14 列只有一个等号。", "比较用两个等号：==。")),
        ('answers.kind == "a" 且 answers.child', ("第 21 列的“且”不是条件里的写法。", "换成 &&。")),
        ("answers.child and answers.child", ("第 15 列的“and”不是条件里的写法。", "换成 &&。")),
        ("！answers.child", ("第 1 列的 ！ 是全角（或弯）的符号。", "换成半角的 ! 。")),
        ("answers.kind ==", ("第 16 列起看不懂：answers.kind ==", EXAMPLE)),
        ("(" * 200 + "answers.child" + ")" * 200, ("条件太长，或括号套得太深。", "拆成几个问题，或写得短一些。")),
    ],
)
def test_what_is_no_condition_is_said_in_an_officer_s_words(text: str, wrong: tuple[str, str]) -> None:
    with pytest.raises(ConditionError) as refused:
        CONDITIONS.condition(text)
    assert [(one.what, one.remedy) for one in refused.value.wrong] == [wrong]


def test_everything_that_is_wrong_is_said_at_once() -> None:
    with pytest.raises(ConditionError) as refused:
        CONDITIONS.condition('answers.more == "x" || answers.kind == “a”')
    assert [one.what for one in refused.value.wrong] == [
        "第 40 列的 “ 是全角（或弯）的符号。",
        "第 42 列的 ” 是全角（或弯）的符号。",
    ]
    with pytest.raises(ConditionError) as refused:
        CONDITIONS.condition('answers.more == "x" || answers.child == "是"')
    assert [one.what for one in refused.value.wrong] == [
        "条件读取的问题“more”不存在。",
        "第 38 列：问题“child”的回答只有“是”或“否”，不能同文字比较。",
    ]


@given(st.text(max_size=60))
def test_whatever_is_typed_is_a_condition_or_refused_in_chinese(text: str) -> None:
    try:
        CONDITIONS.condition(text)
        said = []
    except ConditionError as refused:
        said = [one.what for one in refused.wrong] or [""]
    for what in said:
        assert re.search("[一-龥]", what)
        assert "INVALID_ARGUMENT" not in what


def atoms() -> st.SearchStrategy[str]:
    option = st.sampled_from(OPTIONS)
    return st.one_of(
        st.just("answers.child"),
        st.builds('answers.kind {} "{}"'.format, st.sampled_from(["==", "!="]), option),
        st.builds('answers.kind in ["{}", "{}"]'.format, option, option),
        st.builds('"{}" in answers.many'.format, option),
        st.builds("size(answers.many) {} {}".format, st.sampled_from(["==", "!=", "<", ">="]), st.integers(0, 3)),
    )


TEXTS = st.recursive(
    atoms(),
    lambda inner: st.one_of(
        st.builds("!({})".format, inner),
        st.builds("({}) {} ({})".format, inner, st.sampled_from(["&&", "||"]), inner),
    ),
    max_leaves=6,
)
ANSWERS = st.fixed_dictionaries(
    {
        "child": st.booleans(),
        "kind": st.sampled_from(["", *OPTIONS]),
        "many": st.lists(st.sampled_from(OPTIONS), unique=True),
    }
)


@given(TEXTS, ANSWERS)
def test_conditions_hold_as_anybody_would_read_them(text: str, answers: Answers) -> None:
    python = text.replace("&&", " and ").replace("||", " or ").replace("!(", "not (").replace("size(", "len(")
    python = re.sub(r"answers\.(\w+)", r"answers['\1']", python)
    wanted: Any = eval(python, {"answers": answers, "len": len})
    assert CONDITIONS.holds(text, answers) is wanted
    assert CONDITIONS.holds(text, answers) is wanted, "remembered, too"
    turned = {**answers, "many": list(reversed(answers["many"]))}  # type: ignore[arg-type]
    assert CONDITIONS.holds(text, turned) is wanted, "whatever was chosen first"


def test_what_is_derived_is_looked_up_once_and_not_taken_along_by_a_copy() -> None:
    definition = load_catalog().latest["enterprise-opening"]
    assert conditions_of(definition) is conditions_of(definition)
    assert checks_of(definition, None, "registration") is checks_of(definition, None, "registration")
    copied = definition.model_copy(update={"questions": definition.questions[:1]})
    assert conditions_of(copied) is not conditions_of(definition)
    assert copied.digest != definition.digest
