"""The lunisolar days off against the moon and the sun, and all of them against what the State Council announced.

GB/T 33661-2017: a month begins on the Beijing day of the new moon; 正月 is (in all years here) the month of the new
moon between 21 January and 20 February; 清明 is the Beijing day on which the sun's apparent longitude is 15 degrees.
Moon and sun by J. Meeus, Astronomical Algorithms (1998), chapters 25 and 49, to a minute: none is that close.
"""

from datetime import UTC, date, datetime, timedelta
from math import floor, radians, sin

import pytest

from definitions.calendars import load_calendars
from onething.domain.calendar.days import ONE_DAY, is_working_day
from onething.domain.calendar.national_holidays import LAST_YEAR, national_holidays

CN = load_calendars()["cn"]
YEARS = range(2025, LAST_YEAR + 1)
BEIJING = timedelta(hours=8)
J2000 = datetime(2000, 1, 1, 12, tzinfo=UTC)
TT = timedelta(seconds=75)  # ahead of UTC in these years, near enough
NEAR_MIDNIGHT = timedelta(minutes=3)


def new_moon(k: int) -> datetime:
    """The kth since that of 6 January 2000, in UTC (Meeus 49)."""
    t = k / 1236.85
    days = 5.09766 + 29.530588861 * k + 0.00015437 * t**2
    sun, moon, node, f = (
        radians(angle % 360)
        for angle in (
            2.5534 + 29.10535670 * k,
            201.5643 + 385.81693528 * k,
            124.7746 - 1.56375588 * k,
            160.7108 + 390.67050284 * k,
        )
    )
    e = 1 - 0.002516 * t
    days += (
        -0.40720 * sin(moon)
        + 0.17241 * e * sin(sun)
        + 0.01608 * sin(2 * moon)
        + 0.01039 * sin(2 * f)
        + 0.00739 * e * sin(moon - sun)
        - 0.00514 * e * sin(moon + sun)
        + 0.00208 * e * e * sin(2 * sun)
        - 0.00111 * sin(moon - 2 * f)
        - 0.00057 * sin(moon + 2 * f)
        + 0.00056 * e * sin(2 * moon + sun)
        - 0.00042 * sin(3 * moon)
        + 0.00042 * e * sin(sun + 2 * f)
        + 0.00038 * e * sin(sun - 2 * f)
        - 0.00024 * e * sin(2 * moon - sun)
        - 0.00017 * sin(node)
        + 0.000325 * sin(radians(299.77 + 0.107408 * k - 0.009173 * t**2))
    )
    return J2000 + timedelta(days=days) - TT


def longitude(at: datetime) -> float:
    """Of the sun, apparent, in degrees (Meeus 25)."""
    t = (at + TT - J2000) / timedelta(days=36525)
    m = radians(357.52911 + 35999.05029 * t)
    centre = (1.914602 - 0.004817 * t) * sin(m) + (0.019993 - 0.000101 * t) * sin(2 * m) + 0.000289 * sin(3 * m)
    mean = 280.46646 + 36000.76983 * t
    return (mean + centre - 0.00569 - 0.00478 * sin(radians(125.04 - 1934.136 * t))) % 360


def first_of_month(near: date) -> date:
    """The first day of the lunar month that begins nearest to it."""
    k = round((datetime(near.year, near.month, near.day, tzinfo=UTC) - new_moon(0)) / timedelta(days=29.530588861))
    days = []
    for moon in (new_moon(k + n) + BEIJING for n in (-1, 0, 1)):
        midnight = timedelta(hours=moon.hour, minutes=moon.minute)
        assert NEAR_MIDNIGHT < midnight < timedelta(days=1) - NEAR_MIDNIGHT or abs((moon.date() - near).days) > 2
        days.append(moon.date())
    return min(days, key=lambda day: abs((day - near).days))


def named(year: int, name: str) -> list[date]:
    return [day for day, of in national_holidays(year).items() if of == name]


@pytest.mark.parametrize("year", YEARS)
def test_the_lunisolar_days_are_those_of_the_moon_and_the_sun(year: int) -> None:
    eve, first, second, third = named(year, "春节")
    assert [eve + ONE_DAY, first + ONE_DAY, second + ONE_DAY] == [first, second, third]
    assert date(year, 1, 21) <= first <= date(year, 2, 20)
    assert first_of_month(first) == first
    [dragon_boat], [mid_autumn], [qingming] = named(year, "端午"), _mid_autumn(year), named(year, "清明")
    assert first_of_month(dragon_boat - 4 * ONE_DAY) == dragon_boat - 4 * ONE_DAY
    assert first_of_month(mid_autumn - 14 * ONE_DAY) == mid_autumn - 14 * ONE_DAY
    # the fifth and the eighth month: with the leap months of these years four or five, and seven or eight later
    assert floor((dragon_boat - first).days / 29.53) in (4, 5)
    assert floor((mid_autumn - first).days / 29.53) in (7, 8)
    begins = datetime(year, qingming.month, qingming.day, tzinfo=UTC) - BEIJING
    assert longitude(begins) < 15 <= longitude(begins + timedelta(days=1))


def _mid_autumn(year: int) -> list[date]:
    """In three years it is a day of 国庆节, and called after that."""
    return named(year, "中秋") or [date(year, 10, {2028: 3, 2031: 1, 2039: 2}[year])]


@pytest.mark.parametrize("year", [2025, 2026])
def test_what_was_announced_has_them_all(year: int) -> None:
    off = {day for day in CN.holidays if day.year == year}
    assert set(national_holidays(year)) <= off
    assert all(CN.holidays[day] == name for day, name in national_holidays(year).items() if day != date(2025, 10, 6))


def test_thirteen_days_a_year_and_before_the_revision_those_of_the_sun_only() -> None:
    assert {len(national_holidays(year)) for year in YEARS} == {12, 13}  # two on one day in three of them
    assert [year for year in YEARS if len(national_holidays(year)) == 12] == [2028, 2031, 2039]
    assert sorted(national_holidays(2024)) == [
        date(2024, 1, 1),
        date(2024, 5, 1),
        *(date(2024, 10, n) for n in (1, 2, 3)),
    ]


def test_a_year_without_a_notice_has_its_holidays_off() -> None:
    assert not CN.covers(date(2027, 1, 1))
    for day in national_holidays(2027):
        assert not is_working_day(CN, day)
    assert is_working_day(CN, date(2027, 1, 4))
    assert not is_working_day(CN, date(2027, 1, 2))  # a Saturday
