"""Values of forms in the words that people read: labels instead of codes."""

from typing import Any

from onething.domain.definition.bundle import FormField, FormFieldType
from onething.domain.definition.field_values import paper_in
from onething.domain.identity import ID_NAMES


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


def _row(field: FormField, row: Any) -> str:
    if not isinstance(row, dict):
        return str(row)
    columns = {column.id: column for column in field.fields}
    told = (
        f"{columns[name].label} {spoken(columns[name], value)}" if name in columns else f"{name} {value}"
        for name, value in row.items()
    )
    return "，".join(told)
