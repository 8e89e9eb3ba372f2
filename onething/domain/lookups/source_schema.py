"""What a source is asked with and answers, as JSON Schema for whoever builds it; where values stand in a reply."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from onething.domain.sources.source import SourceDefinition, SourceField, SourceFieldType

_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_TYPES: dict[SourceFieldType | None, dict[str, Any]] = {
    None: {"type": ["string", "number", "boolean"]},
    SourceFieldType.TEXT: {"type": "string"},
    SourceFieldType.INTEGER: {"type": "integer"},
    SourceFieldType.NUMBER: {"type": "number"},
    SourceFieldType.BOOLEAN: {"type": "boolean"},
    SourceFieldType.DATE: {"type": "string", "format": "date"},
}


class NotThere(Exception):
    """A reply is not as agreed at that place."""

    def __init__(self, path: str) -> None:
        super().__init__(path)
        self.path = path


def value_at(reply: object, path: str) -> object:
    """None for what is left out; raises NotThere where there is no object on the way to it."""
    parts = path.split(".")
    at = reply
    for depth, part in enumerate(parts):
        if at is None and depth > 1:
            return None
        if not isinstance(at, dict):
            raise NotThere(".".join(parts[: max(depth, 1)]))
        at = at.get(part)
    return at


def fits(field: SourceField, value: object) -> bool:
    """Whether a record may hold it there."""
    if value is None:
        return not field.required
    if isinstance(value, bool):
        return field.type in {None, SourceFieldType.BOOLEAN}
    match field.type:
        case None:
            return isinstance(value, str | int | float)
        case SourceFieldType.INTEGER:
            return isinstance(value, int)
        case SourceFieldType.NUMBER:
            return isinstance(value, int | float)
        case SourceFieldType.BOOLEAN:
            return False
        case SourceFieldType.TEXT:
            return isinstance(value, str)
        case SourceFieldType.DATE:
            return isinstance(value, str) and _is_date(value)


def request_schema(source: SourceDefinition) -> dict[str, Any]:
    return {
        "$schema": _DIALECT,
        "title": source.name,
        "type": "object",
        "properties": {param.id: {"title": param.label, "type": "string"} for param in source.params},
        "required": [param.id for param in source.params if param.required],
    }


def reply_schema(source: SourceDefinition) -> dict[str, Any]:
    """Of a 200 that brings a record, and of a call back without its `key`. What it says beside that is dropped."""
    schema: dict[str, Any] = {"$schema": _DIALECT, "title": source.name, "type": "object"}
    _put(schema, source.as_of_from.split("."), {"type": "string", "format": "date-time"}, required=True)
    for field in source.fields:
        shape = {"title": field.label, **_TYPES[field.type]}
        if not field.required:
            shape["type"] = [*_listed(shape["type"]), "null"]
        _put(schema, field.path.split("."), shape, required=field.required)
    return schema


def _put(schema: dict[str, Any], parts: list[str], shape: dict[str, Any], *, required: bool) -> None:
    """The outermost object has to be there, an inner one for what is required within it."""
    at = schema
    for depth, part in enumerate(parts):
        is_value = depth == len(parts) - 1
        needed = required or (depth == 0 and not is_value)
        new: dict[str, Any] = shape if is_value else {"type": ["object", "null"]}
        at.setdefault("properties", {}).setdefault(part, new)
        if needed and part not in at.setdefault("required", []):
            at["required"].append(part)
        at = at["properties"][part]
        if needed and not is_value:
            at["type"] = "object"


def _listed(types: str | Iterable[str]) -> list[str]:
    return [types] if isinstance(types, str) else list(types)


def _is_date(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
