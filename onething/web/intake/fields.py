"""Values of an application's fields: as a form sends them, and as people read them."""

from collections.abc import Iterable, Mapping
from typing import Any

from onething.domain.characters import is_blank
from onething.domain.definition.bundle import FormField, FormFieldType, Question, QuestionType
from onething.domain.definition.form_labels import spoken
from onething.domain.identity import ID_NAMES, PERSONAL, IdType
from onething.services.summaries.case_summary import PartyView
from onething.web.core.forms import Form

FieldValues = Mapping[str, Any]
"""Names of fields, and what is in each; None for one that is to be emptied."""

_YES_OR_NO = {"true": True, "false": False}
_LONGEST_INTEGER = 15
DELIVERY_NAMES = {"electronic": "电子送达（网上查看，短信提醒）", "counter": "到窗口领取", "post": "邮寄"}
PARTY_TYPES = {"person": "个人", "enterprise": "企业或其他组织"}


def sent_values(fields: Iterable[FormField], sent: Form, at: str) -> FieldValues:
    """Field → what was sent, None for nothing; but for lists, whose rows are sent each by itself."""
    return {
        field.id: _value(field, sent, f"{at}/{field.id}") for field in fields if field.type is not FormFieldType.LIST
    }


def _value(field: FormField, sent: Form, pointer: str) -> Any:
    match field.type:
        case FormFieldType.MULTI_CHOICE:
            return list(sent.values(pointer)) or None
        case FormFieldType.IDENTITY:
            number = sent.value(f"{pointer}/number")
            return {"kind": sent.value(f"{pointer}/kind"), "number": number} if not is_blank(number) else None
    value = sent.value(pointer)
    if is_blank(value):
        return None
    if field.type is FormFieldType.BOOLEAN:
        return _YES_OR_NO.get(value, value)
    return _integer(value) if field.type is FormFieldType.INTEGER else value


def _integer(value: str) -> int | str:
    """What is no number stays as it was typed: it is told what is wrong, and nothing is lost."""
    plain = value.strip()
    digits = plain.removeprefix("-")
    return int(plain) if digits.isascii() and digits.isdigit() and len(digits) <= _LONGEST_INTEGER else value


def sent_answers(questions: Iterable[Question], sent: Form) -> FieldValues:
    """Question → what was answered, None for nothing."""
    return {one.id: _answer(one, sent, f"/answers/{one.id}") for one in questions}


def _answer(question: Question, sent: Form, pointer: str) -> Any:
    if question.type is QuestionType.MULTI_CHOICE:
        # a box that nobody has ticked is not sent: that the question was asked is
        return list(sent.values(pointer)) if sent.has(f"asked{pointer}") else None
    value = sent.value(pointer)
    if question.type is QuestionType.BOOLEAN:
        return _YES_OR_NO.get(value)
    return value or None


def kinds_of(field: FormField) -> list[tuple[str, str]]:
    """Of papers that the field takes."""
    return [(kind.value, ID_NAMES[kind]) for kind in field.accepts or PERSONAL]


ALL_KINDS = [(kind.value, ID_NAMES[kind]) for kind in IdType if kind is not IdType.OTHER]


def words_of(field: FormField, value: Any) -> str:
    """As it is read; empty for nothing."""
    return "" if value in (None, "", [], {}) else spoken(field, value)


def answer_words(question: Question, answer: Any) -> str:
    labels = {option.value: option.label for option in question.options}
    match answer:
        case bool():
            return "是" if answer else "否"
        case list():
            return "、".join(labels.get(str(one), str(one)) for one in answer) or "都不办"
        case None | "":
            return ""
    return labels.get(answer, str(answer))


def row_words(field: FormField, row: Any) -> str:
    """A row of a list, in short: its first two columns."""
    if not isinstance(row, Mapping):
        return str(row)
    told = [words_of(column, row.get(column.id)) for column in field.fields[:2]]
    return "，".join(one for one in told if one) or "（还没有填）"


def party_words(party: PartyView | None) -> list[tuple[str, str]]:
    if party is None:
        return []
    kind = dict(ALL_KINDS).get(party.id_type) or "证件"
    rows = [("姓名或名称", party.name), (kind, party.id_number), ("联系电话", party.phone or "")]
    return [("申请人", PARTY_TYPES.get(party.type, party.type)), *rows]


def delivery_words(delivery: Mapping[str, Any] | None) -> str:
    if not delivery:
        return ""
    way = DELIVERY_NAMES.get(delivery["method"], delivery["method"])
    return f"{way}：{delivery['address']}" if delivery.get("address") else way
