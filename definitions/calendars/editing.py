"""A new version of a calendar: a year's table or a closure added, checked as a whole before any file is written."""

import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from definitions.calendars import lock, rendering
from definitions.calendars.assemble import CLOSURES, CalendarFolder, latest_of, read_folder
from definitions.calendars.notice import Arrangement
from definitions.calendars.parts import Closure, Read, YearTable
from definitions.calendars.place import FOLDER, PART
from definitions.problems import DefinitionProblem, DefinitionProblems
from onething.domain.calendar.days import Calendar


@dataclass(frozen=True)
class Edited:
    """The new version, and the files that were written, by their names in the calendar's folder."""

    calendar: Calendar
    files: tuple[str, ...]


def bring_own(definitions: Path) -> bool:
    """Copy the package's calendars into a definitions folder that has none yet; say whether that was so."""
    own = definitions / PART
    if own.is_dir():
        return False
    for path in sorted(FOLDER.iterdir()):
        if path.is_dir() and not path.name.startswith(("_", ".")):
            shutil.copytree(path, own / path.name)
    return True


def add_year(folder: CalendarFolder, arrangement: Arrangement) -> Edited:
    """Add the table of a notice's year, and to the year before what the notice says of its December.

    Raise `DefinitionProblems` when the year is there already, leaves a gap, or does not fit.
    """
    since = latest_of(folder.parts) + 1
    tables = {read.part.year: read for read in folder.parts.of(since - 1).years}
    if arrangement.year in tables:
        what = f"{folder.code} 已经有 {arrangement.year} 年的年表。"
        remedy = "假期延长、临时停办用 onething calendar close；要改年表，见 docs/operating.md 的“日历”。"
        raise DefinitionProblems([tables[arrangement.year].problem(("year",), what, remedy)])
    table = YearTable(
        schema=1,
        since=since,
        year=arrangement.year,
        weekend=("saturday", "sunday"),
        sources=(arrangement.source,),
        holidays=_of_year(arrangement.holidays, arrangement.year),
        workdays=_of_year(arrangement.workdays, arrangement.year),
    )
    texts = {f"{arrangement.year}.yaml": rendering.year_table(table)}
    before = tables.get(arrangement.year - 1)
    if before is not None:
        texts |= _carried(folder, before, arrangement, since)
    return _apply(folder, texts)


def close(folder: CalendarFolder, closed: Closure) -> Edited:
    """Add a closure; its `since` becomes the new version. Raise `DefinitionProblems` for days that are off anyway,
    closed already or not covered."""
    since = latest_of(folder.parts) + 1
    name = f"{CLOSURES}/{min(closed.days)}"
    if (folder.path / f"{name}.yaml").exists():
        name += f"-v{since}"
    return _apply(folder, {f"{name}.yaml": rendering.closure(closed.model_copy(update={"since": since}))})


def _carried(folder: CalendarFolder, before: Read[YearTable], arrangement: Arrangement, since: int) -> dict[str, str]:
    """The year before told anew, if the notice says more of it than it does itself."""
    table = before.part
    holidays = table.holidays | _of_year(arrangement.holidays, table.year)
    workdays = table.workdays | _of_year(arrangement.workdays, table.year)
    if (holidays, workdays) == (table.holidays, table.workdays):
        return {}
    source = arrangement.source.model_copy(update={"note": f"{table.year}年12月的安排"})
    changes = {"since": since, "sources": (*table.sources, source), "holidays": holidays, "workdays": workdays}
    old = f"{before.stem}.yaml"
    try:
        ended = rendering.ended((folder.path / old).read_text(encoding="utf-8"), since - 1)
    except ValueError as error:
        raise DefinitionProblems([before.problem((), f"{error}。", "把 since: 写成单独的一行。")]) from None
    return {f"{table.year}-v{since}.yaml": rendering.year_table(table.model_copy(update=changes)), old: ended}


def _of_year(days: Mapping[date, str], year: int) -> dict[date, str]:
    return {day: name for day, name in days.items() if day.year == year}


def _apply(folder: CalendarFolder, texts: Mapping[str, str]) -> Edited:
    """Try the change on a copy, then write it and lock the new version."""
    _require_published(folder)
    with tempfile.TemporaryDirectory() as place:
        copy = Path(place) / folder.path.name
        shutil.copytree(folder.path, copy)
        _write(copy, texts)
        _checked(copy, folder.name)
    _write(folder.path, texts)
    written = _checked(folder.path, folder.name)
    lock.publish(written)
    return Edited(written.latest, (*texts, lock.NAME))


def _require_published(folder: CalendarFolder) -> None:
    waiting = lock.unpublished(folder)
    if waiting:
        what = f"{'、'.join(waiting)} 还没有发布，不能在它上面再加。"
        remedy = "核对后用 onething definitions lock --folder 目录 发布，再重试。"
        raise DefinitionProblems([DefinitionProblem(f"{folder.name}/{lock.NAME}", 1, "", what, remedy)])


def _checked(path: Path, name: str) -> CalendarFolder:
    folder, problems = read_folder(path, name)
    problems = problems or lock.check(folder)
    if problems:
        raise DefinitionProblems(problems)
    return folder


def _write(path: Path, texts: Mapping[str, str]) -> None:
    """Each file appears as a whole or not at all."""
    for name, text in texts.items():
        target = path / name
        target.parent.mkdir(parents=True, exist_ok=True)
        beside = target.with_name(f".{target.name}.new")
        beside.write_text(text, encoding="utf-8")
        beside.replace(target)
