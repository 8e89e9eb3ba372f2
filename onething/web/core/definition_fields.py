"""Questions and fields of a definition in a browser's form: read into the types that services take, and as texts again
for the page. What can't be read stays as it was typed, for the service to tell what is wrong with it."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from typing import Any

from onething.domain.characters import is_blank
from onething.domain.definition.form_fields import FormField, FormFieldType
from onething.domain.definition.questions import Answers, AnswerValue, Question, QuestionType
from onething.domain.identity import ID_NAMES, PERSONAL
from onething.web.core.forms import Form
from onething.web.core.typed_dates import typed_date

_WHOLE = re.compile(r"-?[0-9]{1,15}")
_MOST_ROWS = 200
FieldValues = dict[str, Any]
"""By the fields' ids."""
_YES_OR_NO = {"true": True, "false": False}


def read_answers(questions: Iterable[Question], sent: Form, at: str = "/answers") -> Answers:
    """What was answered, by the questions' ids; what was not is left out. A question with several answers whose boxes
    are all empty says none, where `<pointer>/shown` was sent."""
    answers: Answers = {}
    for question in questions:
        pointer = f"{at}/{question.id}"
        if question.type is QuestionType.MULTI_CHOICE:
            if sent.has(f"{pointer}/shown"):
                answers[question.id] = list(sent.values(pointer))
        elif value := sent.value(pointer):
            answers[question.id] = typed_answer(question, value)
    return answers


def typed_answer(question: Question, text: str) -> AnswerValue:
    """A single answer as it was typed, in its type where it can be read as one."""
    match question.type:
        case QuestionType.BOOLEAN:
            return _YES_OR_NO.get(text, text)
        case QuestionType.DATE:
            return typed_date(text)
        case QuestionType.NUMBER | QuestionType.AMOUNT:
            return unicodedata.normalize("NFKC", text).replace(",", "").strip()
    return text


def answer_words(question: Question, answer: Any) -> str:
    """For people; to a question that does not apply nothing."""
    labels = {option.value: option.label for option in question.options}
    match answer:
        case bool():
            return "是" if answer else "否"
        case list():
            return "、".join(labels.get(str(one), str(one)) for one in answer) or "都不办"
        case None | "":
            return ""
    return f"{labels.get(answer, str(answer))}{question.counted_in}"


def figure_hint(question: Question) -> str:
    """What the answer is counted in, and how much it may be."""
    unit = question.counted_in
    least = f"不小于 {question.minimum}" if question.minimum is not None else ""
    most = f"不大于 {question.maximum}" if question.maximum is not None else ""
    return "，".join(part for part in (question.help or "", f"单位：{unit}" if unit else "", least, most) if part)


def read_fields(fields: Iterable[FormField], sent: Form, at: str = "/form") -> FieldValues:
    """What was filled in; what is empty is left out."""
    read = ((field.id, _read(field, sent, f"{at}/{field.id}")) for field in fields)
    return {name: value for name, value in read if value not in (None, "", [], {})}


def _read(field: FormField, sent: Form, pointer: str) -> Any:
    match field.type:
        case FormFieldType.LIST:
            return list(_rows(field, sent, pointer))
        case FormFieldType.MULTI_CHOICE:
            return list(sent.values(pointer))
        case FormFieldType.IDENTITY:
            number = sent.value(f"{pointer}/number")
            return None if is_blank(number) else {"kind": sent.value(f"{pointer}/kind"), "number": number}
    value = sent.value(pointer)
    if is_blank(value):
        return None
    match field.type:
        case FormFieldType.BOOLEAN:
            return _YES_OR_NO.get(value, value)
        case FormFieldType.DATE:
            return typed_date(value)
        case FormFieldType.INTEGER:
            return int(value) if _WHOLE.fullmatch(value.strip()) else value
    return value


def as_text(value: Any) -> str:
    """A single value as its field shows it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)


def options_of(choice: Question | FormField) -> list[tuple[str, str]]:
    return [(option.value, option.label) for option in choice.options]


def papers_of(identity: FormField) -> list[tuple[str, str]]:
    """Kinds of papers that an identity field takes."""
    return [(kind.value, ID_NAMES[kind]) for kind in identity.accepts or PERSONAL]


def _rows(field: FormField, sent: Form, pointer: str) -> Iterator[FieldValues]:
    """Those in which something stands, in their order."""
    numbers = {
        int(rest) for name, _ in sent.fields if name.startswith(f"{pointer}/") and (rest := _number(name, pointer))
    }
    for number in sorted(numbers)[:_MOST_ROWS]:
        if row := read_fields(field.fields, sent, f"{pointer}/{number}"):
            yield row


def _number(name: str, pointer: str) -> str:
    first = name[len(pointer) + 1 :].partition("/")[0]
    return first if first.isascii() and first.isdigit() and len(first) <= 4 else ""
