"""Values of an application's fields: as a form sends them, and as people read them."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from onething.domain.definition.form_fields import FormField, FormFieldType
from onething.domain.definition.questions import Question
from onething.domain.errors import FieldProblem
from onething.domain.form.form_labels import spoken
from onething.domain.identity import ID_NAMES, IdType
from onething.services.summaries.case_summary import PartyView
from onething.web.core.definition_fields import FieldValues, read_answers, read_fields
from onething.web.core.forms import Form
from onething.web.core.problems import FieldMistake

DELIVERY_NAMES = {"electronic": "电子送达（网上查看，短信提醒）", "counter": "到窗口领取", "post": "邮寄"}
_PLACE = re.compile(r"([a-z][a-z0-9_]{0,59})/(0|[1-9][0-9]?|1[0-9]{2})")
PARTY_TYPES = {"person": "个人", "enterprise": "企业或其他组织"}


def sent_values(fields: Iterable[FormField], sent: Form, at: str) -> FieldValues:
    """Field → what was sent, None for nothing; but for lists, whose rows are sent each by itself."""
    plain = [one for one in fields if one.type is not FormFieldType.LIST]
    found = read_fields(plain, sent, at)
    return {one.id: found.get(one.id) for one in plain}


def row_place(fields: Iterable[FormField], place: str) -> tuple[FormField, int] | None:
    """Which row of which of these lists `directors/0` is; None for anything else."""
    found = _PLACE.fullmatch(place)
    lists = (one for one in fields if found and one.type is FormFieldType.LIST and one.id == found[1])
    column = next(lists, None)
    return (column, int(found[2])) if found and column else None


def sent_row(column: FormField, number: int, sent: Form) -> FieldValues:
    """What was filled in of one row."""
    typed = sent_values(column.fields, sent, f"/form/{column.id}/{number}")
    return {name: value for name, value in typed.items() if value is not None}


def with_row(rows: Any, number: int, row: FieldValues | None) -> list[Any] | None:
    """The rows with this one in its place, or behind the last; without it for None. None for no rows."""
    kept = list(rows) if isinstance(rows, list) else []
    kept[number : number + 1] = [] if row is None else [row]
    return kept or None


def sent_answers(questions: Iterable[Question], sent: Form) -> FieldValues:
    """Question → what was answered, None for nothing."""
    questions = tuple(questions)
    found = read_answers(questions, sent)
    return {one.id: found.get(one.id) for one in questions}


def at_inputs(
    fields: Iterable[FormField], problems: Iterable[FieldProblem | FieldMistake], at: str = "/form"
) -> tuple[FieldMistake, ...]:
    """Each at an input that can be put right: of a paper as a whole, its number."""
    papers = {f"{at}/{one.id}" for one in fields if one.type is FormFieldType.IDENTITY}
    return tuple(
        FieldMistake(f"{one.pointer}/number" if one.pointer in papers else one.pointer, one.detail) for one in problems
    )


ALL_KINDS = [(kind.value, ID_NAMES[kind]) for kind in IdType if kind is not IdType.OTHER]


def words_of(field: FormField, value: Any) -> str:
    """As it is read; empty for nothing."""
    return "" if value in (None, "", [], {}) else spoken(field, value)


def row_words(field: FormField, row: Any) -> str:
    """A row of a list: its first two columns, which say who or what it is, and the others with their labels."""
    if not isinstance(row, Mapping):
        return str(row)
    told = [(column.label, words_of(column, row.get(column.id))) for column in field.fields]
    words = [said if at < 2 else f"{label}：{said}" for at, (label, said) in enumerate(told) if said]
    return "，".join(words) or "（还没有填）"


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
