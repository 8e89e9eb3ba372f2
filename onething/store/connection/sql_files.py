"""Named SQL queries from the files beside their modules, sent with parameters or, where several share a
message, with literals.

aiosql was left out: its asyncpg adapter walks `dir(connection)` and an async generator at every call. What remains of
it is this parser: `-- name: x` begins a query, `:word` is a parameter.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from onething.domain.errors import FailureCode, OneThingError

_FOLDER = Path(__file__).parents[1]
_NAME = re.compile(r"^-- name: (\w+)\s*$", re.MULTILINE)
_PARAMETER = re.compile(r"(?<![:\w]):([a-z_]+)\b")
_NUMBERED = re.compile(r"\$(\d+)")


@dataclass(frozen=True, slots=True)
class Query:
    """SQL with numbered parameters, and the names that they had, in that order."""

    name: str
    text: str
    parameters: tuple[str, ...]

    def arguments(self, values: dict[str, Any]) -> list[Any]:
        """`values` in the order of the parameters. KeyError for a missing one, TypeError for one too many."""
        if len(values) != len(self.parameters):
            raise TypeError(f"query {self.name}: unknown parameters {sorted(values.keys() - set(self.parameters))}")
        return [values[name] for name in self.parameters]

    def spelled_out(self, values: dict[str, Any]) -> str:
        """The query with its values as literals; raises as `arguments` and `literal`."""
        arguments = self.arguments(values)
        return _NUMBERED.sub(lambda match: literal(arguments[int(match[1]) - 1]), self.text)


class Queries:
    """The queries of one file, as attributes."""

    def __init__(self, queries: dict[str, Query]) -> None:
        self._queries = queries

    def __getattr__(self, name: str) -> Query:
        try:
            return self._queries[name]
        except KeyError:
            raise AttributeError(f"no query is named {name}") from None

    def __iter__(self) -> Any:
        return iter(self._queries.values())


@cache
def load(file: str) -> Queries:
    """The queries of `<file>.sql`, by its path below `onething/store`."""
    parts = _NAME.split((_FOLDER / f"{file}.sql").read_text(encoding="utf-8"))
    if parts[0].strip() and not parts[0].lstrip().startswith("--"):
        raise ValueError(f"{file}.sql: SQL before the first name")
    return Queries({name: _parse(name, text) for name, text in zip(parts[1::2], parts[2::2], strict=True)})


def literal(value: str | bytes | int | datetime | None) -> str:
    """A value as SQL. PostgreSQL's strings hold no NUL: raises OneThingError INVALID_VALUE."""
    match value:
        case None:
            return "null"
        case bytes():
            return f"'\\x{value.hex()}'::bytea"
        case int():
            return f"({value})"  # a cast binds closer than the sign does
        case datetime():
            return f"'{value.isoformat()}'::timestamptz"
        case str():
            if "\0" in value:
                raise OneThingError(FailureCode.INVALID_VALUE, "内容含有不允许的字符。")
            return "E'" + value.replace("\\", "\\\\").replace("'", "''") + "'"


def _parse(name: str, text: str) -> Query:
    parameters: list[str] = []

    def number(match: re.Match[str]) -> str:
        if match[1] not in parameters:
            parameters.append(match[1])
        return f"${parameters.index(match[1]) + 1}"

    lines = [line for line in text.strip().splitlines() if not line.lstrip().startswith("--")]
    return Query(name, _PARAMETER.sub(number, "\n".join(lines)).rstrip(";"), tuple(parameters))
