"""Form values checked by real rules: everything wrong at once, each with its JSON pointer.

Values are read into their one form first (`normal_form`), and kept as that: what is compared, signed and printed is the
same. Names may be in any script. Pure: what today is, whoever asks says.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from onething.domain import characters
from onething.domain.definition.form_fields import FormField, FormFieldType
from onething.domain.errors import FailureCode, FieldProblem
from onething.domain.form import field_values as values
from onething.domain.form.field_values import WrongValue
from onething.domain.identity import IdType

__all__ = ["check_form", "normal_form", "read_value"]

LONGEST = {
    FormFieldType.TEXT: 200,
    FormFieldType.LONG_TEXT: 4000,
    FormFieldType.ADDRESS: 300,
    FormFieldType.PERSON_NAME: 100,
}


def normal_form(fields: tuple[FormField, ...], form: Mapping[str, Any]) -> dict[str, Any]:
    """Every value in its one form, as far as it can be read; what says nothing (null, empty, blank) left out, as if it
    had not been sent. What can't be read stays as it is, for `check_form` to tell."""
    by_id = {field.id: field for field in fields}
    return {
        name: _normal(by_id[name], value) if name in by_id else value
        for name, value in form.items()
        if not _is_absent(value)
    }


def _normal(field: FormField, value: Any) -> Any:
    if field.type is FormFieldType.LIST and isinstance(value, list):
        return [normal_form(field.fields, row) if isinstance(row, dict) else row for row in value]
    try:
        return read_value(field, value)
    except WrongValue:
        return value


def check_form(
    fields: tuple[FormField, ...],
    form: Mapping[str, Any],
    at: str = "/form",
    *,
    today: date,
    others: Mapping[str, str] | None = None,
) -> Iterator[FieldProblem]:
    """Check a merged form or a decision form (`at="/outputs"`) against the fields that apply to the case; each problem
    is found when it is asked for. `others`: fields that do not apply, id → label."""
    yield from _unknown(fields, form, at, others or {})
    for field in fields:
        yield from _check(field, form, at, today)


def _unknown(
    fields: tuple[FormField, ...], form: Mapping[str, Any], at: str, others: Mapping[str, str]
) -> Iterator[FieldProblem]:
    known = {field.id for field in fields}
    for name, value in form.items():
        if name in known or _is_absent(value):
            continue
        label = others.get(name)
        detail = f"“{label}”不适用于所选情形，请删去。" if label else "这里没有这一项，请删去。"
        yield FieldProblem(f"{at}/{_escaped(name)}", FailureCode.UNKNOWN_FIELD, detail)


def _is_absent(value: Any) -> bool:
    """Whether it says nothing: to send it is the same as not to."""
    return value is None or value in ("", [], {}) or (isinstance(value, str) and characters.is_blank(value))


def _check(field: FormField, form: Mapping[str, Any], at: str, today: date) -> Iterator[FieldProblem]:
    pointer = f"{at}/{field.id}"
    value = form.get(field.id)
    if _is_absent(value):
        if field.required:
            yield FieldProblem(pointer, FailureCode.MISSING_VALUE, f"请填写“{field.label}”。")
        return
    if field.type is FormFieldType.LIST:
        yield from _rows(field, value, pointer, today)
        return
    try:
        _within(field, read_value(field, value, today))
    except WrongValue as wrong:
        place = f"{pointer}/{wrong.member}" if wrong.member else pointer
        yield FieldProblem(place, FailureCode.INVALID_VALUE, f"“{field.label}”{wrong.detail}")


def _rows(field: FormField, rows: Any, pointer: str, today: date) -> Iterator[FieldProblem]:
    if not isinstance(rows, list):
        yield FieldProblem(pointer, FailureCode.INVALID_VALUE, f"“{field.label}”须是列表，每行一项。")
        return
    if not field.min_items <= len(rows) <= field.max_items:
        detail = f"“{field.label}”须有 {field.min_items} 至 {field.max_items} 行，现有 {len(rows)} 行。"
        yield FieldProblem(pointer, FailureCode.INVALID_VALUE, detail)
    for index, row in enumerate(rows[: field.max_items]):
        if isinstance(row, dict):
            for problem in check_form(field.fields, row, f"{pointer}/{index}", today=today):
                yield replace(problem, detail=f"“{field.label}”第 {index + 1} 行：{problem.detail}")
        else:
            detail = f"“{field.label}”的每一行须写成“字段: 值”。"
            yield FieldProblem(f"{pointer}/{index}", FailureCode.INVALID_VALUE, detail)


def read_value(field: FormField, value: Any, today: date | None = None) -> Any:
    """A value of anything but a list in its one form; `today` as `field_values.number_of` has it. Raises WrongValue."""
    match field.type:
        case FormFieldType.BOOLEAN:
            if not isinstance(value, bool):
                raise WrongValue("请用 true 或 false 表示是或否。")
            return value
        case FormFieldType.INTEGER:
            if not isinstance(value, int) or isinstance(value, bool):
                raise WrongValue("须是整数（不加引号）。")
            return value
        case FormFieldType.CHOICE:
            if value not in _options(field):
                raise WrongValue(f"请从以下选项中选择：{_listed(field)}。")
            return value
        case FormFieldType.MULTI_CHOICE:
            return _choices(field, value)
        case FormFieldType.IDENTITY:
            return values.paper(value, field.accepts, today)
    if not isinstance(value, str):
        raise WrongValue("须是文本（加引号）。")
    return _text(field, value, today)


def _text(field: FormField, value: str, today: date | None) -> str:
    match field.type:
        case FormFieldType.LONG_TEXT:
            return values.long_text(value)
        case FormFieldType.PERSON_NAME:
            return values.name(value)
        case FormFieldType.RESIDENT_ID:
            return values.number_of(IdType.RESIDENT_ID, value, today)
        case FormFieldType.USCC:
            return values.number_of(IdType.USCC, value)
        case FormFieldType.PHONE:
            return values.phone(value)
        case FormFieldType.EMAIL:
            return values.email(value)
        case FormFieldType.DATE:
            return values.day(value).isoformat()
        case FormFieldType.MONEY:
            return values.money(value)
    return values.text(value)


def _within(field: FormField, value: Any) -> None:
    """How long or large a value in its one form may be. Raises WrongValue."""
    longest = field.max_length or LONGEST.get(field.type)
    if longest is not None and isinstance(value, str) and len(value) > longest:
        raise WrongValue(f"最多 {longest} 个字，现有 {len(value)} 个，请缩短。")
    if field.type in (FormFieldType.INTEGER, FormFieldType.MONEY):
        amount = Decimal(value)
        if field.minimum is not None and amount < field.minimum:
            raise WrongValue(f"不能小于 {field.minimum}。")
        if field.maximum is not None and amount > field.maximum:
            raise WrongValue(f"不能大于 {field.maximum}。")


def _choices(field: FormField, value: Any) -> list[str]:
    options = _options(field)
    if not isinstance(value, list) or any(choice not in options for choice in value):
        raise WrongValue(f"请用列表从以下选项中选择：{_listed(field)}。")
    if len(set(value)) != len(value):
        raise WrongValue("的同一选项只选一次。")
    return value


def _options(field: FormField) -> list[str]:
    return [option.value for option in field.options]


def _listed(field: FormField) -> str:
    return "、".join(f"{option.value}（{option.label}）" for option in field.options)


def _escaped(name: str) -> str:
    return name.replace("~", "~0").replace("/", "~1")
