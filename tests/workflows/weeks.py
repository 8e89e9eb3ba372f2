"""Weeks to come with their holidays: the server's time only goes forward, so 春节 and 国庆 lie where a test needs them.

Week 0 is like that of 9 February 2026, week 5 like that of 14 September 2026: the same days off, the same days worked.
"""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from onething.domain.calendar.days import LOCAL, Calendar

MON, TUE, WED, THU, FRI, SAT, SUN = range(7)
When = tuple[int, int]  # week, weekday

_SPRING_FESTIVAL = [(0, SUN), *((1, day) for day in range(7)), (2, MON)]
_MID_AUTUMN = [(6, FRI)]
_NATIONAL_DAY = [(7, THU), (7, FRI), (8, MON), (8, TUE), (8, WED)]
_WORKED: dict[When, str] = {(0, SAT): "春节", (2, SAT): "春节", (5, SUN): "国庆节", (8, SAT): "国庆节"}
_OFF: dict[When, str] = {
    **dict.fromkeys(_SPRING_FESTIVAL, "春节"),
    **dict.fromkeys(_MID_AUTUMN, "中秋节"),
    **dict.fromkeys(_NATIONAL_DAY, "国庆节"),
}


class Weeks:
    """`monday`: of week 0."""

    def __init__(self, monday: date) -> None:
        self.monday = monday

    def at(self, week: int, day: int, wall: str = "17:00") -> datetime:
        return datetime.combine(self._date((week, day)), time.fromisoformat(wall), LOCAL)

    def calendar(self, version: int = 1, closed: Iterable[When] = ()) -> Calendar:
        """`closed`: local closures besides the holidays."""
        off = {**_OFF, **dict.fromkeys(closed, "停电")}
        return Calendar(
            code=f"weeks-{self.monday:%Y%m%d}",
            version=version,
            name="测试用日历",
            covered_from=self.monday - timedelta(days=30),
            covered_until=self.monday + timedelta(days=400),
            holidays={self._date(when): name for when, name in off.items()},
            workdays={self._date(when): name for when, name in _WORKED.items()},
            office_hours=((time(9), time(12)), (time(14), time(17))),
        )

    def _date(self, when: When) -> date:
        week, day = when
        return self.monday + timedelta(weeks=week, days=day)


def next_monday(now: datetime) -> date:
    """The next one that has not begun."""
    today = now.astimezone(LOCAL).date()
    return today + timedelta(days=7 - today.weekday())
