"""A State Council notice of a year's holidays, written down as a small file: spans of days off and the days worked."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, ValidationError, model_validator

from definitions.calendars import checks
from definitions.calendars.checks import Placed
from definitions.calendars.parts import TableSource
from definitions.problems import DefinitionProblem, DefinitionProblems
from definitions.reading import Document
from definitions.validating import validate
from onething.domain.base import Strict, Text

SEPARATOR = ".."


class DateSpan(Strict):
    """`2027-02-05..2027-02-11`, or one day."""

    first: date
    last: date

    @model_validator(mode="after")
    def _in_order(self) -> "DateSpan":
        if self.first > self.last:
            raise ValueError(f"{self.first} 晚于 {self.last}")
        return self

    @property
    def days(self) -> tuple[date, ...]:
        return tuple(self.first + timedelta(days=n) for n in range((self.last - self.first).days + 1))


def span(text: str) -> DateSpan:
    """As it is written on a command line. Raise `ValueError` with a sentence for people."""
    try:
        return DateSpan.model_validate(_spelled(text))
    except ValidationError as error:
        reason = next((detail["ctx"]["error"] for detail in error.errors() if "error" in detail.get("ctx", {})), None)
        how = f"写成 2026-08-13，或 2026-08-13{SEPARATOR}2026-08-14"
        raise ValueError(f"日期 {text} 写得不对：{reason if isinstance(reason, ValueError) else how}。") from None


def _spelled(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    first, separator, last = value.partition(SEPARATOR)
    return {"first": first.strip(), "last": last.strip() if separator else first.strip()}


SpelledSpan = Annotated[DateSpan, BeforeValidator(_spelled)]


class _Holiday(Strict):
    name: Text
    days: SpelledSpan
    workdays: tuple[date, ...] = ()


class _File(Strict):
    year: int = Field(ge=2000, le=2100)
    title: Text
    number: Text
    holidays: tuple[_Holiday, ...] = Field(min_length=1)


@dataclass(frozen=True)
class Arrangement:
    """What a notice says. Days of the December before the year belong to the holiday that the year begins with."""

    year: int
    source: TableSource
    holidays: dict[date, str]
    workdays: dict[date, str]


def read_notice(path: Path) -> Arrangement:
    """Raise `DefinitionProblems` with everything that is wrong."""
    problems: list[DefinitionProblem] = []
    document = Document(path, path.name)
    said = validate(document, _File, problems)
    if said is not None:
        problems += _problems(document, said)
    if said is None or problems:
        raise DefinitionProblems(sorted(set(problems)))
    return Arrangement(
        said.year,
        TableSource(title=said.title, number=said.number),
        {day: holiday.name for holiday in said.holidays for day in holiday.days.days},
        {day: holiday.name for holiday in said.holidays for day in holiday.workdays},
    )


def _problems(document: Document, parsed: _File) -> Iterator[DefinitionProblem]:
    off = [
        Placed(day, ("holidays", index, "days"))
        for index, holiday in enumerate(parsed.holidays)
        for day in holiday.days.days
    ]
    worked = [
        Placed(day, ("holidays", index, "workdays", number))
        for index, holiday in enumerate(parsed.holidays)
        for number, day in enumerate(holiday.workdays)
    ]
    yield from checks.of_days(document, off, worked, date(parsed.year - 1, 12, 1), date(parsed.year, 12, 31))
    yield from checks.of_statutory_days(document, parsed.year, off)
