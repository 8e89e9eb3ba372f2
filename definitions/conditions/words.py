"""What an expression may name: each name with the kind of its value. Scopes: `answers.`, `params.`, `situation.` for
what applies; `form.`, `row.`, `decision.`, `given.` and `today` too for what is valid."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from cel_expr_python import cel


class ValueKind(StrEnum):
    """Of a value."""

    YES_NO = "yes_no"
    ONE_OF = "one_of"  # the value of an option
    SOME_OF = "some_of"  # those of several; only membership and how many, never which came first
    NUMBER = "number"
    DATE = "date"
    TEXT = "text"
    NUMBERS = "numbers"  # a column of a list; so are the next two
    DATES = "dates"
    TEXTS = "texts"


CEL_TYPES = {
    ValueKind.YES_NO: cel.Type.BOOL,
    ValueKind.ONE_OF: cel.Type.STRING,
    ValueKind.SOME_OF: cel.Type.List(cel.Type.STRING),
    ValueKind.NUMBER: cel.Type.INT,
    ValueKind.DATE: cel.Type.TIMESTAMP,
    ValueKind.TEXT: cel.Type.STRING,
    ValueKind.NUMBERS: cel.Type.List(cel.Type.INT),
    ValueKind.DATES: cel.Type.List(cel.Type.TIMESTAMP),
    ValueKind.TEXTS: cel.Type.List(cel.Type.STRING),
}
SEVERAL = frozenset({ValueKind.SOME_OF, ValueKind.NUMBERS, ValueKind.DATES, ValueKind.TEXTS})
WITH_NUMBERS = frozenset({ValueKind.NUMBER, ValueKind.NUMBERS})
TODAY = "today"
SCOPES = {
    "answers": "问题",
    "params": "参数",
    "situation": "情形",
    "form": "字段",
    "row": "列",
    "decision": "决定字段",
    "given": "字段",
}
"""The scopes, and what a name in each of them is called."""


@dataclass(frozen=True)
class Word:
    """`decimals`: of a number; it is read as a whole number of its smallest unit, never as a fraction."""

    kind: ValueKind
    decimals: int = 0


def split(name: str) -> tuple[str, str]:
    """Scope and the rest: `answers.child` → `answers`, `child`; the name itself where it has no scope."""
    scope, dot, rest = name.partition(".")
    return (scope, rest) if dot else ("", name)


def scaled(value: int | str | Decimal, decimals: int) -> int:
    """A number in its smallest unit, of so many places. ValueError if it has more."""
    number = Decimal(value).scaleb(decimals)
    if number != number.to_integral_value():
        raise ValueError(f"{value} has more than {decimals} places")
    return int(number)
