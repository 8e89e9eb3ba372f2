"""Form values checked by real rules: everything wrong at once, each with its JSON pointer.

Values are kept to the byte. Numbers are compared in a normal form (full-width digits, spaces and hyphens between
groups), names may be in any script. Pure: the tables of `stdnum` are part of the rule.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from onething.domain.definition import field_values as values
from onething.domain.definition.bundle import FormField, FormFieldType
from onething.domain.errors import FailureCode, FieldProblem

__all__ = ["check_form"]

LONGEST = {
    FormFieldType.TEXT: 200,
    FormFieldType.LONG_TEXT: 4000,
    FormFieldType.ADDRESS: 300,
    FormFieldType.PERSON_NAME: 100,
}


def check_form(fields: tuple[FormField, ...], form: Mapping[str, Any], at: str = "/form") -> Iterator[FieldProblem]:
    """Check a merged form or a decision form (`at="/outputs"`) against the fields that apply to the case; each problem
    is found when it is asked for."""
    yield from _unknown(fields, form, at)
    for field in fields:
        yield from _check(field, form, at)


def _unknown(fields: tuple[FormField, ...], form: Mapping[str, Any], at: str) -> Iterator[FieldProblem]:
    known = {field.id for field in fields}
    for name in form:
        if name not in known:
            detail = "这里没有这一项，请删去。"
            yield FieldProblem(f"{at}/{_escaped(name)}", FailureCode.UNKNOWN_FIELD, detail)


def _check(field: FormField, form: Mapping[str, Any], at: str) -> Iterator[FieldProblem]:
    pointer = f"{at}/{field.id}"
    value = form.get(field.id)
    if value is None or value in ("", []) or (isinstance(value, str) and not value.strip()):
        if field.required:
            yield FieldProblem(pointer, FailureCode.MISSING_VALUE, f"请填写“{field.label}”。")
        return
    if field.type is FormFieldType.LIST:
        yield from _rows(field, value, pointer)
        return
    detail = _wrong(field, value)
    if detail is not None:
        yield FieldProblem(pointer, FailureCode.INVALID_VALUE, f"“{field.label}”{detail}")


def _rows(field: FormField, rows: Any, pointer: str) -> Iterator[FieldProblem]:
    if not isinstance(rows, list):
        yield FieldProblem(pointer, FailureCode.INVALID_VALUE, f"“{field.label}”须是列表，每行一项。")
        return
    if not field.min_items <= len(rows) <= field.max_items:
        detail = f"“{field.label}”须有 {field.min_items} 至 {field.max_items} 行，现有 {len(rows)} 行。"
        yield FieldProblem(pointer, FailureCode.INVALID_VALUE, detail)
    for index, row in enumerate(rows[: field.max_items]):
        if isinstance(row, dict):
            yield from check_form(field.fields, row, f"{pointer}/{index}")
        else:
            detail = f"“{field.label}”的每一行须写成“字段: 值”。"
            yield FieldProblem(f"{pointer}/{index}", FailureCode.INVALID_VALUE, detail)


def _wrong(field: FormField, value: Any) -> str | None:
    """What is wrong with a value that is there, or None."""
    match field.type:
        case FormFieldType.BOOLEAN:
            return None if isinstance(value, bool) else "请用 true 或 false 表示是或否。"
        case FormFieldType.INTEGER:
            if not isinstance(value, int) or isinstance(value, bool):
                return "须是整数（不加引号）。"
            return _out_of_range(field, Decimal(value))
        case FormFieldType.CHOICE:
            return None if value in _options(field) else f"请从以下选项中选择：{_listed(field)}。"
        case FormFieldType.MULTI_CHOICE:
            return _wrong_choices(field, value)
    if not isinstance(value, str):
        return "须是文本（加引号）。"
    return values.wrong_text(value, multiline=field.type is FormFieldType.LONG_TEXT) or _wrong_text(field, value)


def _wrong_text(field: FormField, value: str) -> str | None:
    longest = field.max_length or LONGEST.get(field.type)
    if longest is not None and len(value) > longest:
        return f"最多 {longest} 个字，现有 {len(value)} 个，请缩短。"
    if field.type is FormFieldType.MONEY:
        amount = values.money(value)
        return values.MONEY_REMEDY if amount is None else _out_of_range(field, amount)
    if field.type is FormFieldType.DATE:
        day = values.day(value)
        return values.DATE_REMEDY if day is None else _wrong_day(day)
    check = _CHECKS.get(field.type)
    return check(value) if check else None


_CHECKS: dict[FormFieldType, Callable[[str], str | None]] = {
    FormFieldType.PERSON_NAME: values.wrong_name,
    FormFieldType.RESIDENT_ID: values.wrong_resident_id,
    FormFieldType.USCC: values.wrong_uscc,
    FormFieldType.PHONE: values.wrong_phone,
    FormFieldType.EMAIL: values.wrong_email,
}


def _wrong_day(day: date) -> str | None:
    return None if 1900 <= day.year <= 2100 else "的年份须在 1900 至 2100 之间，请核对。"


def _wrong_choices(field: FormField, value: Any) -> str | None:
    options = _options(field)
    if not isinstance(value, list) or any(choice not in options for choice in value):
        return f"请用列表从以下选项中选择：{_listed(field)}。"
    return "的同一选项只选一次。" if len(set(value)) != len(value) else None


def _out_of_range(field: FormField, amount: Decimal) -> str | None:
    if field.minimum is not None and amount < field.minimum:
        return f"不能小于 {field.minimum}。"
    if field.maximum is not None and amount > field.maximum:
        return f"不能大于 {field.maximum}。"
    return None


def _options(field: FormField) -> list[str]:
    return [option.value for option in field.options]


def _listed(field: FormField) -> str:
    return "、".join(f"{option.value}（{option.label}）" for option in field.options)


def _escaped(name: str) -> str:
    return name.replace("~", "~0").replace("/", "~1")
