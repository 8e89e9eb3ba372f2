"""What can be wrong with a calendar's files, each told where it stands."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import pairwise
from typing import NamedTuple

from pydantic import ValidationError

from definitions.calendars.parts import CalendarHeader, Closure, Parts, Read, YearTable
from definitions.problems import DefinitionProblem
from definitions.reading import Document, Trail
from onething.domain.calendar.days import Calendar
from onething.domain.calendar.national_holidays import national_holidays

_WEEKDAYS = "一二三四五六日"


class Placed(NamedTuple):
    """A day of a table, and where it is written."""

    day: date
    trail: Trail


def weekday(day: date) -> str:
    return f"周{_WEEKDAYS[day.weekday()]}"


def of_days(
    document: Document, holidays: Sequence[Placed], workdays: Sequence[Placed], first: date, last: date
) -> Iterator[DefinitionProblem]:
    """Days outside `first`..`last`, named twice, both off and worked, or made a workday without need."""
    seen: dict[date, tuple[str, Trail]] = {}
    for kind, days in (("放假", holidays), ("调休上班", workdays)):
        for day, trail in days:
            if not first <= day <= last:
                remedy = f"删去，写进 {day.year} 年的年表；跨年的假期分写在两年的表里。"
                yield document.problem(trail, f"{day} 不在 {first} 至 {last} 之间。", remedy)
            before = seen.setdefault(day, (kind, trail))
            if before[0] != kind:
                yield document.problem(trail, f"{day} 既放假又调休上班。", "按通知原文删去其中一处。")
            elif before[1] != trail:
                yield document.problem(trail, f"{day} 写了两次。", "删去其中一处。")
            if kind == "调休上班" and day.weekday() < 5:
                what = f"{day} 是{weekday(day)}，本来就是工作日，不是调休上班日。"
                yield document.problem(trail, what, "核对通知；调休上班日只写周六、周日。")


def of_statutory_days(document: Document, year: int, holidays: Sequence[Placed]) -> Iterator[DefinitionProblem]:
    """A table without those that 《全国年节及纪念日放假办法》第二条 fixes is incomplete."""
    off = {placed.day for placed in holidays}
    for day, name in sorted(national_holidays(year).items()):
        if day not in off:
            what = f"{year} 年的放假日里没有 {day.month} 月 {day.day} 日（{name}）。"
            yield document.problem(("holidays",), what, "对照国务院办公厅的通知补全；逢周末的放假日也要写。")


def of_table(table: Read[YearTable]) -> Iterator[DefinitionProblem]:
    part = table.part
    holidays = [Placed(day, ("holidays", str(day))) for day in part.holidays]
    workdays = [Placed(day, ("workdays", str(day))) for day in part.workdays]
    yield from of_days(table.document, holidays, workdays, date(part.year, 1, 1), date(part.year, 12, 31))
    yield from of_statutory_days(table.document, part.year, holidays)


def of_years(years: Sequence[Read[YearTable]]) -> Iterator[DefinitionProblem]:
    """Years told twice, and gaps between them. `years` in order."""
    for before, table in pairwise(years):
        year, last = table.part.year, before.part.year
        if year == last:
            what = f"{year} 年有两张年表：{before.document.name} 与 {table.document.name}。"
            remedy = "只留一张；新表替代旧表时，在旧表写 until: 旧表最后适用的版本。"
            yield table.problem(("year",), what, remedy)
        elif year > last + 1:
            missing = "、".join(str(one) for one in range(last + 1, year))
            remedy = "先用 onething calendar add-year 补上，年表不能间断。"
            yield table.problem(("year",), f"{last} 年与 {year} 年之间缺 {missing} 年。", remedy)


def of_closures(closures: Sequence[Read[Closure]], tables: Mapping[int, YearTable]) -> Iterator[DefinitionProblem]:
    """Closures of days that are off anyway, that no table covers, or that are closed already."""
    closed: dict[date, str] = {}
    for closure in closures:
        for index, day in enumerate(closure.part.days):
            trail = ("days", index)
            table = tables.get(day.year)
            if table is None:
                yield closure.problem(trail, f"还没有 {day.year} 年的年表。", "先用 onething calendar add-year 补上。")
            elif day in table.holidays or (day.weekday() >= 5 and day not in table.workdays):
                name = table.holidays.get(day, weekday(day))
                yield closure.problem(trail, f"{day}（{name}）本来就休息，不必停办。", "删去这一天。")
            elif day in closed:
                what = f"{day} 已经由 {closed[day]} 停办。"
                yield closure.problem(trail, what, "删去其中一处。")
            else:
                closed[day] = closure.document.name


def of_hours(head: Read[CalendarHeader]) -> Iterator[DefinitionProblem]:
    """What the calendar itself says of such hours."""
    any_day = date(2000, 1, 1)
    try:
        Calendar(
            schema=1,
            code=head.part.code,
            version=1,
            name=head.part.name,
            covered_from=any_day,
            covered_until=any_day,
            holidays={},
            workdays={},
            office_hours=head.part.office_hours,
        )
    except ValidationError as error:
        for detail in error.errors(include_url=False):
            reason = detail.get("ctx", {}).get("error", detail["msg"])
            yield head.problem(("office_hours",), f"{reason}。", "按提示修改。")


def of_version(parts: Parts, number: int, name: str) -> Iterator[DefinitionProblem]:
    """One version as a whole: everything there, and fitting together. `name`: of the calendar's folder."""
    head = f"{name}/calendar.yaml"
    if not parts.heads:
        yield DefinitionProblem(
            head, 1, "", f"版本 {number} 没有名称和办公时间。", "补上 since 不大于它的 calendar.yaml。"
        )
    elif len(parts.heads) > 1:
        names = " 与 ".join(one.document.name for one in parts.heads)
        what = f"版本 {number} 有两份名称和办公时间：{names}。"
        yield parts.heads[-1].problem(("since",), what, "只留一份；旧的写 until: 最后适用的版本。")
    if not parts.years:
        yield DefinitionProblem(head, 1, "", f"版本 {number} 没有一张年表。", "用 onething calendar add-year 补上。")
    yield from of_years(parts.years)
    yield from of_closures(parts.closures, {table.part.year: table.part for table in parts.years})


def of_versions(parts: Parts) -> Iterator[DefinitionProblem]:
    """Every version differs from the one before it in some file that says so."""
    begun = {part.part.since for part in parts.every} | {(part.part.until or 0) + 1 for part in parts.every}
    for read in parts.every:
        part = read.part
        if part.until is not None and part.until < part.since:
            yield read.problem(("until",), f"until（{part.until}）早于 since（{part.since}）。", "改正其中一个。")
        skipped = [version for version in range(1, part.since) if version not in begun]
        if skipped:
            yield read.problem(("since",), f"没有版本 {skipped[0]}，版本号不能跳。", f"改为 since: {skipped[0]}。")
