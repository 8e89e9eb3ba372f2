"""The functions that expressions may call, beside `size`: pure, each typed."""

from calendar import monthrange
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, time

from cel_expr_python import cel

from onething.domain import identity
from onething.domain.form.field_values import WrongValue, day
from onething.domain.identity import IdType

DATE = "date"
COUNTING = frozenset({"size", "days_between", "months_between", "years_between"})
"""They give whole numbers, whatever else is scaled."""


def instant(iso: str) -> datetime:
    """A day as expressions have it: its first moment, UTC, so that days compare as days. WrongValue for no day."""
    return datetime.combine(day(iso), time(), UTC)


def is_day(text: str) -> bool:
    try:
        day(text)
    except WrongValue:
        return False
    return True


def _days_between(first: datetime, second: datetime) -> int:
    return (second - first).days


def _months_between(first: datetime, second: datetime) -> int:
    """Whole months (民法典 Art. 202: the same day; where a month lacks it, its last)."""
    if second < first:
        return -_months_between(second, first)
    months = (second.year - first.year) * 12 + second.month - first.month
    is_full = second.day >= min(first.day, monthrange(second.year, second.month)[1])
    return months if is_full else months - 1


def _years_between(first: datetime, second: datetime) -> int:
    """Whole years: from a date of birth, the age (周岁; reached on the birthday itself, which is assumed)."""
    return int(_months_between(first, second) / 12)


def _birth_date(paper: str) -> datetime:
    """Of whom a number of a paper names. ValueError where the number does not say."""
    kind, _, number = paper.partition(" ")
    born = identity.born_on(IdType(kind), number)
    if born is None:
        raise ValueError("the number does not say when its holder was born")
    return datetime.combine(born, time(), UTC)


def _distinct(values: Sequence[object]) -> bool:
    return len(set(values)) == len(values)


def _date(text: str) -> datetime:
    try:
        return instant(text)
    except WrongValue as wrong:
        raise ValueError(wrong.detail) from None


def _sum(values: Sequence[int]) -> int:
    return sum(values)


_BOOL, _INT, _TEXT, _DATE = cel.Type.BOOL, cel.Type.INT, cel.Type.STRING, cel.Type.TIMESTAMP
_INTS, _LIST = cel.Type.List(_INT), cel.Type.List(cel.Type.DYN)


_WAYS: Mapping[str, tuple[object, tuple[object, ...], object]] = {
    DATE: (_DATE, (_TEXT,), _date),
    "days_between": (_INT, (_DATE, _DATE), _days_between),
    "months_between": (_INT, (_DATE, _DATE), _months_between),
    "years_between": (_INT, (_DATE, _DATE), _years_between),
    "birth_date": (_DATE, (_TEXT,), _birth_date),
    "sum": (_INT, (_INTS,), _sum),
    "distinct": (_BOOL, (_LIST,), _distinct),
}
"""By name: what it gives, what it takes, what it does."""
NAMES = frozenset(_WAYS)
FUNCTIONS = [
    cel.FunctionDecl(name, [cel.Overload(name, gives, list(takes), is_member=False, impl=way)])
    for name, (gives, takes, way) in _WAYS.items()
]
