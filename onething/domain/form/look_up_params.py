"""What a source is asked with, of what an application says: parameter → where its value comes from.

`answers.<id>` is an answer, `<field>` a form field: of a field of identity its number, and `<field>.kind` the kind of
the paper that shows it.
"""

from collections.abc import Mapping
from typing import Any

from onething.domain.form.field_values import paper_in

_ANSWERS = "answers."
_KIND = ".kind"


def field_of(origin: str) -> str:
    """The form field that a parameter is taken from; of an answer what no field is called."""
    return origin if origin.startswith(_ANSWERS) else origin.removesuffix(_KIND)


def is_kind(origin: str) -> bool:
    """Whether it is the kind of a paper, which says of what a number is and nothing by itself."""
    return field_of(origin) != origin


def look_up_values(params: Mapping[str, str], form: Mapping[str, Any], answers: Mapping[str, Any]) -> Mapping[str, Any]:
    """Parameter → value; None where nothing is said."""
    return {name: _value(origin, form, answers) for name, origin in params.items()}


def _value(origin: str, form: Mapping[str, Any], answers: Mapping[str, Any]) -> Any:
    if origin.startswith(_ANSWERS):
        return answers.get(origin.removeprefix(_ANSWERS))
    value = form.get(field_of(origin))
    paper = paper_in(value)
    if paper is None:
        return None if is_kind(origin) else value
    kind, number = paper
    return kind.value if is_kind(origin) else number
