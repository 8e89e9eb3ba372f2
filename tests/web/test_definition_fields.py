"""Fields of definitions as browsers send them: typed as services take them, and nothing that was typed is lost."""

import re
from typing import Any

import pytest

from definitions.loader import load_catalog
from onething.domain.definition.form_fields import FormField, FormFieldType
from onething.domain.definition.questions import Option, Question, QuestionType
from onething.domain.errors import FailureCode
from onething.web.core.definition_fields import read_answers, read_fields
from onething.web.core.forms import Form
from onething.web.core.problems import FieldMistake, Mistakes
from onething.web.core.templating import environment
from tests.web.filled import filled

FIELDS = (
    FormField(id="name", label="姓名", type=FormFieldType.PERSON_NAME),
    FormField(id="weeks", label="孕周", type=FormFieldType.INTEGER, required=False),
    FormField(id="twin", label="是否双胞胎", type=FormFieldType.BOOLEAN),
    FormField(
        id="seals",
        label="印章",
        type=FormFieldType.MULTI_CHOICE,
        options=(Option(value="official", label="公章"), Option(value="finance", label="财务章")),
    ),
    FormField(id="mother", label="母亲证件", type=FormFieldType.IDENTITY),
    FormField(
        id="siblings",
        label="已有子女",
        type=FormFieldType.LIST,
        required=False,
        min_items=0,
        fields=(
            FormField(id="name", label="姓名", type=FormFieldType.PERSON_NAME),
            FormField(id="age", label="年龄", type=FormFieldType.INTEGER),
        ),
    ),
)
WHOLE = {
    "name": "张𠮷䶮",
    "weeks": 39,
    "twin": False,
    "seals": ["official", "finance"],
    "mother": {"kind": "passport", "number": "E123 <4567>"},
    "siblings": [{"name": "一", "age": 3}, {"name": "二", "age": 5}],
}


def _rendered(said: dict[str, Any], mistakes: Mistakes | None = None) -> str:
    template = environment().from_string(
        "{% from 'layout/macros/definition_fields.html' import form_field %}"
        "{% for one in fields %}{{ form_field(one, said.get(one.id), mistakes) }}{% endfor %}"
    )
    return template.render(fields=FIELDS, said=said, mistakes=mistakes)


def _sent_by(page: str) -> Form:
    return Form(tuple(filled(f"<form>{page}</form>")))


def test_what_is_shown_is_read_back_as_it_was() -> None:
    assert read_fields(FIELDS, _sent_by(_rendered(WHOLE))) == WHOLE


def test_what_can_not_be_read_stays_as_it_was_typed() -> None:
    typed = {"weeks": "三十九", "mother": {"kind": "resident_id", "number": "33"}, "siblings": [{"age": "x"}]}
    assert read_fields(FIELDS, _sent_by(_rendered(typed))) == typed


def test_nothing_is_read_of_an_empty_form() -> None:
    assert read_fields(FIELDS, _sent_by(_rendered({}))) == {}


def test_rows_that_are_empty_are_none_and_the_others_close_up() -> None:
    sent = Form((("/form/siblings/3/name", "丙"), ("/form/siblings/1/name", " "), ("/form/siblings/x/name", "丁")))
    assert read_fields(FIELDS, sent) == {"siblings": [{"name": "丙"}]}


@pytest.mark.parametrize(
    ("pointer", "at"),
    [
        ("/form/name", "f-form-name"),
        ("/form/seals", "f-form-seals"),
        ("/form/mother/number", "f-form-mother-number"),
        ("/form/mother", "f-form-mother"),
        ("/form/siblings/1/age", "f-form-siblings-1-age"),
        ("/form/siblings", "f-form-siblings"),
    ],
)
def test_a_mistake_stands_at_its_field_and_the_summary_finds_it(pointer: str, at: str) -> None:
    wrong = Mistakes("", 422, FailureCode.INVALID_REQUEST, (FieldMistake(pointer, "写错了"),))
    page = _rendered(WHOLE, wrong)
    assert page.count("写错了") == 1
    assert len(re.findall(rf'id="{at}"', page)) == 1


def test_ids_are_there_once() -> None:
    ids = re.findall(r'\bid="([^"]+)"', _rendered(WHOLE))
    assert len(ids) == len(set(ids))


def test_answers_are_typed_by_their_questions() -> None:
    options = (Option(value="a", label="甲"), Option(value="b", label="乙"))
    questions = [
        Question(id="yes", question="是否？", type=QuestionType.BOOLEAN),
        Question(id="one", question="哪个？", type=QuestionType.CHOICE, options=options),
        Question(id="many", question="哪些？", type=QuestionType.MULTI_CHOICE, options=options),
        Question(id="none", question="哪些？", type=QuestionType.MULTI_CHOICE, options=options),
        Question(id="unseen", question="哪些？", type=QuestionType.MULTI_CHOICE, options=options),
    ]
    sent = (
        ("/answers/yes", "false"),
        ("/answers/one", "a"),
        ("/answers/many/shown", "1"),
        ("/answers/many", "b"),
        ("/answers/none/shown", "1"),
    )
    assert read_answers(questions, Form(sent)) == {"yes": False, "one": "a", "many": ["b"], "none": []}


def test_every_field_that_is_offered_can_be_shown() -> None:
    template = environment().from_string(
        "{% from 'layout/macros/definition_fields.html' import form_field, question %}"
        "{% for one in fields %}{{ form_field(one, none) }}{% endfor %}"
        "{% for one in questions %}{{ question(one, one.default) }}{% endfor %}"
    )
    for definition in load_catalog().latest.values():
        page = template.render(fields=definition.form, questions=definition.questions)
        for field in definition.form:
            assert f'name="/form/{field.id}' in page
