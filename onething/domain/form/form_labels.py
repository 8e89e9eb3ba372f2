"""Forms in the words that people read: labels instead of codes and pointers."""

from typing import Any

from onething.domain.definition.bundle import BundleDefinition
from onething.domain.definition.form_fields import FormField, FormFieldType
from onething.domain.form.field_values import paper_in
from onething.domain.identity import ID_NAMES

_NAMES = {
    ("applicant", "name"): "申请人姓名或名称",
    ("applicant", "id_type"): "申请人证件类型",
    ("applicant", "id_number"): "申请人证件号码",
    ("applicant", "phone"): "申请人联系电话",
    ("delivery", "address"): "送达地址",
}
_PARTS = {"form": "申请表", "answers": "情形", "applicant": "申请人", "agent": "经办人", "delivery": "送达方式"}


def spoken(field: FormField, value: Any) -> str:
    """A value as its form shows it: options by label, yes and no in words, rows of a list one after another.

    What does not fit the field is shown as it is: old values must stay readable.
    """
    labels = {option.value: option.label for option in field.options}
    match field.type, value:
        case FormFieldType.CHOICE, str():
            return labels.get(value, value)
        case FormFieldType.MULTI_CHOICE, list():
            return "、".join(labels.get(str(one), str(one)) for one in value)
        case FormFieldType.IDENTITY, dict() if (paper := paper_in(value)) is not None:
            return f"{ID_NAMES[paper[0]]} {paper[1]}"
        case FormFieldType.LIST, list():
            return "；".join(_row(field, row) for row in value)
        case _, bool():
            return "是" if value else "否"
        case _:
            return str(value)


def place_name(definition: BundleDefinition | None, pointer: str) -> str:
    """What a JSON pointer into an application points at: `/form/shareholders/1/name` → 申请表“出资人”第 2 行“姓名”. By
    its part of the application where the definition does not know it; the pointer itself is told to nobody."""
    _, part, *rest = (*pointer.split("/"), "")
    name = rest[0]
    if (part, name) in _NAMES:
        return _NAMES[part, name]
    if part == "answers" and definition is not None:
        asked = {one.id: one.question for one in definition.questions}
        return f"情形“{asked[name]}”" if name in asked else _PARTS[part]
    fields = {one.id: one for one in definition.form} if definition is not None else {}
    if part == "form" and name in fields:
        return f"申请表“{fields[name].label}”{_cell(fields[name], rest[1:])}"
    return _PARTS.get(part, _PARTS["form"])


def _cell(field: FormField, rest: list[str]) -> str:
    columns = {column.id: column.label for column in field.fields}
    row = f"第 {int(rest[0]) + 1} 行" if rest and rest[0].isdecimal() else ""
    return row + (f"“{columns[rest[1]]}”" if row and len(rest) > 1 and rest[1] in columns else "")


def _row(field: FormField, row: Any) -> str:
    if not isinstance(row, dict):
        return str(row)
    known = [f"{one.label} {spoken(one, row[one.id])}" for one in field.fields if one.id in row]
    columns = {one.id for one in field.fields}
    return "，".join([*known, *(f"{name} {value}" for name, value in row.items() if name not in columns)])
