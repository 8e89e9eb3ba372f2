"""The files that a calendar is made of.

Each says in which versions of the calendar it holds: `since`, and `until` once a later file takes its place. So what a
published version rests on stays there, and every version can be put together again.
"""

from dataclasses import dataclass
from datetime import date, time
from typing import Annotated, Generic, Literal, TypeVar

from pydantic import Field, StringConstraints

from definitions.problems import DefinitionProblem
from definitions.reading import Document
from onething.domain.base import Code, Strict, Text

Division = Annotated[str, StringConstraints(pattern=r"^[0-9]{6}$")]
"""Administrative division, GB/T 2260."""


class Part(Strict):
    """`since` and `until`: the first and the last version that it belongs to."""

    schema_version: Literal[1] = Field(alias="schema")
    since: int = Field(ge=1)
    until: int | None = Field(None, ge=1)

    def holds(self, version: int) -> bool:
        return self.since <= version and (self.until is None or version <= self.until)


class CalendarHeader(Part):
    """`calendar.yaml`: what holds for every year."""

    code: Code
    name: Text
    office_hours: tuple[tuple[time, time], ...] = Field(min_length=1)  # (opens, closes), local


class TableSource(Strict):
    """Where a year's table comes from."""

    title: Text
    number: Text
    note: Text | None = None


class YearTable(Part):
    """`2026.yaml`: one year as the State Council arranged it."""

    year: int = Field(ge=2000, le=2100)
    weekend: tuple[Literal["saturday"], Literal["sunday"]]  # the rule that the arithmetic of days knows
    sources: tuple[TableSource, ...] = Field(min_length=1)
    holidays: dict[date, Text] = Field(min_length=1)  # also those that fall on a weekend
    workdays: dict[date, Text]  # weekend days that are worked (调休), by the holiday that they make up for


class Closure(Part):
    """`closures/*.yaml`: working days on which offices are closed after all, such as a typhoon's."""

    days: tuple[date, ...] = Field(min_length=1)
    reason: Text  # what people are told as the name of the day off
    basis: Text
    authority: Text | None = None  # who decided
    region: Division | None = None


P = TypeVar("P", bound=Part)


@dataclass(frozen=True)
class Read(Generic[P]):
    """A part with the file that says it."""

    document: Document
    stem: str
    part: P

    def problem(self, path: tuple[str | int, ...], what: str, remedy: str) -> DefinitionProblem:
        return self.document.problem(path, what, remedy)


@dataclass(frozen=True)
class Parts:
    """All files of one calendar that could be read."""

    heads: tuple[Read[CalendarHeader], ...]
    years: tuple[Read[YearTable], ...]
    closures: tuple[Read[Closure], ...]

    @property
    def every(self) -> tuple[Read[CalendarHeader] | Read[YearTable] | Read[Closure], ...]:
        return (*self.heads, *self.years, *self.closures)

    def of(self, version: int) -> "Parts":
        """Those that hold in that version, years in order."""
        return Parts(
            tuple(head for head in self.heads if head.part.holds(version)),
            tuple(sorted((one for one in self.years if one.part.holds(version)), key=lambda read: read.part.year)),
            tuple(closure for closure in self.closures if closure.part.holds(version)),
        )
