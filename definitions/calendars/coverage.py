"""How far a calendar reaches: beyond it every date is provisional."""

from collections.abc import Iterable
from datetime import date, timedelta

from onething.domain.calendar.days import Calendar

AHEAD = timedelta(days=60)
"""Longer than most promises: what is accepted today should end on days that are known."""


def reminders(calendars: Iterable[Calendar], today: date) -> list[str]:
    """A sentence for each calendar that ends within `AHEAD` of today."""
    return [_reminder(calendar, today) for calendar in calendars if today + AHEAD > calendar.covered_until]


def _reminder(calendar: Calendar, today: date) -> str:
    reaches = f"日历 {calendar.ref} 只到 {calendar.covered_until}，{_how_long(calendar, today)}。"
    beyond = (
        f"再往后的日期按周一至周五、扣除法定节日暂定，调休待国务院办公厅公布 {calendar.covered_until.year + 1} 年安排，"
    )
    return f"提醒：{reaches}{beyond}用 onething calendar add-year 加上。"


def _how_long(calendar: Calendar, today: date) -> str:
    left = (calendar.covered_until - today).days
    return f"还有 {left} 天" if left >= 0 else f"已经过了 {-left} 天"
