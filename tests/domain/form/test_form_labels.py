"""What people read of a form: labels, never codes."""

from typing import Any

import pytest

from onething.domain.definition.form_fields import FormField, FormFieldType
from onething.domain.definition.questions import Option
from onething.domain.form.form_labels import spoken

OPTIONS = (Option(value="official", label="法定名称章"), Option(value="finance", label="财务专用章"))


def field(kind: FormFieldType, **more: Any) -> FormField:
    return FormField(id="one", label="某项", type=kind, **more)


@pytest.mark.parametrize(
    ("one", "value", "told"),
    [
        (field(FormFieldType.TEXT), "王𠮷", "王𠮷"),
        (field(FormFieldType.INTEGER), 9900, "9900"),
        (field(FormFieldType.IDENTITY), {"kind": "passport", "number": "E12345678"}, "护照 E12345678"),
        (field(FormFieldType.IDENTITY), "E12345678", "E12345678"),
        (field(FormFieldType.BOOLEAN), True, "是"),
        (field(FormFieldType.BOOLEAN), False, "否"),
        (field(FormFieldType.CHOICE, options=OPTIONS), "finance", "财务专用章"),
        (field(FormFieldType.CHOICE, options=OPTIONS), "gone", "gone"),
        (field(FormFieldType.MULTI_CHOICE, options=OPTIONS), ["official", "finance"], "法定名称章、财务专用章"),
    ],
)
def test_a_value_is_told_in_words(one: FormField, value: Any, told: str) -> None:
    assert spoken(one, value) == told


def test_rows_of_a_list_are_told_by_their_columns() -> None:
    name = FormField(id="name", label="姓名", type=FormFieldType.PERSON_NAME)
    seal = FormField(id="seal", label="印章", type=FormFieldType.CHOICE, options=OPTIONS)
    rows = field(FormFieldType.LIST, fields=(name, seal))
    value = [{"seal": "finance", "name": "陈䶮"}, {"name": "阿依古丽·买买提", "old": "x"}]
    assert spoken(rows, value) == "姓名 陈䶮，印章 财务专用章；姓名 阿依古丽·买买提，old x"
