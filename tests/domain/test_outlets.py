"""When an outlet is open."""

from datetime import date, datetime

import pytest
from pydantic import ValidationError

from definitions.loader import load_catalog
from onething.domain.calendar.days import LOCAL
from onething.domain.outlets import OpeningHours, hours_text, opening_from, openings

CN = load_catalog().calendars["cn"]


def line(**parts: object) -> OpeningHours:
    return OpeningHours.model_validate({"times": ["08:30-12:00", "13:30-17:30"], **parts})


WEEK = (line(weekdays=["mon", "tue", "wed", "thu", "fri"]), line(weekdays=["sat"], times=["09:00-12:00"]))
BOAT = (line(month_days=[5, 20], times=["09:00-11:00"], place="码头"),)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=LOCAL)


def opens(lines: tuple[OpeningHours, ...], moment: str) -> tuple[str, str] | None:
    found = opening_from(lines, CN, at(moment))
    return (f"{found.opens:%Y-%m-%d %H:%M}", f"{found.closes:%H:%M}") if found else None


@pytest.mark.parametrize(
    ("lines", "moment", "found"),
    [
        (WEEK, "2026-03-02 08:30", ("2026-03-02 08:30", "12:00")),
        (WEEK, "2026-03-02 11:59", ("2026-03-02 08:30", "12:00")),
        (WEEK, "2026-03-02 12:00", ("2026-03-02 13:30", "17:30")),  # closed at noon, to the minute
        (WEEK, "2026-03-06 17:30", ("2026-03-07 09:00", "12:00")),  # the Saturday
        (WEEK, "2026-03-07 12:00", ("2026-03-09 08:30", "12:00")),
        (WEEK, "2026-05-01 09:00", ("2026-05-06 08:30", "12:00")),  # a holiday; the Saturday within it is one too
        (WEEK[:1], "2026-09-20 09:00", ("2026-09-20 08:30", "12:00")),  # a Sunday that is worked
        (WEEK, "2026-10-10 09:30", ("2026-10-10 09:00", "12:00")),  # a Saturday that is worked has hours of its own
        (BOAT, "2026-03-02 09:00", ("2026-03-05 09:00", "11:00")),
        (BOAT, "2026-09-28 09:00", ("2026-10-20 09:00", "11:00")),  # 5 October is a holiday
        ((line(dates=[date(2026, 10, 1)]),), "2026-09-01 09:00", ("2026-10-01 08:30", "12:00")),  # said to be open
        ((line(dates=[date(2026, 1, 1)]),), "2026-09-01 09:00", None),
    ],
)
def test_it_opens(lines: tuple[OpeningHours, ...], moment: str, found: tuple[str, str] | None) -> None:
    assert opens(lines, moment) == found


def test_a_weekend_that_is_worked_goes_by_mondays_hours() -> None:
    """By whatever the calendar says, not by these dates alone."""
    monday_only = (line(weekdays=["mon"], times=["10:00-11:00"]),)
    for day in CN.workdays:
        assert [f"{one.opens:%H:%M}" for one in openings(monday_only, CN, day)] == ["10:00"]
    assert openings(monday_only, CN, date(2026, 3, 7)) == []  # a Saturday that is none of them


@pytest.mark.parametrize("also", [{"month_days": [20]}, {"dates": [date(2026, 9, 20)]}])
def test_a_line_by_date_takes_mondays_hours_from_no_weekend_that_is_worked(also: dict[str, object]) -> None:
    lines = (*WEEK[:1], line(times=["18:00-20:00"], **also))
    found = [f"{one.opens:%H:%M}" for one in openings(lines, CN, date(2026, 9, 20))]
    assert found == ["08:30", "13:30", "18:00"]
    own = (*lines, line(weekdays=["sun"], times=["10:00-11:00"]))  # the weekday's own go before
    assert [f"{one.opens:%H:%M}" for one in openings(own, CN, date(2026, 9, 20))] == ["10:00", "18:00"]


@pytest.mark.parametrize(
    "parts",
    [
        {"times": ["08:30-12:00"]},
        {"weekdays": ["mon"], "month_days": [1]},
        {"weekdays": ["mon"], "times": ["12:00-08:30"]},
        {"weekdays": ["mon"], "times": ["8-12"]},
        {"weekdays": ["mon"], "times": ["24:00-25:00"]},
        {"weekdays": ["mon"], "times": []},
        {"month_days": [32]},
        {"weekdays": ["monday"]},
    ],
)
def test_what_is_no_line_is_refused(parts: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        OpeningHours.model_validate({"times": ["08:30-12:00"], **parts})


def test_it_is_read_by_people() -> None:
    assert hours_text(WEEK[0]) == "周一至周五 08:30–12:00、13:30–17:30"
    assert hours_text(line(weekdays=["mon", "wed"], times=["09:00-11:30"])) == "周一、周三 09:00–11:30"
    assert hours_text(BOAT[0]) == "每月 5、20 日 09:00–11:00（码头）"
    assert hours_text(line(dates=[date(2026, 10, 1)], times=["09:00-11:30"])) == "2026-10-01 09:00–11:30"
