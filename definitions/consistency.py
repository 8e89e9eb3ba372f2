"""The checks of a bundle held against what was filled in: what no single field can tell. Everything wrong at once, each
with its JSON pointer. Pure: what today is, whoever asks says."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any

from definitions.answers import complete_answers
from definitions.conditions import conditions_of
from definitions.conditions.functions import is_day
from definitions.conditions.of_bundles import checks_of
from definitions.conditions.words import split
from onething.domain.definition.bundle import BundleDefinition
from onething.domain.definition.form_fields import Check, FormField, FormFieldType
from onething.domain.definition.items import Item
from onething.domain.definition.questions import Answers, AnswerValue
from onething.domain.errors import FailureCode, FieldProblem
from onething.domain.form.field_values import WrongValue
from onething.domain.form.form import read_value


@dataclass(frozen=True)
class Filled:
    """What a case has been told: answers, and the values of the fields that apply."""

    answers: Mapping[str, AnswerValue]
    fields: Sequence[FormField]
    form: Mapping[str, Any]


def check_application(definition: BundleDefinition, given: Filled, today: date) -> Iterator[FieldProblem]:
    """Pointers such as `/form/born_on`. Values that are no values are not looked at: `check_form` tells those."""
    if definition.checks:
        values = _of_application(given, complete_answers(definition, given.answers))
        for one in definition.checks:
            yield from _asked(definition, one, values, given, today, None)


def check_decision(
    definition: BundleDefinition, item: Item, given: Filled, outputs: Mapping[str, Any], today: date
) -> Iterator[FieldProblem]:
    """Pointers such as `/outputs/registered_on`. Whatever is valid until a day is so beyond today, in every bundle."""
    labels = {field.id: field.label for field in item.decision_form}
    for name in dict.fromkeys(one.valid_until for one in item.outputs if one.valid_until):
        until = outputs.get(name)
        if isinstance(until, str) and until <= today.isoformat() and is_day(until):
            yield FieldProblem(f"/outputs/{name}", FailureCode.INVALID_VALUE, f"“{labels[name]}”须在今天之后。")
    if item.checks:
        values = _values("decision", item.decision_form, outputs)
        if reads_application(definition, item):
            values = _of_application(given, complete_answers(definition, given.answers)) | values
        for one in item.checks:
            yield from _asked(definition, one, values, given, today, item.code)


def reads_application(definition: BundleDefinition, item: Item) -> bool:
    """Whether some check of the item's decision reads what the application says."""
    own = {f"given.{field.id}" for field in item.decision_form}
    conditions = checks_of(definition, None, item.code)
    named = {name for one in item.checks for name in conditions.condition(one.must).names}
    return any(one.when for one in item.checks) or any(
        split(name)[0] not in ("decision", "params", "") for name in named - own
    )


_Values = dict[str, Any]


def _of_application(given: Filled, answers: Answers) -> _Values:
    return {f"answers.{name}": value for name, value in answers.items()} | _values("form", given.fields, given.form)


def _asked(
    definition: BundleDefinition, check: Check, values: _Values, given: Filled, today: date, item: str | None
) -> Iterator[FieldProblem]:
    answers = {name.removeprefix("answers."): one for name, one in values.items() if name.startswith("answers.")}
    if not conditions_of(definition).holds(check.when, answers):
        return
    must = checks_of(definition, check.rows, item).condition(check.must)
    day = datetime.combine(today, time(), UTC)
    top = "/outputs" if item is not None else "/form"
    if check.rows is None:
        if must.gives(_with_absent(must.names, values), day) is False:
            yield from (FieldProblem(f"{top}/{name}", FailureCode.INVALID_VALUE, check.says) for name in check.at)
        return
    field = next((one for one in given.fields if one.id == check.rows), None)
    rows = given.form.get(check.rows)
    if field is None or not isinstance(rows, list):
        return
    for index, row in enumerate(rows):
        of_row = _values("row", field.fields, row) if isinstance(row, Mapping) else {}
        if must.gives(_with_absent(must.names, values | of_row), day) is False:
            says = f"“{field.label}”第 {index + 1} 行：{check.says}"
            for name in check.at:
                yield FieldProblem(f"{top}/{check.rows}/{index}/{name}", FailureCode.INVALID_VALUE, says)


def _with_absent(names: Sequence[str], values: _Values) -> _Values:
    """What is asked whether it is there, and is not."""
    return {name: False for name in names if name.startswith("given.")} | values


def _values(scope: str, fields: Sequence[FormField], form: Mapping[str, Any]) -> _Values:
    """By the full names of expressions, each as they read it; what can't be read is left out."""
    found: _Values = {}
    for field in fields:
        value = form.get(field.id)
        if field.type is not FormFieldType.LIST:
            read = _read(field, value)
            found[f"given.{field.id}"] = read is not None
            if read is not None:
                found[f"{scope}.{field.id}"] = read
            continue
        rows = [row for row in value if isinstance(row, Mapping)] if isinstance(value, list) else []
        found[f"given.{field.id}"] = bool(rows)
        for column in field.fields:
            column_values = (_read(column, row.get(column.id)) for row in rows)
            found[f"{scope}.{field.id}.{column.id}"] = [one for one in column_values if one is not None]
    return found


def _read(field: FormField, value: Any) -> Any | None:
    if value is None or value in ("", [], {}):
        return None
    try:
        read = read_value(field, value)
    except WrongValue:
        return None
    match field.type, read:
        case FormFieldType.IDENTITY, {"kind": kind, "number": number}:
            return f"{kind} {number}"
        case ((FormFieldType.RESIDENT_ID | FormFieldType.USCC), _):
            return f"{field.type} {read}"
    return read
