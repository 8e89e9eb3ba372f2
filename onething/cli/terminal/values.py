"""`name=value` as people type it, read as the API wants it."""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from onething.cli.terminal.failures import CommandFailed, ExitCode
from onething.domain.calendar.days import LOCAL

MOMENT_FORMATS = ["%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M"]
"""In which people type a moment."""


def moment_sent(typed_in: datetime) -> str:
    """As the API takes it: people type local time."""
    return typed_in.replace(tzinfo=LOCAL).isoformat()


def pair(text: str, option: str, shape: str = "名称=值") -> tuple[str, str]:
    """Both sides of the first `=`; `shape`: what the option's help calls them. Raises `CommandFailed`."""
    name, equals, value = text.partition("=")
    if not equals:
        raise CommandFailed(f"{option} {text} 写得不对：须是 {shape}。", ExitCode.USAGE)
    return name, value


def versioned(text: str, option: str) -> tuple[str, int]:
    """A material and which version of it. Raises `CommandFailed`."""
    code, version = pair(text, option, "材料=版本，如 articles=1")
    if not (version.isascii() and version.isdigit()):
        raise CommandFailed(f"{option} {text} 写得不对：须是 材料=版本，如 articles=1。", ExitCode.USAGE)
    return code, int(version)


def types_of(fields: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """Name → type of fields as the API shows them, which leaves out what is usual."""
    return {one["id"]: one.get("type", "text") for one in fields}


def typed(text: str, fields: Mapping[str, str], option: str) -> tuple[str, Any]:
    """`field=value` as the field's type wants it; what can't be read so is left for the server to judge. `fields`: name
    → type. Lists are written as JSON, papers of people as `passport:E12345678`. Raises `CommandFailed`."""
    name, value = pair(text, option, "字段=值")
    match fields.get(name):
        case "integer" if value.lstrip("-").isdecimal():
            return name, int(value)
        case "number" if _is_number(value):
            return name, float(value)
        case "boolean" if value in ("true", "false"):
            return name, value == "true"
        case "multi_choice":
            return name, value.split(",") if value else []
        case "identity" if not value.startswith("{"):
            kind, _, number = value.rpartition(":")
            return name, {"kind": kind or "resident_id", "number": number}
        case "list" | "identity":
            return name, _parsed(value)
        case _:
            return name, value


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text
