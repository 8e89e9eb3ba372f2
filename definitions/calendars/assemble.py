"""A calendar's folder read: its versions put together from year tables, closures and office hours."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

from definitions.calendars import checks
from definitions.calendars.parts import CalendarHeader, Closure, Part, Parts, Read, YearTable
from definitions.problems import DefinitionProblem
from definitions.reading import Document
from definitions.validating import validate
from onething.domain.calendar.days import Calendar

P = TypeVar("P", bound=Part)

HEAD = "calendar"
CLOSURES = "closures"


@dataclass(frozen=True)
class CalendarFolder:
    """One calendar's files. `name`: what problems call it. `versions`: by number; none if there is a problem."""

    code: str
    path: Path
    name: str
    parts: Parts
    versions: dict[int, Calendar]

    @property
    def latest(self) -> Calendar:
        """KeyError when something is wrong with the files."""
        return self.versions[latest_of(self.parts)]


def read_folder(path: Path, name: str) -> tuple[CalendarFolder, list[DefinitionProblem]]:
    """What could be read, and everything that is wrong with the rest."""
    problems: list[DefinitionProblem] = []
    parts = _read(path, name, problems)
    numbers = range(1, latest_of(parts) + 1)
    complete = not problems  # what could not be read would be told a second time as missing
    problems += [problem for table in parts.years for problem in checks.of_table(table)]
    problems += [problem for head in parts.heads for problem in checks.of_hours(head)]
    if complete:
        problems += checks.of_versions(parts)
        for number in numbers:
            problems += checks.of_version(parts.of(number), number, name)
    versions = {} if problems else {number: _assemble(parts.of(number), number) for number in numbers}
    return CalendarFolder(path.name, path, name, parts, versions), sorted(set(problems))


def latest_of(parts: Parts) -> int:
    """The number of the latest version."""
    return max((max(read.part.since, (read.part.until or 0) + 1) for read in parts.every), default=1)


def _read(path: Path, name: str, problems: list[DefinitionProblem]) -> Parts:
    heads: list[Read[CalendarHeader]] = []
    years: list[Read[YearTable]] = []
    for file in sorted([*path.glob("*.yaml"), *path.glob("*.yml")]):
        if file.stem.startswith(HEAD) and file.suffix == ".yaml":
            heads += _part(file, name, CalendarHeader, problems)
        elif file.stem[:4].isdigit() and file.suffix == ".yaml":
            years += _part(file, name, YearTable, problems)
        else:
            problems.append(_unknown(f"{name}/{file.name}"))
    closures: list[Read[Closure]] = []
    for file in sorted([*(path / CLOSURES).glob("*.yaml"), *(path / CLOSURES).glob("*.yml")]):
        if file.suffix == ".yaml":
            closures += _part(file, f"{name}/{CLOSURES}", Closure, problems)
        else:
            problems.append(_unknown(f"{name}/{CLOSURES}/{file.name}"))
    for head in heads:
        if head.part.code != path.name:
            what = f"文件夹与代码“{head.part.code}”不一致。"
            problems.append(head.problem(("code",), what, f"把文件夹改名为 {head.part.code}，或改正代码。"))
    problems += _misnamed((head, HEAD) for head in heads)
    problems += _misnamed((table, str(table.part.year)) for table in years)
    return Parts(tuple(heads), tuple(years), tuple(closures))


def _part(file: Path, folder: str, model: type[P], problems: list[DefinitionProblem]) -> list[Read[P]]:
    document = Document(file, f"{folder}/{file.name}")
    part = validate(document, model, problems)
    return [] if part is None else [Read(document, file.stem, part)]


def _unknown(name: str) -> DefinitionProblem:
    remedy = "年表叫 2027.yaml，名称与办公时间叫 calendar.yaml，停办放在 closures 里，都以 .yaml 结尾。"
    return DefinitionProblem(name, 1, "", "不认识这个文件名。", remedy)


def _misnamed(named: Iterable[tuple[Read[Any], str]]) -> list[DefinitionProblem]:
    return [
        read.problem((), "文件名与内容不一致。", f"改名为 {stem}.yaml 或 {stem}-v{read.part.since}.yaml，或改正内容。")
        for read, stem in named
        if read.stem not in (stem, f"{stem}-v{read.part.since}")
    ]


def _assemble(parts: Parts, number: int) -> Calendar:
    tables = {table.part.year: table.part for table in parts.years}
    head = parts.heads[0].part
    closed = {day: closure.part.reason for closure in parts.closures for day in closure.part.days}
    off = {day: holiday for table in tables.values() for day, holiday in table.holidays.items()}
    worked = {day: holiday for table in tables.values() for day, holiday in table.workdays.items() if day not in closed}
    return Calendar(
        schema=1,
        code=head.code,
        version=number,
        name=head.name,
        covered_from=date(min(tables), 1, 1),
        covered_until=date(max(tables), 12, 31),
        holidays=off | closed,
        workdays=worked,
        office_hours=head.office_hours,
    )
