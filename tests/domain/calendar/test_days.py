"""Due dates checked by hand against the official arrangements of 2024 to 2026, and against a naive day-by-day model."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from definitions.calendars import load_calendars
from onething.domain.calendar.countdown import end
from onething.domain.calendar.days import LOCAL, Calendar, is_working_day, local_date, warning_at
from onething.domain.calendar.limits import Limit, Unit, Whose

CN = load_calendars()["cn"]
DAYS, HOURS, CALENDAR_DAYS = Unit.WORKING_DAY, Unit.WORKING_HOUR, Unit.CALENDAR_DAY


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=LOCAL)


@pytest.mark.parametrize(
    ("start", "amount", "unit", "expected"),
    [
        # 春节 2024: off 10 to 17 February, worked on Sunday 4 and Sunday 18
        ("2024-02-02 10:00", 1, DAYS, "2024-02-04 17:30"),
        ("2024-02-08 10:00", 1, DAYS, "2024-02-09 17:30"),
        ("2024-02-08 10:00", 2, DAYS, "2024-02-18 17:30"),
        ("2024-02-08 10:00", 3, DAYS, "2024-02-19 17:30"),
        # 中秋 and 国庆 2024: off 15 to 17 September and 1 to 7 October, worked on 14 and 29 September and 12 October
        ("2024-09-13 10:00", 1, DAYS, "2024-09-14 17:30"),
        ("2024-09-13 10:00", 2, DAYS, "2024-09-18 17:30"),
        ("2024-09-27 10:00", 1, DAYS, "2024-09-29 17:30"),
        ("2024-09-30 10:00", 1, DAYS, "2024-10-08 17:30"),
        ("2024-09-30 10:00", 5, DAYS, "2024-10-12 17:30"),
        # 春节 2025: off 28 January to 4 February, worked on Sunday 26 January and Saturday 8 February
        ("2025-01-24 10:00", 1, DAYS, "2025-01-26 17:30"),
        ("2025-01-27 10:00", 1, DAYS, "2025-02-05 17:30"),
        ("2025-01-27 10:00", 4, DAYS, "2025-02-08 17:30"),
        # 国庆 2025: off 1 to 8 October, worked on Sunday 28 September and Saturday 11 October
        ("2025-09-26 10:00", 1, DAYS, "2025-09-28 17:30"),
        ("2025-09-30 10:00", 1, DAYS, "2025-10-09 17:30"),
        ("2025-09-30 10:00", 3, DAYS, "2025-10-11 17:30"),
        # 元旦 2026: off 1 to 3 January, worked on Sunday 4
        ("2025-12-31 10:00", 1, DAYS, "2026-01-04 17:30"),
        ("2025-12-31 10:00", 2, DAYS, "2026-01-05 17:30"),
        # 春节 2026: off 15 to 23 February, worked on Saturday 14 and Saturday 28
        ("2026-02-13 10:00", 1, DAYS, "2026-02-14 17:30"),
        ("2026-02-13 10:00", 2, DAYS, "2026-02-24 17:30"),
        ("2026-02-24 10:00", 4, DAYS, "2026-02-28 17:30"),
        # 国庆 2026: off 1 to 7 October, worked on Saturday 10
        ("2026-09-30 10:00", 3, DAYS, "2026-10-10 17:30"),
        # a start on a day off or in the night counts from the next day too
        ("2024-10-02 10:00", 1, DAYS, "2024-10-08 17:30"),
        ("2024-06-06 23:59", 1, DAYS, "2024-06-07 17:30"),
        # a person's calendar days: moved on only when the last day is no working day
        ("2026-02-10 10:00", 5, CALENDAR_DAYS, "2026-02-24 17:30"),
        ("2024-09-26 10:00", 3, CALENDAR_DAYS, "2024-09-29 17:30"),
        ("2025-06-05 10:00", 2, CALENDAR_DAYS, "2025-06-09 17:30"),
        ("2025-06-04 10:00", 30, CALENDAR_DAYS, "2025-07-04 17:30"),
        # working hours, over lunch, the night, 端午 2024 (Monday 10 June) and the holidays
        ("2024-06-07 11:30", 1, HOURS, "2024-06-07 14:00"),
        ("2024-06-07 09:00", 3, HOURS, "2024-06-07 12:00"),
        ("2024-06-07 12:30", 4, HOURS, "2024-06-07 17:30"),
        ("2024-06-08 10:00", 3, HOURS, "2024-06-11 12:00"),
        ("2026-02-13 16:00", 8, HOURS, "2026-02-14 17:00"),
        ("2025-09-30 17:00", 1, HOURS, "2025-10-09 09:30"),
        # on the spot
        ("2024-06-07 08:00", 0, DAYS, "2024-06-07 17:30"),
        ("2024-06-07 17:29", 0, HOURS, "2024-06-07 17:30"),
        ("2024-06-07 17:30", 0, DAYS, "2024-06-11 17:30"),
        ("2024-10-02 10:00", 0, CALENDAR_DAYS, "2024-10-08 17:30"),
        ("2026-02-14 10:00", 0, DAYS, "2026-02-14 17:30"),
    ],
)
def test_due_by_hand(start: str, amount: int, unit: Unit, expected: str) -> None:
    found = end(CN, at(start), Limit(amount=amount, unit=unit, whose=Whose.PERSON))
    assert (found.at.astimezone(LOCAL), found.provisional) == (at(expected), False)
    assert found.at.utcoffset() == timedelta(0)


def test_the_date_is_the_local_one() -> None:
    late_on_the_10th_utc = datetime.fromisoformat("2025-06-10T16:30:00+00:00")
    assert local_date(late_on_the_10th_utc) == date(2025, 6, 11)
    assert end(CN, late_on_the_10th_utc, Limit(amount=1)).at.astimezone(LOCAL) == at("2025-06-12 17:30")


@pytest.mark.parametrize(("amount", "unit"), [(3, DAYS), (5, CALENDAR_DAYS), (20, HOURS)])
def test_beyond_the_calendar_it_is_provisional(amount: int, unit: Unit) -> None:
    found = end(CN, at("2026-12-30 10:00"), Limit(amount=amount, unit=unit))
    assert found == (at("2027-01-05 17:30") if unit is DAYS else at("2027-01-04 17:30"), True)


def test_a_moment_must_be_aware() -> None:
    with pytest.raises(ValueError, match="aware"):
        end(CN, datetime(2026, 1, 1, 9), Limit(amount=1))  # noqa: DTZ001


def test_warnings() -> None:
    start = at("2025-09-26 16:00")
    days = Limit(amount=3)
    assert warning_at(CN, start, end(CN, start, days).at, days) == at("2025-09-30 09:00")
    hours = Limit(amount=2, unit=HOURS)
    assert warning_at(CN, start, at("2025-09-28 09:30"), hours) == start + timedelta(hours=20, minutes=45)
    assert warning_at(CN, start, at("2025-09-26 17:30"), Limit(amount=0)) == at("2025-09-26 16:45")
    # what is already due today is warned of at once, never in the past
    assert warning_at(CN, start, at("2025-09-26 17:30"), days) == start


BY_LAW = "20270101 20270205 20270206 20270207 20270208 20270405 20270501 20270502"
"""Off in 2027, of which there is no notice yet."""


def working(day: date) -> bool:
    """The naive model's own judgement."""
    if str(day) in {str(one) for one in CN.workdays}:
        return True
    if day.strftime("%Y%m%d") in BY_LAW:
        return False
    return day.strftime("%a") not in ("Sat", "Sun") and str(day) not in {str(one) for one in CN.holidays}


