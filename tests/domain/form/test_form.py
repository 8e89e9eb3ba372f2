"""Form values: what is accepted to the byte, what is refused, and all problems at once with their pointers."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onething.domain.definition.form_fields import FormField, FormFieldType
from onething.domain.definition.questions import Option
from onething.domain.errors import FailureCode
from onething.domain.form.form import check_form, normal_form
from onething.domain.identity import IdType, check_character

TODAY = date(2026, 11, 30)
ID = "11010519491231002X"
USCC = "91110000600037341L"


def field(kind: FormFieldType, **more: Any) -> FormField:
    return FormField(id="it", label="此项", type=kind, **more)


def options(*values: str) -> tuple[Option, ...]:
    return tuple(Option(value=value, label=value) for value in values)


def complaints(one: FormField, value: Any) -> list[str]:
    return [problem.code for problem in check_form((one,), {"it": value}, today=TODAY)]


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (FormFieldType.PERSON_NAME, "䶮𠮷"),
        (FormFieldType.PERSON_NAME, "阿凡提·买买提"),
        (FormFieldType.PERSON_NAME, "\ue863"),  # 䶮 as old systems still send it
        (FormFieldType.PERSON_NAME, "\U00031350"),  # newer than this Python's Unicode tables
        (FormFieldType.PERSON_NAME, "〇"),
        (FormFieldType.PERSON_NAME, "محمد علي"),
        (FormFieldType.PERSON_NAME, "Seán O'Neil-Smith"),
        (FormFieldType.PERSON_NAME, "བསྟན་འཛིན་རྒྱ་མཚོ"),  # a Tibetan name has a tsheg between its syllables
        (FormFieldType.PERSON_NAME, "བཀྲ་ཤིས་"),
        (FormFieldType.PERSON_NAME, "ᠨᠠᠮ\u180eᠠ"),
        (FormFieldType.PERSON_NAME, "买买提･吐尔逊"),
        (FormFieldType.PERSON_NAME, "D‘Angelo Smith‑Jones"),
        (FormFieldType.PERSON_NAME, "ג׳ון בן־דוד"),
        (FormFieldType.RESIDENT_ID, ID),
        (FormFieldType.RESIDENT_ID, "１１０１０５１９４９１２３１００２ｘ"),
        (FormFieldType.RESIDENT_ID, "110105 19491231 002x"),
        (FormFieldType.USCC, USCC),
        (FormFieldType.USCC, "９１１１００００６０００３７３４１l"),
        (FormFieldType.PHONE, "138 0013 8000"),
        (FormFieldType.PHONE, "１３８００１３８０００"),
        (FormFieldType.PHONE, "010-62345678"),
        (FormFieldType.PHONE, "+852 9123 4567"),
        (FormFieldType.RESIDENT_ID, "330114202105010025"),  # born in a district founded in 2021
        (FormFieldType.RESIDENT_ID, "320219198506151220"),
        (FormFieldType.IDENTITY, ID),
        (FormFieldType.IDENTITY, {"kind": "passport", "number": "E12345678"}),
        (FormFieldType.IDENTITY, {"kind": "hmt_residence_permit", "number": "830000198501010022"}),
        (FormFieldType.EMAIL, "li.lei+work@example.com.cn"),
        (FormFieldType.ADDRESS, "杭州市西湖区文三路1号🏠2单元"),
        (FormFieldType.LONG_TEXT, "第一行\n第二行 😀 한국어"),
        (FormFieldType.DATE, "2024-02-29"),
        (FormFieldType.DATE, "２０２４-０２-２９"),
        (FormFieldType.MONEY, "100000"),
        (FormFieldType.MONEY, "９９.５０"),
        (FormFieldType.INTEGER, 0),
        (FormFieldType.BOOLEAN, False),
    ],
)
def test_accepted(kind: FormFieldType, value: Any) -> None:
    assert complaints(field(kind), value) == []


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (FormFieldType.PERSON_NAME, "张三1"),
        (FormFieldType.PERSON_NAME, "😀"),
        (FormFieldType.PERSON_NAME, "··"),
        (FormFieldType.PERSON_NAME, "་"),
        (FormFieldType.PERSON_NAME, "名" * 101),
        (FormFieldType.RESIDENT_ID, "110105194912310021"),  # check character
        (FormFieldType.RESIDENT_ID, "110105194913310020"),  # 13th month
        (FormFieldType.RESIDENT_ID, "110105491231002"),  # the old 15 digits
        (FormFieldType.RESIDENT_ID, 11010519491231002),
        (FormFieldType.IDENTITY, "E12345678"),
        (FormFieldType.IDENTITY, {"kind": "uscc", "number": USCC}),
        (FormFieldType.IDENTITY, {"kind": "other", "number": "1"}),
        (FormFieldType.IDENTITY, {"kind": ["passport"], "number": "E12345678"}),
        (FormFieldType.IDENTITY, {"number": ID}),
        (FormFieldType.IDENTITY, {"kind": "passport", "number": 12345678}),
        (FormFieldType.IDENTITY, {"kind": "passport", "number": "E12345678", "name": "x"}),
        (FormFieldType.IDENTITY, [ID]),
        (FormFieldType.USCC, "91110000600037341M"),
        (FormFieldType.USCC, "9111000060003734"),
        (FormFieldType.PHONE, "12345678901"),
        (FormFieldType.PHONE, "打我手机"),
        (FormFieldType.EMAIL, "nobody@"),
        (FormFieldType.TEXT, "上\n下"),
        (FormFieldType.TEXT, "半个\ud842"),
        (FormFieldType.TEXT, "零\x00"),
        (FormFieldType.TEXT, ["列表"]),
        (FormFieldType.DATE, "2023-02-29"),
        (FormFieldType.DATE, "2024/02/28"),
        (FormFieldType.DATE, "1024-02-28"),
        (FormFieldType.MONEY, "1.234"),
        (FormFieldType.MONEY, "-5"),
        (FormFieldType.MONEY, "一百"),
        (FormFieldType.MONEY, 100),
        (FormFieldType.INTEGER, "5"),
        (FormFieldType.INTEGER, True),
        (FormFieldType.INTEGER, 1.5),
        (FormFieldType.BOOLEAN, "true"),
        (FormFieldType.BOOLEAN, 1),
    ],
)
def test_refused(kind: FormFieldType, value: Any) -> None:
    assert complaints(field(kind), value) == [FailureCode.INVALID_VALUE]


@pytest.mark.parametrize("value", [None, "", "  　", []])
def test_missing(value: Any) -> None:
    assert complaints(field(FormFieldType.TEXT), value) == [FailureCode.MISSING_VALUE]
    assert complaints(field(FormFieldType.TEXT, required=False), value) == []


def test_ranges_and_choices() -> None:
    capital = field(FormFieldType.MONEY, minimum=1, maximum=100)
    assert complaints(capital, "0.99") == complaints(capital, "100.01") == [FailureCode.INVALID_VALUE]
    assert complaints(capital, "100.00") == []
    assert complaints(field(FormFieldType.INTEGER, minimum=5, maximum=12), 13) == [FailureCode.INVALID_VALUE]
    assert complaints(field(FormFieldType.TEXT, max_length=3), "四个字符") == [FailureCode.INVALID_VALUE]
    assert complaints(field(FormFieldType.TEXT, max_length=3), "𠮷𠮷𠮷") == []
    one, many = (
        field(FormFieldType.CHOICE, options=options("a", "b")),
        field(FormFieldType.MULTI_CHOICE, options=options("a")),
    )
    assert complaints(one, "b") == complaints(many, ["a"]) == []
    for wrong in ("c", ["a"], 1, {"a": 1}):
        assert complaints(one, wrong) == [FailureCode.INVALID_VALUE]
    for others in ("a", ["a", "a"], ["c"], [["a"]]):
        assert complaints(many, others) == [FailureCode.INVALID_VALUE]


def test_all_problems_at_once_with_pointers() -> None:
    rows = FormField(
        id="people",
        label="人员",
        type=FormFieldType.LIST,
        max_items=3,
        fields=(
            FormField(id="name", label="姓名", type=FormFieldType.PERSON_NAME),
            FormField(id="id_number", label="公民身份号码", type=FormFieldType.RESIDENT_ID),
        ),
    )
    fields = (rows, field(FormFieldType.PHONE), FormField(id="on", label="日期", type=FormFieldType.DATE))
    form = {
        "people": [{"name": "李雷", "id_number": ID}, {"name": "9", "id_number": "1"}, "韩梅梅", {"nick": "x"}],
        "it": "no",
        "a/b~c": 1,
    }
    found = {(problem.pointer, problem.code) for problem in check_form(fields, form, at="/outputs", today=TODAY)}
    assert found == {
        ("/outputs/a~1b~0c", FailureCode.UNKNOWN_FIELD),
        ("/outputs/people", FailureCode.INVALID_VALUE),  # four rows
        ("/outputs/people/1/name", FailureCode.INVALID_VALUE),
        ("/outputs/people/1/id_number", FailureCode.INVALID_VALUE),
        ("/outputs/people/2", FailureCode.INVALID_VALUE),
        ("/outputs/it", FailureCode.INVALID_VALUE),
        ("/outputs/on", FailureCode.MISSING_VALUE),
    }
    wrong = next(one for one in check_form(fields, form, today=TODAY) if one.pointer == "/form/people/1/name")
    assert wrong.detail.startswith("“人员”第 2 行：“姓名”")
    assert [problem.pointer for problem in check_form((rows,), {"people": {"name": "x"}}, today=TODAY)] == [
        "/form/people"
    ]


@pytest.mark.parametrize(
    ("kind", "typed", "normal"),
    [
        (FormFieldType.RESIDENT_ID, "１１０１０５ １９４９１２３１ ００２ｘ", ID),
        (FormFieldType.IDENTITY, "110105 19491231 002x", {"kind": "resident_id", "number": ID}),
        (
            FormFieldType.IDENTITY,
            {"kind": "hm_travel_permit", "number": "ｈ１２３４５６７８"},
            {"kind": "hm_travel_permit", "number": "H12345678"},
        ),
        (FormFieldType.USCC, "９１１１００００６０００３７３４１l", USCC),
        (FormFieldType.DATE, "２０２４－０２－２９", "2024-02-29"),
        (FormFieldType.MONEY, "９９.５", "99.50"),
        (FormFieldType.MONEY, "00100.00", "100"),
        (FormFieldType.MONEY, "0.00", "0"),
        (FormFieldType.EMAIL, " Li.Lei@EXAMPLE.com ", "Li.Lei@example.com"),
        (FormFieldType.TEXT, " 证号Ａ１２３（副本） ", "证号A123（副本）"),
        (FormFieldType.ADDRESS, "文三路１号Ｂ座", "文三路1号B座"),
        (FormFieldType.PERSON_NAME, " 阿依古丽·买买提\u3000", "阿依古丽·买买提"),
        (FormFieldType.PERSON_NAME, "\ue863", "\ue863"),
        (FormFieldType.LONG_TEXT, "第１行\n第２行\n", "第1行\n第2行"),
        (FormFieldType.PHONE, "138 0013 8000", "13800138000"),
        (FormFieldType.PHONE, "+86 138-0013-8000", "13800138000"),
        (FormFieldType.PHONE, "008613800138000", "13800138000"),
        (FormFieldType.PHONE, "0571-88888888", "0571-88888888"),
        (FormFieldType.PHONE, "（0571）8888 8888", "0571-88888888"),
        (FormFieldType.PHONE, "+86 571 88888888", "0571-88888888"),
        (FormFieldType.PHONE, "0086-0571-88888888-8012", "0571-88888888-8012"),
        (FormFieldType.PHONE, "0571-88888888-8012", "0571-88888888-8012"),
        (FormFieldType.PHONE, "0571-8888888-8", "0571-8888888-8"),
        (FormFieldType.PHONE, "0571-88888888转8012", "0571-88888888-8012"),
        (FormFieldType.PHONE, "0571 88888888 分机号：8012", "0571-88888888-8012"),
        (FormFieldType.PHONE, "057188888888（转8012）", "0571-88888888-8012"),
        (FormFieldType.PHONE, "010-62345678 ext. 12", "010-62345678-12"),
        (FormFieldType.PHONE, "400-810-8888 转 1", "4008108888-1"),
        (FormFieldType.PHONE, "95588", "95588"),
        (FormFieldType.PHONE, "00852 9123 4567", "+85291234567"),
        (FormFieldType.PHONE, "+1 (415) 555-0100", "+14155550100"),
        (FormFieldType.PHONE, "+44 (0)20 7946 0018", "+442079460018"),  # dialled at home only
        (FormFieldType.PHONE, "00886（0）2 2345 6789", "+886223456789"),
        (FormFieldType.PHONE, "+39 (06) 1234 5678", "+390612345678"),
        (FormFieldType.PHONE, "+39 (0)6 1234 5678", "+390612345678"),  # Italy dials it from abroad too
        (FormFieldType.PHONE, "+86 (0)571 88888888", "0571-88888888"),
        (FormFieldType.PHONE, "+852 2345 6789-12", "+85223456789-12"),  # eight digits there, so the rest is no group
        (FormFieldType.PHONE, "+853-2872-2222", "+85328722222"),
    ],
)
def test_every_value_has_one_form_and_is_kept_in_it(kind: FormFieldType, typed: Any, normal: Any) -> None:
    one = field(kind)
    assert complaints(one, typed) == []
    assert normal_form((one,), {"it": typed}) == {"it": normal}
    assert normal_form((one,), {"it": normal}) == {"it": normal}


def test_rows_are_read_too_and_what_can_not_be_read_stays() -> None:
    rows = field(FormFieldType.LIST, fields=(field(FormFieldType.MONEY),))
    form = {"it": [{"it": "１.5"}, {"it": "一百"}, "x"], "unknown": "１"}
    assert normal_form((rows,), form) == {"it": [{"it": "1.50"}, {"it": "一百"}, "x"], "unknown": "１"}


@pytest.mark.parametrize("nothing", [None, "", " ", "\u200b", "\u2800\u3164", [], {}])
def test_nothing_counts_as_absent_wherever_it_stands(nothing: Any) -> None:
    father = field(FormFieldType.PERSON_NAME, required=False)
    assert list(check_form((father,), {"it": nothing, "elsewhere": nothing}, today=TODAY)) == []
    assert normal_form((father,), {"it": nothing, "elsewhere": nothing}) == {}
    assert complaints(field(FormFieldType.TEXT), nothing) == [FailureCode.MISSING_VALUE]


def test_what_does_not_apply_is_named_by_its_label() -> None:
    problems = list(check_form((), {"father_name": "x", "y": 1}, today=TODAY, others={"father_name": "父亲姓名"}))
    assert [(one.pointer, one.code) for one in problems] == [
        ("/form/father_name", FailureCode.UNKNOWN_FIELD),
        ("/form/y", FailureCode.UNKNOWN_FIELD),
    ]
    assert "父亲姓名" in problems[0].detail


@pytest.mark.parametrize("kind", [FormFieldType.RESIDENT_ID, FormFieldType.IDENTITY])
def test_who_is_born_tomorrow_has_no_number_today(kind: FormFieldType) -> None:
    number = "11010520261201001" + check_character("11010520261201001")
    assert [one.detail for one in check_form((field(kind),), {"it": number}, today=date(2026, 12, 1))] == []
    (problem,) = check_form((field(kind),), {"it": number}, today=TODAY)
    assert "今天之后" in problem.detail


def test_a_paper_is_of_a_kind_that_the_field_accepts_and_told_where_it_is_wrong() -> None:
    both = field(FormFieldType.IDENTITY, accepts=(IdType.PASSPORT, IdType.USCC))
    assert complaints(both, {"kind": "uscc", "number": USCC}) == []
    for value, pointer in (
        (ID, "/form/it"),
        ({"kind": "resident_id", "number": ID}, "/form/it/kind"),
        ({"kind": "passport", "number": "？"}, "/form/it/number"),
        ({"kind": "passport", "number": ""}, "/form/it/number"),
    ):
        (problem,) = check_form((both,), {"it": value}, today=TODAY)
        assert problem.pointer == pointer
        assert "此项" in problem.detail


def test_details_name_the_field_but_never_the_value() -> None:
    secret = "110105194912310021"
    (problem,) = check_form((field(FormFieldType.RESIDENT_ID),), {"it": secret}, today=TODAY)
    assert "此项" in problem.detail
    assert secret not in problem.detail


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=True) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=10,
)


@given(kind=st.sampled_from(FormFieldType), value=json_values)
def test_any_value_is_answered_never_raised(kind: FormFieldType, value: Any) -> None:
    choices = options("a") if kind in (FormFieldType.CHOICE, FormFieldType.MULTI_CHOICE) else ()
    columns = (field(FormFieldType.TEXT),) if kind is FormFieldType.LIST else ()
    one = field(kind, options=choices, fields=columns)
    for problem in check_form((one,), {"it": value}, today=TODAY):
        assert problem.pointer.startswith("/form/it")
    normal = normal_form((one,), {"it": value})
    assert repr(normal_form((one,), normal)) == repr(normal)  # NaN is not itself
