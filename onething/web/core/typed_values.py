"""What a form's texts mean, where a request wants numbers, yes or no, or several of something.

What can't be read stays as it was typed: the request's model says what is wrong with it.
"""

import re
from collections.abc import Mapping
from typing import Any

from onething.web.core.forms import Form
from onething.web.core.typed_dates import typed_date

_TRUTHS: Mapping[str, bool] = {"true": True, "false": False}
_WHOLE = re.compile(r"-?[0-9]{1,15}")
_DECIMAL = re.compile(r"-?[0-9]{1,15}\.[0-9]{1,9}")


def with_numbers(tree: Mapping[str, Any], *names: str) -> Mapping[str, Any]:
    return {name: _number(value) if name in names else value for name, value in tree.items()}


def all_numbers(tree: Any) -> Any:
    """Of a part all of whose members are numbers."""
    return {name: _number(value) for name, value in tree.items()} if isinstance(tree, dict) else tree


def with_truths(tree: Mapping[str, Any], *names: str) -> Mapping[str, Any]:
    return {name: _TRUTHS.get(value, value) if name in names else value for name, value in tree.items()}


def with_lists(tree: Mapping[str, Any], sent: Form, *names: str) -> Mapping[str, Any]:
    """Of boxes that may be ticked together; none ticked is nothing said."""
    chosen = {name: list(sent.values(f"/{name}")) for name in names}
    return {**tree, **{name: values for name, values in chosen.items() if values}}


def with_kinds(tree: Mapping[str, Any], sent: Form, name: str) -> Mapping[str, Any]:
    """Fields that a definition names, under `name`: the form itself says in `kind/<name>/<field>` of which kind each
    is that is no text."""
    inner = tree.get(name)
    if not isinstance(inner, dict):
        return dict(tree)
    typed: dict[str, object] = {}
    for field, value in inner.items():
        kind = sent.value(f"kind/{name}/{field}")
        if kind == "multi_choice":
            typed[field] = list(sent.values(f"/{name}/{field}"))
        elif kind == "boolean":
            typed[field] = _TRUTHS.get(value, value)
        elif kind == "date":
            typed[field] = typed_date(value) if isinstance(value, str) else value
        else:
            typed[field] = _number(value) if kind == "integer" else _decimal(value) if kind == "number" else value
    return {**tree, name: typed}


def _decimal(value: Any) -> Any:
    return float(value) if isinstance(value, str) and _DECIMAL.fullmatch(value) else _number(value)


def _number(value: Any) -> Any:
    return int(value) if isinstance(value, str) and _WHOLE.fullmatch(value.strip()) else value
