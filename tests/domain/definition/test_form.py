"""Form values: what is accepted to the byte, what is refused, and all problems at once with their pointers."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onething.domain.definition.bundle import FieldType, FormField, Option
from onething.domain.definition.form import check_form
from onething.domain.errors import FailureCode

ID = "11010519491231002X"
USCC = "91110000600037341L"


def field(kind: FieldType, **more: Any) -> FormField:
    return FormField(id="it", label="此项", type=kind, **more)


def options(*values: str) -> tuple[Option, ...]:
    return tuple(Option(value=value, label=value) for value in values)


def complaints(one: FormField, value: Any) -> list[str]:
    return [problem.code for problem in check_form((one,), {"it": value})]


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (FieldType.PERSON_NAME, "䶮𠮷"),
        (FieldType.PERSON_NAME, "阿凡提·买买提"),
        (FieldType.PERSON_NAME, "\ue863"),  # 䶮 as old systems still send it
        (FieldType.PERSON_NAME, "\U00031350"),  # newer than this Python's Unicode tables
        (FieldType.PERSON_NAME, "〇"),
        (FieldType.PERSON_NAME, "محمد علي"),
        (FieldType.PERSON_NAME, "Seán O'Neil-Smith"),
        (FieldType.RESIDENT_ID, ID),
        (FieldType.RESIDENT_ID, "１１０１０５１９４９１２３１００２ｘ"),
        (FieldType.RESIDENT_ID, "110105 19491231 002x"),
        (FieldType.USCC, USCC),
        (FieldType.USCC, "９１１１００００６０００３７３４１l"),
        (FieldType.PHONE, "138 0013 8000"),
        (FieldType.PHONE, "１３８００１３８０００"),
        (FieldType.PHONE, "010-62345678"),
        (FieldType.PHONE, "+852 9123 4567"),
        (FieldType.EMAIL, "li.lei+work@example.com.cn"),
        (FieldType.ADDRESS, "杭州市西湖区文三路1号🏠2单元"),
        (FieldType.LONG_TEXT, "第一行\n第二行 😀 한국어"),
        (FieldType.DATE, "2024-02-29"),
        (FieldType.DATE, "２０２４-０２-２９"),
        (FieldType.MONEY, "100000"),
        (FieldType.MONEY, "９９.５０"),
        (FieldType.INTEGER, 0),
        (FieldType.BOOLEAN, False),
    ],
)
def test_accepted(kind: FieldType, value: Any) -> None:
    assert complaints(field(kind), value) == []


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (FieldType.PERSON_NAME, "张三1"),
        (FieldType.PERSON_NAME, "😀"),
        (FieldType.PERSON_NAME, "··"),
        (FieldType.PERSON_NAME, "名" * 101),
        (FieldType.RESIDENT_ID, "110105194912310021"),  # check character
        (FieldType.RESIDENT_ID, "110105194913310020"),  # 13th month
        (FieldType.RESIDENT_ID, "110105491231002"),  # the old 15 digits
        (FieldType.RESIDENT_ID, 11010519491231002),
        (FieldType.USCC, "91110000600037341M"),
        (FieldType.USCC, "9111000060003734"),
        (FieldType.PHONE, "12345678901"),
        (FieldType.PHONE, "打我手机"),
        (FieldType.EMAIL, "nobody@"),
        (FieldType.TEXT, "上\n下"),
        (FieldType.TEXT, "半个\ud842"),
        (FieldType.TEXT, "零\x00"),
        (FieldType.TEXT, ["列表"]),
        (FieldType.DATE, "2023-02-29"),
        (FieldType.DATE, "2024/02/28"),
        (FieldType.DATE, "1024-02-28"),
        (FieldType.MONEY, "1.234"),
        (FieldType.MONEY, "-5"),
        (FieldType.MONEY, "一百"),
        (FieldType.MONEY, 100),
        (FieldType.INTEGER, "5"),
        (FieldType.INTEGER, True),
        (FieldType.INTEGER, 1.5),
        (FieldType.BOOLEAN, "true"),
        (FieldType.BOOLEAN, 1),
    ],
)
def test_refused(kind: FieldType, value: Any) -> None:
    assert complaints(field(kind), value) == [FailureCode.INVALID_VALUE]


@pytest.mark.parametrize("value", [None, "", "  　", []])
def test_missing(value: Any) -> None:
    assert complaints(field(FieldType.TEXT), value) == [FailureCode.MISSING_VALUE]
    assert complaints(field(FieldType.TEXT, required=False), value) == []


def test_ranges_and_choices() -> None:
    capital = field(FieldType.MONEY, minimum=1, maximum=100)
    assert complaints(capital, "0.99") == complaints(capital, "100.01") == [FailureCode.INVALID_VALUE]
    assert complaints(capital, "100.00") == []
    assert complaints(field(FieldType.INTEGER, minimum=5, maximum=12), 13) == [FailureCode.INVALID_VALUE]
    assert complaints(field(FieldType.TEXT, max_length=3), "四个字符") == [FailureCode.INVALID_VALUE]
    assert complaints(field(FieldType.TEXT, max_length=3), "𠮷𠮷𠮷") == []
    one, many = field(FieldType.CHOICE, options=options("a", "b")), field(FieldType.MULTI_CHOICE, options=options("a"))
    assert complaints(one, "b") == complaints(many, ["a"]) == []
    for wrong in ("c", ["a"], 1, {"a": 1}):
        assert complaints(one, wrong) == [FailureCode.INVALID_VALUE]
    for others in ("a", ["a", "a"], ["c"], [["a"]]):
        assert complaints(many, others) == [FailureCode.INVALID_VALUE]


def test_all_problems_at_once_with_pointers() -> None:
    rows = FormField(
        id="people",
        label="人员",
        type=FieldType.LIST,
        max_items=3,
        fields=(
            FormField(id="name", label="姓名", type=FieldType.PERSON_NAME),
            FormField(id="id_number", label="公民身份号码", type=FieldType.RESIDENT_ID),
        ),
    )
    fields = (rows, field(FieldType.PHONE), FormField(id="on", label="日期", type=FieldType.DATE))
    form = {
        "people": [{"name": "李雷", "id_number": ID}, {"name": "9", "id_number": "1"}, "韩梅梅", {"nick": "x"}],
        "it": "no",
        "a/b~c": 1,
    }
    found = {(problem.pointer, problem.code) for problem in check_form(fields, form, at="/outputs")}
    assert found == {
        ("/outputs/a~1b~0c", FailureCode.UNKNOWN_FIELD),
        ("/outputs/people", FailureCode.INVALID_VALUE),  # four rows
        ("/outputs/people/1/name", FailureCode.INVALID_VALUE),
        ("/outputs/people/1/id_number", FailureCode.INVALID_VALUE),
        ("/outputs/people/2", FailureCode.INVALID_VALUE),
        ("/outputs/it", FailureCode.INVALID_VALUE),
        ("/outputs/on", FailureCode.MISSING_VALUE),
    }
    assert [problem.pointer for problem in check_form((rows,), {"people": {"name": "x"}})] == ["/form/people"]


def test_details_name_the_field_but_never_the_value() -> None:
    secret = "110105194912310021"
    (problem,) = check_form((field(FieldType.RESIDENT_ID),), {"it": secret})
    assert "此项" in problem.detail
    assert secret not in problem.detail


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=True) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=10,
)


@given(kind=st.sampled_from(FieldType), value=json_values)
def test_any_value_is_answered_never_raised(kind: FieldType, value: Any) -> None:
    choices = options("a") if kind in (FieldType.CHOICE, FieldType.MULTI_CHOICE) else ()
    columns = (field(FieldType.TEXT),) if kind is FieldType.LIST else ()
    for problem in check_form((field(kind, options=choices, fields=columns),), {"it": value}):
        assert problem.pointer.startswith("/form/it")
