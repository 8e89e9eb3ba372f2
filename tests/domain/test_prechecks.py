"""Until when a clerk answers who asks before travelling, and on which day one can come."""

from datetime import date, datetime

import pytest

from definitions.loader import load_catalog
from onething.domain.calendar.days import LOCAL
from onething.domain.outlets import OpeningHours
from onething.domain.prechecks import AHEAD, LATE, day_is_over_at, last_day, open_on, promised_at
from onething.store.tables import cases

CATALOG = load_catalog()
CN = CATALOG.calendars["cn"]
HOURS = [OpeningHours.model_validate({"weekdays": ["mon"], "times": ["09:00-11:30", "13:30-17:00"]})]


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=LOCAL)


@pytest.mark.parametrize(
    ("asked", "promised"),
    [
        ("2026-03-02 09:00", "2026-03-02 14:30"),  # the noon break is no office hour
        ("2026-03-02 15:30", "2026-03-03 11:00"),
        ("2026-03-02 20:00", "2026-03-03 14:30"),  # begins when the office opens
        ("2026-03-06 16:30", "2026-03-09 12:00"),  # over the weekend
        ("2026-02-13 17:00", "2026-02-14 14:00"),  # a Saturday that is worked
    ],
)
def test_four_hours_of_the_office(asked: str, promised: str) -> None:
    assert promised_at(CN, at(asked)) == at(promised)


def test_a_visit_is_no_further_ahead_than_the_draft_is_kept() -> None:
    asked = at("2026-03-02 09:00")
    assert last_day(asked, asked) == last_day(asked, asked + AHEAD - LATE) == date(2026, 3, 22)
    assert last_day(asked, asked + AHEAD) == date(2026, 3, 29), "who answers late can still answer"
    assert AHEAD + LATE < cases.DRAFT_KEPT


def test_the_counter_sees_it_until_the_day_is_over() -> None:
    assert day_is_over_at(date(2026, 3, 3)) == at("2026-03-04 00:00")


@pytest.mark.parametrize(
    ("day", "now", "opens"),
    [
        ("2026-03-02", "2026-03-01 12:00", ["09:00", "13:30"]),
        ("2026-03-02", "2026-03-02 12:00", ["13:30"]),
        ("2026-03-02", "2026-03-02 17:00", []),  # closed by then
        ("2026-03-03", "2026-03-02 12:00", []),  # a Tuesday
        ("2026-05-04", "2026-03-02 12:00", []),  # a Monday, and a holiday
    ],
)
def test_open_on_that_day(day: str, now: str, opens: list[str]) -> None:
    found = open_on(HOURS, CN, date.fromisoformat(day), at(now))
    assert [f"{one.opens:%H:%M}" for one in found] == opens
