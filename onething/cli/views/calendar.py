"""A year of the working calendar on a terminal."""

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table

from definitions.calendars.checks import weekday
from definitions.calendars.parts import Parts
from definitions.calendars.showing import NamedPeriod, months, periods
from onething.domain.calendar.days import Calendar


def print_year(calendar: Calendar, parts: Parts, year: int, out: Console) -> None:
    """`parts`: those that the calendar was put together from."""
    table = next(read.part for read in parts.years if read.part.year == year)
    closures = [read.part for read in parts.closures if any(day.year == year for day in read.part.days)]
    hours = "、".join(f"{opens:%H:%M}–{closes:%H:%M}" for opens, closes in calendar.office_hours)
    out.print(f"{calendar.name} {year} 年（{calendar.ref}，覆盖 {calendar.covered_from} 至 {calendar.covered_until}）")
    out.print(f"办公时间：{hours}")
    for notice in table.sources:
        note = f"：{notice.note}" if notice.note else ""
        out.print(f"依据：{notice.title}（{notice.number}）{note}", markup=False)
    out.print(_days("放假", periods(table.holidays, year)))
    out.print(_days("调休上班", periods(table.workdays, year)))
    if closures:
        closed = Table("日期", "原因", "依据", "决定机关", title="局部停办", title_justify="left")
        for one in closures:
            days = "、".join(f"{day}（{weekday(day)}）" for day in one.days if day.year == year)
            closed.add_row(days, one.reason, one.basis, one.authority or "")
        out.print(closed)
    out.print(_months(calendar, year))


def _days(title: str, found: Sequence[NamedPeriod]) -> Table:
    table = Table("名称", "日期", "天数", title=title, title_justify="left")
    for one in found:
        until = f" 至 {one.last}（{weekday(one.last)}）" if one.days > 1 else ""
        table.add_row(one.name, f"{one.first}（{weekday(one.first)}）{until}", str(one.days))
    return table


def _months(calendar: Calendar, year: int) -> Table:
    table = Table(title="工作日", title_justify="left")
    for name in ("月份", "工作日", "其中调休上班", "放假（不含周末）", "周末"):
        table.add_column(name, justify="right")
    counted = months(calendar, year)
    for one in counted:
        table.add_row(*(str(n) for n in (one.month, one.working, one.made_up, one.holidays, one.weekends)))
    totals = (sum(getattr(one, name) for one in counted) for name in ("working", "made_up", "holidays", "weekends"))
    table.add_section()
    table.add_row("全年", *(str(total) for total in totals))
    return table