quarters = st.integers(0, 4 * 366 * 24 * 4).map(lambda n: at("2023-01-01 00:00") + timedelta(minutes=15 * n))


@given(start=quarters, amount=st.integers(1, 60))
def test_working_days_agree_with_counting_on_fingers(start: datetime, amount: int) -> None:
    day, left = start.date(), amount
    while left:
        day += timedelta(days=1)
        left -= working(day)
    assert end(CN, start, Limit(amount=amount)).at == datetime.fromisoformat(f"{day}T17:30:00+08:00")


@given(start=quarters, amount=st.integers(1, 100))
def test_a_person_s_calendar_days_end_on_a_working_day(start: datetime, amount: int) -> None:
    day = start.date() + timedelta(days=amount)
    while not working(day):
        day += timedelta(days=1)
    limit = Limit(amount=amount, unit=CALENDAR_DAYS, whose=Whose.PERSON)
    assert end(CN, start, limit).at == datetime.fromisoformat(f"{day}T17:30:00+08:00")


@given(start=quarters, amount=st.integers(1, 100))
def test_an_office_s_calendar_days_end_on_the_day_itself(start: datetime, amount: int) -> None:
    day = start.date() + timedelta(days=amount)
    found = end(CN, start, Limit(amount=amount, unit=CALENDAR_DAYS))
    assert found.at == datetime.fromisoformat(f"{day}T17:30:00+08:00")


@given(start=quarters, amount=st.integers(1, 20))
def test_working_hours_agree_with_counting_quarters(start: datetime, amount: int) -> None:
    moment, left = start, amount * 4
    while left:
        minutes = moment.hour * 60 + moment.minute
        left -= working(moment.date()) and (540 <= minutes < 720 or 810 <= minutes < 1050)
        moment += timedelta(minutes=15)
    assert end(CN, start, Limit(amount=amount, unit=HOURS)).at == moment


@given(start=quarters, amount=st.integers(0, 40), unit=st.sampled_from(Unit))
def test_a_period_ends_after_it_begins_and_the_warning_lies_between(start: datetime, amount: int, unit: Unit) -> None:
    limit = Limit(amount=amount, unit=unit, whose=Whose.PERSON)
    found = end(CN, start, limit)
    assert start <= warning_at(CN, start, found.at, limit) <= found.at
    assert start < found.at
    assert is_working_day(CN, local_date(found.at))


def test_the_digest_depends_on_the_days_not_on_their_order() -> None:
    turned = CN.model_copy(update={}).model_dump(by_alias=True)
    turned["holidays"] = dict(reversed(turned["holidays"].items()))
    assert Calendar.model_validate(turned).digest == CN.digest
    assert Calendar.model_validate_json(CN.to_json()).digest == CN.digest
    turned["holidays"].popitem()
    assert Calendar.model_validate(turned).digest != CN.digest


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"office_hours": [["13:00", "17:00"], ["09:00", "12:00"]]}, "由早到晚"),
        ({"office_hours": [["09:00", "09:00"]]}, "由早到晚"),
        ({"office_hours": [["09:00Z", "12:00Z"]]}, "不写时区"),
        ({"covered_until": "2019-12-31"}, "不能晚于"),
        ({"holidays": {"2019-12-31": "元旦"}}, "不在"),
        ({"workdays": {"2026-01-01": "元旦"}}, "既放假又上班"),
        ({"weekend": "Friday"}, "Extra inputs"),
    ],
)
def test_inconsistent_calendars_are_refused(change: dict[str, object], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        Calendar.model_validate(CN.model_dump(by_alias=True) | change)
